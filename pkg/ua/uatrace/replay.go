// Package uatrace looks at what a user agent of package ua has done: [Replay] runs again what Config.Record has written,
// [WriteTrace] and [ReadTrace] save what UserAgent.Trace yields, and [Mask] takes the secrets out of a message.
//
// Limits: a recording is replayed by the version of the user agent that this package is built with; where another one has made
// it, differences need not be mistakes.
package uatrace

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/transport"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pkg/ua/internal/recording"
)

// ErrBadRecording is wrapped by the errors of Replay.
var ErrBadRecording = errors.New("uatrace: recording cannot be replayed")

// Replayed is the outcome of a replay.
type Replayed struct {
	Received, Sent int          // messages of the recorded run
	Differences    []Difference // empty when the replay has sent the same messages
	Events         []ua.Event   // as the replay told them; the handles in them do nothing
}

// Difference is a message that the recorded run and the replay do not share. One of the two is nil when the other has it in
// addition. Both are masked.
type Difference struct {
	At            time.Time
	After         string // what had come in
	Recorded, Now []byte
}

// Replay puts what Config.Record has written into a fresh core and compares what it sends with what was sent then, masked.
// Nothing is connected, no microphone opened, and time is that of the recording. cfg gives the credentials, because a recording
// has none: Account.Password, HA1 or Token of the kind the recorded run had; they need not be the same. All else comes
// from the recording.
func Replay(recorded io.Reader, cfg ua.Config) (*Replayed, error) {
	entries, err := recording.Read(recorded)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadRecording, err)
	}
	p := newPlayer(entries)
	agent, driver, err := ua.Replica(&p.world, entries[0], cfg)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadRecording, err)
	}
	events := agent.Events(context.Background())
	err = p.run(driver.Take)
	driver.Close()
	close(p.done)
	for ev := range events {
		p.out.Events = append(p.out.Events, ev)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadRecording, err)
	}
	return p.out, nil
}

// player drives a core without its loop, and is the world around it.
type player struct {
	entries []recording.Entry // behind the setup
	world   recording.World
	done    chan struct{}
	tones   map[int][]error
	proofs  []bool
	want    []recording.Entry // sent in this turn of the recorded run
	sent    [][]byte          // sent in this turn now
	out     *Replayed
}

func newPlayer(entries []recording.Entry) *player {
	p := &player{entries: entries[1:], done: make(chan struct{}), tones: map[int][]error{}, out: &Replayed{}}
	p.world = recording.World{Done: p.done, Conn: func() transport.Conn { return playedConn{p} }, Session: p.session,
		Proved: p.proved}
	for _, e := range entries {
		switch e.In {
		case recording.Tones:
			p.tones[e.Audio] = append(p.tones[e.Audio], e.Error.Err())
		case recording.Proof:
			p.proofs = append(p.proofs, e.OK)
		}
	}
	return p
}

// run takes the entries one after the other and compares after each turn.
func (p *player) run(take func(recording.Entry) error) error {
	for i, e := range p.entries {
		if e.Out || e.Answers() {
			continue // belongs to the turn before
		}
		p.want = nil
		for _, o := range p.entries[i+1:] {
			if !o.Out && !o.Answers() {
				break
			}
			if o.Out {
				p.want = append(p.want, o)
			}
		}
		if err := take(e); err != nil {
			return fmt.Errorf("entry %d: %w", i+2, err)
		}
		p.compare(e)
	}
	return nil
}

// compare lays what was sent in a turn beside what the recorded run had sent, in order: each has its counterpart or none.
func (p *player) compare(e recording.Entry) {
	got, want := p.sent, p.want
	p.sent = nil
	p.out.Sent += len(want)
	if e.In == recording.Received {
		p.out.Received++
	}
	for i := range max(len(want), len(got)) {
		d := Difference{At: time.Unix(0, e.At), After: after(e)}
		if i < len(want) {
			d.Recorded = want[i].Data()
		}
		if i < len(got) {
			d.Now = got[i]
		}
		if !bytes.Equal(squeeze(d.Recorded), squeeze(d.Now)) || (d.Recorded == nil) != (d.Now == nil) {
			p.out.Differences = append(p.out.Differences, d)
		}
	}
}

// squeeze makes what is masked as long as all that is masked: other credentials may have another length.
func squeeze(data []byte) []byte {
	return slices.CompactFunc(slices.Clone(data), func(a, b byte) bool { return a == '*' && b == '*' })
}

// after is what had come in, for people: of the call of a method its name.
func after(e recording.Entry) string {
	var act struct {
		Do string `json:"do"`
	}
	if e.In == recording.Act && json.Unmarshal(e.Act, &act) == nil {
		return act.Do
	}
	return e.In
}

// proved tells whether the server had proved in the recorded run that it knows the password.
func (p *player) proved() bool {
	if len(p.proofs) == 0 {
		return true
	}
	ok := p.proofs[0]
	p.proofs = p.proofs[1:]
	return ok
}

func (p *player) session(audio int, restarts bool) media.Session {
	s := &playedSession{p: p, audio: audio}
	if restarts {
		return playedRestarter{playedSession: s}
	}
	return s
}
