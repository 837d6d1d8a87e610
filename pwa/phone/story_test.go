package phone

import (
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
)

// The stories of the tests are told by these events.

var midday = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

var typed = screen.Login{User: "1001", Password: "secret", Server: "sip.example.com"}

func then(s screen.Snapshot, events ...Event) screen.Snapshot {
	for _, e := range events {
		s = Reduce(s, e)
	}
	return s
}

func at(seconds int) time.Time { return midday.Add(time.Duration(seconds) * time.Second) }

func told(e ua.Event) Event { return Told{Event: e, At: midday} }

func connected() Event { return connection(ua.Connected, ua.CauseNone) }

func connection(state ua.ConnectionState, why ua.CauseKind) Event {
	return told(ua.ConnectionEvent{ConnectionInfo: ua.ConnectionInfo{State: state, Cause: ua.Cause{Kind: why}}})
}

func registration(state ua.RegistrationState, why ua.CauseKind, code int) Event {
	return told(ua.RegistrationEvent{RegistrationInfo: ua.RegistrationInfo{State: state, Cause: ua.Cause{Kind: why, Code: code}}})
}

func out(id string, state ua.CallState, change ...func(*ua.CallInfo)) Event {
	return moves(ua.CallInfo{ID: id, Direction: ua.Outgoing, State: state, Dialled: "10" + id, Started: midday,
		Remote: ua.Address{User: "10" + id, Host: "sip.example.com"}}, change)
}

func in(id string, state ua.CallState, change ...func(*ua.CallInfo)) Event {
	return moves(ua.CallInfo{ID: id, Direction: ua.Incoming, State: state, Started: midday,
		Remote: ua.Address{DisplayName: "Caller " + id, User: "20" + id, Host: "sip.example.com"}}, change)
}

func moves(info ua.CallInfo, change []func(*ua.CallInfo)) Event {
	if info.State >= ua.CallEstablished && info.State < ua.CallEnded {
		info.Answered = midday
	}
	for _, f := range change {
		f(&info)
	}
	return told(ua.CallEvent{Info: info})
}

func comes(id string) Event {
	e := in(id, ua.CallRinging).(Told).Event.(ua.CallEvent)
	return told(ua.IncomingCallEvent{Info: e.Info})
}

// comesToWait is a call that shall ring for five seconds before it is answered by itself.
func comesToWait(id string) Event {
	e := in(id, ua.CallRinging, func(c *ua.CallInfo) { c.AutoAnswer, c.AnswerAfter = true, 5*time.Second }).(Told)
	return told(ua.IncomingCallEvent{Info: e.Event.(ua.CallEvent).Info})
}

func because(kind ua.CauseKind, code int) func(*ua.CallInfo) {
	return func(c *ua.CallInfo) { c.Cause = ua.Cause{Kind: kind, Code: code} }
}

func held(c *ua.CallInfo)     { c.HeldLocal = true }
func working(c *ua.CallInfo)  { c.Busy = true }
func muted(c *ua.CallInfo)    { c.Muted = true }
func answered(c *ua.CallInfo) { c.Answered = midday }

func card(list string) screen.Snapshot {
	all, err := config.Servers(list)
	if err != nil {
		panic(err)
	}
	return New(Options{Config: config.Config{WSServers: all, Show: config.Defaults().Show},
		Now: func() time.Time { return midday }}).Begin()
}

func idle() screen.Snapshot {
	return then(card("sip.example.com"), typed, connected(), registration(ua.Registered, ua.CauseNone, 200))
}

func onCall() screen.Snapshot {
	return then(idle(), out("1", ua.CallRinging), out("1", ua.CallEstablished))
}
