package ua

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/transport"
)

// TestUserPartParametersAreNotTheNumber: what an exchange hangs on the number of the caller (RFC 4694 and the like) is
// neither shown nor called back.
func TestUserPartParametersAreNotTheNumber(t *testing.T) {
	for from, want := range map[string]Address{
		"<sip:+12025550191;npdi;rn=+12025550100@192.0.2.1;user=phone>": {URI: "sip:+12025550191@192.0.2.1;user=phone",
			User: "+12025550191", Host: "192.0.2.1"},
		"<sip:+12025550191;cpc=ordinary@192.0.2.1>": {URI: "sip:+12025550191@192.0.2.1", User: "+12025550191",
			Host: "192.0.2.1"},
		`"*" <sip:*97%23;cpc=ordinary@192.0.2.1>`: {DisplayName: "*", URI: "sip:*97%23@192.0.2.1",
			User: "*97#", Host: "192.0.2.1"},
		"<sip:user;par=u%40example.net@192.0.2.1>": {URI: "sip:user;par=u%40example.net@192.0.2.1",
			User: "user;par=u@example.net", Host: "192.0.2.1"},
	} {
		play(t, nil, func(h *harness) {
			h.start()
			p := h.caller("number")
			p.local = from + ";tag=far"
			p.send("INVITE", sdp("in"))
			ev := h.wantEvent(from, "incoming")[0].(IncomingCallEvent)
			if ev.Info.Remote != want {
				t.Errorf("%s is shown as %+v, want %+v", from, ev.Info.Remote, want)
			}
		})
	}
}

// TestOddCallersRing: From is only shown, and repeated in the answers as it came.
func TestOddCallersRing(t *testing.T) {
	for from, want := range map[string]Address{
		"<sip:@192.0.2.1>":                  {URI: "sip:192.0.2.1", Host: "192.0.2.1"},
		"<sip:Call Center@192.0.2.1>":       {URI: "sip:Call%20Center@192.0.2.1", User: "Call Center", Host: "192.0.2.1"},
		"<sip:+1 (202) 555-0191@192.0.2.1>": {URI: "sip:+12025550191@192.0.2.1", User: "+12025550191", Host: "192.0.2.1"},
		"Müller, Anna <sip:2001@192.0.2.1>": {DisplayName: "Müller, Anna", URI: "sip:2001@192.0.2.1", User: "2001",
			Host: "192.0.2.1"},
		`"Anna <sip:2001@192.0.2.1>`: {DisplayName: "Anna", URI: "sip:2001@192.0.2.1", User: "2001", Host: "192.0.2.1"},
		`"Anna "A" M" <sip:2001@192.0.2.1>`: {DisplayName: `Anna "A" M`, URI: "sip:2001@192.0.2.1", User: "2001",
			Host: "192.0.2.1"},
		"<sip:100%@192.0.2.1:>;;":         {URI: "sip:100%25@192.0.2.1", User: "100%", Host: "192.0.2.1"},
		"<sip:a@b@192.0.2.1>":             {URI: "sip:a%40b@192.0.2.1", User: "a@b", Host: "192.0.2.1"},
		"sip:Call Center@192.0.2.1":       {URI: "sip:Call%20Center@192.0.2.1", User: "Call Center", Host: "192.0.2.1"},
		"Anna <sip:2001@192.0.2.1":        {DisplayName: "Anna", URI: "sip:2001@192.0.2.1", User: "2001", Host: "192.0.2.1"},
		"Anna <>":                         {DisplayName: "Anna", URI: "sip:unreadable.invalid", Host: "unreadable.invalid"},
		"Anna <sip:2001@192.0.2.1:99999>": {DisplayName: "Anna", URI: "sip:unreadable.invalid", Host: "unreadable.invalid"},
		"\"Anna\x01\n\tM\" <sip:1@192.0.2.1>": {DisplayName: "Anna\uFFFD M", URI: "sip:1@192.0.2.1", User: "1",
			Host: "192.0.2.1"},
	} {
		play(t, nil, func(h *harness) {
			h.start()
			p := h.caller("odd")
			p.local = from + ";tag=far"
			p.send("INVITE", sdp("in"))
			msgs := h.wantSent(from, "100 INVITE", "180 INVITE")
			if tag := tagOf(msgs[1].From().Params); tag != "far" {
				t.Errorf("%s: answered to the tag %q", from, tag)
			}
			p.remote = msgs[1].To().Value()
			ev := h.wantEvent(from, "incoming")[0].(IncomingCallEvent)
			if ev.Info.Remote != want {
				t.Errorf("%s is shown as %+v, want %+v", from, ev.Info.Remote, want)
			}
			h.wantErr("accept", ev.Call.Accept(h.t.Context()), nil)
			h.wantSent("accepted", "200 INVITE")
			h.recv(p.text("ACK", p.seq))
			h.wantEvent("the call is made", "connecting", "established")
			p.send("BYE")
			h.wantSent("and ended", "200 BYE")
			h.wantEvent("and ended", "ended hung up there")
		})
	}
}

