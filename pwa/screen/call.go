package screen

import "time"

// CallState is how far a call is, as a person sees it.
type CallState int

const (
	CallPreparing   CallState = iota // microphone and offer are being made; nothing has been sent yet
	CallCalling                      // on its way
	CallRinging                      // there, or here
	CallConnecting                   // answered, and nothing to be heard yet
	CallEstablished                  // they talk
	CallEnding
	CallEnded
)

// Direction tells who made a call.
type Direction int

const (
	Outgoing Direction = iota
	Incoming
)

// Address is somebody in SIP: plain text, safe to show.
type Address struct {
	DisplayName string
	URI         string // "sip:1002@example.com"
	User        string // user part, unescaped
	Host        string
}

// Call is what there is to know of a call at one moment.
type Call struct {
	ID           string // opaque, and unique as long as the phone runs
	CallID       string // Call-ID of SIP, by which others know it
	State        CallState
	Direction    Direction
	Remote       Address
	Asserted     bool   // a server vouches for Remote, who may be somebody else than who called or was called
	Dialled      string // what was called
	Started      time.Time
	Answered     time.Time // zero until then
	AnswersAt    time.Time // when it is answered by itself, where its server asks to let it ring until then; zero for all others
	EarlyMedia   bool      // the other side is heard before the answer
	HeldLocal    bool      // we hold the other side
	HeldRemote   bool      // the other side holds us
	Muted        bool
	Busy         bool    // a hold, resume or transfer is under way
	Trouble      string  // tells one trouble with the audio from the next, "" while there is none
	MovedTo      Address // where a call was sent that did not follow
	DivertedFrom Address // who was called before the call was diverted to us
	ReferredBy   Address // who handed the call over to us, as the caller says
}

// ConnectionState is the state of the connection to the server.
type ConnectionState int

const (
	Disconnected ConnectionState = iota
	Connecting
	Connected
)

// Connection is the connection to the server at one moment.
type Connection struct {
	State   ConnectionState
	Server  string    // URL in use or being tried
	RetryAt time.Time // when the next try starts, while there is none
	Failed  bool      // the last one, or the last try, has ended for a reason
}

// RegistrationState tells whether the server sends our calls here.
type RegistrationState int

const (
	Unregistered RegistrationState = iota
	Registering
	Registered
	RegistrationFailed // refused for good
	Unregistering
)

// Registration is the registration at one moment.
type Registration struct {
	State   RegistrationState
	RetryAt time.Time // when the next try starts, while connected and not registered
	Failed  bool      // it was refused, or a try has failed
	Code    int       // SIP status of that, 0 when there was none
}
