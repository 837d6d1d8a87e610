package phone

import (
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// TestTheCallerBesideTheCall goes in a narrow window from the call to who is on the line, writes there, and comes back to the
// call, whatever list lies under it.
func TestTheCallerBesideTheCall(t *testing.T) {
	for _, list := range []screen.Page{screen.PageHistory, screen.PageContacts, screen.PageSettings} {
		desk(t, oneServerConfig(), nil, func(h *harness, _ *store.Memory) {
			want := func(why string, page screen.Page, open bool) {
				t.Helper()
				if s := h.now(); s.Page != page || s.Caller.Open != open || s.List != list {
					t.Errorf("%s: page %q beside %q, caller open %v; want %q, %v", why, s.Page, s.List, s.Caller.Open, page, open)
				}
			}
			h.do(screen.Show{Page: list}, screen.Show{Page: screen.PagePhone})
			h.call("1", true, "3001", ua.CallRinging)
			h.call("1", true, "3001", ua.CallEstablished, answeredNow)
			aside := screen.ShowCaller{On: true, Aside: true}
			h.do(aside)
			want("aside from the call", list, true)
			h.do(screen.WriteNote{ID: "1", Text: "Invoice 4411"}, screen.ShowCaller{})
			want("the way back", screen.PagePhone, false)
			h.do(aside, screen.ShowCaller{On: true})
			want("the call bar leads to the call", screen.PagePhone, true)
			h.do(aside, screen.Show{Page: list})
			want("the list itself", list, false)
			h.do(aside, screen.Show{Page: screen.PagePhone})
			want("the page of the phone", screen.PagePhone, false)
			h.do(aside)
			h.missedCall("2", "2001")
			if s := h.now(); s.Missed != 1 {
				t.Errorf("beside %q: %d missed, want the call that came meanwhile", list, s.Missed)
			}
			h.call("1", true, "3001", ua.CallEnded, answeredNow)
			want("the call has ended: the note stays", list, true)
			if s := h.now(); s.Caller.Note != "Invoice 4411" || !s.HasNote() {
				t.Errorf("the note is %q", s.Caller.Note)
			}
			h.do(screen.ShowCaller{})
			want("closed", screen.PagePhone, false)
			if h.now().Caller.Known() {
				t.Error("who was on the line stays when that is closed")
			}
		})
	}
}
