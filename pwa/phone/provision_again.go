package phone

import (
	"math/rand/v2"
	"time"

	"github.com/gowebphone/webphone/pwa/screen"
)

const (
	objectRetry = 5 * time.Second // before the object is asked for again, then twice as long each time
	objectEvery = 5 * time.Minute // at most
)

// objectDue is the time to ask for the object again.
type objectDue struct{ unseen }

func (e objectDue) open(p *Phone) Event {
	p.again = nil
	p.refresh()
	return e
}

// lacksObject tells whether the object of now is missing, or may be another than the one in force: the phone is open with the
// kept one, or cannot be reached, or nobody could be logged in at its start. An operator who changes a password, or moves the
// server, changes the object.
func (p *Phone) lacksObject() bool {
	s := p.snapshot
	switch {
	case !provisions(p.opts, p.cfg) || p.asking || s.Login.Busy:
		return false
	case s.Screen == screen.ScreenPhone:
		return p.stale || p.object != "" && deaf(s)
	}
	return provisionsEarly(p.opts, p.cfg) && (p.missing || p.typed.given && !s.Login.Error.Empty())
}

// deaf tells whether something keeps calls from coming in.
func deaf(s screen.Snapshot) bool {
	gone := s.Registration.State == screen.RegistrationFailed ||
		s.Registration.State == screen.Unregistered && s.Registration.Failed
	return !s.Elsewhere && (gone || s.Connection.State == screen.Disconnected && s.Connection.Failed)
}

// watchObject plans to ask for the object as long as it is lacking, less and less often: each phone at a time of its own, since
// all of them may have lost their server at once.
func (p *Phone) watchObject() {
	switch lacks := p.lacksObject(); {
	case lacks && p.again == nil:
		p.wait = min(max(2*p.wait, objectRetry), objectEvery)
		p.again = time.AfterFunc(p.wait/2+rand.N(p.wait/2), func() { p.receive(objectDue{}) })
	case !lacks && !p.asking:
		p.stopWatching()
	}
	if s := p.snapshot; s.Registration.State == screen.Registered && !deaf(s) && !p.stale {
		p.wait = 0
	}
}

func (p *Phone) stopWatching() {
	if p.again != nil {
		p.again.Stop()
		p.again = nil
	}
}

// refresh fetches the object that is lacking. It would end the calls, so it waits for their end.
func (p *Phone) refresh() {
	if !p.lacksObject() || len(p.snapshot.Calls.All) > 0 {
		return
	}
	p.stopWatching()
	came := objectCame{refresh: true}
	if typed := p.typed; !provisionsEarly(p.opts, p.cfg) || !typed.given && typed.User != "" {
		came.login = &typed
	}
	p.fetchProvisioning(came)
}
