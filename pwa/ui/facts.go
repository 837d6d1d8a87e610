package ui

import (
	"fmt"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/phone"
)

// facts are the measured values of a call, for windows with room.
func facts(v View, line phone.Line) app.UI {
	s := line.Stats
	list := app.Dl().Class("facts only-wide").Hidden(!line.HasStats || !line.Established())
	if !line.HasStats {
		return list
	}
	quality := phone.Rate(s)
	return list.Body(
		pair(v.T(phone.TextQuality), fmt.Sprintf("%.1f MOS", quality.MOS)),
		pair(v.T(phone.TextCodec), s.Codec),
		pair(v.T(phone.TextRoundTrip), milliseconds(s.RoundTripTime)),
		pair(v.T(phone.TextLoss), fmt.Sprintf("%.1f %%", quality.Loss*100)),
		pair(v.T(phone.TextJitter), milliseconds(s.Jitter)),
		pair(v.T(phone.TextServer), v.S.Account.Server),
	)
}

func pair(term, value string) app.UI {
	if value == "" {
		value = "–"
	}
	return app.Div().Body(app.Dt().Text(term), app.Dd().Text(value))
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%d ms", d.Round(time.Millisecond)/time.Millisecond)
}

func qualitySign(q phone.Quality) string {
	return map[phone.Grade]string{phone.Good: "bars-3", phone.Fair: "bars-2", phone.Poor: "bars-1"}[q.Grade]
}

func qualityText(q phone.Quality) phone.TextKey {
	return map[phone.Grade]phone.TextKey{
		phone.Good: phone.TextQualityGood, phone.Fair: phone.TextQualityFair, phone.Poor: phone.TextQualityPoor,
	}[q.Grade]
}
