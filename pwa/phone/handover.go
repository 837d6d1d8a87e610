package phone

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
)

type (
	// HandoverAsked puts the question, HandoverGone takes it back: it was answered elsewhere, the call has ended or the other side gave up.
	HandoverAsked struct{ screen.Handover }
	HandoverGone  struct{ ID int }
	// Consent tells the user agent.
	Consent struct {
		ID  int
		Yes bool
	}
)

func (Consent) isCommand() {}

func reduceHandover(s screen.Snapshot, event Event) screen.Snapshot {
	switch e := event.(type) {
	case HandoverAsked:
		if _, ok := s.Line(e.Call); ok {
			s.Handovers = append(slices.Clip(s.Handovers), e.Handover)
		}
	case HandoverGone:
		return withoutHandover(s, func(h screen.Handover) bool { return h.ID == e.ID })
	case screen.AnswerHandover:
		return withoutHandover(s, func(h screen.Handover) bool { return h.ID == e.ID })
	}
	return s
}

func withoutHandover(s screen.Snapshot, gone func(screen.Handover) bool) screen.Snapshot {
	s.Handovers = slices.DeleteFunc(slices.Clone(s.Handovers), gone)
	return s
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
	domain string // of the account
	post   func(Event)
	mu     sync.Mutex // guards the rest
	last   int
	open   map[int]chan bool
}

// decide is what the user agent asks. It waits for the user until ctx ends: then the answer is of no use any more.
func (c *consents) decide(ctx context.Context, r ua.ReferRequest) bool {
	if c.mode == transfersDomain && inside(r.Target, c.domain) {
		return true
	}
	answer := make(chan bool, 1)
	c.mu.Lock()
	c.last++
	id := c.last
	c.open[id] = answer
	c.mu.Unlock()
	c.post(HandoverAsked{screen.Handover{ID: id, Call: r.Info.ID, To: handoverTo(r.Target, c.domain)}})
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
func (c *consents) policy() func(context.Context, ua.ReferRequest) bool {
	if c.mode == transfersRefuse {
		return nil
	}
	return c.decide
}

// emergency numbers look like extensions, and nobody is connected to them unasked.
var emergency = []string{"000", "110", "112", "911", "999"}

// longestExtension is how many digits a number inside a house has at most.
const longestExtension = 6

// inside reports whether an address is an extension of the domain: a name, or a short number without a prefix that leads outside. The server
// of the domain also connects to the whole world, so the host alone says nothing about the costs, and neither does a number that has a context.
func inside(to ua.Address, domain string) bool {
	user := to.User
	switch {
	case to.URI != "" && !strings.HasPrefix(to.URI, "sip:"+user+"@") && !strings.HasPrefix(to.URI, "sips:"+user+"@"):
		return false
	case user == "" || !strings.EqualFold(to.Host, domain) || slices.Contains(emergency, user):
		return false
	case strings.ContainsFunc(user, func(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }):
		return strings.Trim(user, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == ""
	}
	return strings.Trim(user, "0123456789") == "" && len(user) <= longestExtension && user[0] != '0'
}

// handoverTo is an address as the user knows it: the number where it is of our domain, else with its host or the part of the telephone network
// where it holds (RFC 3966 section 5.1.5). A name is not shown, because whoever asks has chosen it.
func handoverTo(to ua.Address, domain string) string {
	context := contextOf(to.URI)
	to = presentableAddress(to)
	if context != "" && !strings.EqualFold(context, domain) {
		return number.OneLine(to.User+" ("+context+")", maxShownNumber)
	}
	if to.User == "" || to.Host != "" && !strings.EqualFold(to.Host, domain) {
		return number.OneLine(strings.TrimPrefix(to.User+"@"+to.Host, "@"), maxShownNumber)
	}
	return to.User
}

// contextOf is the phone-context in a URI, or "".
func contextOf(uri string) string {
	_, context, _ := strings.Cut(strings.ToLower(uri), ";phone-context=")
	if end := strings.IndexAny(context, ";@?"); end >= 0 {
		context = context[:end]
	}
	return context
}
