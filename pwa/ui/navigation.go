package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// navFace is what a row of the built-in menu looks like.
type navFace struct {
	class, icon string
	text        text.Key
}

var navItems = map[screen.Page]navFace{
	screen.PagePhone:    {"phone", "dialpad", text.Phone},
	screen.PageContacts: {"contacts", "contacts", text.Contacts},
	screen.PageHistory:  {"history", "history", text.History},
	screen.PageSettings: {"settings", "settings", text.Settings},
}

// navigation is the bar below, or the rail beside the panes.
func navigation(v View) app.UI {
	var items []app.UI
	for _, item := range v.S.Rows {
		items = append(items, el("li", "", navItem(v, item)))
	}
	return el("nav", "nav",
		el("div", "nav-brand", el("span", "logo")),
		el("ul", "nav-list", items...),
	).Aria("label", v.T(text.Main))
}

func navItem(v View, m screen.MenuItem) app.UI {
	item, link := navItems[m.Page], m.URL != "" && !m.Page.Own()
	if link {
		item = navFace{}
	}
	sign, title := item.icon, m.Title
	if m.Detail != "" {
		sign, item.text = sections[m.Detail].sign, sections[m.Detail].title
	}
	if title == "" && item.text != "" {
		title = v.T(item.text)
	}
	if title == "" {
		title = m.URL
	}
	row := el("a", "nav-item").Attr("href", navAddress(m)).OnClick(v.handle("show "+navAddress(m)+m.Detail, follow(v, m)))
	if item.class != "" {
		row = row.Class("nav-item-" + item.class)
	}
	chosen := m.Detail == "" || m.Detail == v.S.Detail
	if m.Page == v.S.List && m.Page != screen.PagePhone && chosen {
		row = row.Class("is-open")
	}
	if m.Page == v.S.Page && !link && chosen {
		row = row.Aria("current", "page")
	}
	face := el("span", "nav-face", navSign(m.Icon, sign))
	if m.Page == screen.PageHistory && v.S.Missed > 0 {
		missed := v.T(text.MissedCount, "count", strconv.Itoa(v.S.Missed))
		row = row.Aria("label", title+", "+missed)
		face = el("span", "nav-face", navSign(m.Icon, sign), el("span", "badge").DataSet("count", v.S.Missed))
	}
	return row.Body(face, cut("span", "nav-label", title))
}

// navSign is the operator's picture or sign, else that of the page.
func navSign(chosen, sign string) app.UI {
	switch {
	case strings.ContainsAny(chosen, "/."):
		return el("img", "nav-picture").Attr("src", chosen).Attr("alt", "")
	case chosen != "":
		return icon(chosen)
	case sign == "":
		return icon("info")
	}
	return icon(sign)
}

func navAddress(m screen.MenuItem) string {
	if m.URL != "" && !m.Page.Own() {
		return m.URL
	}
	return "#" + string(m.Page)
}

// follow goes to a page by an event, and leaves presses that mean another tab to the browser. It keeps the press from
// go-app, which would navigate a second time. A number is put into the number field; it is not called by itself.
func follow(v View, m screen.MenuItem) app.EventHandler {
	return func(_ app.Context, e app.Event) {
		for _, key := range []string{"ctrlKey", "metaKey", "shiftKey"} {
			if e.Get(key).Truthy() {
				return
			}
		}
		e.Call("stopPropagation")
		if scheme, _, _ := strings.Cut(strings.ToLower(m.URL), ":"); scheme == "mailto" {
			return
		}
		e.PreventDefault()
		if m.URL != "" && !m.Page.Own() {
			v.Do(screen.Prefill{Text: m.URL})
			return
		}
		v.Do(screen.Show{Page: m.Page})
		if m.Detail != "" {
			v.Do(screen.Choose{ID: m.Detail})
		}
	}
}
