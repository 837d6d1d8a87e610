package phone

import (
	"reflect"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/text"
)

// effectsOf tells the story and returns the effects of its last event.
func effectsOf(s Snapshot, e Event) []Effect { return Effects(s, Reduce(s, e)) }

// pick leaves only effects of one kind.
func pick[E Effect](list []Effect) []E {
	var picked []E
	for _, e := range list {
		if e, ok := e.(E); ok {
			picked = append(picked, e)
		}
	}
	return picked
}

func wantEffects[E Effect](t *testing.T, why string, list []Effect, want ...E) {
	t.Helper()
	if got := pick[E](list); !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %#v, want %#v", why, got, want)
	}
}

func TestRinging(t *testing.T) {
	rings := then(idle(), comes("9"))
	wantEffects(t, "a call comes in", Effects(idle(), rings), Play{Ringtone})
	wantEffects[Play](t, "nothing new", effectsOf(rings, Tick{at(1)}))
	wantEffects[Play](t, "a second one comes in", effectsOf(rings, comes("8")))
	wantEffects(t, "answered", effectsOf(rings, in("9", ua.CallConnecting)), Play{Silence})
	wantEffects(t, "the caller gives up", effectsOf(rings, in("9", ua.CallEnded, because(ua.CauseCancelled, 0))), Play{Silence})
	wantEffects(t, "one comes in during a call", effectsOf(onCall(), comes("9")), Play{CallWaiting})
	wantEffects(t, "the call beside it ends", effectsOf(then(onCall(), comes("9")), out("1", ua.CallEnded)), Play{Ringtone})
	wantEffects[Play](t, "do not disturb", effectsOf(then(idle(), ToggleDoNotDisturb{}), comes("9")))
	wantEffects(t, "logging out", effectsOf(rings, Logout{}), Play{Silence})
}

func TestRingback(t *testing.T) {
	calling := then(idle(), out("1", ua.CallCalling))
	early := func(c *ua.CallInfo) { c.EarlyMedia = true }
	wantEffects(t, "the other side rings", effectsOf(calling, out("1", ua.CallRinging)), Play{Ringback})
	wantEffects[Play](t, "it sends its own sound", effectsOf(calling, out("1", ua.CallRinging, early)))
	wantEffects(t, "its own sound begins", effectsOf(then(calling, out("1", ua.CallRinging)), out("1", ua.CallRinging, early)), Play{Silence})
	wantEffects(t, "answered", effectsOf(then(calling, out("1", ua.CallRinging)), out("1", ua.CallEstablished)), Play{Silence})
}

func TestSignals(t *testing.T) {
	ringing := then(idle(), out("1", ua.CallRinging))
	busy := then(ringing, out("1", ua.CallEnded, because(ua.CauseBusy, 486)))
	wantEffects(t, "busy", Effects(ringing, busy), Beep{BusyTone})
	wantEffects[Beep](t, "shown again", effectsOf(busy, Tick{at(9)}))
	wantEffects(t, "not found", effectsOf(ringing, out("1", ua.CallEnded, because(ua.CauseNotFound, 404))), Beep{ErrorTone})
	wantEffects[Beep](t, "hung up", effectsOf(ringing, out("1", ua.CallEnded, because(ua.CauseHangupLocal, 0))))
	wantEffects(t, "busy once more", Effects(then(busy, Redial{}, out("2", ua.CallRinging)),
		then(busy, out("2", ua.CallRinging), out("2", ua.CallEnded, because(ua.CauseBusy, 486)))), Beep{BusyTone})
}

func TestKeyTones(t *testing.T) {
	s := idle()
	wantEffects(t, "a key", effectsOf(s, Press{"5"}), KeyTone{"5"})
	wantEffects(t, "the same key again", effectsOf(then(s, Press{"5"}), Press{"5"}), KeyTone{"5"})
	wantEffects[KeyTone](t, "typing makes no sound", effectsOf(s, Type{"5"}))
	wantEffects[KeyTone](t, "logging out makes none", effectsOf(then(s, Press{"5"}), Logout{}))
}

