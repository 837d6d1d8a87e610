package phone

import (
	"fmt"

	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/screen"
)

// Reduce is the snapshot after an event. It changes nothing else and never looks at a clock: what happens next is
// for Plan, what is heard and seen outside the page for screen.Effects. An event that nobody reduces is a fault of ours. What
// news makes of what all windows share does not depend on what a window shows.
func Reduce(s screen.Snapshot, event Event) screen.Snapshot { return tidy(reduced(s, event)) }

func reduced(s screen.Snapshot, event Event) screen.Snapshot {
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

// tidy is a snapshot whose window shows nothing of calls that are not there.
func tidy(s screen.Snapshot) screen.Snapshot {
	if _, ok := s.Stage(); !ok {
		s.Keypad = false
	}
	if !s.InCall() {
		s.Adding, s.Audio = false, false
	}
	return s
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
	case screen.StartTransfer, screen.TransferNow, screen.AskFirst, screen.CompleteTransfer, screen.CancelTransfer,
		screen.ConnectCalls,
		screen.DismissTransferred:
		return reduceTransfer(s, e)
	case screen.Show, screen.Choose, screen.OpenContact, screen.OpenCall, screen.ShowCaller, screen.ShowPop, screen.WidenList,
		screen.ToggleMenu,
		screen.ToggleShortcuts, screen.ToggleAudio, screen.Dismiss, screen.DismissUpdate, screen.UpdateWaits, screen.Update,
		screen.Escape:
		return reduceView(s, e)
	case screen.UseMicrophone, screen.UseSpeaker, screen.UseRinger, screen.SetEcho, screen.SetNoise, screen.SetGain,
		screen.SetRing,
		screen.SetKeyTones, screen.SetAutoAnswer, screen.SetName:
		return reduceChoice(s, e)
	case screen.MoveCodec, screen.SwitchCodec, screen.ToggleMeter, screen.MeterFailed, screen.AskErase, screen.Erase,
		screen.DevicesFound, screen.SetTheme, screen.SetLanguage, screen.ToggleDoNotDisturb, screen.ToggleDebug:
		return reduceSettings(s, e)
	case screen.Attended, screen.Visible, screen.Left, screen.Sound, screen.Updatable, screen.Fault, screen.PasteFailed,
		screen.Dropped:
		return reducePage(s, e)
	case screen.Decline, screen.Hangup, screen.ToggleMute, screen.ToggleHold, screen.Retry, screen.Woke, screen.Returned,
		screen.TakeOver:
		return s // Plan does what they say, and what comes of it is news
	case screen.SearchHistory, screen.FilterHistory, screen.MoreHistory, screen.ToggleSearch, screen.ToggleTools,
		screen.DeleteCalls,
		screen.WriteNote, screen.MarkDone, screen.ClearHistory, screen.ExportHistory, screen.SeeHistory,
		screen.SearchContacts,
		screen.ShowFavourites, screen.ScrollContacts, screen.WindowHigh,
		screen.EditContact, screen.AddNumber, screen.RemoveNumber, screen.SaveContact, screen.CancelEdit, screen.DeleteContact,
		screen.SetFavourite, screen.ExportContacts, screen.ReadImport, screen.SetHeader, screen.SetColumn, screen.SetPolicy,
		screen.Import,
		screen.TakeBack, screen.DropUndo, screen.NotKept, screen.DismissNotKept, screen.ExportAll:
		return s // the books have it
	}
	panic(fmt.Sprintf("nobody reduces %T", event))
}
