package txn

import (
	"time"

	"github.com/emiago/sipgo/sip"
)

// Server is a server transaction.
//
//	INVITE:     Proceeding --3xx-6xx--> Completed --ACK (I = 0), H--> Terminated
//	               |--2xx--> Accepted --L--> Terminated
//	others:     Trying --1xx--> Proceeding --2xx-6xx--> Terminated (J = 0)
type Server struct {
	req      *sip.Request
	state    State
	deadline time.Time
	last     *sip.Response
}

// Request returns the request of the transaction.
func (s *Server) Request() *sip.Request { return s.req }

// State returns where the transaction is.
func (s *Server) State() State { return s.state }

// Final reports whether a final response was sent, or can no longer be.
func (s *Server) Final() bool { return s.state > Proceeding }

func (t *Table) addServer(req *sip.Request) *Server {
	s := &Server{req: req, state: Trying}
	if req.Method == sip.INVITE {
		s.state = Proceeding
	}
	t.servers[serverKey(req, req.Method)] = s
	return s
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
		s.state = Terminated
		delete(t.servers, serverKey(s.req, s.req.Method))
	case res.StatusCode < 300:
		s.state, s.deadline = Accepted, now.Add(Timeout)
	default:
		s.state, s.deadline = Completed, now.Add(Timeout)
	}
	s.last = res
	t.send(res)
	return true
}

// receiveAck ends a refused INVITE; every other ACK is one to a 2xx and goes up.
func (t *Table) receiveAck(req *sip.Request) In {
	s := t.inviteOf(req)
	if s == nil || s.state == Accepted {
		return In{Request: req}
	}
	if s.state == Completed {
		s.state = Terminated
		delete(t.servers, serverKey(s.req, sip.INVITE))
	}
	return In{}
}

// repeat answers a retransmitted request as it was answered before. A 2xx is repeated by its owner only.
func (t *Table) repeat(s *Server) {
	if s.last != nil && s.state != Accepted {
		t.send(s.last)
	}
}
