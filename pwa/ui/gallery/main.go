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
	"github.com/gowebphone/webphone/pwa/ui"
)

func main() {
	app.RouteWithRegexp(".*", func() app.Composer { return &gallery{} })
	app.RunWhenOnBrowser()
}

// gallery is the page: one screen, or the list of them.
type gallery struct {
	app.Compo

	snapshot phone.Snapshot
	shown    bool
}

// OnMount takes the screen from the address.
func (g *gallery) OnMount(ctx app.Context) {
	query := ctx.Page().URL().Query()
	g.snapshot, g.shown = screen(query)
	if g.shown {
		dress(query)
	}
}

// screen is the snapshot that an address names.
func screen(query url.Values) (phone.Snapshot, bool) {
	make, ok := screens[query.Get("screen")]
	if !ok {
		return phone.Snapshot{}, false
	}
	s := make()
	s.Language = phone.ChooseLanguage(query.Get("lang"))
	s.Theme = phone.Theme(query.Get("theme"))
	return s, true
}

func dress(query url.Values) {
	root := app.Window().Get("document").Get("documentElement")
	language := phone.ChooseLanguage(query.Get("lang"))
	root.Set("lang", string(language))
	root.Set("dir", language.Direction())
	if theme := query.Get("theme"); theme != "" {
		root.Call("setAttribute", "data-theme", theme)
	}
}

// Render draws the screen. What is pressed changes it as in the phone.
func (g *gallery) Render() app.UI {
	if !g.shown {
		return index()
	}
	return ui.Page(ui.View{S: g.snapshot, Do: func(e phone.Event) { g.snapshot = phone.Reduce(g.snapshot, e) }})
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
	for name := range screens {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}
