package recording

import (
	"errors"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/transport"
)

// Error is an error as far as the core tells errors apart.
type Error struct {
	Kind string `json:"kind,omitempty"`
	Text string `json:"text,omitempty"`
	Code int    `json:"code,omitempty"` // of a dial: DialErrorKind; of a closed connection: its code
	HTTP int    `json:"http,omitempty"`
}

// closerErrors are kinds of those below, so they are looked for before them.
var closerErrors = map[string]error{
	"no audio": media.ErrNoAudio, "not secure": media.ErrNotSecure, "no ICE": media.ErrNoICE, "no mux": media.ErrNoRTCPMux,
	"no common codec": media.ErrNoCommonCodec, "lost": media.ErrLost,
}

// knownErrors are told apart by identity.
var knownErrors = map[string]error{
	"permission": media.ErrPermission, "no device": media.ErrNoDevice, "device busy": media.ErrDeviceBusy,
	"insecure": media.ErrInsecure, "unsupported": media.ErrUnsupported, "no tones": media.ErrNoTelephoneEvent,
	"no codec": media.ErrNoCodec, "bad SDP": media.ErrBadSDP, "closed": media.ErrClosed, "no candidate": media.ErrNoCandidate,
	"queue full": transport.ErrQueueFull,
	"too big":    transport.ErrTooBig,
}

// NoteError writes an error down; nil stays nil.
func NoteError(err error) *Error {
	if err == nil {
		return nil
	}
	var dial *transport.DialError
	var closed *transport.CloseError
	switch {
	case errors.As(err, &dial):
		return &Error{Kind: "dial", Code: int(dial.Kind), HTTP: dial.Status}
	case errors.As(err, &closed):
		return &Error{Kind: "close", Code: closed.Code, Text: closed.Reason}
	}
	for _, list := range []map[string]error{closerErrors, knownErrors} {
		for kind, known := range list {
			if errors.Is(err, known) {
				return &Error{Kind: kind}
			}
		}
	}
	return &Error{}
}

// Err reads it again.
func (r *Error) Err() error {
	if r == nil {
		return nil
	}
	switch r.Kind {
	case "dial":
		return &transport.DialError{Kind: transport.DialErrorKind(r.Code), Status: r.HTTP}
	case "close":
		return &transport.CloseError{Code: r.Code, Reason: r.Text}
	}
	for _, list := range []map[string]error{closerErrors, knownErrors} {
		if err, known := list[r.Kind]; known {
			return err
		}
	}
	return errors.New("an error of the recorded run")
}
