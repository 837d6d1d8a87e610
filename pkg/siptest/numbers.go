package siptest

import "time"

// DTMF is one tone that a number of the server received.
type DTMF struct {
	CallID string
	User   string
	Digit  string // one of 0-9, A-D, * and #
	Source string // "rtp" (RFC 4733) or "info"
	Time   time.Time
}

// CallRecord is what a number of the server knows of one call.
type CallRecord struct {
	CallID string
}

type peerCall struct{}

func (s *Server) isNumber(user string) bool               { return false }
func (s *Server) serveNumber(t *serverTxn, number string) {}
func (s *Server) callOf(m *message) *peerCall             { return nil }
func (c *peerCall) serve(t *serverTxn)                    {}
func (c *peerCall) acknowledge(m *message)                {}
func (c *peerCall) canceled()                             {}
func (c *peerCall) end()                                  {}
