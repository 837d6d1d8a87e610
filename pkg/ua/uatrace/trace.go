package uatrace

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"time"
	"unicode/utf8"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pkg/ua/internal/recording"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// traceLine is a ua.TraceEvent as it is saved, one line of JSON each.
type traceLine struct {
	At     time.Time `json:"at"`
	Sent   bool      `json:"sent,omitempty"`
	Server string    `json:"server,omitempty"`
	CallID string    `json:"callID,omitempty"`
	Text   string    `json:"text,omitempty"`
	Bytes  []byte    `json:"bytes,omitempty"` // when the message is not UTF-8
}

// WriteTrace saves events as lines of JSON, masked as they are, until events ends:
//
//	err := uatrace.WriteTrace(file, agent.Trace(ctx))
//
// To run a session again, record it by Config.Record instead and see [Replay].
func WriteTrace(w io.Writer, events iter.Seq[ua.TraceEvent]) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for ev := range events {
		line := traceLine{At: ev.At, Sent: ev.Sent, Server: recording.PlainURL(ev.Server), CallID: ev.CallID}
		if utf8.Valid(ev.Data) {
			line.Text = string(ev.Data)
		} else {
			line.Bytes = ev.Data
		}
		if err := encoder.Encode(line); err != nil {
			return fmt.Errorf("write trace: %w", err)
		}
	}
	return nil
}

// ReadTrace reads what WriteTrace has saved.
func ReadTrace(r io.Reader) ([]ua.TraceEvent, error) {
	var events []ua.TraceEvent
	err := recording.Lines(r, func(text []byte) error {
		var line traceLine
		if err := json.Unmarshal(text, &line); err != nil {
			return err
		}
		data := line.Bytes
		if data == nil {
			data = []byte(line.Text)
		}
		events = append(events, ua.TraceEvent{At: line.At, Sent: line.Sent, Server: line.Server, CallID: line.CallID, Data: data})
		return nil
	})
	if err != nil {
		return events, fmt.Errorf("read trace: %w", err)
	}
	return events, nil
}

// Mask returns a copy of a SIP message in which credentials, nonces and media keys are replaced by asterisks, so that it can be
// shown, logged or saved. It works on malformed messages too.
func Mask(msg []byte) []byte { return wire.Mask(msg) }
