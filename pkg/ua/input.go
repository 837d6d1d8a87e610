package ua

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/transport"
	"github.com/gowebphone/webphone/pkg/ua/internal/recording"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// input is one thing that comes into the core, with all it brings. There is no other way in: what the methods of the API want,
// what the network, the media engine and the application say, and that time has come, are values which wait in the mailbox until
// the door (UserAgent.enter) lets them in. Because it is a value each can be written down, and a replay reads it again (decode).
type input interface {
	do(c *core, now time.Time)
	entry(r *recorder) recording.Entry // as it is recorded; the door adds the time
}

// decode reads what came in by an entry, in a replay. What cannot have come in is an error.
func decode(e recording.Entry, w *recording.World) (input, error) {
	failed := e.Error.Err()
	switch e.In {
	case recording.Restore:
		st, err := decodeState(e.Data())
		return restoring{st}, err
	case recording.Dialled:
		if failed != nil {
			return dialled{gen: e.Gen, err: failed}, nil
		}
		return dialled{gen: e.Gen, conn: w.Conn()}, nil
	case recording.Received:
		return received{e.Gen, e.Data()}, nil
	case recording.Closed:
		return connClosed{e.Gen, failed}, nil
	case recording.Tick:
		return tick{}, nil
	case recording.Act:
		return decodeAct(e.Act)
	case recording.Opened:
		return opened{e.Audio, w.Session(e.Audio, e.OK)}, nil
	case recording.Job:
		return jobDone{e.Audio, e.Data(), failed}, nil
	case recording.State:
		return audioState{e.Audio, media.State(e.Text)}, nil
	case recording.Broken:
		return broken{failed}, nil
	case recording.Consulted:
		var to Address
		err := json.Unmarshal(e.To, &to)
		return consulted{e.Question, to, e.OK, failed}, err
	case recording.Later:
		return later{}, nil
	}
	return nil, fmt.Errorf("unknown entry %q", e.In)
}

// restoring is the state of Config.Restore, which comes before all else.
type restoring struct{ state *savedState }

func (in restoring) do(c *core, _ time.Time) { c.restore(in.state) }
func (in restoring) entry(*recorder) recording.Entry {
	return recording.Entry{In: recording.Restore}.WithText(in.state.encode())
}

// dialled is the outcome of a try to connect.
type dialled struct {
	gen  int
	conn transport.Conn // nil with an error
	err  error
}

func (in dialled) do(c *core, now time.Time) { c.dialled(now, in.gen, in.conn, in.err) }
func (in dialled) entry(*recorder) recording.Entry {
	return recording.Entry{In: recording.Dialled, Gen: in.gen, Error: recording.NoteError(in.err)}
}

// received is a message, or a keep-alive, as a connection has brought it.
type received struct {
	gen  int
	data []byte
}

func (in received) do(c *core, now time.Time) { c.receive(now, in.gen, in.data) }
func (in received) entry(r *recorder) recording.Entry {
	return recording.Entry{In: recording.Received, Gen: in.gen}.WithText(r.mask(in.data))
}

// connClosed is the end of a connection.
type connClosed struct {
	gen int
	err error
}

func (in connClosed) do(c *core, now time.Time) { c.connectionEnded(now, in.gen, in.err) }
func (in connClosed) entry(*recorder) recording.Entry {
	return recording.Entry{In: recording.Closed, Gen: in.gen, Error: recording.NoteError(in.err)}
}

// tick says that an alarm or a transaction is due.
type tick struct{}

func (tick) do(c *core, now time.Time)       { c.expire(now) }
func (tick) entry(*recorder) recording.Entry { return recording.Entry{In: recording.Tick} }

// opened is the session an audio has waited for.
type opened struct {
	audio   int
	session media.Session
}

func (in opened) do(c *core, _ time.Time) { c.opened(in.audio, in.session) }
func (in opened) entry(*recorder) recording.Entry {
	_, restarts := in.session.(media.Restarter)
	return recording.Entry{In: recording.Opened, Audio: in.audio, OK: restarts}
}

// jobDone is the outcome of the oldest job of an audio.
type jobDone struct {
	audio int
	sdp   []byte
	err   error
}

func (in jobDone) do(c *core, now time.Time) { c.jobDone(now, in.audio, in.sdp, in.err) }
func (in jobDone) entry(*recorder) recording.Entry {
	return recording.Entry{In: recording.Job, Audio: in.audio, Error: recording.NoteError(in.err)}.WithText(wire.Mask(in.sdp))
}

// audioState is how the path of an audio is.
type audioState struct {
	audio int
	state media.State
}

func (in audioState) do(c *core, now time.Time) { c.audioState(now, in.audio, in.state) }
func (in audioState) entry(*recorder) recording.Entry {
	return recording.Entry{In: recording.State, Audio: in.audio, Text: string(in.state)}
}

// broken is a panic of the media engine; the job it was in has an outcome of its own.
type broken struct{ err error }

func (in broken) do(c *core, now time.Time) { c.fault(now, fmt.Errorf("ua: media engine: %w", in.err)) }
func (in broken) entry(*recorder) recording.Entry {
	return recording.Entry{In: recording.Broken, Error: recording.NoteError(in.err)}
}

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

func (in consulted) entry(*recorder) recording.Entry {
	return recording.Entry{In: recording.Consulted, Question: in.question, To: asJSON(in.chosen), OK: in.ok,
		Error: recording.NoteError(in.err)}
}

// later is the turn of a moment for what the core itself has put off.
type later struct{}

func (later) do(c *core, now time.Time)       { c.doPutOff(now) }
func (later) entry(*recorder) recording.Entry { return recording.Entry{In: recording.Later} }
