package phone

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// news is how the transfer of a call goes on.
func transferNews(id string, state ua.TransferState, kind ua.CauseKind, code int) Event {
	return told(ua.TransferEvent{Info: ua.CallInfo{ID: id}, State: state, Code: code, Cause: ua.Cause{Kind: kind, Code: code}})
}

func choosingTarget() screen.Snapshot {
	return then(onCall(), screen.StartTransfer{ID: "1"}, screen.Type{Text: "102"})
}

// waiting is the first call on hold, and the second being made.
func waiting() screen.Snapshot {
	return then(choosingTarget(), screen.AskFirst{Text: "102"}, out("1", ua.CallEstablished, held))
}

func asking() screen.Snapshot {
	ours := func(c *ua.CallInfo) { c.Dialled = "102" }
	return then(waiting(), out("2", ua.CallRinging, ours), out("2", ua.CallEstablished, ours))
}

func blind() screen.Snapshot { return then(choosingTarget(), screen.TransferNow{Text: "102"}) }

func attended() screen.Snapshot { return then(asking(), screen.CompleteTransfer{}) }

// TestTargetOfATransferIsSpelt: who gets the call is shown as everywhere, and called as it was written.
func TestTargetOfATransferIsSpelt(t *testing.T) {
	for written, want := range map[string]string{
		"102": "102", "sip:102@sip.example.com": "102", "102@sip.example.com": "102", "sip:102@sip.example.com;user=phone": "102",
		"sips:anna@other.example.com": "anna@other.example.com", "sip:other.example.com": "other.example.com",
	} {
		from := then(onCall(), screen.StartTransfer{ID: "1"}, screen.Type{Text: written})
		from.Server = "sip.example.com:8089/ws"
		for _, event := range []screen.Event{screen.TransferNow{Text: written}, screen.AskFirst{Text: written}} {
			s := then(from, event)
			if got := s.Transfer.Name; got != want {
				t.Errorf("%T %q: shown as %q, want %q", event, written, got, want)
			}
			if target, err := number.Dialable(written); err != nil || s.Transfer.Target != target {
				t.Errorf("%T %q: goes to %q, want %q, %v", event, written, s.Transfer.Target, target, err)
			}
		}
	}
}

func TestTransferIsPlanned(t *testing.T) {
	connecting := then(twoLines(), screen.ConnectCalls{ID: "1", Other: "2"})
	for _, test := range []struct {
		why   string
		from  screen.Snapshot
		event Event
		want  []Command
	}{
		{"choosing does nothing yet", onCall(), screen.StartTransfer{ID: "1"}, nil},
		{"hand over at once", choosingTarget(), screen.TransferNow{Text: "102"}, []Command{HandOver{"1", "102"}}},
		{"a contact is chosen, not called", choosingTarget(), screen.MakeCall{Target: "103"}, nil},
		{"and then the call handed over to it", then(choosingTarget(), screen.MakeCall{Target: "103"}),
			screen.TransferNow{Text: "103"}, []Command{HandOver{"1", "103"}}},
		{"Enter in the field is the same", choosingTarget(), screen.Dial{Text: "102"}, []Command{HandOver{"1", "102"}}},
		{"no number, no transfer", then(onCall(), screen.StartTransfer{ID: "1"}), screen.TransferNow{}, nil},
		{"once is enough", blind(), screen.TransferNow{Text: "102"}, nil},
		{"ask first holds the call", choosingTarget(), screen.AskFirst{Text: "102"},
			[]Command{Invite{Target: "102", Hold: []string{"1"}}}},
		{"complete", asking(), screen.CompleteTransfer{}, []Command{Connect{"1", "2"}}},
		{"not before the second is answered", then(waiting(),
			out("2", ua.CallRinging, func(c *ua.CallInfo) { c.Dialled = "102" })), screen.CompleteTransfer{}, nil},
		{"connect two lines", twoLines(), screen.ConnectCalls{ID: "1", Other: "2"}, []Command{Connect{"1", "2"}}},
		{"one line is nothing to connect", onCall(), screen.ConnectCalls{ID: "1", Other: "2"}, nil},
		{"back while the other side is at work", then(blind(), transferNews("1", ua.TransferProgress, ua.CauseNone, 180)),
			screen.CancelTransfer{}, []Command{KeepCall{"1"}}},
		{"so with a second call", attended(), screen.CancelTransfer{}, []Command{KeepCall{"1"}}},
		{"and the first is resumed", attended(), transferNews("1", ua.TransferFailed, ua.CauseCancelled, 0),
			[]Command{Resume{ID: "1", Hold: []string{"2"}}}},
		{"back ends the second call", asking(), screen.CancelTransfer{}, []Command{End{"2"}}},
		{"and then the first is resumed", asking(), out("2", ua.CallEnded, because(ua.CauseHangupLocal, 0)),
			[]Command{Resume{ID: "1"}}},
		{"a busy second call brings the first back", asking(), out("2", ua.CallEnded, because(ua.CauseBusy, 486)),
			[]Command{Resume{ID: "1"}}},
		{"a second call that cannot be made too", waiting(), Failed{Command: Invite{Target: "102"}, Err: ua.ErrMedia},
			[]Command{Resume{ID: "1"}}},
		{"a failed blind transfer leaves the call as it was", blind(), transferNews("1", ua.TransferFailed, ua.CauseBusy, 486),
			nil},
		{"a failed attended one resumes the first", attended(), transferNews("1", ua.TransferFailed, ua.CauseRejected, 603),
			[]Command{Resume{ID: "1", Hold: []string{"2"}}}},
		{"so it does with two lines", connecting, transferNews("1", ua.TransferFailed, ua.CauseOther, 500),
			[]Command{Resume{ID: "1", Hold: []string{"2"}}}},
		{"success needs nothing", attended(), transferNews("1", ua.TransferSucceeded, ua.CauseNone, 200), nil},
	} {
		next := Reduce(test.from, test.event)
		if got := Plan(test.from, next, test.event); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %#v, want %#v", test.why, got, test.want)
		}
	}
}

