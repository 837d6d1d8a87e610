package phone

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// TestUpdateLogsNobodyOut changes over to another version without "Stay logged in": the next start has the user and the number
// that was being typed, and the one after it has neither.
func TestUpdateLogsNobodyOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		vault, keep := &chest{}, &store.MemoryValues{}
		opts := Options{Config: oneServerConfig(), Vault: vault, Keep: keep}
		visit := func(tell func(h *harness)) {
			h, end := openPage(t, opts)
			h.now()
			tell(h)
			end()
		}
		visit(func(h *harness) {
			h.login()
			h.do(screen.Type{Text: "+4930"}, screen.Updatable{}, screen.Update{})
			if s := h.now(); s.Restarts != 1 || s.Updating || vault.secret.Password != "secret" {
				h.Fatalf("%d restarts, vault %+v; want the page loaded anew with the password kept", s.Restarts, vault.secret)
			}
		})
		visit(func(h *harness) {
			h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
			if s := h.now(); s.Screen != screen.ScreenPhone || s.Dial != "+4930" || s.Login.Stay ||
				h.agent().cfg.Account.Password != "secret" {
				h.Errorf("screen %v, number %q, stays %v; want all as it was", s.Screen, s.Dial, s.Login.Stay)
			}
			if vault.full || keep.Load(KeyStay) != "" || keep.Load(KeyTyped) != "" {
				h.Errorf("vault %+v, %q, %q; want nothing kept for longer", vault.secret, keep.Load(KeyStay), keep.Load(KeyTyped))
			}
		})
		visit(func(h *harness) {
			if s := h.now(); s.Screen != screen.ScreenLogin || s.Dial != "" || len(h.agents) != 0 {
				h.Errorf("screen %v, number %q; want the card at the next visit", s.Screen, s.Dial)
			}
		})
	})
}

// TestUpdateLosesNothingTyped keeps each field for the next start alone: what was looked for is found again by whoever logs in.
func TestUpdateLosesNothingTyped(t *testing.T) {
	for bits := range 8 {
		word := func(bit int, text string) string { return choose(bits>>bit&1 == 1, text, "") }
		dial, calls, people := word(0, "+4930"), word(1, "20"), word(2, "lab")
		synctest.Test(t, func(t *testing.T) {
			opts := Options{Config: oneServerConfig(), Vault: &chest{}, Keep: &store.MemoryValues{}, Store: &store.Memory{}}
			h, end := openPage(t, opts)
			h.login()
			h.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Laboratory"}}, screen.EditContact{},
				screen.SaveContact{Contact: screen.Contact{Name: "Day"}}, screen.SearchContacts{Query: people})
			h.missedCall("1", "2001")
			h.missedCall("2", "3001")
			h.do(screen.Show{Page: screen.PageHistory}, screen.ToggleSearch{}, screen.SearchHistory{Query: calls},
				screen.Type{Text: dial}, screen.Updatable{}, screen.Update{})
			end()
			for _, visit := range []bool{true, false} { // the first start after it, and the next
				h, end = openPage(t, opts)
				if h.now(); visit {
					h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
				} else {
					h.login()
				}
				s := h.now()
				if s.Dial != choose(visit, dial, "") || s.History.Query != choose(visit, calls, "") ||
					s.Contacts.Query != choose(visit, people, "") || s.History.Searching != (visit && calls != "") {
					h.Errorf("first start %v: %q dialled, %q and %q looked for, field open %v; want %q, %q and %q", visit, s.Dial,
						s.History.Query, s.Contacts.Query, s.History.Searching, dial, calls, people)
				}
				if got := lines(s); got != choose(visit && calls != "", "2001", "3001; 2001") {
					h.Errorf("first start %v: calls %q for %q", visit, got, s.History.Query)
				}
				if h.do(screen.Show{Page: screen.PageContacts}); h.now().Contacts.Found != choose(visit && people != "", 1, 2) {
					h.Errorf("first start %v: %d contacts for %q", visit, h.now().Contacts.Found, people)
				}
				end()
			}
		})
	}
}

// TestUpdateKeepsWhoStays has somebody stay logged in beyond the update.
func TestUpdateKeepsWhoStays(t *testing.T) {
	vault, keep := &chest{}, &store.MemoryValues{}
	storyWith(t, Options{Config: oneServerConfig(), Vault: vault, Keep: keep}, func(h *harness) {
		login := typed
		login.Stay = true
		h.do(login)
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		h.do(screen.Updatable{}, screen.Update{})
		if s := h.now(); s.Restarts != 1 || keep.Load(KeyStay) != "on" || !vault.full {
			h.Errorf("%d restarts, stays %q", s.Restarts, keep.Load(KeyStay))
		}
		h.do(screen.Logout{})
		if s := h.now(); s.Restarts != 1 {
			h.Error("logging out loads the page anew")
		}
	})
}

// TestUpdateWaitsForWhatItWouldLose wants an update that would end a call, or empty a form.
func TestUpdateWaitsForWhatItWouldLose(t *testing.T) {
	for name, busy := range map[string]func(h *harness){
		"a call":        func(h *harness) { h.tell(out("1", ua.CallEstablished)) },
		"a call rings":  func(h *harness) { h.tell(in("1", ua.CallRinging)) },
		"a new contact": func(h *harness) { h.do(screen.Show{Page: screen.PageContacts}, screen.EditContact{}) },
	} {
		storyWith(t, Options{Config: oneServerConfig(), Vault: &chest{}}, func(h *harness) {
			h.login()
			busy(h)
			h.do(screen.Updatable{}, screen.UpdateWaits{}, screen.Update{})
			if s := h.now(); s.Restarts != 0 || s.Updating || !s.UpdateReady || s.UpdateWaits {
				h.Errorf("%s: %d restarts, updating %v, ready %v; want it offered again", name, s.Restarts, s.Updating,
					s.UpdateReady)
			}
		})
	}
}

// full is a vault without room.
type full struct{ chest }

func (*full) Lock(context.Context, store.Secret) error { return errors.New("no room") }

func TestUpdateThatWouldLogOutDoesNotHappen(t *testing.T) {
	storyWith(t, Options{Config: oneServerConfig(), Vault: &full{}}, func(h *harness) {
		h.login()
		h.do(screen.Updatable{}, screen.Update{})
		if s := h.now(); s.Restarts != 0 || s.Updating || !s.NotKept || h.keep.Load(KeyStay) != "" {
			h.Errorf("%d restarts, not kept %v; want the page as it was, and a word", s.Restarts, s.NotKept)
		}
	})
}
