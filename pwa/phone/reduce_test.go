package phone

import (
	"slices"
	"testing"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

func TestLoginLeadsToThePhone(t *testing.T) {
	s := then(card("sip.example.com"), typed)
	if !s.Login.Busy || s.Screen != screen.ScreenLogin {
		t.Fatalf("busy %v, screen %v, want the card to wait", s.Login.Busy, s.Screen)
	}
	s = then(s, connected(), registration(ua.Registering, ua.CauseNone, 0))
	if s.Screen != screen.ScreenLogin {
		t.Error("the card is gone before the registration, want it to stay")
	}
	s = then(s, registration(ua.Registered, ua.CauseNone, 200))
	if s.Screen != screen.ScreenPhone || s.Login.Busy || !s.Registered() {
		t.Errorf("screen %v, busy %v, registered %v, want the phone", s.Screen, s.Login.Busy, s.Registered())
	}
	if s.Account.User != "1001" || s.Account.Server != "sip.example.com" {
		t.Errorf("account %+v", s.Account)
	}
}

func TestCardSaysWhatIsMissing(t *testing.T) {
	for _, test := range []struct {
		login screen.Login
		want  text.Key
		field screen.Field
	}{
		{screen.Login{Password: "x", Server: "sip.example.com"}, text.UserMissing, screen.FieldUser},
		{screen.Login{User: "a@b@", Password: "x", Server: "sip.example.com"}, text.UserUnusable, screen.FieldUser},
		{screen.Login{User: "1001", Server: "sip.example.com"}, text.PasswordMissing, screen.FieldPassword},
		{screen.Login{User: "1001", Password: "x"}, text.ServerMissing, screen.FieldServer},
		{screen.Login{User: "1001", Password: "x", Server: "ftp://x"}, text.ServerUnusable, screen.FieldServer},
	} {
		s := then(card(""), test.login)
		if s.Login.Busy || s.Login.Error.Key != test.want || s.Login.Field != test.field {
			t.Errorf("%+v: got %q about %q, want %q about %q", test.login, s.Login.Error.Key, s.Login.Field, test.want,
				test.field)
		}
	}
}

func TestLoginFailures(t *testing.T) {
	for _, test := range []struct {
		why   string
		event Event
		want  text.Key
	}{
		{"refused", registration(ua.RegistrationFailed, ua.CauseAuth, 403), text.LoginAuth},
		{"no answer to REGISTER", registration(ua.Unregistered, ua.CauseTimeout, 0), text.LoginTimeout},
		{"nobody there", connection(ua.Disconnected, ua.CauseUnreachable), text.LoginNoConnection},
		{"no WebSocket", connection(ua.Disconnected, ua.CauseNoWebSocket), text.LoginNoWebSocket},
		{"kept from the local network", connection(ua.Disconnected, ua.CauseLocalNetwork), text.LoginLocalNetwork},
		{"no SIP", connection(ua.Disconnected, ua.CauseNoSubprotocol), text.LoginSubprotocol},
		{"certificate", connection(ua.Disconnected, ua.CauseCertificate), text.LoginCertificate},
	} {
		s := then(card("sip.example.com"), typed, test.event)
		if s.Login.Busy || s.Screen != screen.ScreenLogin || s.Login.Error.Key != test.want {
			t.Errorf("%s: busy %v, error %q, want the card with %q", test.why, s.Login.Busy, s.Login.Error.Key, test.want)
		}
		if again := then(s, typed); !again.Login.Error.Empty() || !again.Login.Busy {
			t.Errorf("%s: the error stays at the next try", test.why)
		}
	}
}

func TestLoginWaitsForEveryServer(t *testing.T) {
	s := card("a.example.com b.example.com")
	s.Login.FailOver = true
	s = then(s, screen.Login{User: "1", Password: "x", Server: "a.example.com"}, connection(ua.Disconnected, ua.CauseUnreachable))
	if !s.Login.Busy {
		t.Fatal("gave up after the first of two servers")
	}
	if s = then(s, connection(ua.Connecting, ua.CauseNone), connection(ua.Disconnected, ua.CauseUnreachable)); s.Login.Busy {
		t.Error("still busy after both servers failed")
	}
}

func TestLogoutForgetsTheSession(t *testing.T) {
	s := then(onCall(), screen.ToggleDebug{}, screen.SetTheme{Theme: screen.ThemeDark}, screen.Type{Text: "12"}, screen.Logout{})
	if s.Screen != screen.ScreenLogin || len(s.Calls.All) != 0 || s.Account.User != "" || s.Dial != "" {
		t.Errorf("got %+v, want an empty card", s)
	}
	if !s.Debug || s.Theme != screen.ThemeDark || s.Login.User != "1001" {
		t.Error("debugging, theme or user name are lost, want them kept")
	}
}

func TestConnectionLostKeepsThePhone(t *testing.T) {
	s := then(onCall(), connection(ua.Disconnected, ua.CauseConnectionLost))
	if s.Screen != screen.ScreenPhone || !s.Offline() || len(s.Lines()) != 1 || s.CanDial() {
		t.Errorf("screen %v, offline %v, %d calls, can dial %v, want an offline phone with its call", s.Screen, s.Offline(),
			len(s.Lines()), s.CanDial())
	}
}

func TestCallTakesTheStage(t *testing.T) {
	s := then(idle(), screen.Type{Text: "1002"}, screen.Dial{Text: "1002"})
	if s.Dial != "" || s.Placed.Target != "1002" || s.Placed.Count != 1 {
		t.Errorf("field %q, placed %+v, want an empty field and one call", s.Dial, s.Placed)
	}
	s = then(s, out("1", ua.CallPreparing))
	if line, ok := s.Stage(); !ok || line.ID != "1" || s.ShowsDialPad() {
		t.Errorf("stage %q, want the new call in place of the dial pad", line.ID)
	}
	s = then(s, out("1", ua.CallEnded, because(ua.CauseHangupLocal, 0)))
	if !s.ShowsDialPad() || s.Ended != nil {
		t.Error("no dial pad after hanging up")
	}
}

func TestFailedCallIsExplained(t *testing.T) {
	s := then(idle(), out("1", ua.CallRinging), out("1", ua.CallEnded, because(ua.CauseBusy, 486)))
	if s.Ended == nil || s.Ended.Why.Key != text.CauseRejected || !s.ShowsDialPad() || s.Dial != "101" {
		t.Fatalf("ended %+v, field %q, want the reason beside the number that can be called again", s.Ended, s.Dial)
	}
	for _, close := range []Event{screen.CloseWhy{}, screen.Escape{}} {
		if s := then(s, close); s.Ended != nil || s.Dial != "" {
			t.Errorf("%T: ended %+v, field %q, want neither", close, s.Ended, s.Dial)
		}
	}
}

// TestTheNextNumberClosesTheExplanation begins another number in every way there is: no digit of it is lost.
func TestTheNextNumberClosesTheExplanation(t *testing.T) {
	for _, test := range []struct {
		event Event
		want  string
	}{
		{screen.Press{Digit: "5"}, "5"}, {screen.Type{Text: "605"}, "605"}, {screen.Write{Text: "5"}, "5"},
		{screen.Paste{Text: "605"}, "605"}, {screen.Prefill{Text: "tel:605"}, "605"},
		{screen.Backspace{}, "10"}, {screen.ClearDial{}, ""}, {screen.Redial{}, "101"},
	} {
		if s := then(failed(), test.event); s.Ended != nil || s.Dial != test.want || !s.ShowsDialPad() {
			t.Errorf("%#v: explained %v, field %q, want %q and no explanation", test.event, s.Ended != nil, s.Dial, test.want)
		}
	}
	if s := then(idle(), out("1", ua.CallRinging), screen.Type{Text: "77"},
		out("1", ua.CallEnded, because(ua.CauseBusy, 486))); s.Dial != "77" {
		t.Errorf("field %q, want what the user has typed meanwhile", s.Dial)
	}
	if s := then(failed(), comes("9"), screen.Answer{ID: "9"}); s.Dial != "" || s.Ended != nil {
		t.Errorf("field %q, want the number of a failed call to go with its explanation", s.Dial)
	}
}

func TestImpossibleCallIsExplained(t *testing.T) {
	s := then(idle(), Failed{Command: Invite{Target: "1002"}, Err: media.ErrPermission})
	if s.Ended == nil || s.Ended.Why.Key != text.CauseMicPermission || s.Ended.Name() != "1002" {
		t.Errorf("ended %+v, want the microphone as the reason", s.Ended)
	}
}

func TestIncomingCallLeavesTheStageAlone(t *testing.T) {
	s := then(onCall(), comes("9"))
	if line, _ := s.Stage(); line.ID != "1" || len(s.Incoming()) != 1 || len(s.Lines()) != 1 {
		t.Fatalf("stage %q, %d incoming, want the first call to stay", line.ID, len(s.Incoming()))
	}
	s = then(s, in("9", ua.CallConnecting), in("9", ua.CallEstablished))
	if line, _ := s.Stage(); line.ID != "9" || len(s.Others()) != 1 {
		t.Errorf("stage %q, %d others, want the answered call on the stage", line.ID, len(s.Others()))
	}
}

func TestMicrophoneRefusedWhileAnswering(t *testing.T) {
	s := then(idle(), comes("9"), screen.Answer{ID: "9"}, Failed{Command: Accept{ID: "9"}, Err: media.ErrPermission})
	if len(s.Incoming()) != 1 || s.Problem.Text.Key != text.CauseMicPermission {
		t.Errorf("%d incoming, problem %q, want it to go on ringing and the reason", len(s.Incoming()), s.Problem.Text.Key)
	}
}

func TestMissedCalls(t *testing.T) {
	for _, test := range []struct {
		why    string
		kind   ua.CauseKind
		missed int
	}{
		{"the caller gave up", ua.CauseCancelled, 1},
		{"another device took it", ua.CauseAnsweredElsewhere, 0},
		{"we declined", ua.CauseRejectedLocal, 0},
		{"nobody answered in time", ua.CauseTimeout, 1},
	} {
		s := then(idle(), comes("9"), in("9", ua.CallEnded, because(test.kind, 0)))
		if s.Missed != test.missed || s.Ended != nil {
			t.Errorf("%s: %d missed, explained %v, want %d and no explanation", test.why, s.Missed, s.Ended != nil, test.missed)
		}
		if told := s.Live.Key == text.LiveMissed; told != (test.missed > 0) {
			t.Errorf("%s: told %q", test.why, s.Language.Tell(s.Live))
		}
		if s = then(s, screen.Show{Page: screen.PageHistory}); s.Missed != 0 {
			t.Errorf("%s: still marked after the history was seen", test.why)
		}
	}
}

func TestDoNotDisturbHidesTheCall(t *testing.T) {
	s := then(idle(), screen.ToggleDoNotDisturb{}, comes("9"))
	if len(s.Incoming()) != 0 || len(s.Lines()) != 0 {
		t.Error("the call is seen, want it turned away")
	}
	if s = then(s, in("9", ua.CallEnded, because(ua.CauseRejectedLocal, 0))); s.Missed != 1 {
		t.Errorf("%d missed, want the call turned away to be marked", s.Missed)
	}
}

func TestHoldAndSwap(t *testing.T) {
	s := then(onCall(), Tick{at(10)}, Told{Event: out("1", ua.CallEstablished, held).(Told).Event, At: at(10)},
		out("2", ua.CallEstablished))
	first, _ := s.Line("1")
	if got := first.Held(at(33)); got.Seconds() != 23 {
		t.Errorf("held for %v, want 23 s", got)
	}
	if s = then(s, screen.Swap{ID: "1"}); s.Active != "1" {
		t.Errorf("stage %q, want the call that was held", s.Active)
	}
	s = then(s, out("1", ua.CallEnded, because(ua.CauseHangupRemote, 0)))
	if s.Active != "2" {
		t.Errorf("stage %q, want the call that is left", s.Active)
	}
}

// TestCallThatIsTalkedInTakesTheStage has calls end and resume beside each other, in every order of the lines.
func TestCallThatIsTalkedInTakesTheStage(t *testing.T) {
	lines := func(events ...Event) screen.Snapshot { return then(onCall(), events...) }
	both, answered := []Event{out("1", ua.CallEstablished, held), out("2", ua.CallEstablished)}, ua.CallEstablished
	for _, test := range []struct {
		why  string
		s    screen.Snapshot
		want string
	}{
		{"the stage ends beside a held call and one that is not",
			lines(out("1", answered, held), out("2", answered), out("3", answered),
				out("3", ua.CallEnded)), "2"},
		{"the same, with the held one last", lines(out("2", answered, held), out("3", answered), out("3", ua.CallEnded)), "1"},
		{"all that is left is held: the newest", lines(out("1", answered, held), out("2", answered, held), out("3", answered),
			out("3", ua.CallEnded)), "2"},
		{"a held call is resumed by another hand, while the stage is held",
			lines(append(both, out("2", answered, held), out("1", answered))...), "1"},
		{"a held call is resumed, while the stage is talked in", lines(append(both, out("1", answered))...), "2"},
		{"a held call moves and stays held, while the stage is held",
			lines(append(both, out("2", answered, held), out("1", answered, held, muted))...), "2"},
		{"a call that was never held moves, while the stage is held", lines(out("2", answered, held), out("1", answered, muted)),
			"2"},
	} {
		if test.s.Active != test.want {
			t.Errorf("%s: stage %q, want %q", test.why, test.s.Active, test.want)
		}
	}
}

func TestKeysGoToTheCallOrToTheField(t *testing.T) {
	s := then(idle(), screen.Press{Digit: "1"}, screen.Press{Digit: "#"})
	if s.Dial != "1#" {
		t.Errorf("field %q, want what was pressed", s.Dial)
	}
	s = then(onCall(), screen.Press{Digit: "5"})
	if line, _ := s.Stage(); line.Digits != "5" || !s.Keypad || s.Dial != "" {
		t.Errorf("digits %q, keypad %v, field %q, want DTMF that is seen", line.Digits, s.Keypad, s.Dial)
	}
	if s := then(s, screen.Press{Digit: "+"}); s.Pressed.Count != 1 ||
		len(screen.Effects(then(onCall(), screen.Press{Digit: "5"}), s)) != 0 {
		t.Errorf("%d keys, want none for a plus: it is no tone, and must not look or sound as if it was sent", s.Pressed.Count)
	}
	if s := then(idle(), out("1", ua.CallRinging), screen.ToggleKeypad{}, screen.Press{Digit: "5"}); s.Pressed.Count != 0 ||
		s.Calls.All[0].Digits != "" {
		t.Errorf("%d keys, digits %q, want none as long as nobody could hear them", s.Pressed.Count, s.Calls.All[0].Digits)
	}
	early := func(c *ua.CallInfo) { c.EarlyMedia = true }
	if s := then(idle(), out("1", ua.CallRinging, early), out("1", ua.CallEnding, early),
		screen.Press{Digit: "5"}); s.Pressed.Count != 0 || s.Calls.All[0].Digits != "" {
		t.Errorf("%d keys, digits %q, want none for a call that is being hung up", s.Pressed.Count, s.Calls.All[0].Digits)
	}
	s = then(s, screen.AddCall{On: true}, screen.Press{Digit: "7"})
	if s.Dial != "7" {
		t.Errorf("field %q, want the key there while another call is being made", s.Dial)
	}
}

func TestNumberField(t *testing.T) {
	s := then(idle(), screen.Type{Text: "10"}, screen.Paste{Text: " 0 2\r\n"}, screen.Backspace{})
	if s.Dial != "100 " {
		t.Errorf("field %q", s.Dial)
	}
	if s = then(s, screen.ClearDial{}, screen.Backspace{}); s.Dial != "" {
		t.Errorf("field %q, want it empty", s.Dial)
	}
	s = then(s, screen.Type{Text: "1002"}, screen.Dial{Text: "1002"}, screen.CloseWhy{}, screen.Dial{})
	if s.Dial != "1002" || s.Placed.Count != 1 {
		t.Errorf("field %q after %d calls, want the last number to look at before it is called again", s.Dial, s.Placed.Count)
	}
	if s = then(s, screen.Prefill{Text: "tel:+44 20"}); s.Dial != "+44 20" || s.Placed.Count != 1 {
		t.Errorf("field %q after %d calls, want the number of the link, not called", s.Dial, s.Placed.Count)
	}
}

func TestDialRefuses(t *testing.T) {
	s := then(idle(), screen.Type{Text: "no number"}, screen.Dial{Text: "no number"})
	if s.Dial != "no number" || s.Placed.Count != 0 {
		t.Errorf("field %q, called %d times, want a name that nobody has to be kept and asked about", s.Dial, s.Placed.Count)
	}
	s = then(idle(), screen.Type{Text: "sip:ann lee@example.com"}, screen.Dial{Text: "sip:ann lee@example.com"})
	if s.Problem.Text.Key != text.BadTarget || s.Dial != "sip:ann lee@example.com" || s.Placed.Count != 0 {
		t.Errorf("problem %q, field %q, want the text kept and explained", s.Problem.Text.Key, s.Dial)
	}
	s = then(idle(), connection(ua.Disconnected, ua.CauseConnectionLost), screen.Type{Text: "1"}, screen.Dial{Text: "1"})
	if s.Problem.Text.Key != text.NotConnected || s.Placed.Count != 0 {
		t.Errorf("problem %q, want to be told that there is no connection", s.Problem.Text.Key)
	}
}

func TestDebugCodeIsNotDialled(t *testing.T) {
	s := then(idle(), screen.Type{Text: debugCode}, screen.Dial{Text: debugCode})
	if !s.Debug || s.Placed.Count != 0 || s.Dial != "" || s.Placed.Target != "" {
		t.Errorf("debug %v, placed %+v, field %q, want the trace and no call", s.Debug, s.Placed, s.Dial)
	}
	if s = then(s, screen.Type{Text: " *#0*# "}, screen.Dial{Text: " *#0*# "}); s.Debug {
		t.Error("still on after the second time")
	}
}

func TestPageKeepsTheListBesideIt(t *testing.T) {
	s := then(idle(), screen.Show{Page: screen.PageContacts}, screen.Choose{ID: "c1"}, screen.Show{Page: screen.PagePhone})
	if s.Page != screen.PagePhone || s.List != screen.PageContacts || s.Detail != "c1" {
		t.Errorf("page %q, list %q, detail %q, want the phone beside what was open", s.Page, s.List, s.Detail)
	}
	if s = then(s, screen.Show{Page: screen.PageHistory}); s.Detail != "" || s.List != screen.PageHistory {
		t.Errorf("list %q, detail %q, want another list with nothing chosen", s.List, s.Detail)
	}
	if got := screen.PageOf("#number=1"); got != screen.PagePhone {
		t.Errorf("page %q of an address that names none", got)
	}
}

func TestEscapeClosesOneThing(t *testing.T) {
	s := then(onCall(), screen.ToggleKeypad{}, screen.PasteFailed{}, screen.ToggleMenu{})
	for _, closed := range []func(screen.Snapshot) bool{
		func(s screen.Snapshot) bool { return !s.Menu && !s.Problem.Text.Empty() },
		func(s screen.Snapshot) bool { return s.Problem.Text.Empty() && s.Keypad },
		func(s screen.Snapshot) bool { return !s.Keypad },
	} {
		if s = then(s, screen.Escape{}); !closed(s) {
			t.Errorf("menu %v, problem %q, keypad %v", s.Menu, s.Problem.Text.Key, s.Keypad)
		}
	}
	if _, ok := s.Stage(); !ok {
		t.Error("the call is gone")
	}
}

func TestReduceLeavesTheOldSnapshotAlone(t *testing.T) {
	before := then(onCall(), comes("9"))
	calls := slices.Clone(before.Calls.All)
	then(before, out("1", ua.CallEstablished, muted), in("9", ua.CallEnded, because(ua.CauseCancelled, 0)),
		screen.Press{Digit: "1"}, out("3", ua.CallCalling))
	if !slices.EqualFunc(before.Calls.All, calls, func(a, b screen.Line) bool {
		return a.Call == b.Call &&
			a.Digits == b.Digits
	}) {
		t.Error("the calls of a snapshot have changed")
	}
}

func TestHeadlessPhoneKeepsItsSwitches(t *testing.T) {
	merged, _ := config.Merge()
	merged.Show, merged.Flags = config.Show{Answer: true}, []config.Flag{config.AutoAnswer, config.HideLogout}
	p := New(Options{Config: merged})
	s := then(p.Begin(), screen.Logout{})
	if !s.Show.Answer || s.Show.Dialpad || !s.AutoAnswer || !s.NoLogout {
		t.Errorf("got %+v, want what the operator switched", s)
	}
}
