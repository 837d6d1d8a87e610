package phone

import (
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// knowsLab is a desk that has the number 3001 in its contacts, and two calls with the Lab in its history.
func knowsLab(t *testing.T, tell func(h *harness)) {
	desk(t, oneServerConfig(), nil, func(h *harness, _ *store.Memory) {
		h.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Lab", Organisation: "Clinic",
			Numbers: []screen.Number{{Name: "Desk", Number: "3001"}, {Name: "Mobile", Number: "+447700900461"}}}})
		h.missedCall("old1", "3001")
		h.missedCall("old2", "+447700900461")
		h.missedCall("old3", "2001")
		h.do(screen.Show{Page: screen.PageHistory})
		tell(h)
	})
}

func answeredNow(c *ua.CallInfo) { c.Answered = time.Now() }

// shownCaller says whom the middle of a wide window shows.
func shownCaller(s screen.Snapshot) string {
	if !s.ShowsCaller() {
		return ""
	}
	return s.Caller.Line.ID
}

// TestChosenStaysBeforeTheCaller looks at who was chosen before the call came: they stay until the user turns to the call.
func TestChosenStaysBeforeTheCaller(t *testing.T) {
	knowsLab(t, func(h *harness) {
		chosen := h.now().History.Days[0].Lines[0].Newest().ID
		h.do(screen.Choose{ID: chosen})
		h.call("1", true, "3001", ua.CallRinging)
		if s := h.now(); s.ShowsCaller() || s.Detail != chosen {
			t.Error("a call that rings takes the place of what the user has chosen")
		}
		h.call("1", true, "3001", ua.CallEstablished, answeredNow)
		h.do(screen.ShowCaller{On: true})
		if s := h.now(); shownCaller(s) != "1" || s.Page != screen.PagePhone || s.Detail != chosen {
			t.Errorf("asked for the caller, the middle shows %q on page %q", shownCaller(s), s.Page)
		}
		h.do(screen.ShowCaller{})
		if s := h.now(); s.ShowsCaller() || s.History.Chosen == nil {
			t.Error("the way back does not lead to what was chosen")
		}
		h.do(screen.ShowCaller{On: true}, screen.Choose{ID: chosen})
		if h.now().ShowsCaller() {
			t.Error("a row that is pressed does not open")
		}
		h.do(screen.EditContact{Number: "3001"}, screen.ShowCaller{On: true})
		if s := h.now(); s.ShowsCaller() || s.Contacts.Edit == nil {
			t.Error("the caller takes the place of a form that somebody fills in")
		}
	})
}
