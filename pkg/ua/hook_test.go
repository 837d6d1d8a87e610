package ua

import (
	"io"
	"iter"
	"time"
)

// What these tests use of package uatrace, which imports this one: hook_uatrace_test.go sets it.
var (
	Replay          func(recording io.Reader, cfg Config) (*Replayed, error)
	WriteTrace      func(w io.Writer, events iter.Seq[TraceEvent]) error
	ReadTrace       func(r io.Reader) ([]TraceEvent, error)
	ErrBadRecording error
)

// Replayed is uatrace.Replayed.
type Replayed struct {
	Received, Sent int
	Differences    []Difference
	Events         []Event
}

// Difference is uatrace.Difference.
type Difference struct {
	At            time.Time
	After         string
	Recorded, Now []byte
}
