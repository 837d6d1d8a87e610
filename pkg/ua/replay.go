package ua

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	mrand "math/rand/v2"
	"slices"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/transport"
)

// ErrBadRecording is wrapped by the errors of Replay.
var ErrBadRecording = errors.New("ua: recording cannot be replayed")

// Replayed is the outcome of a replay.
type Replayed struct {
	Received, Sent int          // messages of the recorded run
	Differences    []Difference // empty when the replay has sent the same messages
	Events         []Event      // as the replay told them; the handles in them do nothing
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
func Replay(recording io.Reader, cfg Config) (*Replayed, error) {
	entries, err := readRecording(recording)
	if err != nil {
		return nil, err
	}
	p, err := newPlayer(entries, cfg)
	if err != nil {
		return nil, err
	}
	defer p.close()
	return p.run()
}

const maxRecordingLine = 1 << 20

func readRecording(r io.Reader) ([]entry, error) {
	var entries []entry
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxRecordingLine)
	for lines.Scan() {
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrBadRecording, len(entries)+1, err)
		}
		entries = append(entries, e)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadRecording, err)
	}
	if len(entries) == 0 || entries[0].In != inSetup || entries[0].Setup == nil || entries[0].Setup.Version != recordVersion {
		return nil, fmt.Errorf("%w: it does not begin with a setup of version %d", ErrBadRecording, recordVersion)
	}
	return entries, nil
}

// player drives a core without its loop.
type player struct {
	agent   *UserAgent
	entries []entry
	now     time.Time
	done    chan struct{} // closed when the replay is over: stands for everything that would take its time
	tones   map[int][]error
	proofs  []bool
	sent    [][]byte
	out     *Replayed
}

func newPlayer(entries []entry, cfg Config) (*player, error) {
	p := &player{entries: entries[1:], now: time.Unix(0, entries[0].At), done: make(chan struct{}), tones: map[int][]error{}, out: &Replayed{}}
	for _, e := range entries {
		switch e.In {
		case inTones:
			p.tones[e.Audio] = append(p.tones[e.Audio], e.Error.error())
		case inProof:
			p.proofs = append(p.proofs, e.OK)
		}
	}
	cfg, err := p.configure(*entries[0].Setup, cfg.Account)
	if err != nil {
		return nil, err
	}
	if p.agent, err = newAgent(cfg); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadRecording, err)
	}
	p.agent.core.proved = p.proved
	return p, nil
}

// configure makes the configuration of the recorded run, with other credentials.
func (p *player) configure(s setup, account Account) (Config, error) {
	seed, err := hex.DecodeString(s.Seed)
	if err != nil || len(seed) != 32 {
		return Config{}, fmt.Errorf("%w: bad seed", ErrBadRecording)
	}
	cfg := Config{Account: s.Account, Servers: s.Servers, Flows: s.Flows, NoRegister: s.NoRegister, Expires: s.Expires, InstanceID: s.InstanceID, UserAgent: s.UserAgent,
		ConnectTimeout: s.ConnectTimeout, NoAnswer: s.NoAnswer, MessageTypes: s.MessageTypes, MaxMessage: s.MaxMessage, Reliable1xx: s.Reliable1xx,
		SessionExpires: s.SessionExpires, TrustAssertedIdentity: s.TrustAsserted, Rand: mrand.NewChaCha8([32]byte(seed)),
		Now: func() time.Time { return p.now }, Dial: p.dial, MediaEngine: playedEngine{p}}
	cfg.Account.Password, cfg.Account.HA1, cfg.Account.Token = account.Password, account.HA1, account.Token
	if s.Prepares {
		cfg.MediaEngine = playedPreparer{playedEngine{p}}
	}
	if s.Redirect {
		cfg.Redirect = never
	}
	if s.AcceptRefer {
		cfg.AcceptRefer = func(context.Context, ReferRequest) bool { return false }
	}
	if s.AcceptReplaces {
		cfg.AcceptReplaces = func(context.Context, ReferRequest) bool { return false }
	}
	return cfg, nil
}

// dial waits for the end: what the recorded run connected is an entry.
func (p *player) dial(ctx context.Context, _ string) (transport.Conn, error) {
	<-p.done
	return nil, context.Canceled
}

func (p *player) close() {
	p.agent.enter(&act{Do: "close"})
	p.agent.mailbox.close()
	close(p.done)
	close(p.agent.done)
}

