package ua

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// PublishOptions shape one publication.
type PublishOptions struct {
	Target      string        // whose state; default: Account.AOR
	Event       string        // default "presence"
	ContentType string        // default "application/pidf+xml"
	Body        []byte        // the event state
	Expires     time.Duration // asked for, at least 1 s; default 1 hour
	Headers     []Header      // extra headers of every PUBLISH
}

// PublicationState is the state of a publication (RFC 3903).
type PublicationState int

const (
	Publishing        PublicationState = iota // not confirmed yet, or being renewed after a loss
	Published                                 // the server has the state
	PublicationFailed                         // refused; not tried again
	Unpublished                               // removed
)

// String returns a word in lower case, such as "published".
func (s PublicationState) String() string {
	return name([]string{"publishing", "published", "publication failed", "unpublished"}, int(s))
}

// PublicationInfo is one publication at one moment.
type PublicationInfo struct {
	ID      string // opaque, unique in this user agent
	Event   string
	State   PublicationState
	Expires time.Time // while Published: end of what the server keeps
	Cause   Cause     // why it failed
}

// PublicationEvent tells a move of a publication.
type PublicationEvent struct {
	Publication *Publication
	Info        PublicationInfo
}

func (PublicationEvent) event() {}

// Publication is a handle of one publication. Its methods may be called from any goroutine, also after its end.
type Publication struct {
	agent *UserAgent
	id    string
	p     *publication // belongs to the loop
	info  atomic.Pointer[PublicationInfo]
}

// Info returns the publication as it is now, or as it ended.
func (p *Publication) Info() PublicationInfo { return *p.info.Load() }

// Publish publishes event state, such as presence, at a server (RFC 3903) and waits until it is there, or refused by a
// *ResponseError. From then on it is kept until Remove: refreshed, and published anew when the server has lost it.
func (a *UserAgent) Publish(ctx context.Context, opts PublishOptions) (*Publication, error) {
	p, err := a.ask(ctx, &act{deed: publishDeed, Publish: opts})
	if err != nil {
		return nil, fmt.Errorf("publish: %w", err)
	}
	return p.(*Publication), nil
}

// doPublish answers with the handle once the server has the state. Where nobody waits any more it is taken back by undo.
func doPublish(c *core, now time.Time, a *act, reply replier) {
	var p *publication
	p, err := c.publishState(now, a.Publish, func(err error) {
		if err != nil {
			reply.done(err)
			return
		}
		reply(p.handle, nil)
	})
	if err != nil {
		reply.done(err)
		return
	}
	a.made = p.info.ID
}

// Update replaces the state and waits until the server has it.
func (p *Publication) Update(ctx context.Context, body []byte) error {
	if _, err := p.agent.ask(ctx, &act{deed: updateDeed, ID: p.id, Body: body}); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}

func doUpdate(c *core, now time.Time, a *act, reply replier) {
	if p := c.publicationByID(a.ID); p != nil {
		p.update(now, a.Body, reply.done)
		return
	}
	reply.done(ErrState)
}

// Remove takes the state back and waits until the server has said so. One that has ended is no error.
func (p *Publication) Remove(ctx context.Context) error {
	if _, err := p.agent.ask(ctx, &act{deed: removeDeed, ID: p.id}); err != nil {
		return fmt.Errorf("unpublish: %w", err)
	}
	return nil
}

func doRemove(c *core, now time.Time, a *act, reply replier) {
	if p := c.publicationByID(a.ID); p != nil {
		p.remove(now, reply.done)
		return
	}
	reply.done(nil)
}

func (c *core) publicationByID(id string) *publication {
	i := slices.IndexFunc(c.pubs, func(p *publication) bool { return p.info.ID == id })
	if i < 0 {
		return nil
	}
	return c.pubs[i]
}

// publication keeps one event state at its server. One request is under way at a time (RFC 3903 section 4.1).
//
//	Publishing --200--> Published --refresh, update--> Published --Remove, 200--> Unpublished
//	    ^                   |--412, expired
//	    '-------------------'
type publication struct {
	c       *core
	handle  *Publication
	info    PublicationInfo
	flow    *flow // of the last request
	target  sip.Uri
	opts    PublishOptions
	callID  string
	seq     uint32
	asked   time.Duration
	etag    string // of what the server has; empty: nothing
	dirty   bool   // Body is not at the server yet
	busy    bool   // a PUBLISH is under way
	raised  bool   // by 423, since the last 200
	again   bool   // after 412, since the last 200
	leaving bool
	fails   int
	refresh alarm
	expiry  alarm
	updates []func(error) // of Publish and Update; answered when Body is there
	pending []func(error) // those whose body is in the request under way
	leavers []func(error) // of Remove
}

