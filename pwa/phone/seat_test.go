package phone

import (
	"context"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// window is this browser window among others, as a test moves them.
type window struct {
	free   chan struct{} // receives when no other window is the phone
	wanted chan struct{} // closed when another wants to be it
	given  func(number string)
	log    []string
}

func (w *window) Claim(ctx context.Context, name string, taken func(), given func(string)) (Seat, error) {
	select {
	case <-w.free:
	default:
		taken()
		select {
		case <-w.free:
		case <-ctx.Done():
			return Seat{}, ctx.Err()
		}
	}
	w.given, w.log = given, append(w.log, "claim "+name)
	return Seat{Wanted: w.wanted, Release: func() { w.log = append(w.log, "release") }}, nil
}

func (w *window) Ask(name string)    { w.log = append(w.log, "ask "+name) }
func (w *window) Give(number string) { w.log = append(w.log, "give "+number) }

// TestOneWindowIsThePhone logs in while another window is the phone, takes over, and is taken over.
func TestOneWindowIsThePhone(t *testing.T) {
	w := &window{}
	storyWith(t, Options{Config: oneServerConfig(), Seats: w}, func(h *harness) {
		w.free, w.wanted = make(chan struct{}, 1), make(chan struct{})
		h.do(typed)
		s := h.now()
		if key, bad := screen.RegistrationText(s); s.Screen != screen.ScreenPhone || !s.Elsewhere || s.CanDial() || s.Offline() ||
			!bad || key != text.Elsewhere {
			t.Fatalf("screen %v, elsewhere %v, can dial %v, says %q, want the phone to be in use elsewhere", s.Screen,
				s.Elsewhere, s.CanDial(), key)
		}
		h.wantDone("nobody registers here")
		h.do(screen.Prefill{Text: "tel:605"})
		if s := h.now(); s.Dial != "" || s.Problem.Text.Key != text.NumberGiven {
			t.Errorf("the field holds %q and %q is said, want the number in the other window", s.Dial, s.Problem.Text.Key)
		}
		h.do(screen.TakeOver{})
		w.free <- struct{}{}
		h.wantDone("it is the phone now", "run")
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200), out("1", ua.CallEstablished))
		if s := h.now(); s.Elsewhere || !s.Registered() || len(s.Lines()) != 1 {
			t.Fatalf("elsewhere %v, registered %v, %d calls, want the phone here", s.Elsewhere, s.Registered(), len(s.Lines()))
		}
		w.given("tel:606")
		if s := h.now(); s.Dial != "606" || !s.Adding || len(s.Lines()) != 1 {
			t.Errorf("the field holds %q, adding %v, %d calls, want the number another window gave, called by nobody", s.Dial,
				s.Adding, len(s.Lines()))
		}
		first := h.agent()
		first.did()
		close(w.wanted)
		if s := h.now(); !s.Elsewhere || s.Registered() || len(s.Lines()) != 0 || len(h.ended) != 1 {
			t.Errorf("elsewhere %v, registered %v, %d calls, want another window to be the phone", s.Elsewhere, s.Registered(),
				len(s.Lines()))
		}
		if got := first.did(); len(got) != 1 || got[0] != "goodbye" {
			t.Errorf("it did %q, want its goodbye before the other begins", got)
		}
		h.wantDone("it waits for the other window")
		h.do(screen.Logout{})
		if s := h.now(); s.Elsewhere || s.Screen != screen.ScreenLogin {
			t.Errorf("elsewhere %v, screen %v, want the card", s.Elsewhere, s.Screen)
		}
	})
	want := []string{"give tel:605", "ask webphone sip:1001@sip.example.com", "claim webphone sip:1001@sip.example.com",
		"release"}
	if len(w.log) != len(want) {
		t.Fatalf("the seat: %q, want %q", w.log, want)
	}
	for i := range want {
		if w.log[i] != want[i] {
			t.Errorf("the seat: %q, want %q", w.log, want)
		}
	}
}
