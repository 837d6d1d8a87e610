package phone

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

const userPlace = "{username}" // in the URL: the user name as it was typed

// objectState is how it goes with the provisioning object.
type objectState struct {
	tries    int           // to fetch it
	asking   bool          // the newest try is under way
	missing  bool          // it could not be had when the phone began, and nobody has logged in since
	object   string        // its address, where there is one: it has come during this visit, or was kept
	data     []byte        // as it came
	stale    bool          // it is the kept one
	withheld bool          // with it went the password, so that the phone is open without a session
	wait     time.Duration // before the next try; 0 while all is well
	again    *time.Timer   // nil: none is planned
}

// fetching is a login that waits for the provisioning object.
type fetching struct {
	login signIn
}

// objectCame brings the provisioning object, for a login or for the start of the phone.
type objectCame struct {
	unseen
	login   *signIn // nil at the start
	refresh bool    // for a phone that is open, or waits at the card for what has not come at its start
	try     int
	address string
	data    []byte
	layer   config.Config
	faults  []*config.Error
	err     error
	kept    *keptObject // what there is in spite of err
}

// unprovisioned tells that there is no provisioning object to be had, and why.
type unprovisioned struct{ why text.Sentence }

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
		p.fetchProvisioning(objectCame{})
		return
	}
	if e, ok := p.configuredLogin(); ok {
		p.step(e)
		return
	}
	p.openVault()
}

func (p *Phone) configuredLogin() (signIn, bool) {
	login := screen.Login{User: p.cfg.Username, Password: p.cfg.Password, Server: p.snapshot.Login.Server}
	return signIn{Login: login, alone: true, given: true}, signsIn(p.cfg)
}

