package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// sections are the rows of the settings, by their names in Snapshot.Detail.
var sections = map[string]struct {
	sign  string
	title text.Key
	sub   func(View) string
	body  func(View) []app.UI
}{
	screen.SectionAccount: {"user", text.Account, accountSummary, accountSettings},
	screen.SectionAudio: {"headset", text.Audio, func(v View) string { return deviceLabel(v, v.S.Settings.Microphone) },
		audioSettings},
	screen.SectionCalls:      {"phone", text.Calls, callsSummary, callSettings},
	screen.SectionAppearance: {"palette", text.Appearance, appearanceSummary, appearanceSettings},
	screen.SectionData:       {"lock", text.Data, func(v View) string { return v.T(text.ExportAll) }, dataSettings},
	screen.SectionAbout:      {"info", text.About, versionText, aboutSettings},
}

// settingsList is the list of sections.
func settingsList(v View) []app.UI {
	var rows []app.UI
	for _, name := range screen.Sections() {
		s := sections[name]
		rows = append(rows, el("li", "row", rowMain(name, v.S.Detail == name,
			el("span", "row-icon", icon(s.sign, "icon-sm")),
			words("span", "row-title", v.T(s.title)),
			el("span", "row-sub", cut("span", "", s.sub(v))),
			icon("chevron-end", "icon-sm", "icon-dir"))))
	}
	return []app.UI{paneHead(v, text.Settings), listBody(v, "sections", v.T(text.Settings), el("ul", "list", rows...))}
}

// settingsDetail is one section.
func settingsDetail(v View) []app.UI {
	s, ok := sections[v.S.Detail]
	if !ok {
		return []app.UI{empty("settings", v.T(text.NothingChosen), v.T(text.NothingChosenText), nil)}
	}
	return []app.UI{back(v, v.T(s.title)), measured(v.T(s.title), s.body(v)...)}
}

// group is a part of a section with a head.
func group(id, title string, body ...app.UI) app.UI {
	head := words("h3", "group-head", title).ID(id)
	return el("section", "group", append([]app.UI{head}, body...)...).Aria("labelledby", id)
}

// setting is a line with a switch.
func setting(v View, id, text, help string, on, disabled bool, e screen.Event) app.UI {
	change := func(app.Context, app.Event) { v.Do(e) }
	return el("div", "setting",
		el("label", "setting-text", words("span", "", text),
			hiddenIf(help == "", words("span", "setting-help", help))).Attr("for", id),
		el("input", "switch").ID(id).Attr("type", "checkbox").Role("switch").Attr("checked", on).Attr("disabled",
			disabled).OnChange(change, app.EventScope(id, on)))
}

// operated tells that the operator has set what stands above.
func operated(v View, may bool) app.UI {
	return hiddenIf(may, el("p", "field-help", icon("lock", "icon-xs"), app.Text(v.T(text.ByOperator))))
}

func onOff(v View, on bool) string {
	if on {
		return v.T(text.On)
	}
	return v.T(text.Off)
}

func accountSummary(v View) string {
	who := v.S.Account.Shown()
	return strings.Trim(who.User+", "+v.S.ServerInUse(), ", ")
}

func accountSettings(v View) []app.UI {
	set := v.S.Settings
	change := func(ctx app.Context, _ app.Event) {
		name := ctx.JSSrc().Get("value").String()
		v.Do(screen.SetName{Name: name})
	}
	name := el("input", "input").ID("shown-name").Attr("value", v.S.Account.Shown().DisplayName).Attr("maxlength",
		"64").Attr("dir", "auto").
		Attr("readonly", !set.May.Name).Attr("autocomplete", "off").OnChange(change)
	said, _ := screen.RegistrationText(v.S)
	return []app.UI{
		el("div", "group",
			el("div", "field", words("label", "field-label", v.T(text.ShownName)).Attr("for", "shown-name"), name),
			operated(v, set.May.Name)),
		el("dl", "pairs",
			words("dt", "", v.T(text.Username)), el("dd", "tnum", number(orDash(v.S.Account.Shown().User))),
			words("dt", "", v.T(text.Server)), el("dd", "", number(orDash(v.S.ServerInUse()))),
			words("dt", "", v.T(text.Registered)), words("dd", "", v.T(said))),
		hiddenIf(v.S.NoLogout, el("div", "actions", wordButton(v, "logout", v.T(text.Logout), "", screen.Logout{}))),
	}
}

func callsSummary(v View) string {
	return v.T(text.AutoAnswer) + ": " + onOff(v, v.S.AutoAnswer)
}

