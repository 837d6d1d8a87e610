package phone

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
)

// fakeAgent is a user agent that writes down what it is told and does what the test says.
type fakeAgent struct {
	cfg    ua.Config
	events chan ua.Event      // closed by Close
	traces chan ua.TraceEvent // never closed
	leave  chan struct{}      // closed when the registrar takes its goodbye; nil: at once
	ended  chan struct{}      // closed by Close

	mu     sync.Mutex // guards the rest
	log    []string
	fail   map[string]error // by entry of the log
	calls  map[string]bool
	closed bool
}

func newFakeAgent(cfg ua.Config) *fakeAgent {
	a := &fakeAgent{cfg: cfg, events: make(chan ua.Event, 100), traces: make(chan ua.TraceEvent), fail: map[string]error{},
		calls: map[string]bool{}, ended: make(chan struct{})}
	for id := range strings.FieldsSeq(string(cfg.Restore)) {
		a.calls[id] = true
	}
	return a
}

func (a *fakeAgent) do(format string, args ...any) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	entry := fmt.Sprintf(format, args...)
	a.log = append(a.log, entry)
	return a.fail[entry]
}

// did returns what has been done since the last time.
func (a *fakeAgent) did() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	log := a.log
	a.log = nil
	return log
}

func (a *fakeAgent) failing(entry string, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fail[entry] = err
}

// has makes a call that the phone can use.
func (a *fakeAgent) has(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls[id] = true
}

func (a *fakeAgent) Run(ctx context.Context) error {
	if err := a.do("run"); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
	case <-a.ended:
		return nil
	}
	if a.leave != nil {
		<-a.leave
	}
	return a.do("goodbye")
}

func (a *fakeAgent) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.closed {
		a.closed = true
		close(a.events)
		close(a.ended)
	}
	return nil
}

// Export writes the IDs of its calls, of which a user agent is made that restores them.
func (a *fakeAgent) Export() ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return nil, ua.ErrClosed
	}
	return []byte(strings.Join(slices.Sorted(maps.Keys(a.calls)), " ")), nil
}

// Farewell has a word for each of its calls.
func (a *fakeAgent) Farewell() ([]ua.Farewell, error) {
	state, err := a.Export()
	words := ua.Farewell{Server: "wss://sip.example.com", Binding: []byte("REGISTER")}
	for id := range bytes.FieldsSeq(state) {
		words.Calls = append(words.Calls, append([]byte("BYE "), id...))
	}
	return []ua.Farewell{words}, err
}

func (a *fakeAgent) Events(context.Context) iter.Seq[ua.Event] {
	return func(yield func(ua.Event) bool) {
		for e := range a.events {
			if !yield(e) {
				return
			}
		}
	}
}

func (a *fakeAgent) Trace(ctx context.Context) iter.Seq[ua.TraceEvent] {
	a.do("trace")
	return func(yield func(ua.TraceEvent) bool) {
		defer a.do("end of trace")
		for {
			select {
			case <-ctx.Done():
				return
			case m := <-a.traces:
				if !yield(m) {
					return
				}
			}
		}
	}
}

func (a *fakeAgent) Register(context.Context) error { return a.do("register") }
func (a *fakeAgent) Wake()                          { a.do("wake") }
func (a *fakeAgent) Invite(_ context.Context, target string) error {
	return a.do("invite %s", target)
}

func (a *fakeAgent) Connect(_ context.Context, id, other string) error {
	return a.do("connect %s %s", id, other)
}

func (a *fakeAgent) Call(id string) Call {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.calls[id] {
		return nil
	}
	return fakeCall{a, id}
}

type fakeCall struct {
	agent *fakeAgent
	id    string
}

func (c fakeCall) Accept(context.Context) error { return c.agent.do("accept %s", c.id) }
func (c fakeCall) Reject(_ context.Context, code int, _ ua.RejectOptions) error {
	return c.agent.do("reject %s %d", c.id, code)
}
func (c fakeCall) Hangup(context.Context) error { return c.agent.do("hangup %s", c.id) }
func (c fakeCall) Hold(context.Context) error   { return c.agent.do("hold %s", c.id) }
func (c fakeCall) Resume(context.Context) error { return c.agent.do("resume %s", c.id) }
func (c fakeCall) Transfer(_ context.Context, target string) error {
	return c.agent.do("transfer %s %s", c.id, target)
}
func (c fakeCall) CancelTransfer(context.Context) error { return c.agent.do("take back %s", c.id) }
func (c fakeCall) Mute(on bool) error                   { return c.agent.do("mute %s %v", c.id, on) }
func (c fakeCall) SendDTMF(_ context.Context, tones string) error {
	return c.agent.do("dtmf %s %s", c.id, tones)
}

func (c fakeCall) Stats(context.Context) (media.Stats, error) {
	if c.id == "silent" {
		return media.Stats{}, errors.New("no numbers yet")
	}
	return media.Stats{Codec: "opus"}, nil
}
