// Package siptest is a SIP server in memory for tests and demonstrations: what net/http/httptest is to HTTP.
// It listens on loopback, speaks SIP over WebSocket (RFC 7118), registers users with digest authentication,
// forwards requests between them and answers a few numbers itself.
//
//	srv := siptest.NewServer()
//	defer srv.Close()
//	// register "1001" with srv.Password("1001") in srv.Domain over srv.URL, then dial "600"
//
// NewServer takes at most one Options; the zero value of every field works. To mount the server at a path of a web
// server of your own, use New, which gives an http.Handler. ServeConn takes any other connection that carries whole
// messages, such as a pipe in memory.
//
// The numbers that the server answers itself:
//
//	600  echo: answers and sends every audio packet back (DTLS-SRTP; opus, G722, PCMU, PCMA); sends a text message back
//	601  rings for Options.RingTime, then is busy (486)
//	602  early media: 183 and a tone (PCMU), answers after Options.EarlyTime, then echo
//	603  declines (603)
//	604  rings until the caller gives up
//	605  answers, echoes and hangs up after Options.TalkTime
//	606  echo as Asterisk does it: answers new ICE credentials, and an offer without candidates, without ICE and recvonly, and
//	     reads c=0.0.0.0 as hold
//	607  echo that takes no candidates after the offer, and refuses (488) one that has none
//	608  echo as FreeSWITCH does it: refuses offers without candidates and new ICE credentials (488), applies them half all the
//	     same, so that it is deaf and mute until those in use are offered again, and sends its BYE to the connection the call
//	     began on
//
// What tests read: Messages, WaitMessage, Bindings, WaitRegistered, DTMF, Calls. What they do: HangUp. What they break:
// DropConnections, Refuse, RefuseDials, NoSubprotocol, Delay, Blackhole, InjectRaw, RejectNext.
//
// It shares no code with the user agent it tests, so that a mistake there is not repeated here, and it is strict
// where servers in the field are: a request inside a dialog that comes without the recorded route is refused.
//
// Limits: it runs natively alone; a browser has nothing to listen with. It is not a production server: it keeps everything
// in memory, knows every password in the clear, holds one lock for all of its state, speaks neither UDP nor TCP nor TLS,
// never looks up a domain name, and keeps no registration across restarts.
package siptest
