package txn

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

var start = time.Unix(1000, 0)

// bench is a table with what left it and what its handlers were told.
type bench struct {
	t     *testing.T
	table *Table
	sent  []string
	last  sip.Message
	told  []string
	now   time.Time
}

func newBench(t *testing.T) *bench {
	b := &bench{t: t, now: start}
	b.table = New(func(m sip.Message) {
		b.sent = append(b.sent, label(m))
		b.last = m
	})
	return b
}

func label(m sip.Message) string {
	switch m := m.(type) {
	case *sip.Request:
		return string(m.Method)
	case *sip.Response:
		return fmt.Sprint(m.StatusCode)
	}
	return "?"
}

func (b *bench) handler(_ time.Time, res *wire.Response, err error) {
	if err != nil {
		b.told = append(b.told, err.Error())
		return
	}
	b.told = append(b.told, label(&res.Response))
}

// receive lets a message come in.
func (b *bench) receive(msg sip.Message) In { return b.table.Receive(b.now, came(msg)) }

// came is a message as it is received: written, and read again.
func came(msg sip.Message) wire.Message {
	data, err := wire.Serialize(msg)
	if err != nil {
		panic(err)
	}
	got, _ := wire.Parse(data)
	return got
}

func (b *bench) want(why, sent, told string) {
	b.t.Helper()
	if got := strings.Join(b.sent, " "); got != sent {
		b.t.Fatalf("%s: sent %q, want %q", why, got, sent)
	}
	if got := strings.Join(b.told, " "); got != told {
		b.t.Fatalf("%s: told %q, want %q", why, got, told)
	}
	b.sent, b.told = nil, nil
}

func (b *bench) pass(d time.Duration) {
	b.now = b.now.Add(d)
	b.table.Expire(b.now)
}

func request(method sip.RequestMethod, branch string) *sip.Request {
	req := sip.NewRequest(method, sip.Uri{Scheme: "sip", User: "1002", Host: "example.com"})
	req.AppendHeader(&sip.ViaHeader{ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: "WSS", Host: "x.invalid",
		Params: sip.HeaderParams{{K: "branch", V: branch}}})
	req.AppendHeader(&sip.RouteHeader{Address: sip.Uri{Scheme: "sip", Host: "p1.example.com",
		UriParams: sip.HeaderParams{{K: "lr"}}}})
	req.AppendHeader(&sip.FromHeader{Address: sip.Uri{Scheme: "sip", User: "1001", Host: "example.com"},
		Params: sip.HeaderParams{{K: "tag", V: "from"}}})
	req.AppendHeader(&sip.ToHeader{Address: sip.Uri{Scheme: "sip", User: "1002", Host: "example.com"}})
	id := sip.CallIDHeader("call")
	req.AppendHeader(&id)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: 7, MethodName: method})
	return req
}

func response(req *sip.Request, code int, tag string) *sip.Response {
	res := sip.NewResponse(code, "Reason")
	res.AppendHeader(sip.HeaderClone(req.Via()))
	res.AppendHeader(sip.HeaderClone(req.From()))
	to := sip.HeaderClone(req.To()).(*sip.ToHeader)
	to.Params = append(to.Params, sip.HeaderKV{K: "tag", V: tag})
	res.AppendHeader(to)
	res.AppendHeader(sip.HeaderClone(req.CallID()))
	res.AppendHeader(sip.HeaderClone(req.CSeq()))
	return res
}

