package phone

import (
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// desk is a logged-in phone with a store, whose fetcher the test may set.
func desk(t *testing.T, cfg config.Config, get fetch.Func, tell func(h *harness, store *store.Memory)) {
	store := &store.Memory{}
	storyWith(t, Options{Config: cfg, Store: store, Fetch: get}, func(h *harness) {
		h.login()
		tell(h, store)
	})
}

func (h *harness) call(id string, incoming bool, number string, state ua.CallState, change ...func(*ua.CallInfo)) {
	h.Helper()
	info := ua.CallInfo{ID: id, CallID: id, State: state, Started: time.Now(),
		Remote: ua.Address{User: number, Host: "sip.example.com"}}
	if incoming {
		info.Direction = ua.Incoming
	} else {
		info.Dialled = number
	}
	for _, f := range change {
		f(&info)
	}
	if incoming && state == ua.CallRinging {
		h.tell(told(ua.IncomingCallEvent{Info: info}))
		return
	}
	h.tell(told(ua.CallEvent{Info: info}))
}

// missedCall rings and ends unanswered.
func (h *harness) missedCall(id, number string) {
	h.Helper()
	h.call(id, true, number, ua.CallRinging)
	h.call(id, true, number, ua.CallEnded, because(ua.CauseCancelled, 0))
}

func lines(s screen.Snapshot) string {
	var text []string
	for _, day := range s.History.Days {
		for _, l := range day.Lines {
			text = append(text, strings.TrimSpace(l.Name+" "+l.Newest().Number))
		}
	}
	return strings.Join(text, "; ")
}

func TestEndedCallsAreKeptForTheirAccount(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, store *store.Memory) {
		h.call("1", false, "600", ua.CallCalling)
		h.call("1", false, "600", ua.CallEnded)
		h.missedCall("2", "2001")
		s := h.now()
		if got, want := lines(s), "2001; 600"; got != want || s.Missed != 1 || s.Last == nil || s.Last.Newest().Number != "2001" {
			h.Errorf("history %q, %d missed, last %+v; want %q, 1 and 2001", got, s.Missed, s.Last, want)
		}
		if h.do(screen.Show{Page: screen.PageHistory}); h.now().Missed != 0 {
			h.Error("the badge stays although the history was looked at")
		}
		h.do(screen.Logout{}, screen.Login{User: "1002", Password: "secret", Server: "sip.example.com"})
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		if s := h.now(); lines(s) != "" || s.Placed.Target != "" || s.Last != nil {
			h.Errorf("another account sees %q and would redial %q", lines(s), s.Placed.Target)
		}
		h.do(screen.Logout{}, typed)
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		if s := h.now(); lines(s) != "2001; 600" || s.Placed.Target != "600" {
			h.Errorf("after logging in again: history %q, redial %q", lines(s), s.Placed.Target)
		}
		h.do(screen.Dial{})
		if h.now().Dial != "600" {
			h.Errorf("an empty Dial brings %q, want the number of the last visit", h.now().Dial)
		}
	})
}

func TestRefusedCallsAreMissedOnes(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, _ *store.Memory) {
		h.do(screen.ToggleDoNotDisturb{})
		h.call("1", true, "2001", ua.CallRinging)
		h.call("1", true, "2001", ua.CallEnded, because(ua.CauseRejectedLocal, 486))
		if h.now().Missed != 1 {
			h.Error("a call refused by do not disturb leaves no mark")
		}
	})
	cfg := oneServerConfig()
	cfg.Flags = []config.Flag{config.NoHistory}
	desk(t, cfg, nil, func(h *harness, store *store.Memory) {
		h.missedCall("1", "2001")
		if s := h.now(); lines(s) != "" || len(store.Data) != 0 {
			h.Errorf("history %q, %d documents although calls are not to be remembered", lines(s), len(store.Data))
		}
	})
}

func TestContactsNameCallers(t *testing.T) {
	desk(t, oneServerConfig(), nil, func(h *harness, _ *store.Memory) {
		h.do(screen.EditContact{Name: "x"}, screen.SaveContact{Contact: screen.Contact{Name: " "}})
		if form := h.now().Contacts.Edit; form == nil || form.Error.Key != text.ContactName {
			h.Fatalf("form %+v, want it open with the reason", form)
		}
		h.do(screen.SaveContact{Contact: screen.Contact{Name: "Front Desk", Numbers: []screen.Number{{Number: "2001"}}}})
		s := h.now()
		if s.Contacts.Edit != nil || s.Contacts.Chosen == nil || s.Contacts.Chosen.Name != "Front Desk" {
			h.Fatalf("after saving: %+v", s.Contacts)
		}
		id := s.Detail
		h.call("1", true, "2001", ua.CallRinging)
		if got := h.now().Incoming()[0].Name(); got != "Front Desk" {
			h.Errorf("%q calls, want the name from the contacts", got)
		}
		h.call("1", true, "2001", ua.CallEnded, because(ua.CauseCancelled, 0))
		h.do(screen.Show{Page: screen.PageHistory})
		if l := h.now().History.Days[0].Lines[0]; l.Name != "Front Desk" || l.ContactID != id {
			h.Errorf("line %+v", l)
		}
		h.do(screen.Type{Text: "fro"})
		if got := h.now().Suggestions; len(got) != 1 || got[0].Number != "2001" {
			h.Errorf("suggestions %+v", got)
		}
		h.do(screen.OpenContact{ID: id}, screen.SetFavourite{ID: id, On: true}, screen.ShowFavourites{On: true})
		if got := h.now().Contacts; got.Found != 1 || !got.Rows[0].Favourite {
			h.Errorf("favourites %+v", got)
		}
		h.do(screen.DeleteContact{ID: id})
		if s := h.now(); s.Contacts.Total != 0 || s.Detail != "" {
			h.Errorf("after deletion: %d contacts, detail %q", s.Contacts.Total, s.Detail)
		}
		h.do(screen.TakeBack{})
		if h.now().Contacts.Total != 1 {
			h.Error("a deleted contact does not come back")
		}
	})
}
