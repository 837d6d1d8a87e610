package ua

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
)

// TestBrokenHeaders plays the flows of testdata/flows up to one message, breaks one of its headers in one of many ways, and
// looks what becomes of it within four seconds, without the help of any timer: a request is answered or the user is told, an
// answer ends what it answers, an ACK counts, a call goes on or ends, and what goes on can be ended.
func TestBrokenHeaders(t *testing.T) {
	places := brokenPlaces(t)
	for seed := range schedules(10000) {
		at := places[seed*7919%len(places)]
		w := &wreck{place: at, rnd: rand.New(rand.NewPCG(uint64(seed), 2)), seed: seed}
		synctest.Test(t, func(t *testing.T) { w.play(t) })
		if t.Failed() {
			return
		}
	}
}

// place is a header of a message of a flow.
type place struct {
	flow, script string
	message, row int // of those that arrive, the first being the 200 to REGISTER; of the lines behind the start line
}

// brokenPlaces lists every header of every message that arrives in a flow.
func brokenPlaces(t *testing.T) (places []place) {
	files, err := filepath.Glob(flowDir + "/*.flow")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d flows, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		at := place{flow: strings.TrimSuffix(filepath.Base(file), ".flow"), script: string(text)}
		play(t, keyed, func(h *harness) {
			h.garble = func(msg string) string {
				head, _, _ := strings.Cut(msg, "\n\n")
				for row := 1; row < len(strings.Split(head, "\n")); row++ {
					places = append(places, place{at.flow, at.script, at.message, row})
				}
				at.message++
				return msg
			}
			h.start()
			(&ladder{h: h, requests: map[string]*sip.Request{}}).play(at.script)
		})
	}
	return places
}

// wreck is a flow in which one header gets broken.
type wreck struct {
	*harness
	place
	seed    int
	rnd     *rand.Rand
	flow    *ladder
	arrived int
	before  string // the line that was broken
	after   string
	start   string // of its message
	open    []*sip.Request
	answers int // sent since then
	faults  int
	ended   map[string]int
	log     []string
}

func (w *wreck) play(t *testing.T) {
	h := newHarness(t, keyed)
	w.harness, w.ended = h, map[string]int{}
	h.garble, h.look = w.garbleOne, w.see
	h.begin()
	h.grant(h.wantRequest("connecting is followed by a REGISTER", sip.REGISTER), 600)
	if w.after == "" {
		h.forget()
		w.flow = &ladder{h: h, requests: map[string]*sip.Request{}, stopped: func() bool { return w.start != "" }}
		w.flow.play(w.script)
	}
	if w.start == "" {
		w.blame("nothing was broken")
	}
	w.settle()
	w.judge()
	w.leave()
	h.finish()
}

func (w *wreck) blame(format string, args ...any) {
	w.t.Helper()
	w.t.Fatalf("seed %d, %s, message %d: %q became %q in %s: %s\n%s", w.seed, w.place.flow, w.message, w.before, w.after, w.start,
		fmt.Sprintf(format, args...), strings.Join(w.log, "\n"))
}

// garbleOne breaks the header in its turn, and notes what is answered.
func (w *wreck) garbleOne(msg string) string {
	w.answered(msg)
	w.arrived++
	if w.arrived-1 != w.message {
		return msg
	}
	head, body, _ := strings.Cut(msg, "\n\n")
	lines := strings.Split(head, "\n")
	w.start, w.before = lines[0], lines[w.row]
	w.after = breakLine(w.rnd, w.before)
	lines[w.row] = w.after
	w.log = append(w.log, "< "+strings.Join(lines, "\n  "))
	return strings.Join(lines, "\n") + "\n\n" + body
}

// breakLine breaks a header line.
func breakLine(rnd *rand.Rand, line string) string {
	name, value, _ := strings.Cut(line, ": ")
	at := rnd.IntN(len(value) + 1)
	junk := []string{`"`, "<", ">", ";", ",", "\x00", " ", "%", "\\", "@", ":", "\xff", "[", "=", "?", "\t", "x", ";;",
		"99999999999999999999", "()", "\r"}[rnd.IntN(21)]
	switch rnd.IntN(14) {
	case 0:
		return name + ":"
	case 1:
		return "X-Gone: x"
	case 2:
		return line + "\n" + line
	case 3:
		return line + "\n" + name + ": " + junk
	case 4:
		return name + ": " + junk + "\n" + line
	case 5:
		return name + ": " + value[:at]
	case 6:
		return name + ": " + value[at:]
	case 7, 8, 9:
		return name + ": " + value[:at] + junk + value[at:]
	case 10:
		return name + ": " + value[:at] + junk + value[min(at+1+rnd.IntN(4), len(value)):]
	case 11:
		return name + " " + value
	case 12:
		return name + junk + ": " + value
	}
	return name + ": " + strings.Map(func(r rune) rune {
		if rnd.IntN(6) == 0 {
			return rune(33 + rnd.IntN(94))
		}
		return r
	}, value)
}

// answered takes a request of the user agent from the list of those that wait for a final response.
func (w *wreck) answered(msg string) {
	var code int
	if _, err := fmt.Sscanf(msg, "SIP/2.0 %d", &code); err != nil || code < 200 {
		return
	}
	for i, req := range w.open {
		branch, _ := req.Via().Params.Get("branch")
		if strings.Contains(msg, branch) && strings.Contains(msg, req.CSeq().Value()+"\n") {
			w.open = append(w.open[:i:i], w.open[i+1:]...)
			return
		}
	}
}

