package books

import (
	"slices"
	"strconv"
	"time"

	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

func (b *Books) add(over []Ended) (entries []history.Entry) {
	for _, o := range over {
		entries = append(entries, b.history.Add(b.noted(b.entry(o), o.Line)))
	}
	b.history.Prune(b.now(), b.cfg.Retention)
	b.historyChanged()
	return entries
}

func (b *Books) actHistory(s screen.Snapshot, event screen.Event) screen.Snapshot {
	switch e := event.(type) {
	case screen.SearchHistory:
		s.History.Query, b.at.limit = e.Query, historyStep
	case screen.FilterHistory:
		s.History.Filter, b.at.limit = e.Filter, historyStep
	case screen.MoreHistory:
		if s.History.More {
			b.at.limit += historyStep
		}
	case screen.ToggleSearch:
		s.History.Searching, s.History.Query = !s.History.Searching, ""
	case screen.SeeHistory:
		if s.ListsMissed() {
			b.seen()
		}
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

func (b *Books) seen() {
	if b.history.MarkSeen() {
		b.historyChanged()
	}
}

// deleteCalls deletes the line of the list with that entry.
func (b *Books) deleteCalls(s screen.Snapshot, id string) screen.Snapshot {
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

func (b *Books) takeOut(s screen.Snapshot, gone []history.Entry) screen.Snapshot {
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
