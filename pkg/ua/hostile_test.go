package ua

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
)

// TestHostileSchedules lets a user agent live among people who want its money, its memory or its attention: REFERs and INVITEs
// with Replaces without end, strangers that ring and go, forks without number, texts, partial notifications with gaps, and
// answers to everything that lie. Nobody is called whom the user has not dialled or agreed to, no text is taken that is not told,
// and what waits stays within its bounds.
func TestHostileSchedules(t *testing.T) {
	for seed := range schedules(500) {
		synctest.Test(t, func(t *testing.T) {
			v := &villains{seed: seed, rnd: rand.New(rand.NewPCG(uint64(seed), 3)), may: map[string]int{},
				placed: map[string]bool{}, calls: map[string]*Call{}}
			v.harness = newHarness(t, func(c *Config) {
				c.Rand = newSeeded(byte(seed))
				c.NoAnswer = 40 * time.Second
				if seed%3 == 0 { // the zero value
					c.AcceptRefer, c.AcceptReplaces = nil, nil
				} else {
					c.AcceptRefer, c.AcceptReplaces = v.consent, v.consent
				}
				if seed%4 == 0 {
					c.MessageTypes = nil
				}
			})
			v.media.restarts = seed%2 == 0
			v.run()
		})
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// villains is a world of hostile peers around a user who calls, answers and hangs up.
type villains struct {
	*harness
	seed    int
	rnd     *rand.Rand
	peers   []*peer
	notes   []*notifier
	out     []*sip.Request // of the user agent, that have no final response
	calls   map[string]*Call
	mu      sync.Mutex      // guards asked and may, which consent uses
	asked   int             // questions to the user
	may     map[string]int  // how often a user may be called: dialled, or agreed to
	placed  map[string]bool // calls of ours, by Call-ID
	texts   int             // MESSAGEs that got 200
	told    int             // that were told
	invites int
}

// consent is the user: thinks for a while, agrees to some.
func (v *villains) consent(ctx context.Context, r ReferRequest) bool {
	v.mu.Lock()
	v.asked++
	yes, wait := (v.asked+v.seed)%4 == 0, time.Duration((v.asked*7+v.seed)%40)*time.Second
	v.mu.Unlock()
	select {
	case <-ctx.Done():
		return true // too late: it must not count
	case <-time.After(wait):
		if yes && ctx.Err() == nil && !r.Attended {
			v.allow(r.Target.User)
		}
		return yes
	}
}

// allow notes that somebody may be called once.
func (v *villains) allow(user string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.may[user]++
}

// place notes that somebody is called, and reports whether that was allowed. The same call may be tried again.
func (v *villains) place(invite *sip.Request) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	user, id := invite.Recipient.User, invite.CallID().Value()
	if v.placed[id] {
		return true
	}
	v.placed[id] = true
	v.may[user]--
	return v.may[user] >= 0
}

func (v *villains) run() {
	v.start()
	for range 2 {
		p, call := v.talkIn()
		v.peers, v.calls[call.ID()] = append(v.peers, p), call
	}
	v.allow("1002")
	p, call := v.talkOut()
	v.peers, v.calls[call.ID()] = append(v.peers, p), call
	v.subscribe(SubscribeOptions{Event: "dialog"})
	for range 80 {
		v.step()
		v.look()
	}
	for _, call := range v.calls {
		call.Hangup(v.t.Context())
	}
	for range 200 {
		v.advance(time.Second)
		v.look()
		v.obey()
	}
	if n := len(v.agent.State().Calls); n != 0 {
		v.t.Errorf("%d calls left", n)
	}
	if v.texts != v.told {
		v.t.Errorf("%d texts taken, %d told", v.texts, v.told)
	}
	v.finish()
}

// obey answers what the winding up needs.
func (v *villains) obey() {
	for _, req := range v.out {
		switch {
		case v.agent.State().Connection.State != Connected:
		case req.Method == sip.REGISTER:
			v.grant(req, 600)
		case req.Method == sip.INVITE:
			v.respond(req, 487)
		default:
			v.respond(req, 481)
		}
	}
	v.out = nil
}

// look takes what came out, and checks it and the bounds.
func (v *villains) look() {
	v.collect()
	for _, m := range v.sent {
		v.check(m)
	}
	v.sent = nil
	for _, ev := range v.seen {
		switch ev := ev.(type) {
		case IncomingCallEvent:
			v.calls[ev.Info.ID] = ev.Call
		case CallEvent:
			v.calls[ev.Info.ID] = ev.Call
		case MessageEvent:
			v.told++
		case FaultEvent:
			if text := ev.Err.Error(); strings.Contains(text, "panic") || strings.Contains(text, "illegal") {
				v.t.Error(ev.Err)
			}
		}
	}
	v.seen = nil
	v.bounds()
}

func (v *villains) check(m sip.Message) {
	switch m := m.(type) {
	case *sip.Request:
		if m.Method == sip.INVITE && tagOf(m.To().Params) == "" && !v.place(m) {
			v.t.Errorf("%s is called and nobody has asked for it", m.Recipient.User)
		}
		if m.Method != sip.ACK {
			v.out = append(v.out, m)
		}
		if m.Method == sip.SUBSCRIBE && len(v.notes) < 4 {
			v.notes = append(v.notes, v.notifier(m, fmt.Sprint("n", len(v.notes))))
		}
	case *sip.Response:
		if m.StatusCode == 200 && m.CSeq().MethodName == sip.MESSAGE {
			v.texts++
		}
		for _, p := range v.peers {
			if p.callID == m.CallID().Value() && tagOf(m.To().Params) != "" {
				p.remote = m.To().Value()
			}
		}
	}
	if len(v.out) > 100 {
		v.out = v.out[50:]
	}
}

// bounds checks what the core keeps, which nobody may make grow.
func (v *villains) bounds() {
	v.t.Helper()
	look(v.harness, func(c *core) bool {
		ringing, questions := 0, 0
		for _, s := range c.sessions {
			if s.info.State == CallRinging && s.info.Direction == Incoming {
				ringing++
			}
			for _, a := range s.asks {
				if a.open != nil {
					questions++
				}
			}
			if len(s.early) > 16 {
				v.t.Errorf("%d early dialogs", len(s.early))
			}
		}
		for what, n := range map[string][2]int{"calls": {len(c.sessions), 16}, "ringing": {ringing, 4},
			"questions": {questions, 12}, "open questions": {len(c.questions), maxQuestions},
			"dialogs": {len(c.dialogs), 16 * 9}, "names": {len(c.gone), 32},
			"transactions": {c.txns.Len(), 400}, "alarms": {len(c.alarms), 300}, "texts": {len(c.recent.list), 256},
			"late": {len(c.late), 32}} {
			if n[0] > n[1] {
				v.t.Errorf("%d %s, %d are allowed", n[0], what, n[1])
			}
		}
		return true
	})
	v.media.mu.Lock()
	defer v.media.mu.Unlock()
	open := 0
	for _, s := range v.media.sessions {
		if !s.closed() {
			open++
		}
	}
	if open > 16*8 {
		v.t.Errorf("%d media sessions", open)
	}
}

func (v *villains) step() {
	if v.agent.State().Connection.State != Connected {
		v.advance(5 * time.Second)
		v.obey()
		return
	}
	switch n := v.rnd.IntN(100); {
	case n < 12:
		v.advance([]time.Duration{10 * time.Millisecond, time.Second, 10 * time.Second, 35 * time.Second}[v.rnd.IntN(4)])
	case n < 22:
		v.user()
	case n < 34:
		v.ring()
	case n < 62:
		v.torment()
	case n < 74:
		v.lie()
	case n < 82:
		v.gaps()
	case n < 90:
		v.write()
	case n < 92:
		v.lose()
		v.out = nil
	default:
		v.answer()
	}
}

// user dials, answers, hangs up.
func (v *villains) user() {
	ctx := v.t.Context()
	if v.rnd.IntN(3) == 0 {
		v.allow("1002")
		v.async(func() error {
			_, err := v.agent.Invite(ctx, "1002", InviteOptions{})
			return err
		})
		return
	}
	for _, info := range v.agent.State().Calls {
		call := v.agent.Call(info.ID)
		if call == nil || v.rnd.IntN(3) > 0 {
			continue
		}
		act := v.rnd.IntN(4)
		v.async(func() error {
			switch {
			case info.State == CallRinging && info.Direction == Incoming && act > 0:
				return call.Accept(ctx)
			case act == 0:
				return call.Hangup(ctx)
			case act == 1:
				return call.Hold(ctx)
			}
			return nil
		})
	}
}

// ring lets strangers call, some many at once, some to take the place of a call.
func (v *villains) ring() {
	for range 1 + v.rnd.IntN(10) {
		v.invites++
		p := v.caller(fmt.Sprint("villain-", v.invites))
		extra := []string{fmt.Sprint("branch=z9hG4bKvillain", v.invites), v.pick("X-None: 1", "Expires: 4294967295",
			"Require: nothing"), sdp("villain")}
		if q := v.victim(); q != nil && v.rnd.IntN(2) == 0 && strings.Contains(q.remote, ";tag=") && strings.Contains(q.local,
			";tag=") {
			p.local = fmt.Sprintf("<sip:0900%d@example.com>;tag=far", v.invites)
			extra = append(extra, q.replaces(v.pick("", ";early-only")))
		}
		v.peers = append(v.peers, p)
		p.send("INVITE", extra...)
		if v.rnd.IntN(4) == 0 {
			v.recv(p.text("CANCEL", p.seq, extra[0]))
		}
	}
	v.peers = append(v.peers[:min(3, len(v.peers)):3], v.peers[max(3, len(v.peers)-20):]...)
}

func (v *villains) victim() *peer {
	if len(v.peers) == 0 {
		return nil
	}
	return v.peers[v.rnd.IntN(len(v.peers))]
}

// torment sends many of the same into a dialog.
func (v *villains) torment() {
	p := v.victim()
	if p == nil {
		return
	}
	method := v.pick("REFER", "REFER", "REFER", "ACK", "ACK", "INFO", "MESSAGE", "SUBSCRIBE", "OPTIONS", "INVITE", "NOTIFY",
		"BYE")
	for i := range 1 + v.rnd.IntN(20) {
		switch method {
		case "REFER":
			p.send("REFER", fmt.Sprintf("Refer-To: <sip:0900%d@%s>", i, v.pick("example.com", "example.net")),
				v.pick("X-None: 1", "Refer-Sub: false"))
		case "ACK":
			v.recv(p.text("ACK", p.seq))
			return
		case "INVITE":
			p.send("INVITE", sdp(fmt.Sprint("again", i)))
		case "BYE":
			p.send("BYE")
			return
		case "MESSAGE":
			p.send("MESSAGE", "Content-Type: text/plain", "body=buy")
		default:
			p.send(method, "Event: refer", "Subscription-State: active", "Content-Type: application/dtmf", "body=5")
		}
	}
}

// lie answers a request of the user agent by many responses.
func (v *villains) lie() {
	if len(v.out) == 0 {
		return
	}
	req := v.out[v.rnd.IntN(len(v.out))]
	for i := range 1 + v.rnd.IntN(30) {
		code := []int{180, 183, 183, 200, 202}[v.rnd.IntN(5)]
		if req.Method == sip.REGISTER {
			v.grant(req, 600)
			return
		}
		v.respond(req, code, fmt.Sprint("tag=lie", v.rnd.IntN(300)), okContact, sdp(fmt.Sprint("lie", i)),
			v.pick("X-None: 1", "Require: 100rel"), fmt.Sprint("RSeq: ", 1+v.rnd.IntN(5)), "Expires: 3600")
	}
}

// answer ends one of the open requests.
func (v *villains) answer() {
	if len(v.out) == 0 {
		return
	}
	i := v.rnd.IntN(len(v.out))
	req := v.out[i]
	v.out = append(v.out[:i:i], v.out[i+1:]...)
	switch {
	case req.Method == sip.REGISTER:
		v.grant(req, 600)
	case req.Method == sip.INVITE:
		v.respond(req, []int{302, 486, 503, 603}[v.rnd.IntN(4)], "tag=end", "Contact: <sip:0900@example.net>")
	default:
		v.respond(req, []int{200, 401, 481, 500}[v.rnd.IntN(4)], "tag=end", okContact, challenge("n"))
	}
}

// gaps sends partial notifications that miss something.
func (v *villains) gaps() {
	if len(v.notes) == 0 {
		return
	}
	p := v.notes[v.rnd.IntN(len(v.notes))]
	before := v.subscribes()
	for i := range 40 {
		p.notify("active;expires=3600", "Content-Type: application/dialog-info+xml", fmt.Sprintf(
			`body=<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="%d" state="partial" `+
				`entity="sip:1002@example.com"/>`, p.seq*3+i))
	}
	if n := v.subscribes() - before; n > 2 {
		v.t.Errorf("%d SUBSCRIBEs for one burst of gaps", n)
	}
}

func (v *villains) subscribes() (n int) {
	v.collect()
	for _, m := range v.sent {
		if req, ok := m.(*sip.Request); ok && req.Method == sip.SUBSCRIBE {
			n++
		}
	}
	return n
}

// write sends texts, many of them twice.
func (v *villains) write() {
	for range 1 + v.rnd.IntN(60) {
		v.caller(fmt.Sprint("text-", v.harness.seq)).send("MESSAGE", "Content-Type: "+v.pick("text/plain", "text/html"),
			"body=buy")
	}
}

func (v *villains) pick(from ...string) string { return from[v.rnd.IntN(len(from))] }