func TestChoosingShowsTheNumberField(t *testing.T) {
	s := choosingTarget()
	if !s.ShowsDialPad() || s.Transfer.Step != screen.TransferChoosing {
		t.Fatalf("pad %v, step %v, want the number field", s.ShowsDialPad(), s.Transfer.Step)
	}
	for _, leave := range []Event{screen.CancelTransfer{}, screen.StartTransfer{ID: "1"}, screen.Escape{}, screen.AddCall{}} {
		if s := then(choosingTarget(), leave); s.Transfer.Step != screen.TransferNone {
			t.Errorf("after %T the step is %v, want none", leave, s.Transfer.Step)
		}
	}
	if s := then(s, screen.Show{Page: screen.PageContacts},
		screen.MakeCall{Target: "103"}); s.Transfer.Step != screen.TransferChoosing || s.Dial != "103" ||
		s.Page != screen.PagePhone || s.Placed.Count != 0 {
		t.Errorf("step %v, field %q, page %q, %d calls, want who was pressed in the contacts as the target", s.Transfer.Step,
			s.Dial, s.Page, s.Placed.Count)
	}
	if s := then(s, screen.Press{Digit: "3"}); s.Dial != "1023" {
		t.Errorf("field %q, want the key in it and not in the call", s.Dial)
	}
	if s := then(idle(), out("1", ua.CallRinging), screen.StartTransfer{ID: "1"}); s.Transfer.Step != screen.TransferNone {
		t.Error("a call that only rings cannot be handed over")
	}
}

func TestTransferTellsHowItGoes(t *testing.T) {
	s := then(blind(), transferNews("1", ua.TransferTrying, ua.CauseNone, 202),
		transferNews("1", ua.TransferProgress, ua.CauseNone, 180))
	if !s.Transfer.Rings || s.Live.Key != text.TransferRings {
		t.Errorf("rings %v, told %q, want it to be seen and heard", s.Transfer.Rings, s.Live.Key)
	}
	s = then(s, transferNews("1", ua.TransferSucceeded, ua.CauseNone, 200),
		out("1", ua.CallEnded, because(ua.CauseTransferred, 0)))
	if s.Transfer.Done.Key != text.Transferred || s.Live.Key != text.Transferred || s.Ended != nil || !s.ShowsDialPad() {
		t.Errorf("done %q, told %q, ended %v, want the dial pad and the word that it worked", s.Transfer.Done.Key, s.Live.Key,
			s.Ended)
	}
	if s = then(s, screen.Type{Text: "1"}, screen.Dial{Text: "1"}); !s.Transfer.Done.Empty() {
		t.Error("the notice stays over the next call")
	}
}

func TestSecondCallEndsBeforeTheNews(t *testing.T) {
	s := then(attended(), out("2", ua.CallEnded, because(ua.CauseHangupRemote, 0)))
	if s.Transfer.Step != screen.TransferSending {
		t.Fatalf("step %v, want to wait for the news", s.Transfer.Step)
	}
	if s = then(s, transferNews("1", ua.TransferSucceeded, ua.CauseNone, 200)); s.Transfer.Done.Empty() {
		t.Error("the transfer is not told")
	}
}