func (c *core) publishState(now time.Time, opts PublishOptions, reply func(error)) (*publication, error) {
	uri, err := c.checkPublish(&opts)
	switch {
	case err != nil:
		return nil, err
	case !c.lead().up() || c.stopped != nil:
		return nil, ErrNotConnected
	}
	p := &publication{c: c, target: uri, opts: opts, asked: opts.Expires, callID: c.rnd.token(22), dirty: true,
		updates: []func(error){reply}}
	p.info = PublicationInfo{ID: c.rnd.token(12), Event: opts.Event}
	p.handle = &Publication{agent: c.agent, id: p.info.ID, p: p}
	c.pubs = append(c.pubs, p)
	p.set(Publishing, Cause{})
	p.next(now)
	return p, nil
}

// checkPublish completes the options and refuses what cannot be sent.
func (c *core) checkPublish(opts *PublishOptions) (sip.Uri, error) {
	if opts.Event == "" {
		opts.Event = "presence"
	}
	if opts.ContentType == "" {
		opts.ContentType = "application/pidf+xml"
	}
	if opts.Expires == 0 {
		opts.Expires = time.Hour
	}
	opts.Body = slices.Clone(opts.Body)
	uri := c.aor
	if opts.Expires < time.Second {
		return uri, fmt.Errorf("%w: Expires of %v, below one second", ErrBadConfig, opts.Expires)
	}
	if opts.Target != "" {
		var err error
		if uri, err = wire.Target(opts.Target, c.aor.Host); err != nil {
			return uri, fmt.Errorf("%w: %w", ErrBadTarget, err)
		}
	}
	if strings.ContainsAny(opts.Event, " \t\r\n\x00;,") || strings.ContainsAny(opts.ContentType, "\r\n\x00") ||
		len(opts.Body) == 0 {
		return uri, fmt.Errorf("%w: no body, or a line break or blank in the options", ErrBadConfig)
	}
	return uri, checkHeaders(opts.Headers)
}

// set moves the publication and tells about it.
func (p *publication) set(state PublicationState, why Cause) {
	next := p.info
	next.State, next.Cause = state, why
	if state != Published {
		next.Expires = time.Time{}
	}
	if p.handle.info.Load() != nil && (next == *p.handle.info.Load() || p.over()) {
		return
	}
	p.info = next
	p.handle.info.Store(&next)
	p.c.emit(PublicationEvent{Publication: p.handle, Info: next})
}

func (p *publication) over() bool {
	return p.info.State == PublicationFailed || p.info.State == Unpublished
}

func (p *publication) update(now time.Time, body []byte, reply func(error)) {
	switch {
	case p.over() || p.leaving:
		reply(ErrState)
	case len(body) == 0:
		reply(fmt.Errorf("%w: no body", ErrBadConfig))
	default:
		p.opts.Body, p.dirty = slices.Clone(body), true
		p.updates = append(p.updates, reply)
		p.next(now)
	}
}

func (p *publication) remove(now time.Time, reply func(error)) {
	if p.over() {
		reply(nil)
		return
	}
	p.leaving = true
	p.leavers = append(p.leavers, reply)
	p.c.alarms.stop(&p.refresh)
	if !p.c.lead().up() {
		p.end(Unpublished, Cause{}, ErrCanceled)
		return
	}
	p.next(now)
}

// next sends what is to be sent, one PUBLISH at a time: removal, new state, or a refresh of what is there.
func (p *publication) next(now time.Time) {
	switch {
	case p.busy || p.over() || !p.c.lead().up():
	case p.leaving && p.etag == "":
		p.end(Unpublished, Cause{}, ErrCanceled)
	case p.leaving:
		p.send(now, nil, 0)
	case p.dirty || p.etag == "":
		p.dirty = false
		p.pending = append(p.pending, p.updates...)
		p.updates = nil
		p.send(now, p.opts.Body, p.asked)
	}
}

// send sends a PUBLISH: with the tag of what is there, if anything (RFC 3903 section 4.1 table 1).
func (p *publication) send(now time.Time, body []byte, expires time.Duration) {
	c := p.c
	p.flow = c.lead()
	c.alarms.stop(&p.refresh)
	p.busy = true
	p.seq++
	to := &sip.ToHeader{Address: p.target}
	to.Address.UriParams = nil
	req := p.flow.newRequest(sip.PUBLISH, p.target, p.flow.reg.serviceRoute, c.newAccountFrom(c.aor.User), to, p.callID, p.seq)
	req.AppendHeader(sip.NewHeader("Event", p.opts.Event))
	req.AppendHeader(sip.NewHeader("Expires", fmt.Sprint(int(expires/time.Second))))
	if p.etag != "" {
		req.AppendHeader(sip.NewHeader("SIP-If-Match", p.etag))
	}
	appendHeaders(req, p.opts.Headers)
	kind := ""
	if len(body) > 0 {
		kind = p.opts.ContentType
	}
	c.finish(req, kind, body)
	c.transact(now, req, &exchange{
		seq:   func() uint32 { p.seq++; return p.seq },
		alive: func() bool { return !p.over() },
		done: func(now time.Time, res *wire.Response, err error) {
			if p.over() || res != nil && res.StatusCode < 200 {
				return
			}
			p.busy = false
			p.done(now, expires == 0, len(body) > 0, res, err)
		},
	})
}

