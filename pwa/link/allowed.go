package link

import (
	"slices"
	"strings"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

const (
	largest     = 64 << 10               // bytes of a message of a window,
	imported    = screen.MaxFile + 4<<10 // and of one that brings a file
	farthestRow = 1 << 24
)

// allowed tells whether an event is one that a window can tell: what only the phone knows of itself it may not say, and what the
// screen offers as a choice must be one of those.
func allowed(e screen.Event) bool {
	switch e := e.(type) {
	case screen.NotKept:
		return false // the phone says it itself
	case screen.Show:
		return e.Page.Own() || slices.Contains(screen.Pages(), e.Page)
	case screen.Press:
		return len(e.Digit) == 1 && strings.Contains("0123456789*#+", e.Digit)
	case screen.Mark:
		return e.By == 1 || e.By == -1
	case screen.WidenList:
		return within(e.Width, farthestRow)
	case screen.SetTheme:
		return slices.Contains([]screen.Theme{screen.ThemeSystem, screen.ThemeLight, screen.ThemeDark}, e.Theme)
	case screen.SetLanguage:
		return slices.Contains(text.Languages(), e.Language)
	case screen.SetRing:
		return slices.Contains(screen.Ringtones(), e.Ring)
	case screen.DevicesFound:
		return !slices.ContainsFunc(e.Devices, func(d screen.Device) bool {
			return d.Kind != screen.Microphone && d.Kind != screen.Speaker
		})
	}
	return allowedInPanes(e)
}

// allowedInPanes is allowed for contacts and history.
func allowedInPanes(e screen.Event) bool {
	switch e := e.(type) {
	case screen.FilterHistory:
		return slices.Contains([]screen.HistoryFilter{screen.FilterAll, screen.FilterMissed, screen.FilterIncoming,
			screen.FilterOutgoing}, e.Filter)
	case screen.ScrollContacts:
		return within(e.First, farthestRow) && within(e.Row, farthestRow)
	case screen.WindowHigh:
		return within(e.Height, farthestRow)
	case screen.RemoveNumber:
		return within(e.Row, mostNumbers)
	case screen.ReadImport:
		return len(e.Data) <= screen.MaxFile
	case screen.SetColumn:
		return within(e.Index, farthestRow) && slices.Contains(screen.Columns(), e.Column)
	case screen.SetPolicy:
		return e.Policy <= screen.KeepBoth
	}
	return true
}

const mostNumbers = 32 // rows of a form that can be removed, as screen.ContactForm.Gone counts them

func within(n, end int) bool { return n >= 0 && n < end }

// tooLarge tells whether a message is larger than any that a window has to send.
func tooLarge(message []byte) bool {
	return len(message) > imported || len(message) > largest && message[0] != answer && !bringsFile(message)
}

func bringsFile(message []byte) bool {
	c := coder{data: message[1:]}
	c.readUint()
	return message[0] == told && c.readUint() == kindReadImport
}
