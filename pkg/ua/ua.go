package ua

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
)

// UserAgent is a SIP user agent with one account. Its methods may be called from any goroutine.
type UserAgent struct {
	cfg     Config
	core    *core // belongs to the loop
	mailbox *queue[input]
	events  hub[Event]
	traces  hub[TraceEvent]
	state   atomic.Pointer[State]
	calls   sync.Map      // CallInfo.ID -> *Call; written by the loop
	ran     atomic.Bool   // Run was called
	done    chan struct{} // closed when the loop has ended
	answers []func()      // to be given at the end of the turn; belongs to the loop
	waiting map[*act]bool // what is not answered yet; belongs to the loop
}

// New checks cfg and makes a user agent. Nothing is sent before Run. Close it, or Run it, when it is no longer needed.
func New(cfg Config) (*UserAgent, error) {
	a, err := newAgent(cfg)
	if err != nil {
		return nil, err
	}
	go a.loop()
	return a, nil
}

// newAgent makes a user agent without its loop.
func newAgent(cfg Config) (*UserAgent, error) {
	cfg, aor, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	rec, err := newRecorder(&cfg)
	if err != nil {
		return nil, err
	}
	a := &UserAgent{cfg: cfg, mailbox: newQueue[input](), done: make(chan struct{}), waiting: map[*act]bool{}}
	a.events.weigh, a.traces.weigh = weighEvent, weighTrace
	a.events.last = func() []Event { return []Event{FaultEvent{Err: errUnread, At: cfg.Now()}} }
	a.core, err = newCore(a, cfg, aor)
	if err != nil {
		return nil, err
	}
	a.core.rec = rec
	if cfg.Restore != nil {
		st, err := openState(cfg, aor)
		if err != nil {
			return nil, err
		}
		a.enter(restoring{st})
	}
	a.state.Store(a.core.snapshot())
	return a, nil
}

// Run connects and registers, keeps both up, and returns when ctx ends or Close is called; then the user agent is closed.
// When ctx ends it hangs up, unregisters and closes the connection within two seconds. It can be called once.
func (a *UserAgent) Run(ctx context.Context) error {
	if !a.ran.CompareAndSwap(false, true) {
		return fmt.Errorf("run: %w", ErrState)
	}
	if ctx.Err() != nil {
		return a.Close()
	}
	if !a.post(&act{deed: runDeed}) {
		return fmt.Errorf("run: %w", ErrClosed)
	}
	select {
	case <-a.done:
		return nil
	case <-ctx.Done():
	}
	a.ask(context.Background(), &act{deed: stopDeed}) // all is quiet now, or closed
	return a.Close()
}

// Close ends the user agent at once, without telling the server. Run returns. It waits for the loop to end, so it must
// not be called from inside the loop, that is from a function of Config.
func (a *UserAgent) Close() error {
	a.mailbox.close()
	<-a.done
	return nil
}

// Events yields every event from the call of Events on, in order, until ctx ends or the user agent closes. The subscription
// starts when Events is called, not when the loop starts; leaving the loop ends it, and what Events has returned serves for one
// loop. It has to be read: when 4,096 events wait, or 4 MiB of messages in them, it ends with a FaultEvent that says so, because
// nothing may grow without limit.
func (a *UserAgent) Events(ctx context.Context) iter.Seq[Event] { return a.events.subscribe(ctx) }

// State returns a snapshot.
func (a *UserAgent) State() State {
	st := *a.state.Load()
	st.Calls = slices.Clone(st.Calls)
	st.Flows = slices.Clone(st.Flows)
	st.Subscriptions, st.Publications = slices.Clone(st.Subscriptions), slices.Clone(st.Publications)
	return st
}

// Register registers now: after NoRegister, Unregister or RegistrationFailed. It waits for the outcome; when ctx ends before, the
// error wraps the Cause of what has been in the way, such as that of the connection.
func (a *UserAgent) Register(ctx context.Context) error {
	if _, err := a.ask(ctx, &act{deed: registerDeed}); err != nil {
		if ctx.Err() != nil {
			err = a.because(err)
		}
		return fmt.Errorf("register %s: %w", a.cfg.Account.AOR, err)
	}
	return nil
}

// Unregister removes the binding and stays connected. It waits for the answer. Without a connection it returns at once, and the
// next connection removes the binding, unless Register is called before.
func (a *UserAgent) Unregister(ctx context.Context) error {
	if _, err := a.ask(ctx, &act{deed: unregisterDeed}); err != nil {
		return fmt.Errorf("unregister %s: %w", a.cfg.Account.AOR, err)
	}
	return nil
}

// Wake tells the user agent that the world may have changed (online, visible, resumed): timers are
// checked, the connection is probed, and a waiting retry starts at once.
func (a *UserAgent) Wake() { a.post(&act{deed: wakeDeed}) }

// InviteOptions shape one call.
type InviteOptions struct {
	DisplayName string   // of the callee, for the To header
	Headers     []Header // extra headers of the INVITE
	Media       *media.Config
	Privacy     bool // call anonymously: the server is asked to withhold our number (RFC 3323)
	// Redirect decides about 300, 301 and 302 for this call, as Config.Redirect does for all.
	Redirect func(to []Address) (Address, bool)
}

// Invite calls target: a number, "user@host" or a sip: or sips: URI. It returns as soon as the call exists,
// before the microphone is ready; follow it by events or Wait. Ending ctx later does not end the call; with an
// error there is none.
func (a *UserAgent) Invite(ctx context.Context, target string, opts InviteOptions) (*Call, error) {
	call, err := a.ask(ctx, &act{deed: inviteDeed, Target: target, Invite: inviteArgs(opts)})
	if err != nil {
		return nil, fmt.Errorf("invite: %w", err)
	}
	return call.(*Call), nil
}

// Call returns the call with that CallInfo.ID, or nil when there is none or it has ended.
func (a *UserAgent) Call(id string) *Call {
	if c, ok := a.calls.Load(id); ok {
		return c.(*Call)
	}
	return nil
}

// TraceEvent is one message on the wire, keep-alives and malformed ones included.
type TraceEvent struct {
	At     time.Time
	Sent   bool   // false: received
	Server string // URL of the connection
	CallID string // of the message, if it has one
	Data   []byte // masked: credentials, nonces, responses and keys are replaced (see uatrace.Mask)
}

// Trace yields every message sent and received from now on, masked, until ctx ends or the user agent closes. It serves for one
// loop and has to be read, as Events has; when it ends because too much waits, Events tells so by a FaultEvent.
func (a *UserAgent) Trace(ctx context.Context) iter.Seq[TraceEvent] { return a.traces.subscribe(ctx) }
