package ua

import (
	"errors"
	"slices"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/digest"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// dialogID names a dialog as we see it (RFC 3261 section 12).
type dialogID struct{ callID, local, remote string }

// dialog is the state of RFC 3261 section 12 that requests inside it are made from.
type dialog struct {
	id        dialogID
	local     sip.FromHeader
	remote    sip.ToHeader
	target    sip.Uri   // remote target: the other side's Contact
	routes    []sip.Uri // route set
	localSeq  uint32
	remoteSeq uint32         // 0 until the first request of the other side
	caller    bool           // we sent the INVITE, so we own the Call-ID
	ack       *sip.Request   // to the 2xx that made the dialog
	reack     *sip.Request   // to the newest 2xx of a re-INVITE
	session   *session       // nil for a surplus dialog, which lives only for its BYE
	flow      *flow          // our requests take it
	over      bool           // a BYE was sent or taken: nothing else is asked again
	bye       *sip.Request   // ours, of the last try
	guest     *digest.Client // of one that the other side began, once we ask something in it

	// Of an early dialog of a forked INVITE: its number, its own audio and what was applied to it.
	fork  int
	audio *audio
	sdp   []byte

	rseq     uint32 // of the last reliable provisional response
	pracks   int    // of ours, that are not answered
	answered bool   // one of them carried the answer, so that later descriptions are new offers or repetitions
}

// newDialogUAC makes the dialog a 1xx or 2xx to our INVITE stands for (RFC 3261 section 12.1.2).
func (c *core) newDialogUAC(invite *sip.Request, res *wire.Response) *dialog {
	d := &dialog{
		id:       dialogID{invite.CallID().Value(), tagOf(invite.From().Params), res.ToTag},
		local:    *sip.HeaderClone(invite.From()).(*sip.FromHeader),
		remote:   *sip.HeaderClone(res.To()).(*sip.ToHeader),
		target:   invite.Recipient,
		localSeq: invite.CSeq().SeqNo,
		caller:   true,
		flow:     c.flowOf(res),
	}
	d.learn(res)
	return d
}

// learn takes target and route set from a response to the INVITE; the 2xx has the last word (RFC 3261 section 13.2.2.4).
func (d *dialog) learn(res *wire.Response) {
	d.refreshTarget(&res.Head)
	d.routes = routeSet(reversed(res.RecordRoute))
}

// reversed is the Record-Route of a response as a route set (RFC 3261 section 12.1.2).
func reversed(routes []sip.Uri) []sip.Uri {
	list := slices.Clone(routes)
	slices.Reverse(list)
	return list
}

// newDialogUAS makes the dialog an INVITE stands for once we answer it with tag (RFC 3261 section 12.1.1).
func (c *core) newDialogUAS(invite *wire.Request, tag string) *dialog {
	from, to := invite.From(), invite.To()
	d := &dialog{
		id:        dialogID{invite.CallID().Value(), tag, invite.FromTag},
		local:     sip.FromHeader{DisplayName: to.DisplayName, Address: to.Address, Params: to.Params.Clone()},
		remote:    sip.ToHeader{DisplayName: from.DisplayName, Address: from.Address, Params: from.Params.Clone()},
		target:    from.Address,
		routes:    routeSet(invite.RecordRoute),
		remoteSeq: invite.CSeq().SeqNo,
		flow:      c.flowOf(invite),
	}
	d.local.Params.Add("tag", tag)
	d.refreshTarget(&invite.Head)
	return d
}

// refreshTarget takes the Contact of a target refresh request or its 2xx (RFC 3261 section 12.2).
func (d *dialog) refreshTarget(h *wire.Head) {
	if len(h.Contacts) > 0 && !h.Contacts[0].URI.Wildcard && written(h.Contacts[:1], contactURI) <= maxTarget {
		d.target = h.Contacts[0].URI
	}
}

// Every request of a dialog carries its target and its route set. The other side writes them, and what it writes in 20 kB may
// take 60 here, where it is escaped: a dialog in which nothing fits into a message can be neither repaired nor ended. So an
// address longer than any in use is passed over, as one that cannot be read is.
const (
	maxTarget = 2 << 10
	maxRoutes = 8 << 10
)

// routeSet is a route set that can be written, or none.
func routeSet(routes []sip.Uri) []sip.Uri {
	if written(routes, func(uri *sip.Uri) *sip.Uri { return uri }) > maxRoutes {
		return nil
	}
	return routes
}

func contactURI(c *wire.Contact) *sip.Uri { return &c.URI }

// written counts the bytes of URIs in a message of ours. One that cannot be written takes more than there are.
func written[T any](list []T, uri func(*T) *sip.Uri) (n int) {
	for i := range list {
		text, err := wire.URIString(uri(&list[i]))
		if err != nil {
			return wire.MaxMessage
		}
		n += len(text)
	}
	return n
}

// next returns the number of our next request.
func (d *dialog) next() uint32 {
	if d.localSeq == 0 {
		d.localSeq = 100
	}
	d.localSeq++
	return d.localSeq
}

// path is the Request-URI and the Route values of a request in the dialog (RFC 3261 section 12.2.1.1). A first route
// without lr is a strict router of RFC 2543: it becomes the Request-URI.
func (d *dialog) path() (sip.Uri, []sip.Uri) {
	if len(d.routes) == 0 {
		return d.target, nil
	}
	if _, loose := wire.Param(d.routes[0].UriParams, "lr"); loose {
		return d.target, d.routes
	}
	first := *d.routes[0].Clone()
	first.Headers = nil
	return first, append(append([]sip.Uri{}, d.routes[1:]...), d.target)
}

// request makes a request in the dialog, without body and what finish adds.
func (c *core) dialogRequest(d *dialog, method sip.RequestMethod, seq uint32) *sip.Request {
	target, routes := d.path()
	from := d.local
	from.Params = d.local.Params.Clone()
	to := d.remote
	to.Params = d.remote.Params.Clone()
	return d.flow.newRequest(method, target, routes, &from, &to, d.id.callID, seq)
}

// ackDialog sends the ACK to a 2xx (RFC 3261 section 13.2.2.4) and returns it, to be sent again when that 2xx comes again.
// It has the number and the credentials of the INVITE.
func (c *core) ackDialog(d *dialog, invite *sip.Request, body []byte) *sip.Request {
	req := c.dialogRequest(d, sip.ACK, invite.CSeq().SeqNo)
	for _, name := range []string{"Authorization", "Proxy-Authorization"} {
		for _, h := range invite.GetHeaders(name) {
			req.AppendHeader(sip.HeaderClone(h))
		}
	}
	kind := ""
	if len(body) > 0 {
		kind = sdpType
	}
	ack := c.finish(req, kind, body)
	c.send(ack)
	return ack
}

// send queues a message that belongs to no transaction.
func (c *core) send(m sip.Message) { c.out = append(c.out, m) }

// inDialog sends a request in the dialog and answers challenges. done gets the final response or an error.
func (c *core) inDialog(now time.Time, d *dialog, req *sip.Request, done func(now time.Time, res *wire.Response, err error)) {
	if !d.flow.up() {
		done(now, nil, ErrTransport)
		return
	}
	alive := func() bool {
		return !d.over || req.Method == sip.BYE || req.Method == sip.NOTIFY || req.Method == sip.SUBSCRIBE
	}
	started := func(tx *txn.Client) {
		if req.Method == sip.BYE {
			d.bye = tx.Request()
		}
	}
	final := func(now time.Time, res *wire.Response, err error) {
		if err == nil && res.StatusCode < 200 {
			return
		}
		done(now, res, err)
	}
	c.transact(now, req, &exchange{seq: d.next, auth: d.credentials(), alive: alive, started: started, done: final})
}

// credentials is what challenges in the dialog are answered by: what our server has asked where we began it. Where the other side
// did, nothing leaves before that very dialog was challenged (RFC 3261 section 22.3 asks for no more), because proxies let it
// pass.
func (d *dialog) credentials() *digest.Client {
	if d.caller {
		return d.flow.auth
	}
	if d.guest == nil {
		d.guest = d.flow.auth.Guest()
	}
	return d.guest
}

// byeDialog ends a dialog that no call waits for.
func (c *core) byeDialog(now time.Time, d *dialog, headers ...sip.Header) {
	c.sendBye(now, d, func(time.Time, *wire.Response, error) {}, headers...)
}

// sendBye ends the dialog, once: a second BYE would meet another dialog, or none.
func (c *core) sendBye(now time.Time, d *dialog, done func(time.Time, *wire.Response, error), headers ...sip.Header) {
	if d.bye != nil {
		return
	}
	d.over = true
	req := c.dialogRequest(d, sip.BYE, d.next())
	for _, h := range headers {
		req.AppendHeader(h)
	}
	c.exchangeBye(now, d, c.finish(req, "", nil), done)
}

// exchangeBye sends a BYE. One whose answer is cut off by the loss of the connection comes again.
func (c *core) exchangeBye(now time.Time, d *dialog, req *sip.Request, done func(time.Time, *wire.Response, error)) {
	d.bye = req
	c.inDialog(now, d, req, func(now time.Time, res *wire.Response, err error) {
		if errors.Is(err, txn.ErrTransport) && !d.flow.up() {
			c.byeLater(now, d)
		}
		done(now, res, err)
	})
}

func tagOf(p sip.HeaderParams) string {
	tag, _ := wire.Param(p, "tag")
	return tag
}
