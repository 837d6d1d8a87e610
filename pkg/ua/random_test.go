package ua

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/transport"
)

// Flags for a longer look by hand, or for one schedule that has failed: go test -run RandomSchedules -seeds 100000 -first 5000.
var (
	seeds     = flag.Int("seeds", 0, "how many random schedules each test plays; 0: as many as in CI")
	firstSeed = flag.Int("first", 0, "seed of the first random schedule")
)

// schedules yields the seeds to be played: usual ones, or few where they take too long.
func schedules(usual int) iter.Seq[int] {
	switch {
	case runtime.GOARCH == "wasm" || testing.Short():
		usual = max(usual/50, 10)
	case raced(): // six times slower
		usual = max(usual/20, 10)
	}
	return func(yield func(int) bool) {
		for i := range cmp.Or(*seeds, usual) {
			if !yield(*firstSeed + i) {
				return
			}
		}
	}
}

// raced tells whether the race detector looks on.
func raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// TestRandomSchedules throws everything at a user agent in any order: users who change their minds, servers that answer
// whatever they like, connections that break. Nothing may panic, every call ends exactly once, every 2xx to an INVITE
// is ACKed, and no transaction, alarm or media session is left.
func TestRandomSchedules(t *testing.T) {
	for seed := range schedules(4000) {
		synctest.Test(t, func(t *testing.T) {
			h := newHarness(t, func(c *Config) {
				c.Rand = newSeeded(byte(seed))
				c.NoAnswer = 40 * time.Second
				c.Reliable1xx = Reliable1xx(seed % 5 % 3)
				c.Redirect = func(to []Address) (Address, bool) { return to[0], seed%4 > 0 }
				c.AcceptRefer = func(context.Context, ReferRequest) bool { return seed%7 > 0 }
				c.AcceptReplaces = func(context.Context, ReferRequest) bool { return seed%11 > 0 }
				switch seed % 3 {
				case 1:
					twoFlows(c)
				case 2:
					twoServers(c)
				}
			})
			c := &chaos{harness: h, seed: seed, rnd: rand.New(rand.NewPCG(uint64(seed), 1)), ended: map[string]int{},
				accepted: map[*sip.Request]time.Time{}}
			h.media.restarts = seed%2 == 0
			h.media.noTones = seed%3 == 0
			c.run()
		})
		if t.Failed() {
			return
		}
	}
}

// chaos is a world that does anything.
type chaos struct {
	*harness
	seed      int
	rnd       *rand.Rand
	calls     []*Call
	peers     []*peer
	out       []*sip.Request             // requests of the user agent that are not finally answered
	invites   map[*peer]string           // branch of the newest INVITE
	made      int                        // INVITEs of peers
	ended     map[string]int             // events of the end, by call
	accepted  map[*sip.Request]time.Time // INVITEs that were answered, and when first
	log       []string
	open      map[string]string // INVITEs of peers without final response: server by branch
	asked     map[string]bool   // branches of our INVITEs
	dead      map[string]bool   // dialogs in which a BYE was sent or answered
	byes      map[string]string // branch of the BYE in each dialog
	tried     map[string]bool   // branches of BYEs that were challenged
	confirmed map[string]bool   // dialogs with a 2xx
	checked   map[string]int    // messages parked at a server that were checked
	known     int               // of sent, that were checked while they were parked
	conn      transport.Conn    // that is looked at
	beside    view              // what of the other server, where there are two flows
	rseq      string            // of the newest reliable response
}

func (c *chaos) run() {
	c.invites, c.open, c.dead = map[*peer]string{}, map[string]string{}, map[string]bool{}
	c.byes, c.tried = map[string]string{}, map[string]bool{}
	c.checked, c.confirmed, c.asked = map[string]int{}, map[string]bool{}, map[string]bool{}
	c.begin()
	for range 60 {
		c.step()
		c.watch()
	}
	c.calm()
	for _, call := range c.calls {
		if c.ended[call.ID()] != 1 {
			c.blame("call %s ended %d times, is %v", call.ID(), c.ended[call.ID()], call.Info().State)
		}
	}
	if n := len(c.agent.State().Calls); n != 0 {
		c.blame("%d calls left", n)
	}
	c.finish()
	if c.t.Failed() {
		c.blame("see above")
	}
}

func (c *chaos) blame(format string, args ...any) {
	c.t.Helper()
	c.t.Fatalf("seed %d: %s\n%s", c.seed, fmt.Sprintf(format, args...), strings.Join(c.log, "\n"))
}

