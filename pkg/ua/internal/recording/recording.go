// Package recording is the form of what Config.Record writes: a line of JSON for each thing that came into the core of a user
// agent, in the order in which the core took it, and for each message it sent. pkg/ua writes and does entries, pkg/ua/uatrace
// reads recordings.
//
// Limits: a recording is read whole, and a line has 1 MiB at most.
package recording

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/transport"
)

// What can come in.
const (
	Setup     = "setup"   // the first line
	Restore   = "restore" // the state of Config.Restore, opened
	Dialled   = "dialled"
	Received  = "received"
	Closed    = "closed"
	Tick      = "tick" // time has come for something
	Act       = "act"  // a method was called
	Opened    = "opened"
	Job       = "job" // the media engine has done something
	State     = "state"
	Broken    = "broken" // the media engine has panicked
	Consulted = "consulted"
	Later     = "later" // a turn the core has put off
)

// What the core was told when it asked in the middle of a turn.
const (
	Tones = "tones" // what the media engine said to tones
	Proof = "proof" // whether the server proved that it knows the password
)

// Version of the form.
const Version = 2

// Entry is one line of a recording. In names what came in; Out is a message that was sent.
type Entry struct {
	At       int64           `json:"t"` // nanoseconds since 1970
	In       string          `json:"in,omitempty"`
	Out      bool            `json:"out,omitempty"`
	Gen      int             `json:"gen,omitempty"`
	Text     string          `json:"text,omitempty"`  // a message, SDP, media state
	Bytes    []byte          `json:"bytes,omitempty"` // a message that is not UTF-8
	Audio    int             `json:"audio,omitempty"`
	Question int             `json:"question,omitempty"`
	OK       bool            `json:"ok,omitempty"`
	Error    *Error          `json:"error,omitempty"` // the outcome of what can fail
	Act      json.RawMessage `json:"act,omitempty"`
	To       json.RawMessage `json:"to,omitempty"`
	Setup    json.RawMessage `json:"setup,omitempty"`
}

// WithText puts data into an entry: as text, which can be read, or as bytes, which JSON keeps as they are.
func (e Entry) WithText(data []byte) Entry {
	if utf8.Valid(data) {
		e.Text = string(data)
	} else {
		e.Bytes = data
	}
	return e
}

// Data is what WithText has put in.
func (e Entry) Data() []byte {
	if e.Bytes != nil {
		return e.Bytes
	}
	return []byte(e.Text)
}

// Answers tells entries that say what the core was told when it asked in the middle of a turn.
func (e Entry) Answers() bool { return e.In == Tones || e.In == Proof }

const maxLine = 1 << 20

// Lines calls read with each line of a file of JSON.
func Lines(r io.Reader, read func(line []byte) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		if err := read(lines.Bytes()); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return lines.Err()
}

// Read reads a recording. Its first entry is the setup.
func Read(r io.Reader) ([]Entry, error) {
	var entries []Entry
	err := Lines(r, func(line []byte) error {
		var e Entry
		err := json.Unmarshal(line, &e)
		entries = append(entries, e)
		return err
	})
	if err != nil {
		return nil, err
	}
	var setup struct{ Version int }
	if len(entries) == 0 || entries[0].In != Setup || json.Unmarshal(entries[0].Setup, &setup) != nil ||
		setup.Version != Version {
		return nil, fmt.Errorf("it does not begin with a setup of version %d", Version)
	}
	return entries, nil
}

// PlainURL leaves out of a URL what may be secret.
func PlainURL(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		scheme, _, _ := strings.Cut(s, "://")
		return scheme + "://unreadable.invalid"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// World is what a user agent has around it in a replay. Nothing is connected and no microphone opened: what stands for a
// connection or session collects what it is given, and what comes from them is in the recording.
type World struct {
	Done    <-chan struct{} // closed when the replay is over: stands for everything that would take its time
	Conn    func() transport.Conn
	Session func(audio int, restarts bool) media.Session
	Proved  func() bool // whether the server has proved in the recorded run that it knows the password
}

// Driver drives a user agent without its loop.
type Driver struct {
	Take  func(Entry) error // lets in what the recorded run has let in
	Close func()            // ends it at once, and its events
}

// ErrOver is what comes of everything that would take its time.
var ErrOver = errors.New("recording: the replay is over")

// Dial waits for the end: what the recorded run connected is an entry.
func (w *World) Dial(context.Context, string) (transport.Conn, error) {
	<-w.Done
	return nil, ErrOver
}

// NewSession waits for the end likewise.
func (w *World) NewSession(context.Context, media.Config) (media.Session, error) {
	<-w.Done
	return nil, ErrOver
}

// Preparer is a World in place of an engine that prepares.
type Preparer struct{ *World }

// Prepare is NewSession.
func (p Preparer) Prepare(ctx context.Context, cfg media.Config) (media.Session, error) {
	return p.NewSession(ctx, cfg)
}

// Warm does nothing.
func (Preparer) Warm(context.Context, media.Config) {}
