package ua

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"time"
	"unicode/utf8"
)

// traceLine is a TraceEvent as it is saved, one line of JSON each.
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
//	err := ua.WriteTrace(file, agent.Trace(ctx))
//
// To run a session again, record it by Config.Record instead and see Replay.
func WriteTrace(w io.Writer, events iter.Seq[TraceEvent]) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for ev := range events {
		line := traceLine{At: ev.At, Sent: ev.Sent, Server: plainURL(ev.Server), CallID: ev.CallID}
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
func ReadTrace(r io.Reader) ([]TraceEvent, error) {
	var events []TraceEvent
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxRecordingLine)
	for lines.Scan() {
		var line traceLine
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return events, fmt.Errorf("read trace: line %d: %w", len(events)+1, err)
		}
		data := line.Bytes
		if data == nil {
			data = []byte(line.Text)
		}
		events = append(events, TraceEvent{At: line.At, Sent: line.Sent, Server: line.Server, CallID: line.CallID, Data: data})
	}
	if err := lines.Err(); err != nil {
		return events, fmt.Errorf("read trace: %w", err)
	}
	return events, nil
}
