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
	audios  map[int]*audio
	jobs    map[int][]job // those an audio has been given
	tones   map[int][]error
	proofs  []bool
	asked   []func(now time.Time, to Address, ok bool) // questions to the application
	later   []turn
	sent    [][]byte
	out     *Replayed
}

func newPlayer(entries []entry, cfg Config) (*player, error) {
	p := &player{entries: entries[1:], now: time.Unix(0, entries[0].At), done: make(chan struct{}), audios: map[int]*audio{}, jobs: map[int][]job{},
		tones: map[int][]error{}, out: &Replayed{}}
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
	if p.agent, err = newAgent(cfg, p); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadRecording, err)
	}
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
	p.agent.core.rec = nil
	p.agent.take(p.agent.core.shut)
	p.agent.mailbox.close()
	close(p.done)
	close(p.agent.done)
	for _, list := range p.jobs {
		for _, j := range list {
			if j.skip != nil {
				j.skip()
			}
		}
	}
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
		var err error
		p.agent.take(func(now time.Time) { err = p.input(now, e) })
		if err != nil {
			return nil, fmt.Errorf("%w: entry %d: %w", ErrBadRecording, i+2, err)
		}
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

// input does one turn.
func (p *player) input(now time.Time, e entry) error {
	c := p.agent.core
	switch e.In {
	case inAct:
		if e.Act == nil {
			return errors.New("no act")
		}
		return c.perform(now, *e.Act)
	case inRestore:
		st, err := decodeState(e.data())
		if err != nil {
			return err
		}
		c.restore(st)
	case inDialled:
		p.dialled(now, e)
	case inReceived:
		c.receive(now, e.Gen, e.data())
	case inClosed:
		c.connectionEnded(now, e.Gen, e.Error.error())
	case inTick:
		c.expire(now)
	case inConsulted:
		if e.Job >= len(p.asked) || e.To == nil {
			return errors.New("nobody was asked")
		}
		p.asked[e.Job](now, *e.To, e.OK)
	case inLater:
		if len(p.later) == 0 {
			return errors.New("nothing was put off")
		}
		f := p.later[0]
		p.later = p.later[1:]
		f(now)
	case inOpened, inState, inJob:
		return p.heard(now, e)
	default:
		return fmt.Errorf("unknown entry %q", e.In)
	}
	return nil
}

func (p *player) dialled(now time.Time, e entry) {
	var conn transport.Conn
	err := e.Error.error()
	if err == nil {
		conn = playedConn{p}
	}
	p.agent.core.dialled(now, e.Gen, conn, err)
}

// proof tells whether the server had proved in the recorded run that it knows the password. Outside a replay that is to be
// found out.
func (p *player) proof() bool {
	if p == nil || len(p.proofs) == 0 {
		return true
	}
	ok := p.proofs[0]
	p.proofs = p.proofs[1:]
	return ok
}

// heard is something the media engine said.
func (p *player) heard(now time.Time, e entry) error {
	a := p.audios[e.Audio]
	if a == nil {
		return fmt.Errorf("no audio %d", e.Audio)
	}
	switch {
	case e.In == inState:
		if !a.closed {
			a.states(now, media.State(e.Text))
		}
		return nil
	case e.In == inOpened:
		var s media.Session = &playedSession{p: p, audio: e.Audio}
		if e.OK {
			s = playedRestarter{s.(*playedSession)}
		}
		a.ready(s)
		return nil
	}
	jobs, _ := a.jobs.take()
	p.jobs[e.Audio] = append(p.jobs[e.Audio], jobs...)
	if e.Job >= len(p.jobs[e.Audio]) {
		return fmt.Errorf("audio %d has no job %d", e.Audio, e.Job)
	}
	if !a.closed {
		p.jobs[e.Audio][e.Job].done(now, slices.Clip(e.data()), e.Error.error())
	}
	return nil
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
