package ui

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// The slots of the page, with what each shows. The keys of the two pads stand apart from what is typed with them.
var (
	pageSlot       = slot{"", func(s screen.Snapshot) screen.Snapshot { return s }, page}
	noticesSlot    = slot{"notices", noticesCut, notices}
	navigationSlot = slot{"nav", navigationCut, navigation}
	listSlot       = slot{"pane pane-list", listCut, listPart}
	splitterSlot   = slot{"splitter", splitterCut, splitter}
	detailSlot     = slot{"pane pane-detail", detailCut, detailPart}
	accountSlot    = slot{"me", accountCut, account}
	bodySlot       = slot{"call", bodyCut, phoneBody}
	dialPadSlot    = slot{"dialpad", look, func(v View) app.UI { return dialpad(v, v.S.Show.Dialpad) }}
	tonePadSlot    = slot{"dialpad", look, func(v View) app.UI { return dialpad(v, true) }}
	overPhoneSlot  = slot{"incoming", overlayCut, func(v View) app.UI { return overlay(v, overPhone) }}
	overPageSlot   = slot{"incoming", overlayCut, func(v View) app.UI { return overlay(v, overPage) }}
	callbarSlot    = slot{"callbar", callbarCut, callbar}
)

// look is how everything looks and speaks.
func look(s screen.Snapshot) (c screen.Snapshot) {
	c.Look = s.Look
	return c
}

// owned is what shows who is logged in, and whether calls can be made.
func owned(s screen.Snapshot) screen.Snapshot {
	c := look(s)
	c.Account = s.Account
	return c
}

// timed adds the time, to the second where something counts, else to the day.
func timed(c, s screen.Snapshot, counts bool) screen.Snapshot {
	c.Now = s.Now
	if !counts {
		year, month, day := s.Now.Local().Date()
		c.Now = time.Date(year, month, day, 0, 0, 0, 0, time.Local)
	}
	return c
}

func noticesCut(s screen.Snapshot) screen.Snapshot {
	c := timed(owned(s), s, s.Offline() || s.ServerBusy())
	c.Calls, c.Undo, c.NotKept = s.Calls, s.Undo, s.NotKept
	c.Problem, c.SoundBlocked, c.UpdateReady, c.UpdateWaits = s.Problem, s.SoundBlocked, s.UpdateReady, s.UpdateWaits
	c.Contacts.Edit, c.Contacts.Import = s.Contacts.Edit, s.Contacts.Import // an update would lose them
	return c
}

func navigationCut(s screen.Snapshot) screen.Snapshot {
	c := look(s)
	c.Missed, c.Page, c.List, c.Detail = s.Missed, s.Page, s.List, s.Detail
	return c
}

func listCut(s screen.Snapshot) screen.Snapshot {
	c := timed(owned(s), s, false)
	c.Settings, c.DoNotDisturb, c.AutoAnswer, c.Transfer.Step = s.Settings, s.DoNotDisturb, s.AutoAnswer, s.Transfer.Step
	c.List, c.Detail = s.List, s.Detail
	switch s.List {
	case screen.PageHistory:
		c.History = s.History
	case screen.PageContacts:
		c.Contacts = s.Contacts
	}
	return c
}

func splitterCut(s screen.Snapshot) screen.Snapshot {
	c := look(s)
	c.Widened = s.Widened
	return c
}

func detailCut(s screen.Snapshot) screen.Snapshot {
	c := timed(owned(s), s, false)
	c.Settings, c.Setup, c.Transfer.Step = s.Settings, s.Setup, s.Transfer.Step
	c.DoNotDisturb, c.AutoAnswer = s.DoNotDisturb, s.AutoAnswer // switches of the settings
	c.List, c.Detail, c.Today, c.PopOpen = s.List, s.Detail, s.Today, s.PopOpen
	c.History.Chosen = s.History.Chosen
	c.Contacts.Chosen, c.Contacts.Edit, c.Contacts.Import = s.Contacts.Chosen, s.Contacts.Edit, s.Contacts.Import
	return callerCut(c, s)
}

// goesOn stands for the call of the caller's pane until its end: which one it is shows nowhere.
var goesOn = []screen.Line{{Call: screen.Call{ID: "goes on"}}}

// callerCut is what the caller's pane shows of the calls: who is on the line, how it came, and whether it is over. A call is
// measured all the time, which moves nothing there.
func callerCut(c, s screen.Snapshot) screen.Snapshot {
	l := s.Caller.Line
	c.Caller = s.Caller
	c.Caller.Line = screen.Line{Withheld: l.Withheld, Call: screen.Call{ID: l.ID, Direction: l.Direction, Remote: l.Remote,
		Asserted: l.Asserted, Dialled: l.Dialled, Answered: l.Answered, DivertedFrom: l.DivertedFrom, ReferredBy: l.ReferredBy}}
	if c.Calls.All = nil; s.Caller.Known() && !s.CallerOver() {
		c.Caller.Line.ID, c.Calls.All = goesOn[0].ID, goesOn
	}
	return c
}

func accountCut(s screen.Snapshot) screen.Snapshot {
	c := owned(s)
	c.DoNotDisturb, c.AutoAnswer, c.Menu = s.DoNotDisturb, s.AutoAnswer, s.Menu
	return c
}

// callCut is what is shown of the calls.
func callCut(s screen.Snapshot) screen.Snapshot {
	c := timed(owned(s), s, len(s.Calls.All) > 0)
	c.Calls, c.Adding, c.Keypad, c.Audio = s.Calls, s.Adding, s.Keypad, s.Audio
	return c
}

func bodyCut(s screen.Snapshot) screen.Snapshot {
	c := callCut(s)
	c.Caller.Line.ID, c.Caller.NoteID = s.Caller.Line.ID, s.Caller.NoteID
	c.Dial, c.Suggestions, c.Marked, c.Fits, c.Nameless = s.Dial, s.Suggestions, s.Marked, s.Fits, s.Nameless
	return c
}

func overlayCut(s screen.Snapshot) screen.Snapshot {
	c := callCut(s)
	c.Settings, c.Page, c.Menu, c.Shortcuts = s.Settings, s.Page, s.Menu, s.Shortcuts
	return c
}

func callbarCut(s screen.Snapshot) screen.Snapshot {
	c := callCut(s)
	c.Last = s.Last
	return c
}

func listPart(v View) app.UI {
	return el("section", "pane pane-list", listPane(v)...).Aria("label", v.T(text.List))
}

func detailPart(v View) app.UI {
	return el("section", "pane pane-detail", detailPane(v)...).Aria("label", v.T(text.Detail))
}
