package ui

import (
	"fmt"
	"runtime/debug"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// View is what components are made of: the snapshot to show, and where events go.
type View struct {
	S  screen.Snapshot
	Do func(screen.Event)

	shown cuttings
}

// T is a text in the user's language.
func (v View) T(key text.Key, args ...string) string { return v.S.Language.Say(key, args...) }

// on makes a handler that sends an event. Its scope tells go-app that handlers of different events differ, which it
// cannot see from closures.
func (v View) on(e screen.Event) (app.EventHandler, app.EventOption) {
	do := v.Do // not the snapshot, which is large
	return quiet(func(app.Context, app.Event) { do(e) }), scope(e)
}

// sends makes a control send an event when it is pressed, and say on the page what it does.
func (v View) sends(control app.HTMLElem, e screen.Event) app.HTMLElem {
	does, do := fmt.Sprintf("%T%v", e, e), v.Do
	return control.DataSet("does", does).OnClick(quiet(func(app.Context, app.Event) { do(e) }), app.EventScope(does))
}

// quiet keeps a handler from drawing the page: what it leads to comes back as a snapshot, and that is drawn.
func quiet(h app.EventHandler) app.EventHandler {
	return func(ctx app.Context, e app.Event) {
		ctx.PreventUpdate()
		h(ctx, e)
	}
}

func scope(e screen.Event) app.EventOption { return app.EventScope(fmt.Sprintf("%T%v", e, e)) }

// handle makes a handler of anything else. A fault in it is shown, and ends neither the program nor a call; name tells
// handlers of one element apart.
func (v View) handle(name string, h app.EventHandler) (app.EventHandler, app.EventOption) {
	do := v.Do
	return quiet(func(ctx app.Context, e app.Event) {
		defer func() {
			if p := recover(); p != nil {
				report(fmt.Errorf("ui: %s: %v", name, p), debug.Stack())
				do(screen.Fault{})
			}
		}()
		h(ctx, e)
	}), app.EventScope(name)
}

// prevent keeps the browser from what it would do, so that a press on a key leaves the focus where it is.
func prevent(_ app.Context, e app.Event) { e.PreventDefault() }
