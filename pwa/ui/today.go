package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// today is the middle of a wide window when nothing is chosen and nobody is on the line.
func today(v View) []app.UI {
	t := v.S.Today
	var waiting, favourites []app.UI
	for _, l := range t.Waiting {
		waiting = append(waiting, waitingRow(v, l))
	}
	for _, c := range t.Favourites {
		favourites = append(favourites, favouriteTile(v, c))
	}
	count := el("span", "badge", app.Text(strconv.Itoa(len(waiting))))
	return []app.UI{
		el("header", "pane-head", words("h2", "pane-title", v.T(text.Today))),
		el("div", "pane-body pane-pad",
			hiddenIf(t.NoCalls, todayPart(v.T(text.ToReturn), hiddenIf(len(waiting) == 0, count), v.T(text.NobodyWaits),
				el("ul", "list", waiting...), len(waiting))),
			todayPart(v.T(text.Favourites), nil, v.T(text.NoFavourites), el("ul", "tiles", favourites...), len(favourites)),
		).Attr("tabindex", "0").Role("group").Aria("label", v.T(text.Today)).OnClick(pressedRow(v)),
	}
}

// todayPart is a list with a head, or what is said in its place when it is empty.
func todayPart(title string, more app.UI, nobody string, list app.HTMLElem, n int) app.HTMLElem {
	head := []app.UI{words("h3", "", title)}
	if more != nil {
		head = append(head, more)
	}
	return el("section", "part", el("div", "part-head", head...), hiddenIf(n > 0, words("p", "part-empty muted", nobody)),
		hiddenIf(n == 0, list))
}

// waitingRow is somebody to call back: the row opens the call, a tick takes it out of the list.
func waitingRow(v View, l screen.CallLine) app.UI {
	e, title := l.Newest(), callName(v, l)
	main := press(v, "row-main", screen.OpenCall{ID: e.ID}, el("span", "row-icon", icon(callSign(e), "icon-sm")),
		el("span", "row-text", el("span", "row-title", number(title)),
			el("span", "row-sub", cut("span", "", callText(v, l)+" · "+momentText(v, e.Start)))))
	return el("li", "row row-missed", main,
		signButton(v, "check", v.T(text.DoneWith, "name", title), screen.MarkDone{ID: e.ID}),
		callButton(v, e.Number, title))
}

func favouriteTile(v View, c screen.Contact) app.UI {
	main := press(v, "row-main", screen.OpenContact{ID: c.ID}, avatar(c.Name, "avatar"),
		el("span", "row-text", el("span", "row-title", number(c.Name)), el("span", "row-sub", cut("span", "", c.Organisation))))
	return el("li", "tile", main, callButton(v, c.Numbers[0].Dial, c.Name))
}