func TestTitle(t *testing.T) {
	wantEffects(t, "a call comes in", effectsOf(idle(), comes("9")), Title{"Incoming call: Caller 9 · Webphone"})
	wantEffects(t, "another comes in", effectsOf(then(idle(), comes("9")), comes("8")), Title{"Incoming call: Caller 9 +1 · Webphone"})
	wantEffects(t, "on a call", effectsOf(then(idle(), out("1", ua.CallRinging)), out("1", ua.CallEstablished)), Title{"On call: 101 · Webphone"})
	wantEffects(t, "over", effectsOf(onCall(), out("1", ua.CallEnded)), Title{"Webphone"})
	wantEffects[Title](t, "time passes", effectsOf(onCall(), Tick{at(3)}))
}

func TestBadgeCountsMissedCalls(t *testing.T) {
	rings := then(idle(), comes("9"))
	missed := then(rings, in("9", ua.CallEnded, because(ua.CauseCancelled, 0)))
	wantEffects(t, "missed", Effects(rings, missed), Badge{1})
	wantEffects(t, "looked at", effectsOf(missed, Show{PageHistory}), Badge{0})
	wantEffects[Badge](t, "nothing new", effectsOf(missed, Tick{at(3)}))
}

func TestBrandIsLaidOver(t *testing.T) {
	branded := idle()
	branded.CSS = "/brand.css"
	wantEffects(t, "the operator has a style sheet", Effects(idle(), branded), Brand{"/brand.css"})
	wantEffects[Brand](t, "it lasts after logging out", effectsOf(branded, Logout{}))
}

func TestSystemIsToldOfTheCall(t *testing.T) {
	ringing := then(idle(), out("1", ua.CallRinging))
	wantEffects(t, "a call begins", Effects(idle(), ringing), Session{ID: "1", Name: "101"})
	wantEffects(t, "muted", effectsOf(onCall(), out("1", ua.CallEstablished, muted)), Session{ID: "1", Name: "101", Muted: true})
	wantEffects[Session](t, "time passes", effectsOf(onCall(), Tick{at(3)}))
	wantEffects(t, "over", effectsOf(onCall(), out("1", ua.CallEnded)), Session{})
	wantEffects[Session](t, "a call that only rings here is the notification's", effectsOf(idle(), comes("9")))
}

func TestNotifications(t *testing.T) {
	rings := then(idle(), comes("9"))
	wantEffects(t, "a call comes in", Effects(idle(), rings), Notify{"9", "Caller 9", "Incoming call", "Answer", "Decline"})
	wantEffects[Notify](t, "shown again", effectsOf(rings, Tick{at(1)}))
	wantEffects(t, "answered", effectsOf(rings, in("9", ua.CallConnecting)), Retract{"9"})
	wantEffects(t, "given up", effectsOf(rings, in("9", ua.CallEnded)), Retract{"9"})
}

func TestCallKeepsThePageAwake(t *testing.T) {
	start := then(idle(), out("1", ua.CallCalling))
	wantEffects(t, "a call begins", Effects(idle(), start), KeepAwake{true})
	wantEffects(t, "leaving would end it", Effects(idle(), start), Guard{true})
	wantEffects(t, "it ends", effectsOf(start, out("1", ua.CallEnded)), KeepAwake{false})
	wantEffects[Guard](t, "one that only rings does not hold the page", effectsOf(idle(), comes("9")))
}

func TestNumberFieldFollows(t *testing.T) {
	wantEffects(t, "a key", effectsOf(idle(), Press{"5"}), FillDial{"5"})
	wantEffects(t, "emptied by dialling", effectsOf(then(idle(), Type{"1002"}), Dial{"1002"}), FillDial{""})
}

func TestDress(t *testing.T) {
	wantEffects(t, "dark", effectsOf(idle(), SetTheme{ThemeDark}), Dress{ThemeDark, text.English})
	wantEffects(t, "Arabic", effectsOf(idle(), SetLanguage{text.Arabic}), Dress{ThemeSystem, text.Arabic})
}

func TestEqualSnapshotsHaveNoEffects(t *testing.T) {
	for _, s := range []Snapshot{{}, idle(), onCall(), then(onCall(), comes("9")), then(idle(), out("1", ua.CallRinging), out("1", ua.CallEnded, because(ua.CauseBusy, 486)))} {
		if got := Effects(s, s); len(got) != 0 {
			t.Errorf("got %#v, want nothing: a snapshot shown twice must not be heard twice", got)
		}
	}
}
