package phone

import (
	"bytes"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/provision"
	"github.com/gowebphone/webphone/pwa/screen"
)

const userPlace = "{username}" // in the URL: the user name as it was typed

// provisions tells whether there is an object to be fetched.
func provisions(opts Options, cfg config.Config) bool {
	return opts.Fetch != nil && cfg.Provisioning != ""
}

// provisionsEarly tells whether the object does not depend on who logs in: then it is fetched before the login card asks
// anything, since it may bring all that the card would ask for.
func provisionsEarly(opts Options, cfg config.Config) bool {
	return provisions(opts, cfg) && !strings.Contains(cfg.Provisioning, userPlace)
}

// signIn logs in at the start, as far as that needs no user. It is nil where something has to come for it first.
func (p *Phone) signIn() Event {
	if provisionsEarly(p.opts, p.cfg) {
		p.fetchProvisioning(objectCame{})
		return nil
	}
	if e, ok := p.heirLogin(); ok {
		return e
	}
	if e, ok := p.configuredLogin(); ok {
		return e
	}
	p.openVault()
	return nil
}

func (p *Phone) configuredLogin() (signIn, bool) {
	login := screen.Login{User: p.cfg.Username, Password: p.cfg.Password, Server: p.snapshot.Login.Server}
	return signIn{Login: login, alone: true, given: true}, signsIn(p.cfg)
}

// afterwards is what comes after the events before it, whose snapshot it needs.
type afterwards func() []Event

// provision is what an event becomes where the operator provisions the phone, one after another: a login waits for the object,
// and then has the operator's values in the place of what he does not leave to the user.
func (p *Phone) provision(event Event) []Event {
	switch e := event.(type) {
	case signIn:
		p.typed = e
		if !provisions(p.opts, p.cfg) || p.snapshot.Login.Busy || e.User == "" && !provisionsEarly(p.opts, p.cfg) {
			return []Event{e.under(p.cfg)}
		}
		p.fetchProvisioning(objectCame{login: &e})
		return []Event{fetching{login: e}}
	case objectCame:
		return p.objectCame(e)
	case screen.Logout, screen.Erase:
		p.tries++ // what is still on its way comes too late
		p.asking, p.missing, p.withheld = false, false, false
		if p.object != "" && !provisionsEarly(p.opts, p.cfg) {
			return append(p.forgetObject(), event) // it was for who has left
		}
	}
	return []Event{event}
}

// fetchProvisioning fetches the object that came shall bring.
func (p *Phone) fetchProvisioning(came objectCame) {
	p.tries++
	p.asking = true
	address := p.cfg.Provisioning
	if came.try = p.tries; came.login != nil {
		address = strings.ReplaceAll(address, userPlace, url.PathEscape(strings.TrimSpace(came.login.User)))
	}
	came.address = address
	go p.fetchObject(came)
}

// objectCame goes on where the object was waited for. When it cannot be had, the last one counts, but for one that the
// operator no longer gives.
func (p *Phone) objectCame(e objectCame) []Event {
	if e.try != p.tries {
		return []Event{e}
	}
	p.asking = e.err != nil && errors.Is(e.err, provision.ErrSlow)
	if e.err != nil {
		p.complain(provision.Report(e.address, e.err))
	}
	if e.refresh {
		return p.refreshed(e)
	}
	var now []Event
	switch {
	case e.err == nil:
		now = p.use(e)
	case provision.Refused(e.err):
		go p.dropObject(e.address)
		return append(p.forgetObject(), p.unprovisioned(e))
	case p.object == e.address:
	case e.kept != nil:
		p.object, p.stale = e.address, true
		now = p.reconfigure(e.kept.Layer)
	case errors.Is(e.err, provision.ErrSlow):
		return []Event{provisionSlow{}}
	default:
		return []Event{p.unprovisioned(e)}
	}
	return append(now, afterwards(func() []Event { return p.signInWith(e) }))
}

// use puts a fresh object into force.
func (p *Phone) use(e objectCame) []Event {
	p.refuse(e.Faults)
	p.object, p.data, p.stale, p.missing = e.address, e.Data, false, false
	return append(p.reconfigure(e.Layer), afterwards(func() []Event {
		go p.keepObject(e, p.accountKeyOf(e.login))
		return nil
	}))
}

func (p *Phone) unprovisioned(e objectCame) news {
	p.missing = true
	return unprovisioned{provision.Why(e.err)}
}

