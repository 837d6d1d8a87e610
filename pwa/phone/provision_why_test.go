package phone

import (
	"context"
	"errors"
	"fmt"
	"strings"
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

// failures are all ways in which a provisioning object does not come.
var failures = []struct {
	name   string
	body   string
	err    error
	want   text.Key
	reason string // in the console
}{
	{"not logged in", "", fetch.StatusError(401), text.ProvisionRefused, "status 401"},
	{"forbidden", "", fetch.StatusError(403), text.ProvisionRefused, "status 403"},
	{"not there", "", fetch.StatusError(404), text.ProvisionMissing, "status 404"},
	{"gone", "", fetch.StatusError(410), text.ProvisionMissing, "status 410"},
	{"too often", "", fetch.StatusError(429), text.ProvisionBusy, "status 429"},
	{"fault", "", fetch.StatusError(500), text.ProvisionFault, "status 500"},
	{"gateway", "", fetch.StatusError(502), text.ProvisionFault, "status 502"},
	{"no room", "", fetch.StatusError(503), text.ProvisionBusy, "status 503"},
	{"captive portal", "\n <!doctype html><title>Hotel</title>", nil, text.ProvisionPage, "a web page came"},
	{"broken", `{"brandName":`, nil, text.ProvisionUnreadable, "is no JSON object, see line 1"},
	{"empty", "", nil, text.ProvisionUnreadable, "is no JSON object"},
	{"list", "[]", nil, text.ProvisionUnreadable, "is no JSON object"},
	{"too large", `{"x":"` + strings.Repeat("x", config.MaxInput) + `"}`, nil, text.ProvisionTooLarge, "larger than 1 MB"},
	{"no CORS headers", "", fmt.Errorf("%w: no CORS headers", fetch.ErrBlocked), text.ProvisionBlocked, "no CORS headers"},
	{"redirect", "", fetch.ErrRedirected, text.ProvisionRedirected, "sends on"},
	{"offline", "", errors.New("https://user:hunter2@office.example/?key=hunter2"), text.ProvisionUnreachable,
		"cannot be reached"},
	{"no answer", "", fmt.Errorf("fetch: %w", context.DeadlineExceeded), text.ProvisionSlow, "within 15 seconds"},
}

// TestEveryFailureOfProvisioningHasASentence has a user log in while the object does not come, for the first time and with a kept
// one; each time the console has one line with address and reason, and no secret.
func TestEveryFailureOfProvisioningHasASentence(t *testing.T) {
	for _, f := range failures {
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t, givenObject)
			o.opts.Config = parsed(t, `{"wsServers":"sip.example.com",`+
				`"provisioning":"https://office.example/{username}.json?key=hunter2#hunter3"}`)
			var lines []string
			o.opts.Complain = func(why string) { lines = append(lines, why) }
			wantLine := func(when string) {
				t.Helper()
				if len(lines) != 1 || !strings.Contains(lines[0], "https://office.example/ann.json?...") ||
					!strings.Contains(lines[0], f.reason) || strings.Contains(lines[0], "hunter") {
					t.Errorf("%s, %s: console %q, want one line with address and %q", f.name, when, lines, f.reason)
				}
				lines = nil
			}
			good := o.object
			o.object, o.err = f.body, f.err
			o.visit(t, func(h *harness) {
				h.do(screen.Login{User: "ann", Password: "typed"})
				if s := h.now(); s.Login.Error.Key != f.want || s.Login.Busy || len(h.agents) != 0 {
					h.Errorf("%s: %+v, want %s on the card", f.name, s.Login, f.want)
				}
			})
			wantLine("at first")
			o.object, o.err = good, nil
			o.visit(t, (*harness).stay)
			o.object, o.err = f.body, f.err
			o.visit(t, func(h *harness) {
				s := h.now()
				why := s.Language.Say(f.want, "code", strings.TrimPrefix(f.reason, "status "))
				switch {
				case provision.Refused(f.err) && (s.Screen != screen.ScreenLogin || s.Login.Error.Key != f.want):
					h.Errorf("%s: screen %v, %v; want who is refused at the card", f.name, s.Screen, s.Login.Error)
				case !provision.Refused(f.err) && (s.Screen != screen.ScreenPhone ||
					!strings.HasPrefix(s.Language.Tell(s.Problem.Text), why)):
					h.Errorf("%s: screen %v, %q; want the phone with the kept object, and why: %q", f.name, s.Screen,
						s.Language.Tell(s.Problem.Text), why)
				}
			})
			wantLine("with a kept object")
		})
	}
}

