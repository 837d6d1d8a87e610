//go:build !js

package ui

import (
	"time"

	"github.com/gowebphone/webphone/pwa/phone"
)

func dateText(_ phone.Language, day time.Time, style string) string {
	if style == "date" {
		return day.Format("2 January 2006")
	}
	return day.Weekday().String()
}
