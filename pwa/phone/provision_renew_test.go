package phone

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// office is an operator who provisions by the user, with the browser of one device, which is visited again and again.
type office struct {
	operator
	opts Options
	took time.Duration // of an answer
}

func newOffice(t *testing.T, object string) *office {
	o := &office{operator: operator{object: object}}
	host := parsed(t, `{"wsServers":"sip.example.com","provisioning":"https://office.example/{username}.json"}`)
	get := func(ctx context.Context, url, etag string) (fetch.Document, error) {
		time.Sleep(o.took) // of the bubble's clock
		return o.fetch(ctx, url, etag)
	}
	o.opts = Options{Config: host, Fetch: get, Vault: &chest{}, Store: &store.Memory{}, Keep: &store.MemoryValues{}}
	return o
}

func (o *office) visit(t *testing.T, tell func(h *harness)) {
	t.Helper()
	h, end := openPage(t, o.opts)
	h.now()
	tell(h)
	end()
}

// stay logs ann in for the next visits too.
func (h *harness) stay() {
	h.do(screen.Login{User: "ann", Password: "typed", Stay: true})
	h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
}

func (h *harness) calls(id string) {
	h.tell(out(id, ua.CallRinging), out(id, ua.CallEstablished), out(id, ua.CallEnded))
}

// later lets the bubble's clock go on.
func (h *harness) later(d time.Duration) {
	h.do(screen.Dismiss{}) // what was read before comes before what the clock brings
	time.Sleep(d)
	synctest.Wait()
}

// offline opens the phone with the kept object.
func (o *office) offline(h *harness) {
	if len(h.agents) > 0 { // the object did not bring the password
		h.tell(connection(ua.Disconnected, ua.CauseConnectionLost))
	}
	if s := h.now(); s.Screen != screen.ScreenPhone || s.Problem.Text.Key != text.ProvisionedBefore {
		h.Fatalf("screen %v, problem %v; want the phone by the rules of the last time", s.Screen, s.Problem)
	}
	o.err = nil
}

const givenObject = `{"sipUser":{"username":"1001","password":"given"}}`

// TestRefreshedProvisioningWaitsForACall has the object come during a call that began while it was being fetched.
func TestRefreshedProvisioningWaitsForACall(t *testing.T) {
	for _, test := range []struct {
		name   string
		err    error
		agents int
		screen screen.Screen
	}{{"given", nil, 2, screen.ScreenPhone}, {"refused", fetch.StatusError(403), 1, screen.ScreenLogin}} {
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t, `{"cli":"1001"}`)
			o.visit(t, (*harness).stay)
			o.err = errors.New("offline")
			o.visit(t, func(h *harness) {
				o.offline(h)
				o.err, o.took = test.err, 2*time.Second
				h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
				h.tell(out("1", ua.CallRinging), out("1", ua.CallEstablished))
				h.later(time.Minute)
				if s := h.now(); len(h.agents) != 1 || len(s.Calls.All) != 1 || s.Screen != screen.ScreenPhone {
					h.Fatalf("%s: %d user agents, %d calls, screen %v; want the call to go on", test.name, len(h.agents),
						len(s.Calls.All), s.Screen)
				}
				h.tell(out("1", ua.CallEnded))
				if s := h.now(); len(s.Calls.All) != 0 || s.History.Total != 1 {
					h.Errorf("%s: %d calls, %d in the history; want its end told", test.name, len(s.Calls.All), s.History.Total)
				}
				h.later(time.Minute)
				if s := h.now(); len(h.agents) != test.agents || s.Screen != test.screen {
					h.Errorf("%s: %d user agents, screen %v; want what the operator says when the call is over", test.name,
						len(h.agents), s.Screen)
				}
			})
		})
	}
}

// TestNoHistoryHoldsForTheCallsOfALogout logs out during a call under an object that goes with its user.
func TestNoHistoryHoldsForTheCallsOfALogout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, `{"sipUser":{"username":"1001","password":"given"},"flags":["NO_HISTORY"]}`)
		o.visit(t, func(h *harness) {
			h.stay()
			h.tell(out("1", ua.CallRinging), out("1", ua.CallEstablished))
			h.do(screen.Logout{})
			if len(h.ended) != 1 {
				h.Errorf("%d ends told, want that of the call", len(h.ended))
			}
		})
		if data, err := o.opts.Store.Load(t.Context(), historyDoc("1001@sip.example.com")); !errors.Is(err, store.ErrNotStored) {
			t.Errorf("stored %s, %v; the operator wants no history", data, err)
		}
	})
}