// device is provisioned without anybody who types.
func device(t *testing.T, object string) *office {
	o := newOffice(t, object)
	o.opts.Config = parsed(t, `{"wsServers":"sip.example.com","provisioning":"/provision"}`)
	return o
}

const ownObject = `{"autoRegister":true,"sipUser":{"username":"1001","password":"given"},"protected":["username"]}`

// TestDeviceOpensWithoutItsObject reloads a phone that signs in by itself while its object does not come: it is open with
// contacts and history, says why, and registers by itself as soon as the object is there.
func TestDeviceOpensWithoutItsObject(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := device(t, ownObject)
		o.visit(t, func(h *harness) {
			h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
			h.calls("1")
		})
		o.err = fetch.StatusError(500)
		o.visit(t, func(h *harness) {
			s := h.now()
			if s.Screen != screen.ScreenPhone || s.History.Total != 1 || s.Problem.Text.Key != text.ProvisionedBefore ||
				len(h.agents) != 0 {
				h.Fatalf("screen %v, %d calls, %v, %d user agents; want the phone open without a session", s.Screen,
					s.History.Total, s.Problem, len(h.agents))
			}
			if key, bad := screen.RegistrationText(s); key != text.NotRegisteredOffline || !bad {
				h.Errorf("the header says %s, want that no call comes in", key)
			}
			h.do(screen.MakeCall{Target: "600"})
			if s := h.now(); s.Problem.Text.Key != text.NotConnected {
				h.Errorf("problem %v after a call without a session, want a word", s.Problem)
			}
			asked := len(o.asked)
			h.later(time.Minute)
			if got := len(o.asked) - asked; got < 3 || got > 8 {
				h.Errorf("asked %d times within a minute, want some, at growing distances", got)
			}
			o.err = nil
			h.later(objectEvery)
			if s := h.now(); len(h.agents) != 1 || h.agent().cfg.Account.Password != "given" || s.History.Total != 1 {
				h.Errorf("%d user agents, %d calls; want the session by itself, with the same books", len(h.agents),
					s.History.Total)
			}
		})
	})
}

// TestDeviceWithoutAnObjectAsksAgain starts for the first time while the object does not come.
func TestDeviceWithoutAnObjectAsksAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := device(t, ownObject)
		o.err = fetch.StatusError(502)
		o.visit(t, func(h *harness) {
			if s := h.now(); s.Login.Error.Key != text.ProvisionFault || s.Login.Opening {
				h.Fatalf("login %+v, want the reason at the card", s.Login)
			}
			o.err = nil
			h.later(objectRetry)
			h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
			if s := h.now(); len(h.agents) != 1 || s.Screen != screen.ScreenPhone {
				h.Fatalf("%d user agents, screen %v; want it to sign in by itself", len(h.agents), s.Screen)
			}
			asked := len(o.asked)
			h.later(time.Hour)
			if got := len(o.asked) - asked; got != 0 {
				h.Errorf("asked %d times while all is well", got)
			}
			h.do(screen.Logout{})
			asked = len(o.asked)
			h.later(time.Hour)
			if got := len(o.asked) - asked; got != 0 || len(h.agents) != 1 {
				h.Errorf("asked %d times after logging out", got)
			}
		})
	})
}

