package txn

import (
	"container/list"
	"errors"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// T1 is the round-trip estimate all timers derive from, and T2 the longest interval between retransmissions
// (RFC 3261 section 17.1.1.1).
const (
	T1 = 500 * time.Millisecond
	T2 = 4 * time.Second
)

// Timeout is 64*T1: timers B, F, H, L and M.
const Timeout = 64 * T1

// Errors a Handler gets instead of a response.
var (
	ErrTimeout   = errors.New("txn: no response within 64*T1")
	ErrTransport = errors.New("txn: connection lost")
)

// State is a state of RFC 3261 section 17 or RFC 6026.
type State int

const (
	Calling    State = iota // INVITE client: nothing received yet
	Trying                  // non-INVITE, both sides: no response yet
	Proceeding              // a provisional response went by
	Completed               // INVITE server: refused, waits for the ACK
	Accepted                // INVITE: a 2xx went by; stays for 64*T1
	Terminated
)

func (s State) String() string {
	return [...]string{"Calling", "Trying", "Proceeding", "Completed", "Accepted", "Terminated"}[s]
}

// Table holds the transactions of one user agent.
type Table struct {
	send    func(sip.Message)
	clients map[string]*Client
	servers map[string]*Server
	merges  map[string]int // live server transactions by mergeKey
	seq     int

	// Those that have their final response and only wait for what may come again, oldest first.
	served   list.List // of *Server: Completed or Accepted
	answered list.List // of *Client: Accepted
	answers  answers   // to other requests than INVITE
}

// maxLingering is how many transactions of a side may wait for what may come again. Over a reliable transport little does, while
// each holds its messages for half a minute: without a limit whoever sends INVITEs and no ACK fills the memory and makes every
// later message slower. One that ends early misses nothing that its owner does not take too: an ACK, or a 2xx as Stray.
const maxLingering = 64

// New makes a table whose messages leave through send, which must not call back into the table.
func New(send func(sip.Message)) *Table {
	return &Table{send: send, clients: map[string]*Client{}, servers: map[string]*Server{}, merges: map[string]int{}}
}

// In is what a received message means to the owner of the table.
type In struct {
	Request *wire.Request  // a new request, an ACK to a 2xx, or a CANCEL; nil when the message was a response or absorbed
	Server  *Server        // its transaction; nil for ACK
	Cancels *Server        // for a CANCEL: the INVITE it is about, when there is one
	Merged  bool           // the request came a second time by another path (RFC 3261 section 8.2.2.2): answer 482
	Stray   *wire.Response // a response without transaction
}

// Receive takes one message. Responses go to the Handler of their transaction; Stray is one that has none.
// Retransmissions and the ACK to a non-2xx end here.
func (t *Table) Receive(now time.Time, msg wire.Message) In {
	switch m := msg.(type) {
	case *wire.Request:
		return t.receiveRequest(now, m)
	case *wire.Response:
		c := t.Find(m)
		if c == nil {
			return In{Stray: m}
		}
		complete(m, c.req)
		t.receiveResponse(now, c, m)
	}
	return In{}
}

// receiveRequest finds what a request belongs to. A repetition gets the answer given before; a CANCEL is a transaction of its own
// that names another one; a request that came by another way already is marked as merged (RFC 3261 section 8.2.2.2).
func (t *Table) receiveRequest(now time.Time, req *wire.Request) In {
	switch req.Method {
	case sip.ACK:
		return t.receiveAck(req)
	case sip.CANCEL:
		if t.servers[serverKey(req, sip.CANCEL)] != nil || t.again(now, req) {
			return In{}
		}
		return In{Request: req, Server: t.addServer(req), Cancels: t.inviteOf(req)}
	}
	if s := t.servers[serverKey(req, req.Method)]; s != nil {
		t.repeat(s)
		return In{}
	}
	if t.again(now, req) {
		return In{}
	}
	s := t.addServer(req)
	return In{Request: req, Server: s, Merged: s.merge != "" && t.merges[s.merge] > 1}
}

// mergeKey is what requests share that are the same one by another path. Requests in a dialog have none.
func mergeKey(req *wire.Request) string {
	if req.ToTag != "" || req.Method == sip.CANCEL {
		return ""
	}
	return string(req.Method) + "\n" + req.CallID().Value() + "\n" + req.CSeq().Value() + "\n" + req.FromTag
}

// NextDeadline returns when Expire has work, or the zero time.
func (t *Table) NextDeadline() time.Time {
	var next time.Time
	earlier := func(at time.Time) {
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	for _, c := range t.clients {
		earlier(c.deadline)
	}
	if oldest := t.served.Front(); oldest != nil { // they all wait equally long
		earlier(oldest.Value.(*Server).deadline)
	}
	return next
}

// Expire ends every transaction whose timer is due. Handlers of unanswered requests get ErrTimeout.
func (t *Table) Expire(now time.Time) {
	t.answers.expire(now)
	for e := t.served.Front(); e != nil && due(e.Value.(*Server).deadline, now); e = t.served.Front() {
		t.endServer(e.Value.(*Server))
	}
	var late []*Client
	for _, c := range t.clients {
		if due(c.deadline, now) {
			late = append(late, c)
		}
	}
	t.fail(now, late, ErrTimeout)
}

// Drop ends every transaction whose request went over a connection that is lost. Handlers still waiting get ErrTransport.
func (t *Table) Drop(now time.Time, lost func(sip.Message) bool) {
	for _, s := range t.servers {
		if lost(s.req) {
			t.endServer(s)
		}
	}
	var over []*Client
	for _, c := range t.clients {
		if lost(c.req) {
			over = append(over, c)
		}
	}
	t.fail(now, over, ErrTransport)
}

// Unsent ends the transaction of a request that could not be written. Its Handler gets ErrTransport.
func (t *Table) Unsent(now time.Time, req *sip.Request) {
	if c := t.clients[clientKey(req)]; c != nil && c.req == req {
		t.fail(now, []*Client{c}, ErrTransport)
	}
}

// fail ends clients oldest first, so that the order of what follows does not hang on a map.
func (t *Table) fail(now time.Time, clients []*Client, err error) {
	sortBySeq(clients)
	for _, c := range clients {
		waiting := c.state != Accepted
		t.endClient(c)
		if waiting {
			c.handler(now, nil, err)
		}
	}
}

// Len returns the number of live transactions.
func (t *Table) Len() int { return len(t.clients) + len(t.servers) }

// Open returns the number of transactions without a final response: those that a lost connection would cut off.
func (t *Table) Open() int {
	n := 0
	for _, c := range t.clients {
		if c.state <= Proceeding {
			n++
		}
	}
	for _, s := range t.servers {
		if !s.Final() {
			n++
		}
	}
	return n
}

func due(at, now time.Time) bool { return !at.IsZero() && !at.After(now) }

func tag(p sip.HeaderParams) string {
	v, _ := p.Get("tag")
	return v
}

const cookie = "z9hG4bK"

// clientKey is the branch of our Via with the method of the CSeq (RFC 3261 section 17.1.3).
func clientKey(msg sip.Message) string {
	via, cseq := msg.Via(), msg.CSeq()
	if via == nil || cseq == nil {
		return ""
	}
	branch, _ := via.Params.Get("branch")
	return branch + " " + string(cseq.MethodName)
}

// serverKey follows RFC 3261 section 17.2.3, with its rules for peers of RFC 2543 whose branches are not unique.
func serverKey(req *wire.Request, method sip.RequestMethod) string {
	via := req.Via()
	branch, _ := via.Params.Get("branch")
	if strings.HasPrefix(branch, cookie) && len(branch) > len(cookie) {
		return branch + " " + strings.ToLower(via.SentBy()) + " " + string(method)
	}
	return strings.Join([]string{"2543", req.Recipient.String(), req.FromTag, req.CallID().Value(),
		req.CSeq().Value()[:strings.IndexByte(req.CSeq().Value(), ' ')], via.Value(), string(method)}, " ")
}
