package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// audioSettings is devices, processing and codecs.
func audioSettings(v View) []app.UI {
	set := v.S.Settings
	return []app.UI{
		group("g-devices", v.T(text.Devices),
			microphoneChoice(v, "microphone"),
			el("div", "meter-row", icon("mic", "icon-sm"),
				el("meter", "meter").ID("meter").Attr("min", "0").Attr("max", "1").Attr("low", "0.01").Attr("high",
					"0.85").Attr("optimum", "0.5").
					Aria("label", v.T(text.MicrophoneLevel)),
				wordButton(v, "", v.T(text.TestMicrophone), "", screen.ToggleMeter{}).Aria("pressed", v.S.Setup.Metering)),
			speakerChoice(v, "speaker"),
			device(v, "ringer", text.Ringer, screen.Speaker, set.Ringer,
				func(id string) screen.Event { return screen.UseRinger{ID: id} }),
			el("div", "actions", wordButton(v, "speaker", v.T(text.TestSound), "", testSound{}))),
		group("g-processing", v.T(text.Processing), el("div", "setting-list",
			setting(v, "echo", v.T(text.Echo), v.T(text.EchoHelp), !set.NoEcho, false, screen.SetEcho{Off: !set.NoEcho}),
			setting(v, "noise", v.T(text.Noise), v.T(text.NoiseHelp), !set.NoNoise, false, screen.SetNoise{Off: !set.NoNoise}),
			setting(v, "gain", v.T(text.Gain), v.T(text.GainHelp), !set.NoGain, false, screen.SetGain{Off: !set.NoGain}))),
		group("g-codecs", v.T(text.Codecs), codecs(v), codecNote(v)),
	}
}

func microphoneChoice(v View, id string) app.UI {
	return device(v, id, text.Microphone, screen.Microphone, v.S.Settings.Microphone,
		func(id string) screen.Event { return screen.UseMicrophone{ID: id} })
}

func speakerChoice(v View, id string) app.UI {
	return device(v, id, text.Speaker, screen.Speaker, v.S.Settings.Speaker,
		func(id string) screen.Event { return screen.UseSpeaker{ID: id} })
}

// device is the choice of a microphone or speaker. One that is chosen and not there stays in the list.
func device(v View, id string, label text.Key, kind screen.DeviceKind, chosen string, use func(id string) screen.Event) app.UI {
	options := []choice{{"", v.T(text.DefaultDevice)}}
	found := chosen == ""
	for _, d := range v.S.Settings.Devices {
		if d.Kind != kind || d.ID == "" || d.ID == "default" || d.ID == "communications" {
			continue
		}
		name := d.Label
		if name == "" {
			name = v.T(label) + " " + strconv.Itoa(len(options))
		}
		options = append(options, choice{d.ID, name})
		found = found || d.ID == chosen
	}
	if !found {
		options = append(options, choice{chosen, v.T(text.DeviceGone)})
	}
	return chooser(id, v.T(label), chosen, options, false, func(value string) {
		v.Do(use(value))
	})
}

func deviceLabel(v View, id string) string {
	if id == "" {
		return v.T(text.DefaultDevice)
	}
	for _, d := range v.S.Settings.Devices {
		if d.ID == id && d.Label != "" {
			return d.Label
		}
	}
	return v.T(text.DeviceGone)
}

var codecRates = map[string]string{"opus": "48 kHz", "G722": "16 kHz", "PCMA": "8 kHz", "PCMU": "8 kHz"}

// codecs is the list of codecs in their order.
func codecs(v View) app.UI {
	list, may := v.S.Settings.CodecList(), v.S.Settings.May.Codecs
	var rows []app.UI
	for i, c := range list {
		id, e := "codec-"+c.Name, screen.SwitchCodec{Name: c.Name}
		change := func(ctx app.Context, _ app.Event) {
			ctx.JSSrc().Set("checked", !c.Off) // what it is is for the settings to say: the last one stays on
			v.Do(e)
		}
		rows = append(rows, el("li", "setting",
			words("span", "order", strconv.Itoa(i+1)),
			el("label", "setting-text", words("span", "", c.Name), words("span", "setting-help", codecRates[c.Name])).Attr("for",
				id),
			el("span", "order-buttons",
				signButton(v, "chevron-up", v.T(text.MoveUp, "name", c.Name), screen.MoveCodec{Name: c.Name}).Attr("disabled",
					i == 0 || !may),
				signButton(v, "chevron-down", v.T(text.MoveDown, "name", c.Name),
					screen.MoveCodec{Name: c.Name, Down: true}).Attr("disabled", i == len(list)-1 || !may)),
			el("input", "switch").ID(id).Attr("type", "checkbox").Role("switch").Attr("checked", !c.Off).Attr("disabled", !may).
				OnChange(change, app.EventScope(c.Name, c.Off))))
	}
	return el("ol", "setting-list", rows...)
}

func codecNote(v View) app.UI {
	set := v.S.Settings
	said := v.T(text.CodecsLater)
	if !set.May.Codecs {
		said = v.T(text.ByOperator)
	}
	return el("div", "",
		hiddenIf(v.S.Setup.Problem.Empty(), el("p", "field-error", icon("alert", "icon-xs"),
			app.Text(v.S.Language.Tell(v.S.Setup.Problem)))).Role("alert"),
		words("p", "field-help", said))
}