// TestSlowProvisioningIsNotWaitedFor has a server that hangs, and answers late or never.
func TestSlowProvisioningIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, `{"cli":"1"}`)
		o.visit(t, (*harness).stay)
		o.took = 10 * time.Second
		o.object = `{"cli":"2"}`
		o.visit(t, func(h *harness) {
			h.later(provision.Patience)
			h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
			if s := h.now(); s.Screen != screen.ScreenPhone || s.Problem.Text.Key != text.ProvisionedBefore ||
				h.agent().cfg.Account.CLI != "1" {
				h.Fatalf("screen %v, %v, %d user agents; want the kept object after two seconds", s.Screen, s.Problem,
					len(h.agents))
			}
			h.later(10 * time.Second)
			if s := h.now(); len(h.agents) != 2 || h.agent().cfg.Account.CLI != "2" || !s.Problem.Text.Empty() ||
				len(o.asked) != 2 {
				h.Errorf("%d user agents, %v, asked %d times; want the late answer taken up", len(h.agents), s.Problem,
					len(o.asked))
			}
		})
		o.opts.Store = &store.Memory{}
		o.visit(t, func(h *harness) {
			h.later(provision.Patience)
			if s := h.now(); s.Login.Error.Key != text.ProvisionSlow || !s.Login.Busy {
				h.Errorf("login %+v, want what is being waited for", s.Login)
			}
			h.later(10 * time.Second)
			if s := h.now(); len(h.agents) != 1 || !s.Login.Error.Empty() {
				h.Errorf("%d user agents, %v; want the login to go on", len(h.agents), s.Login.Error)
			}
		})
	})
}

// TestRotatedPasswordIsFetched has an operator change password or server of a phone that is in use.
func TestRotatedPasswordIsFetched(t *testing.T) {
	for _, test := range []struct {
		name string
		lost []Event
	}{
		{"refused", []Event{registration(ua.RegistrationFailed, ua.CauseAuth, 403)}},
		{"unregistered", []Event{registration(ua.Unregistered, ua.CauseServer, 503)}},
		{"server gone", []Event{connection(ua.Disconnected, ua.CauseUnreachable)}},
	} {
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t, givenObject)
			o.visit(t, func(h *harness) {
				h.stay()
				h.tell(test.lost...)
				asked := len(o.asked)
				h.later(time.Hour)
				if got := len(o.asked) - asked; got < 5 || got > 40 || len(h.agents) != 1 {
					h.Errorf("%s: asked %d times within an hour, %d user agents; want the object again and again, and no "+
						"session for the same one",
						test.name, got, len(h.agents))
				}
				o.object = `{"sipUser":{"username":"1001","password":"rotated"}}`
				h.later(objectEvery)
				if len(h.agents) != 2 || h.agent().cfg.Account.Password != "rotated" {
					h.Fatalf("%s: %d user agents, want one with the new password", test.name, len(h.agents))
				}
				h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
				asked = len(o.asked)
				h.later(time.Hour)
				if got := len(o.asked) - asked; got != 0 || h.now().Screen != screen.ScreenPhone {
					h.Errorf("%s: asked %d times while registered", test.name, got)
				}
			})
		})
	}
}

// TestRefusedDeviceAsksAgain rotates the password of a phone that signs in by itself, before the object has it.
func TestRefusedDeviceAsksAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := device(t, ownObject)
		o.visit(t, func(h *harness) {
			h.tell(connected(), registration(ua.RegistrationFailed, ua.CauseAuth, 403))
			if s := h.now(); s.Screen != screen.ScreenLogin || s.Login.Error.Key != text.LoginAuth {
				h.Fatalf("screen %v, %v", s.Screen, s.Login.Error)
			}
			h.later(time.Hour)
			if len(h.agents) != 1 || len(o.asked) < 5 {
				h.Fatalf("%d user agents, asked %d times; want the same password tried once only", len(h.agents), len(o.asked))
			}
			o.object = strings.Replace(ownObject, "given", "rotated", 1)
			h.later(objectEvery)
			if len(h.agents) != 2 || h.agent().cfg.Account.Password != "rotated" {
				h.Errorf("%d user agents, want the new password used", len(h.agents))
			}
		})
	})
}
