package ui

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
)

// Root is the page. It holds the newest snapshot and the goroutine that feeds it.
type Root struct {
	app.Compo

	phone    Phone
	opts     Options
	snapshot screen.Snapshot
	world    world
	running  bool
	ahead    ahead
	hands    hands
	rows     rows
	carded   string // the call that rings to whose card a Tab has led
}

// Phone is the phone behind a window. Its methods do not wait, but for Run.
type Phone interface {
	// Begin is the snapshot that is shown until Run gives one.
	Begin() screen.Snapshot
	// Do tells an event of the world, Act one of the user's hand.
	Do(e screen.Event)
	Act(e screen.Event)
	// Run works until ctx ends. It gives every snapshot to show, with the one before, in order and from one goroutine.
	Run(ctx context.Context, show func(prev, next screen.Snapshot))
}

// Options are what a window has beside its phone. The zero value works.
type Options struct {
	Media  Media                        // default none: no devices are listed, and nothing is known of sound that is blocked
	Linked func(fragment string) string // the number that the fragment of an address names, "" for none; default none is named
}

// New makes the root of a window that shows a phone. The phone runs when the page is there.
func New(phone Phone, opts Options) *Root {
	if opts.Linked == nil {
		opts.Linked = func(string) string { return "" }
	}
	return &Root{phone: phone, opts: opts, snapshot: phone.Begin()}
}

// OnMount starts the phone. It runs once: the browser calls it when the root comes into the page.
func (r *Root) OnMount(ctx app.Context) {
	if r.running {
		return
	}
	r.running = true
	r.world.dispatch = ctx.Dispatch
	r.watch()
	dress(r.snapshot.Theme, r.snapshot.Language)
	setTitle(screen.TitleOf(r.snapshot))
	brand(r.snapshot.CSS)
	setListWidth(r.snapshot.Widened)
	r.do(screen.Show{Page: currentPage()})
	ctx.Defer(func(app.Context) { settleFocus(screen.Snapshot{}, r.snapshot) })
	go r.phone.Run(context.Background(), r.show) // ends with the page
}

// watch passes on what the browser tells about the world.
func (r *Root) watch() {
	watchWorld(r.do)
	watchAddress(r.opts.Linked, r.do)
	watchHands(&r.hands, func() bool { return r.ahead.on })
	watchKeys(r.key)
	watchPaste(func() bool { return screen.Pastes(r.snapshot) }, r.act)
	watchSystem(r.do)
	watchNotifications(r.do)
	watchSound(r.do)
	watchSize(func() { uncover(); settleCover(r.snapshot); r.look() })
	watchReturn(r.look)
	r.watchMedia()
	useOutputs(screen.OutputsOf(r.snapshot))
}

// OnAppUpdate tells that a new version waits.
func (r *Root) OnAppUpdate(app.Context) { r.do(screen.Updatable{}) }

// do tells the phone an event of the world, act one of the user's hand.
func (r *Root) do(e screen.Event) { r.phone.Do(e) }

func (r *Root) act(e screen.Event) {
	defer r.guard("event")
	if act, ok := immediate[eventName(e)]; ok {
		act(r)
		return
	}
	r.phone.Act(e)
}

// show takes a snapshot from the phone's goroutine to the user interface's. What follows from the difference is done
// once, here, and not when the page is drawn.
func (r *Root) show(prev, next screen.Snapshot) {
	for _, e := range screen.Effects(prev, next) {
		r.perform(e)
	}
	if prev.Page != next.Page {
		setPage(next.Page)
	}
	if next.Show.Headless() && next.Problem.Count > prev.Problem.Count {
		warn(next.Language.Tell(next.Problem.Text)) // who has put a phone without a screen into a page has nothing else to read
	}
	if r.world.dispatch != nil {
		r.world.dispatch(func(ctx app.Context) {
			var before []spot
			unasked := prev.Unasked != next.Unasked
			if unasked {
				before = spots()
				expectChange() // whoever looks before it is judged waits
			}
			r.snapshot = r.rows.show(next)
			ctx.Defer(func(app.Context) {
				defer r.guard("focus")
				Settle(prev, next)
				r.look()
				if unasked {
					r.hands.changed(before, spots(), clock())
					tellDeaf(&r.hands)
				}
				if r.ahead.settles(next) && focusNumber(next) {
					r.ahead = ahead{}
				}
				r.drawMore()
			})
		})
	}
}

// drawMore draws the next rows of the contacts, as long as some are left, each time in a task of its own.
func (r *Root) drawMore() {
	if r.rows.asked || !r.rows.more() {
		return
	}
	r.rows.asked = true
	inNextFrame(func() {
		r.world.dispatch(func(ctx app.Context) {
			r.rows.asked = false
			r.snapshot = r.rows.grow(r.snapshot)
			ctx.Defer(func(app.Context) { r.drawMore() })
		})
	})
}

// Settle does what the page needs once a snapshot is drawn: it fills the fields of a form that has just opened, shows the
// beginning of another list, and gives the focus a place.
func Settle(prev, next screen.Snapshot) {
	if screen.Opens(prev, next) {
		fillForms(next)
	}
	if screen.OpensNote(prev, next) {
		fillNotes(next)
	}
	if screen.Rewinds(prev, next) {
		rewind("people")
	}
	uncover()
	settleFocus(prev, next)
	settleCover(next)
}

// look tells the phone that missed calls are before the user's eyes: in a wide window the history shows without being chosen.
func (r *Root) look() {
	if r.snapshot.ListsMissed() && inSight("calls") {
		r.do(screen.SeeHistory{})
	}
}

// world is what the root needs of its surroundings.
type world struct {
	dispatch func(func(app.Context)) // to the goroutine of the user interface; nil before mounting
}

// perform carries out one effect.
func (r *Root) perform(effect screen.Effect) {
	defer r.guard("effect")
	switch e := effect.(type) {
	case screen.Play:
		play(e.Loop)
	case screen.Beep:
		beep(e.Signal)
	case screen.KeyTone:
		keyTone(e.Digit)
	case screen.Title:
		setTitle(e.Text)
	case screen.Brand:
		brand(e.CSS)
	case screen.Badge:
		setBadge(e.Count)
	case screen.Session:
		tellSystem(e)
	case screen.Notify:
		notify(e)
	case screen.Retract:
		retract(e.ID)
	case screen.KeepAwake:
		keepAwake(e.On)
	case screen.Guard:
		guardLeaving(e.On)
	case screen.Restart:
		startUpdate()
	case screen.Dress:
		dress(e.Theme, e.Language)
	case screen.FillDial:
		fillDial(e.Text)
	case screen.Widen:
		setListWidth(e.Width)
	case screen.Download:
		download(e.File)
	case screen.Meter:
		meter(e, r.do, r.listDevices)
	case screen.UseOutputs:
		useOutputs(e)
	}
}

// guard turns a panic into a fault that is shown: calls go on. It is for the edges, where a panic would end the program.
func (r *Root) guard(where string) {
	if p := recover(); p != nil {
		report(fmt.Errorf("ui: %s: %v", where, p), debug.Stack())
		r.phone.Do(screen.Fault{})
	}
}

// Render draws the newest snapshot.
func (r *Root) Render() app.UI { return Page(View{S: r.snapshot, Do: r.act}) }

// Page is the whole page of a view. Drawn again in the same place it changes only what shows something else.
func Page(v View) app.UI { return v.in(&pageSlot) }

func page(v View) app.UI {
	if v.S.Show.Headless() {
		return headless(v)
	}
	if v.S.Screen == screen.ScreenLogin {
		return login(v)
	}
	return shell(v)
}
