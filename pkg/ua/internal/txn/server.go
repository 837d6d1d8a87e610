package txn

import (
	"container/list"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// Server is a server transaction.
//
//	INVITE:     Proceeding --3xx-6xx--> Completed --ACK (I = 0), H--> Terminated
//	               |--2xx--> Accepted --L--> Terminated
//	others:     Trying --1xx--> Proceeding --2xx-6xx--> Terminated (J = 0; the answer is remembered)
type Server struct {
	req      *wire.Request
	state    State
	deadline time.Time
	last     *sip.Response

	key, merge string        // in Table.servers and Table.merges
	place      *list.Element // in Table.served
}

// Request returns the request of the transaction.
func (s *Server) Request() *wire.Request { return s.req }

// State returns where the transaction is.
func (s *Server) State() State { return s.state }

// Final reports whether a final response was sent, or can no longer be.
func (s *Server) Final() bool { return s.state > Proceeding }

func (t *Table) addServer(req *wire.Request) *Server {
	s := &Server{req: req, state: Trying, key: serverKey(req, req.Method), merge: mergeKey(req)}
	if req.Method == sip.INVITE {
		s.state = Proceeding
	}
	t.servers[s.key] = s
	if s.merge != "" {
		t.merges[s.merge]++
	}
	return s
}

// endServer takes a transaction out of the table, once.
func (t *Table) endServer(s *Server) {
	s.state = Terminated
	if t.servers[s.key] != s {
		return
	}
	delete(t.servers, s.key)
	if t.merges[s.merge]--; t.merges[s.merge] <= 0 {
		delete(t.merges, s.merge)
	}
	if s.place != nil {
		t.served.Remove(s.place)
	}
}

// linger lets a transaction wait for what may come again after its final response.
func (t *Table) linger(now time.Time, s *Server, state State) {
	s.state, s.deadline = state, now.Add(Timeout)
	if s.place = t.served.PushBack(s); t.served.Len() > maxLingering {
		t.endServer(t.served.Front().Value.(*Server))
	}
}

// Respond sends a response. It reports false, and sends nothing, when the state does not allow it: after a final
// response only a further 2xx to INVITE may follow a 2xx.
func (t *Table) Respond(now time.Time, s *Server, res *sip.Response) bool {
	switch {
	case s.state == Accepted && res.StatusCode >= 200 && res.StatusCode < 300:
	case s.Final():
		return false
	case res.StatusCode < 200:
		s.state = Proceeding
	case s.req.Method != sip.INVITE:
		t.endServer(s)
		t.answers.keep(now, s.key, res)
	case res.StatusCode < 300:
		t.linger(now, s, Accepted)
	default:
		t.linger(now, s, Completed)
	}
	s.last = res
	t.send(res)
	return true
}

// receiveAck ends a refused INVITE; every other ACK is one to a 2xx and goes up.
func (t *Table) receiveAck(req *wire.Request) In {
	s := t.inviteOf(req)
	if s == nil || s.state == Accepted {
		return In{Request: req}
	}
	if s.state == Completed {
		t.endServer(s)
	}
	return In{}
}

// again answers a request that was answered before, and reports whether it was.
func (t *Table) again(now time.Time, req *wire.Request) bool {
	res := t.answers.find(now, serverKey(req, req.Method))
	if res == nil || *res.CSeq() != *req.CSeq() || *res.CallID() != *req.CallID() {
		return false // or its sender gives one branch to several requests
	}
	t.send(res)
	return true
}

// repeat answers a retransmitted request as it was answered before. A 2xx is repeated by its owner only.
func (t *Table) repeat(s *Server) {
	if s.last != nil && s.state != Accepted {
		t.send(s.last)
	}
}
