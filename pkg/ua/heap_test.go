package ua

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/transport"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
)

// heap is what is in use after a collection.
func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// What a user agent may keep that has had calls, more than a fresh one, and more after many than after some.
const (
	heapUsed  = 48 << 10 // short names of what was there lately, and tables that have once been larger
	heapGrown = 16 << 10
)

// TestHeapOfAnAgent measures what user agents keep of calls that were refused, missed and talked, and of texts that were read:
// little, and no more after a thousand than after some hundred.
func TestHeapOfAnAgent(t *testing.T) {
	const agents, some = 2, 300
	many := 1000
	if testing.Short() || runtime.GOARCH == "wasm" {
		many = 500
	}
	synctest.Test(t, func(t *testing.T) {
		var list []*harness
		before := heap()
		for range agents {
			h := newHarness(t, nil)
			h.start()
			list = append(list, h)
		}
		after := func(from, to int) int {
			for _, h := range list {
				for n := from; n < to; n++ {
					h.round(n)
				}
			}
			for range txn.Timeout / time.Second {
				time.Sleep(time.Second)
				for _, h := range list {
					h.forget()
				}
			}
			for _, h := range list {
				h.media.sessions, h.sent, h.seen, h.acks = nil, nil, nil, map[string]transport.Conn{}
			}
			return (heap() - before) / agents
		}
		fresh, used, worn := after(0, 0), after(0, some), after(some, many)
		t.Logf("bytes of a fresh user agent %d, after %d calls %d, after %d calls %d", fresh, 4*some, used, 4*many, worn)
		if used > fresh+heapUsed || worn > used+heapGrown {
			t.Errorf("%d bytes more after calls, %d more after many", used-fresh, worn-used)
		}
		for _, h := range list {
			h.finish()
		}
	})
}

// round is a call that is refused, one that is missed, one each way that is talked, and a text; all in large messages.
func (h *harness) round(n int) {
	long := "X-Long: " + strings.Repeat(fmt.Sprint(n), 1000)
	h.caller(fmt.Sprint("refused-", n)).send("INVITE", "Require: nothing", long)
	q := h.caller(fmt.Sprint("missed-", n))
	q.send("INVITE", sdp("in"), long, "branch=z9hG4bKmissed"+fmt.Sprint(n))
	h.recv(q.text("CANCEL", q.seq, "branch=z9hG4bKmissed"+fmt.Sprint(n)))
	h.forget()
	p, _ := h.talkIn()
	p.send("MESSAGE", "Content-Type: text/plain", "body="+long)
	p.send("BYE", long)
	h.forget()
	_, call := h.talkOut()
	call.Hangup(h.t.Context())
	h.respond(h.wantRequest("over", sip.BYE), 200, long)
	h.forget()
}
