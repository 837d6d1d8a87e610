package ua

import (
	"errors"
	"fmt"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/transport"
)

// input is one thing that comes into the core, with all it brings. There is no other way in: what the methods of the API want, what the
// network, the media engine and the application say, and that time has come, are values which wait in the mailbox until the door
// (UserAgent.enter) lets them in. Because it is a value each can be written down, and a replay reads it again (inputs).
type input interface {
	do(c *core, now time.Time)
	entry(r *recorder) entry // as it is recorded; the door adds the time
}

// What can come in, as it is called in recordings.
const (
	inSetup     = "setup"   // the first line
	inRestore   = "restore" // the state of Config.Restore, opened
	inDialled   = "dialled"
	inReceived  = "received"
	inClosed    = "closed"
	inTick      = "tick" // time has come for something
	inAct       = "act"  // a method was called
	inOpened    = "opened"
	inJob       = "job" // the media engine has done something
	inState     = "state"
	inBroken    = "broken" // the media engine has panicked
	inConsulted = "consulted"
	inLater     = "later" // a turn the core has put off
)

// outside makes in a replay what stands for connections and media sessions.
type outside interface {
	conn() transport.Conn
	session(audio int, restarts bool) media.Session
}

// inputs read what is recorded. What cannot have come in is an error.
var inputs = map[string]func(e entry, o outside) (input, error){
	inRestore: func(e entry, _ outside) (input, error) {
		st, err := decodeState(e.data())
		return restoring{st}, err
	},
	inDialled: func(e entry, o outside) (input, error) {
		if err := e.Error.error(); err != nil {
			return dialled{gen: e.Gen, err: err}, nil
		}
		return dialled{gen: e.Gen, conn: o.conn()}, nil
	},
	inReceived:  func(e entry, _ outside) (input, error) { return received{e.Gen, e.data()}, nil },
	inClosed:    func(e entry, _ outside) (input, error) { return connClosed{e.Gen, e.Error.error()}, nil },
	inTick:      func(entry, outside) (input, error) { return tick{}, nil },
	inAct:       func(e entry, _ outside) (input, error) { return e.Act, e.Act.check() },
	inOpened:    func(e entry, o outside) (input, error) { return opened{e.Audio, o.session(e.Audio, e.OK)}, nil },
	inJob:       func(e entry, _ outside) (input, error) { return jobDone{e.Audio, e.data(), e.Error.error()}, nil },
	inState:     func(e entry, _ outside) (input, error) { return audioState{e.Audio, media.State(e.Text)}, nil },
	inBroken:    func(e entry, _ outside) (input, error) { return broken{e.Error.error()}, nil },
	inConsulted: consultedEntry,
	inLater:     func(entry, outside) (input, error) { return later{}, nil },
}

// decode reads what came in by an entry.
func (e entry) decode(o outside) (input, error) {
	read, known := inputs[e.In]
	if !known {
		return nil, fmt.Errorf("unknown entry %q", e.In)
	}
	return read(e, o)
}

// restoring is the state of Config.Restore, which comes before all else.
type restoring struct{ state *savedState }

func (in restoring) do(c *core, _ time.Time) { c.restore(in.state) }
func (in restoring) entry(*recorder) entry   { return withText(entry{In: inRestore}, in.state.encode()) }

// dialled is the outcome of a try to connect.
type dialled struct {
	gen  int
	conn transport.Conn // nil with an error
	err  error
}

func (in dialled) do(c *core, now time.Time) { c.dialled(now, in.gen, in.conn, in.err) }
func (in dialled) entry(*recorder) entry {
	return entry{In: inDialled, Gen: in.gen, Error: recordError(in.err)}
}

// received is a message, or a keep-alive, as a connection has brought it.
type received struct {
	gen  int
	data []byte
}

func (in received) do(c *core, now time.Time) { c.receive(now, in.gen, in.data) }
func (in received) entry(r *recorder) entry {
	return withText(entry{In: inReceived, Gen: in.gen}, r.mask(in.data))
}

// connClosed is the end of a connection.
type connClosed struct {
	gen int
	err error
}

func (in connClosed) do(c *core, now time.Time) { c.connectionEnded(now, in.gen, in.err) }
func (in connClosed) entry(*recorder) entry {
	return entry{In: inClosed, Gen: in.gen, Error: recordError(in.err)}
}

// tick says that an alarm or a transaction is due.
type tick struct{}

func (tick) do(c *core, now time.Time) { c.expire(now) }
func (tick) entry(*recorder) entry     { return entry{In: inTick} }

// opened is the session an audio has waited for.
type opened struct {
	audio   int
	session media.Session
}

func (in opened) do(c *core, _ time.Time) { c.opened(in.audio, in.session) }
func (in opened) entry(*recorder) entry {
	_, restarts := in.session.(media.Restarter)
	return entry{In: inOpened, Audio: in.audio, OK: restarts}
}

// jobDone is the outcome of the oldest job of an audio.
type jobDone struct {
	audio int
	sdp   []byte
	err   error
}

func (in jobDone) do(c *core, now time.Time) { c.jobDone(now, in.audio, in.sdp, in.err) }
func (in jobDone) entry(*recorder) entry {
	return withText(entry{In: inJob, Audio: in.audio, Error: recordError(in.err)}, Mask(in.sdp))
}

// audioState is how the path of an audio is.
type audioState struct {
	audio int
	state media.State
}

func (in audioState) do(c *core, now time.Time) { c.audioState(now, in.audio, in.state) }
func (in audioState) entry(*recorder) entry {
	return entry{In: inState, Audio: in.audio, Text: string(in.state)}
}

// broken is a panic of the media engine; the job it was in has an outcome of its own.
type broken struct{ err error }

func (in broken) do(c *core, now time.Time) { c.fault(now, fmt.Errorf("ua: media engine: %w", in.err)) }
func (in broken) entry(*recorder) entry     { return entry{In: inBroken, Error: recordError(in.err)} }

// consulted is what the application has said to the question with that number.
type consulted struct {
	question int
	chosen   Address
	ok       bool
	err      error // a panic of the application, which counts as no
}

func (in consulted) do(c *core, now time.Time) {
	if in.err != nil {
		c.fault(now, fmt.Errorf("ua: recovered from a panic of the application: %w", in.err))
	}
	c.consulted(now, in.question, in.chosen, in.ok)
}

func (in consulted) entry(*recorder) entry {
	return entry{In: inConsulted, Job: in.question, To: &in.chosen, OK: in.ok, Error: recordError(in.err)}
}

func consultedEntry(e entry, _ outside) (input, error) {
	if e.To == nil {
		return nil, errors.New("nobody was asked")
	}
	return consulted{e.Job, *e.To, e.OK, e.Error.error()}, nil
}

// later is the turn of a moment for what the core itself has put off.
type later struct{}

func (later) do(c *core, now time.Time) { c.doPutOff(now) }
func (later) entry(*recorder) entry     { return entry{In: inLater} }
