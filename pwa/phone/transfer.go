package phone

import (
	"errors"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/reason"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// Commands of a transfer.
type (
	// HandOver sends the other side of a call to Target, Connect to the other side of another call; KeepCall waits for
	// neither any more.
	HandOver struct{ ID, Target string }
	Connect  struct{ ID, Other string }
	KeepCall struct{ ID string }
)

func (HandOver) isCommand() {}
func (Connect) isCommand()  {}
func (KeepCall) isCommand() {}

func reduceTransfer(s screen.Snapshot, event screen.Event) screen.Snapshot {
	t := &s.Transfer
	switch e := event.(type) {
	case screen.StartTransfer:
		return startTransfer(s, e.ID)
	case screen.TransferNow:
		return transferNow(s, screen.Dial(e))
	case screen.AskFirst:
		return askFirst(s, screen.Dial(e))
	case screen.CompleteTransfer:
		other, ok := s.Line(t.Other)
		if first, ok1 := s.Line(t.ID); ok && ok1 && t.Step == screen.TransferAsking && other.Established() &&
			first.Established() {
			t.Step, t.Agreed, t.Rings, t.Name = screen.TransferSending, false, false, other.Name()
		}
	case screen.ConnectCalls:
		if s.Connectable(e.ID, e.Other) {
			other, _ := s.Line(e.Other)
			*t = (*t).Anew(screen.TransferSending, e.ID)
			t.Other, t.Name = other.ID, other.Name()
			s.Adding, s.Keypad, s.Page, s.Dial = false, false, screen.PagePhone, ""
		}
	case screen.DismissTransferred:
		t.Done = text.Sentence{}
	case screen.CancelTransfer:
		if t.Step == screen.TransferChoosing {
			*t, s.Dial = (*t).Anew(screen.TransferNone, ""), ""
		}
	}
	return s
}

func startTransfer(s screen.Snapshot, id string) screen.Snapshot {
	line, ok := s.Line(id)
	switch {
	case s.Transfer.Step == screen.TransferChoosing:
		return reduceTransfer(s, screen.CancelTransfer{})
	case !ok || !line.Established() || s.Transfer.Step != screen.TransferNone:
		return s
	}
	s.Transfer = s.Transfer.Anew(screen.TransferChoosing, id)
	s.Adding, s.Keypad, s.Dial, s.Page = false, false, "", screen.PagePhone
	return s
}

func transferNow(s screen.Snapshot, e screen.Dial) screen.Snapshot {
	chosen, ok := dialled(s, e)
	if s.Transfer.Step != screen.TransferChoosing || !ok {
		return s
	}
	target, ok := transferTarget(s, chosen)
	if ok {
		s.Transfer.Step, s.Transfer.Target, s.Transfer.Name = screen.TransferSending, target, spelt(s, target)
		s.Dial, s.Problem.Text = "", text.Sentence{}
		return s
	}
	return called(s, chosen) // which says what is wrong with it
}

// spelt is a number or address as it is shown everywhere.
func spelt(s screen.Snapshot, target string) string { return number.Spelt(target, s.Account.Home()) }

// transferTarget is what is called for a text, when it can be called.
func transferTarget(s screen.Snapshot, chosen string) (string, bool) {
	target, err := number.Dialable(chosen)
	return target, err == nil && s.CanDial() && s.Transfer.Step == screen.TransferChoosing
}

// askFirst calls the number. The call itself follows from Placed, as every call.
func askFirst(s screen.Snapshot, e screen.Dial) screen.Snapshot {
	t := s.Transfer
	chosen, ok := dialled(s, e)
	if t.Step != screen.TransferChoosing || !ok {
		return s
	}
	target, ok := transferTarget(s, chosen)
	s = called(s, chosen)
	if ok {
		s.Transfer = t.Anew(screen.TransferAsking, t.ID)
		s.Transfer.Target, s.Transfer.Name, s.Transfer.Asked = target, spelt(s, target), true
	}
	return s
}

// joinTransfer takes a new call of ours as the second call of the transfer, when it is the one that was made for it.
func joinTransfer(s screen.Snapshot, line screen.Line) screen.Snapshot {
	t := &s.Transfer
	switch {
	case t.Step != screen.TransferAsking:
	case t.Other == "" && line.Direction == screen.Outgoing && line.Dialled == t.Target:
		t.Other = line.ID
		fallthrough
	case line.ID == t.Other:
		t.Name = line.Name()
	}
	return s
}

// told takes the news of a transfer.
func toldOf(t screen.Transfer, e ua.TransferEvent) screen.Transfer {
	t.Agreed = true
	t.Rings = e.State == ua.TransferProgress
	t.Rang = t.Rang || t.Rings
	return t
}

// inTouch tells whether the two are known to talk: a server may report a transfer as done as soon as it has taken it in hand,
// before anything rings. Who was asked first has answered already.
func inTouch(t screen.Transfer, e ua.TransferEvent) bool {
	return e.Code != 202 && (t.Rang || t.Other != "")
}

func reduceTransferEvent(s screen.Snapshot, e ua.TransferEvent) screen.Snapshot {
	if s.Transfer.Step != screen.TransferSending || s.Transfer.ID != e.Info.ID {
		return s
	}
	line, _ := s.Line(e.Info.ID)
	switch e.State {
	case ua.TransferFailed:
		doubt := doubtOf(s.Transfer, line, s.Now)
		s = transferFailed(s, reason.Transfer(s.Transfer, line.Name(), e.Cause))
		s.Doubt = doubt
		return s
	case ua.TransferSucceeded:
		done := text.Say(choose(inTouch(s.Transfer, e), text.Transferred, text.PassedOn), "name", line.Name(), "target",
			s.Transfer.Name)
		s.Transfer = s.Transfer.Anew(screen.TransferNone, "")
		s.Transfer.Done, s.Transfer.DoneAt, s.Live = done, s.Now, done
		return s
	}
	if rings := e.State == ua.TransferProgress; rings && !s.Transfer.Rings {
		s.Live = text.Say(text.TransferRings, "target", s.Transfer.Name)
	}
	s.Transfer = toldOf(s.Transfer, e)
	return s
}

// doneTime is how long the screen tells of a transfer that worked: somebody may look at it only after the next customer's name.
const doneTime = 8 * time.Second

// outlived takes the word of a transfer that worked off the screen.
func outlived(s screen.Snapshot) screen.Snapshot {
	if t := &s.Transfer; !t.Done.Empty() && !s.Now.Before(t.DoneAt.Add(doneTime)) {
		t.Done = text.Sentence{}
	}
	return s
}

// transferFailed brings the first call back to the stage with the reason. When the user still talks to the second, the
// transfer can be tried again.
func transferFailed(s screen.Snapshot, why text.Sentence) screen.Snapshot {
	t := s.Transfer
	_, both := s.Line(t.Other)
	s.Transfer = t.Anew(screen.TransferNone, "")
	if both && t.Asked && t.Step == screen.TransferSending {
		t.Step, t.Agreed, t.Rings = screen.TransferAsking, false, false
		s.Transfer = t
	}
	if _, ok := s.Line(t.ID); ok {
		s.Active = t.ID
		s.Transfer.Returned++
	}
	s = s.Unexplained()
	s.Adding, s.Keypad = false, false
	if why.Empty() {
		return s
	}
	return s.WithProblem(why)
}

// endTransfer follows the end of a call that is part of a transfer.
func endTransfer(s screen.Snapshot, line screen.Line, cause ua.Cause) screen.Snapshot {
	t := s.Transfer
	switch {
	case t.Step == screen.TransferNone:
	case line.ID == t.ID:
		s.Transfer = t.Anew(screen.TransferNone, "")
	case line.ID == t.Other && t.Step == screen.TransferAsking:
		why, _ := reason.Call(line, cause)
		return transferFailed(s, why)
	}
	return s // when the second call ends while we wait for news, its other side has taken the first
}

// planTransfer is what has to be done for it.
func planTransfer(prev, next screen.Snapshot, event Event) []Command {
	before, after := prev.Transfer, next.Transfer
	switch {
	case after.Step == screen.TransferSending && before.Step != screen.TransferSending && after.Other != "":
		return []Command{Connect{after.ID, after.Other}}
	case after.Step == screen.TransferSending && before.Step != screen.TransferSending:
		return []Command{HandOver{after.ID, after.Target}}
	case after.Returned != before.Returned && (before.Asked || before.Other != ""):
		if line, ok := next.Line(before.ID); ok && line.HeldLocal {
			return []Command{Resume{ID: before.ID, Hold: next.Talking(before.ID)}}
		}
	}
	if _, ok := event.(screen.CancelTransfer); !ok {
		return nil
	}
	switch {
	case before.Step == screen.TransferSending:
		return []Command{KeepCall{before.ID}} // it comes back when the user agent says so
	case before.Step == screen.TransferAsking && before.Other != "":
		return []Command{End{before.Other}} // the first call comes back when the second has ended
	}
	return nil
}

// failedTransfer takes the error of a command that no event tells of.
func failedTransfer(s screen.Snapshot, id string, err error) screen.Snapshot {
	if s.Transfer.Step != screen.TransferSending || s.Transfer.ID != id {
		return s
	}
	for _, known := range []error{ua.ErrBadTarget, ua.ErrNotConnected, ua.ErrState, errCallNotFound, ua.ErrClosed} {
		if errors.Is(err, known) {
			return transferFailed(s, reason.Error(err))
		}
	}
	return s
}
