package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// lines are the calls beside the one on the stage, each with what can be done with it where it stands.
func lines(v View, stage screen.Line, others []screen.Line) app.UI {
	var list []app.UI
	for _, l := range others {
		list = append(list, el("li", "line line-"+string(l.Glance()), el("span", "line-sign", icon(glanceSign(l), "icon-sm")),
			lineText(v, l), lineActs(v, stage, l)))
	}
	return hiddenIf(len(list) == 0, el("ul", "lines", list...)).Aria("label", v.T(text.HeldCalls))
}

// lineActs are, in one order on every call: swap, hand over, connect with the call on the stage, end. What calls somebody or ends
// a call names who it is.
func lineActs(v View, stage, line screen.Line) app.UI {
	free := line.Established() && !line.Busy
	return el("span", "line-acts",
		lineAct(v, "swap", v.T(text.Swap), "", screen.Swap{ID: line.ID}).Aria("label", v.T(text.SwapTo, "name", line.Name())).
			Attr("disabled", !line.Established()).Aria("disabled", line.Busy),
		hiddenIf(!v.S.Show.Dial, lineAct(v, "transfer", v.T(text.HandOver), "", screen.StartTransfer{ID: line.ID}).Aria("label",
			v.T(text.HandOverCall, "name", line.Name())).
			Attr("disabled", !free || !v.S.CanDial() || v.S.Transfer.Step != screen.TransferNone)),
		hiddenIf(!v.S.Show.Dial, lineAct(v, "merge", v.T(text.ConnectWith), stage.Name(),
			screen.ConnectCalls{ID: line.ID, Other: stage.ID}).
			Aria("label", v.T(text.ConnectWith)+" "+stage.Name()+": "+line.Name()). // begins with what is to be read on it
			Attr("disabled", !v.S.Connectable(line.ID, stage.ID))),
		hiddenIf(!v.S.Show.Hangup, lineAct(v, "hangup", v.T(text.EndLine), "", screen.Hangup{ID: line.ID}).Class("line-act-stop").
			Aria("label", v.T(text.EndCall, "name", line.Name()))),
	).Role("group").Aria("label", line.Name())
}

// lineAct is a sign with a word under it, and under that with whom.
func lineAct(v View, sign, word, with string, e screen.Event) app.HTMLElem {
	if with != "" {
		word += " " // the two are read as one
	}
	return press(v, "line-act", e, smallIcon(sign), words("span", "", word),
		hiddenIf(with == "", el("span", "line-act-name", number(with))))
}

// lineText is a call in two short lines: who, and what it does.
func lineText(v View, line screen.Line) app.HTMLElem {
	return el("span", "line-text",
		el("span", "line-name", number(line.Name())),
		cut("span", "line-sub", lineState(v, line)),
	)
}

func lineState(v View, line screen.Line) string {
	switch {
	case line.HeldLocal:
		return v.T(text.OnHoldTime, "time", screen.ShortTime(line.Held(v.S.Now)))
	case line.Established() && !line.HeldRemote:
		return v.T(text.OnCallTime, "time", screen.ClockTime(line.Talking(v.S.Now)))
	}
	return v.T(screen.StateText(line))
}
