package ua

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

// longAddresses are what the other side can put into a dialog that takes more room in a message of ours than there is: `|` is
// written as %7C.
var longAddresses = map[string]string{
	"Contact":         "Contact: <sip:" + strings.Repeat("|", 25000) + "@192.0.2.9;transport=ws>",
	"parameter":       "Contact: <sip:peer@192.0.2.9;transport=ws;x=" + strings.Repeat("|", 25000) + ">",
	"Record-Route":    okContact + "\nRecord-Route: <sip:" + strings.Repeat("|", 25000) + "@192.0.2.1;lr>",
	"strict router":   okContact + "\nRecord-Route: <sip:" + strings.Repeat("|", 25000) + "@192.0.2.1>",
	"many routes":     okContact + strings.Repeat("\nRecord-Route: <sip:"+strings.Repeat("|", 600)+"@192.0.2.1;lr>", 40),
	"a little longer": "Contact: <sip:" + strings.Repeat("p", maxTarget) + "@192.0.2.9;transport=ws>",
}

// A dialog whose addresses fit into no message could be neither acknowledged nor repaired nor ended.
func TestAddressThatFitsIntoNoMessageIsPassedOver(t *testing.T) {
	for name, lines := range longAddresses {
		t.Run(name+" of a 200", func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				call := h.dialTo("1002")
				h.respond(h.wantRequest("calling", sip.INVITE), 200, "tag=far", lines, sdp("far"))
				h.wantSent("answered", "ACK")
				h.loseAndRegister()
				h.respond(h.wantRequest("repaired", sip.INVITE), 200, "tag=far", lines, sdp("far"))
				h.wantSent("repaired", "ACK")
				h.forget()
				call.Hangup(h.t.Context())
				h.respond(h.wantRequest("ended", sip.BYE), 200)
				h.wantEvent("ended", "ending", "ended hung up here")
			})
		})
		t.Run(name+" of an INVITE", func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				p := h.caller("in-1")
				p.send("INVITE", append(strings.Split(lines, "\n"), sdp("in"))...)
				p.remote = h.wantSent("rings", "100 INVITE", "180 INVITE")[1].To().Value()
				call := h.wantEvent("rings", "incoming")[0].(IncomingCallEvent).Call
				if err := call.Accept(h.t.Context()); err != nil {
					h.t.Fatal(err)
				}
				h.wantSent("accepted", "200 INVITE")
				h.recv(p.text("ACK", p.seq))
				h.forget()
				call.Hangup(h.t.Context())
				h.respond(h.wantRequest("ended", sip.BYE), 200)
				h.wantEvent("ended", "ending", "ended hung up here")
			})
		})
	}
}

// bounded ends a story that runs in circles without letting time pass: the test could not be told from a page that hangs.
func (h *harness) bounded(s *fakeSession, jobs int) {
	s.onNote = func() {
		if jobs--; jobs == 0 {
			h.t.Errorf("too many jobs in no time: %q", s.log[len(s.log)-8:])
			h.agent.mailbox.close()
			runtime.Goexit()
		}
	}
}

// A re-INVITE that cannot be written comes again as one that was refused: after a while, a few times.
func TestRepairThatCannotBeWrittenEnds(t *testing.T) {
	for _, op := range []string{"repair", "hold", "refresh"} {
		t.Run(op, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				call := h.dialTo("1002")
				invite := h.wantRequest("calling", sip.INVITE)
				tag := strings.Repeat("t", 64<<10-500) // of which an ACK is made, but no INVITE
				h.respond(invite, 200, "tag="+tag, okContact, sdp("far"))
				h.wantSent("answered", "ACK")
				h.bounded(h.media.last(), 50)
				switch op {
				case "repair":
					h.loseAndRegister()
				case "hold":
					if err := call.Hold(h.t.Context()); err == nil {
						h.t.Error("held, and nobody was told")
					}
				case "refresh":
					h.agent.post(turn(func(now time.Time) { call.s.startOp(now, &offerOp{kind: opRefresh}) }))
				}
				h.advance(time.Minute)
				if info := call.Info(); info.State != CallEstablished || info.Busy {
					h.t.Errorf("%v, busy %v: the audio goes on", info.State, info.Busy)
				}
				if n := strings.Count(h.media.last().history(), "offer"); n > 2+maxRepairs {
					h.t.Errorf("%d offers", n)
				}
				h.forget()
				call.Hangup(h.t.Context())
				h.respond(h.wantRequest("a BYE is short enough", sip.BYE), 200)
				h.wantEvent("ended", "ending", "ended hung up here")
			})
		})
	}
}

// A call whose 200 cannot be acknowledged is no call: the other side ends it after half a minute.
func TestCallThatCannotBeAcknowledgedEnds(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		call := h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		res := responseText(invite, 200, "tag=far", okContact, sdp("far"))
		to := fmt.Sprintf("To: <sip:%s@example.com>;tag=far", strings.Repeat("|", 25000))
		h.recv(strings.Replace(res, "To: "+invite.To().Value()+";tag=far", to, 1))
		h.wantSent("nothing can be written")
		if info := call.Info(); info.State != CallEnded || info.Cause.Kind != CauseProtocol {
			h.t.Errorf("%v %+v", info.State, info.Cause)
		}
		h.forget()
	})
}
