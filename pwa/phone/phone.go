package phone

import (
	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// Phone owns a user agent and the snapshot of the screen. Its methods may be called from any goroutine.
type Phone struct {
	opts  Options
	queue *queue

	// The goroutine of Run owns the rest.
	setup       setup
	cfg         config.Config // in force
	objectState               // of the operator's provisioning
	typed       signIn        // newest, as the user typed it
	snapshot    screen.Snapshot
	show        func(prev, next screen.Snapshot)
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
func (p *Phone) Act(e screen.Event) { p.receive(byHand{e}) }

// byHand is an event of the user's own.
type byHand struct{ screen.Event }

func (b byHand) open(*Phone) Event { return b.Event }

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
