package phone

import (
	"errors"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/text"
)

// TransferStep is how far the handing over of a call is.
type TransferStep int

const (
	TransferNone     TransferStep = iota
	TransferChoosing              // the number field asks whom
	TransferAsking                // the first call waits, the user talks to the second
	TransferSending               // the other side has been asked to do it
)

// Transfer is a call that is being handed over.
//
//	choosing --TransferNow--> sending --> done, or back to the call, also by CancelTransfer
//	   '-----AskFirst--> asking --CompleteTransfer--'
type Transfer struct {
	Step     TransferStep
	ID       string        // of the call that is handed over
	Other    string        // of the call it gets connected to; "" when the user does not talk to them first, or not yet
	Target   string        // what was dialled for that
	Name     string        // of who gets the call
	Agreed   bool          // the other side has agreed to it
	Rings    bool          // the new call rings
	Done     text.Sentence // tells of the last transfer that worked
	Returned int           // how often a first call came back because a transfer did not work
	asked    bool          // the second call was made for this
	rang     bool          // the new call has rung
}

// What the user does to hand a call over.
type (
	// StartTransfer asks for the number, or no longer. TransferNow hands the call to what the number field has shown, AskFirst
	// holds it and calls that number.
	StartTransfer struct{ ID string }
	TransferNow   struct{ Text string }
	AskFirst      struct{ Text string }
	// CompleteTransfer connects the two calls and leaves them, CancelTransfer goes back to the first, also when the other side
	// is at work on it.
	CompleteTransfer struct{}
	CancelTransfer   struct{}
	// ConnectCalls does that with any two calls.
	ConnectCalls struct{}
)

func (StartTransfer) isEvent()    {}
func (TransferNow) isEvent()      {}
func (AskFirst) isEvent()         {}
func (CompleteTransfer) isEvent() {}
func (CancelTransfer) isEvent()   {}
func (ConnectCalls) isEvent()     {}

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

// Transferring is the call being handed over, when that is what the phone pane shows.
func (s Snapshot) Transferring() (Line, bool) {
	if s.Transfer.Step == TransferNone {
		return Line{}, false
	}
	return s.Line(s.Transfer.ID)
}

// Connectable is the call that Connect hands over: with two calls, the one beside the stage.
func (s Snapshot) Connectable() (Line, bool) {
	stage, ok := s.Stage()
	others := s.Others()
	if !ok || !stage.Established() || len(others) != 1 || !others[0].Established() {
		return Line{}, false
	}
	return others[0], true
}

func reduceTransfer(s Snapshot, event Event) Snapshot {
	t := &s.Transfer
	switch e := event.(type) {
	case StartTransfer:
		return startTransfer(s, e.ID)
	case TransferNow:
		return transferNow(s, e.Text)
	case AskFirst:
		return askFirst(s, e.Text)
	case CompleteTransfer:
		other, ok := s.Line(t.Other)
		if first, ok1 := s.Line(t.ID); ok && ok1 && t.Step == TransferAsking && other.Established() && first.Established() {
			t.Step, t.Agreed, t.Rings, t.Name = TransferSending, false, false, other.Name()
		}
	case ConnectCalls:
		if first, ok := s.Connectable(); ok && t.Step != TransferAsking && t.Step != TransferSending {
			other, _ := s.Stage()
			*t = t.begin(TransferSending, first.ID)
			t.Other, t.Name = other.ID, other.Name()
			s.Adding, s.Keypad, s.Page = false, false, PagePhone
		}
	case CancelTransfer:
		if t.Step == TransferChoosing {
			*t, s.Dial = t.begin(TransferNone, ""), ""
		}
	}
	return s
}

// begin is another transfer, which remembers only how many came back.
func (t Transfer) begin(step TransferStep, id string) Transfer {
	return Transfer{Step: step, ID: id, Returned: t.Returned}
}

func startTransfer(s Snapshot, id string) Snapshot {
	line, ok := s.Line(id)
	switch {
	case s.Transfer.Step == TransferChoosing:
		return reduceTransfer(s, CancelTransfer{})
	case !ok || !line.Established() || s.Transfer.Step != TransferNone:
		return s
	}
	s.Transfer = s.Transfer.begin(TransferChoosing, id)
	s.Adding, s.Keypad, s.Dial, s.Page = false, false, "", PagePhone
	return s
}

func transferNow(s Snapshot, typed string) Snapshot {
	if s.Transfer.Step != TransferChoosing || number.Typed(typed) != s.Dial {
		return s
	}
	target, ok := s.transferTarget(typed)
	if ok {
		s.Transfer.Step, s.Transfer.Target, s.Transfer.Name = TransferSending, target, target
		s.Dial, s.Problem.Text = "", text.Sentence{}
		return s
	}
	return called(s, typed) // which says what is wrong with it
}

// transferTarget is what is called for a text, when it can be called.
func (s Snapshot) transferTarget(typed string) (string, bool) {
	target, err := number.Dialable(typed)
	return target, err == nil && s.CanDial() && s.Transfer.Step == TransferChoosing
}

// askFirst calls the number. The call itself follows from Placed, as every call.
func askFirst(s Snapshot, typed string) Snapshot {
	t := s.Transfer
	if t.Step != TransferChoosing || number.Typed(typed) != s.Dial {
		return s
	}
	target, ok := s.transferTarget(typed)
	s = called(s, typed)
	if ok {
		s.Transfer = t.begin(TransferAsking, t.ID)
		s.Transfer.Target, s.Transfer.Name, s.Transfer.asked = target, target, true
	}
	return s
}

