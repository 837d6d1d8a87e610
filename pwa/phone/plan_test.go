package phone

import (
	"reflect"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/text"
)

func twoLines() Snapshot {
	return then(onCall(), out("1", ua.CallEstablished, held), out("2", ua.CallEstablished))
}

// dialledAndAnswered is a call that rings at the other side, while the user talks to a caller on the stage.
func dialledAndAnswered() Snapshot {
	return then(idle(), out("1", ua.CallRinging), comes("9"), Answer{"9"}, in("9", ua.CallConnecting), in("9", ua.CallEstablished))
}

func TestPlan(t *testing.T) {
	dnd, auto := then(idle(), ToggleDoNotDisturb{}), idle()
	auto.AutoAnswer = true
	for _, test := range []struct {
		why   string
		from  Snapshot
		event Event
		want  []Command
	}{
		{"a complete card starts a session", card("sip.example.com"), typed, []Command{Start{typed}}},
		{"an incomplete one does not", card("sip.example.com"), Login{User: "1001"}, nil},
		{"a second press does not either", then(card("sip.example.com"), typed), typed, nil},
		{"a refused login ends it", then(card("sip.example.com"), typed), registration(ua.RegistrationFailed, ua.CauseAuth, 403), []Command{Stop{Forget: true}}},
		{"what worked is kept, without the password", then(card("sip.example.com"), typed, connected()), registration(ua.Registered, ua.CauseNone, 200),
			[]Command{Keep{KeyUser, "1001"}, Keep{KeyServer, "sip.example.com"}}},
		{"logging out", idle(), Logout{}, []Command{Stop{Forget: true}}},
		{"leaving the page", onCall(), Left{}, []Command{Stop{}}},
		{"coming back to it", idle(), Returned{}, []Command{Restart{}}},
		{"trying now", idle(), Retry{}, []Command{Wake{}}},

		{"dialling", then(idle(), Type{"10 02"}), Dial{"10 02"}, []Command{Invite{Target: "1002"}}},
		{"dialling the same again", then(idle(), Type{"1002"}, Dial{"1002"}, Type{"1002"}), Dial{"1002"}, []Command{Invite{Target: "1002"}}},
		{"an empty field only shows the last number", then(idle(), Type{"1002"}, Dial{"1002"}), Dial{}, nil},
		{"redial only shows the last number", then(idle(), Type{"1002"}, Dial{"1002"}), Redial{}, nil},
		{"which is called then", then(idle(), Type{"1002"}, Dial{"1002"}, Redial{}), Dial{"1002"}, []Command{Invite{Target: "1002"}}},
		{"a second press for one call", then(idle(), Type{"1002"}, Dial{"1002"}), Dial{"1002"}, nil},
		{"a number that has changed since it was seen", then(idle(), Type{"1002"}, Prefill{"tel:1003"}), Dial{"1002"}, nil},
		{"redial without a number", idle(), Redial{}, nil},
		{"the debug code is not called", then(idle(), Type{DebugCode}), Dial{DebugCode}, []Command{Trace{On: true}}},
		{"a second call holds the first", onCall(), MakeCall{"1003"}, []Command{Invite{Target: "1003", Hold: []string{"1"}}}},

		{"answering", then(idle(), comes("9")), Answer{"9"}, []Command{Accept{ID: "9"}}},
		{"hold and answer", then(onCall(), comes("9")), Answer{"9"}, []Command{Accept{ID: "9", Hold: []string{"1"}}}},
		{"a held call needs no hold", then(onCall(), out("1", ua.CallEstablished, held), comes("9")), Answer{"9"}, []Command{Accept{ID: "9"}}},
		{"end and answer", then(onCall(), comes("9")), EndAndAnswer{"9"}, []Command{Accept{ID: "9", End: []string{"1"}}}},
		{"answering a call that has gone leaves the present one alone", onCall(), Answer{"9"}, nil},
		{"so does ending the present one for it", onCall(), EndAndAnswer{"9"}, nil},
		{"a call that has been answered is not answered again", then(onCall(), comes("9"), in("9", ua.CallEstablished)), EndAndAnswer{"9"}, nil},
		{"declining", then(idle(), comes("9")), Decline{"9"}, []Command{Reject{"9", 486}}},
		{"do not disturb", dnd, comes("9"), []Command{Reject{"9", 486}}},
		{"auto answer", auto, comes("9"), []Command{Accept{ID: "9"}}},
		{"auto answer takes one caller, also while the microphone is being opened", then(auto, comes("9")), comes("8"), nil},
		{"auto answer lets the user take a call alone", then(auto, comesToWait("9"), Answer{"9"}), comes("8"), nil},
		{"auto answer goes on when the microphone was refused", then(auto, comes("9"), Failed{Command: Accept{ID: "9"}, Err: ua.ErrMedia}), comes("8"), []Command{Accept{ID: "8"}}},
		{"auto answer never interrupts", then(auto, out("1", ua.CallEstablished)), comes("9"), nil},

		{"a dialled call is answered while the user talks to a caller: the caller keeps the ear", dialledAndAnswered(), out("1", ua.CallEstablished), []Command{Hold{"1"}}},
		{"the caller's call comes about after the dialled one: it is on the stage", then(idle(), out("1", ua.CallRinging), comes("9"), Answer{"9"}, in("9", ua.CallConnecting), out("1", ua.CallEstablished)),
			in("9", ua.CallEstablished), []Command{Hold{"1"}}},
		{"beside a held call it need not wait", then(dialledAndAnswered(), in("9", ua.CallEstablished, held)), out("1", ua.CallEstablished), nil},
		{"once it has been answered nothing more is held", then(dialledAndAnswered(), out("1", ua.CallEstablished)), out("1", ua.CallEstablished, working), nil},

		{"hang up", onCall(), Hangup{"1"}, []Command{End{"1"}}},
		{"mute", onCall(), ToggleMute{"1"}, []Command{Mute{"1", true}}},
		{"unmute", then(onCall(), out("1", ua.CallEstablished, muted)), ToggleMute{"1"}, []Command{Mute{"1", false}}},
		{"mute of no call", idle(), ToggleMute{"1"}, nil},
		{"hold", onCall(), ToggleHold{"1"}, []Command{Hold{"1"}}},
		{"hold while a hold is under way", then(onCall(), out("1", ua.CallEstablished, func(c *ua.CallInfo) { c.Busy = true })), ToggleHold{"1"}, nil},
		{"hold before the answer", then(idle(), out("1", ua.CallRinging)), ToggleHold{"1"}, nil},
		{"resume holds the other", twoLines(), ToggleHold{"1"}, []Command{Resume{ID: "1", Hold: []string{"2"}}}},
		{"swap", twoLines(), Swap{"1"}, []Command{Resume{ID: "1", Hold: []string{"2"}}}},
		{"swap while the other side has not agreed to the last one", then(twoLines(), out("1", ua.CallEstablished, held, working)), Swap{"1"}, nil},

		{"a key in a call", onCall(), Press{"5"}, []Command{Tone{"1", "5"}}},
		{"a plus is no tone", onCall(), Press{"+"}, nil},
		{"a key before anything is heard", then(idle(), out("1", ua.CallRinging)), Press{"5"}, nil},
		{"a key for an announcement", then(idle(), out("1", ua.CallRinging, func(c *ua.CallInfo) { c.EarlyMedia = true })), Press{"5"}, []Command{Tone{"1", "5"}}},
		{"the same key again", then(onCall(), Press{"5"}), Press{"5"}, []Command{Tone{"1", "5"}}},
		{"a key on the dial pad", idle(), Press{"5"}, nil},
		{"a key while adding a call", then(onCall(), AddCall{On: true}), Press{"5"}, nil},

		{"the theme is kept", idle(), SetTheme{ThemeDark}, []Command{Keep{KeyTheme, "dark"}}},
		{"the language is kept", idle(), SetLanguage{text.German}, []Command{Keep{KeyLanguage, "de"}}},
		{"do not disturb is kept", idle(), ToggleDoNotDisturb{}, []Command{Keep{KeyDoNotDisturb, "on"}}},
		{"time passes", onCall(), Tick{at(5)}, nil},
	} {
		next := Reduce(test.from, test.event)
		if got := Plan(test.from, next, test.event); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %#v, want %#v", test.why, got, test.want)
		}
	}
}
