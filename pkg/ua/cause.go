package ua

import (
	"errors"
	"fmt"
)

// CauseKind is why something failed or ended, as a person would sort it.
type CauseKind int

const (
	CauseNone              CauseKind = iota
	CauseHangupLocal                 // we hung up
	CauseHangupRemote                // the other side hung up
	CauseCancelled                   // the caller gave up before an answer
	CauseAnsweredElsewhere           // another device of the same user took the call (RFC 3326)
	CauseRejectedLocal               // we declined
	CauseRejected                    // 603, 607, 608: the other side did not take the call; 403: the server does not allow it
	CauseBusy                        // 486, 600
	CauseNoAnswer                    // 408, 480 after ringing, our own no-answer limit
	CauseUnavailable                 // 480: not reachable at the moment
	CauseNotFound                    // 404, 484, 604, 410
	CauseAuth                        // 401, 407, 403 to REGISTER: wrong user name or password
	CauseNotAcceptable               // 488, 606, 415: no common codec or media
	CauseServer                      // 5xx
	CauseTimeout                     // no response at all (64*T1)
	CauseUnreachable                 // cannot connect to the server
	CauseNoSubprotocol               // the server does not speak SIP over WebSocket
	CauseCertificate                 // the server's certificate was refused
	CauseNoWebSocket                 // a web server answered, and refused the WebSocket: wrong path, or not for this page
	CauseLocalNetwork                // the browser may keep the page from a server in the local network
	CauseBadURL                      // the server's address is not usable
	CauseConnectionLost              // the WebSocket ended
	CauseMicPermission               // microphone denied
	CauseNoMic                       // no microphone
	CauseMedia                       // the audio path failed
	CauseProtocol                    // the other side broke the protocol
	CauseOther
	CauseTransferred // the two others go on without this call
)

// Cause says why a call, registration or connection ended or failed. The zero value means nothing is wrong.
type Cause struct {
	Kind CauseKind
	Code int // SIP status code, 0 when there was none
	// phrase of Code in the RFCs, or as received for one that they do not know; without Code what the other side wrote
	Reason      string
	Explanation string // one English sentence: what happened and what to do next
	// Told: the telephone network's own cause says so, in a Reason header (RFC 3326, RFC 6432), and not only Code. Many servers
	// send 486 when somebody has declined.
	Told bool
	// Err is the error of package media that tells what of the microphone or of the other side's description could not be used,
	// such as media.ErrNoRTCPMux; else nil. Test it with errors.Is.
	Err error
}

// Errors of the user agent; test with errors.Is.
var (
	ErrClosed       = errors.New("ua: user agent closed")
	ErrNotConnected = errors.New("ua: not connected to a server")
	ErrTimeout      = errors.New("ua: no response in time")
	ErrTransport    = errors.New("ua: connection lost")
	ErrCanceled     = errors.New("ua: call cancelled")
	ErrMedia        = errors.New("ua: audio could not be set up")
	ErrState        = errors.New("ua: not possible in the call's present state")
	ErrBadTarget    = errors.New("ua: number or address not usable")
	ErrGlare        = errors.New("ua: both sides changed the call at the same time (491)")
	ErrBadConfig    = errors.New("ua: configuration not usable")
	ErrUnknownTone  = errors.New("ua: tone not one of 0-9 A-D * #")
	ErrTooManyCalls = errors.New("ua: too many calls")
	ErrTooLarge     = errors.New("ua: message too long")
)

// ResponseError is a final response that refused a request.
type ResponseError struct {
	Method string
	Code   int
	Reason string
	Cause  Cause
}

func (e *ResponseError) Error() string {
	return fmt.Sprintf("%s refused: %d %s", e.Method, e.Code, e.Reason)
}
