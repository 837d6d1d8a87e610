package phone

import (
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/screen"
)

// with is what was told of a call, with the call as change makes it.
func (e Told) with(change func(ua.CallInfo) ua.CallInfo) Told {
	switch c := e.Event.(type) {
	case ua.CallEvent:
		c.Info = change(c.Info)
		e.Event = c
	case ua.IncomingCallEvent:
		c.Info = change(c.Info)
		e.Event = c
	}
	return e
}

// forBooks is an event as the books understand it.
func forBooks(event Event) any {
	switch e := event.(type) {
	case Told:
		if c, ok := e.Event.(ua.ConnectionEvent); ok && c.State == ua.Connected {
			return books.Connected{}
		}
	case renewed:
		return books.Renewed{}
	}
	return event
}

// leaving is an event as it ends calls: whose place another window takes has logged out here.
func leaving(event Event) any {
	if _, ok := event.(unseated); ok {
		return screen.Logout{}
	}
	return event
}
