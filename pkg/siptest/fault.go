//go:build !js

package siptest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// faults are the switches that make the server misbehave.
type faults struct {
	refuse        int // dials still to be refused
	closeDials    bool
	noSubprotocol bool
	blackhole     bool
	delay         time.Duration
	rejections    []rejection
}

type rejection struct {
	method string
	code   int
	extra  []field
}

type dialFault int

const (
	dialNormally dialFault = iota
	dialRefuse
	dialClose
	dialNoSubprotocol
)

func (s *Server) dialFault() dialFault {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.faults.closeDials:
		return dialClose
	case s.faults.refuse > 0:
		s.faults.refuse--
		return dialRefuse
	case s.faults.noSubprotocol:
		return dialNoSubprotocol
	}
	return dialNormally
}

// connsOf are the connections of a user, of everybody when user is "". Called with mu held.
func (s *Server) connsOf(user string) (conns []*conn) {
	for _, c := range s.conns {
		if user == "" || c.user == user || s.bindsOver(user, c) {
			conns = append(conns, c)
		}
	}
	return conns
}

// DropConnections cuts the connections of a user, or all when user is "", without a close frame.
// It returns how many there were.
func (s *Server) DropConnections(user string) int {
	s.mu.Lock()
	conns := s.connsOf(user)
	for _, c := range conns {
		c.dead, c.died = true, time.Now()
	}
	s.mu.Unlock()
	for _, c := range conns {
		c.mc.Abandon()
	}
	return len(conns)
}

// CloseConnections ends the connections of a user, or all when user is "", with a WebSocket close frame.
func (s *Server) CloseConnections(user string, code int, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.connsOf(user) {
		c.mc.Close(code, reason)
	}
}

// Refuse answers the next n WebSocket dials with HTTP 503.
func (s *Server) Refuse(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.refuse = n
}

// RefuseDials closes the TCP connection of every dial without an answer, until switched off.
func (s *Server) RefuseDials(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.closeDials = on
}

// NoSubprotocol accepts WebSockets without the subprotocol "sip", until switched off.
func (s *Server) NoSubprotocol(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.noSubprotocol = on
}

// Delay lets every message leave the server d later, in order.
func (s *Server) Delay(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.delay = d
}

// Blackhole accepts everything, answers nothing and sends nothing, until switched off.
func (s *Server) Blackhole(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.blackhole = on
}

func (s *Server) blackholed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults.blackhole
}

// InjectRaw sends bytes as they are, as one WebSocket message, over every connection of a user.
func (s *Server) InjectRaw(user string, data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	conns := s.connsOf(user)
	if len(conns) == 0 {
		return fmt.Errorf("inject: %s has no connection", user)
	}
	for _, c := range conns {
		c.queue.put(outgoing{data: slices.Clone(data), raw: true})
	}
	return nil
}

// RejectNext answers the next request of that method with code, and with header lines such as "Retry-After: 5".
// Several calls line up. An ACK or CANCEL cannot be rejected.
func (s *Server) RejectNext(method string, code int, headers ...string) {
	r := rejection{method: method, code: code}
	for _, h := range headers {
		r.extra = append(r.extra, headerLine(h))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.rejections = append(s.faults.rejections, r)
}

func (s *Server) takeRejection(method string) (rejection, bool) {
	i := slices.IndexFunc(s.faults.rejections, func(r rejection) bool { return r.method == method })
	if i < 0 {
		return rejection{}, false
	}
	r := s.faults.rejections[i]
	s.faults.rejections = slices.Delete(s.faults.rejections, i, i+1)
	return r, true
}

func headerLine(line string) field {
	name, value, _ := strings.Cut(line, ":")
	return field{strings.TrimSpace(name), strings.TrimSpace(value)}
}