func callSettings(v View) []app.UI {
	set := v.S.Settings
	var rings []choice
	for _, r := range screen.Ringtones() {
		rings = append(rings, choice{string(r), v.T(ringTexts[r])})
	}
	tones := []choice{{"", v.T(text.KeyTonesAudio)}, {"info", v.T(text.KeyTonesInfo)}}
	chosen := ""
	if set.Info {
		chosen = "info"
	}
	return []app.UI{
		el("div", "group", el("div", "setting-list",
			setting(v, "dnd", v.T(text.DoNotDisturb), v.T(text.DoNotDisturbHelp), v.S.DoNotDisturb, false,
				screen.ToggleDoNotDisturb{}),
			setting(v, "auto-answer", v.T(text.AutoAnswer), v.T(text.AutoAnswerHelp), v.S.AutoAnswer, !set.May.AutoAnswer,
				screen.SetAutoAnswer{On: !v.S.AutoAnswer})),
			operated(v, set.May.AutoAnswer)),
		el("div", "group",
			chooser("ring-tone", v.T(text.RingTone), string(v.S.Settings.Ringtone()), rings, false, func(value string) {
				v.Do(screen.SetRing{Ring: screen.Loop(value)})
			}),
			el("div", "actions", wordButton(v, "bell", v.T(text.Listen), "", hearRing{}))),
		group("g-dtmf", v.T(text.KeyTones),
			chooser("key-tones", v.T(text.KeyTones), chosen, tones, !set.May.Codecs, func(value string) {
				v.Do(screen.SetKeyTones{Info: value == "info"})
			}), operated(v, set.May.Codecs)),
	}
}

var ringTexts = map[screen.Loop]text.Key{
	screen.Ringtone: text.RingMelody, screen.RingSoft: text.RingSoft, screen.RingClassic: text.RingClassic,
	screen.RingPulse: text.RingPulse,
}

func appearanceSummary(v View) string {
	return v.S.Language.Name()
}

func appearanceSettings(v View) []app.UI {
	var names []choice
	for _, l := range text.Languages() {
		names = append(names, choice{string(l), l.Name()})
	}
	may := v.S.Settings.May
	theme := segments(v, v.T(text.Theme),
		func(e screen.Event) bool { return e == screen.Event(screen.SetTheme{Theme: v.S.Theme}) },
		segment{text.ThemeSystem, screen.SetTheme{Theme: screen.ThemeSystem}},
		segment{text.ThemeLight, screen.SetTheme{Theme: screen.ThemeLight}},
		segment{text.ThemeDark, screen.SetTheme{Theme: screen.ThemeDark}})
	return []app.UI{el("div", "group",
		el("div", "field", words("span", "field-label", v.T(text.Theme)), theme),
		operated(v, may.Theme),
		chooser("language", v.T(text.InLanguage), string(v.S.Language), names, !may.Language, func(value string) {
			v.Do(screen.SetLanguage{Language: text.Language(value)})
		}),
		operated(v, may.Language))}
}

func dataSettings(v View) []app.UI {
	ask := wordButton(v, "trash", v.T(text.EraseAll), "btn-text-stop", screen.AskErase{On: true}).Attr("hidden",
		v.S.Setup.Erasing)
	return []app.UI{
		group("g-export", v.T(text.ExportAll), words("p", "muted", v.T(text.ExportAllText)),
			el("div", "actions", wordButton(v, "download", v.T(text.ExportAll), "", screen.ExportAll{}))),
		group("g-erase", v.T(text.EraseAll), words("p", "muted", v.T(text.EraseAllText)),
			el("div", "actions", ask, hiddenIf(!v.S.Setup.Erasing, el("span", "actions",
				wordButton(v, "trash", v.T(text.EraseNow), "btn-stop", screen.Erase{}),
				wordButton(v, "", v.T(text.Cancel), "", screen.AskErase{}))))),
	}
}

func versionText(v View) string {
	if v.S.Version == "" {
		return v.S.Brand
	}
	return v.T(text.Version, "version", v.S.Version)
}

func aboutSettings(v View) []app.UI {
	debug := setting(v, "debug", v.T(text.Debug), "", v.S.Debug, false, screen.ToggleDebug{})
	return []app.UI{
		el("div", "person", el("span", "logo"), cut("h3", "person-name", v.S.Brand),
			hiddenIf(v.S.Version == "", words("p", "muted tnum", versionText(v))), words("p", "muted", v.T(text.AllEncrypted))),
		el("div", "setting-list", debug),
		el("div", "group", el("div", "actions", wordButton(v, "keyboard", v.T(text.Shortcuts), "", screen.ToggleShortcuts{}))),
	}
}
