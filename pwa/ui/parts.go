package ui

import (
	"fmt"
	"runtime/debug"
	"sync/atomic"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
)

// slot is where a part of the page stands. What stands there is drawn from cut alone, so cut says what the part depends on, and
// a part that reads more of the snapshot shows nothing of it.
type slot struct {
	class string // of what stands there when it could not be drawn; "" for the whole page
	cut   func(screen.Snapshot) screen.Snapshot
	draw  func(View) app.UI
}

// part is what stands in a slot. go-app draws it anew only when an exported field has another value.
type part struct {
	app.Compo
	Shows *cutting

	slot  *slot
	do    func(screen.Event)
	inner cuttings
}

// cutting is what a part shows. The turn differs from one to the next, and comes first: go-app, which compares what pointers lead
// to, looks no further.
type cutting struct {
	turn uint64
	s    screen.Snapshot
}

// cuttings are what the parts in the slots of a drawing show.
type cuttings map[*slot]*cutting

var turns atomic.Uint64

// in is the part in a slot: as it was, if there is nothing else to show.
func (v View) in(at *slot) app.UI {
	last, next := v.shown[at], &cutting{turn: turns.Add(1), s: at.cut(v.S)}
	if last != nil && screen.Same(&last.s, &next.s) {
		next = last
	} else if v.shown != nil {
		v.shown[at] = next
	}
	return &part{Shows: next, slot: at, do: v.Do}
}

// Render draws the part. A fault in it leaves the others, and the calls go on and can be ended.
func (p *part) Render() (drawn app.UI) {
	if p.inner == nil {
		p.inner = cuttings{}
	}
	v := View{S: p.Shows.s, Do: p.do, shown: p.inner}
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		report(fmt.Errorf("ui: draw %q: %v", p.slot.class, r), debug.Stack())
		drawn = Broken(v)
		if p.slot.class != "" {
			drawn = el("section", p.slot.class, fault(v)...)
		}
	}()
	return p.slot.draw(v)
}