func (c *chaos) note(format string, args ...any) { c.log = append(c.log, fmt.Sprintf(format, args...)) }

// calm lets the user hang up everything and the world answer nothing but keep-alives and REGISTER.
func (c *chaos) calm() {
	c.media.fail = nil
	for _, call := range c.calls {
		call.Hangup(c.t.Context())
	}
	for range 150 {
		c.advance(time.Second)
		for range c.agent.State().Flows {
			c.lookAway()
			c.watch()
			for _, req := range c.out {
				if req.Method == sip.REGISTER && c.connected() {
					c.grant(req, 600)
				}
			}
			c.out = nil
		}
	}
	if n := look(c.harness, func(c *core) int { return c.txns.Len() }); n != 0 {
		c.blame("%d transactions left", n)
	}
	for branch := range c.open {
		c.blame("no final response to the INVITE with branch %s", branch)
	}
}

// watch takes what came out and checks what holds at all times.
func (c *chaos) watch() {
	c.collect()
	if srv := c.server(); srv != c.conn {
		c.conn, c.out = srv, nil // what went out before went to another connection
		c.forgetOpen()
	}
	for url, msgs := range c.parked { // what came to the other server is in time too, though looked at later
		for _, m := range msgs[min(c.checked[url], len(msgs)):] {
			c.check(m)
		}
		c.checked[url] = len(msgs)
	}
	for i, m := range c.sent {
		c.note("    --> %s %s", label(m), m.CallID().Value())
		if i >= c.known {
			c.check(m)
		}
		if req, ok := m.(*sip.Request); ok && req.Method != sip.ACK {
			c.out = append(c.out, req)
		}
		if res, ok := m.(*sip.Response); ok {
			c.rseq = cmp.Or(header(res, "RSeq"), c.rseq)
			for _, p := range c.peers {
				if p.callID == res.CallID().Value() && tagOf(res.To().Params) != "" {
					p.remote = res.To().Value()
				}
			}
		}
	}
	c.sent, c.known = nil, 0
	for _, ev := range c.seen {
		c.note("    == %s", describe(ev))
		c.event(ev)
	}
	c.seen = nil
	c.checkOffers()
}

func (c *chaos) event(ev Event) {
	switch ev := ev.(type) {
	case IncomingCallEvent:
		c.calls = append(c.calls, ev.Call)
	case ReplacedEvent:
		c.calls = append(c.calls, ev.New)
	case ReferEvent:
		c.calls = append(c.calls, ev.New)
	case CallEvent:
		if c.ended[ev.Info.ID] > 0 {
			c.blame("an event after the end of call %s", ev.Info.ID)
		}
		if ev.Info.State == CallEnded {
			c.ended[ev.Info.ID]++
			if ev.Info.Cause.Explanation == "" {
				c.blame("ended without an explanation: %+v", ev.Info.Cause)
			}
		}
	case FaultEvent:
		if text := ev.Err.Error(); strings.Contains(text, "panic") || strings.Contains(text, "illegal") ||
			strings.Contains(text, "not sent") {
			c.blame("%v", ev.Err)
		}
	}
}

func (c *chaos) step() {
	n := c.rnd.IntN(100)
	if c.here != "" && c.rnd.IntN(4) == 0 {
		c.lookAway()
		c.watch()
	}
	if !c.connected() {
		n %= 40 // nothing can arrive
		if n < 20 {
			n = 0
		}
	}
	switch {
	case n < 10:
		c.time()
	case n < 20:
		c.newCall()
	case n < 40:
		c.user()
	case n < 70:
		c.answer()
	case n < 90:
		c.peerActs()
	case n < 93:
		c.note("lose")
		c.lose()
		c.out = nil
	case n < 94:
		c.note("junk")
		c.recv(c.pick("junk\n\n", "INVITE sip:x SIP/2.0\n\n", "SIP/2.0 200 OK\nCSeq: 1 INVITE\n\n"))
	case n < 98:
		c.mediaActs()
	default:
		c.note("microphone refused, or allowed again")
		if c.media.fail == nil {
			c.media.fail = media.ErrPermission
		} else {
			c.media.fail = nil
		}
	}
}

func (c *chaos) time() {
	d := []time.Duration{10 * time.Millisecond, time.Second, 5 * time.Second, 33 * time.Second}[c.rnd.IntN(4)]
	c.note("pass %v", d)
	c.advance(d)
}

