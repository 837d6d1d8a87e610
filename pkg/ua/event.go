package ua

import (
	"errors"
	"time"

	"github.com/gowebphone/webphone/pkg/ua/notification"
)

// Event is what Events yields. One of ConnectionEvent, RegistrationEvent, FlowEvent, IncomingCallEvent, CallEvent, ReplacedEvent,
// TransferEvent, ReferEvent, DTMFEvent, MessageEvent, SubscriptionEvent, NotifyEvent, PublicationEvent, FaultEvent.
type Event interface{ event() }

// ConnectionState is the state of the WebSocket to the SIP server.
type ConnectionState int

const (
	Disconnected ConnectionState = iota
	Connecting
	Connected
)

// ConnectionInfo is the connection in a State.
type ConnectionInfo struct {
	State   ConnectionState
	Server  string    // URL in use or being tried
	RetryAt time.Time // when the next try starts, while Disconnected and running
	Cause   Cause     // why the last connection or try ended
}

// RegistrationState is the state of the binding at the registrar (RFC 3261 section 10).
type RegistrationState int

const (
	Unregistered RegistrationState = iota
	Registering
	Registered
	RegistrationFailed // refused; not tried again until Register is called or the account changes
	Unregistering
)

// RegistrationInfo is the registration in a State.
type RegistrationInfo struct {
	State   RegistrationState
	Expires time.Time // end of the binding granted by the registrar
	// when the next try starts, while Unregistered and connected; a server may have asked for that time. Wake tries at once
	RetryAt time.Time
	Cause   Cause // set when State is RegistrationFailed or a try failed
}

// Direction tells who made a call.
type Direction int

const (
	Outgoing Direction = iota
	Incoming
)

// CallState is the state of a call as a person sees it.
type CallState int

const (
	CallPreparing   CallState = iota // microphone and offer being made; nothing sent yet
	CallCalling                      // INVITE sent
	CallRinging                      // 180 received, or we are ringing
	CallConnecting                   // answered, dialog not confirmed yet or media still coming up
	CallEstablished                  // confirmed
	CallEnding                       // CANCEL or BYE on its way
	CallEnded
)

// Address is a name-addr of RFC 3261 as plain text: safe to show, never markup.
type Address struct {
	DisplayName string
	URI         string // "sip:1002@example.com"
	User        string // user part, unescaped
	Host        string
}

// CallInfo is one call at one moment.
type CallInfo struct {
	ID        string // opaque, unique in this user agent
	CallID    string // Call-ID header
	Direction Direction
	State     CallState
	Remote    Address
	// the server vouches for Remote, who may be somebody else than who called or was called (TrustAssertedIdentity)
	Asserted   bool
	Dialled    string    // what Invite was given
	Started    time.Time // when it was made or came in
	Answered   time.Time // zero until established
	Ended      time.Time
	EarlyMedia bool // remote audio flows before the answer
	HeldLocal  bool // we hold the other side
	HeldRemote bool // the other side holds us
	Muted      bool
	Busy       bool  // a hold, resume or transfer is under way
	Code       int   // last SIP status of the other side: 180, 183, 200, 486
	Cause      Cause // why it ended
	// What is wrong with the audio of a call that goes on; told once, zero while nothing is. CauseConnectionLost: the call could
	// not be renewed after a lost connection, else a change of it did not work.
	Trouble Cause

	MovedTo      Address       // where a 3xx has sent a call that was not followed
	DivertedFrom Address       // who was called before the call was diverted to us; zero when it was not
	ReferredBy   Address       // who handed the call over to us, as the caller says (RFC 3892); not verified
	AlertInfo    string        // ring style the caller's server asks for: a URI or word, never to be loaded unasked
	AutoAnswer   bool          // the call asks to be answered by itself (intercom); nothing is answered without Accept
	AnswerAfter  time.Duration // after this, when AutoAnswer is set
}

