package books

import (
	"encoding/json"

	"github.com/gowebphone/webphone/pwa/history"
)

// LeftKey is where KeyValues have the calls that ended with their page, until they are in the history.
const LeftKey = "webphone.left"

// leftCalls are the calls that ended with their page, by account. A page that is being left may not live to see what it
// writes to a Store on the medium; KeyValues take it at once, and the next visit puts it into the history.
type leftCalls map[string]*history.History

func (b *Books) leftCalls() leftCalls {
	left := leftCalls{}
	if json.Unmarshal([]byte(b.values.Load(LeftKey)), &left) != nil {
		return leftCalls{} // nothing, or damaged
	}
	return left
}

func (b *Books) saveLeft(left leftCalls) {
	if len(left) == 0 {
		b.values.Save(LeftKey, "")
		return
	}
	if text, err := json.Marshal(left); err == nil {
		b.values.Save(LeftKey, string(text))
	}
}

// keepLeft keeps the calls that end because the page is left, and those before that wait for the stored ones.
func (b *Books) keepLeft(ended []history.Entry) {
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
func (b *Books) takeLeft() {
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
func (b *Books) dropLeft() {
	left := b.leftCalls()
	delete(left, b.account)
	b.saveLeft(left)
}