// A step feeds a client transaction: "180" a response, "+32s" time, "cancel" Cancel, "drop" Drop, "resume" Resume for a minute.
func TestClient(t *testing.T) {
	for name, tt := range map[string]struct {
		method     sip.RequestMethod
		steps      string
		sent, told string
		state      State
		left       int
	}{
		"INVITE sent":                    {sip.INVITE, "", "INVITE", "", Calling, 1},
		"INVITE provisional":             {sip.INVITE, "100 180 183", "INVITE", "100 180 183", Proceeding, 1},
		"INVITE answered":                {sip.INVITE, "180 200", "INVITE", "180 200", Accepted, 1},
		"INVITE answered at once":        {sip.INVITE, "200", "INVITE", "200", Accepted, 1},
		"every 2xx goes up":              {sip.INVITE, "200 200 200", "INVITE", "200 200 200", Accepted, 1},
		"timer M":                        {sip.INVITE, "200 +31s 200 +1s 200", "INVITE", "200 200", Terminated, 0},
		"nothing but 2xx after a 2xx":    {sip.INVITE, "200 180 486", "INVITE", "200", Accepted, 1},
		"INVITE refused is ACKed":        {sip.INVITE, "180 486", "INVITE ACK", "180 486", Terminated, 0},
		"INVITE refused at once":         {sip.INVITE, "302", "INVITE ACK", "302", Terminated, 0},
		"D is zero":                      {sip.INVITE, "486 486", "INVITE ACK", "486", Terminated, 0},
		"timer B":                        {sip.INVITE, "+31s +1s", "INVITE", "txn: no response within 64*T1", Terminated, 0},
		"no timer B after a provisional": {sip.INVITE, "100 +10m", "INVITE", "100", Proceeding, 1},
		"INVITE dropped":                 {sip.INVITE, "180 drop", "INVITE", "180 txn: connection lost", Terminated, 0},
		"answered and dropped":           {sip.INVITE, "200 drop", "INVITE", "200", Terminated, 0},
		"CANCEL after a provisional":     {sip.INVITE, "180 cancel", "INVITE CANCEL", "180", Proceeding, 2},
		"CANCEL waits for a provisional": {sip.INVITE, "cancel", "INVITE", "", Calling, 1},
		"CANCEL follows the provisional": {sip.INVITE, "cancel 100", "INVITE CANCEL", "100", Proceeding, 2},
		"one CANCEL":                     {sip.INVITE, "100 cancel cancel 180", "INVITE CANCEL", "100 180", Proceeding, 2},
		"CANCEL and 487":                 {sip.INVITE, "100 cancel 487", "INVITE CANCEL ACK", "100 487", Terminated, 1},
		"CANCEL crossing 200":            {sip.INVITE, "100 cancel 200", "INVITE CANCEL", "100 200", Accepted, 2},
		"CANCEL without final response": {sip.INVITE, "100 cancel +32s", "INVITE CANCEL",
			"100 txn: no response within 64*T1", Terminated, 0},
		"a provisional extends no CANCEL": {sip.INVITE, "100 cancel +20s 180 +12s", "INVITE CANCEL",
			"100 180 txn: no response within 64*T1", Terminated, 0},
		"CANCEL too late": {sip.INVITE, "200 cancel", "INVITE", "200 uncancelled", Accepted, 1},
		"CANCEL never sent, B still runs": {sip.INVITE, "cancel +32s", "INVITE", "txn: no response within 64*T1", Terminated,
			0},
		"resumed, answered late": {sip.INVITE, "180 drop resume 200 200", "INVITE",
			"180 txn: connection lost 200 200", Accepted, 1},
		"resumed, cancelled": {sip.INVITE, "180 drop resume cancel 487", "INVITE CANCEL ACK",
			"180 txn: connection lost 487", Terminated, 1},
		"resumed, cancelled unheard": {sip.INVITE, "drop resume cancel", "INVITE CANCEL", "txn: connection lost",
			Proceeding, 2},
		"resumed, cancelled once more": {sip.INVITE, "180 cancel drop resume cancel", "INVITE CANCEL CANCEL",
			"180 txn: connection lost", Proceeding, 2},
		"resumed, up to its limit": {sip.INVITE, "180 drop resume +30s 180 +30s", "INVITE",
			"180 txn: connection lost 180 txn: no response within 64*T1", Terminated, 0},
		"resumed while it lives":             {sip.INVITE, "180 resume +61s", "INVITE", "180", Proceeding, 1},
		"BYE sent":                           {sip.BYE, "", "BYE", "", Trying, 1},
		"BYE answered":                       {sip.BYE, "200", "BYE", "200", Terminated, 0},
		"K is zero":                          {sip.BYE, "200 200", "BYE", "200", Terminated, 0},
		"BYE refused":                        {sip.BYE, "481", "BYE", "481", Terminated, 0},
		"BYE provisional":                    {sip.BYE, "100 200", "BYE", "100 200", Terminated, 0},
		"timer F":                            {sip.BYE, "+31s +1s", "BYE", "txn: no response within 64*T1", Terminated, 0},
		"timer F runs on after provisionals": {sip.BYE, "100 +32s", "BYE", "100 txn: no response within 64*T1", Terminated, 0},
		"BYE dropped":                        {sip.BYE, "drop", "BYE", "txn: connection lost", Terminated, 0},
		"BYE cannot be cancelled":            {sip.BYE, "100 cancel", "BYE", "100 uncancelled", Proceeding, 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			req := request(tt.method, "z9hG4bKc1")
			c := b.table.Request(b.now, req, b.handler)
			for _, step := range strings.Fields(tt.steps) {
				b.client(c, step)
			}
			b.want(name, tt.sent, tt.told)
			if c.State() != tt.state {
				t.Errorf("state %v, want %v", c.State(), tt.state)
			}
			if n := b.table.Len(); n != tt.left {
				t.Errorf("%d transactions left, want %d", n, tt.left)
			}
		})
	}
}

