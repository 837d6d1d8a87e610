package reason

import (
	"context"
	"errors"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/text"
)

// Error says why a command failed.
func Error(err error) text.Sentence {
	for _, known := range []struct {
		err error
		key text.Key
	}{
		{media.ErrPermission, text.CauseMicPermission}, {media.ErrNoDevice, text.CauseNoMic},
		{media.ErrDeviceBusy, text.CauseMicBusy}, {media.ErrLost, text.CauseWindowGone},
		{media.ErrInsecure, text.CauseInsecure}, {ua.ErrBadTarget, text.BadTarget}, {number.ErrNotDialable, text.BadTarget},
		{ua.ErrNotConnected, text.NotConnected}, {ua.ErrTransport, text.CauseConnectionLost},
		{ua.ErrTimeout, text.CauseTimeout}, {context.DeadlineExceeded, text.CauseTimeout}, {ua.ErrGlare, text.Glare},
		{ua.ErrTooManyCalls, text.TooManyCalls}, {ua.ErrMedia, text.CauseMedia}, {ua.ErrBadConfig, text.ServerUnusable},
	} {
		if errors.Is(err, known.err) {
			return text.Say(known.key)
		}
	}
	return text.Say(text.CommandFailed)
}
