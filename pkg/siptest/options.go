//go:build !js

package siptest

import (
	"crypto/rand"
	"time"
)

// Algorithm is a digest algorithm of RFC 7616.
type Algorithm string

// The digest algorithms that the server can ask for.
const (
	MD5       Algorithm = "MD5"
	SHA256    Algorithm = "SHA-256"
	SHA512256 Algorithm = "SHA-512-256"
)

// Options says how a server behaves. The zero value is a registrar and proxy for "sip.test" with the users 1001 to 1004.
type Options struct {
	Domain    string            // the server's SIP domain; default "sip.test"
	AnyDomain bool              // treats every domain as its own, for a page that may be reached under any name
	Realm     string            // of the challenges; default Domain, or with AnyDomain the host of the request's From
	Users     map[string]string // user name to password, an empty password is generated; default 1001 to 1004, generated

	Algorithms []Algorithm   // one challenge for each, in this order (RFC 8760); default MD5
	QOP        string        // quality of protection offered, as in "auth,auth-int"; default "auth", "none" for RFC 2069
	NonceLife  time.Duration // after that a nonce is stale; default 5 min
	NoAuth     bool          // asks nobody for a password

	DefaultExpires time.Duration // life time of a binding that asks for none; default 10 min
	MinExpires     time.Duration // a shorter one is refused with 423; default 0
	MaxExpires     time.Duration // a longer one is cut; default 1 h
	MinSE          time.Duration // a shorter Session-Expires is refused with 422 (RFC 4028); default 0
	FlowTimer      time.Duration // Flow-Timer header of registrations with outbound (RFC 5626); default none
	ServiceRoute   bool          // registrations get a Service-Route (RFC 3608)
	NoGRUU         bool          // gives no public GRUU (RFC 5627) to clients that support it

	NoRecordRoute         bool // stays out of the dialogs' route sets
	BindingsDieWithSocket bool // a closed connection takes its bindings away; otherwise they stay until they expire

	T1     time.Duration // of RFC 3261 section 17; the transactions' 64*T1 follow it; default 500 ms
	TimerC time.Duration // longest ringing at one contact; default 3 min

	Reliable1xx bool // the numbers send 18x reliably to callers that support 100rel (RFC 3262)

	NoNumbers bool          // no numbers 600 to 608
	RingTime  time.Duration // how long 601 rings; default 2 s
	EarlyTime time.Duration // how long 602 plays its tone before it answers; default 4 s
	TalkTime  time.Duration // how long 605 talks; default 4 s

	// Trace, when set, is called for each message in and out, by the goroutine of the connection: from several at
	// the same time. Digest responses and nonces are masked.
	Trace func(Message)
}

func (o Options) withDefaults() Options {
	setDefault(&o.Domain, "sip.test")
	setDefault(&o.QOP, "auth")
	setDefault(&o.NonceLife, 5*time.Minute)
	setDefault(&o.DefaultExpires, 10*time.Minute)
	setDefault(&o.MaxExpires, time.Hour)
	setDefault(&o.T1, 500*time.Millisecond)
	setDefault(&o.TimerC, 3*time.Minute)
	setDefault(&o.RingTime, 2*time.Second)
	setDefault(&o.EarlyTime, 4*time.Second)
	setDefault(&o.TalkTime, 4*time.Second)
	if len(o.Algorithms) == 0 {
		o.Algorithms = []Algorithm{MD5}
	}
	if o.Realm == "" && !o.AnyDomain {
		o.Realm = o.Domain
	}
	o.Users = withPasswords(o.Users)
	return o
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func withPasswords(given map[string]string) map[string]string {
	if given == nil {
		given = map[string]string{"1001": "", "1002": "", "1003": "", "1004": ""}
	}
	users := make(map[string]string, len(given))
	for user, password := range given {
		if password == "" {
			password = rand.Text()
		}
		users[user] = password
	}
	return users
}
