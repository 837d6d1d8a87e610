//go:build !js

package ui

import (
	"fmt"
	"time"

	"github.com/gowebphone/webphone/pwa/text"
)

func dateText(_ text.Language, at time.Time, style string) string {
	switch style {
	case "date":
		return at.Format("2 January 2006")
	case "time":
		return at.Format("15:04")
	}
	return at.Weekday().String()
}

func numberText(_ text.Language, n float64, style string) string {
	if style == "percent" {
		return fmt.Sprintf("%.1f%%", n*100)
	}
	return fmt.Sprintf("%.1f", n)
}
