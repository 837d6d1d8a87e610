package phone

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/text"
)

// Reduce is the snapshot after an event. It changes nothing else and never looks at a clock: what happens next is
// for Plan, what is heard and seen outside the page for Effects.
func Reduce(s Snapshot, event Event) Snapshot {
	switch e := event.(type) {
	case Told:
		return reduceAgent(s, e)
	case Measured:
		s.doubt = s.doubt.heard(e)
		return withLine(s, e.ID, func(l *Line) {
			if l.measured {
				l.Quality = l.Quality.follow(l.Stats, e.Stats)
			}
			l.Stats, l.measured = e.Stats, true
		})
	case Failed:
		return reduceFailed(s, e)
	case Tick:
		before := s.Now
		s.Now = later(s.Now, e.At)
		s = answeredLater(doubted(outlasted(s)), before)
	case Left:
		s.Calls, s.Active, s.Transfer, s.Handovers = nil, "", Transfer{}, nil
		s.Connection, s.Registration = ua.ConnectionInfo{}, ua.RegistrationInfo{}
	case Sound:
		s.SoundBlocked = e.Blocked
	case Updatable:
		s.UpdateReady = true
	case Fault:
		return withProblem(s, text.Say(text.Fault))
	case PasteFailed:
		return withProblem(s, text.Say(text.PasteFailed))
	case Login, Logout, TogglePassword, opened, fetching, unprovisioned:
		return reduceSession(s, event)
	case Press, Type, Write, Prefill, Paste, Backspace, ClearDial, Dial, Redial, MakeCall:
		return reduceDial(s, event)
	case Configure, MoveCodec, SwitchCodec, ToggleMeter, MeterFailed, AskErase, Erase, DevicesFound:
		return reduceSettings(s, event)
	case StartTransfer, TransferNow, AskFirst, CompleteTransfer, CancelTransfer, ConnectCalls:
		return reduceTransfer(s, event)
	case HandoverAsked, HandoverGone, AnswerHandover:
		return reduceHandover(s, event)
	case succeeds:
		return succeeded(s, e)
	case looked:
		s.filled = append(slices.Clip(s.filled), e.page)
	default:
		return reduceUI(s, event)
	}
	return s
}

func reduceUI(s Snapshot, event Event) Snapshot {
	switch e := event.(type) {
	case Show:
		s = shown(s, e.Page)
		if e.Page == PageHistory {
			s.Missed = 0
		}
	case Choose:
		s.Detail = e.ID
	case OpenContact:
		s = shown(s, PageContacts)
		s.Detail = e.ID
	case ToggleMenu:
		s.Menu, s.Shortcuts = !s.Menu, false
	case ToggleShortcuts:
		s.Shortcuts, s.Menu, s.Audio = !s.Shortcuts, false, false
	case ToggleDoNotDisturb:
		s.DoNotDisturb = !s.DoNotDisturb
		s.Live = text.Say(choose(s.DoNotDisturb, text.DoNotDisturbOn, text.DoNotDisturbOff))
	case ToggleDebug:
		s.Debug, s.Menu = !s.Debug, false
		s.Live = text.Say(choose(s.Debug, text.DebugOn, text.DebugOff))
	case Dismiss:
		s.Problem.Text = text.Sentence{}
	case DismissTransferred:
		s.Transfer.Done = text.Sentence{}
	case ToggleAudio:
		s.Audio, s.Shortcuts = !s.Audio, false
	case DismissUpdate:
		s.UpdateReady = false
	case SetTheme:
		s.Theme = choose(s.Settings.May.Theme, e.Theme, s.Theme)
	case SetLanguage:
		s.Language = choose(s.Settings.May.Language, e.Language, s.Language)
	case Escape:
		return escape(s)
	default:
		return reduceCall(s, event)
	}
	return s
}

func reduceCall(s Snapshot, event Event) Snapshot {
	switch e := event.(type) {
	case Answer:
		return answering(s, e.ID)
	case EndAndAnswer:
		return answering(s, e.ID)
	case Swap:
		if line, _ := s.Line(e.ID); line.Busy {
			return s // it is being held or resumed: it can be swapped when that is done
		}
		s.Active, s.Keypad, s.Adding = e.ID, false, false
	case ToggleKeypad:
		if s.Transfer.Step == TransferChoosing {
			s.Transfer = s.Transfer.begin(TransferNone, "")
		}
		s.Keypad, s.Adding = !s.Keypad, false
		s.Page = PagePhone
	case AddCall:
		s.Adding, s.Keypad = e.On, false
		if e.On {
			s.Page = PagePhone
		}
		if s.Transfer.Step == TransferChoosing {
			s.Transfer = s.Transfer.begin(TransferNone, "")
		}
	case CloseWhy:
		s = unexplained(s)
	}
	return s
}

// answering marks a call that the user takes, as long as it still rings.
func answering(s Snapshot, id string) Snapshot {
	s = unexplained(s)
	s.Problem.Text, s.Page = text.Sentence{}, PagePhone
	return withLine(s, id, func(l *Line) { l.Answering = l.RingsHere() })
}

// shown goes to a page. The phone pane is always there in a wide window, so it keeps the list beside it.
func shown(s Snapshot, page Page) Snapshot {
	if _, known := s.ownPage(page); page.Own() && !known {
		page = PagePhone
	}
	if page != PagePhone {
		if page != s.List {
			s.Detail = ""
		}
		s.List = page
	}
	s.Page, s.Menu, s.Shortcuts = page, false, false
	return s
}