// refreshed goes on with the object of now: a phone that is open with the kept one, or can no longer be reached, takes it up when
// it is another, and one that nobody has logged in to begins.
func (p *Phone) refreshed(e objectCame) []Event {
	switch {
	case len(p.snapshot.Calls.All) > 0:
		return []Event{e} // again when they are over: both a new session and none would drop them
	case e.err != nil && !provision.Refused(e.err):
		return []Event{e}
	case p.snapshot.Screen == screen.ScreenLogin && !p.snapshot.Login.Busy:
		return p.begun(e)
	case e.err != nil:
		go p.dropObject(e.address)
		p.post(p.unprovisioned(e))
		return append(p.forgetObject(), screen.Logout{})
	case !p.stale && bytes.Equal(e.Data, p.data):
		return []Event{e} // it says nothing new: what is wrong lies elsewhere
	}
	before, lacked := p.identity(), p.stale
	return append(p.use(e), afterwards(func() []Event {
		if lacked || !slices.Equal(p.identity(), before) {
			return append(p.renew(), e)
		}
		return []Event{e}
	}))
}

// begun goes on where the card shows why nobody could be logged in: by itself, where that can go better now.
func (p *Phone) begun(e objectCame) []Event {
	if e.err != nil || !p.missing && bytes.Equal(e.Data, p.data) {
		return []Event{e}
	}
	return append(p.use(e), afterwards(func() []Event { return p.signInWith(e) }))
}

func (p *Phone) signInWith(e objectCame) []Event {
	came := provisioned{login: e.login != nil}
	if p.stale && e.kept != nil {
		came.why, came.account = provision.Why(e.err), e.kept.Account
	}
	return []Event{came, afterwards(func() []Event { return p.signInNow(e) })}
}

// signInNow logs in whoever can be, and asks the vault where that is nobody.
func (p *Phone) signInNow(e objectCame) []Event {
	if p.stale && e.kept != nil && e.kept.Withholds(e.login != nil) {
		return []Event{p.openWithheld(e)}
	}
	if e.login != nil {
		return []Event{e.login.under(p.cfg)}
	}
	if login, ok := p.heirLogin(); ok {
		p.typed = login
		return []Event{login.under(p.cfg)}
	}
	if login, ok := p.configuredLogin(); ok {
		p.typed = login
		return []Event{login.under(p.cfg)}
	}
	return []Event{unopened{}, afterwards(func() []Event {
		p.openVault()
		return []Event{e}
	})}
}

// openWithheld opens the phone without a session: with the kept object went the password that came with it, and the one that the
// user typed, where one was typed, is not that of the account. The session begins with the object.
func (p *Phone) openWithheld(e objectCame) Event {
	p.typed, p.withheld, p.login = signIn{Login: screen.Login{User: p.cfg.Username}, alone: true, given: true}, true, nil
	if e.login != nil {
		p.typed = *e.login
	}
	account := p.accountOf(p.typed.under(p.cfg))
	account.Key = e.kept.Account
	return withheld{account}
}

// renew starts the session again with what the operator says now: without the object, secrets of it were missing, and maybe
// the name of the account.
func (p *Phone) renew() []Event {
	if given, ok := p.configuredLogin(); ok && p.typed.given {
		p.typed = given
	}
	login := p.typed.under(p.cfg)
	if p.login == nil && !p.withheld {
		return []Event{renewed{p.snapshot.Account}}
	}
	runs := p.session != nil || p.withheld // else the page was left, and starts one when it comes back
	if runs {
		p.stop()
	}
	p.login, p.withheld = &login, false
	return []Event{renewed{p.accountOf(login)}, afterwards(func() []Event {
		if runs {
			p.start(Start{login})
		}
		return nil
	})}
}

// identity is what the configuration in force makes of who is logged in: another one needs another session.
func (p *Phone) identity() []string {
	login := p.typed
	if given, ok := p.configuredLogin(); ok && login.given {
		login = given
	}
	cfg, err := p.config(login.under(p.cfg))
	if err != nil {
		return nil
	}
	a := cfg.Account
	return append([]string{a.AOR, a.Password, a.Realm, a.DisplayName, a.CLI}, cfg.Servers...)
}

// accountOf is the account of a login under the configuration in force.
func (p *Phone) accountOf(l signIn) screen.Account {
	a := p.snapshot.Account
	server, _ := serverOf(p.snapshot.Login, l.Server)
	a.User, a.Server, a.Key = strings.TrimSpace(l.User), server.Label, ""
	return a
}

// accountKeyOf names the books of who typed this, or of who logs in without typing; "" where nobody does.
func (p *Phone) accountKeyOf(typed *signIn) string {
	login, ok := p.configuredLogin()
	if typed != nil {
		login, ok = typed.under(p.cfg), true
	}
	if !ok {
		return ""
	}
	return books.Key(p.accountOf(login))
}

func (p *Phone) forgetObject() []Event {
	p.object, p.data, p.stale = "", nil, false
	return p.reconfigure(config.Config{})
}

// reconfigure puts a provisioning object in the place of the last one.
func (p *Phone) reconfigure(provisioned config.Config) []Event {
	p.setup.provisioned = provisioned
	p.cfg = p.merged()
	p.books.Configure(p.cfg)
	return []Event{reconfigured{p.cfg, p.opts}}
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