// State is a snapshot of a user agent. It shares nothing with the user agent and is never changed.
type State struct {
	Connection   ConnectionInfo
	Registration RegistrationInfo
	Flows        []FlowInfo // one, or as many as Config.Flows says; Connection and Registration are those of the best one
	Calls        []CallInfo // oldest first; an ended call stays until its CallEvent was emitted

	Subscriptions []SubscriptionInfo // oldest first, without those that have ended
	Publications  []PublicationInfo
}

// ConnectionEvent tells a move of the connection.
type ConnectionEvent struct{ ConnectionInfo }

// RegistrationEvent tells a move of the registration.
type RegistrationEvent struct{ RegistrationInfo }

// IncomingCallEvent tells a new call that rings here. A CallEvent follows on every move.
type IncomingCallEvent struct {
	Call    *Call
	Info    CallInfo
	Headers []Header // all headers of the INVITE in order
}

// CallEvent tells a move of a call; Info is the call after the move. The last one has State CallEnded.
type CallEvent struct {
	Call *Call
	Info CallInfo
}

// DTMFEvent tells a tone that came in a SIP INFO.
type DTMFEvent struct {
	Call *Call
	Info CallInfo
	Tone string
}

// FaultEvent tells a fault the user agent survived: a malformed message, a recovered panic, events or a trace that nobody has
// read.
type FaultEvent struct {
	Err error
	At  time.Time
}

// errUnread is told in place of what nobody has read.
var errUnread = errors.New("ua: events were not read, or read too slowly: the subscription has ended, and what came later is " +
	"lost")

var errTraceUnread = errors.New("ua: a trace was not read, or read too slowly: it has ended")

// weighEvent is how much of what others have sent stays in memory with an event.
func weighEvent(ev Event) int {
	switch ev := ev.(type) {
	case IncomingCallEvent:
		return weighHeaders(ev.Headers)
	case MessageEvent:
		return len(ev.Body) + weighHeaders(ev.Headers)
	case NotifyEvent:
		return 2*len(ev.Body) + weighValue(ev.Value) // Value holds it once more, and what came before
	case CallEvent:
		return weighCall(ev.Info)
	case TransferEvent:
		return weighCall(ev.Info) + len(ev.Reason) + len(ev.Cause.Reason)
	case SubscriptionEvent:
		return len(ev.Info.Reason) + len(ev.Info.Cause.Reason)
	case PublicationEvent:
		return len(ev.Info.Cause.Reason)
	case RegistrationEvent:
		return len(ev.Cause.Reason)
	case FaultEvent:
		return len(ev.Err.Error())
	}
	return 0
}

// entrySize is about what one entry of a state takes, its strings aside.
const entrySize = 256

// weighValue is how much a state put together takes beside the body that came last.
func weighValue(value any) int {
	n := 0
	switch v := value.(type) {
	case *notification.DialogInfo:
		n = len(v.Dialogs)
	case *notification.RegInfo:
		for _, r := range v.Registrations {
			n += 1 + len(r.Contacts)
		}
	case *notification.ConferenceInfo:
		for _, u := range v.Users {
			n += 1 + len(u.Endpoints)
		}
	}
	return n * entrySize
}

func weighCall(info CallInfo) int {
	return len(info.Cause.Reason) + len(info.Remote.URI) + len(info.Remote.DisplayName) + len(info.AlertInfo)
}

func weighHeaders(headers []Header) int {
	n := 0
	for _, h := range headers {
		n += len(h.Name) + len(h.Value)
	}
	return n
}

func weighTrace(ev TraceEvent) int { return len(ev.Data) }

// Header is one header field of a SIP message.
type Header struct{ Name, Value string }

func (ConnectionEvent) event()   {}
func (RegistrationEvent) event() {}
func (IncomingCallEvent) event() {}
func (CallEvent) event()         {}
func (DTMFEvent) event()         {}
func (FaultEvent) event()        {}
