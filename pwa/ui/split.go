package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

const widthStep = 16 // pixels, of an arrow key

// splitter stands between the list and the middle of a wide window: it is dragged, moved with the arrow keys, and put back by a
// double click. While it is dragged only the page moves; the phone is told where it comes to rest.
func splitter(v View) app.UI {
	width, do := v.S.ListWidth(), v.Do
	drag := func(ctx app.Context, e app.Event) {
		if ctx.JSSrc().Call("hasPointerCapture", e.Get("pointerId")).Bool() {
			setListWidth(dragged(ctx, e))
		}
	}
	drop := func(ctx app.Context, e app.Event) {
		if ctx.JSSrc().Call("hasPointerCapture", e.Get("pointerId")).Bool() {
			ctx.JSSrc().Call("releasePointerCapture", e.Get("pointerId"))
			do(screen.WidenList{Width: dragged(ctx, e)})
		}
	}
	take := func(ctx app.Context, e app.Event) {
		if e.Get("button").Int() == 0 {
			ctx.JSSrc().Call("setPointerCapture", e.Get("pointerId"))
		}
	}
	bar := el("div", "splitter").Role("separator").Attr("tabindex", "0").Aria("orientation", "vertical").
		Aria("label", v.T(text.ListWidth)).
		Aria("valuenow", width).Aria("valuemin", screen.LeastListWidth).Aria("valuemax", screen.MostListWidth)
	for name, f := range map[string]app.EventHandler{"pointerdown": take, "pointermove": drag, "pointerup": drop} {
		bar = bar.On(name, quiet(f))
	}
	return bar.OnDblClick(quiet(func(app.Context, app.Event) { do(screen.WidenList{}) })).
		OnKeyDown(quiet(func(_ app.Context, e app.Event) {
			if to, ok := keyedWidth(e.Get("key").String(), width, v.S.Language.Direction() == "rtl"); ok {
				e.PreventDefault()
				do(screen.WidenList{Width: to})
			}
		}), app.EventScope(strconv.Itoa(width), v.S.Language.Direction()))
}

// dragged is how wide the list is when its edge stands under the pointer.
func dragged(ctx app.Context, e app.Event) int {
	list := ctx.JSSrc().Get("previousElementSibling").Call("getBoundingClientRect")
	if app.Window().Get("document").Get("documentElement").Get("dir").String() == "rtl" {
		return list.Get("right").Int() - e.Get("clientX").Int()
	}
	return e.Get("clientX").Int() - list.Get("left").Int()
}

// keyedWidth is how wide the list becomes by a key.
func keyedWidth(key string, width int, rtl bool) (int, bool) {
	step := widthStep
	if rtl {
		step = -widthStep
	}
	switch key {
	case "ArrowRight":
		return width + step, true
	case "ArrowLeft":
		return width - step, true
	case "Home":
		return screen.LeastListWidth, true
	case "End":
		return screen.MostListWidth, true
	}
	return 0, false
}
