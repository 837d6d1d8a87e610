// Package wire turns WebSocket frames into SIP messages and back: call Parse for what arrived, Serialize for what is to be
// sent, Target for what a person dialled and Mask before anything is shown.
//
// Parse makes a *Request or a *Response of a frame, which are sipgo's messages with a Head: what dialogs, transactions, sessions
// and bindings ask for (tags, Contact, Record-Route, option tags, Allow, Session-Expires, Expires, the session description),
// read once, while the frame is. What few messages are about stays as it came until the function named after its header is
// called (Replaces, Event, RetryAfter, ...), which reads it once and keeps the outcome, and returns ErrAbsent when the message
// has no such header.
//
// Top Via, From, To, Call-ID, CSeq and Content-Length have sipgo's types; in them a display name is plain text (Serialize quotes
// it), a URI part is in its escaped form, and a parameter value is as on the wire, with its quotes; Param takes them away. For
// all else do not use sipgo's getters. In a list a value that cannot be read is left out, in a value a parameter. Compact
// header names become long ones.
//
// Limits: one message of at most 64 KiB for each call, at most 256 header fields.
package wire

import (
	"errors"
	"fmt"

	"github.com/emiago/sipgo/sip"
)

const (
	// MaxMessage is the largest message in bytes that Parse and Serialize accept.
	MaxMessage = 64 << 10
	// MaxHeaders is the largest number of header fields that Parse accepts.
	MaxHeaders = 256
)

// ErrAbsent is returned by the functions that read one header when the message does not have it.
var ErrAbsent = errors.New("wire: no such header")

// Error is returned by Parse for a message that a user agent has to refuse.
type Error struct {
	Code    int      // status code to answer with; 0 means drop the message without an answer
	Reason  string   // what is wrong, short enough for a reason phrase
	Request *Request // what could be read of the request, with all a response needs; nil when Code is 0
	// Usable means that everything a dialog needs could be read, so that a request that is found to belong to one is to be
	// obeyed all the same. Not usable are those that lack a needed header, of another version, or too large.
	Usable bool
	head   []sip.Header // of the response
}

func (e *Error) Error() string {
	if e.Code == 0 {
		return "wire: dropped: " + e.Reason
	}
	return fmt.Sprintf("wire: %d %s", e.Code, e.Reason)
}

// KeepAlive tells whether data is a keep-alive of RFC 5626 section 3.5.1 in a WebSocket frame: a double CRLF is a
// ping, a single CRLF a pong (RFC 7118 section 6).
func KeepAlive(data []byte) (ping, pong bool) {
	switch string(data) {
	case "\r\n\r\n":
		return true, false
	case "\r\n":
		return false, true
	}
	return false, false
}
