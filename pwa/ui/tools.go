package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// tools are the controls of a call. Their order and place never change; what is not possible now is disabled. What only has
// to wait for the other side says so and keeps the focus, which a disabled button would lose.
func tools(v View, line screen.Line) []app.UI {
	mic := "mic"
	if line.Muted {
		mic = "mic-off"
	}
	free := line.Established() && !line.Busy
	return []app.UI{
		hiddenIf(!v.S.Show.Mute, tool(v, mic, text.Mute, screen.ToggleMute{ID: line.ID}).Class("tool-first tool-attention").
			Aria("pressed", line.Muted).Aria("keyshortcuts", screen.KeysMute)),
		hiddenIf(!v.S.Show.Dialpad, tool(v, "keypad", text.Keypad, screen.ToggleKeypad{}).Aria("expanded", v.S.Keypad &&
			!v.S.ShowsDialPad())),
		hiddenIf(bare(v.S), tool(v, "headset", text.AudioTool, screen.ToggleAudio{}).Aria("haspopup", "dialog").Aria("expanded",
			v.S.Audio)),
		hiddenIf(!v.S.Show.Hold, tool(v, "pause", text.Hold, screen.ToggleHold{ID: line.ID}).Class("tool-attention").
			Aria("pressed", line.HeldLocal).Aria("keyshortcuts", screen.KeysHold).Attr("disabled",
			!line.Established()).Aria("disabled", line.Busy)),
		transferTool(v, line, free),
		hiddenIf(!v.S.Show.Dial, tool(v, "add-call", text.AddCall, screen.AddCall{On: !v.S.Adding}).Aria("expanded", v.S.Adding).
			Attr("disabled", !line.Established() || v.S.Transfer.Step > screen.TransferChoosing)),
	}
}

func tool(v View, sign string, said text.Key, e screen.Event) app.HTMLElem {
	return press(v, "tool", e,
		el("span", "tool-face", icon(sign, iconClasses(sign)...)),
		words("span", "tool-label", v.T(said)),
	)
}

// bare tells whether the operator shows next to no controls.
func bare(s screen.Snapshot) bool { return !s.Show.Mute && !s.Show.Hold && !s.Show.Dial }
