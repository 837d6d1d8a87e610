package txn

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

func TestDeadlinesAreTheEarliest(t *testing.T) {
	b := newBench(t)
	if at := b.table.NextDeadline(); !at.IsZero() {
		t.Errorf("deadline %v of an empty table", at)
	}
	b.table.Request(start.Add(time.Second), request(sip.BYE, "z9hG4bK1"), b.handler)
	b.table.Request(start, request(sip.BYE, "z9hG4bK2"), b.handler)
	if at := b.table.NextDeadline(); !at.Equal(start.Add(Timeout)) {
		t.Errorf("deadline %v, want that of the older", at)
	}
	s := b.table.Receive(start.Add(-time.Second), came(request(sip.INVITE, "z9hG4bK3"))).Server
	b.table.Respond(start.Add(-time.Second), s, response(&s.Request().Request, 486, "us"))
	if at := b.table.NextDeadline(); !at.Equal(start.Add(Timeout - time.Second)) {
		t.Errorf("deadline %v, want timer H", at)
	}
}

func TestExpiryComesInOrder(t *testing.T) {
	b := newBench(t)
	var order []int
	for i := range 20 {
		b.table.Request(start, request(sip.BYE, fmt.Sprintf("z9hG4bK%d", i)), func(time.Time, *wire.Response, error) {
			order = append(order, i)
		})
	}
	b.pass(Timeout)
	if !slices.IsSorted(order) || len(order) != 20 {
		t.Errorf("order %v, want oldest first", order)
	}
}

// TestLingeringIsBounded sends INVITEs without ACK, and answers INVITEs of ours, without end: what waits for repetitions stays
// few, and the newest still do their work.
func TestLingeringIsBounded(t *testing.T) {
	b := newBench(t)
	var newest *sip.Request
	for i := range 1000 {
		newest = request(sip.INVITE, fmt.Sprint("z9hG4bKflood", i))
		id := sip.CallIDHeader(fmt.Sprint("flood-", i))
		newest.ReplaceHeader(&id)
		code := 486
		if i%2 == 0 {
			code = 200
		}
		b.table.Respond(b.now, b.receive(newest).Server, response(newest, code, "x"))
	}
	if n := b.table.Len(); n != maxLingering {
		t.Errorf("%d server transactions, want %d", n, maxLingering)
	}
	b.sent = nil
	if in := b.receive(newest); in.Request != nil {
		t.Error("a repetition goes up")
	}
	b.want("a repetition of the newest is answered as before", "486", "")
	again := newest.Clone()
	again.Via().Params = sip.HeaderParams{{K: "branch", V: "z9hG4bKother"}}
	if in := b.receive(again); !in.Merged {
		t.Error("the same request by another path is not noticed")
	} else {
		b.table.Respond(b.now, in.Server, response(again, 482, "x"))
	}
	var first *Client
	for i := range 1000 {
		req := request(sip.INVITE, fmt.Sprint("z9hG4bKours", i))
		id := sip.CallIDHeader(fmt.Sprint("ours-", i))
		req.ReplaceHeader(&id)
		c := b.table.Request(b.now, req, b.handler)
		first = cmp.Or(first, c)
		b.receive(response(c.Request(), 200, "a"))
		b.sent, b.told = nil, nil
		b.receive(response(c.Request(), 200, "b"))
		b.want("every 2xx of the newest goes up", "", "200")
	}
	if n := b.table.Len(); n != 2*maxLingering {
		t.Errorf("%d transactions, want %d of each side", n, maxLingering)
	}
	if in := b.receive(response(first.Request(), 200, "c")); in.Stray == nil {
		t.Error("a 2xx of a forgotten INVITE is no stray")
	}
	b.pass(Timeout)
	if n := b.table.Len() + len(b.table.merges) + b.table.served.Len() + b.table.answered.Len(); n != 0 {
		t.Errorf("%d left", n)
	}
}

// TestAnswersAreRemembered: what comes again with its branch gets the answer it had, for 64*T1, and only the newest do.
func TestAnswersAreRemembered(t *testing.T) {
	b := newBench(t)
	ask := func(branch string, seq uint32) In {
		req := request(sip.INFO, branch)
		req.CSeq().SeqNo = seq
		return b.receive(req)
	}
	answer := func(in In, code int) {
		t.Helper()
		if in.Server == nil {
			t.Fatal("taken for a repetition")
		}
		b.table.Respond(b.now, in.Server, response(&in.Request.Request, code, "to"))
	}
	answer(ask("z9hG4bK1", 1), 415)
	if in := ask("z9hG4bK1", 1); in.Request != nil {
		t.Error("done twice")
	}
	b.want("the same answer", "415 415", "")
	if b.table.Len() != 0 || b.table.Open() != 0 || !b.table.NextDeadline().IsZero() {
		t.Error("a remembered answer is no transaction")
	}
	answer(ask("z9hG4bK1", 2), 200) // its sender does not know what a branch is
	b.want("another request", "200", "")
	b.now = b.now.Add(Timeout)
	answer(ask("z9hG4bK1", 2), 200)
	for i := range maxAnswers {
		answer(ask(fmt.Sprint("z9hG4bKx", i), 3), 200)
	}
	answer(ask("z9hG4bK1", 2), 200)
	if n := len(b.table.answers); n != maxAnswers {
		t.Errorf("%d answers are remembered", n)
	}
}
