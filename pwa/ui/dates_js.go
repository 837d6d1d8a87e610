package ui

import (
	"syscall/js"
	"time"

	"github.com/gowebphone/webphone/pwa/phone"
)

var dateTexts = map[string]string{} // by language, style and day; the user interface's goroutine owns it

// dateText writes a day as the language has it: "Monday", or "Mon 4 May 2026".
func dateText(language phone.Language, day time.Time, style string) string {
	key := string(language) + style + day.Format(time.DateOnly)
	if text, ok := dateTexts[key]; ok {
		return text
	}
	options := map[string]any{"weekday": "long"}
	if style == "date" {
		options = map[string]any{"day": "numeric", "month": "long", "year": "numeric"}
	}
	tag := string(language)
	if language == phone.English {
		tag = "en-GB"
	}
	text := js.Global().Get("Date").New(float64(day.UnixMilli())).Call("toLocaleDateString", tag, options).String()
	dateTexts[key] = text
	return text
}