// TestProtectedAccountHasItsBooksOffline finds the calls of an account whose name the kept object does not tell.
func TestProtectedAccountHasItsBooksOffline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, `{"sipUser":{"username":"1001","password":"given"},"protected":["username"]}`)
		o.visit(t, func(h *harness) {
			h.stay()
			h.calls("1")
		})
		if data, err := o.opts.Store.Load(t.Context(), "provisioning"); err != nil || strings.Contains(string(data), "1001") ||
			strings.Contains(string(data), `ann"`) {
			t.Errorf("kept %s, %v; want neither the protected name nor the typed one in it", data, err)
		}
		o.err = errors.New("offline")
		o.visit(t, func(h *harness) {
			o.offline(h)
			if s := h.now(); s.History.Total != 1 || s.Account.User != "ann" {
				h.Errorf("%d calls for %q; want that of the last time, though the name is not known", s.History.Total,
					s.Account.User)
			}
			h.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Front Desk"}})
			h.do(screen.Woke{})
			if s := h.now(); s.History.Total != 1 || s.Contacts.Total != 1 || s.Account.User != "1001" {
				h.Errorf("%d calls, %d contacts for %q; want the same books with the new object", s.History.Total,
					s.Contacts.Total, s.Account.User)
			}
			h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
			h.calls("2")
		})
		o.visit(t, func(h *harness) {
			h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
			if s := h.now(); s.History.Total != 2 || s.Contacts.Total != 1 {
				h.Errorf("%d calls, %d contacts; want those of all visits in one place", s.History.Total, s.Contacts.Total)
			}
		})
	})
}

// TestRenewedAccountHasItsOwnBooks has the operator give the user another telephone on another server meanwhile.
func TestRenewedAccountHasItsOwnBooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, givenObject)
		o.visit(t, func(h *harness) {
			h.stay()
			h.calls("1")
		})
		o.err = errors.New("offline")
		o.visit(t, func(h *harness) {
			o.offline(h)
			s := h.now()
			if s.History.Total != 1 {
				h.Fatalf("%d calls, want that of the last time", s.History.Total)
			}
			h.do(screen.Choose{ID: s.History.Days[0].Lines[0].Newest().ID})
			o.object = `{"sipUser":{"username":"1002","password":"given","wsServer":"sip.example.org"}}`
			h.do(screen.Woke{})
			if s := h.now(); s.Account.User != "1002" || s.Account.Server != "sip.example.org" || s.History.Total != 0 ||
				s.Detail != "" {
				h.Errorf("account %+v with %d calls, %q chosen; want the new account with nothing of the old one", s.Account,
					s.History.Total, s.Detail)
			}
			h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
			h.calls("2")
		})
		for account, want := range map[string]string{"1001@sip.example.com": "101", "1002@sip.example.org": "102"} {
			if got, err := history.Load(t.Context(), o.opts.Store, historyDoc(account)); err != nil || got.Len() != 1 ||
				got.Entries()[0].Number != want {
				t.Errorf("%s: %+v, %v; want its own call to %s", account, got.Entries(), err, want)
			}
		}
	})
}

// TestRefusedUserLeavesTheObjectOfAnother has somebody else try to log in on ann's device.
func TestRefusedUserLeavesTheObjectOfAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, givenObject)
		o.visit(t, (*harness).stay)
		o.err = fetch.StatusError(404)
		other := o.opts
		other.Vault, other.Keep = &chest{}, &store.MemoryValues{}
		h, end := openPage(t, other)
		h.do(screen.Login{User: "bob", Password: "typed"})
		if s := h.now(); s.Login.Error.Key != text.ProvisionMissing {
			h.Fatalf("login %+v, want bob refused", s.Login)
		}
		end()
		o.err = errors.New("offline")
		o.visit(t, o.offline)
		o.err = fetch.StatusError(403)
		o.visit(t, func(*harness) {})
		if data, err := o.opts.Store.Load(t.Context(), "provisioning"); !errors.Is(err, store.ErrNotStored) {
			t.Errorf("kept %s, %v after ann herself was refused", data, err)
		}
	})
}

// TestObjectOfOneUserIsNotThatOfTheNext has a login fail, and another user come whose object cannot be had.
func TestObjectOfOneUserIsNotThatOfTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, givenObject)
		o.visit(t, func(h *harness) {
			h.do(screen.Login{User: "ann", Password: "typed"})
			h.tell(connected(), registration(ua.RegistrationFailed, ua.CauseAuth, 403))
			o.err = errors.New("offline")
			h.do(screen.Login{User: "bob", Password: "typed"})
			if s := h.now(); len(h.agents) != 1 || s.Login.Error.Key != text.ProvisionUnreachable {
				h.Errorf("%d user agents, %v; want bob kept out of ann's telephone", len(h.agents), s.Login.Error)
			}
			h.do(screen.Login{User: "ann", Password: "typed"})
			if len(h.agents) != 2 || h.agent().cfg.Account.Password != "given" {
				h.Errorf("%d user agents; want ann to log in with the object that has come for her", len(h.agents))
			}
		})
	})
}

// TestConfiguredLoginIsRenewed has the device sign in by itself, with the kept object at first.
func TestConfiguredLoginIsRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, `{"brandName":"Clinic"}`)
		o.opts.Config = parsed(t, `{"wsServers":"sip.example.com","provisioning":"/provision","sipUser":{"username":"1001","password":"first"},
			"autoRegister":true,"default":["username","password"]}`)
		o.visit(t, func(*harness) {})
		o.err = errors.New("offline")
		o.visit(t, func(h *harness) {
			o.offline(h)
			h.tell(connected())
			if s := h.now(); len(h.agents) != 2 || s.Account.User != "1001" ||
				h.agent().cfg.Account.AOR != "sip:1001@sip.example.com" {
				h.Errorf("%d user agents, account %+v, problem %v; want the session anew for the same user", len(h.agents),
					s.Account, s.Problem)
			}
		})
	})
}
