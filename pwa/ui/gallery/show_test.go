package main

import (
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
	"github.com/gowebphone/webphone/pwa/ui"
)

// TestShowSwitchesHideTheirPart switches one part of the screen off at a time: it goes, and the others stay.
func TestShowSwitchesHideTheirPart(t *testing.T) {
	for _, part := range []struct {
		name, screen, text string
		off                func(*screen.Parts)
	}{
		{"dialpad", "dialpad", "PQRS", func(s *screen.Parts) { s.Dialpad = false }},
		{"number", "dialpad-suggestions", "· Desk", func(s *screen.Parts) { s.Number = false }},
		{"answer", "incoming", "Answer", func(s *screen.Parts) { s.Answer = false }},
		{"hangup", "call", "Hang up", func(s *screen.Parts) { s.Hangup = false }},
		{"hold", "call", "Hold", func(s *screen.Parts) { s.Hold = false }},
		{"mute", "call", "Mute", func(s *screen.Parts) { s.Mute = false }},
		{"dial", "dialpad", "Dial", func(s *screen.Parts) { s.Dial = false }},
		{"status", "dialpad", "Registered", func(s *screen.Parts) { s.Status = false }},
		{"status", "call", "On call Reception", func(s *screen.Parts) { s.Status = false }},
	} {
		s := screens[part.screen]()
		before := shown(document(t, s))
		part.off(&s.Show)
		after := shown(document(t, s))
		if !strings.Contains(before, part.text) || strings.Contains(after, part.text) {
			t.Errorf("%s: %q has to be there and to go with the switch: %q, then %q", part.name, part.text, before, after)
		}
		if len(after) < 40 {
			t.Errorf("%s: only %q is left", part.name, after)
		}
	}
}

func TestHeadlessPhoneShowsNothing(t *testing.T) {
	for name, make := range screens {
		s := make()
		s.Show = screen.Parts{}
		s.Live = text.Sentence{Key: text.Muted}
		if got := shown(document(t, s)); got != "Webphone You are muted" {
			t.Errorf("%s: a headless phone shows %q, want its name and what happens, for screen readers only", name, got)
		}
	}
}

func TestMenuOfTheOperator(t *testing.T) {
	got := shown(document(t, screens["own-page"]()))
	for _, want := range []string{"Calls Help", "Settings", "Help desk"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
	if n := strings.Count(app.HTMLString(ui.Page(ui.View{S: screens["own-page"](), Do: func(screen.Event) {}})),
		"nav-item-phone"); n != 1 {
		t.Errorf("%d rows are the dial pad's, which a wide window leaves out; want one", n)
	}
	if strings.Contains(got, "Contacts") {
		t.Errorf("got %q, a row that is switched off", got)
	}
}

func TestUpdateIsNotOfferedDuringACall(t *testing.T) {
	for _, test := range []struct {
		why  string
		s    screen.Snapshot
		want bool
	}{
		{"nobody talks", then(idle(), screen.Updatable{}), true},
		{"a call goes on", then(talking(), screen.Updatable{}), false},
		{"a call comes in", then(idle(), screen.Updatable{}, in("9", "Support queue", "+442079460155")), false},
		{"the call is over", then(talking(), screen.Updatable{}, end("1", ua.CauseHangupLocal, 0, "")), true},
	} {
		if got := strings.Contains(shown(document(t, test.s)), "Update ready."); got != test.want {
			t.Errorf("%s: offered %v, want %v", test.why, got, test.want)
		}
	}
}
