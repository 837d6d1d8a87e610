//go:build !js

package siptest

import (
	"context"
	"strings"
	"time"
)

// DTMF is one tone that a number of the server received.
type DTMF struct {
	CallID string
	User   string // who called
	Digit  string // one of 0-9, A-D, * and #
	Source string // "rtp" (RFC 4733) or "info"
	Time   time.Time
}

// dtmfDigits are the events 0 to 15 of RFC 4733 section 3.2.
const dtmfDigits = "0123456789*#ABCD"

// DTMF is every tone that the server's numbers received so far, oldest first.
func (s *Server) DTMF() []DTMF {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]DTMF(nil), s.dtmf...)
}

// WaitDTMF waits until the tones of one call, all sources together, are digits; callID "" takes every call.
func (s *Server) WaitDTMF(ctx context.Context, callID, digits string) error {
	return s.wait(ctx, func() bool {
		var got strings.Builder
		for _, d := range s.dtmf {
			if callID == "" || d.CallID == callID {
				got.WriteString(d.Digit)
			}
		}
		return got.String() == digits
	})
}

// maxDTMF bounds what DTMF remembers: beyond, the older half is forgotten.
const maxDTMF = 10000

// addDTMF records a tone. Called with mu held.
func (c *peerCall) addDTMF(digit, source string) {
	if len(c.s.dtmf) >= maxDTMF {
		c.s.dtmf = append([]DTMF(nil), c.s.dtmf[maxDTMF/2:]...)
	}
	c.s.dtmf = append(c.s.dtmf, DTMF{CallID: c.info.CallID, User: c.info.User, Digit: digit, Source: source, Time: time.Now()})
	c.s.notify()
}

// infoDigit reads the bodies that telephones send: "Signal=5" lines, or the bare digit.
func infoDigit(contentType, body string) string {
	digit := ""
	switch contentType {
	case "application/dtmf-relay":
		for line := range strings.Lines(body) {
			if name, value, ok := strings.Cut(line, "="); ok && strings.EqualFold(strings.TrimSpace(name), "signal") {
				digit = value
			}
		}
	case "application/dtmf":
		digit = body
	}
	digit = strings.ToUpper(strings.TrimSpace(digit))
	if len(digit) != 1 || !strings.Contains(dtmfDigits, digit) {
		return ""
	}
	return digit
}
