package phone

import (
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// reducePage follows what a page notices of itself.
func reducePage(s screen.Snapshot, event screen.Event) screen.Snapshot {
	switch e := event.(type) {
	case screen.Attended:
		s.Attended, s.Used = true, true
	case screen.Visible:
		s.Hidden = !e.On
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
	case screen.Dropped:
		return s.WithProblem(text.Say(text.Dropped))
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
		return showCaller(s, e)
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

// showCaller goes to the call: a narrow window shows the phone, the middle of a wide one who is on the line. A form that somebody
// fills in stays, since what is typed there would be lost.
//
// Aside from the call is the page of the list beside it, where the call bar has the call; the way back leads to the call again.
func showCaller(s screen.Snapshot, e screen.ShowCaller) screen.Snapshot {
	aside := s.Caller.Open && s.Page != screen.PagePhone
	if s.Menu, s.Shortcuts = false, false; !e.On {
		if aside {
			s.Page = screen.PagePhone
		}
		return leftCaller(s)
	}
	if s.Page = screen.PagePhone; e.Aside {
		if s.List.Own() {
			s = s.At(screen.PageHistory)
		}
		s.Page = s.List
	}
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

// updated begins to change over to another version, unless something would be lost by it: then it is offered again.
func updated(s screen.Snapshot) screen.Snapshot {
	s.UpdateWaits = false
	s.Updating = s.UpdateFits()
	return s
}