// oddValues are values of headers of addresses that cannot be read, or only with good will.
var oddValues = []string{"<sip:front desk@192.0.2.7>", "<>", "<sip:x@192.0.2.7:99999>", "<sip:p;lr>;", "<sip:p:;lr>;;", "sip:",
	`"x <sip:a@b>`, "<sip:a@[1>", "<sip:a@b", "*", ",,", ";;", "\x01", "tel:1", "<http://x>"}

// TestAnswersAreTakenWhateverTheyCarry: the call goes on at the target of the INVITE where that of the 2xx cannot be read.
func TestAnswersAreTakenWhateverTheyCarry(t *testing.T) {
	for _, name := range []string{"Contact", "Record-Route", "Allow", "Supported", "Session-Expires", "P-Asserted-Identity",
		"Via", "Server", "(x)", "Date"} {
		for _, value := range oddValues {
			play(t, nil, func(h *harness) {
				h.start()
				h.dialTo("1002")
				invite := h.wantRequest("calling", sip.INVITE)
				h.respond(invite, 200, "tag=far", name+": "+value, sdp("far"))
				why := name + ": " + value
				h.wantSent(why, "ACK")
				h.wantEvent(why, "preparing", "calling", "connecting", "established")
				p := h.called(invite, "far")
				p.send("BYE", name+": "+value)
				h.wantSent(why, "200 BYE")
				h.wantEvent(why, "ended hung up there")
			})
		}
	}
}

// TestAnswersAreFoundByWhatCanBeRead breaks what names the transaction of a response, one at a time.
func TestAnswersAreFoundByWhatCanBeRead(t *testing.T) {
	for _, line := range []string{"Via: SIP/2.0/WSS", "Via: x", "Via: SIP/2.0/WSS a.invalid;branch=z9hG4bKother", "From: <",
		"To: <sip:;tag=far", "To: x", "Call-ID:", "Call-ID: other", "CSeq: x", "CSeq: 1", "CSeq: 1 BYE",
		"CSeq: 99999999999 INVITE", "Content-Length: x", "Content-Length: 99999", "X"} {
		for code, want := range map[int]string{200: "established", 486: "ended busy"} {
			play(t, nil, func(h *harness) {
				h.start()
				h.dialTo("1002")
				invite := h.wantRequest("calling", sip.INVITE)
				h.recv(replaceLine(responseText(invite, code, "tag=far", okContact, sdp("far")), line))
				ack := h.wantRequest(line, sip.ACK)
				h.collect()
				if got := describe(h.seen[len(h.seen)-1]); got != want {
					t.Errorf("%d with %s: %q, want %q", code, line, got, want)
				}
				if ack.CallID().Value() != invite.CallID().Value() || ack.CSeq().SeqNo != invite.CSeq().SeqNo ||
					ack.To().Address.User != "1002" ||
					line != "To: x" && tagOf(ack.To().Params) != "far" {
					t.Errorf("%d with %s: the ACK is not that of the INVITE:\n%s", code, line, ack)
				}
				if code == 200 {
					h.call(ack, invite, line)
				}
			})
		}
	}
}

