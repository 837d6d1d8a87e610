// Package ua is a SIP user agent over WebSocket: make one with New, keep it going with Run, follow it by ranging over
// Events, call with Invite, and answer an IncomingCallEvent with Call.Accept.
//
//	agent, err := ua.New(ua.Config{
//		Account: ua.Account{AOR: "sip:1001@example.com", Password: "...", DisplayName: "Demo 1001"},
//		Servers: []string{"wss://a.example.com/ws", "wss://b.example.com/ws"},
//	})
//	events := agent.Events(ctx)
//	go agent.Run(ctx)
//	for ev := range events {
//		if in, ok := ev.(ua.IncomingCallEvent); ok {
//			in.Call.Accept(ctx)
//		}
//	}
//
// The example "answeringCalls" is a whole native program of forty lines that registers, answers every call and says who talked;
// each exported function and method is used by one of the others.
//
// Beside it stand notification, which reads the bodies of NOTIFY, uatrace, which runs recordings again and saves traces, and
// warm, which plays a call in memory before the first one.
//
// The same code runs in a browser (GOOS=js GOARCH=wasm) and natively; only what pkg/transport and pkg/media do beneath
// it differs. A test replaces Config.Dial, Config.MediaEngine, Config.Now and Config.Rand.
//
// # Errors and causes
//
// Blocking methods take a context and return one of the Err values (errors.Is) or a *ResponseError (errors.As). What
// failed or ended by itself carries a Cause: its Kind is for programs, its Explanation is one sentence for people that
// says what happened and what to do next. A Cause is an error too: errors.As finds it in what Register and Ready return.
//
// # What it does by itself
//
//   - It tries the servers in their order, for ever, with growing waits; wrong credentials are tried twice at most. Away from
//     the first one it looks for that once a minute, and goes back when no call or request is under way.
//   - With Config.Flows it keeps two connections to different servers, registered side by side: calls go on when one is lost.
//   - Where it is subscribed to the package "reg" of its own address, it notices that the registrar has ended the registration,
//     and registers anew unless that was a refusal.
//   - It gives its password to its own server alone: to realms that challenge REGISTER, and to the domain of the account.
//   - It refreshes the registration between half and three quarters of its life, and notices a dead link in 35 s, in a
//     call in 15 s, where the server answers anything but REGISTER.
//   - It leaves a server alone that has no place (Retry-After) for half a minute at most, or turns to the next one.
//   - Calls that are established survive the loss of the WebSocket: after the next registration one re-INVITE repairs
//     each. They end after 60 s without connection. One that stays silent is asked for, because its BYE may be lost.
//   - A call outlives the place of its audio (media.StateLost), which may be another than its own: RenewMedia gives it another
//     one. Without that it ends after 15 s.
//   - A call that is not answered ends with its WebSocket; over the next one the other side is told.
//   - What cannot be changed in a call goes on as before (CallInfo.Trouble says so). A failed audio path is renewed by an
//     ICE restart before the call is ended, and one that has gone quiet already then.
//   - It follows a transfer by the other side of a call where Config.AcceptRefer says so, and answers a call that replaces one of
//     its own where Config.AcceptReplaces does. Without these functions it follows nobody.
//   - It keeps session timers, and ends a call whose other side has vanished.
//   - It refreshes subscriptions and publications, and asks anew when they are lost, as far as the reason allows.
//   - A recovered panic is a FaultEvent and costs the message that caused it, not the calls. Methods that wait meanwhile return
//     an error, because what would have answered them may be lost.
//   - A method whose context has ended before the user agent gets to it does nothing.
//
// # Limits
//
// One account for each UserAgent, audio only, at most 16 calls: 4 may ring here at a time, for three minutes each, and 12 may
// talk or ring before another one of somebody else's finds us busy. It subscribes and publishes but is no notifier: nobody can
// subscribe to it. A MESSAGE has 1,300 bytes at most unless Config.MaxMessage says more. Redirections (3xx) are followed only
// where Config.Redirect says so. A REFER is taken only inside a call. DESIGN.md has the reasons, and the table of RFCs with their
// tests.
package ua
