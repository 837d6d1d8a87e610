package ua

import (
	"context"
	"errors"
	"fmt"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// explanations say what happened and what to do next.
var explanations = map[CauseKind]string{
	CauseHangupLocal:       "You hung up; call again whenever you like.",
	CauseHangupRemote:      "The other side hung up; call back if the talk was not over.",
	CauseCancelled:         "The call was given up before it was answered; call again to try once more.",
	CauseAnsweredElsewhere: "Another of your devices took the call; go on there.",
	CauseRejectedLocal:     "You declined the call; call back when it suits you.",
	CauseRejected:          "The other side did not take the call; try later or another number.",
	CauseBusy:              "The line is busy; try again in a few minutes.",
	CauseNoAnswer:          "Nobody answered; try again later or leave a message.",
	CauseUnavailable:       "The other side is not reachable at the moment; try again later.",
	CauseNotFound:          "This number is not known to the server; check it and dial again.",
	CauseAuth:              "The server refused the user name or password; check both and log in again.",
	CauseNotAcceptable:     "The two sides have no audio format in common; allow more codecs in the settings.",
	CauseServer:            "The server could not do it; try again later or tell its operator the code.",
	CauseTimeout:           "The server did not respond in time; check the network and try again.",
	CauseUnreachable:       "The server cannot be reached; check its address, your network and its certificate.",
	CauseNoSubprotocol:     "A web server answered, but not SIP over WebSocket; check the server's port and path.",
	CauseCertificate: "The server's certificate was refused; ask its operator to renew it, or use the host name it is " +
		"made for.",
	CauseNoWebSocket: "A web server answered, but refused the WebSocket; check the path of the address, or ask its operator " +
		"whether it admits you.",
	CauseLocalNetwork: "The server cannot be reached; if it stands in your own network, allow the page access to the local " +
		"network in the browser.",
	CauseBadURL:         "The server's address is not usable; it has to begin with wss:// (ws:// only outside https pages).",
	CauseConnectionLost: "The connection to the server was lost; it comes back by itself once the network does.",
	CauseMicPermission:  "The microphone is blocked; allow it for this page and try again.",
	CauseNoMic:          "No microphone was found; plug one in and try again.",
	CauseMedia:          "The audio connection failed; check the network, firewall or TURN server and call again.",
	CauseProtocol:       "The other side answered in a way that cannot be used; tell the operator of the server.",
	CauseOther:          "The request was refused; see the code for the reason.",
	CauseTransferred:    "The call was handed over; the others go on without you.",
}

// cause makes a Cause with its sentence.
func cause(kind CauseKind, code int, reason string) Cause {
	return Cause{Kind: kind, Code: code, Reason: reason, Explanation: explanations[kind]}
}

// explained makes a Cause with a sentence of its own.
func explained(kind CauseKind, code int, reason, sentence string) Cause {
	return Cause{Kind: kind, Code: code, Reason: reason, Explanation: sentence}
}

// kinds sorts the status codes of RFC 3261 section 21 and its extensions.
var kinds = map[int]CauseKind{
	401: CauseAuth, 407: CauseAuth, 403: CauseRejected, 404: CauseNotFound, 408: CauseNoAnswer, 410: CauseNotFound,
	415: CauseNotAcceptable, 480: CauseUnavailable, 484: CauseNotFound, 485: CauseNotFound, 486: CauseBusy,
	487: CauseCancelled, 488: CauseNotAcceptable, 600: CauseBusy, 603: CauseRejected, 604: CauseNotFound,
	606: CauseNotAcceptable, 607: CauseRejected, 608: CauseRejected,
}

// responseCause sorts a final response that refuses a request. What a Reason header says wins over the code of an INVITE's
// response: a gateway has few codes for the many causes of the telephone network.
func responseCause(method sip.RequestMethod, res *wire.Response) Cause {
	code, reason := res.StatusCode, phraseOf(res)
	kind, known := kinds[code]
	why, ok := reasonKind(res)
	exact := false
	switch {
	case method == sip.REGISTER && code == sip.StatusForbidden:
		kind = CauseAuth
	case method == sip.REGISTER && code == sip.StatusNotFound:
		return explained(CauseNotFound, code, reason,
			"The server does not know this account; check user name and server and log in again.")
	case code >= 300 && code < 400:
		return moved(res)
	case method == sip.INVITE && ok && kind != CauseAuth:
		kind, exact = why.kind, why.exact
	case method == sip.INVITE && code == sip.StatusForbidden:
		return explained(CauseRejected, code, reason,
			"The server does not let this call through; ask its operator whether you may call this number.")
	case code >= 500 && code < 600:
		kind = CauseServer
	case !known:
		kind = CauseOther
	}
	said := cause(kind, code, reason)
	said.Told = exact
	return said
}

// phraseOf is what the RFCs call the status of a response: what the server calls it is made up by its authors, and often says
// more than they know. A status that no RFC has keeps the server's words.
func phraseOf(res *wire.Response) string {
	if p, ok := phrases[res.StatusCode]; ok {
		return p
	}
	return res.Reason
}

// mediaCauses are what the media engine says of this device. The first that an error is counts.
var mediaCauses = []Cause{
	{Err: media.ErrPermission, Kind: CauseMicPermission, Explanation: explanations[CauseMicPermission]},
	{Err: media.ErrInsecure, Kind: CauseMicPermission,
		Explanation: "The page has no access to the microphone because it is not loaded by https; open it by https."},
	{Err: media.ErrNoDevice, Kind: CauseNoMic, Explanation: explanations[CauseNoMic]},
	{Err: media.ErrDeviceBusy, Kind: CauseNoMic,
		Explanation: "The microphone is in use by another program; close it there and try again."},
	{Err: media.ErrNoCodec, Kind: CauseNotAcceptable,
		Explanation: "No codec is left to offer; allow at least one in the settings."},
	{Err: media.ErrNoCandidate, Kind: CauseMedia,
		Explanation: "No network address was found for the audio; check the network."},
	{Err: media.ErrUnsupported, Kind: CauseMedia, Explanation: "This browser has no WebRTC; use a current one."},
	{Err: media.ErrLost, Kind: CauseMedia,
		Explanation: "The page that carried the audio was closed or broke, and no other took its place; call again."},
}

// mediaCause sorts what the media engine says.
func mediaCause(err error) Cause {
	for _, why := range mediaCauses {
		if errors.Is(err, why.Err) {
			return why
		}
	}
	if errors.Is(err, media.ErrBadSDP) {
		f := flawIn(err)
		return Cause{Kind: CauseNotAcceptable, Explanation: f.unusable + "; tell your operator which number it was.", Err: f.err}
	}
	return cause(CauseMedia, 0, "")
}

// refused makes the error of a request that got a final response of 300 or more.
func refused(method sip.RequestMethod, res *wire.Response) error {
	return &ResponseError{Method: string(method), Code: res.StatusCode, Reason: res.Reason, Cause: responseCause(method, res)}
}

// txnError translates the errors of the transaction layer.
func txnError(err error) error {
	switch {
	case errors.Is(err, txn.ErrTimeout):
		return ErrTimeout
	case errors.Is(err, txn.ErrTransport):
		return ErrTransport
	}
	return err
}

// mediaError wraps what the media engine says.
func mediaError(err error) error {
	if errors.Is(err, context.Canceled) {
		return ErrCanceled
	}
	return fmt.Errorf("%w: %w", ErrMedia, err)
}

// callError is what Wait returns for a call that ended before it was established.
func callError(why Cause) error {
	if why.Code >= 300 {
		return &ResponseError{Method: "INVITE", Code: why.Code, Reason: why.Reason, Cause: why}
	}
	switch why.Kind {
	case CauseCancelled, CauseHangupLocal, CauseHangupRemote, CauseRejectedLocal, CauseAnsweredElsewhere, CauseNoAnswer:
		return ErrCanceled
	case CauseTimeout:
		return ErrTimeout
	case CauseConnectionLost:
		return ErrTransport
	case CauseMicPermission, CauseNoMic, CauseMedia, CauseNotAcceptable:
		return fmt.Errorf("%w: %s", ErrMedia, why.Explanation)
	}
	return fmt.Errorf("%w: %s", ErrState, why.Explanation)
}

// phrase is the reason phrase we send with a code.
func phrase(code int) string {
	if p, ok := phrases[code]; ok {
		return p
	}
	return "Refused"
}

// phrases are those of RFC 3261 section 21 and of the RFCs that have added codes.
var phrases = map[int]string{
	100: "Trying", 180: "Ringing", 181: "Call Is Being Forwarded", 182: "Queued", 183: "Session Progress",
	199: "Early Dialog Terminated", 200: "OK", 202: "Accepted", 204: "No Notification",
	300: "Multiple Choices", 301: "Moved Permanently", 302: "Moved Temporarily", 305: "Use Proxy", 380: "Alternative Service",
	400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found",
	405: "Method Not Allowed", 406: "Not Acceptable", 407: "Proxy Authentication Required", 408: "Request Timeout", 410: "Gone",
	412: "Conditional Request Failed", 413: "Request Entity Too Large", 414: "Request-URI Too Long",
	415: "Unsupported Media Type", 416: "Unsupported URI Scheme", 417: "Unknown Resource-Priority", 420: "Bad Extension",
	421: "Extension Required", 422: "Session Interval Too Small", 423: "Interval Too Brief", 424: "Bad Location Information",
	425: "Bad Alert Message", 428: "Use Identity Header", 429: "Provide Referrer Identity", 430: "Flow Failed",
	433: "Anonymity Disallowed", 436: "Bad Identity Info", 437: "Unsupported Credential", 438: "Invalid Identity Header",
	439: "First Hop Lacks Outbound Support", 440: "Max-Breadth Exceeded", 469: "Bad Info Package", 470: "Consent Needed",
	480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist", 482: "Loop Detected", 483: "Too Many Hops",
	484: "Address Incomplete", 485: "Ambiguous", 486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here",
	489: "Bad Event", 491: "Request Pending", 493: "Undecipherable", 494: "Security Agreement Required",
	500: "Server Internal Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Server Time-out",
	505: "Version Not Supported", 513: "Message Too Large", 555: "Push Notification Service Not Supported",
	580: "Precondition Failure", 600: "Busy Everywhere", 603: "Decline", 604: "Does Not Exist Anywhere", 606: "Not Acceptable",
	607: "Unwanted", 608: "Rejected",
}
