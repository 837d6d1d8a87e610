package ua

import (
	"fmt"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// peer is the far end of a dialog.
type peer struct {
	h             *harness
	callID        string
	local, remote string // From and To values as the peer sends them
	target        string // Contact of the user agent
	seq           int
}

// called is the far end of a call of ours, with its tag.
func (h *harness) called(invite *sip.Request, tag string) *peer {
	to := invite.To().Value() + ";tag=" + tag
	return &peer{h: h, callID: invite.CallID().Value(), local: to, remote: invite.From().Value(),
		target: uriOf(invite.Contact().Address)}
}

func uriOf(u sip.Uri) string { return u.String() }

// send makes a request of the peer. extra as in respond.
func (p *peer) send(method string, extra ...string) {
	p.h.t.Helper()
	p.seq++
	p.h.recv(p.text(method, p.seq, extra...))
}

func (p *peer) text(method string, seq int, extra ...string) string {
	p.h.seq++
	branch, body, kind := fmt.Sprintf("z9hG4bKpeer%d", p.h.seq), "", "application/sdp"
	var lines []string
	for _, e := range extra {
		switch {
		case strings.HasPrefix(e, "branch="):
			branch = e[7:]
		case strings.HasPrefix(e, "body="):
			body = e[5:]
		case strings.HasPrefix(e, "v=0"):
			body = e
		case strings.HasPrefix(e, "Content-Type: "):
			kind = e[14:]
		default:
			lines = append(lines, e)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s SIP/2.0\nVia: SIP/2.0/WSS a.example;branch=%s\nMax-Forwards: 69\nFrom: %s\nTo: %s\nCall-ID: %s\n"+
		"CSeq: %d %s\n",
		method, p.target, branch, p.local, p.remote, p.callID, seq, method)
	if method == "INVITE" || method == "UPDATE" {
		fmt.Fprintf(&b, "%s\n", okContact)
	}
	for _, l := range lines {
		fmt.Fprintf(&b, "%s\n", l)
	}
	if body != "" {
		fmt.Fprintf(&b, "Content-Type: %s\n", kind)
	}
	fmt.Fprintf(&b, "Content-Length: %d\n\n%s", len(body), body)
	return b.String()
}

// calls makes the peer of a call to us; nothing is sent yet.
func (h *harness) caller(callID string) *peer {
	return &peer{h: h, callID: callID, local: `"Demo 1002" <sip:1002@example.com>;tag=far`, remote: "<sip:1001@example.com>",
		target: look(h, func(c *core) string { return uriOf(c.lead().contactURI()) })}
}

// ringIn lets a call come in and returns its peer and handle.
func (h *harness) ringIn(extra ...string) (*peer, *Call) {
	h.t.Helper()
	p := h.caller(fmt.Sprintf("in-%d@example.com", h.seq))
	p.send("INVITE", extra...)
	msgs := h.wantSent("an INVITE is answered at once", "100 INVITE", "180 INVITE")
	p.remote = msgs[1].To().Value()
	ev := h.wantEvent("an INVITE rings", "incoming")[0].(IncomingCallEvent)
	return p, ev.Call
}

// talkIn lets a call come in and accepts it.
func (h *harness) talkIn() (*peer, *Call) {
	h.t.Helper()
	p, call := h.ringIn(sdp("in"))
	if err := call.Accept(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	h.wantSent("accepted", "200 INVITE")
	h.recv(p.text("ACK", p.seq))
	h.wantEvent("accepted and confirmed", "connecting", "established")
	return p, call
}

// talkOut makes a call that is answered.
func (h *harness) talkOut() (*peer, *Call) {
	h.t.Helper()
	call := h.dialTo("1002")
	invite := h.wantRequest("calling", sip.INVITE)
	h.respond(invite, 180, "tag=far", okContact)
	h.respond(invite, 200, "tag=far", okContact, sdp("far"))
	h.wantSent("answered", "ACK")
	h.wantEvent("a call is made", "preparing", "calling", "ringing", "connecting", "established")
	return h.called(invite, "far"), call
}
