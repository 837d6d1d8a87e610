package history

import (
	"time"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/number"
)

// mostLooked is how many of the newest calls are looked through for those that wait.
const mostLooked = 300

// Waiting lists who rang since a moment and got nobody: the newest call with their number was missed, and is not marked done.
// Each is a line with the missed calls in a row, newest first. Who was called back in vain still waits; who hides the number
// cannot be called.
func (h *History) Waiting(since time.Time, limit int, plan config.Numbering) []Group {
	lines := map[string]*Group{} // nil: they have been reached, or are done with
	var order []*Group
	for _, e := range h.entries[:min(len(h.entries), mostLooked)] {
		inVain := !e.Missed && e.Answered.IsZero()
		if e.Number == "" || e.Start.Before(since) || inVain {
			continue
		}
		key := number.Read(e.Number, plan).String()
		g, known := lines[key]
		waits := e.Missed && !e.Done
		switch {
		case !waits:
			lines[key] = nil
		case !known:
			g = &Group{Missed: true}
			lines[key], order = g, append(order, g)
			fallthrough
		case g != nil:
			g.add(e)
		}
	}
	var waiting []Group
	for _, g := range order[:min(len(order), limit)] {
		waiting = append(waiting, *g)
	}
	return waiting
}

// MarkDone marks the missed calls with the number of an entry as dealt with. It reports whether that changed anything.
func (h *History) MarkDone(id string, plan config.Numbering) (changed bool) {
	done, ok := h.Entry(id)
	if !ok {
		return false
	}
	for i, e := range h.entries {
		if e.Missed && !e.Done && (e.ID == id || e.Number != "" && number.Same(e.Number, done.Number, plan)) {
			h.entries[i].Done, changed = true, true
		}
	}
	return changed
}
