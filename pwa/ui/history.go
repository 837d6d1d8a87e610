package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// historyList is the list of calls.
func historyList(v View) []app.UI {
	p := v.S.History
	if p.Total == 0 {
		return []app.UI{paneHead(v, text.History), empty("history", v.T(text.NoCallsYet), v.T(text.NoCallsYetText),
			wordButton(v, "dialpad", v.T(text.MakeCall), "btn-primary only-narrow", screen.Show{Page: screen.PagePhone}))}
	}
	head := paneHead(v, text.History,
		signButton(v, "search", v.T(text.SearchHistory), screen.ToggleSearch{}).Aria("expanded", p.Searching),
		signButton(v, "more", v.T(text.HistoryTools), screen.ToggleTools{}).Aria("expanded", p.Tools))
	return []app.UI{head, historyTools(v), historyBody(v)}
}

func historyTools(v View) app.UI {
	p := v.S.History
	search := searchField(v.T(text.SearchHistory), "search", func(query string) { v.Do(screen.SearchHistory{Query: query}) })
	return el("div", "pane-tools",
		hiddenIf(!p.Searching, el("div", "", search)),
		hiddenIf(!p.Tools, el("div", "actions",
			wordButton(v, "download", v.T(text.ExportCSV), "", screen.ExportHistory{}),
			wordButton(v, "trash", v.T(text.ClearHistory), "btn-text-stop", screen.ClearHistory{}))),
		segments(v, v.T(text.Show),
			func(e screen.Event) bool { return e == screen.Event(screen.FilterHistory{Filter: p.Filter}) },
			segment{text.All, screen.FilterHistory{}},
			segment{text.Missed, screen.FilterHistory{Filter: screen.FilterMissed}},
			segment{text.Incoming, screen.FilterHistory{Filter: screen.FilterIncoming}},
			segment{text.Outgoing, screen.FilterHistory{Filter: screen.FilterOutgoing}}))
}

func historyBody(v View) app.UI {
	p := v.S.History
	if len(p.Days) == 0 {
		return empty("search", v.T(text.NothingFound), v.T(text.NothingFoundText), nil)
	}
	var body []app.UI
	for _, day := range p.Days {
		var rows []app.UI
		for _, l := range day.Lines {
			rows = append(rows, callRow(v, l))
		}
		body = append(body, words("h3", "list-head", dayText(v, day.Date)), el("ul", "list", rows...))
	}
	return listBody(v, "calls", v.T(text.CallList), body...).OnScroll(nearEnd(v))
}

// nearEnd asks for older calls when the end of the list comes into sight.
func nearEnd(v View) app.EventHandler {
	return quiet(func(ctx app.Context, _ app.Event) {
		box := ctx.JSSrc()
		if box.Get("scrollHeight").Int()-box.Get("scrollTop").Int() < 2*box.Get("clientHeight").Int() {
			v.Do(screen.MoreHistory{})
		}
	})
}

func callRow(v View, l screen.CallLine) app.UI {
	e := l.Newest()
	title := callName(v, l)
	end := []app.UI{app.Text(timeText(v, e.Start))}
	if e.Duration > 0 {
		end = append(end, el("br", ""), app.Text(screen.ShortTime(e.Duration)))
	}
	class := "row"
	if e.Missed {
		class = "row row-missed"
	}
	return el("li", class,
		rowMain(e.ID, v.S.Detail == e.ID, el("span", "row-icon", icon(callSign(e), "icon-sm")),
			el("span", "row-title", number(title)),
			el("span", "row-sub", cut("span", "", callText(v, l))),
			el("span", "row-end", end...)),
		callButton(v, e.Number, title))
}

// callName is who a line of the history is about.
func callName(v View, l screen.CallLine) string {
	switch e := l.Newest(); {
	case l.Name != "":
		return l.Name
	case e.Number != "":
		return strings.TrimPrefix(e.Number, "sip:")
	}
	return v.T(text.Hidden)
}

func callSign(e screen.PastCall) string {
	switch {
	case e.Missed:
		return "missed"
	case e.Direction == screen.Incoming:
		return "arrow-in"
	}
	return "arrow-out"
}

// callText says what became of a call: "Outgoing, busy", "Missed, 2 times".
func callText(v View, l screen.CallLine) string {
	said := directionText(v, l.Newest())
	if n := len(l.Entries); n > 1 {
		return v.T(text.Times, "text", said, "count", strconv.Itoa(n))
	}
	return said
}

