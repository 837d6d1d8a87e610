package phone

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/gowebphone/webphone/pwa/config"
)

const (
	userPlace        = "{username}" // in the URL: the user name as it was typed
	provisionTimeout = 15 * time.Second
)

// fetching is a login that waits for the provisioning object.
type fetching struct {
	Event
	login Login
}

// objectCame brings the provisioning object, for a login or for the start of the phone.
type objectCame struct {
	Event
	login  *Login // nil at the start
	try    int
	layer  config.Config
	faults []*config.Error
	err    error
}

// unprovisioned tells that there is no provisioning object to be had.
type unprovisioned struct{ Event }

// provisions tells whether there is an object to be fetched.
func provisions(opts Options, cfg config.Config) bool {
	return opts.Fetch != nil && cfg.Provisioning != ""
}

// provisionsEarly tells whether the object does not depend on who logs in: then it is fetched before the login card asks
// anything, since it may bring all that the card would ask for.
func provisionsEarly(opts Options, cfg config.Config) bool {
	return provisions(opts, cfg) && !strings.Contains(cfg.Provisioning, userPlace)
}

// signIn logs in at the start, as far as that needs no user.
func (p *Phone) signIn() {
	if provisionsEarly(p.opts, p.cfg) {
		p.fetchProvisioning(nil)
		return
	}
	if e, ok := p.configuredLogin(); ok {
		p.step(e)
		return
	}
	p.openVault()
}

func (p *Phone) configuredLogin() (Login, bool) {
	return Login{User: p.cfg.Username, Password: p.cfg.Password, Server: p.snapshot.Login.Server, alone: true}, signsIn(p.cfg)
}

// provision is what an event becomes where the operator provisions the phone: a login waits for the object, and then has
// the operator's values in the place of what he does not leave to the user.
func (p *Phone) provision(event Event) Event {
	switch e := event.(type) {
	case Login:
		p.typed = e
		if !provisions(p.opts, p.cfg) || p.snapshot.Login.Busy || e.User == "" && !provisionsEarly(p.opts, p.cfg) {
			return e.under(p.cfg)
		}
		p.fetchProvisioning(&e)
		return fetching{login: e}
	case objectCame:
		return p.provisioned(e)
	case Logout, Erase:
		p.tries++ // what is still on its way comes too late
		if p.hasObject && !provisionsEarly(p.opts, p.cfg) {
			p.hasObject = false
			p.reconfigure(config.Config{}) // that object was for who has left
		}
	}
	return event
}

func (p *Phone) fetchProvisioning(login *Login) {
	p.tries++
	address, try := p.cfg.Provisioning, p.tries
	if login != nil {
		address = strings.ReplaceAll(address, userPlace, url.PathEscape(strings.TrimSpace(login.User)))
	}
	go func() {
		ctx, cancel := context.WithTimeout(background, provisionTimeout)
		defer cancel()
		came := objectCame{login: login, try: try}
		var document Fetched
		if document, came.err = p.opts.Fetch(ctx, address, ""); came.err == nil {
			came.layer, came.faults, came.err = config.Read(config.Provisioned, document.Data)
		}
		p.Do(came)
	}()
}

// provisioned goes on where the object was waited for. When it cannot be had, the last one of this visit counts.
func (p *Phone) provisioned(e objectCame) Event {
	switch {
	case e.try != p.tries:
		return e
	case e.err == nil:
		p.refuse(e.faults)
		p.hasObject = true
		p.reconfigure(e.layer)
	case !p.hasObject:
		return unprovisioned{}
	}
	form := &p.snapshot.Login
	if e.login != nil {
		form.Busy = false // the login begins now
		return e.login.under(p.cfg)
	}
	if login, ok := p.configuredLogin(); ok {
		return login.under(p.cfg)
	}
	form.Opening = form.Kept
	p.openVault()
	return e
}

// reconfigure puts a provisioning object in the place of the last one.
func (p *Phone) reconfigure(provisioned config.Config) {
	p.setup.provisioned = provisioned
	p.cfg = p.merged()
	p.books.cfg, p.books.fetched = p.cfg, time.Time{}
	p.snapshot = configured(p.snapshot, p.cfg, p.opts)
	p.engine.set(p.snapshot.Settings)
}

func (p *Phone) merged() config.Config {
	cfg, refused := p.setup.merge()
	p.refuse(refused)
	return cfg
}

func (p *Phone) refuse(faults []*config.Error) {
	if p.opts.Refused == nil {
		return
	}
	for _, f := range faults {
		p.opts.Refused(f)
	}
}