func (b *bench) client(c *Client, step string) {
	b.t.Helper()
	switch {
	case step == "cancel":
		if !b.table.Cancel(b.now, c) {
			b.told = append(b.told, "uncancelled")
		}
	case step == "drop":
		b.table.Drop(b.now, func(sip.Message) bool { return true })
	case step == "resume":
		b.table.Resume(c, b.now.Add(time.Minute))
	case strings.HasPrefix(step, "+"):
		d, err := time.ParseDuration(step[1:])
		if err != nil {
			b.t.Fatal(err)
		}
		b.pass(d)
	default:
		code := 0
		fmt.Sscan(step, &code)
		b.receive(response(c.Request(), code, "to"))
	}
}

func TestAckToARefusal(t *testing.T) {
	b := newBench(t)
	req := request(sip.INVITE, "z9hG4bKc1")
	b.table.Request(b.now, req, b.handler)
	b.receive(response(req, 486, "to"))
	ack := b.last.(*sip.Request)
	for what, ok := range map[string]bool{
		"method":         ack.Method == sip.ACK && ack.CSeq().MethodName == sip.ACK,
		"number":         ack.CSeq().SeqNo == 7,
		"Request-URI":    ack.Recipient.String() == req.Recipient.String(),
		"Via and branch": ack.Via().Value() == req.Via().Value() && len(ack.GetHeaders("Via")) == 1,
		"Route":          ack.GetHeader("Route").Value() == req.GetHeader("Route").Value(),
		"From":           ack.From().Value() == req.From().Value(),
		"To of response": tag(ack.To().Params) == "to",
		"Call-ID":        *ack.CallID() == *req.CallID(),
	} {
		if !ok {
			t.Errorf("%s is not as RFC 3261 section 17.1.1.3 wants it:\n%s", what, ack)
		}
	}
}

func TestCancelMatchesItsInvite(t *testing.T) {
	b := newBench(t)
	req := request(sip.INVITE, "z9hG4bKc1")
	c := b.table.Request(b.now, req, b.handler)
	b.receive(response(req, 180, "to"))
	b.table.Cancel(b.now, c, sip.NewHeader("Reason", "SIP;cause=200"))
	cancel := b.last.(*sip.Request)
	if cancel.Via().Value() != req.Via().Value() || cancel.To().Value() != req.To().Value() || cancel.CSeq().SeqNo != 7 {
		t.Errorf("CANCEL does not match (RFC 3261 section 9.1):\n%s", cancel)
	}
	if h := cancel.GetHeader("Reason"); h == nil {
		t.Error("the extra header is missing")
	}
	b.receive(response(cancel, 200, "to"))
	b.want("the 200 to CANCEL is nobody's business", "INVITE CANCEL", "180")
}

