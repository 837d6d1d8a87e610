package phone

import (
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
)

const maxCallerCalls = 8

// callerKey is what the caller's pane is made of, beside the call itself.
type callerKey struct {
	version  int
	id, from string
}

// fillCaller makes the pane of who is on the line. An answered call stays there after its end, until the user turns to something else
// or another call comes; of any other nothing is left to be done there.
func (b *books) fillCaller(s screen.Snapshot) screen.Snapshot {
	line, ok := s.Party()
	switch {
	case !ok && s.Caller.Line.Answered.IsZero():
		s.Caller = screen.CallerPane{}
		return s
	case !ok:
		line = s.Caller.Line
	}
	s.Caller.Line = line
	if k := (callerKey{b.version, line.ID, history.OnTheLine(line.CallInfo)}); k != b.shown.caller {
		b.shown.caller = k
		s.Caller = b.callerPane(s.Caller, line.CallInfo)
	}
	return s
}

// callerPane looks up who is on the line.
func (b *books) callerPane(p screen.CallerPane, call ua.CallInfo) screen.CallerPane {
	p.Number = history.OnTheLine(call)
	p.Contact, p.Label, p.Calls = nil, "", nil
	if p.Number == "" {
		return p
	}
	numbers := []string{p.Number}
	if c, n, ok := b.book.Caller(p.Number); ok {
		p.Contact, p.Label, numbers = &c, n.Name, numbersOf(c)
	}
	p.Calls = pastCalls(b.history.With(maxCallerCalls, b.cfg.Numbering, numbers...))
	return p
}

// numbersOf lists the numbers of a contact.
func numbersOf(c contacts.Contact) []string {
	numbers := make([]string, len(c.Numbers))
	for i, n := range c.Numbers {
		numbers[i] = n.Number
	}
	return numbers
}