// see notes what the user agent sends.
func (w *wreck) see(m sip.Message) {
	w.log = append(w.log, "> "+label(m))
	switch m := m.(type) {
	case *sip.Request:
		if m.Method != sip.ACK {
			w.open = append(w.open, m)
		}
	case *sip.Response:
		if w.start != "" {
			w.answers++
		}
	}
}

// settle lets four seconds pass in which the world does what it should.
func (w *wreck) settle() {
	for range 8 {
		w.collect()
		w.sent = nil
		for _, ev := range w.seen {
			w.log = append(w.log, "= "+describe(ev))
			switch ev := ev.(type) {
			case FaultEvent:
				w.faults++
			case CallEvent:
				if ev.Info.State == CallEnded {
					w.ended[ev.Info.ID]++
				}
			}
		}
		w.seen = nil
		for _, req := range append([]*sip.Request{}, w.open...) {
			w.answer(req)
		}
		w.acknowledge()
		time.Sleep(500 * time.Millisecond)
	}
	w.collect()
}

// answer is what a server that means well says.
func (w *wreck) answer(req *sip.Request) {
	switch req.Method {
	case sip.REGISTER:
		w.grant(req, 600)
	case sip.INVITE:
		if tagOf(req.To().Params) == "" {
			w.respond(req, 486, "tag=far")
			return
		}
		w.respond(req, 200, okContact, sdp("far"))
	case sip.SUBSCRIBE:
		w.respond(req, 200, "tag=far", okContact, "Expires: 600")
	case sip.PUBLISH:
		w.respond(req, 200, "SIP-ETag: e", "Expires: 600")
	default:
		w.respond(req, 200, "tag=far")
	}
}

// dialogs are those of the user agent, as the other side sees them.
type farDialog struct {
	peer
	unacked int // number of the INVITE whose 2xx waits for its ACK
}

func (w *wreck) dialogs() []farDialog {
	return look(w.harness, func(c *core) (list []farDialog) {
		for _, s := range c.sessions {
			if s.dlg == nil || s.info.State == CallEnded {
				continue
			}
			id := s.dlg.id
			d := farDialog{peer: peer{h: w.harness, callID: id.callID, local: "<sip:1002@example.com>",
				remote: "<sip:1001@example.com>;tag=" + id.local, target: uriOf(c.lead().contactURI()),
				seq: int(s.dlg.remoteSeq)}}
			if id.remote != "" {
				d.local += ";tag=" + id.remote
			}
			if s.unacked != nil {
				d.unacked = int(s.unacked.seq)
			}
			list = append(list, d)
		}
		return list
	})
}

// acknowledge sends the ACK to every 2xx that waits for one, unless it was that which was broken.
func (w *wreck) acknowledge() {
	if strings.HasPrefix(w.start, "ACK") {
		return
	}
	for _, d := range w.dialogs() {
		if d.unacked > 0 {
			w.recv(d.text("ACK", d.unacked, sdp("far")))
		}
	}
}

// judge says what must hold then.
func (w *wreck) judge() {
	if !strings.HasPrefix(w.start, "SIP/2.0") && !strings.HasPrefix(w.start, "ACK") && w.answers+w.faults == 0 {
		w.blame("neither answered nor told")
	}
	w.quiet()
	for _, info := range w.agent.State().Calls {
		if info.State != CallEstablished && (info.State != CallRinging || info.Direction != Incoming) {
			w.blame("the call is %v", info.State)
		}
	}
	if r := w.agent.State().Registration.State; r == Registering {
		w.blame("still registering")
	}
}

// quiet checks that nothing of the user agent waits for an answer.
func (w *wreck) quiet() {
	w.t.Helper()
	busy := look(w.harness, func(c *core) []string {
		var list []string
		waiting := c.txns.Open()
		for _, s := range c.sessions {
			if s.stx != nil {
				waiting--
			}
			if s.pending != nil {
				list = append(list, "an offer that is not answered")
			}
			if s.op != nil {
				list = append(list, "an offer of ours that is not answered")
			}
			if s.unacked != nil {
				list = append(list, "a 2xx without ACK")
			}
		}
		if waiting > 0 {
			list = append(list, fmt.Sprintf("%d transactions", waiting))
		}
		return list
	})
	if len(busy) > 0 {
		w.blame("waits for %s", strings.Join(busy, ", "))
	}
}

// leave ends every call, from here or from there, and nothing is left of it.
func (w *wreck) leave() {
	calls := w.agent.State().Calls
	if w.seed%2 == 0 {
		for _, call := range calls {
			if c := w.agent.Call(call.ID); c != nil {
				w.async(func() error { return c.Hangup(w.t.Context()) })
			}
		}
	} else {
		for _, d := range w.dialogs() {
			d.seq += 1000
			w.recv(d.text("BYE", d.seq))
		}
	}
	w.start = "the end"
	w.settle()
	w.quiet()
	for _, call := range calls {
		if w.ended[call.ID] != 1 {
			w.blame("the end of call %s was told %d times", call.ID, w.ended[call.ID])
		}
	}
	if n := len(w.agent.State().Calls); n > 0 {
		w.blame("%d calls are left", n)
	}
}