// A step of a server transaction: "again" the request once more, "ack", "r200" Respond, "+32s" time, "drop".
func TestServer(t *testing.T) {
	for name, tt := range map[string]struct {
		method     sip.RequestMethod
		steps      string
		sent, told string
		state      State
		left       int
	}{
		"INVITE new":                   {sip.INVITE, "", "", "new", Proceeding, 1},
		"retransmission before answer": {sip.INVITE, "again", "", "new", Proceeding, 1},
		"retransmission after 180":     {sip.INVITE, "r100 r180 again", "100 180 180", "new", Proceeding, 1},
		"ACK while ringing, absorbed":  {sip.INVITE, "r180 ack r200", "180 200", "new", Accepted, 1},
		"INVITE refused":               {sip.INVITE, "r180 r486", "180 486", "new", Completed, 1},
		"refused, retransmission":      {sip.INVITE, "r486 again", "486 486", "new", Completed, 1},
		"refused, ACK, I is zero":      {sip.INVITE, "r486 ack", "486", "new", Terminated, 0},
		"refused, second ACK goes up":  {sip.INVITE, "r486 ack ack", "486", "new up", Terminated, 0},
		"timer H":                      {sip.INVITE, "r486 +31s again +1s", "486 486", "new", Terminated, 0},
		"INVITE answered":              {sip.INVITE, "r200", "200", "new", Accepted, 1},
		"2xx repeated by its owner":    {sip.INVITE, "r200 r200", "200 200", "new", Accepted, 1},
		"2xx, retransmission absorbed": {sip.INVITE, "r200 again", "200", "new", Accepted, 1},
		"2xx, ACK goes up":             {sip.INVITE, "r200 ack", "200", "new up", Accepted, 1},
		"timer L":                      {sip.INVITE, "r200 +32s", "200", "new", Terminated, 0},
		"no 180 after 2xx":             {sip.INVITE, "r200 r180", "200", "new unsent", Accepted, 1},
		"no 486 after 2xx":             {sip.INVITE, "r200 r486", "200", "new unsent", Accepted, 1},
		"no 200 after refusal":         {sip.INVITE, "r486 r200", "486", "new unsent", Completed, 1},
		"no answer after timer L":      {sip.INVITE, "r200 +32s r200", "200", "new unsent", Terminated, 0},
		"INVITE dropped":               {sip.INVITE, "drop r200", "", "new unsent", Terminated, 0},
		"BYE new":                      {sip.BYE, "", "", "new", Trying, 1},
		"BYE retransmission absorbed":  {sip.BYE, "again", "", "new", Trying, 1},
		"BYE provisional":              {sip.BYE, "r100 again", "100 100", "new", Proceeding, 1},
		"BYE answered, J is zero":      {sip.BYE, "r200", "200", "new", Terminated, 0},
		"BYE answered twice":           {sip.BYE, "r200 r500", "200", "new unsent", Terminated, 0},
		"ACK without INVITE":           {sip.BYE, "ack", "", "new up", Trying, 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			req := request(tt.method, "z9hG4bKs1")
			in := b.receive(req)
			b.note(in)
			for _, step := range strings.Fields(tt.steps) {
				b.server(in.Server, step)
			}
			b.want(name, tt.sent, tt.told)
			if in.Server.State() != tt.state {
				t.Errorf("state %v, want %v", in.Server.State(), tt.state)
			}
			if n := b.table.Len(); n != tt.left {
				t.Errorf("%d transactions left, want %d", n, tt.left)
			}
		})
	}
}

func (b *bench) note(in In) {
	switch {
	case in.Server != nil:
		b.told = append(b.told, "new")
	case in.Request != nil:
		b.told = append(b.told, "up")
	}
}

func (b *bench) server(s *Server, step string) {
	b.t.Helper()
	switch {
	case step == "again":
		b.note(b.receive(s.Request()))
	case step == "ack":
		b.note(b.receive(request(sip.ACK, "z9hG4bKs1")))
	case step == "drop":
		b.table.Drop(b.now, func(sip.Message) bool { return true })
	case strings.HasPrefix(step, "+"):
		d, _ := time.ParseDuration(step[1:])
		b.pass(d)
	default:
		code := 0
		fmt.Sscan(step[1:], &code)
		if !b.table.Respond(b.now, s, response(&s.Request().Request, code, "us")) {
			b.told = append(b.told, "unsent")
		}
	}
}

func TestCancelFindsTheInvite(t *testing.T) {
	b := newBench(t)
	invite := b.receive(request(sip.INVITE, "z9hG4bKs1")).Server
	in := b.receive(request(sip.CANCEL, "z9hG4bKs1"))
	if in.Cancels != invite || in.Server == nil || in.Server == invite {
		t.Errorf("%+v, want a transaction of its own that names the INVITE", in)
	}
	if again := b.receive(request(sip.CANCEL, "z9hG4bKs1")); again.Request != nil {
		t.Error("a repeated CANCEL came up again")
	}
	if other := b.receive(request(sip.CANCEL, "z9hG4bKother")); other.Cancels != nil {
		t.Error("a CANCEL with another branch found an INVITE")
	}
}