func (c *chaos) newCall() {
	if c.rnd.IntN(2) == 0 {
		c.note("invite")
		if call, err := c.agent.Invite(c.t.Context(), "1002", InviteOptions{}); err == nil {
			c.calls = append(c.calls, call)
		}
		return
	}
	p := c.caller(fmt.Sprintf("chaos-%d", len(c.peers)))
	c.peers = append(c.peers, p)
	c.peerInvite(p)
}

func (c *chaos) peerInvite(p *peer) {
	c.made++
	branch := fmt.Sprintf("z9hG4bKchaos%d", c.made)
	c.invites[p] = branch
	c.note("<-- INVITE %s", p.callID)
	c.open[branch] = c.here
	if c.rnd.IntN(3) == 0 {
		p.send("INVITE", "branch="+branch, c.wish())
		return
	}
	p.send("INVITE", sdp(fmt.Sprint(c.rnd.IntN(3)), c.pick("a=sendrecv", "a=sendonly", "a=inactive")), "branch="+branch, c.wish())
}

// wish is a header of an INVITE that asks for more.
func (c *chaos) wish() string {
	if p := c.peers[c.rnd.IntN(len(c.peers))]; c.rnd.IntN(3) == 0 && strings.Contains(p.remote, ";tag=") &&
		strings.Contains(p.local, ";tag=") {
		return p.replaces(c.pick("", "", ";early-only"))
	}
	return c.pick("X-None: 1", "Require: 100rel", "Supported: 100rel, timer", "Session-Expires: 100",
		"Session-Expires: 100;refresher=uas")
}

// user does something with one of the calls, without waiting for the outcome.
func (c *chaos) user() {
	if len(c.calls) == 0 {
		return
	}
	call, ctx := c.calls[c.rnd.IntN(len(c.calls))], c.t.Context()
	act := c.pick("accept", "accept", "reject", "send on", "hangup", "hold", "resume", "tones", "mute", "stats", "progress",
		"transfer", "transferTo", "cancelTransfer")
	other := c.calls[c.rnd.IntN(len(c.calls))]
	c.note("%s %s", act, call.Info().CallID)
	go func() {
		switch act {
		case "accept":
			call.Accept(ctx)
		case "reject":
			call.Reject(ctx, 486, RejectOptions{})
		case "send on":
			call.Reject(ctx, 302, RejectOptions{Target: "1009"})
		case "hangup":
			call.Hangup(ctx)
		case "hold":
			call.Hold(ctx)
		case "resume":
			call.Resume(ctx)
		case "tones":
			call.SendDTMF(ctx, "12")
		case "mute":
			call.Mute(true)
		case "stats":
			call.Stats(ctx)
		case "progress":
			call.Progress(ctx)
		case "transfer":
			call.Transfer(ctx, "1003")
		case "transferTo":
			call.TransferTo(ctx, other)
		case "cancelTransfer":
			call.CancelTransfer(ctx)
		}
	}()
	synctest.Wait()
}

// mediaActs lets the audio do something: its path fails or comes back, answers take their time or cannot be used, packets stay
// away, or the place of it all goes and another is there.
func (c *chaos) mediaActs() {
	switch c.rnd.IntN(8) {
	case 6:
		c.note("the place of the audio goes")
		c.media.leave()
		return
	case 7:
		c.note("renew the audio")
		c.media.away.Store(false)
		c.agent.RenewMedia()
		return
	case 0:
		d := []time.Duration{0, 10 * time.Millisecond, 3 * time.Second, 70 * time.Second}[c.rnd.IntN(4)]
		c.note("an answer takes %v", d)
		c.media.applying.Store(int64(d))
		return
	case 1:
		c.toggle("answers cannot be used", &c.media.unusable)
		return
	case 2:
		c.toggle("the path is lost", &c.media.lost)
		return
	case 3:
		c.toggle("no packet comes", &c.media.silent)
		return
	}
	if len(c.media.sessions) == 0 {
		return
	}
	s := c.media.sessions[c.rnd.IntN(len(c.media.sessions))]
	if s.closed() || len(s.states) > 4 {
		return
	}
	st := media.State(c.pick(string(media.StateFailed), string(media.StateConnected), string(media.StateDisconnected)))
	c.note("media %s", st)
	s.states <- st
}

func (c *chaos) toggle(what string, on *atomic.Bool) {
	on.Store(!on.Load())
	c.note("%s: %v", what, on.Load())
}

func (c *chaos) pick(from ...string) string { return from[c.rnd.IntN(len(from))] }
