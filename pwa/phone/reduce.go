package phone

import (
	"fmt"
	"strings"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// Reduce is the snapshot after an event. It changes nothing else and never looks at a clock: what happens next is
// for Plan, what is heard and seen outside the page for screen.Effects. An event that nobody reduces is a fault of ours.
func Reduce(s screen.Snapshot, event Event) screen.Snapshot {
	switch e := event.(type) {
	case news:
		return e.reduce(s)
	case books.News:
		return s // Books.Follow knows what it does
	case screen.Event:
		return reduceWindow(s, e)
	}
	panic(fmt.Sprintf("nobody reduces %T", event))
}

// reduceWindow gives each event of a window to the one function that reduces its kind.
func reduceWindow(s screen.Snapshot, event screen.Event) screen.Snapshot {
	switch e := event.(type) {
	case screen.Login, screen.Logout, screen.TogglePassword:
		return reduceSession(s, e)
	case screen.Press, screen.Type, screen.Write, screen.Prefill, screen.Paste, screen.Backspace, screen.ClearDial,
		screen.Dial, screen.Redial, screen.Mark, screen.MakeCall:
		return reduceDial(s, e)
	case screen.Answer, screen.EndAndAnswer, screen.Swap, screen.ToggleKeypad, screen.SendBehind, screen.AddCall, screen.CloseWhy,
		screen.AnswerHandover:
		return reduceCall(s, e)
	case screen.StartTransfer, screen.TransferNow, screen.AskFirst, screen.CompleteTransfer, screen.CancelTransfer, screen.ConnectCalls,
		screen.DismissTransferred:
		return reduceTransfer(s, e)
	case screen.Show, screen.Choose, screen.OpenContact, screen.OpenCall, screen.ShowCaller, screen.ShowPop, screen.WidenList,
		screen.ToggleMenu,
		screen.ToggleShortcuts, screen.ToggleAudio, screen.Dismiss, screen.DismissUpdate, screen.UpdateWaits, screen.Update,
		screen.Escape:
		return reduceView(s, e)
	case screen.Configure, screen.MoveCodec, screen.SwitchCodec, screen.ToggleMeter, screen.MeterFailed, screen.AskErase, screen.Erase,
		screen.DevicesFound, screen.SetTheme, screen.SetLanguage, screen.ToggleDoNotDisturb, screen.ToggleDebug:
		return reduceSettings(s, e)
	case screen.Attended, screen.Left, screen.Sound, screen.Updatable, screen.Fault, screen.PasteFailed:
		return reducePage(s, e)
	case screen.Decline, screen.Hangup, screen.ToggleMute, screen.ToggleHold, screen.Retry, screen.Woke, screen.Returned,
		screen.TakeOver:
		return s // Plan does what they say, and what comes of it is news
	case screen.SearchHistory, screen.FilterHistory, screen.MoreHistory, screen.ToggleSearch, screen.ToggleTools, screen.DeleteCalls,
		screen.WriteNote, screen.MarkDone, screen.ClearHistory, screen.ExportHistory, screen.SearchContacts,
		screen.ShowFavourites, screen.ScrollContacts, screen.WindowHigh,
		screen.EditContact, screen.AddNumber, screen.RemoveNumber, screen.SaveContact, screen.CancelEdit, screen.DeleteContact,
		screen.SetFavourite, screen.ExportContacts, screen.ReadImport, screen.SetHeader, screen.SetColumn, screen.SetPolicy,
		screen.Import,
		screen.TakeBack, screen.DropUndo, screen.NotKept, screen.DismissNotKept, screen.ExportAll:
		return s // the books have it
	}
	panic(fmt.Sprintf("nobody reduces %T", event))
}

// reducePage follows what a page notices of itself.
func reducePage(s screen.Snapshot, event screen.Event) screen.Snapshot {
	switch e := event.(type) {
	case screen.Attended:
		s.Attended = true
	case screen.Left:
		s.Calls.All, s.Active, s.Transfer, s.Handovers = nil, "", screen.Transfer{}, nil
		s.Connection, s.Registration = screen.Connection{}, screen.Registration{}
	case screen.Sound:
		s.SoundBlocked = e.Blocked
	case screen.Updatable:
		s.UpdateReady = true
	case screen.Fault:
		return s.WithProblem(text.Say(text.Fault))
	case screen.PasteFailed:
		return s.WithProblem(text.Say(text.PasteFailed))
	}
	return s
}

// reduceView follows where the user goes, and what is opened there.
func reduceView(s screen.Snapshot, event screen.Event) screen.Snapshot {
	switch e := event.(type) {
	case screen.Show:
		s = leftCaller(s.At(e.Page))
		if e.Page == screen.PageHistory {
			s.Missed = 0
		}
	case screen.Choose:
		s.Detail = e.ID
		s = leftCaller(s)
	case screen.OpenContact:
		s = leftCaller(s.At(screen.PageContacts))
		s.Detail = e.ID
	case screen.OpenCall:
		s = leftCaller(s.At(screen.PageHistory))
		s.Detail = e.ID
	case screen.ShowCaller:
		return showCaller(s, e.On)
	case screen.ShowPop:
		s.PopOpen = e.On
	case screen.WidenList:
		s.Widened = choose(e.Width == 0, 0, screen.ListWidth(e.Width))
	case screen.ToggleMenu:
		s.Menu, s.Shortcuts = !s.Menu, false
	case screen.ToggleShortcuts:
		s.Shortcuts, s.Menu, s.Audio = !s.Shortcuts, false, false
	case screen.ToggleAudio:
		s.Audio, s.Shortcuts = !s.Audio, false
	case screen.Dismiss:
		s.Problem.Text = text.Sentence{}
	case screen.DismissUpdate:
		s.UpdateReady = false
	case screen.UpdateWaits:
		s.UpdateWaits = true
	case screen.Update:
		return updated(s)
	case screen.Escape:
		return escape(s)
	}
	return s
}

// reduceCall follows what the user does with the calls.
func reduceCall(s screen.Snapshot, event screen.Event) screen.Snapshot {
	switch e := event.(type) {
	case screen.Answer:
		return answering(s, e.ID)
	case screen.EndAndAnswer:
		return answering(s, e.ID)
	case screen.Swap:
		if line, _ := s.Line(e.ID); line.Busy {
			return s // it is being held or resumed: it can be swapped when that is done
		}
		s.Active, s.Keypad, s.Adding = e.ID, false, false
	case screen.ToggleKeypad:
		if s.Transfer.Step == screen.TransferChoosing {
			s.Transfer = s.Transfer.Anew(screen.TransferNone, "")
		}
		s.Keypad, s.Adding = !s.Keypad, false
		s.Page = screen.PagePhone
	case screen.SendBehind:
		return sentBehind(s, e.ID)
	case screen.AddCall:
		s.Adding, s.Keypad = e.On, false
		if e.On {
			s.Page = screen.PagePhone
		}
		if s.Transfer.Step == screen.TransferChoosing {
			s.Transfer = s.Transfer.Anew(screen.TransferNone, "")
		}
	case screen.CloseWhy:
		s = s.Unexplained()
	case screen.AnswerHandover:
		return s.WithoutHandover(func(h screen.Handover) bool { return h.ID == e.ID })
	}
	return s
}

// answering marks a call that the user takes, as long as it still rings.
func answering(s screen.Snapshot, id string) screen.Snapshot {
	s = s.Unexplained()
	s.Problem.Text, s.Page = text.Sentence{}, screen.PagePhone
	return s.WithLine(id, func(l *screen.Line) { l.Answering = l.RingsHere() })
}

// showCaller goes to the call: a narrow window shows the phone, the middle of a wide one who is on the line. A form that somebody
// fills in stays, since what is typed there would be lost.
func showCaller(s screen.Snapshot, on bool) screen.Snapshot {
	if !on {
		return leftCaller(s)
	}
	s.Page, s.Menu, s.Shortcuts = screen.PagePhone, false, false
	s.Caller.Open = s.Caller.Known() && s.Contacts.Edit == nil && s.Contacts.Import == nil
	return s
}

// leftCaller is the screen when the user turns to something else: who was on the line is not shown any more once they have gone.
func leftCaller(s screen.Snapshot) screen.Snapshot {
	if s.Caller.Open = false; s.CallerOver() {
		s.Caller = screen.CallerPane{}
	}
	return s
}

// escape closes one thing, the uppermost.
func escape(s screen.Snapshot) screen.Snapshot {
	switch {
	case s.Shortcuts:
		s.Shortcuts = false
	case s.Menu:
		s.Menu = false
	case s.Audio:
		s.Audio = false
	case !s.Problem.Text.Empty():
		s.Problem.Text = text.Sentence{}
	case s.Transfer.Step == screen.TransferChoosing:
		return reduceTransfer(s, screen.CancelTransfer{})
	case s.Adding:
		s.Adding = false
	case s.Keypad:
		s.Keypad = false
	default:
		s = s.Unexplained()
	}
	return s
}

// reduceDial follows what is written into the number field, and called from it.
func reduceDial(s screen.Snapshot, event screen.Event) screen.Snapshot {
	switch e := event.(type) {
	case screen.Press:
		return press(s, e.Digit)
	case screen.Type:
		return written(s, e.Text)
	case screen.Write:
		return written(s.At(screen.PagePhone), e.Text)
	case screen.Prefill:
		if s.Elsewhere {
			return s.WithProblem(text.Say(text.NumberGiven))
		}
		return prefilled(s, e.Text)
	case screen.Paste:
		return written(s, s.Unexplained().Dial+strings.TrimSpace(e.Text))
	case screen.Backspace:
		runes := []rune(s.Dial)
		return written(s, string(runes[:max(0, len(runes)-1)]))
	case screen.ClearDial:
		return written(s, "")
	case screen.Dial:
		return dial(s, e)
	case screen.Mark:
		return marked(s, e.By)
	case screen.Redial:
		return written(s, s.Placed.Target)
	case screen.MakeCall:
		if s.Transfer.Step == screen.TransferChoosing {
			return written(s.At(screen.PagePhone), e.Target)
		}
		return called(s, e.Target)
	}
	return s
}

func press(s screen.Snapshot, digit string) screen.Snapshot {
	line, inCall := s.ToneLine()
	if inCall && digit == "+" || !inCall && !s.ShowsDialPad() {
		return s // there is no such tone, or nobody who could hear it
	}
	s.Pressed = screen.KeyPress{Digit: digit, Count: s.Pressed.Count + 1}
	if inCall {
		s.Keypad = true // what is sent has to be seen
		return s.WithLine(line.ID, func(l *screen.Line) { l.Digits = number.Typed(l.Digits + digit) })
	}
	return written(s, s.Unexplained().Dial+digit)
}

// prefilled puts a number that a link names into the number field.
func prefilled(s screen.Snapshot, linked string) screen.Snapshot {
	s = written(s.At(screen.PagePhone), number.Linked(strings.TrimSpace(linked)))
	if _, ok := s.Stage(); ok {
		s.Adding = true
	}
	return s
}

// written puts what the user writes into the number field. What is said about the last call goes: another has begun.
func written(s screen.Snapshot, typed string) screen.Snapshot {
	s.Dial, s.Ended, s.Marked = number.Typed(typed), nil, 0
	s.Menu, s.Shortcuts = false, false
	return s
}

// explained says why a call has ended. The number stays in the field as long as nobody writes another one, to be called again.
func explained(s screen.Snapshot, e screen.Ended) screen.Snapshot {
	s = s.Unexplained()
	e.Typed = number.Typed(e.Again())
	if _, err := number.Dialable(e.Again()); err == nil && s.Dial == "" && len(s.Lines()) == 0 {
		s.Dial = e.Typed
	}
	s.Ended = &e
	return s
}

// behind are the keys that stand behind the number of a new call, where it is the one that was asked for. In a URI they are the
// server's.
func behind(target string, call ua.CallInfo) string {
	number, keys, err := number.Dial(target)
	if err != nil || call.Direction != ua.Outgoing || call.Dialled != number || strings.Contains(number, ":") {
		return ""
	}
	return keys
}

// sentBehind writes down the keys behind the number that Plan sends. They show among those pressed, as long as none waits.
func sentBehind(s screen.Snapshot, id string) screen.Snapshot {
	line, _ := s.Line(id)
	_, shown, later := line.Next()
	if shown == "" {
		return s
	}
	if s.Active == id {
		s.Keypad = later == ""
	}
	return s.WithLine(id, func(l *screen.Line) { l.Digits, l.Behind = number.Typed(l.Digits+shown), later })
}

// debugged switches the trace of the SIP messages.
func debugged(s screen.Snapshot) screen.Snapshot {
	s.Debug, s.Menu = !s.Debug, false
	s.Live = text.Say(choose(s.Debug, text.DebugOn, text.DebugOff))
	return s
}

// debugCode, dialled, switches the SIP trace on and off and calls nobody.
const debugCode = "*#0*#"

// dial calls what the user has seen in the field or marked under it, as long as that stands there still: a second press for
// one call is none.
func dial(s screen.Snapshot, e screen.Dial) screen.Snapshot {
	chosen, ok := dialled(s, e)
	switch {
	case s.Transfer.Step == screen.TransferChoosing:
		return transferNow(s, e)
	case !ok:
		return s
	case strings.TrimSpace(chosen) == debugCode:
		s.Dial = ""
		return debugged(s)
	case strings.TrimSpace(chosen) == "":
		return reduceDial(s, screen.Redial{})
	}
	return called(s, chosen)
}

// called is the screen when target is going to be called; see Plan, which calls it.
func called(s screen.Snapshot, target string) screen.Snapshot {
	if !s.CanDial() {
		return s.WithProblem(text.Say(text.NotConnected))
	}
	if _, err := number.Dialable(target); err != nil {
		if strings.TrimSpace(target) == "" {
			return s
		}
		return s.WithProblem(text.Say(text.BadTarget))
	}
	s.Dial, s.Placed = "", screen.Placed{Target: strings.TrimSpace(target), Count: s.Placed.Count + 1}
	s.Problem.Text, s.Transfer.Done = text.Sentence{}, text.Sentence{}
	s.Adding, s.Keypad, s.Ended, s.Page = false, false, nil, screen.PagePhone
	if s.Transfer.Step == screen.TransferChoosing {
		s.Transfer = s.Transfer.Anew(screen.TransferNone, "")
	}
	return s
}
