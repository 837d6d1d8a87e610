package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// noteField is where something is written about a call. It tells with every letter, so that nothing is lost when the call ends,
// and when it is entered and left, since nothing takes its place meanwhile. It is filled when it opens: see fillNotes.
func noteField(v View, id, call string) app.HTMLElem {
	tell := func(done bool) app.EventHandler {
		return quiet(func(ctx app.Context, _ app.Event) {
			v.Do(screen.WriteNote{ID: call, Text: ctx.JSSrc().Get("value").String(), Done: done})
		})
	}
	return el("div", "field",
		el("div", "field-top", words("label", "field-label", v.T(text.Note)).Attr("for", id),
			words("span", "field-help", v.T(text.NoteKept)).ID(id+"-kept")),
		el("textarea", "input input-note").ID(id).Attr("rows", "3").Attr("maxlength", "2000").Attr("dir", "auto").
			Aria("describedby", id+"-kept").
			OnFocus(tell(false), app.EventScope(id, call)).OnInput(tell(false), app.EventScope(id, call)).
			OnBlur(tell(true), app.EventScope(id, call)))
}

// fillNotes shows what has been written about the calls that are to be seen.
func fillNotes(s screen.Snapshot) {
	setField("note", s.Caller.Note)
	if s.History.Chosen != nil {
		setField("call-note", s.History.Chosen.Newest().Note)
	}
}