// call ends the only call from the far end, as one that has the Call-ID of the INVITE and a tag of its own does.
func (h *harness) call(ack, invite *sip.Request, why string) {
	h.t.Helper()
	h.forget()
	h.called(invite, "far").send("BYE")
	h.wantSent(why, "200 BYE")
	h.wantEvent(why, "ended hung up there")
}

// replaceLine replaces the header of the name that line has, or adds line.
func replaceLine(msg, line string) string {
	name, _, _ := strings.Cut(line, ":")
	head, body, _ := strings.Cut(msg, "\n\n")
	lines := strings.Split(head, "\n")
	for i, l := range lines {
		if n, _, _ := strings.Cut(l, ":"); n == name {
			lines[i] = line
			return strings.Join(lines, "\n") + "\n\n" + body
		}
	}
	return head + "\n" + line + "\n\n" + body
}

// TestForeignBindingsCostNothing: what other devices of the account have written into their Contact is not ours to read.
func TestForeignBindingsCostNothing(t *testing.T) {
	for _, other := range []string{"<sip:front desk@192.0.2.9>;expires=300", `"front <sip:desk@192.0.2.9>;expires=300`,
		"<sip:1001@192.0.2.9>;q=2.0", "<sip:1001@192.0.2.9>;reg-id=0", "<sip:1001@192.0.2.9:99999>", "<sip:1001@192.0.2.9",
		";;", "<>", `<sip:1001@192.0.2.9>;+sip.instance="<urn`, "sip:x?y@192.0.2.9"} {
		for _, form := range []string{"Contact: %[1]s\nContact: %[2]s", "Contact: %[2]s\nContact: %[1]s", "Contact: %[1]s, %[2]s",
			"Contact: %[2]s,%[1]s"} {
			play(t, nil, func(h *harness) {
				h.begin()
				req := h.wantRequest("connected", sip.REGISTER)
				h.forget()
				h.respond(req, 200, fmt.Sprintf(form, other, req.GetHeader("Contact").Value()))
				events := h.wantEvent(form+" "+other, "registered")
				if at := events[0].(RegistrationEvent).Expires; time.Until(at) < 500*time.Second {
					t.Errorf("%s %s: bound until %v: another's binding was taken for ours", form, other, at)
				}
				h.collect()
				h.sent = nil
			})
		}
	}
}

// TestRequestsOfADialogAreObeyed: a BYE, CANCEL or ACK that finds its call is obeyed whatever else it carries.
func TestRequestsOfADialogAreObeyed(t *testing.T) {
	for _, line := range []string{"Via: SIP/2.0/WSS a.example;branch=z9hG4bKin\nVia: SIP/2.0/UDP b.example;branch=1;",
		"Via: SIP/2.0/WSS a.example;branch=z9hG4bKin;;received=,SIP/2.0/UDP b:", "Via: x;branch=z9hG4bKin", "Via: x",
		"From: <;tag=far", `From: "x <sip:a@b>;tag=far`, "Record-Route: <", "Contact: <", "Route: x", "CSeq: x",
		"Content-Length: -1", "Content-Length: 500", "Content-Length: 0\nContent-Length: 1", "Content-Type: x",
		"Content-Encoding: gzip", "Require: nothing-we-know", "Max-Forwards: 0", "no colon", "(x): y",
		"Call-ID: obey\nCall-ID: x", "Reason: x;;", "Date: x"} {
		for _, method := range []string{"CANCEL", "ACK", "BYE"} {
			play(t, nil, func(h *harness) {
				h.start()
				p := h.caller("obey")
				p.send("INVITE", sdp("in"), "branch=z9hG4bKin")
				ringing := h.wantSent("an INVITE is answered at once", "100 INVITE", "180 INVITE")[1]
				call := h.wantEvent("an INVITE rings", "incoming")[0].(IncomingCallEvent).Call
				why := method + " with " + line
				if method == "CANCEL" {
					h.recv(replaceLine(p.text("CANCEL", p.seq, "branch=z9hG4bKin"), line))
					h.wantSent(why, "200 "+cseqMethod(line, "CANCEL"), "487 INVITE")
					h.wantEvent(why, "ended cancelled")
					return
				}
				p.remote = ringing.To().Value()
				h.wantErr("accept", call.Accept(h.t.Context()), nil)
				h.wantSent("accepted", "200 INVITE")
				ack := p.text("ACK", p.seq)
				if method == "ACK" {
					ack = replaceLine(ack, line)
				}
				h.recv(ack)
				h.wantEvent(why, "connecting", "established")
				p.seq++
				h.recv(replaceLine(p.text("BYE", p.seq), line))
				h.wantSent(why, "200 "+cseqMethod(line, "BYE"))
				h.wantEvent(why, "ended hung up there")
			})
		}
	}
}

