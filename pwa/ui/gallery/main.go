// Command gallery shows every part of the phone in every state, without a server: build it in place of the phone with
// "go run ./pwa/site/mkdist -fast -main ./pwa/ui/gallery -o FOLDER", serve the folder, and open "?screen=call". The names
// of the screens are listed on the first page; "theme" and "lang" choose how they look.
//
// Presses act on the screen as in the phone, but nobody is called. Limits: nothing is heard, and nothing is kept.
package main

import (
	"net/url"
	"slices"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
	"github.com/gowebphone/webphone/pwa/ui"
)

func main() {
	app.RouteWithRegexp(".*", func() app.Composer { return &gallery{} })
	app.RunWhenOnBrowser()
}

// gallery is the page: one screen, or the list of them.
type gallery struct {
	app.Compo

	snapshot screen.Snapshot
	shown    bool
	broken   bool // the page of a phone that could not draw its page
	between  bool // nothing shows, so that no screen inherits from the one before
}

// OnMount takes the screen from the address. The script showScreen("screen=call&lang=ar") shows another one later, and
// tells by data-screen that it is drawn.
func (g *gallery) OnMount(ctx app.Context) {
	g.turn(ctx.Page().URL().Query())
	app.Window().Set("showScreen", app.FuncOf(func(_ app.Value, args []app.Value) any {
		next := args[0].String()
		ctx.Dispatch(func(ctx app.Context) {
			g.between = true
			ctx.Defer(func(ctx app.Context) { ctx.Dispatch(func(ctx app.Context) { g.follow(ctx, next) }) })
		})
		return nil
	}))
}

func (g *gallery) follow(ctx app.Context, text string) {
	query, err := url.ParseQuery(text)
	if err != nil {
		panic(err) // whoever calls the script is at fault
	}
	g.between = false
	g.turn(query)
	ctx.Defer(func(app.Context) {
		ui.Settle(screen.Snapshot{}, g.snapshot)
		root().Get("dataset").Set("screen", text)
	})
}

func (g *gallery) turn(query url.Values) {
	g.snapshot, g.shown = addressed(query)
	g.broken = query.Get("screen") == "broken"
	if g.shown {
		dress(query)
	}
}

func root() app.Value { return app.Window().Get("document").Get("documentElement") }

// screen is the snapshot that an address names.
func addressed(query url.Values) (screen.Snapshot, bool) {
	name := query.Get("screen")
	make, ok := screens[name]
	if !ok {
		make, ok = corners[name]
	}
	if !ok {
		return screen.Snapshot{}, false
	}
	s := filled(name, make())
	if names := query.Get("names"); names != "" {
		s = hostile(s, names == "none")
	}
	s.Language = text.Choose(query.Get("lang"))
	s.Theme = screen.Theme(query.Get("theme"))
	return s, true
}

func dress(query url.Values) {
	root := root()
	language := text.Choose(query.Get("lang"))
	root.Set("lang", string(language))
	root.Set("dir", language.Direction())
	root.Get("dataset").Set("theme", query.Get("theme"))
}

// Render draws the screen. What is pressed changes it as in the phone.
func (g *gallery) Render() app.UI {
	if g.between {
		return app.Elem("hr")
	}
	if !g.shown {
		return index()
	}
	v := ui.View{S: g.snapshot, Do: func(e screen.Event) { g.snapshot = phone.Reduce(g.snapshot, e) }}
	if g.broken {
		return ui.Broken(v)
	}
	return ui.Page(v)
}

func index() app.UI {
	var rows []app.UI
	for _, name := range names() {
		row := app.Li().Class("actions")
		links := []app.UI{app.A().Href("?screen=" + name).Target("_blank").Text(name)}
		for _, rest := range []string{"theme=dark", "lang=ar", "lang=de"} {
			links = append(links, app.A().Href("?screen="+name+"&"+rest).Target("_blank").Text(rest))
		}
		rows = append(rows, row.Body(links...))
	}
	return app.Main().Class("login").Body(app.Div().Class("login-card").Body(
		app.H1().Class("login-title").Text("Screens"), app.Ul().Class("form").Body(rows...)))
}

func names() []string {
	var list []string
	for _, group := range []map[string]func() screen.Snapshot{screens, corners} {
		for name := range group {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}
