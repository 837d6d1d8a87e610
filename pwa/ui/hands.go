package ui

import (
	"slices"
	"strings"
)

// What lies under the pointer never changes its meaning: where something has come, gone, moved or changed what a press on it
// means, and the user's own hand has not brought that about, the page is deaf for a while. A person who presses within that
// time means what was there before. Two more rules follow from the same: a release counts only where the press was, and a
// second press at the place of the first counts only on what the first one met.
//
// The keyboard has the focus for a place. Whoever has moved it, or has written something, since the change knows what Enter
// will do.

const (
	settling  = 600  // milliseconds for which a place is deaf that has changed
	hangingUp = 1500 // milliseconds for which nothing that calls hears where a call could be ended
)

// spot is a control, or what lies over others, as a person sees it.
type spot struct {
	does string // what a press on it means
	box  box
}

// box is a rectangle of the page, in whole pixels.
type box struct{ x, y, w, h int }

func (b box) holds(x, y int) bool { return x >= b.x && x < b.x+b.w && y >= b.y && y < b.y+b.h }

// change is a place that has changed at a moment of the browser's clock.
type change struct {
	spot
	at  float64
	new bool // nothing meant that before, wherever it stood
}

// hands judge presses. The goroutine of the user interface owns them.
type hands struct {
	changes []change
	last    hit     // the last one that counted
	moved   float64 // when the keyboard was last used for anything but pressing
}

// hit is a press or a release, with the pointer or on what has the focus.
type hit struct {
	does   string
	box    box // of the control
	x, y   int
	at     float64
	byKeys bool
}

// changed notes what is different from before.
func (h *hands) changed(before, after []spot, now float64) {
	h.forget(now)
	for _, s := range before {
		if !slices.Contains(after, s) {
			h.changes = append(h.changes, change{spot: s, at: now})
		}
	}
	for _, s := range after {
		if !slices.Contains(before, s) {
			meant := slices.ContainsFunc(before, func(b spot) bool { return b.does == s.does })
			h.changes = append(h.changes, change{s, now, !meant})
		}
	}
}

func (h *hands) forget(now float64) {
	h.changes = slices.DeleteFunc(h.changes, func(c change) bool { return now-c.at >= hangingUp })
}

// deafFor is how long it takes until every press counts, and until those count that call nobody.
func (h *hands) deafFor(now float64) (calls, others float64) {
	for _, c := range h.changes {
		others = max(others, c.at+settling-now)
		if ends(c.does) {
			calls = max(calls, c.at+hangingUp-now)
		}
	}
	return max(calls, others), others
}

// hears tells whether a press counts.
func (h *hands) hears(p hit) bool {
	if p.at-h.last.at < settling && h.last.does != p.does && h.last.byKeys == p.byKeys {
		if p.byKeys && h.moved < h.last.at || !p.byKeys && h.last.box.holds(p.x, p.y) {
			return false // the second half of a double press
		}
	}
	heard := true
	for i, c := range h.changes {
		if h.unseen(c, p) {
			heard = false
			h.changes[i].pressed(p)
		}
	}
	return heard
}

// pressed begins the time anew for a hand that goes on hanging up: what calls there waits until it rests.
func (c *change) pressed(p hit) {
	if ends(c.does) && calls(p.does) && !p.byKeys {
		c.at = p.at
	}
}

// unseen tells whether a press may mean what was there before a change.
func (h *hands) unseen(c change, p hit) bool {
	switch {
	case p.byKeys:
		return c.new && c.does == p.does && p.at-c.at < settling && h.moved < c.at
	case p.at-c.at < settling:
		return c.box.holds(p.x, p.y) || c.new && c.does == p.does
	}
	return ends(c.does) && calls(p.does) && p.at-c.at < hangingUp && c.box.holds(p.x, p.y)
}

// ends tells whether a press on that ends or refuses a call.
func ends(does string) bool { return begins(does, "screen.Hangup", "screen.Decline") }

// calls tells whether a press on that leads to a call.
func calls(does string) bool {
	return begins(does, "call:", "screen.Dial", "screen.MakeCall", "screen.Redial", "screen.Answer", "screen.EndAndAnswer",
		"screen.TransferNow", "screen.AskFirst")
}

func begins(does string, with ...string) bool {
	return slices.ContainsFunc(with, func(prefix string) bool { return strings.HasPrefix(does, prefix) })
}
