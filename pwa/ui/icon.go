package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

const svg = "http://www.w3.org/2000/svg"

// icon is a sign of icons.svg beside a text, or in a control with a label. Classes: icon-sm, icon-xs, icon-lg, icon-dir.
func icon(name string, classes ...string) app.UI {
	class := "icon"
	for _, c := range classes {
		class += " " + c
	}
	use := el("use", "").XMLNS(svg).Attr("href", "icons.svg#i-"+name)
	return el("svg", class, use).XMLNS(svg).Aria("hidden", true)
}

// iconClasses: signs that mean a reading direction turn around where text runs from right to left.
func iconClasses(name string) []string {
	if name == "backspace" || name == "chevron-start" || name == "transfer" {
		return []string{"icon-dir"}
	}
	return nil
}

func smallIcon(name string) app.UI { return icon(name, append(iconClasses(name), "icon-sm")...) }
