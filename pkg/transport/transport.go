package transport

import (
	"context"
	"fmt"
)

// Conn carries whole SIP messages in both directions: one message for each WebSocket frame (RFC 7118 section 5).
// All methods may be called from any goroutine.
type Conn interface {
	// Send queues one message and returns at once. It fails only when the connection has ended or its queue is full.
	Send(msg []byte) error

	// Recv returns the next message. When the connection has ended it returns a *CloseError, after every
	// message that arrived before the end. A message of only CR and LF is a keep-alive and is returned as it came. Of one above
	// MaxMessage come the first MaxMessage+1 bytes, so that its length tells: it costs itself, and not the connection.
	Recv(ctx context.Context) ([]byte, error)

	// Close ends the connection in order: queued messages leave first, then the close frame. It does not wait.
	// Browsers allow only the codes 1000 and 3000-4999.
	Close(code int, reason string)

	// Abandon ends the connection at once and forgets it: for links that are dead, where a close handshake would
	// take the browser a minute.
	Abandon()
}

// CloseError says why a connection ended.
type CloseError struct {
	Code   int    // WebSocket close code, RFC 6455 section 7.4; 1006 when no close frame came
	Reason string // text of the close frame
	Err    error  // cause underneath, may be nil
}

func (e *CloseError) Error() string {
	switch {
	case e.Err != nil:
		return fmt.Sprintf("websocket closed with code %d %q: %v", e.Code, e.Reason, e.Err)
	default:
		return fmt.Sprintf("websocket closed with code %d %q", e.Code, e.Reason)
	}
}

func (e *CloseError) Unwrap() error { return e.Err }

// DialErrorKind tells apart why a connection could not be made, as far as the platform lets.
type DialErrorKind int

const (
	// nobody answers: wrong host or port, no network; in a browser also a refused certificate
	DialUnreachable   DialErrorKind = iota
	DialTimeout                     // no answer in time
	DialHTTPStatus                  // a web server answered, but not with a WebSocket: wrong path, or it turns this page away
	DialNoSubprotocol               // a WebSocket server that does not speak the subprotocol "sip"
	DialCertificate                 // the certificate was refused (native only; a browser does not tell)
	DialBadURL                      // the URL is not ws:// or wss://, or the browser refuses it (ws:// from an https page)
	// the browser may keep the page from servers of the local network: it asks its user first (Local Network Access)
	DialLocalNetwork
)

// DialError is returned by Dial.
type DialError struct {
	Kind   DialErrorKind
	URL    string // without user information
	Status int    // HTTP status when Kind is DialHTTPStatus; 0 in a browser, which does not tell
	Err    error  // cause underneath, may be nil
}

func (e *DialError) Error() string {
	s := fmt.Sprintf("dial %s: %s", e.URL, e.Kind)
	if e.Status != 0 {
		s += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *DialError) Unwrap() error { return e.Err }

func (k DialErrorKind) String() string {
	switch k {
	case DialUnreachable:
		return "unreachable"
	case DialTimeout:
		return "timed out"
	case DialHTTPStatus:
		return "not a WebSocket"
	case DialNoSubprotocol:
		return "no SIP over WebSocket there"
	case DialCertificate:
		return "certificate refused"
	case DialBadURL:
		return "bad URL"
	case DialLocalNetwork:
		return "perhaps kept from the local network by the browser"
	}
	return "unknown"
}

// MaxMessage is the largest message in bytes that a connection carries whole.
const MaxMessage = 64 << 10
