package phone

import (
	"reflect"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// effectsOf tells the story and returns the effects of its last event.
func effectsOf(s screen.Snapshot, e Event) []screen.Effect { return screen.Effects(s, Reduce(s, e)) }

// pick leaves only effects of one kind.
func pick[E screen.Effect](list []screen.Effect) []E {
	var picked []E
	for _, e := range list {
		if e, ok := e.(E); ok {
			picked = append(picked, e)
		}
	}
	return picked
}

func wantEffects[E screen.Effect](t *testing.T, why string, list []screen.Effect, want ...E) {
	t.Helper()
	if got := pick[E](list); !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %#v, want %#v", why, got, want)
	}
}

func TestRinging(t *testing.T) {
	rings := then(idle(), comes("9"))
	wantEffects(t, "a call comes in", screen.Effects(idle(), rings), screen.Play{Loop: screen.Ringtone})
	wantEffects[screen.Play](t, "nothing new", effectsOf(rings, Tick{at(1)}))
	wantEffects[screen.Play](t, "a second one comes in", effectsOf(rings, comes("8")))
	wantEffects(t, "answered", effectsOf(rings, in("9", ua.CallConnecting)), screen.Play{Loop: screen.Silence})
	wantEffects(t, "the caller gives up", effectsOf(rings, in("9", ua.CallEnded, because(ua.CauseCancelled, 0))),
		screen.Play{Loop: screen.Silence})
	wantEffects(t, "one comes in during a call", effectsOf(onCall(), comes("9")), screen.Play{Loop: screen.CallWaiting})
	wantEffects(t, "the call beside it ends", effectsOf(then(onCall(), comes("9")), out("1", ua.CallEnded)),
		screen.Play{Loop: screen.Ringtone})
	wantEffects[screen.Play](t, "do not disturb", effectsOf(then(idle(), screen.ToggleDoNotDisturb{}), comes("9")))
	wantEffects(t, "logging out", effectsOf(rings, screen.Logout{}), screen.Play{Loop: screen.Silence})
}

func TestRingback(t *testing.T) {
	calling := then(idle(), out("1", ua.CallCalling))
	early := func(c *ua.CallInfo) { c.EarlyMedia = true }
	wantEffects(t, "the other side rings", effectsOf(calling, out("1", ua.CallRinging)), screen.Play{Loop: screen.Ringback})
	wantEffects[screen.Play](t, "it sends its own sound", effectsOf(calling, out("1", ua.CallRinging, early)))
	wantEffects(t, "its own sound begins", effectsOf(then(calling, out("1", ua.CallRinging)), out("1", ua.CallRinging, early)),
		screen.Play{Loop: screen.Silence})
	wantEffects(t, "answered", effectsOf(then(calling, out("1", ua.CallRinging)), out("1", ua.CallEstablished)),
		screen.Play{Loop: screen.Silence})
}

func TestSignals(t *testing.T) {
	ringing := then(idle(), out("1", ua.CallRinging))
	busy := then(ringing, out("1", ua.CallEnded, because(ua.CauseBusy, 486)))
	wantEffects(t, "busy", screen.Effects(ringing, busy), screen.Beep{Signal: screen.BusyTone})
	wantEffects[screen.Beep](t, "shown again", effectsOf(busy, Tick{at(9)}))
	wantEffects(t, "not found", effectsOf(ringing, out("1", ua.CallEnded, because(ua.CauseNotFound, 404))),
		screen.Beep{Signal: screen.ErrorTone})
	wantEffects[screen.Beep](t, "hung up", effectsOf(ringing, out("1", ua.CallEnded, because(ua.CauseHangupLocal, 0))))
	wantEffects(t, "busy once more", screen.Effects(then(busy, screen.Redial{}, out("2", ua.CallRinging)),
		then(busy, out("2", ua.CallRinging), out("2", ua.CallEnded, because(ua.CauseBusy, 486)))),
		screen.Beep{Signal: screen.BusyTone})
}

func TestKeyTones(t *testing.T) {
	s := idle()
	wantEffects(t, "a key", effectsOf(s, screen.Press{Digit: "5"}), screen.KeyTone{Digit: "5"})
	wantEffects(t, "the same key again", effectsOf(then(s, screen.Press{Digit: "5"}), screen.Press{Digit: "5"}),
		screen.KeyTone{Digit: "5"})
	wantEffects[screen.KeyTone](t, "typing makes no sound", effectsOf(s, screen.Type{Text: "5"}))
	wantEffects[screen.KeyTone](t, "logging out makes none", effectsOf(then(s, screen.Press{Digit: "5"}), screen.Logout{}))
}

