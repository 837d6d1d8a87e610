package wire

import (
	"time"

	"github.com/emiago/sipgo/sip"
)

// Mask returns a copy of a message in which secrets are replaced by asterisks.
func Mask(data []byte) []byte { return append([]byte(nil), data...) }

// BodySDP returns the session description of msg, also out of a multipart body, or nil.
func BodySDP(msg sip.Message) []byte { return msg.Body() }

// SessionTimer is the value of Session-Expires (RFC 4028 section 4).
type SessionTimer struct {
	Interval  time.Duration
	Refresher string // "uac", "uas" or empty
}

// SessionExpires reads Session-Expires.
func SessionExpires(msg sip.Message) (SessionTimer, error) { return SessionTimer{}, ErrAbsent }

// MinSE reads Min-SE (RFC 4028 section 5).
func MinSE(msg sip.Message) (time.Duration, error) { return 0, ErrAbsent }

// DialogID names a dialog as Replaces does (RFC 3891): tags as seen by the receiver of the header.
type DialogID struct {
	CallID    string
	ToTag     string
	FromTag   string
	EarlyOnly bool
}

// Replaces reads Replaces of an INVITE. More than one is an error.
func Replaces(msg sip.Message) (DialogID, error) { return DialogID{}, ErrAbsent }

// ParseReplaces reads the value of a Replaces header.
func ParseReplaces(value string) (DialogID, error) { return DialogID{}, ErrAbsent }

// Referral is the value of Refer-To (RFC 3515) with what its URI asks for.
type Referral struct {
	Address  Address   // URI without method parameter and headers
	Method   string    // method to use, "INVITE" when not given
	Replaces *DialogID // from the URI's headers; nil when there is none
	Headers  []Field   // the URI's other headers, unescaped
}

// Field is one header field.
type Field struct{ Name, Value string }

// ReferTo reads Refer-To. More than one is an error.
func ReferTo(msg sip.Message) (Referral, error) { return Referral{}, ErrAbsent }

// RSeq reads RSeq of a reliable provisional response (RFC 3262).
func RSeq(msg sip.Message) (uint32, error) { return 0, ErrAbsent }

// Ack is the value of RAck (RFC 3262 section 7.2).
type Ack struct {
	RSeq   uint32
	CSeq   uint32
	Method string
}

// RAck reads RAck of a PRACK.
func RAck(msg sip.Message) (Ack, error) { return Ack{}, ErrAbsent }

// EventType is the value of Event (RFC 6665 section 8.2.1).
type EventType struct {
	Package string // with its templates, "presence.winfo"
	ID      string
	Params  sip.HeaderParams
}

// Event reads Event.
func Event(msg sip.Message) (EventType, error) { return EventType{}, ErrAbsent }

// SubState is the value of Subscription-State (RFC 6665 section 8.2.3).
type SubState struct {
	State      string // "active", "pending", "terminated" or an extension, in lower case
	Reason     string // in lower case
	Expires    *time.Duration
	RetryAfter *time.Duration
}

// SubscriptionState reads Subscription-State of a NOTIFY.
func SubscriptionState(msg sip.Message) (SubState, error) { return SubState{}, ErrAbsent }

// Routes reads every value of a header of addresses in order: Route, Record-Route, Path, Service-Route,
// P-Asserted-Identity, P-Preferred-Identity, P-Associated-URI. Without the header it returns nothing.
func Routes(msg sip.Message, header string) ([]Address, error) { return nil, nil }

// ReasonValue is one value of Reason (RFC 3326).
type ReasonValue struct {
	Protocol string // "SIP", "Q.850" in upper case
	Cause    int
	Text     string
}

// Reasons reads Reason.
func Reasons(msg sip.Message) ([]ReasonValue, error) { return nil, nil }

// Retry is the value of Retry-After (RFC 3261 section 20.33).
type Retry struct {
	After    time.Duration
	Duration time.Duration // how long it will be reachable then; 0 when not given
	Comment  string
}

// RetryAfter reads Retry-After.
func RetryAfter(msg sip.Message) (Retry, error) { return Retry{}, ErrAbsent }

// MinExpires reads Min-Expires of a 423.
func MinExpires(msg sip.Message) (time.Duration, error) { return 0, ErrAbsent }

// Expires reads Expires.
func Expires(msg sip.Message) (time.Duration, error) { return 0, ErrAbsent }

// FlowTimer reads Flow-Timer (RFC 5626 section 4.4).
func FlowTimer(msg sip.Message) (time.Duration, error) { return 0, ErrAbsent }

// Contact is one value of Contact.
type Contact struct {
	Address
	Expires  *time.Duration
	Q        float64 // 1 when not given
	Instance string  // +sip.instance without quotes and angle brackets: "urn:uuid:..."
	RegID    int     // reg-id, 0 when not given
	PubGRUU  string  // RFC 5627
	TempGRUU string
}

// Contacts reads every Contact. "Contact: *" is one value with URI.Wildcard.
func Contacts(msg sip.Message) ([]Contact, error) { return nil, nil }

// Tokens reads a header that is a list of tokens in all its fields: Require, Supported, Unsupported, Proxy-Require, Allow,
// Allow-Events. Without the header it returns nothing.
func Tokens(msg sip.Message, header string) []string { return nil }

// HasToken tells whether Tokens holds token, whatever its case.
func HasToken(msg sip.Message, header, token string) bool { return false }

// Privacy reads Privacy (RFC 3323 section 4.2), in lower case.
func Privacy(msg sip.Message) []string { return nil }

// MediaRange is one value of Accept.
type MediaRange struct {
	Type   string // "application/sdp", "*/*", in lower case
	Q      float64
	Params sip.HeaderParams
}

// Accept reads Accept.
func Accept(msg sip.Message) ([]MediaRange, error) { return nil, nil }

// Info is one value of Alert-Info, Call-Info or Error-Info.
type Info struct {
	URI    string
	Params sip.HeaderParams
}

// Infos reads Alert-Info, Call-Info or Error-Info. Without the header it returns nothing.
func Infos(msg sip.Message, header string) ([]Info, error) { return nil, nil }

// Diverted is one value of Diversion (RFC 5806), the latest first.
type Diverted struct {
	Address
	Reason  string // in lower case
	Counter int    // 1 when not given
	Privacy string
}

// Diversions reads Diversion.
func Diversions(msg sip.Message) ([]Diverted, error) { return nil, nil }

// Challenge is one challenge of WWW-Authenticate or Proxy-Authenticate, or the value of another authentication header.
type Challenge struct {
	Scheme string           // "Digest", "Bearer" as written
	Params sip.HeaderParams // values without quotes, names in lower case
}

// Challenges reads every challenge of WWW-Authenticate or Proxy-Authenticate.
func Challenges(msg sip.Message, header string) ([]Challenge, error) { return nil, nil }

// ParseChallenges reads the value of one such header field, which may hold several challenges.
func ParseChallenges(value string) ([]Challenge, error) { return nil, nil }
