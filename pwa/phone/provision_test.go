package phone

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/provision"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// operator answers for the provisioning URL.
type operator struct {
	object string
	err    error
	mu     sync.Mutex // guards asked
	asked  []string
}

func (o *operator) fetch(_ context.Context, url, _ string) (fetch.Document, error) {
	o.mu.Lock()
	o.asked = append(o.asked, url)
	o.mu.Unlock()
	return fetch.Document{Data: []byte(o.object)}, o.err
}

func parsed(t *testing.T, text string) config.Config {
	t.Helper()
	cfg, err := config.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func linked(t *testing.T, fragment string) config.Config {
	t.Helper()
	link, faults := config.FromFragment(fragment)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return link
}

func TestProvisioningSignsInWithoutAsking(t *testing.T) {
	o := &operator{object: `{"brandName":"Clinic","sipUser":{"username":"1001","password":"given",` +
		`"wsServer":"sip.example.com","realm":"clinic.example"}}`}
	storyWith(t, Options{Config: parsed(t, `{"provisioning":"/provision"}`), Fetch: o.fetch}, func(h *harness) {
		if s := h.now(); s.Brand != "Clinic" || !s.Login.Fixed.User || !s.Login.Fixed.Password || !s.Login.Fixed.Server ||
			s.Login.User != "1001" {
			h.Errorf("got %+v, want the card filled in for good", s.Login)
		}
		acc := h.agent().cfg.Account
		if acc.AOR != "sip:1001@clinic.example" || acc.Password != "given" ||
			h.agent().cfg.Servers[0] != "wss://sip.example.com" {
			h.Errorf("logged in as %s at %v, want the account of the object", acc.AOR, h.agent().cfg.Servers)
		}
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		h.do(screen.Logout{})
		if s := h.now(); !s.Login.Fixed.User || s.Brand != "Clinic" {
			h.Error("the object of the device is gone after logging out")
		}
		h.do(screen.Login{User: "1001", Server: s1(h)})
		if len(o.asked) != 2 || len(h.agents) != 2 || h.agent().cfg.Account.Password != "given" {
			h.Errorf("asked %q, %d user agents; want the object anew at each sign-in", o.asked, len(h.agents))
		}
	})
}

func s1(h *harness) string { return h.now().Login.Server }

func TestProvisioningIsFetchedForTheUser(t *testing.T) {
	o := &operator{object: `{"sipUser":{"username":"1001","password":"given"},"flags":["AUTO_ANSWER"]}`}
	vault := &chest{}
	host := parsed(t, `{"wsServers":"sip.example.com","provisioning":"https://office.example/phones/{username}.json"}`)
	storyWith(t, Options{Config: host, Fetch: o.fetch, Vault: vault}, func(h *harness) {
		if s := h.now(); len(o.asked) != 0 || s.Login.Opening {
			h.Fatalf("asked %q before anybody logged in", o.asked)
		}
		h.do(screen.Login{User: "ann/x", Password: "typed", Stay: true})
		if len(o.asked) != 1 || o.asked[0] != "https://office.example/phones/ann%2Fx.json" {
			h.Fatalf("asked %q", o.asked)
		}
		if acc := h.agent().cfg.Account; acc.AOR != "sip:1001@sip.example.com" || acc.Password != "given" {
			h.Errorf("logged in as %s, want what was provisioned", acc.AOR)
		}
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		s := h.now()
		if !s.AutoAnswer || s.Account.User != "1001" || s.Login.User != "ann/x" || h.keep.Load(KeyUser) != "ann/x" {
			h.Errorf("account %+v, login %+v; want the one of the telephone, and what was typed for the next time", s.Account,
				s.Login)
		}
		if want := (store.Secret{User: "ann/x", Password: "typed"}); vault.secret != want {
			h.Errorf("kept %+v, want what was typed", vault.secret)
		}
		h.do(screen.Logout{})
		if s := h.now(); s.AutoAnswer || s.Login.Fixed.User || h.Phone.cfg.Password != "" {
			h.Error("what was provisioned for one user is still there for the next one")
		}
	})
}

func TestUnreachableProvisioningIsSaid(t *testing.T) {
	o := &operator{err: errors.New("status 500")}
	storyWith(t, Options{Config: parsed(t, `{"wsServers":"sip.example.com","provisioning":"/provision"}`), Fetch: o.fetch},
		func(h *harness) {
			if s := h.now(); s.Login.Error.Key != text.ProvisionUnreachable || s.Login.Opening || s.Login.Busy {
				h.Errorf("login %+v, want the reason and the card", s.Login)
			}
			h.do(typed)
			if s := h.now(); s.Login.Error.Key != text.ProvisionUnreachable || s.Login.Busy || len(h.agents) != 0 {
				h.Errorf("login %+v, %d user agents; the operator's rules are not known, so nobody logs in", s.Login,
					len(h.agents))
			}
			o.err, o.object = nil, `{"displayName":"Reception"}`
			h.login()
			if got := h.agent().cfg.Account.DisplayName; got != "Reception" {
				h.Errorf("name %q, want the provisioned one", got)
			}
			h.do(screen.Logout{})
			o.err = errors.New("offline")
			h.login()
			if got := h.agent().cfg.Account.DisplayName; got != "Reception" || len(h.agents) != 2 {
				h.Errorf("name %q, want the object that had come before", got)
			}
		})
}

func TestProvisioningThatComesTooLateCountsForNothing(t *testing.T) {
	get := func(context.Context, string, string) (fetch.Document, error) {
		time.Sleep(time.Second) // of the bubble's clock
		return fetch.Document{Data: []byte(`{"brandName":"Late"}`)}, nil
	}
	host := parsed(t, `{"wsServers":"sip.example.com","provisioning":"/{username}"}`)
	storyWith(t, Options{Config: host, Fetch: get}, func(h *harness) {
		h.do(typed)
		if s := h.now(); !s.Login.Busy || len(h.agents) != 0 {
			h.Fatalf("login %+v, want it to wait", s.Login)
		}
		h.do(screen.Erase{})
		time.Sleep(2 * time.Second)
		if s := h.now(); s.Brand != "Webphone" || len(h.agents) != 0 {
			h.Errorf("brand %q, %d user agents after everything was erased", s.Brand, len(h.agents))
		}
	})
	storyWith(t, Options{Config: host, Fetch: func(ctx context.Context, _, _ string) (fetch.Document, error) {
		<-ctx.Done()
		return fetch.Document{}, ctx.Err()
	}}, func(h *harness) {
		h.do(typed)
		time.Sleep(provision.Timeout)
		if s := h.now(); s.Login.Error.Key != text.ProvisionSlow || s.Login.Busy {
			h.Errorf("login %+v, want an end of the waiting", s.Login)
		}
	})
}

func TestHostileProvisioningIsRefusedByTheValue(t *testing.T) {
	o := &operator{object: `{"brandName":"<img src=x onerror=alert(1)>","css":"javascript:alert(1)","provisioning":"https://evil.example/",
		"frameAncestors":["https://evil.example"],"number":"999","displayName":"\u202eevil","cli":"1\r\nX-Evil: 1","menu":[{"id":"x","url":"javascript:alert(1)"}],
		"sipUser":{"username":"a@b>\r\nX: y","realm":"x\u0000y"},"flags":["NOBODY_KNOWS"],"language":"de"}`}
	var refused []string
	opts := Options{Config: parsed(t, `{"wsServers":"sip.example.com","provisioning":"/provision"}`), Fetch: o.fetch,
		Refused: func(e *config.Error) { refused = append(refused, e.Key) }}
	storyWith(t, opts, func(h *harness) {
		s := h.now()
		if s.Brand != "Webphone" || s.Dial != "" || s.Login.User != "" || s.Account.DisplayName != "" || h.Phone.cfg.CSS != "" ||
			h.Phone.cfg.Provisioning != "/provision" || len(h.Phone.cfg.FrameAncestors) != 0 || len(h.Phone.cfg.Menu) != 0 {
			h.Errorf("got %+v, want all of it refused", s)
		}
		if s.Language != text.German {
			h.Error("the one good value is refused with the others")
		}
	})
	if got := strings.Join(refused, " "); len(refused) != 11 {
		t.Errorf("%d values reported: %s, want each of the 11", len(refused), got)
	}
}

// TestKeptProvisioningOpensThePhoneOffline stays logged in, comes back without network, and finds it again.
func TestKeptProvisioningOpensThePhoneOffline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &operator{object: `{"sipUser":{"username":"1001","password":"given"},"flags":["AUTO_ANSWER"],"locked":["theme"],
			"cli":"999","protected":["cli"],"iceServers":[{"urls":"turn:a.example","username":"u","credential":"relayed"}]}`}
		host := parsed(t, `{"wsServers":"sip.example.com","provisioning":"https://office.example/{username}.json"}`)
		store, keep := &store.Memory{}, &store.MemoryValues{}
		opts := Options{Config: host, Fetch: o.fetch, Vault: &chest{}, Store: store, Keep: keep}
		visit := func(tell func(h *harness)) {
			h, end := openPage(t, opts)
			h.now()
			tell(h)
			end()
		}
		visit(func(h *harness) {
			h.do(screen.Login{User: "ann", Password: "typed", Stay: true})
			h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
			h.tell(out("1", ua.CallRinging), out("1", ua.CallEnded))
		})
		data, err := store.Load(t.Context(), "provisioning")
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"given", "relayed", "999"} {
			if strings.Contains(string(data), secret) {
				t.Errorf("kept %s, which holds %q", data, secret)
			}
		}
		o.err = errors.New("offline")
		visit(func(h *harness) {
			s := h.now()
			if s.Screen != screen.ScreenPhone || !s.AutoAnswer || h.Phone.cfg.May("theme") ||
				s.Problem.Text.Key != text.ProvisionedBefore {
				h.Fatalf("screen %v, problem %v; want the phone by the rules of the last time, saying so", s.Screen, s.Problem)
			}
			if s.History.Total != 1 {
				h.Errorf("%d calls in the history, want the one of the last time", s.History.Total)
			}
			if len(h.agents) != 0 {
				h.Fatalf("%d user agents, want none: the password of the account is not kept, and the one typed is another",
					len(h.agents))
			}
			o.err = nil
			h.do(screen.Woke{})
			if acc := h.agent().cfg.Account; len(h.agents) != 1 || acc.Password != "given" || acc.CLI != "999" || !h.now().
				Problem.Text.Empty() {
				h.Errorf("%d user agents, account %+v, problem %v; want the session with the secrets of the object",
					len(h.agents), acc, h.now().Problem)
			}
		})
		o.err = errors.New("offline")
		visit(func(h *harness) {
			o.err = fetch.StatusError(403)
			h.do(screen.Woke{})
			if s := h.now(); s.Screen != screen.ScreenLogin || s.Login.Error.Key != text.ProvisionRefused ||
				h.Phone.cfg.Has(config.AutoAnswer) {
				h.Errorf("screen %v, %v; who the operator refuses is logged out", s.Screen, s.Login.Error)
			}
		})
		o.err = errors.New("offline")
		visit(func(h *harness) {
			h.do(screen.Login{User: "ann", Password: "typed"})
			if s := h.now(); len(h.agents) != 0 || s.Login.Error.Key != text.ProvisionUnreachable {
				h.Errorf("%d user agents, %v; an object that was refused is not used again", len(h.agents), s.Login.Error)
			}
		})
	})
}
