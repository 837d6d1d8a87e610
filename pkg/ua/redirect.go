package ua

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// maxRedirects is how often a call may be sent elsewhere.
const maxRedirects = 5

// redirected follows a 3xx when the application wants it (RFC 3261 section 8.1.3.4), and reports whether the call goes on.
// The application is asked in a goroutine of its own, which ends with its answer.
func (s *session) redirected(now time.Time, res *wire.Response) bool {
	policy := s.out.opts.Redirect
	if policy == nil {
		policy = s.c.cfg.Redirect
	}
	if s.over() || policy == nil || res.StatusCode < 300 || res.StatusCode > 302 || s.out.redirects >= maxRedirects {
		return false
	}
	uris := s.redirectTargets(res)
	if len(uris) == 0 || len(s.c.questions) >= maxQuestions {
		return false
	}
	var list []Address
	for _, c := range uris {
		list = append(list, addressOf(c.DisplayName, c.URI))
	}
	c := s.c
	c.consult(func(context.Context) (chosen Address, ok bool) {
		return policy(slices.Clone(list))
	}, func(now time.Time, chosen Address, ok bool) {
		i := slices.IndexFunc(list, func(a Address) bool { return a.URI == chosen.URI })
		switch {
		case s.over():
		case !ok || i < 0:
			s.info.Code = res.StatusCode
			s.end(now, s.refusal(res))
		default:
			s.follow(now, uris[i].URI)
		}
	})
	return true
}

// redirectTargets are the Contacts of a 3xx that may be tried, the best first: none that was tried before, and no sip: where
// the call began with sips: (RFC 3261 section 26.2.2).
func (s *session) redirectTargets(res *wire.Response) []wire.Contact {
	var list []wire.Contact
	for _, c := range res.Contacts {
		uri, ok := s.c.callable(c.URI)
		c.URI = uri
		if !ok || !sip.UriIsSIPS(uri.Scheme) && sip.UriIsSIPS(s.out.target.Scheme) ||
			slices.Contains(s.out.tried, c.URI.String()) {
			continue
		}
		list = append(list, c)
	}
	slices.SortStableFunc(list, func(a, b wire.Contact) int { return cmp.Compare(b.Q, a.Q) })
	return list
}

// plain is a URI that may be called: without method and headers, which the sender of a URI must not choose for us.
func plain(uri sip.Uri) sip.Uri {
	u := *uri.Clone()
	u.Headers = nil
	u.UriParams = slices.DeleteFunc(u.UriParams, func(kv sip.HeaderKV) bool { return kv.K == "method" })
	return u
}

// follow sends the INVITE to another address: same Call-ID, From and To, the next number. Early dialogs are over.
func (s *session) follow(now time.Time, target sip.Uri) {
	s.out.redirects++
	s.out.target = target
	s.out.tried = append(s.out.tried, target.String())
	s.newAttempt(now)
}

// newAttempt sends the INVITE again as a new request. An offer that early media has answered is used up: a new one is made.
func (s *session) newAttempt(now time.Time) {
	for tag, d := range s.early {
		if d.audio != s.audio {
			d.audio.close()
		}
		delete(s.c.dialogs, d.id)
		delete(s.early, tag)
	}
	s.clones = 0
	s.rejectPending(now)
	if s.earlySDP == nil && !s.unagreed {
		s.sendInvite(now)
		return
	}
	s.earlySDP = nil
	s.info.EarlyMedia = false
	if s.audio.closed { // lost: the next one makes it
		s.anew = s.offerCall
		return
	}
	s.audio.close()
	s.offerCall(now)
}

// moved says where a call was sent that was not followed.
func moved(res *wire.Response) Cause {
	sentence := "The number has moved and the server did not say where; ask for the new one."
	if to := movedTo(res); to.URI != "" {
		sentence = "The number has moved to " + to.URI + "; call that address."
	}
	return explained(CauseOther, res.StatusCode, phraseOf(res), sentence)
}

// movedTo is the best Contact of a 3xx that can be called; zero without one.
func movedTo(res *wire.Response) Address {
	best, q := Address{}, -1.0
	for _, c := range res.Contacts {
		if (isSIP(c.URI) || c.URI.Scheme == "tel") && !c.URI.Wildcard && c.Q > q {
			best, q = addressOf(c.DisplayName, plain(c.URI)), c.Q
		}
	}
	return best
}

// callable is a URI that we can call: tel: goes to our own domain (RFC 3261 section 19.1.6).
func (c *core) callable(uri sip.Uri) (sip.Uri, bool) {
	if uri.Scheme == "tel" {
		number, _, _ := strings.Cut(uri.String(), "?")
		target, err := wire.Target(number, c.aor.Host)
		return target, err == nil
	}
	return plain(uri), isSIP(uri)
}

// consult asks the application something off the loop. A panic of the application is reported and counts as no. withdraw tells
// the application that the answer is not needed any more; then is called all the same, once the application has returned.
func (c *core) consult(ask func(context.Context) (Address, bool), then func(now time.Time, chosen Address,
	ok bool)) (withdraw context.CancelFunc) {
	in := consulted{question: c.consults}
	c.questions[in.question] = then
	c.consults++
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		defer cancel()
		defer func() {
			if p := recover(); p != nil {
				in.err = fmt.Errorf("%v", p)
			}
			c.agent.post(in)
		}()
		in.chosen, in.ok = ask(ctx)
	}()
	return cancel
}

// consulted takes the answer to a question.
func (c *core) consulted(now time.Time, question int, chosen Address, ok bool) {
	if then := c.questions[question]; then != nil {
		delete(c.questions, question)
		then(now, chosen, ok)
	}
}
