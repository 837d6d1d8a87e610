//go:build !js

package siptest

import (
	"regexp"
	"strings"
	"testing"
)

var (
	candidateLines = regexp.MustCompile(`(?m)^a=(candidate|end-of-candidates).*\r\n`)
	userFragments  = regexp.MustCompile(`(?m)^a=ice-ufrag:.*\r\n`)
	connectionLine = regexp.MustCompile(`(?m)^c=.*\r\n`)
)

// without takes lines out of a description.
func without(sdp string, lines *regexp.Regexp) string { return lines.ReplaceAllString(sdp, "") }

// restarted is an offer with other ICE credentials. Nobody connects to them.
func restarted(sdp string) string {
	return userFragments.ReplaceAllString(sdp, "a=ice-ufrag:other\r\n")
}

// tryOffer sends a re-INVITE with a description and takes its final response.
func tryOffer(c *client, invite, ok *message, sdp, code string) *message {
	c.t.Helper()
	m := c.inDialog("INVITE", invite, ok)
	m.add("Content-Type", "application/sdp")
	m.body = []byte(sdp)
	c.send(m)
	c.want("the server shows that it has the re-INVITE", "100")
	got := c.want("the re-INVITE is answered", code)
	if code == "200" {
		c.send(c.inDialog("ACK", m, got))
	} else {
		c.send(c.ackFailure(m, got))
	}
	return got
}

// packets is how much audio the newest call has received.
func packets(srv *Server) uint64 {
	calls := srv.Calls()
	return calls[len(calls)-1].PacketsReceived
}

// waitPackets waits until n more packets have come in.
func waitPackets(t *testing.T, srv *Server, n uint64) {
	t.Helper()
	first := packets(srv)
	if _, err := srv.WaitCall(testContext(t), func(c Call) bool {
		return c.State != CallEnded && c.PacketsReceived >= first+n
	}); err != nil {
		t.Fatal("no audio comes in:", err)
	}
}

func TestNumberThatAnswersARestartWithoutICE(t *testing.T) {
	srv := newServer(t, quick)
	c := login(t, srv, "1001")
	p := newPhone(t, "PCMU")
	plain := connectionLine.ReplaceAllString(p.offer(nil), "c=IN IP4 127.0.0.1\r\n")
	invite := c.invite("sip:"+restartNumber+"@sip.test", plain)
	ok := c.want("the number answers", "200")
	p.answered(ok.body)
	c.send(c.inDialog("ACK", invite, ok))
	go p.talk()
	p.hearEcho(3)
	for name, offer := range map[string]string{"restart": restarted(plain), "no candidates": without(plain, candidateLines)} {
		got := string(tryOffer(c, invite, ok, offer, "200").body)
		if strings.Contains(got, "ice-ufrag") || strings.Contains(got, "candidate") || !strings.Contains(got, "a=recvonly\r\n") ||
			!strings.Contains(got, "fingerprint") {
			t.Errorf("%s is answered by\n%s", name, got)
		}
	}
	zero := connectionLine.ReplaceAllString(plain, "c=IN IP4 0.0.0.0\r\n")
	if got := string(tryOffer(c, invite, ok, zero, "200").body); !strings.Contains(got, "a=recvonly\r\n") ||
		!strings.Contains(got, "ice-ufrag") {
		t.Errorf("c=0.0.0.0 is hold, got\n%s", got)
	}
	if got := string(tryOffer(c, invite, ok, plain, "200").body); !strings.Contains(got, "a=sendrecv\r\n") {
		t.Errorf("a usual offer is answered by\n%s", got)
	}
	waitPackets(t, srv, 5)
}

func TestNumberThatNeedsCandidates(t *testing.T) {
	for _, number := range []string{strictNumber, halfNumber} {
		t.Run(number, func(t *testing.T) {
			srv := newServer(t, quick)
			c := login(t, srv, "1001")
			p := newPhone(t, "PCMU")
			offer := p.offer(nil)
			c.invite("sip:"+number+"@sip.test", without(offer, candidateLines))
			c.want("no candidates, no call", "488")
			invite, ok := talkTo(c, newPhone(t, "PCMU"), number)
			tryOffer(c, invite, ok, without(offer, candidateLines), "488")
			if call, err := srv.WaitCall(testContext(t), func(c Call) bool { return c.State == CallConfirmed }); err != nil ||
				call.Number != number {
				t.Errorf("got %+v, %v; a refused re-INVITE leaves the call", call, err)
			}
		})
	}
}

func TestNumberThatHalfAppliesWhatItRefuses(t *testing.T) {
	srv := newServer(t, quick)
	c := login(t, srv, "1001")
	p := newPhone(t, "PCMU")
	invite, ok := talkTo(c, p, halfNumber)
	p.hearEcho(3)
	plain := p.offer(nil)
	tryOffer(c, invite, ok, restarted(plain), "488")
	srv.mu.Lock()
	deaf := srv.calls[invite.callID()+"|"+ok.toTag()].inUse.deaf.Load()
	srv.mu.Unlock()
	if !deaf {
		t.Error("it hears although the credentials in use were to be replaced")
	}
	tryOffer(c, invite, ok, plain, "200")
	waitPackets(t, srv, 5)
}

func TestNumberThatSendsItsByeToTheFirstConnection(t *testing.T) {
	for number, arrives := range map[string]bool{echoNumber: true, halfNumber: false} {
		t.Run(number, func(t *testing.T) {
			srv := newServer(t, quick)
			first := login(t, srv, "1001")
			invite, ok := talkTo(first, newPhone(t, "PCMU"), number)
			second := login(t, srv, "1001")
			again := second.inDialog("INVITE", invite, ok)
			again.set("Contact", "<"+second.contact()+">")
			again.set("CSeq", "50 INVITE")
			again.add("Content-Type", "application/sdp")
			again.body = invite.body
			second.send(again)
			second.want("the server shows that it has the re-INVITE", "100")
			second.send(second.inDialog("ACK", again, second.want("the dialog has moved", "200")))
			if !srv.HangUp(invite.callID()) {
				t.Fatal("no such call")
			}
			at := first
			if arrives {
				at = second
			}
			at.want("the number hangs up", "BYE")
			if srv.HangUp(invite.callID()) {
				t.Error("hung up twice")
			}
		})
	}
}
