package phone

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/screen"
)

// Open opens another window. It is given every snapshot to show, with the one before, in order and from the goroutine of Serve;
// before the first one there is an empty one. Show must not wait for the phone.
func (p *Phone) Open(show func(prev, next screen.Snapshot)) *Window {
	w := &Window{phone: p, show: show, panes: books.NewPanes()}
	p.receive(opening{w})
	return w
}

// Close takes the window away. The phone and its calls stay, whether there is another one or not.
func (w *Window) Close() { w.phone.receive(closing{w}) }

// opening and closing bring a window into the phone, and take it out.
type (
	opening struct{ window *Window }
	closing struct{ window *Window }
)

func (o opening) open(p *Phone) Event {
	w := o.window
	w.view = newView(p.opts)
	w.view.Follows = len(p.windows) > 0
	p.turns++
	w.turn = p.turns
	if p.windows = append(p.windows, w); len(p.windows) == 1 {
		p.turnTo(w)
	}
	return unseen{}
}

func (c closing) open(p *Phone) Event {
	p.books.Leave(c.window.panes)
	p.windows = slices.DeleteFunc(slices.Clone(p.windows), func(w *Window) bool { return w == c.window })
	if len(p.windows) == 0 {
		p.turnTo(p.nobody(newView(p.opts)))
	} else {
		p.turnTo(p.leading())
	}
	return unseen{}
}

// newView is what a window shows at first.
func newView(opts Options) screen.View {
	v := screen.View{List: screen.PageHistory}
	if width, err := strconv.Atoi(opts.Keep.Load(KeyListWidth)); err == nil {
		v.Widened = screen.ListWidth(width)
	}
	return v
}

// nobody stands for a window while none is open.
func (p *Phone) nobody(v screen.View) *Window {
	return &Window{phone: p, view: v, panes: books.NewPanes(), show: func(prev, next screen.Snapshot) {}}
}

// turnTo makes it the turn of a window.
func (p *Phone) turnTo(w *Window) {
	p.at.view = p.snapshot.View
	p.at, p.snapshot.View = w, w.view
}

// begins makes it the turn of the window that something was sent from, or of the one that leads. It is false where nobody asks
// for it any more.
func (p *Phone) begins(came *sent) bool {
	if came.from != nil && !slices.Contains(p.windows, came.from) {
		if _, does := came.event.(screen.Event); does {
			return false
		}
		came.from = nil // what has failed for a window that has closed concerns all
	}
	if came.told {
		came.from.told++
	}
	p.asks = came.from
	p.turnTo(cmp.Or(came.from, p.leading()))
	if came.byHand {
		p.turns++
		p.at.turn, p.snapshot.Used = p.turns, true
	}
	return true
}

// heed notes what a window tells of itself. What it tells is for the phone where it is the last one, or all alike.
func (p *Phone) heed(e Event) Event {
	switch e.(type) {
	case screen.Left:
		if p.at.asleep = true; p.awake() > 0 {
			return unseen{}
		}
	case screen.Returned:
		p.at.asleep = false
	case screen.DevicesFound:
		if p.snapshot.Follows {
			return nil // the same ones, and those of the window with the audio count
		}
	}
	return e
}

// awake counts the windows whose page is there.
func (p *Phone) awake() (n int) {
	for _, w := range p.windows {
		n += choose(w.asleep, 0, 1)
	}
	return n
}

// leading is the window that leads: until lead says otherwise the same one.
func (p *Phone) leading() *Window {
	p.at.view = p.snapshot.View
	for _, w := range p.windows {
		if !w.view.Follows {
			return w
		}
	}
	if len(p.windows) == 0 {
		return p.at
	}
	return slices.MaxFunc(p.windows, fitter)
}

// fitter compares how well two windows can lead: one that is seen rings where somebody is, and a browser lets only one that
// somebody has used be heard. Of two that are alike it is the one that was used last.
func fitter(a, b *Window) int {
	yes := func(a, b bool) int { return choose(a, 1, 0) - choose(b, 1, 0) }
	return cmp.Or(yes(!a.asleep, !b.asleep), yes(!a.view.Hidden, !b.view.Hidden), yes(a.view.Used, b.view.Used),
		cmp.Compare(a.turn, b.turn))
}

// lead says which window leads: the fittest, but for the time of a call, whose audio is in one of them. Free tells that there was
// none before the event: who answers or makes one has the audio.
func (p *Phone) lead(free bool) {
	leads := p.leading()
	if len(p.windows) > 0 && (free || leads.asleep) {
		leads = slices.MaxFunc(p.windows, fitter)
	}
	awake := p.awake()
	for _, w := range p.windows {
		w.view.Follows, w.view.Accompanied = w != leads, awake > choose(w.asleep, 0, 1)
	}
	p.snapshot.View = p.at.view
}

// move reduces an event: in the window whose turn it is, and beside it in all others.
func (p *Phone) move(e Event) {
	first := &books.Step{Panes: p.at.panes, Prev: p.snapshot, Next: Reduce(p.snapshot, e)}
	windows := slices.DeleteFunc(slices.Clone(p.windows), func(w *Window) bool { return w == p.at })
	others := make([]*books.Step, len(windows))
	for i, w := range windows {
		before := screen.Snapshot{Shared: first.Prev.Shared, View: w.view}
		others[i] = &books.Step{Panes: w.panes, Prev: before, Next: beside(before, first.Next.Shared, e, p.asks != nil)}
	}
	p.books.FollowAll(forBooks(e), first, others...)
	p.snapshot = first.Next
	for i, w := range windows {
		w.view = others[i].Next.View
	}
}

// present shows a window what has become of it, the others only where that is anything. Asked tells that its user need not be
// warned of a change.
func (p *Phone) present(w *Window, asked bool) {
	if w == p.at {
		w.view = p.snapshot.View
	}
	prev, next := w.shown, screen.Snapshot{Shared: p.snapshot.Shared, View: w.view}
	next.Unasked, next.Told = prev.Unasked, w.told // whatever has begun anew
	if w != p.at && (w.asleep || screen.Same(&prev, &next)) {
		return
	}
	if !asked {
		next.Unasked++
	}
	w.view, w.shown = next.View, next
	if w == p.at {
		p.snapshot.View = next.View
	}
	w.show(prev, next)
}