func TestAckFindsItsInviteBySentBy(t *testing.T) {
	b := newBench(t)
	s := b.receive(request(sip.INVITE, "z9hG4bKs1")).Server
	b.table.Respond(b.now, s, response(&s.Request().Request, 486, "us"))
	ack := request(sip.ACK, "z9hG4bKs1")
	ack.Via().Host = "other.invalid"
	if in := b.receive(ack); in.Request == nil || s.State() != Completed {
		t.Error("an ACK of another sender ended the transaction (RFC 3261 section 17.2.3)")
	}
}

func TestBranchWithoutCookie(t *testing.T) {
	b := newBench(t)
	first := request(sip.INVITE, "1")
	s := b.receive(first).Server
	if in := b.receive(first.Clone()); in.Request != nil {
		t.Error("a retransmission of an RFC 2543 peer is a new request")
	}
	other := request(sip.INVITE, "1")
	other.CSeq().SeqNo = 8
	if in := b.receive(other); in.Server == nil {
		t.Error("another request with the same old-style branch was absorbed")
	}
	b.table.Respond(b.now, s, response(first, 486, "us"))
	ack := request(sip.ACK, "1")
	if in := b.receive(ack); in.Request != nil || s.State() != Terminated {
		t.Error("the ACK of an RFC 2543 peer did not find its INVITE")
	}
}

func TestMergedRequest(t *testing.T) {
	b := newBench(t)
	b.receive(request(sip.INVITE, "z9hG4bKs1"))
	if in := b.receive(request(sip.INVITE, "z9hG4bKs2")); !in.Merged {
		t.Error("the same request by another path is not seen (RFC 3261 section 8.2.2.2)")
	}
	inside := request(sip.INVITE, "z9hG4bKs3")
	inside.To().Params = sip.HeaderParams{{K: "tag", V: "us"}}
	if in := b.receive(inside); in.Merged {
		t.Error("a request inside a dialog is never merged")
	}
	if in := b.receive(request(sip.OPTIONS, "z9hG4bKs4")); in.Merged {
		t.Error("another method is another request")
	}
}

func TestStrayResponse(t *testing.T) {
	b := newBench(t)
	in := b.receive(response(request(sip.BYE, "z9hG4bKnone"), 200, "x"))
	if in.Stray == nil {
		t.Error("a response without transaction is not told")
	}
	if in := b.receive(sip.NewResponse(200, "OK")); in.Stray == nil {
		t.Error("a response without Via is not told")
	}
}

func TestUnsentRequestFailsAtOnce(t *testing.T) {
	b := newBench(t)
	req := request(sip.INVITE, "z9hG4bKc1")
	b.table.Request(b.now, req, b.handler)
	b.table.Unsent(b.now, request(sip.INVITE, "z9hG4bKc1"))
	b.want("only the very request", "INVITE", "")
	b.table.Unsent(b.now, req)
	b.want("told", "", "txn: connection lost")
	if b.table.Len() != 0 {
		t.Error("still there")
	}
}

func TestOpenCountsWhatHasNoFinalResponse(t *testing.T) {
	b := newBench(t)
	out, in := request(sip.INVITE, "z9hG4bKc1"), request(sip.INVITE, "z9hG4bKs1")
	b.table.Request(b.now, out, b.handler)
	server := b.receive(in).Server
	if n := b.table.Open(); n != 2 {
		t.Errorf("got %d open, want both INVITEs", n)
	}
	b.receive(response(out, 200, "x"))
	b.table.Respond(b.now, server, response(in, 180, "y"))
	if n := b.table.Open(); n != 1 {
		t.Errorf("got %d open, want the one that rings", n)
	}
	b.table.Respond(b.now, server, response(in, 200, "y"))
	if n, kept := b.table.Open(), b.table.Len(); n != 0 || kept != 2 {
		t.Errorf("got %d open of %d, want none of 2, which wait for repetitions", n, kept)
	}
}
