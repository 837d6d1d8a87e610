package txn

import (
	"fmt"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// broken is a response to req as it arrives when one of its lines is another: parsed, with what could be read.
func broken(t *testing.T, req *sip.Request, code int, body, line string) *wire.Response {
	t.Helper()
	lines := []string{fmt.Sprintf("SIP/2.0 %d Reason", code), "Via: " + req.Via().Value(), "From: " + req.From().Value(),
		"To: " + req.To().Value() + ";tag=to", "Call-ID: " + req.CallID().Value(), "CSeq: " + req.CSeq().Value()}
	name, _, _ := strings.Cut(line, ":")
	for i, l := range lines {
		if strings.HasPrefix(l, name+":") {
			lines[i] = line
		}
	}
	msg, err := wire.Parse([]byte(strings.Join(lines, "\r\n") + "\r\n\r\n" + body))
	if msg == nil {
		t.Fatalf("%s: %v", line, err)
	}
	return msg.(*wire.Response)
}

// TestResponseIsFoundByWhatIsLeft breaks what names the transaction of a response, one at a time: it is found, and has what
// it must repeat.
func TestResponseIsFoundByWhatIsLeft(t *testing.T) {
	for _, line := range []string{"Via: x", "Via: SIP/2.0/WSS", "Via: SIP/2.0/WSS other;branch=z9hG4bKother", "From: <",
		"From: x", "To: <", "To: x", "To: ;tag=to", "Call-ID:", "Call-ID: other", "CSeq: x", "CSeq: 7", "CSeq: 7 invite",
		"CSeq: 8 INVITE", "CSeq: INVITE", "X: y"} {
		for _, method := range []sip.RequestMethod{sip.INVITE, sip.BYE, sip.REGISTER} {
			b := newBench(t)
			req := request(method, "z9hG4bKc1")
			b.table.Request(b.now, req, b.handler)
			other := request(method, "z9hG4bKc2")
			id := sip.CallIDHeader("another call")
			other.ReplaceHeader(&id)
			b.table.Request(b.now, other, b.handler)
			res := broken(t, req, 486, "", line)
			if c := b.table.Find(res); c == nil || c.Request() != req {
				t.Errorf("%s with %s is not found", method, line)
				continue
			}
			b.sent = nil
			if in := b.table.Receive(b.now, res); in.Stray != nil {
				t.Errorf("%s with %s is a stray", method, line)
			}
			want := ""
			if method == sip.INVITE {
				want = "ACK"
			}
			b.want(string(method)+" with "+line, want, "486")
			if *res.CSeq() != *req.CSeq() || *res.CallID() != *req.CallID() || res.To().Address.Host != "example.com" {
				t.Errorf("%s with %s: the response lacks what it must repeat:\n%s", method, line, res)
			}
			if got := tag(res.To().Params); got != "to" && line != "To: <" && line != "To: x" {
				t.Errorf("%s with %s: To tag %q", method, line, got)
			}
		}
	}
}

// TestResponseOfNobodyStaysAStray: good will does not find what is not there.
func TestResponseOfNobodyStaysAStray(t *testing.T) {
	b := newBench(t)
	req := request(sip.INVITE, "z9hG4bKc1")
	b.table.Request(b.now, req, b.handler)
	for _, change := range []func(*sip.Request){
		func(r *sip.Request) { id := sip.CallIDHeader("x"); r.ReplaceHeader(&id) },
		func(r *sip.Request) { r.CSeq().SeqNo = 8 },
		func(r *sip.Request) { r.CSeq().MethodName = sip.BYE },
		func(r *sip.Request) { r.CSeq().MethodName = sip.CANCEL },
	} {
		foreign := request(sip.INVITE, "z9hG4bKforeign")
		change(foreign)
		if in := b.receive(response(foreign, 200, "to")); in.Stray == nil {
			t.Errorf("a response to %s %s is taken for one to our INVITE", foreign.CallID().Value(), foreign.CSeq().Value())
		}
	}
	b.want("nobody is told", "INVITE", "")
}

// TestInviteAndCancelShareABranch: which of them a response is for, when its method cannot be read.
func TestInviteAndCancelShareABranch(t *testing.T) {
	for _, c := range []struct {
		code       int
		body, line string
		answered   bool // the INVITE has a 2xx already
		want       sip.RequestMethod
		why        string
	}{
		{200, "", "CSeq: x", false, sip.CANCEL, "a 200 without content"},
		{200, "v=0", "CSeq: x", false, sip.INVITE, "a 200 with a description"},
		{487, "", "CSeq: x", false, sip.INVITE, "a refusal"},
		{481, "", "CSeq: x", true, sip.CANCEL, "a refusal after a 200"},
		{200, "", "CSeq: 99 INVITE", false, sip.INVITE, "the method can be read"},
		{481, "", "CSeq: 7 CANCEL", false, sip.CANCEL, "nothing is broken"},
	} {
		for range 20 { // a map has any order
			b := newBench(t)
			req := request(sip.INVITE, "z9hG4bKc1")
			client := b.table.Request(b.now, req, b.handler)
			b.receive(response(req, 180, "to"))
			b.table.Cancel(b.now, client)
			if c.answered {
				b.receive(response(req, 200, "to"))
			}
			found := b.table.Find(broken(t, req, c.code, c.body, c.line))
			if found == nil || found.Request().Method != c.want {
				t.Fatalf("%s: found %v, want %s", c.why, found, c.want)
			}
		}
	}
}

// arrived is a request of the other side as it was parsed, with one line replaced.
func arrived(t *testing.T, req *sip.Request, line string) *wire.Request {
	t.Helper()
	lines := []string{string(req.Method) + " sip:1001@x.invalid SIP/2.0", "Via: " + req.Via().Value(),
		"From: " + req.From().Value(), "To: " + req.To().Value(), "Call-ID: " + req.CallID().Value(),
		"CSeq: " + req.CSeq().Value()}
	name, _, _ := strings.Cut(line, ":")
	for i, l := range lines {
		if strings.HasPrefix(l, name+":") {
			lines[i] = line
		}
	}
	msg, err := wire.Parse([]byte(strings.Join(lines, "\r\n") + "\r\n\r\n"))
	if msg == nil {
		t.Fatalf("%s: %v", line, err)
	}
	return msg.(*wire.Request)
}

// TestCancelAndAckFindTheirInvite with and without a Via that can be read. A Via that can be read and is another means
// another INVITE.
func TestCancelAndAckFindTheirInvite(t *testing.T) {
	for _, c := range []struct {
		line string
		want bool
	}{
		{"X: y", true},
		{"Via: x", true},
		{"Via: SIP/2.0/WSS", true},
		{"Via: x;branch=z9hG4bKs1", true},
		{"From: x", true},
		{"To: <", true},
		{"CSeq: x", true},
		{"Call-ID: other", true},
		{"Via: SIP/2.0/WSS x.invalid;branch=z9hG4bKother", false},
	} {
		b := newBench(t)
		invite := request(sip.INVITE, "z9hG4bKs1")
		in := b.receive(invite)
		cancel := request(sip.CANCEL, "z9hG4bKs1")
		got := arrived(t, cancel, c.line)
		if known := b.table.Known(got); known != c.want {
			t.Errorf("CANCEL with %s: known %v, want %v", c.line, known, c.want)
		}
		if cancelled := b.table.Receive(b.now, got).Cancels; (cancelled == in.Server) != c.want {
			t.Errorf("CANCEL with %s cancels %v", c.line, cancelled)
		}
		b.table.Respond(b.now, in.Server, response(invite, 487, "us"))
		ack := arrived(t, request(sip.ACK, "z9hG4bKs1"), c.line)
		if known := b.table.Known(ack); known != c.want {
			t.Errorf("ACK with %s: known %v, want %v", c.line, known, c.want)
		}
		b.table.Receive(b.now, ack)
		if ended := in.Server.State() == Terminated; ended != c.want {
			t.Errorf("ACK with %s: the INVITE is %v", c.line, in.Server.State())
		}
	}
}

// TestResponseHasTheTagOfItsDialog: a To that cannot be read is that of the request, with the tag it has in the dialog; a tag
// that can be read stays.
func TestResponseHasTheTagOfItsDialog(t *testing.T) {
	for line, want := range map[string]string{"To: <": "peer", "To: <;tag=other": "other"} {
		b := newBench(t)
		req := request(sip.BYE, "z9hG4bKc1")
		req.To().Params = sip.HeaderParams{{K: "tag", V: "peer"}}
		b.table.Request(b.now, req, b.handler)
		res := broken(t, req, 200, "", line)
		b.table.Receive(b.now, res)
		if res.ToTag != want || tag(res.To().Params) != want {
			t.Errorf("%s: the tag is %q, in To %q, want %q", line, res.ToTag, tag(res.To().Params), want)
		}
	}
}

// TestKnownRequestIsOneThatCameBefore: another branch is another request.
func TestKnownRequestIsOneThatCameBefore(t *testing.T) {
	b := newBench(t)
	known := func(method sip.RequestMethod, branch string) bool {
		return b.table.Known(came(request(method, branch)).(*wire.Request))
	}
	if known(sip.OPTIONS, "z9hG4bKs1") {
		t.Error("known before it came")
	}
	b.receive(request(sip.OPTIONS, "z9hG4bKs1"))
	if !known(sip.OPTIONS, "z9hG4bKs1") || known(sip.OPTIONS, "z9hG4bKs2") || known(sip.INFO, "z9hG4bKs1") {
		t.Error("known is what has the branch and the method")
	}
}
