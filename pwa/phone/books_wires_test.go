package phone

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/screen"
)

// TestConnectionBringsThePhonebook that could not be had without one.
func TestConnectionBringsThePhonebook(t *testing.T) {
	cfg := oneServerConfig()
	cfg.Phonebook = "/phonebook.json"
	asked, fails := 0, true
	get := func(context.Context, string, string) (fetch.Document, error) {
		if asked++; fails {
			return fetch.Document{}, errors.New("offline")
		}
		return fetch.Document{Data: []byte(`[{"name":"Billing","number":"1022"}]`)}, nil
	}
	storyWith(t, Options{Config: cfg, Fetch: get}, func(h *harness) {
		h.login()
		h.tell(connection(ua.Disconnected, ua.CauseConnectionLost))
		if fails = false; asked != 1 {
			h.Errorf("asked %d times, want once: without a connection nothing can be had", asked)
		}
		if h.tell(connected()); asked != 2 || h.now().Contacts.Total != 1 {
			h.Errorf("asked %d times, %d contacts; want the phonebook with the connection", asked, h.now().Contacts.Total)
		}
	})
}

// TestBooksTellThePhone what they cannot keep, and that the time to take something back is over.
func TestBooksTellThePhone(t *testing.T) {
	storyWith(t, Options{Config: oneServerConfig(), Store: &fullStore{}}, func(h *harness) {
		h.login()
		h.missedCall("1", "2001")
		if s := h.now(); !s.NotKept || lines(s) != "2001" {
			h.Errorf("said: %v, history %q; want the notice, and the call as long as the page", s.NotKept, lines(s))
		}
		h.do(screen.DismissNotKept{}, screen.ClearHistory{})
		if s := h.now(); s.Undo.Text.Empty() || s.History.Total != 0 {
			h.Errorf("%d calls, offered %v", s.History.Total, s.Undo)
		}
		h.later(time.Minute)
		if s := h.now(); !s.Undo.Text.Empty() {
			h.Error("the offer to undo never goes")
		}
	})
}

// TestCallsGoOnWhileTheBooksWork: what a caller's phone does not wait for is the long work of the books, which pauses as the
// options say.
func TestCallsGoOnWhileTheBooksWork(t *testing.T) {
	gate := make(chan struct{})
	storyWith(t, Options{Config: oneServerConfig(), Pause: func() { <-gate }}, func(h *harness) {
		gate = make(chan struct{}) // of the story
		h.login()
		h.do(screen.ReadImport{Name: "many.csv", Data: []byte("Name,Phone\n" + strings.Repeat("Lab,3001\n", 1000))})
		h.call("1", true, "2001", ua.CallRinging)
		if s := h.now(); len(s.Incoming()) != 1 || s.Contacts.Import == nil || !s.Contacts.Import.Busy {
			h.Errorf("while the file is read: %d calls, preview %+v, want it to wait", len(s.Incoming()), s.Contacts.Import)
		}
		close(gate)
		if p := h.now().Contacts.Import; p == nil || p.Found != 1000 {
			h.Errorf("read: %+v", p)
		}
	})
}
