package ui

import (
	"strings"
	"syscall/js"
	"time"

	"github.com/gowebphone/webphone/pwa/text"
)

func init() {
	text.PluralForm = func(l text.Language, n int) string { return intl("PluralRules", l, "").Call("select", n).String() }
}

// styles are the options of the browser's formatters.
var styles = map[string]map[string]any{
	"weekday": {"weekday": "long"}, "date": {"dateStyle": "long"}, "time": {"timeStyle": "short"},
	"decimal": {"minimumFractionDigits": 1, "maximumFractionDigits": 1},
	"percent": {"minimumFractionDigits": 1, "maximumFractionDigits": 1, "style": "percent"},
}

var formatters = map[string]js.Value{} // by class, language and style; the user interface's goroutine owns it

// intl is a formatter of the browser, made once: making one costs a hundred times what using it does.
func intl(class string, language text.Language, style string) js.Value {
	key := class + string(language) + style
	f, ok := formatters[key]
	if !ok {
		options := js.ValueOf(styles[style])
		f = js.Global().Get("Intl").Get(class).New(localeTag(language), options)
		formatters[key] = f
	}
	return f
}

// localeTag is the language for a formatter. English differs by country in what comes first, day or month, so it is the
// browser's own where it has one.
func localeTag(language text.Language) string {
	if own := js.Global().Get("navigator").Get("language"); language == text.English && own.Type() == js.TypeString {
		if tag, _, _ := strings.Cut(own.String(), "@"); strings.HasPrefix(tag, "en") { // "en-US@posix" is what some systems say
			return tag
		}
	}
	return string(language)
}

// dateText writes a moment as the language has it: its "weekday", its "date" or its "time" of day.
func dateText(language text.Language, at time.Time, style string) string {
	return intl("DateTimeFormat", language, style).Call("format", float64(at.UnixMilli())).String()
}

// numberText writes a number with one decimal, or a share of one as a "percent".
func numberText(language text.Language, n float64, style string) string {
	return intl("NumberFormat", language, style).Call("format", n).String()
}
