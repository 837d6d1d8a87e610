package phone

import (
	"context"
	"errors"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/number"
)

// loginSentence says why a login failed and what to do next.
func loginSentence(c ua.Cause, server string) Sentence {
	key, ok := map[ua.CauseKind]TextKey{
		ua.CauseAuth:           TextLoginAuth,
		ua.CauseRejected:       TextLoginAuth,
		ua.CauseUnreachable:    TextLoginUnreachable,
		ua.CauseConnectionLost: TextLoginUnreachable,
		ua.CauseNoSubprotocol:  TextLoginSubprotocol,
		ua.CauseCertificate:    TextLoginCertificate,
		ua.CauseBadURL:         TextLoginBadURL,
		ua.CauseTimeout:        TextLoginTimeout,
		ua.CauseServer:         TextLoginServer,
		ua.CauseNotFound:       TextLoginNotFound,
	}[c.Kind]
	switch {
	case c.Code == 0 && (!ok || key == TextLoginServer): // not even a response
		key = TextLoginUnreachable
	case !ok:
		key = TextLoginOther
	}
	return say(key, "server", server, "code", itoa(c.Code))
}

var callCauses = map[ua.CauseKind]TextKey{
	ua.CauseBusy:           TextCauseBusy,
	ua.CauseNoAnswer:       TextCauseNoAnswer,
	ua.CauseRejected:       TextCauseRejected,
	ua.CauseUnavailable:    TextCauseUnavailable,
	ua.CauseNotFound:       TextCauseNotFound,
	ua.CauseAuth:           TextCauseAuth,
	ua.CauseNotAcceptable:  TextCauseNotAcceptable,
	ua.CauseServer:         TextCauseServer,
	ua.CauseTimeout:        TextCauseTimeout,
	ua.CauseUnreachable:    TextNotConnected,
	ua.CauseNoSubprotocol:  TextNotConnected,
	ua.CauseCertificate:    TextNotConnected,
	ua.CauseBadURL:         TextNotConnected,
	ua.CauseConnectionLost: TextCauseConnectionLost,
	ua.CauseMicPermission:  TextCauseMicPermission,
	ua.CauseNoMic:          TextCauseNoMic,
	ua.CauseMedia:          TextCauseMedia,
	ua.CauseProtocol:       TextCauseProtocol,
	ua.CauseOther:          TextCauseOther,
}

// callSentence says why a call did not work out. It is not ok for an end that needs no explanation: somebody hung up,
// the caller gave up, we declined, or another device took the call.
func callSentence(l Line) (why Sentence, ok bool) {
	if l.Direction == ua.Incoming && l.Answered.IsZero() && !ours(l.Cause.Kind) {
		return Sentence{}, false
	}
	if l.Cause.Kind == ua.CauseCancelled && l.Direction == ua.Outgoing {
		return Sentence{}, false
	}
	key, ok := callCauses[l.Cause.Kind]
	switch {
	case key == TextCauseServer && l.Cause.Code == 0:
		key = TextCauseOther
	case key == TextCauseMedia && l.Cause.Code > 0: // there was audio, and no firewall: the other side has refused to go on
		key = TextCauseAudioLost
	case l.Cause.Kind == ua.CauseRejected && l.Cause.Code == 403: // the server says so, and not who was called
		key = TextCauseForbidden
	case l.MovedTo.URI != "":
		_, to := l.Moved()
		return say(TextCauseMoved, "name", l.Name(), "target", to), true
	}
	return say(key, "name", l.Name(), "code", itoa(l.Cause.Code)), ok
}

// ours tells whether a cause lies on this device, so that its user has to know even of a call that was not answered.
func ours(kind ua.CauseKind) bool {
	switch kind {
	case ua.CauseMicPermission, ua.CauseNoMic, ua.CauseMedia, ua.CauseNotAcceptable:
		return true
	}
	return false
}

// errorSentence says why a command failed.
func errorSentence(err error) Sentence {
	for _, known := range []struct {
		err error
		key TextKey
	}{
		{media.ErrPermission, TextCauseMicPermission}, {media.ErrNoDevice, TextCauseNoMic}, {media.ErrDeviceBusy, TextCauseMicBusy},
		{media.ErrInsecure, TextCauseInsecure}, {ua.ErrBadTarget, TextBadTarget}, {number.ErrNotDialable, TextBadTarget},
		{ua.ErrNotConnected, TextNotConnected}, {ua.ErrTransport, TextCauseConnectionLost},
		{ua.ErrTimeout, TextCauseTimeout}, {context.DeadlineExceeded, TextCauseTimeout}, {ua.ErrGlare, TextGlare},
		{ua.ErrTooManyCalls, TextTooManyCalls}, {ua.ErrMedia, TextCauseMedia}, {ua.ErrBadConfig, TextServerUnusable},
	} {
		if errors.Is(err, known.err) {
			return say(known.key)
		}
	}
	return say(TextCommandFailed)
}

// harmless tells whether an error only means that the call had moved on before the command came: nothing to report.
func harmless(err error) bool {
	for _, known := range []error{ua.ErrState, errCallNotFound, ua.ErrClosed, ua.ErrCanceled, context.Canceled} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}