// provision is what an event becomes where the operator provisions the phone: a login waits for the object, and then has
// the operator's values in the place of what he does not leave to the user.
func (p *Phone) provision(event Event) Event {
	switch e := event.(type) {
	case signIn:
		p.typed = e
		if !provisions(p.opts, p.cfg) || p.snapshot.Login.Busy || e.User == "" && !provisionsEarly(p.opts, p.cfg) {
			return e.under(p.cfg)
		}
		p.fetchProvisioning(objectCame{login: &e})
		return fetching{login: e}
	case objectCame:
		return p.objectCame(e)
	case screen.Logout, screen.Erase:
		p.tries++ // what is still on its way comes too late
		p.asking, p.missing, p.withheld = false, false, false
		if p.object != "" && !provisionsEarly(p.opts, p.cfg) {
			p.forgetObject() // it was for who has left
		}
	}
	return event
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
func (p *Phone) objectCame(e objectCame) Event {
	if e.try != p.tries {
		return e
	}
	p.asking = e.err != nil && isSlow(e.err)
	if e.err != nil {
		p.complain(e)
	}
	if e.refresh {
		return p.refreshed(e)
	}
	switch {
	case e.err == nil:
		p.use(e)
	case refused(e.err):
		p.forgetObject()
		go p.dropObject(e.address)
		return p.unprovisioned(e)
	case p.object == e.address:
	case e.kept != nil:
		p.object, p.stale = e.address, true
		p.reconfigure(e.kept.layer)
	case isSlow(e.err):
		return provisionSlow{}
	default:
		return p.unprovisioned(e)
	}
	return p.signInWith(e)
}

// use puts a fresh object into force.
func (p *Phone) use(e objectCame) {
	p.refuse(e.faults)
	p.object, p.data, p.stale, p.missing = e.address, e.data, false, false
	p.reconfigure(e.layer)
	go p.keepObject(e, p.accountKeyOf(e.login))
}

func (p *Phone) unprovisioned(e objectCame) Event {
	p.missing = true
	return unprovisioned{whyNot(e.err)}
}

// refreshed goes on with the object of now: a phone that is open with the kept one, or can no longer be reached, takes it up when
// it is another, and one that nobody has logged in to begins.
func (p *Phone) refreshed(e objectCame) Event {
	switch {
	case len(p.snapshot.Calls.All) > 0:
		return e // again when they are over: both a new session and none would drop them
	case e.err != nil && !refused(e.err):
		return e
	case p.snapshot.Screen == screen.ScreenLogin && !p.snapshot.Login.Busy:
		return p.begun(e)
	case e.err != nil:
		p.forgetObject()
		go p.dropObject(e.address)
		p.post(p.unprovisioned(e).(news))
		return screen.Logout{}
	case !p.stale && bytes.Equal(e.data, p.data):
		return e // it says nothing new: what is wrong lies elsewhere
	}
	before, lacked := p.identity(), p.stale
	p.use(e)
	if lacked || !slices.Equal(p.identity(), before) {
		p.renew()
	}
	return e
}

// begun goes on where the card shows why nobody could be logged in: by itself, where that can go better now.
func (p *Phone) begun(e objectCame) Event {
	if e.err != nil || !p.missing && bytes.Equal(e.data, p.data) {
		return e
	}
	p.use(e)
	return p.signInWith(e)
}

func (p *Phone) signInWith(e objectCame) Event {
	came := provisioned{login: e.login != nil}
	if p.stale && e.kept != nil {
		came.why, came.account = whyNot(e.err), e.kept.account
	}
	p.take(came)
	if p.stale && e.kept != nil && e.kept.withholds(e.login) {
		return p.openWithheld(e)
	}
	if e.login != nil {
		return e.login.under(p.cfg)
	}
	if login, ok := p.configuredLogin(); ok {
		p.typed = login
		return login.under(p.cfg)
	}
	p.take(unopened{})
	p.openVault()
	return e
}

// provisioned tells that a login, or the start of the phone, need not wait for the object any more.
type provisioned struct {
	why     text.Sentence // it is that of the last time
	account string        // whose books were open under that one
	login   bool          // somebody logs in
}

func (e provisioned) reduce(s screen.Snapshot) screen.Snapshot {
	if !e.why.Empty() {
		s = s.WithProblem(keptSentence(e.why))
	}
	if s.Login.Error.Key == text.ProvisionSlow {
		s.Login.Error = text.Sentence{}
	}
	s.Account.Key = e.account
	s.Login.Busy = s.Login.Busy && !e.login // the login begins now
	return s
}

// unopened tells that the object brings nobody to log in, so that the vault may.
type unopened struct{}

func (unopened) reduce(s screen.Snapshot) screen.Snapshot {
	s.Login.Opening = s.Login.Kept
	return s
}

// openWithheld opens the phone without a session: with the kept object went the password that came with it, and the one that the
// user typed, where one was typed, is not that of the account. The session begins with the object.
func (p *Phone) openWithheld(e objectCame) Event {
	p.typed, p.withheld, p.login = signIn{Login: screen.Login{User: p.cfg.Username}, alone: true, given: true}, true, nil
	if e.login != nil {
		p.typed = *e.login
	}
	account := p.accountOf(p.typed.under(p.cfg))
	account.Key = e.kept.account
	return withheld{account}
}

// withheld tells that the phone is open for contacts and history, and calls have to wait for the object.
type withheld struct{ account screen.Account }

func (e withheld) reduce(s screen.Snapshot) screen.Snapshot {
	s.Account = e.account
	s.Login.Opening = false
	s = loggedIn(s)
	s.Connection = screen.Connection{State: screen.Disconnected}
	return s
}

// renew starts the session again with what the operator says now: without the object, secrets of it were missing, and maybe
// the name of the account.
func (p *Phone) renew() {
	if given, ok := p.configuredLogin(); ok && p.typed.given {
		p.typed = given
	}
	login := p.typed.under(p.cfg)
	if p.login == nil && !p.withheld {
		p.take(renewed{p.snapshot.Account})
		return
	}
	if runs := p.session != nil || p.withheld; runs { // else the page was left, and starts one when it comes back
		p.stop()
		defer p.start(Start{login})
	}
	p.login, p.withheld = &login, false
	p.take(renewed{p.accountOf(login)})
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

// renewed tells that the object of now has taken the place of the kept one, and whose phone it makes this.
type renewed struct{ account screen.Account }

func (e renewed) reduce(s screen.Snapshot) screen.Snapshot {
	if s.Problem.Text.Key == text.ProvisionedBefore {
		s.Problem.Text = text.Sentence{}
	}
	s.Account = e.account
	return s
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

func (p *Phone) forgetObject() {
	p.object, p.data, p.stale = "", nil, false
	p.reconfigure(config.Config{})
}

// reconfigured brings another configuration, which is nothing that the user has done: there is nothing to be done about it.
type reconfigured struct {
	cfg  config.Config
	opts Options
}

func (e reconfigured) reduce(s screen.Snapshot) screen.Snapshot { return configured(s, e.cfg, e.opts) }

// reconfigure puts a provisioning object in the place of the last one.
func (p *Phone) reconfigure(provisioned config.Config) {
	p.setup.provisioned = provisioned
	p.cfg = p.merged()
	p.books.Configure(p.cfg)
	p.take(reconfigured{p.cfg, p.opts})
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
