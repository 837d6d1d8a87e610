package screen

import (
	"cmp"

	"github.com/gowebphone/webphone/pwa/text"
)

// CallerPane is who is on the line or rings, and what contacts and history know of them. A wide window shows it in its middle, as
// long as its user has chosen nothing else there.
type CallerPane struct {
	Line    Line       // the call, without ID for none; an answered one stays after its end
	Number  string     // to call them again, "" when they hide it
	Contact *Contact   // nil: they are in no book
	Label   string     // of the number in the book
	Calls   []PastCall // last ones with them, newest first
	NoteID  string     // of the call for WriteNote, "" where no note can be kept
	Note    string     // what the user has written about the call
	Pop     Pop
	Open    bool // it shows in the place of what the user has chosen
}

// Pop is the operator's page about who is on the line.
type Pop struct {
	URL    string // "" where there is none, or not yet
	Framed bool   // it stands in the pane, else there is a link to it
	Loaded bool   // the user has looked at it, and it stays until the next call
}

// Known tells whether there is somebody to show.
func (c CallerPane) Known() bool { return c.Line.ID != "" }

// Party is the call the middle of a wide window is about: the one on the stage, else one that rings, else any. One that comes in
// during another does not take its place.
func (s Snapshot) Party() (Line, bool) {
	if line, ok := s.Stage(); ok {
		return line, true
	}
	for _, lines := range [][]Line{s.Lines(), s.Incoming()} {
		if len(lines) > 0 {
			return lines[0], true
		}
	}
	return Line{}, false
}

// CallerOver tells whether the call of the caller's pane has ended.
func (s Snapshot) CallerOver() bool {
	_, goes := s.Line(s.Caller.Line.ID)
	return !goes
}

// ShowsCaller tells whether the middle of a wide window shows the caller.
func (s Snapshot) ShowsCaller() bool {
	return s.Caller.Known() && (s.Caller.Open || s.Detail == "" && !s.List.Own())
}

// HasNote tells whether the caller's pane has room for a note: the user talks, calls, or has talked.
func (s Snapshot) HasNote() bool {
	c := s.Caller
	return c.NoteID != "" && (c.Line.Direction == Outgoing || !c.Line.Answered.IsZero())
}

// noteOf names the note that a field shows, "" when none shows.
func noteOf(s Snapshot) string {
	switch {
	case s.ShowsCaller() && s.HasNote():
		return "call " + s.Caller.Line.ID // before and after its end
	case !s.ShowsCaller() && s.List == PageHistory && s.History.Chosen != nil:
		return "entry " + s.History.Chosen.Newest().ID
	}
	return ""
}

// OpensNote tells whether next shows a note that prev did not show, whose field is to be filled once.
func OpensNote(prev, next Snapshot) bool { return noteOf(next) != "" && noteOf(prev) != noteOf(next) }

// ShowsPop tells whether the caller's pane shows the operator's page.
func (s Snapshot) ShowsPop() bool { return s.PopOpen && s.Caller.Pop.Framed && s.Caller.Pop.URL != "" }

// RouteStep is how a call came here: a sentence about somebody.
type RouteStep struct {
	Said text.Key
	Who  Address
}

// Name is what a person calls them: the name, else the number or address.
func (r RouteStep) Name() string { return cmp.Or(r.Who.DisplayName, r.Who.User, r.Who.URI) }

// Steps tell how the call came here: whom it was for, and who handed it over, as the caller's side says.
func (l Line) Steps() []RouteStep {
	var steps []RouteStep
	if l.DivertedFrom.URI != "" {
		steps = append(steps, RouteStep{text.For, l.DivertedFrom})
	}
	if l.ReferredBy.URI != "" {
		steps = append(steps, RouteStep{text.HandedOverBy, l.ReferredBy})
	}
	return steps
}

// Route is Steps in sentences.
func (l Line) Route() []text.Sentence {
	var route []text.Sentence
	for _, step := range l.Steps() {
		route = append(route, text.Say(step.Said, "name", step.Name()))
	}
	return route
}

// SelfNamed tells whether the name of the call is one that the caller gave himself: neither a contact nor a server vouches for
// it.
func (c CallerPane) SelfNamed() bool {
	return c.Contact == nil && c.Line.Direction == Incoming && c.Line.Remote.DisplayName != "" && !c.Line.Asserted
}
