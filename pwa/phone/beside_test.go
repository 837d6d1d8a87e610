package phone

import (
	"testing"
	"testing/synctest"

	"github.com/gowebphone/webphone/pwa/screen"

	"github.com/gowebphone/webphone/pkg/ua"
)

// TestBesideAWindow does something in one window, and looks at what becomes of another, which shows the same phone.
func TestBesideAWindow(t *testing.T) {
	failed := then(idle(), out("1", ua.CallCalling), out("1", ua.CallEnded, because(ua.CauseBusy, 486)))
	two := then(onCall(), out("2", ua.CallEstablished))
	choosing := then(onCall(), screen.StartTransfer{ID: "1"})
	same := func(prev, next screen.Snapshot) bool { return screen.Same(&prev, &next) }
	with := func(s screen.Snapshot, change func(*screen.View)) screen.Snapshot { change(&s.View); return s }
	for _, test := range []struct {
		why   string
		s     screen.Snapshot
		event Event
		want  func(prev, next screen.Snapshot) bool
	}{
		{"only one window speaks", onCall(), out("1", ua.CallEstablished, held),
			func(prev, next screen.Snapshot) bool { return next.Live.Key == prev.Live.Key }},
		{"a number is given to one", idle(), numberGiven{"77"}, same},
		{"one is ready for its update", idle(), keptOver{}, same},
		{"the number to call again goes with its reason", failed, screen.CloseWhy{},
			func(_, next screen.Snapshot) bool { return next.Dial == "" }},
		{"another number stays", with(failed, func(v *screen.View) { v.Dial = "77" }), screen.CloseWhy{},
			func(_, next screen.Snapshot) bool { return next.Dial == "77" }},
		{"what was typed to call is no answer to whom", with(onCall(), func(v *screen.View) { v.Dial, v.Adding = "77", true }),
			screen.StartTransfer{ID: "1"}, func(_, next screen.Snapshot) bool { return next.Dial == "" && !next.Adding }},
		{"the answer to whom is no number to call", with(choosing, func(v *screen.View) { v.Dial = "77" }),
			screen.CancelTransfer{}, func(_, next screen.Snapshot) bool { return next.Dial == "" }},
		{"another call has other keys", with(two, func(v *screen.View) { v.Keypad = true }), screen.Swap{ID: "1"},
			func(_, next screen.Snapshot) bool { return !next.Keypad && next.Active == "1" }},
		{"typing is one's own", with(idle(), func(v *screen.View) { v.Dial = "77" }), screen.Press{Digit: "5"}, same},
		{"so is a page", idle(), screen.Show{Page: screen.PageSettings}, same},
		{"who logs out does so everywhere", with(onCall(), func(v *screen.View) { v.Page, v.Dial = screen.PageSettings, "77" }),
			screen.Logout{}, func(_, next screen.Snapshot) bool { return next.Page == screen.PagePhone && next.Dial == "" }},
	} {
		other := test.s
		other.Follows = true
		next := beside(other, Reduce(test.s, test.event).Shared, test.event, false)
		if !test.want(other, next) || !next.Follows {
			t.Errorf("%s: %+v", test.why, next.View)
		}
	}
}

// TestTheAudioMovesOnWithItsWindow: a call goes on in another window when the page with its audio is left, and what devices there
// are the window with the audio says.
func TestTheAudioMovesOnWithItsWindow(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		a, b := h.open(), h.open()
		h.agent().has("1")
		h.tell(out("1", ua.CallEstablished))
		a.tells(screen.DevicesFound{Devices: []screen.Device{{ID: "x"}}})
		if len(b.s.Devices) > 0 {
			h.Error("a window without the audio says which devices there are")
		}
		b.tells(screen.DevicesFound{Devices: []screen.Device{{ID: "y"}}}, screen.Left{})
		if a.s.Follows || len(a.s.Devices) != 1 || len(a.s.Lines()) != 1 {
			h.Errorf("follows %v with %d devices and %d calls", a.s.Follows, len(a.s.Devices), len(a.s.Lines()))
		}
		shown := a.s.Unasked
		h.first().does(screen.Type{Text: "7"})
		if a.s.Unasked != shown {
			h.Error("a window changes when somebody types in another")
		}
	})
}

// TestANoteOutlivesItsWindow that closes while it is written.
func TestANoteOutlivesItsWindow(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		a := h.open()
		h.tell(out("1", ua.CallEstablished), out("1", ua.CallEnded, answered))
		a.does(screen.WriteNote{ID: "1", Text: "asks for Ann"})
		a.close()
		synctest.Wait()
		h.do(screen.Show{Page: screen.PageHistory})
		if got := h.now().History.Days[0].Lines[0].Newest().Note; got != "asks for Ann" {
			h.Errorf("the history has the note %q", got)
		}
	})
}
