package phone

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

const (
	userPlace        = "{username}" // in the URL: the user name as it was typed
	provisionTimeout = 15 * time.Second
)

// fetching is a login that waits for the provisioning object.
type fetching struct {
	login signIn
}

// objectCame brings the provisioning object, for a login or for the start of the phone.
type objectCame struct {
	unseen
	login   *signIn // nil at the start
	refresh bool    // for the session that runs with the kept object
	try     int
	address string
	layer   config.Config
	faults  []*config.Error
	err     error
	kept    bool   // in spite of err there is the object of the last time
	account string // whose books were open under that one
}

// unprovisioned tells that there is no provisioning object to be had.
type unprovisioned struct{}

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
	return signIn{Login: screen.Login{User: p.cfg.Username, Password: p.cfg.Password, Server: p.snapshot.Login.Server}, alone: true}, signsIn(p.cfg)
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
		if p.object != "" && !provisionsEarly(p.opts, p.cfg) {
			p.forgetObject() // it was for who has left
		}
	}
	return event
}

// refresh fetches the object that a session runs without. It would end the calls, so it waits for their end.
func (p *Phone) refresh() {
	if p.stale && len(p.snapshot.Calls.All) == 0 {
		typed := p.typed
		p.fetchProvisioning(objectCame{login: &typed, refresh: true})
	}
}

// fetchProvisioning fetches the object that came shall bring.
func (p *Phone) fetchProvisioning(came objectCame) {
	p.tries++
	address := p.cfg.Provisioning
	if came.try = p.tries; came.login != nil {
		address = strings.ReplaceAll(address, userPlace, url.PathEscape(strings.TrimSpace(came.login.User)))
	}
	came.address = address
	go func() {
		ctx, cancel := context.WithTimeout(background, provisionTimeout)
		defer cancel()
		var document Fetched
		if document, came.err = p.opts.Fetch(ctx, address, ""); came.err == nil {
			came.layer, came.faults, came.err = config.Read(config.Provisioned, document.Data)
		}
		if came.err != nil && !refused(came.err) {
			came.layer, came.account, came.kept = p.keptObject(came)
		}
		p.post(came)
	}()
}

// refused tells whether the operator has answered, and gives no object to who asks.
func refused(err error) bool {
	var status StatusError
	return errors.As(err, &status) && status >= 400 && status < 500 && status != 408 && status != 429
}

// objectCame goes on where the object was waited for. When it cannot be had, the last one counts, but for one that the
// operator no longer gives.
func (p *Phone) objectCame(e objectCame) Event {
	switch {
	case e.try != p.tries:
		return e
	case e.refresh && len(p.snapshot.Calls.All) > 0:
		return e // again when they are over: both a new session and none would drop them
	case e.err == nil:
		p.refuse(e.faults)
		p.object, p.stale = e.address, false
		p.reconfigure(e.layer)
		go p.keepObject(e, p.accountKeyOf(e.login))
	case refused(e.err):
		p.forgetObject()
		go p.dropObject(e.address)
		if e.refresh {
			p.post(unprovisioned{})
			return screen.Logout{}
		}
		return unprovisioned{}
	case e.refresh:
		return e // with the next connection
	case p.object == e.address:
	case e.kept:
		p.object, p.stale = e.address, true
		p.reconfigure(e.layer)
	default:
		return unprovisioned{}
	}
	if e.refresh {
		p.renew()
		return e
	}
	return p.signInWith(e)
}

func (p *Phone) signInWith(e objectCame) Event {
	p.take(provisioned{stale: p.stale, account: choose(p.stale, e.account, ""), login: e.login != nil})
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
	stale   bool   // it is that of the last time
	account string // whose books were open under that one
	login   bool   // somebody logs in
}

func (e provisioned) reduce(s screen.Snapshot) screen.Snapshot {
	if e.stale {
		s = withProblem(s, text.Say(text.ProvisionedBefore))
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

// renew starts the session again with what the operator says now: without the object, secrets of it were missing, and maybe
// the name of the account.
func (p *Phone) renew() {
	if p.login == nil {
		p.take(renewed{p.snapshot.Account})
		return
	}
	login := p.typed.under(p.cfg)
	p.login = &login
	p.take(renewed{p.accountOf(login)})
	if p.session != nil { // else the page was left, and starts one when it comes back
		p.stop()
		p.start(Start{login})
	}
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

func (renewed) act(b *books, s screen.Snapshot) screen.Snapshot {
	if accountKey(s.Account) == b.account {
		return s
	}
	return b.reopened(s)
}

// accountOf is the account of a login under the configuration in force.
func (p *Phone) accountOf(l signIn) screen.Account {
	a := p.snapshot.Account
	server, _ := serverOf(p.snapshot.Login, l.Server)
	a.User, a.Server, a.Key = strings.TrimSpace(l.User), server.Label, ""
	return a
}

// accountKeyOf names the books of who typed this, "" where nobody did.
func (p *Phone) accountKeyOf(typed *signIn) string {
	if typed == nil {
		return ""
	}
	return accountKey(p.accountOf(typed.under(p.cfg)))
}

func (p *Phone) forgetObject() {
	p.object, p.stale = "", false
	p.reconfigure(config.Config{})
}

// storedObject is a provisioning object as it is kept for the time without network, without its secrets. What it does not
// tell any more may be needed to find the books, so their key is kept with it, for the same login only.
type storedObject struct {
	URL     string          `json:"url"`
	Object  json.RawMessage `json:"object"`
	Login   string          `json:"login,omitempty"` // its mark
	Account string          `json:"account,omitempty"`
}

// mark tells one login from another without saying what was typed.
func (e *signIn) mark() string {
	if e == nil {
		return ""
	}
	return digest(strings.TrimSpace(e.User) + "\n" + strings.TrimSpace(e.Server))
}

var objectKind = store.Kind{Name: "provisioning", Version: 1, MaxBytes: 2 << 20}

const objectDoc = "provisioning"

func (p *Phone) keepObject(e objectCame, account string) {
	data, err := e.layer.Kept()
	if err == nil {
		err = objectKind.Save(background, p.books.store.Medium(), objectDoc, storedObject{e.address, data, e.login.mark(), account})
	}
	if err != nil {
		p.Do(screen.NotKept{Err: err})
	}
}

// dropObject forgets what is kept from an address. There may be that of another user instead.
func (p *Phone) dropObject(address string) {
	var kept storedObject
	if err := objectKind.Load(background, p.books.store.Medium(), objectDoc, &kept); err != nil || kept.URL != address {
		return
	}
	if err := p.books.store.Medium().Delete(background, objectDoc); err != nil {
		p.Do(screen.NotKept{Err: err})
	}
}

// keptObject is the object of the last time, and the key of the books if the same one logs in.
func (p *Phone) keptObject(e objectCame) (layer config.Config, account string, ok bool) {
	var kept storedObject
	err := objectKind.Load(background, p.books.store.Medium(), objectDoc, &kept)
	if err != nil || kept.URL != e.address {
		return config.Config{}, "", false
	}
	layer, _, err = config.Read(config.Provisioned, kept.Object)
	return layer, choose(e.login.mark() == kept.Login, kept.Account, ""), err == nil
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
	p.books.cfg, p.books.fetched.due = p.cfg, time.Time{}
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