// TestWordOfATransferGoesByItself: it stays long enough to be read, and then goes without a hand; the clock runs until then.
func TestWordOfATransferGoesByItself(t *testing.T) {
	s := then(attended(), transferNews("1", ua.TransferTrying, ua.CauseNone, 202),
		transferNews("1", ua.TransferSucceeded, ua.CauseNone, 200),
		out("1", ua.CallEnded, because(ua.CauseTransferred, 0)), out("2", ua.CallEnded, because(ua.CauseTransferred, 0)))
	if s.Transfer.Done.Empty() || !s.Counts() || len(s.Lines()) != 0 {
		t.Fatalf("done %q, counts %v", s.Transfer.Done.Key, s.Counts())
	}
	if s = then(s, Tick{s.Now.Add(doneTime - time.Second)}); s.Transfer.Done.Empty() {
		t.Error("it is gone before it can be read")
	}
	if s = then(s, Tick{s.Now.Add(time.Second)}); !s.Transfer.Done.Empty() || s.Counts() {
		t.Errorf("done %q, counts %v, want the word gone and the clock at rest", s.Transfer.Done.Key, s.Counts())
	}
}

func TestTransferFailures(t *testing.T) {
	agreed := transferNews("1", ua.TransferTrying, ua.CauseNone, 202)
	for _, test := range []struct {
		why   string
		from  screen.Snapshot
		event Event
		want  text.Key
	}{
		{"busy", then(blind(), agreed), transferNews("1", ua.TransferFailed, ua.CauseBusy, 486), text.TransferDeclined},
		{"no answer", then(blind(), agreed), transferNews("1", ua.TransferFailed, ua.CauseNoAnswer, 408), text.TransferNoAnswer},
		{"declined", then(blind(), agreed), transferNews("1", ua.TransferFailed, ua.CauseRejected, 603), text.TransferDeclined},
		{"no such number", then(blind(), agreed), transferNews("1", ua.TransferFailed, ua.CauseNotFound, 404),
			text.TransferUnknown},
		{"anything else", then(blind(), agreed), transferNews("1", ua.TransferFailed, ua.CauseServer, 500), text.TransferFailed},
		{"the telephone does not transfer", blind(), transferNews("1", ua.TransferFailed, ua.CauseRejected, 603),
			text.TransferRefused},
		{"a number nobody can call", blind(), Failed{Command: HandOver{"1", "102"}, Err: ua.ErrBadTarget}, text.BadTarget},
		{"no connection", blind(), Failed{Command: HandOver{"1", "102"}, Err: ua.ErrNotConnected}, text.NotConnected},
		{"the one asked does not take it", asking(), out("2", ua.CallEnded, because(ua.CauseBusy, 486)), text.CauseRejected},
	} {
		s := then(test.from, test.event)
		line, ok := s.Stage()
		if s.Problem.Text.Key != test.want || !ok || line.ID != "1" || s.Transfer.Step != screen.TransferNone || s.Ended != nil {
			t.Errorf("%s: problem %q, stage %q, step %v, want the first call with %q", test.why, s.Problem.Text.Key, line.ID,
				s.Transfer.Step, test.want)
		}
		if got := screen.Effects(test.from, s); !reflect.DeepEqual(got[0], screen.Effect(screen.Beep{Signal: screen.ErrorTone})) {
			t.Errorf("%s: got %v, want it to be heard", test.why, got)
		}
	}
	if s := then(blind(), Failed{Command: HandOver{"1", "102"},
		Err: errors.New("603")}); s.Transfer.Step != screen.TransferSending {
		t.Error("what an event will tell is told twice")
	}
	s := then(attended(), agreed, transferNews("1", ua.TransferFailed, ua.CauseBusy, 486))
	if s.Transfer.Step != screen.TransferAsking || s.Active != "1" {
		t.Errorf("step %v, stage %q, want the first call, and to be able to try again", s.Transfer.Step, s.Active)
	}
}

func TestCallIsTakenBackWhileItIsHandedOver(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		h.agent().has("1")
		h.tell(out("1", ua.CallEstablished))
		h.do(screen.StartTransfer{ID: "1"}, screen.Type{Text: "102"}, screen.TransferNow{Text: "102"})
		h.tell(transferNews("1", ua.TransferTrying, ua.CauseNone, 202))
		h.do(screen.CancelTransfer{})
		h.wantDone("nobody tells how it goes", "transfer 1 102", "take back 1")
		h.tell(transferNews("1", ua.TransferFailed, ua.CauseCancelled, 0))
		s := h.now()
		if line, ok := s.Stage(); !ok || line.ID != "1" || s.Transfer.Step != screen.TransferNone || !s.Problem.Text.Empty() {
			h.Errorf("stage %q, step %v, problem %q, want the call without an explanation", line.ID, s.Transfer.Step,
				s.Problem.Text.Key)
		}
		h.do(screen.StartTransfer{ID: "1"})
		if h.now().Transfer.Step != screen.TransferChoosing {
			h.Error("it cannot be handed to somebody else")
		}
	})
}

