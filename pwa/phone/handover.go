package phone

import (
	"context"
	"slices"
	"sync"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/handover"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

type (
	// HandoverAsked puts the question, HandoverGone takes it back: it was answered elsewhere, the call has ended or the other
	// side gave up.
	HandoverAsked struct{ screen.Handover }
	HandoverGone  struct{ ID int }
	// HandoverUnseen tells that nobody could be asked, so that the call stays.
	HandoverUnseen struct{ screen.Handover }
	// Consent tells the user agent.
	Consent struct {
		ID  int
		Yes bool
	}
)

func (Consent) isCommand() {}

func (e HandoverUnseen) reduce(s screen.Snapshot) screen.Snapshot {
	if line, ok := s.Line(e.Call); ok {
		s.Live = text.Say(text.HandoverUnseen, "name", line.Name(), "target", e.To)
		s = s.WithProblem(s.Live)
	}
	return s
}

func (e HandoverAsked) reduce(s screen.Snapshot) screen.Snapshot {
	if _, ok := s.Line(e.Call); ok {
		s.Handovers = append(slices.Clip(s.Handovers), e.Handover)
	}
	return s
}

func (e HandoverGone) reduce(s screen.Snapshot) screen.Snapshot {
	return s.WithoutHandover(func(h screen.Handover) bool { return h.ID == e.ID })
}

// planHandover passes the answer to a question on that is still open.
func planHandover(prev screen.Snapshot, event Event) []Command {
	e, ok := event.(screen.AnswerHandover)
	if !ok || !slices.ContainsFunc(prev.Handovers, func(h screen.Handover) bool { return h.ID == e.ID }) {
		return nil
	}
	return []Command{Consent(e)}
}

// The values of the configuration key transfers.
const (
	transfersDomain = "domain"
	transfersRefuse = "refuse"
)

// consents are the questions of a session that wait for the user.
type consents struct {
	mode   string // value of the key transfers
	unseen bool   // no question can be seen: the phone has no screen
	domain string // of the account
	post   func(news)
	mu     sync.Mutex // guards the rest
	last   int
	open   map[int]chan bool
}

// decide is what the user agent asks; calls says that the target calls us and would take the place of the other side. It waits
// for the user until ctx ends: then the answer is of no use any more. Where nobody can see the question the answer is no at once,
// so that who wants to hand over is not kept waiting.
func (c *consents) decide(ctx context.Context, r ua.ReferRequest, calls bool) bool {
	if c.mode == transfersDomain && handover.Inside(r.Target, c.domain) {
		return true
	}
	to, whole := handover.To(r.Target, c.domain)
	switch {
	case c.unseen:
		c.post(HandoverUnseen{screen.Handover{Call: r.Info.ID, To: to}})
		return false
	case !whole:
		return false
	}
	answer := make(chan bool, 1)
	c.mu.Lock()
	c.last++
	id := c.last
	c.open[id] = answer
	c.mu.Unlock()
	c.post(HandoverAsked{screen.Handover{ID: id, Call: r.Info.ID, To: to, Calls: calls}})
	defer func() {
		c.mu.Lock()
		delete(c.open, id)
		c.mu.Unlock()
		c.post(HandoverGone{ID: id})
	}()
	select {
	case yes := <-answer:
		return yes
	case <-ctx.Done():
		return false
	}
}

func (c *consents) answer(a Consent) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if answer := c.open[a.ID]; answer != nil {
		answer <- a.Yes
		delete(c.open, a.ID)
	}
}

// policy is what a user agent asks about transfers; nil refuses them.
func (c *consents) policy(calls bool) func(context.Context, ua.ReferRequest) bool {
	if c.mode == transfersRefuse {
		return nil
	}
	return func(ctx context.Context, r ua.ReferRequest) bool { return c.decide(ctx, r, calls) }
}
