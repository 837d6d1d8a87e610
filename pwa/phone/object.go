package phone

import (
	"strings"
	"time"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/provision"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

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

// objectCame brings the provisioning object, for a login or for the start of the phone.
type objectCame struct {
	unseen
	login   *signIn // nil at the start
	refresh bool    // for a phone that is open, or waits at the card for what has not come at its start
	try     int
	address string
	provision.Object
	err  error
	kept *provision.Kept // what there is in spite of err
}

// fetching is a login that waits for the provisioning object.
type fetching struct {
	login signIn
}

// unprovisioned tells that there is no provisioning object to be had, and why.
type unprovisioned struct{ why text.Sentence }

// provisioned tells that a login, or the start of the phone, need not wait for the object any more.
type provisioned struct {
	why     text.Sentence // it is that of the last time
	account string        // whose books were open under that one
	login   bool          // somebody logs in
}

func (e provisioned) reduce(s screen.Snapshot) screen.Snapshot {
	if !e.why.Empty() {
		s = s.WithProblem(provision.Before(e.why))
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

// withheld tells that the phone is open for contacts and history, and calls have to wait for the object.
type withheld struct{ account screen.Account }

func (e withheld) reduce(s screen.Snapshot) screen.Snapshot {
	s.Account = e.account
	s.Login.Opening = false
	s = loggedIn(s)
	s.Connection = screen.Connection{State: screen.Disconnected}
	return s
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

// reconfigured brings another configuration, which is nothing that the user has done: there is nothing to be done about it.
type reconfigured struct {
	cfg  config.Config
	opts Options
}

func (e reconfigured) reduce(s screen.Snapshot) screen.Snapshot { return configured(s, e.cfg, e.opts) }

func (e fetching) reduce(s screen.Snapshot) screen.Snapshot {
	form := &s.Login
	form.Error, form.Code, form.Field, s.ShowPassword = text.Sentence{}, 0, screen.FieldNone, false
	form.User, form.Server, form.Stay = strings.TrimSpace(e.login.User), strings.TrimSpace(e.login.Server), e.login.Stay &&
		form.CanStay
	form.Busy, form.Opening = true, false
	return s
}

func (e unprovisioned) reduce(s screen.Snapshot) screen.Snapshot {
	s.Login.Busy, s.Login.Opening = false, false
	s.Login.Error = e.why
	return s
}

// provisionSlow tells that the object is still being waited for.
type provisionSlow struct{}

func (provisionSlow) reduce(s screen.Snapshot) screen.Snapshot {
	s.Login.Error = text.Say(text.ProvisionSlow)
	return s
}
