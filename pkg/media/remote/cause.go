package remote

import (
	"context"
	"errors"

	"github.com/gowebphone/webphone/pkg/media"
)

// causes are the errors that are told apart. Their places are those of bits in message.causes: a new one comes last.
var causes = []error{media.ErrPermission, media.ErrNoDevice, media.ErrDeviceBusy, media.ErrInsecure, media.ErrUnsupported,
	media.ErrNoTelephoneEvent, media.ErrNoCodec, media.ErrNoCandidate, media.ErrBadSDP, media.ErrClosed, media.ErrLost,
	media.ErrNoAudio, media.ErrNotSecure, media.ErrNoICE, media.ErrNoRTCPMux, media.ErrNoCommonCodec,
	context.Canceled, context.DeadlineExceeded}

// farError is an error of the other side: its text, and what it is.
type farError struct {
	text string
	is   []error
}

func (e *farError) Error() string   { return e.text }
func (e *farError) Unwrap() []error { return e.is }

// failed is the reply that tells an error.
func failed(request uint64, err error) message {
	m := message{kind: kindFailed, request: request, text: err.Error()}
	for i, known := range causes {
		if errors.Is(err, known) {
			m.causes |= 1 << i
		}
	}
	return m
}

// err is the error that a reply tells.
func (m *message) err() error {
	if m.kind != kindFailed {
		return nil
	}
	e := &farError{text: m.text}
	for i, known := range causes {
		if m.causes>>i&1 == 1 {
			e.is = append(e.is, known)
		}
	}
	return e
}
