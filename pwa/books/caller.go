package books

import (
	"github.com/gowebphone/webphone/pwa/screen"
)

const maxCallerCalls = 8

// fillCaller makes the pane of who is on the line. An answered call stays there after its end, until the user turns to something
// else or another call comes; of any other nothing is left to be done there. While somebody writes the note of a call nothing
// takes its place: what is typed would go elsewhere, and Enter would call it.
func (b *Books) fillCaller(s screen.Snapshot) screen.Snapshot {
	line, ok := s.Party()
	if b.writes(s.Caller.NoteID) {
		if line, ok = s.Line(s.Caller.Line.ID); !ok {
			line, ok = s.Caller.Line, true
		}
	}
	switch {
	case !ok && s.Caller.Line.Answered.IsZero():
		s.Caller = screen.CallerPane{}
		return s
	case !ok:
		line = s.Caller.Line
	}
	s.Caller.Line = line
	if k := (callerKey{b.version, line.ID, onTheLine(line.Call)}); k != b.at.shown.caller {
		if old := b.at.shown.caller; k.id != old.id || k.from != old.from {
			s.Caller.Pop = screen.Pop{}
		}
		b.at.shown.caller = k
		s.Caller = b.callerPane(s.Caller, line.Call)
	}
	return b.fillNote(b.fillPop(s))
}

// callerPane looks up who is on the line.
func (b *Books) callerPane(p screen.CallerPane, call screen.Call) screen.CallerPane {
	p.Number = onTheLine(call)
	p.Contact, p.Label, p.Calls = nil, "", nil
	if p.Number == "" {
		return p
	}
	numbers := []string{p.Number}
	if c, n, ok := b.book.Caller(p.Number); ok {
		contact := shownContact(c)
		p.Contact, p.Label, numbers = &contact, n.Name, numbersOf(c)
	}
	p.Calls = pastCalls(b.history.With(maxCallerCalls, b.cfg.Numbering, numbers...))
	return p
}

// fillPop says where the operator's page about the caller is, once it is time for that. Its address stays as long as the same
// person is on the line: what the user does on the page must not be lost.
func (b *Books) fillPop(s screen.Snapshot) screen.Snapshot {
	pop, c := b.cfg.ScreenPop, s.Caller
	if c.Pop.URL == "" && pop.URL != "" && c.Number != "" && (pop.On != "answer" || !c.Line.Answered.IsZero()) {
		name := c.Line.Remote.DisplayName
		if c.Contact != nil {
			name = c.Contact.Name
		}
		user := s.Account.Shown().User
		url := pop.Fill(map[string]string{"number": c.Number, "name": name, "callId": c.Line.CallID, "user": user})
		s.Caller.Pop = screen.Pop{URL: url, Framed: pop.Framed()}
	}
	s.Caller.Pop.Loaded = s.Caller.Pop.Loaded || s.ShowsPop()
	return s
}
