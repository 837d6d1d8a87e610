package phone

import (
	"context"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/store"
)

// Options configure a Phone. The zero value works: the user types the server, and nothing is kept.
type Options struct {
	Config    config.Config // what the operator says: config.json, with the environment of the server
	Link      config.Config // what the fragment of the page's address says
	Media     media.Config  // audio beside what Config says
	UserAgent string        // User-Agent header, default that of pkg/ua
	Version   string        // of the program, for the login card
	Languages []string      // what the user prefers, best first

	NewAgent func(ua.Config) (Agent, error) // default NewAgent
	Keep     store.KeyValues                // default a store.MemoryValues
	Store    store.Store                    // of contacts and history; default a store.Memory
	Vault    store.Vault                    // of the password; default none: nobody stays logged in
	Safe     store.Safe                     // of what a page leaves to the next one; default none: calls end with it
	Fetch    fetch.Func                     // of phonebook and provisioning object; default none
	Seats    Seats                          // of the windows of a browser; default none: there is one window
	Engine   media.Engine                   // of the calls; default media.Default()
	Trace    func(ua.TraceEvent)            // called for every SIP message while debugging is on
	CallEnd  func(ua.CallInfo)              // called for every call that has ended, from the goroutine of Run
	Refused  func(*config.Error)            // called for every value of the configuration that cannot be used
	Complain func(why string)               // called for a document that cannot be had, and a fault of ours; it holds no secret
	// Outlive has somebody else say farewell for the calls of this page after the wait, unless they are taken out of the Safe
	// by that token before; without a token in any case. It does not wait itself, and is false where nobody does it, which is
	// the default.
	Outlive func(token string, words []ua.Farewell, wait time.Duration) bool
	WarmUp  func(context.Context) error // called once, when nobody waits, to make login and first call quick; default none
	// lets what the browser has to do go on in the midst of long work, default runtime.Gosched
	Pause func()
	Now   func() time.Time // default time.Now
}

// Seats let one window of a browser be the phone of an account. Its windows have one instance (RFC 5626 section 3.1), so that
// the binding of one takes the place of the other's, and whoever leaves takes it from both.
type Seats interface {
	// Claim waits for the seat of that name until ctx ends. It calls taken when another window has it. From the claim to the
	// release of the seat it calls given, which must not wait, with each number that a link in another window names.
	Claim(ctx context.Context, name string, taken func(), given func(number string)) (Seat, error)
	// Ask asks who has the seat for it.
	Ask(name string)
	// Give gives a number to whoever has a seat.
	Give(number string)
}

// Seat is what a window has that is the phone.
type Seat struct {
	Wanted  <-chan struct{} // closed when another window asks for it
	Release func()
}