func TestTransferByKeyboard(t *testing.T) {
	for _, test := range []struct {
		from screen.Snapshot
		want Event
	}{
		{onCall(), screen.StartTransfer{ID: "1"}},
		{twoLines(), screen.StartTransfer{ID: "2"}}, // two calls are connected by a press that says who with whom
		{asking(), screen.CompleteTransfer{}},
	} {
		if got, ok := screen.Shortcut(test.from, screen.Key{Alt: true, Code: "KeyT"}); !ok || got != test.want {
			t.Errorf("got %#v, want %#v", got, test.want)
		}
	}
	if got, ok := screen.Shortcut(choosingTarget(), screen.Key{Key: "Escape", Typing: true}); !ok || got != (screen.Escape{}) {
		t.Errorf("got %#v, want Escape to leave the choice", got)
	}
}

func TestTransferIsCarriedOut(t *testing.T) {
	story(t, oneServerConfig(), func(h *harness) {
		h.login()
		h.agent().has("1")
		h.tell(out("1", ua.CallEstablished))
		h.agent().did()
		h.do(screen.StartTransfer{ID: "1"}, screen.Type{Text: "102"}, screen.TransferNow{Text: "102"})
		h.wantDone("a blind transfer", "transfer 1 102")
		h.tell(transferNews("1", ua.TransferFailed, ua.CauseBusy, 486))
		h.agent().has("2")
		h.tell(out("1", ua.CallEstablished, held), out("2", ua.CallEstablished))
		h.agent().did()
		h.do(screen.ConnectCalls{ID: "1", Other: "2"})
		h.wantDone("two lines", "connect 1 2")
	})
}

func TestCallGoesOnAsAnother(t *testing.T) {
	ours := func(c *ua.CallInfo) { c.Answered = midday.Add(20 * time.Second) }
	next := in("2", ua.CallRinging).(Told).Event.(ua.CallEvent).Info
	s := then(onCall(), succeeds{Old: "1", Info: next})
	if lines := s.Lines(); len(lines) != 1 || lines[0].ID != "2" || s.Active != "2" || len(s.Incoming()) != 0 {
		t.Fatalf("lines %v, stage %q, %d ring, want the new call in the place of the old", lines, s.Active, len(s.Incoming()))
	}
	s = then(s, in("2", ua.CallEstablished, ours), Tick{at(21)})
	if line, _ := s.Stage(); line.Talking(s.Now) != 21*time.Second {
		t.Errorf("the time is %v, want that of one call", line.Talking(s.Now))
	}
	if ended := then(s, out("1", ua.CallEnded, because(ua.CauseTransferred, 0))); len(ended.Lines()) != 1 || ended.Ended != nil ||
		ended.Active != "2" {
		t.Error("the end of the old call is seen")
	}
	if s = then(s, Tick{at(24)}); len(s.Lines()) != 2 {
		t.Error("an old call that stays cannot be ended by the user")
	}
}

func TestOldCallComesBackWhenTheNewOneFails(t *testing.T) {
	next := out("2", ua.CallCalling).(Told).Event.(ua.CallEvent).Info
	s := then(onCall(), succeeds{Old: "1", Info: next}, out("2", ua.CallRinging))
	s = then(s, out("2", ua.CallEnded, because(ua.CauseBusy, 486)))
	if line, ok := s.Stage(); !ok || line.ID != "1" {
		t.Errorf("stage %q, want the old call back", line.ID)
	}
}

func TestMutedUserStaysMuted(t *testing.T) {
	from := then(onCall(), out("1", ua.CallEstablished, muted))
	e := succeeds{Old: "1", Info: out("2", ua.CallCalling).(Told).Event.(ua.CallEvent).Info}
	if got, want := Plan(from, Reduce(from, e), e), []Command{Mute{"2", true}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAnsweredAfterAWhile(t *testing.T) {
	auto := idle()
	auto.AutoAnswer = true
	comes := comesToWait("9")
	s := Reduce(auto, comes)
	if got := Plan(auto, s, comes); got != nil {
		t.Errorf("got %v, want it to ring first", got)
	}
	for _, test := range []struct {
		from, to int
		want     []Command
	}{{3, 4, nil}, {4, 5, []Command{Accept{ID: "9"}}}, {5, 6, nil}} {
		from := then(s, Tick{at(test.from)})
		tick := Tick{at(test.to)}
		if got := Plan(from, Reduce(from, tick), tick); !reflect.DeepEqual(got, test.want) {
			t.Errorf("at %d s: got %v, want %v", test.to, got, test.want)
		}
	}
	s.AutoAnswer = false
	from := then(s, Tick{at(4)})
	if got := Plan(from, Reduce(from, Tick{at(5)}), Tick{at(5)}); got != nil {
		t.Errorf("got %v, want no answer where the user did not allow it", got)
	}
}
