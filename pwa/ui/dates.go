package ui

import (
	"strings"
	"time"

	"github.com/gowebphone/webphone/pwa/text"
)

// dayText is the head of a day: today, yesterday, or its date.
func dayText(v View, day time.Time) string {
	now := v.S.Now.In(day.Location())
	switch days := daysBetween(day, now); {
	case days == 0:
		return v.T(text.Today)
	case days == 1:
		return v.T(text.Yesterday)
	case days > 0 && days < 7:
		return dateText(v.S.Language, day, "weekday")
	}
	return dateText(v.S.Language, day, "date")
}

func daysBetween(day, now time.Time) int {
	y, m, d := now.Date()
	today := time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
	y, m, d = day.Date()
	return int(today.Sub(time.Date(y, m, d, 12, 0, 0, 0, time.UTC)) / (24 * time.Hour))
}

// momentText is a day and a time of day.
func momentText(v View, at time.Time) string {
	return dayText(v, at.Local()) + " " + timeText(v, at)
}

// timeText is a time of day as the language has it, in one piece.
func timeText(v View, at time.Time) string {
	return strings.ReplaceAll(dateText(v.S.Language, at.Local(), "time"), " ", "\u00a0")
}

// clock is a time of day, with its day when that is not today.
func (v View) clock(at time.Time) string {
	if daysBetween(at.Local(), v.S.Now.Local()) == 0 {
		return timeText(v, at)
	}
	return momentText(v, at)
}
