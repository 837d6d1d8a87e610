package reason

import (
	"errors"
	"strconv"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

var callCauses = map[ua.CauseKind]text.Key{
	ua.CauseBusy:           text.CauseBusy,
	ua.CauseNoAnswer:       text.CauseNoAnswer,
	ua.CauseRejected:       text.CauseRejected,
	ua.CauseUnavailable:    text.CauseUnavailable,
	ua.CauseNotFound:       text.CauseNotFound,
	ua.CauseAuth:           text.CauseAuth,
	ua.CauseNotAcceptable:  text.CauseNotAcceptable,
	ua.CauseServer:         text.CauseServer,
	ua.CauseTimeout:        text.CauseTimeout,
	ua.CauseUnreachable:    text.NotConnected,
	ua.CauseNoSubprotocol:  text.NotConnected,
	ua.CauseCertificate:    text.NotConnected,
	ua.CauseNoWebSocket:    text.NotConnected,
	ua.CauseLocalNetwork:   text.NotConnected,
	ua.CauseBadURL:         text.NotConnected,
	ua.CauseConnectionLost: text.CauseConnectionLost,
	ua.CauseMicPermission:  text.CauseMicPermission,
	ua.CauseNoMic:          text.CauseNoMic,
	ua.CauseMedia:          text.CauseMedia,
	ua.CauseProtocol:       text.CauseProtocol,
	ua.CauseOther:          text.CauseOther,
}

// Call says why a call did not work out. It is not ok for an end that needs no explanation: somebody hung up,
// the caller gave up, we declined, or another device took the call.
func Call(l screen.Line, c ua.Cause) (why text.Sentence, ok bool) {
	if l.Direction == screen.Incoming && l.Answered.IsZero() && !ours(c.Kind) {
		return text.Sentence{}, false
	}
	if c.Kind == ua.CauseCancelled && l.Direction == screen.Outgoing {
		return text.Sentence{}, false
	}
	key, ok := callCauses[history.Said(c)]
	if precise := mediaKey(callFlaws, c.Err); precise != "" {
		key = precise
	}
	switch {
	case key == text.CauseServer && c.Code == 0:
		key = text.CauseOther
	case key == text.CauseMedia && c.Code > 0: // there was audio, and no firewall: the other side has refused to go on
		key = text.CauseAudioLost
	case c.Kind == ua.CauseRejected && c.Code == 403: // the server says so, and not who was called
		key = text.CauseForbidden
	case l.MovedTo.URI != "":
		_, to := l.Moved()
		return text.Say(text.CauseMoved, "name", l.Name(), "target", to), true
	}
	return text.Say(key, "name", l.Name(), "code", strconv.Itoa(c.Code), "what", lacking(c.Err)), ok
}

// mediaText is the sentence for an error of package media.
type mediaText struct {
	err error
	key text.Key
}

// callFlaws and troubles are what may be wrong with the audio of a call that cannot begin, and of a change that did not work.
var (
	callFlaws = []mediaText{
		{media.ErrInsecure, text.CauseInsecure}, {media.ErrDeviceBusy, text.CauseMicBusy}, {media.ErrNoAudio, text.CauseNoAudio},
		{media.ErrNotSecure, text.CauseNotWebRTC}, {media.ErrNoICE, text.CauseNotWebRTC},
		{media.ErrNoRTCPMux, text.CauseNotWebRTC},
		{media.ErrNoCommonCodec, text.CauseNotAcceptable}, {media.ErrBadSDP, text.CauseProtocol},
		{media.ErrLost, text.CauseWindowGone},
	}
	troubles = []mediaText{
		{media.ErrNotSecure, text.TroubleNotWebRTC}, {media.ErrNoICE, text.TroubleNotWebRTC},
		{media.ErrNoRTCPMux, text.TroubleNotWebRTC},
		{media.ErrNoAudio, text.TroubleNoAudio}, {media.ErrNoCommonCodec, text.TroubleFormat},
	}
)

func mediaKey(texts []mediaText, err error) text.Key {
	for _, t := range texts {
		if errors.Is(err, t.err) {
			return t.key
		}
	}
	return ""
}

// lacking is what a description of the other side does not have, by the name that it has in every language.
func lacking(err error) string {
	switch {
	case errors.Is(err, media.ErrNotSecure):
		return "DTLS-SRTP"
	case errors.Is(err, media.ErrNoICE):
		return "ICE"
	case errors.Is(err, media.ErrNoRTCPMux):
		return "rtcp-mux"
	}
	return ""
}

// Trouble says what is wrong with a call that goes on.
func Trouble(l screen.Line, c ua.Cause) text.Sentence {
	key := mediaKey(troubles, c.Err)
	switch {
	case key != "":
	case c.Kind == ua.CauseConnectionLost:
		key = text.TroubleRenewal
	default:
		key = text.CallTrouble
	}
	return text.Say(key, "name", l.Name(), "what", lacking(c.Err))
}

// ours tells whether a cause lies on this device, so that its user has to know even of a call that was not answered.
func ours(kind ua.CauseKind) bool {
	switch kind {
	case ua.CauseMicPermission, ua.CauseNoMic, ua.CauseMedia, ua.CauseNotAcceptable:
		return true
	}
	return false
}