func directionText(v View, e screen.PastCall) string {
	key := text.Outgoing
	switch {
	case e.Missed:
		key = text.Missed
	case e.Direction == screen.Incoming:
		key = text.Incoming
	}
	if e.End != "" {
		return v.T(text.With, "text", v.T(key), "more", v.T(e.End))
	}
	return v.T(key)
}

// historyDetail is a call with those before it.
func historyDetail(v View) []app.UI {
	d := v.S.History.Chosen
	if d == nil {
		return []app.UI{empty("history", v.T(text.NothingChosen), v.T(text.NothingChosenText), nil)}
	}
	e, name := d.Newest(), callName(v, d.CallLine)
	var contact app.UI = wordButton(v, "plus", v.T(text.AddToContacts), "", screen.EditContact{Name: d.Name, Number: e.Number})
	if d.ContactID != "" {
		contact = wordButton(v, "user", v.T(text.ShowContact), "", screen.OpenContact{ID: d.ContactID})
	}
	sub := d.Organisation
	if name != e.Number && e.Number != "" && sub == "" {
		sub = e.Number
	}
	return []app.UI{
		back(v, v.T(text.Call), signButton(v, "trash", v.T(text.DeleteCalls), screen.DeleteCalls{ID: e.ID})),
		measured(v.T(text.Call),
			person(name, el("p", "muted", number(sub))),
			hiddenIf(e.Number == "", el("div", "actions actions-fill", callNow(v, e.Number, name), contact)),
			callFacts(v, e),
			noteField(v, "call-note", e.ID),
			words("h3", "section-head", v.T(text.RecentCalls)),
			pastCalls(v, d.Calls)),
	}
}

// callNow calls a number, or chooses it for a transfer.
func callNow(v View, number, name string) app.UI {
	sign, said := "phone", v.T(text.CallAgain)
	if choosing(v.S) {
		sign, said = "transfer", v.T(text.TransferTo, "name", name)
	}
	return wordButton(v, sign, said, "btn-primary", screen.MakeCall{Target: number}).Attr("disabled", !v.S.CanDial())
}

// person is the head of a detail: a picture of the name, the name, and what else says who it is.
func person(name string, more ...app.UI) app.UI {
	body := []app.UI{avatar(name, "avatar avatar-lg"), el("h2", "person-name", number(name))}
	return el("div", "person", append(body, more...)...)
}

// avatar stands for a person by the letters of the name; a number that nobody has named has a sign of its own.
func avatar(name, class string) app.HTMLElem {
	letters := screen.Initials(name)
	if letters == "" {
		return el("span", class, smallIcon("user"))
	}
	return el("span", class, words("span", "", letters).Aria("hidden", true))
}

func callFacts(v View, e screen.PastCall) app.UI {
	facts := []app.UI{}
	add := func(term text.Key, value app.UI) {
		facts = append(facts, words("dt", "", v.T(term)), el("dd", "tnum", value))
	}
	add(text.Time, app.Text(momentText(v, e.Start)))
	if e.Number != "" {
		add(text.Number, number(e.Number))
	}
	if e.Connected != "" {
		add(text.ConnectedTo, number(e.Connected))
	}
	if e.Duration > 0 {
		add(text.Duration, app.Text(screen.ClockTime(e.Duration)))
	}
	result := directionText(v, e)
	if e.Code >= 300 {
		result += " (" + strconv.Itoa(e.Code) + ")"
	}
	add(text.Result, app.Text(result))
	return el("dl", "pairs", facts...)
}

// pastCalls lists calls that are only looked at.
func pastCalls(v View, calls []screen.PastCall) app.UI {
	var rows []app.UI
	for _, e := range calls {
		class, end := "row-still", ""
		if e.Missed {
			class = "row-still row-missed"
		}
		if e.Duration > 0 {
			end = screen.ShortTime(e.Duration)
		}
		rows = append(rows, el("li", class,
			el("span", "row-icon", icon(callSign(e), "icon-sm")),
			el("span", "row-text", cut("span", "row-title", directionText(v, e)),
				el("span", "row-sub", cut("span", "", momentText(v, e.Start))),
				hiddenIf(e.Note == "", words("span", "row-note", e.Note).Attr("dir", "auto"))),
			words("span", "row-end", end)))
	}
	return el("ul", "list", rows...)
}
