package phone

import (
	"encoding/json"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
)

// ends lists the calls that end with an event: the one that it tells of, or all when their session stops, which will tell
// no more.
func ends(s screen.Snapshot, e Event, now time.Time) []screen.Line {
	switch e := e.(type) {
	case Told:
		if call, ok := e.Event.(ua.CallEvent); ok && call.Info.State == ua.CallEnded {
			line, _ := s.Line(call.Info.ID)
			line.CallInfo = call.Info
			return []screen.Line{line}
		}
	case screen.Logout, screen.Left, screen.Erase, unseated:
		var all []screen.Line
		for _, l := range s.Calls.All {
			all = append(all, stopped(l, now))
		}
		return all
	}
	return nil
}

// stopped is a call as its session leaves it: hung up by us, or missed where it still rang.
func stopped(l screen.Line, now time.Time) screen.Line {
	l.State, l.Ended = ua.CallEnded, now
	if l.Cause.Kind == ua.CauseNone {
		l.Cause.Kind = choose(l.Direction == ua.Incoming && l.Answered.IsZero(), ua.CauseCancelled, ua.CauseHangupLocal)
	}
	return l
}

// leftCalls are the calls that ended with their page, by account. A page that is being left may not live to see what it
// writes to a Store on the medium; KeyValues take it at once, and the next visit puts it into the history.
type leftCalls map[string]*history.History

func (b *books) leftCalls() leftCalls {
	left := leftCalls{}
	if json.Unmarshal([]byte(b.values.Load(KeyLeft)), &left) != nil {
		return leftCalls{} // nothing, or damaged
	}
	return left
}

func (b *books) saveLeft(left leftCalls) {
	if len(left) == 0 {
		b.values.Save(KeyLeft, "")
		return
	}
	if text, err := json.Marshal(left); err == nil {
		b.values.Save(KeyLeft, string(text))
	}
}

// keepLeft keeps the calls that end because the page is left, and those before that wait for the stored ones.
func (b *books) keepLeft(ended []history.Entry) {
	if b.loading {
		ended = b.history.Entries()
	}
	waiting := map[string][]history.Entry{}
	for account, u := range b.unread {
		waiting[account] = u.history.Entries()
	}
	waiting[b.account] = append(waiting[b.account], ended...)
	left := b.leftCalls()
	for account, entries := range waiting {
		if len(entries) == 0 {
			continue
		}
		if left[account] == nil {
			left[account] = history.New()
		}
		left[account].Restore(entries)
	}
	b.saveLeft(left)
}

// takeLeft puts the calls that ended with the page before into the history.
func (b *books) takeLeft() {
	left := b.leftCalls()
	calls := left[b.account]
	if calls == nil || calls.Len() == 0 || b.history.Sealed() != nil {
		return
	}
	b.history.Restore(calls.Entries())
	b.historyChanged()
	b.dropLeft()
}

// dropLeft forgets what was kept when the page was left: the history has it.
func (b *books) dropLeft() {
	left := b.leftCalls()
	delete(left, b.account)
	b.saveLeft(left)
}
