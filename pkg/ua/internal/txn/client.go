package txn

import (
	"cmp"
	"container/list"
	"slices"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// Handler gets every response of a transaction, or ErrTimeout or ErrTransport in place of a final one. For INVITE it
// gets each 2xx, retransmissions and other forks included, as long as the transaction stays Accepted.
type Handler func(now time.Time, res *wire.Response, err error)

// Client is a client transaction.
//
//	INVITE:     Calling --1xx--> Proceeding --2xx--> Accepted --M--> Terminated
//	               |                 |--3xx-6xx, ACK--> Terminated (D = 0)
//	               |--B--> Terminated
//	others:     Trying --1xx--> Proceeding --2xx-6xx--> Terminated (K = 0)
//	               '------F--------'--> Terminated
type Client struct {
	req      *sip.Request
	state    State
	deadline time.Time
	handler  Handler
	seq      int // age, for a stable order
	cancel   []sip.Header
	canceled bool // CANCEL is wanted, or sent
	sent     bool // CANCEL is sent
	resumed  bool // after Drop: nobody waits for it any more

	key   string        // in Table.clients
	place *list.Element // in Table.answered
}

// Request returns the request of the transaction.
func (c *Client) Request() *sip.Request { return c.req }

// State returns where the transaction is.
func (c *Client) State() State { return c.state }

// Request sends req in a new transaction. Its top Via must carry a fresh branch.
func (t *Table) Request(now time.Time, req *sip.Request, handler Handler) *Client {
	c := &Client{req: req, state: Trying, deadline: now.Add(Timeout), handler: handler, key: clientKey(req)}
	if req.Method == sip.INVITE {
		c.state = Calling
	}
	t.seq++
	c.seq = t.seq
	t.clients[c.key] = c
	t.send(req)
	return c
}

// Cancel asks for the end of an INVITE that has no final response yet (RFC 3261 section 9.1). The CANCEL leaves now, or
// as soon as a provisional response has come. When no final response follows within 64*T1 the handler gets ErrTimeout.
// It reports whether the transaction could still be cancelled. Headers, such as Reason, are added to the CANCEL.
func (t *Table) Cancel(now time.Time, c *Client, headers ...sip.Header) bool {
	if c.req.Method != sip.INVITE || c.state != Calling && c.state != Proceeding {
		return false
	}
	if !c.canceled {
		c.canceled, c.cancel = true, headers
		if c.state == Proceeding {
			t.sendCancel(now, c)
		}
	}
	return true
}

// Resume goes on with an INVITE whose connection was lost (Drop), until the deadline: its Handler gets what still comes, and
// Cancel gives it up over another connection, for which the request must have a new source. The CANCEL then does not wait
// for a provisional response (RFC 3261 section 9.1), which may have come too late, because it cannot overtake an INVITE any
// more.
func (t *Table) Resume(c *Client, deadline time.Time) {
	if c.state == Terminated {
		c.state, c.deadline, c.canceled, c.sent, c.resumed = Proceeding, deadline, false, false, true
		t.clients[clientKey(c.req)] = c
	}
}

func (t *Table) sendCancel(now time.Time, c *Client) {
	c.sent, c.deadline = true, now.Add(Timeout)
	req := copyHead(sip.CANCEL, c.req, c.req.To())
	for _, h := range c.cancel {
		req.AppendHeader(h)
	}
	t.Request(now, req, func(time.Time, *wire.Response, error) {})
}

// receiveResponse moves a client transaction (RFC 3261 section 17.1, RFC 6026 section 7.2). Every 2xx to an INVITE is handed on,
// each fork has its own; any other final response is acknowledged here, and told once.
func (t *Table) receiveResponse(now time.Time, c *Client, res *wire.Response) {
	switch {
	case res.StatusCode < 200:
		if c.state == Accepted {
			return
		}
		t.provisional(now, c)
	case c.req.Method != sip.INVITE:
		t.endClient(c)
	case res.StatusCode < 300:
		if c.state != Accepted {
			t.lingerClient(now, c)
		}
	case c.state == Accepted:
		return
	default:
		t.send(ack(c.req, res))
		t.endClient(c)
	}
	c.handler(now, res, nil)
}

func (t *Table) provisional(now time.Time, c *Client) {
	c.state = Proceeding
	if c.req.Method != sip.INVITE {
		return
	}
	if !c.sent && !c.resumed {
		c.deadline = time.Time{}
	}
	if c.canceled && !c.sent {
		t.sendCancel(now, c)
	}
}

func (t *Table) endClient(c *Client) {
	c.state = Terminated
	if t.clients[c.key] == c {
		delete(t.clients, c.key)
	}
	if c.place != nil {
		t.answered.Remove(c.place)
		c.place = nil
	}
}

// lingerClient lets an INVITE wait for the 2xx of other forks (RFC 6026).
func (t *Table) lingerClient(now time.Time, c *Client) {
	c.state, c.deadline = Accepted, now.Add(Timeout)
	if c.place = t.answered.PushBack(c); t.answered.Len() > maxLingering {
		t.endClient(t.answered.Front().Value.(*Client))
	}
}

// ack makes the ACK to a non-2xx (RFC 3261 section 17.1.1.3).
func ack(invite *sip.Request, res *wire.Response) *sip.Request {
	req := copyHead(sip.ACK, invite, res.To())
	return req
}

// copyHead makes the ACK or CANCEL that belongs to invite: same Request-URI, top Via, Route, From, Call-ID and number.
func copyHead(method sip.RequestMethod, invite *sip.Request, to *sip.ToHeader) *sip.Request {
	req := sip.NewRequest(method, *invite.Recipient.Clone())
	req.AppendHeader(invite.Via().Clone())
	for _, h := range invite.GetHeaders("Route") {
		req.AppendHeader(sip.HeaderClone(h))
	}
	forwards := sip.MaxForwardsHeader(70)
	req.AppendHeader(&forwards)
	req.AppendHeader(sip.HeaderClone(invite.From()))
	req.AppendHeader(sip.HeaderClone(to))
	req.AppendHeader(sip.HeaderClone(invite.CallID()))
	req.AppendHeader(&sip.CSeqHeader{SeqNo: invite.CSeq().SeqNo, MethodName: method})
	req.SetTransport(invite.Transport())
	req.SetSource(invite.MessageData.Source()) // "" where the Via tells the way
	return req
}

func sortBySeq(clients []*Client) {
	slices.SortFunc(clients, func(a, b *Client) int { return cmp.Compare(a.seq, b.seq) })
}
