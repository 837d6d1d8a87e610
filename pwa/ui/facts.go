package ui

import (
	"fmt"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// facts are the measured values of a call, for windows with room.
func facts(v View, line screen.Line) app.UI {
	s, q := line.Stats, line.Quality
	if !q.Known() {
		return hiddenIf(true, el("dl", "facts only-wide"))
	}
	return hiddenIf(!line.Established(), el("dl", "facts only-wide",
		pair(v.T(text.Quality), numberText(v.S.Language, q.MOS, "decimal")+" MOS"),
		pair(v.T(text.Codec), s.Codec),
		pair(v.T(text.RoundTrip), milliseconds(s.RoundTripTime)),
		pair(v.T(text.Loss), numberText(v.S.Language, q.Loss, "percent")),
		pair(v.T(text.Jitter), milliseconds(s.Jitter)),
		pair(v.T(text.Server), v.S.ServerInUse()),
	))
}

func pair(term, value string) app.UI {
	return el("div", "", words("dt", "", term), el("dd", "", cut("bdi", "", orDash(value)).Attr("dir", "ltr")))
}

// orDash stands for what is not known or not shown.
func orDash(value string) string {
	if value == "" {
		return "–"
	}
	return value
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%d ms", d.Round(time.Millisecond)/time.Millisecond)
}

// quality is the grade of a call, in bars and a word.
func quality(v View, q screen.Quality) app.UI {
	switch q.Grade() {
	case screen.Poor:
		return fact("bars-1", v.T(text.QualityPoor))
	case screen.Fair:
		return fact("bars-2", v.T(text.QualityFair))
	}
	return fact("bars-3", v.T(text.QualityGood))
}
