package phone

import (
	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// Phone owns a user agent and what its windows show. Its methods may be called from any goroutine. Do, Act and Run are those of a
// phone with one window: Do and Act speak for the window that leads, and Run opens one.
type Phone struct {
	opts  Options
	queue *queue

	// The goroutine of Run owns the rest.
	setup       setup
	cfg         config.Config   // in force
	objectState                 // of the operator's provisioning
	typed       signIn          // newest, as the user typed it
	snapshot    screen.Snapshot // what all windows share, and the view of at
	windows     []*Window       // those that are open, the oldest first
	at          *Window         // the one whose turn it is; one that nobody sees while none is open
	asks        *Window         // the one that has asked for what is being done, nil for none
	turns       int             // of all windows
	calls       liveCalls
	login       *signIn       // of this session, to start it again when the page comes back
	session     *session      // nil when logged out
	vault       store.Queue   // of what is done with the vault
	stopped     chan struct{} // closed when the session before has said goodbye
	measuring   bool
	books       *books.Books
	estate      estate
	engine      *tuned
	warmed      bool
}

// Do tells the phone an event. It returns at once.
func (p *Phone) Do(e screen.Event) { p.queue.put(e) }

// Act is Do for what the user has done this moment with hand or key: what it brings about comes unasked to nobody.
func (p *Phone) Act(e screen.Event) { p.receive(sent{event: e, byHand: true}) }

// sent is an event of a window, or news for one: nil is the one that leads.
type sent struct {
	from   *Window
	event  Event
	byHand bool // the user's hand made it
	told   bool // the window itself has told it, and counts it
}

func (s sent) open(*Phone) Event { return s.event }

// asker tells the window that has asked for what is being done, or all windows where it was none, what comes of it.
func (p *Phone) asker() func(news) {
	to := p.asks
	return func(e news) { p.receive(sent{from: to, event: e}) }
}

// Window is one window of a phone. Its methods may be called from any goroutine, and return at once.
type Window struct {
	phone *Phone
	show  func(prev, next screen.Snapshot)

	// The goroutine of Serve owns the rest.
	view   screen.View
	shown  screen.Snapshot // what it has got last
	panes  *books.Panes
	asleep bool // its page was left, and may come back
	turn   int  // when its user's hand did something last, or it was opened: a greater one is later
	told   int  // events of it that have been taken
}

// Do tells the phone an event of the window, Act one of its user's hand, as those of the Phone do.
// Every snapshot says how many of them are done in it.
func (w *Window) Do(e screen.Event) { w.phone.receive(sent{from: w, event: e, told: true}) }
func (w *Window) Act(e screen.Event) {
	w.phone.receive(sent{from: w, event: e, told: true, byHand: true})
}

func (p *Phone) post(e news)        { p.queue.put(e) }
func (p *Phone) receive(e envelope) { p.queue.put(e) }

// envelope has to be opened by the phone, which knows what comes of it: nil for nothing.
type envelope interface{ open(p *Phone) Event }

// notKept tells where something could not be kept.
func (p *Phone) notKept(err error) {
	if err != nil {
		p.Do(screen.NotKept{})
	}
}

// complain tells whoever looks after the phone what no sentence of the screen can say.
func (p *Phone) complain(why string) {
	if p.opts.Complain != nil {
		p.opts.Complain(why)
	}
}
