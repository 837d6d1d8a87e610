package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// transfer shows who is handed to whom: the call that waits, then the one it will be connected to. Which of them the user
// talks to is the stage.
func transfer(v View, first screen.Line) app.UI {
	t := v.S.Transfer
	return el("section", "call call-transfer",
		words("h2", "stage-state", v.T(text.TransferCall)),
		el("div", "handover", handoverCall(v, first),
			el("p", "handover-link", icon("chevron-down"), words("span", "", v.T(text.WillBeConnected)))),
		secondCall(v),
		transferActions(v, first, t.Step == screen.TransferSending),
		hangup(v, hangupLine(v, first), "btn-lg", "btn-wide"),
	).ID("call").Attr("tabindex", "-1").Aria("label", v.T(text.Transfer))
}

// hangupLine is the call that Hang up ends: the one on the stage, and while the other side is at work the one it works on.
func hangupLine(v View, first screen.Line) screen.Line {
	if stage, ok := v.S.Stage(); ok && v.S.Transfer.Step == screen.TransferAsking {
		return stage
	}
	return first
}

func handoverCall(v View, line screen.Line) app.UI {
	if line.ID == v.S.Active && v.S.Transfer.Step == screen.TransferAsking {
		return stage(v, line)
	}
	return plainLine(v, line)
}

func plainLine(v View, line screen.Line, more ...app.UI) app.HTMLElem {
	body := []app.UI{el("span", "line-sign", icon(glanceSign(line), "icon-sm")), lineText(v, line)}
	return el("div", "line line-"+string(line.Glance()), append(body, more...)...)
}

// secondCall is the call to who gets the first one, or how far the other side is with calling.
func secondCall(v View) app.UI {
	t := v.S.Transfer
	line, ok := v.S.Line(t.Other)
	switch {
	case t.Step == screen.TransferSending:
		return transferStage(v, v.T(transferText(t)))
	case !ok:
		return transferStage(v, v.T(text.StateCalling))
	case line.ID == v.S.Active:
		return stage(v, line)
	}
	return plainLine(v, line)
}

func transferText(t screen.Transfer) text.Key {
	if t.Rings {
		return text.TransferRinging
	}
	return text.Transferring
}

func transferStage(v View, state string) app.UI {
	return stageOf("ring", nil,
		el("span", "stage-sign", icon("transfer", "icon-lg", "icon-dir")),
		words("p", "stage-state", state),
		el("h2", "stage-name", number(v.S.Transfer.Name)))
}

// transferActions are the ways on and back. While the other side is at work there is only the way back.
func transferActions(v View, first screen.Line, sent bool) app.UI {
	t := v.S.Transfer
	other, ok := v.S.Line(t.Other)
	ready := ok && other.Established() && first.Established()
	back := first
	if first.ID == v.S.Active {
		back = other
	}
	return el("div", "form",
		hiddenIf(sent, press(v, "btn btn-primary btn-lg btn-wide", screen.CompleteTransfer{}, icon("transfer", "icon-dir"),
			app.Text(v.T(text.Complete))).
			Attr("disabled", !ready || other.Busy || first.Busy).Aria("keyshortcuts", screen.KeysTransfer)),
		el("div", "actions actions-fill",
			hiddenIf(sent, wordButton(v, "swap", v.T(text.Swap), "", screen.Swap{ID: back.ID}).Attr("disabled", !ready ||
				back.Busy)),
			press(v, "btn btn-clip", screen.CancelTransfer{}, icon("close", "icon-sm"),
				cut("span", "clip", v.T(text.BackTo, "name", first.Name()))).Attr("disabled", !sent && !ok)))
}

// transferGo is what is done with the number in the field, in the place of Dial.
func transferGo(v View) app.UI {
	ready := v.S.CanDial() && v.S.Dial != "" && !v.S.Nameless
	return el("div", "dial-go dial-go-transfer",
		el("button", "btn btn-primary btn-lg", app.Text(v.T(text.TransferNow))).Attr("type", "button").Attr("disabled",
			!ready).DataSet("does", "screen.TransferNow").
			OnClick(sendTo(v, "transfer", func(to screen.Dial) screen.Event { return screen.TransferNow(to) })),
		el("button", "btn btn-lg", app.Text(v.T(text.AskFirst))).Attr("type", "button").Attr("disabled", !ready).DataSet("does",
			"screen.AskFirst").
			OnClick(sendTo(v, "ask", func(to screen.Dial) screen.Event { return screen.AskFirst(to) })),
		signButton(v, "backspace", v.T(text.DeleteDigit), screen.Backspace{}))
}

// sendTo makes a handler for what is done with whom the field shows at the moment of the press.
func sendTo(v View, name string, event func(screen.Dial) screen.Event) (app.EventHandler, app.EventOption) {
	do, seen := v.Do, v.S.Fits
	return v.handle(name+strconv.Itoa(seen), func(app.Context, app.Event) {
		do(event(screen.Dial{Text: fieldText("number"), Fits: seen}))
	})
}

// transferTool starts to hand a call over, or completes it.
func transferTool(v View, line screen.Line, free bool) app.HTMLElem {
	step := v.S.Transfer.Step
	var e screen.Event = screen.StartTransfer{ID: line.ID}
	said := text.Transfer
	switch step {
	case screen.TransferAsking:
		other, ok := v.S.Line(v.S.Transfer.Other)
		e, said, free = screen.CompleteTransfer{}, text.Connect, free && ok && other.Established()
	case screen.TransferSending:
		free = false
	}
	return hiddenIf(!v.S.Show.Dial, tool(v, "transfer", said, e).Aria("expanded",
		step == screen.TransferChoosing).Aria("keyshortcuts", screen.KeysTransfer).
		Attr("disabled", !free || !v.S.CanDial()))
}

// audioSheet chooses microphone and speaker during a call. They are those of the settings.
func audioSheet(v View, id string) app.UI {
	return el("div", "incoming sheet",
		words("h2", "sheet-title", v.T(text.Audio)).ID(id+"audio-title"),
		el("div", "form", microphoneChoice(v, id+"call-microphone"), speakerChoice(v, id+"call-speaker")),
		press(v, "btn btn-wide", screen.ToggleAudio{}, app.Text(v.T(text.Close))),
	).ID(id+"audio").Role("dialog").Aria("labelledby", id+"audio-title")
}