// joinTransfer takes a new call of ours as the second call of the transfer, when it is the one that was made for it.
func joinTransfer(s Snapshot, line Line) Snapshot {
	t := &s.Transfer
	switch {
	case t.Step != TransferAsking:
	case t.Other == "" && line.Direction == ua.Outgoing && line.Dialled == t.Target:
		t.Other = line.ID
		fallthrough
	case line.ID == t.Other:
		t.Name = line.Name()
	}
	return s
}

// told takes the news of a transfer.
func (t Transfer) told(e ua.TransferEvent) Transfer {
	t.Agreed = true
	t.Rings = e.State == ua.TransferProgress
	t.rang = t.rang || t.Rings
	return t
}

// connected tells whether the two are known to talk: a server may report a transfer as done as soon as it has taken it in hand, before
// anything rings. Who was asked first has answered already.
func (t Transfer) connected(e ua.TransferEvent) bool {
	return e.Code != 202 && (t.rang || t.Other != "")
}

func reduceTransferEvent(s Snapshot, e ua.TransferEvent) Snapshot {
	if s.Transfer.Step != TransferSending || s.Transfer.ID != e.Info.ID {
		return s
	}
	line, _ := s.Line(e.Info.ID)
	switch e.State {
	case ua.TransferFailed:
		doubt := doubtOf(s.Transfer, line, s.Now)
		s = transferFailed(s, transferSentence(s.Transfer, line.Name(), e.Cause))
		s.doubt = doubt
		return s
	case ua.TransferSucceeded:
		done := text.Say(choose(s.Transfer.connected(e), text.Transferred, text.PassedOn), "name", line.Name(), "target", s.Transfer.Name)
		s.Transfer = s.Transfer.begin(TransferNone, "")
		s.Transfer.Done, s.Live = done, done
		return s
	}
	if rings := e.State == ua.TransferProgress; rings && !s.Transfer.Rings {
		s.Live = text.Say(text.TransferRings, "target", s.Transfer.Name)
	}
	s.Transfer = s.Transfer.told(e)
	return s
}

// transferFailed brings the first call back to the stage with the reason. When the user still talks to the second, the
// transfer can be tried again.
func transferFailed(s Snapshot, why text.Sentence) Snapshot {
	t := s.Transfer
	_, both := s.Line(t.Other)
	s.Transfer = t.begin(TransferNone, "")
	if both && t.asked && t.Step == TransferSending {
		t.Step, t.Agreed, t.Rings = TransferAsking, false, false
		s.Transfer = t
	}
	if _, ok := s.Line(t.ID); ok {
		s.Active = t.ID
		s.Transfer.Returned++
	}
	s = unexplained(s)
	s.Adding, s.Keypad = false, false
	if why.Empty() {
		return s
	}
	return withProblem(s, why)
}

// endTransfer follows the end of a call that is part of a transfer.
func endTransfer(s Snapshot, line Line) Snapshot {
	t := s.Transfer
	switch {
	case t.Step == TransferNone:
	case line.ID == t.ID:
		s.Transfer = t.begin(TransferNone, "")
	case line.ID == t.Other && t.Step == TransferAsking:
		why, _ := callSentence(line)
		return transferFailed(s, why)
	}
	return s // when the second call ends while we wait for news, its other side has taken the first
}

// planTransfer is what has to be done for it.
func planTransfer(prev, next Snapshot, event Event) []Command {
	before, after := prev.Transfer, next.Transfer
	switch {
	case after.Step == TransferSending && before.Step != TransferSending && after.Other != "":
		return []Command{Connect{after.ID, after.Other}}
	case after.Step == TransferSending && before.Step != TransferSending:
		return []Command{HandOver{after.ID, after.Target}}
	case after.Returned != before.Returned && (before.asked || before.Other != ""):
		if line, ok := next.Line(before.ID); ok && line.HeldLocal {
			return []Command{Resume{ID: before.ID, Hold: talking(next, before.ID)}}
		}
	}
	if _, ok := event.(CancelTransfer); !ok {
		return nil
	}
	switch {
	case before.Step == TransferSending:
		return []Command{KeepCall{before.ID}} // it comes back when the user agent says so
	case before.Step == TransferAsking && before.Other != "":
		return []Command{End{before.Other}} // the first call comes back when the second has ended
	}
	return nil
}

// failedTransfer takes the error of a command that no event tells of.
func failedTransfer(s Snapshot, id string, err error) Snapshot {
	if s.Transfer.Step != TransferSending || s.Transfer.ID != id {
		return s
	}
	for _, known := range []error{ua.ErrBadTarget, ua.ErrNotConnected, ua.ErrState, errCallNotFound, ua.ErrClosed} {
		if errors.Is(err, known) {
			return transferFailed(s, errorSentence(err))
		}
	}
	return s
}

var transferCauses = map[ua.CauseKind]text.Key{
	ua.CauseBusy:        text.TransferBusy,
	ua.CauseNoAnswer:    text.TransferNoAnswer,
	ua.CauseTimeout:     text.TransferNoAnswer,
	ua.CauseRejected:    text.TransferDeclined,
	ua.CauseUnavailable: text.TransferNoAnswer,
	ua.CauseNotFound:    text.TransferUnknown,
}

// transferSentence says why a transfer failed, and that the call is still there. The user knows what the user has done.
func transferSentence(t Transfer, name string, why ua.Cause) text.Sentence {
	if why.Kind == ua.CauseCancelled && why.Code == 0 {
		return text.Sentence{}
	}
	key, ok := transferCauses[why.Kind]
	switch {
	case !t.Agreed && why.Code >= 300:
		key = text.TransferRefused
	case !ok:
		key = text.TransferFailed
	}
	return text.Say(key, "name", name, "target", t.Name, "code", itoa(why.Code))
}