// escape closes one thing, the uppermost.
func escape(s Snapshot) Snapshot {
	switch {
	case s.Shortcuts:
		s.Shortcuts = false
	case s.Menu:
		s.Menu = false
	case s.Audio:
		s.Audio = false
	case !s.Problem.Text.Empty():
		s.Problem.Text = text.Sentence{}
	case s.Transfer.Step == TransferChoosing:
		return reduceTransfer(s, CancelTransfer{})
	case s.Adding:
		s.Adding = false
	case s.Keypad:
		s.Keypad = false
	default:
		s = unexplained(s)
	}
	return s
}

func reduceDial(s Snapshot, event Event) Snapshot {
	switch e := event.(type) {
	case Press:
		return press(s, e.Digit)
	case Type:
		return written(s, e.Text)
	case Write:
		return written(shown(s, PagePhone), e.Text)
	case Prefill:
		s = written(shown(s, PagePhone), number.Linked(strings.TrimSpace(e.Text)))
		if _, ok := s.Stage(); ok {
			s.Adding = true
		}
	case Paste:
		return written(s, unexplained(s).Dial+strings.TrimSpace(e.Text))
	case Backspace:
		runes := []rune(s.Dial)
		return written(s, string(runes[:max(0, len(runes)-1)]))
	case ClearDial:
		return written(s, "")
	case Dial:
		return dial(s, e.Text)
	case Redial:
		return written(s, s.Placed.Target)
	case MakeCall:
		if s.Transfer.Step == TransferChoosing {
			s = shown(s, PagePhone)
			s.Dial = number.Typed(e.Target)
			return s
		}
		return called(s, e.Target)
	}
	return s
}

func press(s Snapshot, digit string) Snapshot {
	line, inCall := dtmfLine(s)
	if inCall && digit == "+" || !inCall && !s.ShowsDialPad() {
		return s // there is no such tone, or nobody who could hear it
	}
	s.Pressed = KeyPress{Digit: digit, Count: s.Pressed.Count + 1}
	if inCall {
		s.Keypad = true // what is sent has to be seen
		return withLine(s, line.ID, func(l *Line) { l.Digits = number.Typed(l.Digits + digit) })
	}
	return written(s, unexplained(s).Dial+digit)
}

// written puts what the user writes into the number field. What is said about the last call goes: another has begun.
func written(s Snapshot, typed string) Snapshot {
	s.Dial, s.Ended = number.Typed(typed), nil
	s.Menu, s.Shortcuts = false, false
	return s
}

// explained says why a call has ended. The number stays in the field as long as nobody writes another one, to be called again.
func explained(s Snapshot, e Ended) Snapshot {
	s = unexplained(s)
	if _, err := number.Dialable(e.Again()); err == nil && s.Dial == "" && len(s.Lines()) == 0 {
		s.Dial = number.Typed(e.Again())
	}
	s.Ended = &e
	return s
}

// unexplained closes the explanation of a call, and takes the number along that stands in the field for its sake.
func unexplained(s Snapshot) Snapshot {
	if s.Ended != nil && s.Dial == number.Typed(s.Ended.Again()) {
		s.Dial = ""
	}
	s.Ended = nil
	return s
}

// dtmfLine is the call that keys go to, if they go to one: the call on the stage, unless the dial pad covers it. One that
// rings takes them once there is sound, such as that of an announcement.
func dtmfLine(s Snapshot) (Line, bool) {
	line, ok := s.Stage()
	audible := line.State < ua.CallEnding && (line.EarlyMedia || line.State >= ua.CallConnecting)
	return line, ok && !s.Adding && s.Transfer.Step != TransferChoosing && audible
}

// dial calls what the user has seen in the field, as long as that stands there still: a second press for one call is none.
func dial(s Snapshot, typed string) Snapshot {
	switch {
	case number.Typed(typed) != s.Dial:
		return s
	case s.Transfer.Step == TransferChoosing:
		return transferNow(s, typed)
	case strings.TrimSpace(typed) == DebugCode:
		s.Dial = ""
		return reduceUI(s, ToggleDebug{})
	case strings.TrimSpace(typed) == "":
		return reduceDial(s, Redial{})
	}
	return called(s, typed)
}

// called is the screen when target is going to be called; see Plan, which calls it.
func called(s Snapshot, target string) Snapshot {
	if !s.CanDial() {
		return withProblem(s, text.Say(text.NotConnected))
	}
	if _, err := number.Dialable(target); err != nil {
		if strings.TrimSpace(target) == "" {
			return s
		}
		return withProblem(s, text.Say(text.BadTarget))
	}
	s.Dial, s.Placed = "", Placed{Target: strings.TrimSpace(target), Count: s.Placed.Count + 1}
	s.Problem.Text, s.Transfer.Done = text.Sentence{}, text.Sentence{}
	s.Adding, s.Keypad, s.Ended, s.Page = false, false, nil, PagePhone
	if s.Transfer.Step == TransferChoosing {
		s.Transfer = s.Transfer.begin(TransferNone, "")
	}
	return s
}

func withProblem(s Snapshot, why text.Sentence) Snapshot {
	s.Problem = Problem{Text: why, Count: s.Problem.Count + 1}
	return s
}

// withLine changes one call in a copy of the calls.
func withLine(s Snapshot, id string, change func(*Line)) Snapshot {
	calls := make([]Line, len(s.Calls))
	copy(calls, s.Calls)
	for i := range calls {
		if calls[i].ID == id {
			change(&calls[i])
		}
	}
	s.Calls = calls
	return s
}

func choose[T any](condition bool, yes, no T) T {
	if condition {
		return yes
	}
	return no
}

// later is the later of two moments: the clock of the screen never goes back.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func itoa(n int) string { return strconv.Itoa(n) }