// run takes the entries one after the other and compares after each turn.
func (p *player) run() (*Replayed, error) {
	events := p.agent.events.add()
	for i := 0; i < len(p.entries); i++ {
		e := p.entries[i]
		if e.Out || e.answers() {
			continue // belongs to the turn before
		}
		var want [][]byte
		for _, o := range p.entries[i+1:] {
			if !o.Out && !o.answers() {
				break
			}
			if o.Out {
				want = append(want, o.data())
			}
		}
		p.now = time.Unix(0, e.At)
		in, err := e.decode(p)
		if err == nil {
			err = p.agent.core.waitsFor(in)
		}
		if err != nil {
			return nil, fmt.Errorf("%w: entry %d: %w", ErrBadRecording, i+2, err)
		}
		p.agent.enter(in)
		p.compare(e, want)
	}
	p.out.Events, _ = events.take()
	return p.out, nil
}

func (p *player) compare(e entry, want [][]byte) {
	got := p.sent
	p.sent = nil
	p.out.Sent += len(want)
	if e.In == inReceived {
		p.out.Received++
	}
	for i := range max(len(want), len(got)) {
		d := Difference{At: p.now, After: e.In}
		if e.Act != nil {
			d.After = e.Act.Do
		}
		if i < len(want) {
			d.Recorded = want[i]
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

// waitsFor refuses the outcome of what the core has not begun.
func (c *core) waitsFor(in input) error {
	audio := 0
	switch in := in.(type) {
	case opened:
		audio = in.audio + 1
	case jobDone:
		audio = in.audio + 1
	case audioState:
		audio = in.audio + 1
	case consulted:
		if in.question < 0 || in.question >= c.consults {
			return errors.New("nobody was asked")
		}
	case later:
		if len(c.putOff) == 0 {
			return errors.New("nothing was put off")
		}
	}
	if audio < 0 || audio > c.audioCount {
		return fmt.Errorf("no audio %d", audio-1)
	}
	return nil
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

func (p *player) conn() transport.Conn { return playedConn{p} }

func (p *player) session(audio int, restarts bool) media.Session {
	s := &playedSession{p: p, audio: audio}
	if restarts {
		return playedRestarter{s}
	}
	return s
}

// playedConn collects what is sent.
type playedConn struct{ p *player }

func (c playedConn) Send(data []byte) error {
	c.p.sent = append(c.p.sent, Mask(data))
	return nil
}

func (c playedConn) Recv(ctx context.Context) ([]byte, error) {
	select {
	case <-ctx.Done():
	case <-c.p.done:
	}
	return nil, &transport.CloseError{}
}

func (playedConn) Close(int, string) {}
func (playedConn) Abandon()          {}

// playedEngine opens nothing: its sessions come from the recording.
type playedEngine struct{ p *player }

func (e playedEngine) NewSession(ctx context.Context, _ media.Config) (media.Session, error) {
	<-e.p.done
	return nil, context.Canceled
}

// playedPreparer is a playedEngine in place of one that prepares.
type playedPreparer struct{ playedEngine }

func (e playedPreparer) Prepare(ctx context.Context, cfg media.Config) (media.Session, error) {
	return e.NewSession(ctx, cfg)
}

func (playedPreparer) Warm(context.Context, media.Config) {}

// playedSession says to tones what the recorded one said; all else comes from the recording.
type playedSession struct {
	p     *player
	audio int
}

func (s *playedSession) SendDTMF(string) error {
	list := s.p.tones[s.audio]
	if len(list) == 0 {
		return media.ErrClosed
	}
	s.p.tones[s.audio] = list[1:]
	return list[0]
}

func (*playedSession) Offer(context.Context, media.Direction) ([]byte, error) {
	return nil, media.ErrClosed
}
func (*playedSession) SetAnswer(context.Context, []byte) error { return media.ErrClosed }
func (*playedSession) Answer(context.Context, []byte, media.Direction) ([]byte, error) {
	return nil, media.ErrClosed
}
func (*playedSession) Rollback(context.Context) error { return media.ErrClosed }
func (*playedSession) SetMuted(bool)                  {}
func (*playedSession) Stats(context.Context) (media.Stats, error) {
	return media.Stats{}, media.ErrClosed
}
func (*playedSession) States() <-chan media.State { return nil }
func (*playedSession) Close()                     {}

// playedRestarter is a playedSession in place of one that can restart ICE.
type playedRestarter struct{ *playedSession }

func (playedRestarter) OfferRestart(context.Context, media.Direction) ([]byte, error) {
	return nil, media.ErrClosed
}

func (playedRestarter) OfferFresh(context.Context, media.Direction) ([]byte, error) {
	return nil, media.ErrClosed
}