// done follows the response (RFC 3903 section 4.1).
func (p *publication) done(now time.Time, removal, hadBody bool, res *wire.Response, err error) {
	switch {
	case removal && (err != nil || res.StatusCode >= 300):
		p.end(Unpublished, Cause{}, ErrCanceled) // what is left there expires
	case removal:
		p.end(Unpublished, Cause{}, nil)
	case err != nil:
		p.later(now, hadBody, txnError(err), cause(CauseTimeout, 0, ""), 0)
	case res.StatusCode < 300:
		p.accepted(now, res)
	case res.StatusCode == statusConditional && !p.again:
		p.again, p.etag = true, "" // the server has lost the state: publish it whole
		p.next(now)
	case res.StatusCode == sip.StatusIntervalToBrief && p.raise(res):
		p.dirty = p.dirty || hadBody
		if p.dirty || p.etag == "" {
			p.next(now)
		} else {
			p.send(now, nil, p.asked)
		}
	case temporary(res.StatusCode):
		after, _ := wire.RetryAfter(res)
		p.later(now, hadBody, p.c.refusedBy(sip.PUBLISH, res), p.c.refusal(sip.PUBLISH, res), after.After)
	default:
		p.end(PublicationFailed, p.c.refusal(sip.PUBLISH, res), p.c.refusedBy(sip.PUBLISH, res))
	}
}

const statusConditional = 412

func (p *publication) raise(res *wire.Response) bool {
	least, err := wire.MinExpires(res)
	if err != nil || least <= p.asked || p.raised {
		return false
	}
	p.asked, p.raised = least, true
	return true
}

// accepted takes a 200. One without SIP-ETag leaves nothing to refresh, so the state is published whole each time.
func (p *publication) accepted(now time.Time, res *wire.Response) {
	p.raised, p.again, p.fails, p.etag = false, false, 0, ""
	if h := res.GetHeader("SIP-ETag"); h != nil {
		p.etag = h.Value()
	}
	granted := p.asked
	if d := res.Expires; res.ExpiresErr == nil && d > 0 && d <= p.asked {
		granted = d
	}
	p.info.Expires = now.Add(granted)
	p.set(Published, Cause{})
	answerAll(&p.pending, nil)
	p.c.alarms.start(&p.refresh, now.Add(p.c.rnd.between(granted/2, granted*3/4)), p.renew)
	p.c.alarms.start(&p.expiry, now.Add(granted), p.expired)
	if p.dirty || p.leaving {
		p.next(now) // what has come up meanwhile
	}
}

// renew refreshes what is there, without a body.
func (p *publication) renew(now time.Time) {
	switch {
	case p.busy || !p.c.lead().up(): // the end of that brings us on
	case p.etag == "":
		p.next(now)
	default:
		p.send(now, nil, p.asked)
	}
}

// expired notes that the server has forgotten the state. A refresh that waits, because the server wants to be left alone, goes on
// waiting and then brings the whole.
func (p *publication) expired(now time.Time) {
	p.etag = ""
	p.set(Publishing, cause(CauseTimeout, 0, ""))
	if !p.refresh.set {
		p.next(now)
	}
}

// later tries again after a failure that may pass. The first publication fails instead: its caller decides.
func (p *publication) later(now time.Time, hadBody bool, err error, why Cause, after time.Duration) {
	p.dirty = p.dirty || hadBody
	if p.info.Expires.IsZero() && p.fails == 0 && len(p.pending) > 0 && p.etag == "" {
		p.end(PublicationFailed, why, err)
		return
	}
	answerAll(&p.pending, err)
	if !p.flow.up() {
		return // the next connection goes on
	}
	if p.leaving {
		p.next(now) // there is nothing to try again
		return
	}
	p.fails++
	wait := max(min(after, longestWait), p.c.jitter(min(5*time.Minute, time.Second<<min(p.fails, 10))))
	p.c.alarms.start(&p.refresh, now.Add(wait), func(now time.Time) {
		if p.dirty {
			p.next(now)
			return
		}
		p.renew(now)
	})
}

// end finishes the publication. err is for those who wait for their state to be there.
func (p *publication) end(state PublicationState, why Cause, err error) {
	if p.over() {
		return
	}
	p.c.alarms.stop(&p.refresh)
	p.c.alarms.stop(&p.expiry)
	p.set(state, why)
	p.c.pubs = slices.DeleteFunc(p.c.pubs, func(other *publication) bool { return other == p })
	answerAll(&p.pending, err)
	answerAll(&p.updates, err)
	answerAll(&p.leavers, nil)
}

// pubsReachable goes on with what could not be sent while there was no connection.
func (c *core) pubsReachable(now time.Time) {
	for _, p := range slices.Clone(c.pubs) {
		switch {
		case p.dirty || p.leaving || p.etag == "":
			p.next(now)
		case !p.refresh.set:
			p.renew(now)
		}
	}
}
