package main

import (
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/screen"
)

func told(e ua.Event) phone.Event { return phone.Told{Event: e, At: began} }

func after(seconds int) phone.Event {
	return phone.Tick{At: began.Add(time.Duration(seconds) * time.Second)}
}

func connection(state ua.ConnectionState, why ua.CauseKind) phone.Event {
	return told(ua.ConnectionEvent{ConnectionInfo: ua.ConnectionInfo{State: state, Cause: ua.Cause{Kind: why}}})
}

func lost() phone.Event {
	return told(ua.ConnectionEvent{ConnectionInfo: ua.ConnectionInfo{
		State: ua.Disconnected, RetryAt: began.Add(256 * time.Second), Cause: ua.Cause{Kind: ua.CauseConnectionLost}}})
}

// turnedAway is what a server says that has no place for us at the moment.
func turnedAway() phone.Event {
	return told(ua.RegistrationEvent{RegistrationInfo: ua.RegistrationInfo{
		State: ua.Unregistered, RetryAt: began.Add(30 * time.Second), Cause: ua.Cause{Kind: ua.CauseServer, Code: 503}}})
}

func registration(state ua.RegistrationState) phone.Event {
	return told(ua.RegistrationEvent{RegistrationInfo: ua.RegistrationInfo{State: state}})
}

// people are who the outgoing calls go to, by the ID of the call.
var people = map[string]ua.Address{
	"1":              {DisplayName: "Reception, building 2", User: "+442079460347", Host: "sip.example.com"},
	"2":              {DisplayName: "Billing", User: "1022", Host: "sip.example.com"},
	"3":              {User: "+442079460518", Host: "sip.example.com"},
	"r1004":          {DisplayName: "Warehouse", User: "1004", Host: "sip.example.com"},
	"r600":           {DisplayName: "Echo test", User: "600", Host: "sip.example.com"},
	"r+442079460518": {User: "+442079460518", Host: "sip.example.com"},
}

func out(id string, state ua.CallState) phone.Event {
	info := ua.CallInfo{ID: id, Direction: ua.Outgoing, State: state, Remote: people[id], Dialled: people[id].User,
		Started: began, Code: 180}
	if state == ua.CallEstablished {
		info.Answered = began
	}
	return told(ua.CallEvent{Info: info})
}

func in(id, name, number string) phone.Event {
	return told(ua.IncomingCallEvent{Info: ua.CallInfo{
		ID: id, Direction: ua.Incoming, State: ua.CallRinging, Started: began,
		Remote: ua.Address{DisplayName: name, User: number, Host: "sip.example.com"}}})
}

// routed is a call that has come another way than straight to us.
func routed(e phone.Event) phone.Event {
	call := e.(phone.Told).Event.(ua.IncomingCallEvent)
	call.Info.DivertedFrom = ua.Address{DisplayName: "Support queue", User: "600", URI: "sip:600@sip.example.com"}
	call.Info.ReferredBy = ua.Address{User: "1022", URI: "sip:1022@sip.example.com"}
	return told(call)
}

func moved(c *ua.CallInfo) {
	c.State, c.Cause, c.MovedTo = ua.CallEnded, ua.Cause{Kind: ua.CauseOther, Code: 302, Reason: "Moved Temporarily"},
		ua.Address{URI: "sip:front.desk@very-long-host-name.example.com", User: "front.desk",
			Host: "very-long-host-name.example.com"}
}

func answered(c *ua.CallInfo) { c.State, c.Answered = ua.CallEstablished, began }

func end(id string, why ua.CauseKind, code int, reason string) phone.Event {
	info := ua.CallInfo{ID: id, State: ua.CallEnded, Remote: people[id], Dialled: people[id].User, Started: began, Ended: began,
		Cause: ua.Cause{Kind: why, Code: code, Reason: reason}}
	if id == "r9" {
		info.Direction, info.Dialled = ua.Incoming, ""
		info.Remote = ua.Address{DisplayName: "Support queue", User: "+442079460155", Host: "sip.example.com"}
	}
	if why == ua.CauseConnectionLost {
		info.Answered = began
	}
	return told(ua.CallEvent{Info: info})
}

// change is a move of a call of the snapshot.
func change(s screen.Snapshot, id string, f func(*ua.CallInfo)) phone.Event {
	line, _ := s.Line(id)
	info := infoOf(line.Call)
	f(&info)
	return phone.Told{Event: ua.CallEvent{Info: info}, At: s.Now}
}

// infoOf is what a user agent would have told of a call that is shown.
func infoOf(c screen.Call) ua.CallInfo {
	return ua.CallInfo{
		ID: c.ID, CallID: c.CallID, State: ua.CallState(c.State), Direction: ua.Direction(c.Direction),
		Remote:   ua.Address(c.Remote),
		Asserted: c.Asserted, Dialled: c.Dialled, Started: c.Started, Answered: c.Answered, EarlyMedia: c.EarlyMedia,
		HeldLocal: c.HeldLocal, HeldRemote: c.HeldRemote, Muted: c.Muted, Busy: c.Busy, MovedTo: ua.Address(c.MovedTo),
		DivertedFrom: ua.Address(c.DivertedFrom), ReferredBy: ua.Address(c.ReferredBy),
	}
}

func muted(c *ua.CallInfo)      { c.Muted = true }
func held(c *ua.CallInfo)       { c.HeldLocal = true }
func heldRemote(c *ua.CallInfo) { c.HeldRemote = true }

func measure(id string, n uint64) phone.Event {
	return phone.Measured{ID: id, Stats: media.Stats{
		Codec: "opus", PacketsReceived: 50 * (n + 1), TotalSamples: 48000 * (n + 1), RoundTripTime: 38 * time.Millisecond,
		Jitter:            4 * time.Millisecond,
		JitterBufferDelay: 40 * time.Millisecond}}
}

// news is how the transfer of a call goes on.
func news(id string, state ua.TransferState, code int) phone.Event {
	e := ua.TransferEvent{Info: ua.CallInfo{ID: id, Remote: people[id]}, State: state, Code: code}
	if state == ua.TransferFailed {
		e.Cause = ua.Cause{Kind: ua.CauseBusy, Code: code, Reason: "Busy Here"}
	}
	return told(e)
}
