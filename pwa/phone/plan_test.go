package phone

import (
	"reflect"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

func twoLines() screen.Snapshot {
	return then(onCall(), out("1", ua.CallEstablished, held), out("2", ua.CallEstablished))
}

// dialledAndAnswered is a call that rings at the other side, while the user talks to a caller on the stage.
func dialledAndAnswered() screen.Snapshot {
	return then(idle(), out("1", ua.CallRinging), comes("9"), screen.Answer{ID: "9"}, in("9", ua.CallConnecting),
		in("9", ua.CallEstablished))
}

func TestPlan(t *testing.T) {
	dnd, auto := then(idle(), screen.ToggleDoNotDisturb{}), idle()
	auto.AutoAnswer = true
	for _, test := range []struct {
		why   string
		from  screen.Snapshot
		event Event
		want  []Command
	}{
		{"a complete card starts a session", card("sip.example.com"), typed, []Command{Start{signIn{Login: typed}}}},
		{"an incomplete one does not", card("sip.example.com"), screen.Login{User: "1001"}, nil},
		{"a second press does not either", then(card("sip.example.com"), typed), typed, nil},
		{"a refused login ends it", then(card("sip.example.com"), typed), registration(ua.RegistrationFailed, ua.CauseAuth, 403),
			[]Command{Stop{Forget: true}}},
		{"what worked is kept, without the password", then(card("sip.example.com"), typed, connected()),
			registration(ua.Registered, ua.CauseNone, 200),
			[]Command{Keep{KeyUser, "1001"}, Keep{KeyServer, "sip.example.com"}, WarmUp{}}},
		{"logging out", idle(), screen.Logout{}, []Command{Stop{Forget: true}}},
		{"leaving the page", onCall(), screen.Left{}, []Command{Stop{}}},
		{"coming back to it", idle(), screen.Returned{}, []Command{Restart{}}},
		{"trying now", idle(), screen.Retry{}, []Command{Wake{}}},

		{"dialling", then(idle(), screen.Type{Text: "10 02"}), screen.Dial{Text: "10 02"}, []Command{Invite{Target: "1002"}}},
		{"dialling the same again", then(idle(), screen.Type{Text: "1002"}, screen.Dial{Text: "1002"}, screen.Type{Text: "1002"}),
			screen.Dial{Text: "1002"}, []Command{Invite{Target: "1002"}}},
		{"an empty field only shows the last number", then(idle(), screen.Type{Text: "1002"}, screen.Dial{Text: "1002"}),
			screen.Dial{}, nil},
		{"redial only shows the last number", then(idle(), screen.Type{Text: "1002"}, screen.Dial{Text: "1002"}), screen.Redial{},
			nil},
		{"which is called then", then(idle(), screen.Type{Text: "1002"}, screen.Dial{Text: "1002"}, screen.Redial{}),
			screen.Dial{Text: "1002"}, []Command{Invite{Target: "1002"}}},
		{"a second press for one call", then(idle(), screen.Type{Text: "1002"}, screen.Dial{Text: "1002"}),
			screen.Dial{Text: "1002"}, nil},
		{"a number that has changed since it was seen", then(idle(), screen.Type{Text: "1002"}, screen.Prefill{Text: "tel:1003"}),
			screen.Dial{Text: "1002"}, nil},
		{"redial without a number", idle(), screen.Redial{}, nil},
		{"the debug code is not called", then(idle(), screen.Type{Text: debugCode}), screen.Dial{Text: debugCode},
			[]Command{Trace{On: true}}},
		{"a second call holds the first", onCall(), screen.MakeCall{Target: "1003"},
			[]Command{Invite{Target: "1003", Hold: []string{"1"}}}},

		{"answering", then(idle(), comes("9")), screen.Answer{ID: "9"}, []Command{Accept{ID: "9"}}},
		{"hold and answer", then(onCall(), comes("9")), screen.Answer{ID: "9"}, []Command{Accept{ID: "9", Hold: []string{"1"}}}},
		{"a held call needs no hold", then(onCall(), out("1", ua.CallEstablished, held), comes("9")), screen.Answer{ID: "9"},
			[]Command{Accept{ID: "9"}}},
		{"end and answer", then(onCall(), comes("9")), screen.EndAndAnswer{ID: "9"},
			[]Command{Accept{ID: "9", End: []string{"1"}}}},
		{"answering a call that has gone leaves the present one alone", onCall(), screen.Answer{ID: "9"}, nil},
		{"so does ending the present one for it", onCall(), screen.EndAndAnswer{ID: "9"}, nil},
		{"a call that has been answered is not answered again", then(onCall(), comes("9"), in("9", ua.CallEstablished)),
			screen.EndAndAnswer{ID: "9"}, nil},
		{"declining", then(idle(), comes("9")), screen.Decline{ID: "9"}, []Command{Reject{"9", 486}}},
		{"do not disturb", dnd, comes("9"), []Command{Reject{"9", 486}}},
		{"auto answer", auto, comes("9"), []Command{Accept{ID: "9"}}},
		{"auto answer takes one caller, also while the microphone is being opened", then(auto, comes("9")), comes("8"), nil},
		{"auto answer lets the user take a call alone", then(auto, comesToWait("9"), screen.Answer{ID: "9"}), comes("8"), nil},
		{"auto answer goes on when the microphone was refused",
			then(auto, comes("9"), Failed{Command: Accept{ID: "9"}, Err: ua.ErrMedia}), comes("8"), []Command{Accept{ID: "8"}}},
		{"auto answer never interrupts", then(auto, out("1", ua.CallEstablished)), comes("9"), nil},

		{"a dialled call is answered while the user talks to a caller: the caller keeps the ear", dialledAndAnswered(),
			out("1", ua.CallEstablished), []Command{Hold{"1"}}},
		{"the caller's call comes about after the dialled one: it is on the stage",
			then(idle(), out("1", ua.CallRinging), comes("9"), screen.Answer{ID: "9"}, in("9", ua.CallConnecting),
				out("1", ua.CallEstablished)),
			in("9", ua.CallEstablished), []Command{Hold{"1"}}},
		{"beside a held call it need not wait", then(dialledAndAnswered(), in("9", ua.CallEstablished, held)),
			out("1", ua.CallEstablished), nil},
		{"once it has been answered nothing more is held", then(dialledAndAnswered(), out("1", ua.CallEstablished)),
			out("1", ua.CallEstablished, working), nil},

		{"hang up", onCall(), screen.Hangup{ID: "1"}, []Command{End{"1"}}},
		{"mute", onCall(), screen.ToggleMute{ID: "1"}, []Command{Mute{"1", true}}},
		{"unmute", then(onCall(), out("1", ua.CallEstablished, muted)), screen.ToggleMute{ID: "1"}, []Command{Mute{"1", false}}},
		{"mute of no call", idle(), screen.ToggleMute{ID: "1"}, nil},
		{"hold", onCall(), screen.ToggleHold{ID: "1"}, []Command{Hold{"1"}}},
		{"hold while a hold is under way", then(onCall(), out("1", ua.CallEstablished, func(c *ua.CallInfo) { c.Busy = true })),
			screen.ToggleHold{ID: "1"}, nil},
		{"hold before the answer", then(idle(), out("1", ua.CallRinging)), screen.ToggleHold{ID: "1"}, nil},
		{"resume holds the other", twoLines(), screen.ToggleHold{ID: "1"}, []Command{Resume{ID: "1", Hold: []string{"2"}}}},
		{"swap", twoLines(), screen.Swap{ID: "1"}, []Command{Resume{ID: "1", Hold: []string{"2"}}}},
		{"swap while the other side has not agreed to the last one",
			then(twoLines(), out("1", ua.CallEstablished, held, working)), screen.Swap{ID: "1"}, nil},

		{"a key in a call", onCall(), screen.Press{Digit: "5"}, []Command{Tone{"1", "5"}}},
		{"a plus is no tone", onCall(), screen.Press{Digit: "+"}, nil},
		{"a key before anything is heard", then(idle(), out("1", ua.CallRinging)), screen.Press{Digit: "5"}, nil},
		{"a key for an announcement", then(idle(), out("1", ua.CallRinging, func(c *ua.CallInfo) { c.EarlyMedia = true })),
			screen.Press{Digit: "5"}, []Command{Tone{"1", "5"}}},
		{"the same key again", then(onCall(), screen.Press{Digit: "5"}), screen.Press{Digit: "5"}, []Command{Tone{"1", "5"}}},
		{"a key on the dial pad", idle(), screen.Press{Digit: "5"}, nil},
		{"a key while adding a call", then(onCall(), screen.AddCall{On: true}), screen.Press{Digit: "5"}, nil},

		{"the theme is kept", idle(), screen.SetTheme{Theme: screen.ThemeDark}, []Command{Keep{KeyTheme, "dark"}}},
		{"the language is kept", idle(), screen.SetLanguage{Language: text.German}, []Command{Keep{KeyLanguage, "de"}}},
		{"do not disturb is kept", idle(), screen.ToggleDoNotDisturb{}, []Command{Keep{KeyDoNotDisturb, "on"}}},
		{"time passes", onCall(), Tick{at(5)}, []Command{Measure{"1"}}},
	} {
		next := Reduce(test.from, test.event)
		if got := Plan(test.from, next, test.event); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %#v, want %#v", test.why, got, test.want)
		}
	}
}
