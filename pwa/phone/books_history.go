package phone

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

const maxDetailCalls = 20

// record keeps calls that end with an event, unless everything is being erased.
func (b *books) record(lines []screen.Line, event Event) {
	var ended []history.Entry
	switch event.(type) {
	case screen.Left, screen.Logout, unseated:
		ended = b.keepNotes()
	}
	if _, erased := event.(screen.Erase); !erased && len(lines) > 0 && !b.cfg.Has(config.NoHistory) {
		ended = append(ended, b.add(lines)...)
	}
	if _, left := event.(screen.Left); left {
		b.keepLeft(ended)
	}
}

func (b *books) add(lines []screen.Line) (entries []history.Entry) {
	for _, l := range lines {
		e := history.Of(l.CallInfo, b.cfg.Numbering)
		e.Number = number.Spelt(e.Number, b.home)
		e.Missed = e.Missed || l.Refused // nobody was disturbed, and somebody may wish to know
		entries = append(entries, b.history.Add(b.noted(e, l)))
	}
	b.history.Prune(b.now(), b.cfg.Retention)
	b.historyChanged()
	return entries
}

func (b *books) historyChanged() {
	b.version++
	if b.loading {
		return
	}
	b.keep(b.history.Save(background, b.store, historyDoc(b.account)))
}

func (b *books) actHistory(s screen.Snapshot, event screen.Event) screen.Snapshot {
	switch e := event.(type) {
	case screen.SearchHistory:
		s.History.Query, b.limit = e.Query, historyStep
	case screen.FilterHistory:
		s.History.Filter, b.limit = e.Filter, historyStep
	case screen.MoreHistory:
		if s.History.More {
			b.limit += historyStep
		}
	case screen.ToggleSearch:
		s.History.Searching, s.History.Query = !s.History.Searching, ""
	case screen.MarkDone:
		if b.history.MarkDone(e.ID, b.cfg.Numbering) {
			b.historyChanged()
		}
	case screen.WriteNote:
		return b.writeNote(s, e)
	case screen.DeleteCalls:
		return b.deleteCalls(s, e.ID)
	case screen.ClearHistory:
		s.History.Tools = false
		return b.takeOut(s, b.history.Clear())
	case screen.ExportHistory:
		s.History.Tools = false
		data, err := history.WriteCSV(b.history.Entries(), time.Local)
		return save(s, "calls.csv", "text/csv", data, err)
	}
	return s
}

func (b *books) seen() {
	if b.history.MarkSeen() {
		b.historyChanged()
	}
}

// deleteCalls deletes the line of the list with that entry.
func (b *books) deleteCalls(s screen.Snapshot, id string) screen.Snapshot {
	ids := []string{id}
	for _, day := range s.History.Days {
		for _, l := range day.Lines {
			if !slices.ContainsFunc(l.Entries, func(e screen.PastCall) bool { return e.ID == id }) {
				continue
			}
			for _, e := range l.Entries {
				ids = append(ids, e.ID)
			}
		}
	}
	if slices.Contains(ids, s.Detail) {
		s.Detail = ""
	}
	return b.takeOut(s, b.history.Delete(ids...))
}

func (b *books) takeOut(s screen.Snapshot, gone []history.Entry) screen.Snapshot {
	if len(gone) == 0 {
		return s
	}
	b.historyChanged()
	if _, ok := b.history.Entry(s.Detail); !ok && s.List == screen.PageHistory {
		s.Detail = ""
	}
	undo := func() {
		b.history.Restore(gone)
		b.historyChanged()
	}
	return b.offer(s, undo, text.CallsDeleted, "count", strconv.Itoa(len(gone)))
}

// historyPane makes the list and the chosen call.
func (b *books) historyPane(s screen.Snapshot) screen.HistoryPane {
	p := s.History
	p.Total, p.Chosen = b.history.Len(), nil
	if s.List != screen.PageHistory {
		return p
	}
	p.Days, p.More = b.days(b.filtered(p))
	if e, ok := b.history.Entry(s.Detail); ok {
		p.Chosen = b.callDetail(p, e)
	}
	return p
}

func (b *books) filtered(p screen.HistoryPane) []history.Entry {
	found := b.history.Search(strings.TrimSpace(p.Query), 0, b.book.CallerName)
	if p.Filter == screen.FilterAll {
		return found
	}
	return slices.DeleteFunc(found, func(e history.Entry) bool { return !takes(p.Filter, e) })
}

func takes(f screen.HistoryFilter, e history.Entry) bool {
	switch f {
	case screen.FilterMissed:
		return e.Missed
	case screen.FilterIncoming:
		return e.Direction == ua.Incoming && !e.Missed
	case screen.FilterOutgoing:
		return e.Direction == ua.Outgoing
	}
	return true
}

func (b *books) days(entries []history.Entry) (days []screen.CallDay, more bool) {
	left := b.limit
	for _, d := range history.Days(entries, time.Local, b.cfg.Numbering) {
		day := screen.CallDay{Date: d.Date}
		for _, g := range d.Groups {
			if left == 0 {
				more = true
				break
			}
			left--
			day.Lines = append(day.Lines, b.line(g))
		}
		if len(day.Lines) > 0 {
			days = append(days, day)
		}
	}
	return days, more
}

func (b *books) line(g history.Group) screen.CallLine {
	l := screen.CallLine{CallGroup: screen.CallGroup{Entries: pastCalls(g.Entries), Missed: g.Missed, Unseen: g.Unseen}, Name: g.Newest().Name}
	if c, _, ok := b.book.Caller(g.Newest().Number); ok {
		l.Name, l.ContactID = c.Name, c.ID
	}
	return l
}

func (b *books) callDetail(p screen.HistoryPane, e history.Entry) *screen.CallDetail {
	d := &screen.CallDetail{CallLine: b.line(history.Group{Entries: []history.Entry{e}, Missed: e.Missed})}
	for _, day := range p.Days {
		for _, l := range day.Lines {
			if slices.ContainsFunc(l.Entries, func(x screen.PastCall) bool { return x.ID == e.ID }) {
				d.CallLine = l
			}
		}
	}
	if c, ok := b.book.Contact(d.ContactID); ok {
		d.Organisation = c.Organisation
	}
	d.Calls = b.callsWith(e.Number)
	if e.Number == "" {
		d.Calls = d.Entries
	}
	return d
}

// callsWith lists the last calls with a number.
func (b *books) callsWith(numbers ...string) []screen.PastCall {
	return pastCalls(b.history.With(maxDetailCalls, b.cfg.Numbering, numbers...))
}
