package phone

import (
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
)

// sought tells that it is known what a page before has left, and whether the phone opens by itself.
type sought struct{ opening bool }

func (e sought) reduce(s screen.Snapshot) screen.Snapshot {
	s.Login.Opening = e.opening
	return s
}

// opens tells whether the phone logs in by itself, as far as can be known before what is kept or fetched is here.
func opens(s screen.Snapshot, opts Options, cfg config.Config) bool {
	return s.Login.Kept && !signsIn(cfg) || provisionsEarly(opts, cfg)
}

// succeed is what an event becomes: what a page before has left is taken up before anybody logs in.
func (p *Phone) succeed(event Event) []Event {
	e, ok := event.(inherited)
	if !ok {
		return p.provision(event)
	}
	p.inherit(e)
	if p.login != nil { // the page has come back, or waited for its seat
		p.start(Start{*p.login})
		return []Event{e}
	}
	_, known := p.heirLogin()
	return []Event{sought{known || opens(p.snapshot, p.opts, p.cfg)}, afterwards(func() []Event {
		if next := p.signIn(); next != nil {
			return p.succeed(next)
		}
		return nil
	})}
}
