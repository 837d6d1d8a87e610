package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/phone"
)

var navItems = map[phone.Page]struct {
	class, icon string
	text        phone.TextKey
}{
	phone.PagePhone:    {"phone", "dialpad", phone.TextPhone},
	phone.PageContacts: {"contacts", "contacts", phone.TextContacts},
	phone.PageHistory:  {"history", "history", phone.TextHistory},
	phone.PageSettings: {"settings", "settings", phone.TextSettings},
}

// navigation is the bar below, or the rail beside the panes.
func navigation(v View) app.UI {
	var items []app.UI
	for _, page := range phone.Pages() {
		items = append(items, app.Elem("li").Body(navItem(v, page)))
	}
	return app.Elem("nav").Class("nav").Aria("label", v.T(phone.TextMain)).Body(
		app.Elem("div").Class("nav-brand").Body(app.Elem("span").Class("logo")),
		app.Elem("ul").Class("nav-list").Body(items...),
	)
}

func navItem(v View, page phone.Page) app.UI {
	item := navItems[page]
	link := app.Elem("a").Class("nav-item", "nav-item-"+item.class).Attr("href", "#"+string(page)).OnClick(v.handle("show "+string(page), follow(v, page)))
	if page == v.S.List && page != phone.PagePhone {
		link = link.Class("is-open")
	}
	if page == v.S.Page {
		link = link.Aria("current", "page")
	}
	face := app.Elem("span").Class("nav-face").Body(icon(item.icon))
	if page == phone.PageHistory && v.S.Missed > 0 {
		face = app.Elem("span").Class("nav-face").Body(icon(item.icon), badge(v, v.S.Missed))
	}
	return link.Body(face, app.Elem("span").Class("nav-label").Text(v.T(item.text)))
}

// follow goes to a page by an event, and leaves presses that mean another tab to the browser. It keeps the press from
// go-app, which would navigate a second time.
func follow(v View, page phone.Page) app.EventHandler {
	return func(_ app.Context, e app.Event) {
		for _, key := range []string{"ctrlKey", "metaKey", "shiftKey"} {
			if e.Get(key).Truthy() {
				return
			}
		}
		e.PreventDefault()
		e.Call("stopPropagation")
		v.Do(phone.Show{Page: page})
	}
}

func badge(v View, count int) app.UI {
	return app.Elem("span").Class("badge").Body(app.Elem("span").Class("sr").Text(v.T(phone.TextMissedCount)), app.Text(count))
}
