package books

import (
	"encoding/json"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
)

// BequestKey is where KeyValues have the calls that go on while their page is left, as they are if no other page takes them up.
const BequestKey = "webphone.bequest"

// Bequeath keeps calls that another page may take up. They are in no history before Inherit has told what became of them.
func (b *Books) Bequeath(over []Ended) {
	if b.cfg.Has(config.NoHistory) || len(over) == 0 {
		return
	}
	calls := history.New()
	for _, o := range over {
		calls.Add(b.noted(b.entry(o), o.Line))
	}
	if text, err := json.Marshal(leftCalls{b.account: calls}); err == nil {
		b.values.Save(BequestKey, string(text))
	}
}

// Inherit tells which calls go on that a page before has left, and which of an account have ended with it. Of those that page
// has written itself how they end, where nobody takes them up.
func (b *Books) Inherit(goOn []ua.CallInfo, account string, ended []Ended) {
	known := map[string]bool{}
	for _, call := range goOn {
		known[b.entry(Ended{Call: call}).ID] = true
	}
	left, bequests := b.leftCalls(), leftCalls{}
	if json.Unmarshal([]byte(b.values.Load(BequestKey)), &bequests) != nil {
		bequests = leftCalls{} // nothing, or damaged
	}
	add := func(account string, e history.Entry) {
		if known[e.ID] {
			return
		}
		known[e.ID] = true
		if left[account] == nil {
			left[account] = history.New()
		}
		left[account].Add(e)
	}
	for account, calls := range bequests {
		for _, e := range calls.Entries() {
			add(account, e)
		}
	}
	for _, o := range ended {
		if !b.cfg.Has(config.NoHistory) {
			add(account, b.entry(o))
		}
	}
	b.saveLeft(left)
	b.values.Save(BequestKey, "")
	if b.opened && !b.loading {
		b.takeLeft() // else it is taken when the history is here
	}
}

// entry is a call as the history has it, without its note.
func (b *Books) entry(o Ended) history.Entry {
	e := history.Of(o.Call, b.cfg.Numbering)
	e.Number = number.Spelt(e.Number, b.home)
	e.Missed = e.Missed || o.Line.Refused // nobody was disturbed, and somebody may wish to know
	e.Note = history.Note(o.Note)
	return e
}

// Note is what has been written about a call that goes on.
func (b *Books) Note(l screen.Line) string { return b.notes.of(l) }
