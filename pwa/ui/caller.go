package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// callerPane is who is on the line, in the middle of a wide window: who, how the call came here, and what was before.
func callerPane(v View) []app.UI {
	c := v.S.Caller
	title := v.T(text.Caller)
	if c.Line.Direction == screen.Outgoing {
		title = v.T(text.Call)
	}
	return []app.UI{
		el("header", "pane-head pane-head-back",
			hiddenIf(!c.Open, signButton(v, "chevron-start", v.T(text.Back), screen.ShowCaller{})).Class("icon-btn-back"),
			words("h2", "pane-title", title),
			hiddenIf(!v.S.CallerOver(), signButton(v, "close", v.T(text.Close), screen.ShowCaller{}))),
		hiddenIf(!c.Pop.Framed, el("div", "pane-tools", segments(v, v.T(text.Show),
			func(e screen.Event) bool { return e == screen.Event(screen.ShowPop{On: v.S.PopOpen}) },
			segment{text.Caller, screen.ShowPop{}}, segment{text.CustomerPage, screen.ShowPop{On: true}}))),
		hiddenIf(v.S.ShowsPop(), el("div", "pane-body pane-pad", el("div", "caller pane-measure",
			callerCard(v, c),
			hiddenIf(c.Contact != nil || c.Number == "", el("div", "actions",
				wordButton(v, "plus", v.T(text.AddToContacts), "btn-line",
					screen.EditContact{Name: c.Line.Remote.DisplayName, Number: c.Number}))),
			callerRoute(v, c),
			hiddenIf(c.Pop.URL == "" || c.Pop.Framed, el("div", "actions", popLink(v, c.Pop.URL))),
			hiddenIf(!v.S.HasNote(), noteField(v, "note", c.NoteID)),
			hiddenIf(len(c.Calls) == 0, el("section", "", words("h3", "section-head", v.T(text.RecentCalls)),
				pastCalls(v, c.Calls))),
		)).Attr("tabindex", "0").Role("group").Aria("label", title)),
		hiddenIf(!v.S.ShowsPop(), popFrame(v, c.Pop)),
	}
}

// popLink opens the operator's page in a tab of its own, which learns nothing of this one.
func popLink(v View, url string) app.UI {
	return el("a", "btn btn-line", smallIcon("window"), app.Text(v.T(text.OpenCustomerPage))).
		Attr("href", url).Attr("target", "_blank").Attr("rel", "noopener noreferrer")
}

// popFrame is the operator's page about the caller. It stays under the caller as long as the call is the same, so that what is
// typed there is not lost; it may not lead this page away, which would end the calls.
func popFrame(v View, pop screen.Pop) app.HTMLElem {
	if !pop.Loaded {
		return el("div", "")
	}
	frame := el("iframe", "own-frame").Attr("src", pop.URL).Attr("title", v.T(text.CustomerPage)).
		Attr("referrerpolicy", "no-referrer").
		Attr("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-downloads")
	return el("div", "pane-body pane-pad own-page pop", frame, popLink(v, pop.URL))
}

// callerCard says who it is, as far as the contacts tell.
func callerCard(v View, c screen.CallerPane) app.UI {
	if c.Contact == nil {
		return strangerCard(v, c)
	}
	about := strings.Join(slicesOf(c.Contact.Organisation, c.Contact.Customer), " · ")
	return el("div", "caller-card",
		avatar(c.Contact.Name, "avatar avatar-lg"),
		el("div", "caller-text",
			el("h3", "caller-name", number(c.Contact.Name)),
			hiddenIf(about == "", el("p", "muted", number(about))),
			el("p", "tnum", number(c.Number), app.Text(" "), el("span", "muted", number(c.Label)))),
		el("div", "actions",
			signButton(v, "user", v.T(text.ShowContact), screen.OpenContact{ID: c.Contact.ID}),
			hiddenIf(c.Contact.ReadOnly, signButton(v, "edit", v.T(text.EditContact), screen.EditContact{ID: c.Contact.ID}))))
}

func strangerCard(v View, c screen.CallerPane) app.UI {
	name := c.Line.Name()
	return el("div", "caller-card",
		el("span", "avatar avatar-lg avatar-unknown", words("span", "", "?").Aria("hidden", true)),
		el("div", "caller-text",
			el("h3", "caller-name", number(name)),
			hiddenIf(c.Number == "" || c.Number == name, el("p", "tnum", number(c.Number))),
			hiddenIf(c.Number == "", words("p", "muted", v.T(text.NotInContacts)))))
}

// slicesOf leaves out what is empty.
func slicesOf(texts ...string) (full []string) {
	for _, t := range texts {
		if t != "" {
			full = append(full, t)
		}
	}
	return full
}

// callerRoute tells how the call came here, and that a name is only what the caller says.
func callerRoute(v View, c screen.CallerPane) app.UI {
	var steps []app.UI
	for _, s := range c.Line.Steps() {
		var more app.UI
		if s.Who.User != s.Name() {
			more = number(s.Who.User)
		}
		steps = append(steps, routeStep(v, routeSigns[s.Said], s.Said, s.Name(), more))
	}
	if c.SelfNamed() {
		steps = append(steps, routeStep(v, "info", text.CallsThemselves, c.Line.Remote.DisplayName,
			app.Text(v.T(text.NobodyChecked))))
	}
	return hiddenIf(len(steps) == 0, el("ul", "route", steps...)).Aria("label", v.T(text.HowItCame))
}

var routeSigns = map[text.Key]string{text.For: "contacts", text.HandedOverBy: "transfer"}

// routeStep is a sentence about somebody, whose name stands out.
func routeStep(v View, sign string, said text.Key, name string, more app.UI) app.UI {
	const place = "\x00"
	before, after, _ := strings.Cut(v.T(said, "name", place), place)
	body := []app.UI{app.Text(before), el("strong", "", number(name)), app.Text(after)}
	if more != nil {
		body = append(body, el("span", "muted", app.Text(" · "), more))
	}
	return el("li", "", smallIcon(sign), el("span", "", body...))
}
