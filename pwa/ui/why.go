package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// explains tells whether the dial pad says why the last call has ended, under the number that can be called again.
func explains(s screen.Snapshot) bool {
	_, staged := s.Stage()
	return s.Ended != nil && !staged && !choosing(s)
}

// why explains the end of a call in one sentence with the next step, then the code.
func why(v View) app.UI {
	if !explains(v.S) {
		return hiddenIf(true, el("section", ""))
	}
	ended, state := *v.S.Ended, text.CallNotConnected
	if !ended.Answered.IsZero() {
		state = text.CallEnded
	}
	body := []app.UI{
		el("h2", "why-head", icon("info", "icon-sm"), words("span", "", v.T(state)),
			signButton(v, "close", v.T(text.Close), screen.CloseWhy{})).ID("why-title"),
		words("p", "", v.S.Language.Tell(ended.Why)),
		hiddenIf(ended.Code == 0, el("p", "why-code", el("bdi", "", app.Text(code(ended))).Attr("dir", "ltr"))),
	}
	if target, _ := ended.Moved(); ended.MovedTo.URI != "" {
		body = append(body, el("div", "actions",
			wordButton(v, "phone", v.T(text.CallThere), "btn-line", screen.MakeCall{Target: target}).Attr("disabled",
				!v.S.CanDial())))
	}
	return hiddenIf(false, el("section", "why", body...)).Role("alert").Aria("labelledby", "why-title")
}

func code(e screen.Ended) string {
	return strings.TrimSpace(strconv.Itoa(e.Code) + " " + e.Reason)
}