// cseqMethod is what can be read of the CSeq of an answer to a request in which a line was replaced; it goes back as it came.
func cseqMethod(line, method string) string {
	if strings.HasPrefix(line, "CSeq: ") {
		return ""
	}
	return method
}

// arrive lets a frame come in as a connection hands it on, whatever its size.
func (h *harness) arrive(msg string) {
	h.t.Helper()
	head, body, _ := strings.Cut(msg, "\n\n")
	data := []byte(strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + body)
	gen := look(h, func(c *core) int { return c.flows[0].conn.gen })
	h.agent.post(received{gen, data[:min(len(data), transport.MaxMessage+1)]})
	synctest.Wait()
}

// TestMessageTooLargeCostsItself: a frame above 64 KiB is answered by 513 where it is a request, and the call that rings
// meanwhile goes on. What ends something does so at any size.
func TestMessageTooLargeCostsItself(t *testing.T) {
	large := strings.Repeat("x", 70_000)
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.ringIn(sdp("in"))
		h.arrive(h.caller("text").text("MESSAGE", 1, "Content-Type: text/plain", "body="+large))
		res := h.wantResponse("a MESSAGE of 70 kB", "513 MESSAGE")
		if tagOf(res.To().Params) == "" {
			t.Error("the refusal has no To tag")
		}
		h.wantEvent("told", "fault")
		h.arrive(h.caller("text").text("MESSAGE", 2, "Subject: "+large))
		h.wantSent("a head of 70 kB", "513 MESSAGE")
		h.arrive("SIP/2.0 200 OK\nVia: SIP/2.0/WSS x.invalid;branch=z9hG4bKx\nCSeq: 1 MESSAGE\n\n" + large)
		h.arrive(large)
		h.wantSent("an answer to nothing, and no message at all")
		h.wantEvent("told", "fault", "fault", "fault")
		h.wantErr("the call still rings", call.Accept(h.t.Context()), nil)
		h.wantSent("accepted", "200 INVITE")
		h.recv(p.text("ACK", p.seq))
		h.wantEvent("accepted", "connecting", "established")
		p.seq++
		h.arrive(p.text("INFO", p.seq, "Content-Type: text/plain", "body="+large))
		h.wantSent("an INFO of 70 kB", "513 INFO")
		h.wantEvent("told", "fault")
		p.seq++
		h.arrive(p.text("BYE", p.seq, "body="+large))
		h.wantSent("a BYE of 70 kB", "200 BYE")
		h.wantEvent("a BYE of 70 kB", "ended hung up there")

		h.dialTo("1002")
		h.arrive(responseText(h.wantRequest("calling", sip.INVITE), 486, "tag=far", "Subject: "+large))
		h.wantSent("a refusal of 70 kB", "ACK")
		h.wantEvent("a refusal of 70 kB", "preparing", "calling", "ended busy")
		h.dialTo("1002")
		h.arrive(responseText(h.wantRequest("calling", sip.INVITE), 200, "tag=far", okContact, sdp("far")+large))
		h.respond(h.wantSent("an answer of 70 kB", "ACK", "BYE")[1].(*sip.Request), 200)
		h.wantEvent("an answer of 70 kB", "preparing", "calling", "connecting", "ending", "ended protocol")
	})
}
