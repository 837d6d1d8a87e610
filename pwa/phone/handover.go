package phone

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/number"
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
	if c.mode == transfersDomain && inside(r.Target, c.domain) {
		return true
	}
	to, whole := handoverTo(r.Target, c.domain)
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

// emergency and crisis numbers look like extensions, and nobody is connected to them unasked. Those in local are of some
// countries; in front of the others an exchange may want one or two digits.
var (
	emergency = strings.Fields("000 108 110 111 112 113 114 115 116 117 118 119 122 133 144 911 988 999")
	local     = strings.Fields(`100 101 102 103 104 105 106 107 120 123 128 129 131 132 140 143 147 150 155 158 166 190 191 192
		193 194 195 197 198 199 991 992 993 994 995 996 997 998`)
)

// service reports whether a short number may belong to the network and not to the house: those from 11, and emergency numbers
// with one or two digits in front that lead outside.
func service(user string) bool {
	if strings.HasPrefix(user, "11") || slices.Contains(local, user) {
		return true
	}
	for prefix := range min(len(user), 3) {
		if slices.Contains(emergency, user[prefix:]) {
			return true
		}
	}
	return false
}

// longestExtension is how many digits a number inside a house has at most.
const longestExtension = 6

// inside reports whether an address is an extension of the domain: a name, or a short number without a prefix that leads outside.
// The server of the domain also connects to the whole world, so the host alone says nothing about the costs, and neither does a
// number that carries more than itself.
func inside(to ua.Address, domain string) bool {
	user, w := to.User, wishOf(to)
	switch {
	case user == "" || w.user != user || !w.at(domain) || service(user):
		return false
	case strings.ContainsFunc(user, func(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }):
		return strings.Trim(user, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == ""
	}
	return strings.Trim(user, "0123456789") == "" && len(user) <= longestExtension && user[0] != '0'
}

// wish is what a URI would call, all of it: exchanges follow what hangs on a number (RFC 3966, RFC 4694, RFC 4904), and a server
// may follow any parameter of the URI.
type wish struct {
	user string // whole and without escapes
	host string // with its port; "" in a telephone number
	more string // parameters of the URI, but for those that lead nowhere else
}

func wishOf(to ua.Address) wish {
	scheme, rest, _ := strings.Cut(to.URI, ":")
	switch {
	case rest == "":
		return wish{user: to.User, host: to.Host}
	case scheme == "tel":
		_, params, _ := strings.Cut(rest, ";")
		return wish{user: strings.TrimSuffix(to.User+";"+unescaped(params), ";")}
	}
	user, place, named := strings.Cut(rest, "@")
	if !named {
		user, place = "", rest
	}
	host, params, _ := strings.Cut(place, ";")
	return wish{user: unescaped(user), host: host, more: steering(params)}
}

// unescaped is a part of a URI as it is meant, or as it stands where that has no meaning.
func unescaped(part string) string {
	if text, err := url.PathUnescape(part); err == nil {
		return text
	}
	return part
}

// steering are the parameters of a URI without those that say how to get there, or which device of the same user is meant.
func steering(params string) string {
	var kept strings.Builder
	for p := range strings.SplitSeq(params, ";") {
		name, _, _ := strings.Cut(p, "=")
		if p != "" && !slices.Contains([]string{"user", "transport", "lr", "gr", "ob"}, strings.ToLower(name)) {
			kept.WriteString(";" + p)
		}
	}
	return kept.String()
}

// at reports whether the wish leads to a domain as its users know it.
func (w wish) at(domain string) bool {
	host, port, ported := strings.Cut(w.host, ":")
	usual := ported && (port == "5060" || port == "5061")
	return w.more == "" && (strings.EqualFold(w.host, domain) || usual && strings.EqualFold(host, domain))
}

// handoverTo is a wish as the user knows it: the number where it is of our domain, else with its host or the part of the
// telephone network where it holds (RFC 3966 section 5.1.5), and with all else that decides who is called. A name is not shown,
// because whoever asks has chosen it. Whole tells whether all of that can be read: what cannot is nothing to agree to.
func handoverTo(to ua.Address, domain string) (shown string, whole bool) {
	w := wishOf(to)
	head, params, _ := strings.Cut(w.user, ";")
	name, context, _ := strings.Cut(params, "=")
	text := w.user
	if strings.EqualFold(name, "phone-context") && !strings.Contains(context, ";") {
		text = head
		if !strings.EqualFold(context, domain) {
			text += " (" + context + ")"
		}
	}
	if w.host != "" && !w.at(domain) || text == "" {
		text = strings.TrimPrefix(text+"@"+w.host+w.more, "@")
	}
	shown = number.OneLine(text, maxShownNumber)
	return shown, shown == text && shown != ""
}