func TestTitle(t *testing.T) {
	wantEffects(t, "a call comes in", effectsOf(idle(), comes("9")), screen.Title{Text: "Incoming call: Caller 9 · Webphone"})
	wantEffects(t, "another comes in", effectsOf(then(idle(), comes("9")), comes("8")),
		screen.Title{Text: "Incoming call: Caller 9 +1 · Webphone"})
	wantEffects(t, "on a call", effectsOf(then(idle(), out("1", ua.CallRinging)), out("1", ua.CallEstablished)),
		screen.Title{Text: "On call: 101 · Webphone"})
	wantEffects(t, "over", effectsOf(onCall(), out("1", ua.CallEnded)), screen.Title{Text: "Webphone"})
	wantEffects[screen.Title](t, "time passes", effectsOf(onCall(), Tick{at(3)}))
}

func TestBadgeCountsMissedCalls(t *testing.T) {
	rings := then(idle(), comes("9"))
	missed := then(rings, in("9", ua.CallEnded, because(ua.CauseCancelled, 0)))
	wantEffects(t, "missed", screen.Effects(rings, missed), screen.Badge{Count: 1})
	wantEffects(t, "looked at", effectsOf(missed, screen.Show{Page: screen.PageHistory}), screen.Badge{Count: 0})
	wantEffects[screen.Badge](t, "nothing new", effectsOf(missed, Tick{at(3)}))
}

func TestBrandIsLaidOver(t *testing.T) {
	branded := idle()
	branded.CSS = "/brand.css"
	wantEffects(t, "the operator has a style sheet", screen.Effects(idle(), branded), screen.Brand{CSS: "/brand.css"})
	wantEffects[screen.Brand](t, "it lasts after logging out", effectsOf(branded, screen.Logout{}))
}

func TestSystemIsToldOfTheCall(t *testing.T) {
	ringing := then(idle(), out("1", ua.CallRinging))
	wantEffects(t, "a call begins", screen.Effects(idle(), ringing), screen.Session{ID: "1", Name: "101"})
	wantEffects(t, "muted", effectsOf(onCall(), out("1", ua.CallEstablished, muted)),
		screen.Session{ID: "1", Name: "101", Muted: true})
	wantEffects[screen.Session](t, "time passes", effectsOf(onCall(), Tick{at(3)}))
	wantEffects(t, "over", effectsOf(onCall(), out("1", ua.CallEnded)), screen.Session{})
	wantEffects[screen.Session](t, "a call that only rings here is the notification's", effectsOf(idle(), comes("9")))
}

func TestNotifications(t *testing.T) {
	rings := then(idle(), comes("9"))
	wantEffects(t, "a call comes in", screen.Effects(idle(), rings),
		screen.Notify{ID: "9", Title: "Caller 9", Body: "Incoming call", Answer: "Answer", Decline: "Decline"})
	wantEffects[screen.Notify](t, "shown again", effectsOf(rings, Tick{at(1)}))
	wantEffects(t, "answered", effectsOf(rings, in("9", ua.CallConnecting)), screen.Retract{ID: "9"})
	wantEffects(t, "given up", effectsOf(rings, in("9", ua.CallEnded)), screen.Retract{ID: "9"})
}

func TestCallKeepsThePageAwake(t *testing.T) {
	start := then(idle(), out("1", ua.CallCalling))
	wantEffects(t, "a call begins", screen.Effects(idle(), start), screen.KeepAwake{On: true})
	wantEffects(t, "leaving would end it", screen.Effects(idle(), start), screen.Guard{On: true})
	wantEffects(t, "it ends", effectsOf(start, out("1", ua.CallEnded)), screen.KeepAwake{On: false})
	wantEffects[screen.Guard](t, "one that only rings does not hold the page", effectsOf(idle(), comes("9")))
}

func TestNumberFieldFollows(t *testing.T) {
	wantEffects(t, "a key", effectsOf(idle(), screen.Press{Digit: "5"}), screen.FillDial{Text: "5"})
	wantEffects(t, "emptied by dialling", effectsOf(then(idle(), screen.Type{Text: "1002"}), screen.Dial{Text: "1002"}),
		screen.FillDial{Text: ""})
}

func TestDress(t *testing.T) {
	wantEffects(t, "dark", effectsOf(idle(), screen.SetTheme{Theme: screen.ThemeDark}),
		screen.Dress{Theme: screen.ThemeDark, Language: text.English})
	wantEffects(t, "Arabic", effectsOf(idle(), screen.SetLanguage{Language: text.Arabic}),
		screen.Dress{Theme: screen.ThemeSystem, Language: text.Arabic})
}

func TestEqualSnapshotsHaveNoEffects(t *testing.T) {
	for _, s := range []screen.Snapshot{{}, idle(), onCall(), then(onCall(), comes("9")),
		then(idle(), out("1", ua.CallRinging), out("1", ua.CallEnded, because(ua.CauseBusy, 486)))} {
		if got := screen.Effects(s, s); len(got) != 0 {
			t.Errorf("got %#v, want nothing: a snapshot shown twice must not be heard twice", got)
		}
	}
}
