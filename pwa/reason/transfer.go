package reason

import (
	"strconv"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

var transferCauses = map[ua.CauseKind]text.Key{
	ua.CauseBusy:        text.TransferDeclined,
	ua.CauseNoAnswer:    text.TransferNoAnswer,
	ua.CauseTimeout:     text.TransferNoAnswer,
	ua.CauseRejected:    text.TransferDeclined,
	ua.CauseUnavailable: text.TransferNoAnswer,
	ua.CauseNotFound:    text.TransferUnknown,
}

// Transfer says why a transfer failed, and that the call is still there. The user knows what the user has done.
func Transfer(t screen.Transfer, name string, why ua.Cause) text.Sentence {
	if why.Kind == ua.CauseCancelled && why.Code == 0 {
		return text.Sentence{}
	}
	key, ok := transferCauses[why.Kind]
	switch {
	case !t.Agreed && why.Code >= 300:
		key = text.TransferRefused
	case !ok:
		key = text.TransferFailed
	}
	return text.Say(key, "name", name, "target", t.Name, "code", strconv.Itoa(why.Code))
}
