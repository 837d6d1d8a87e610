package ua

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/transport"
	"github.com/gowebphone/webphone/pkg/ua/internal/recording"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// rig is a core without loop, network and media, driven turn by turn: what is left is the work of the core.
type rig struct {
	agent *UserAgent
	now   time.Time
	sent  [][]byte
	done  chan struct{}
}

func newRig(tb testing.TB) *rig {
	r := &rig{now: time.Unix(1e9, 0), done: make(chan struct{})}
	w := &recording.World{Done: r.done}
	agent, err := newAgent(Config{Account: Account{AOR: "sip:1001@example.com", Password: "secret"},
		Servers: []string{"wss://a.example/ws"}, NoRegister: true, MediaEngine: w, Dial: w.Dial, Now: func() time.Time {
			return r.now
		}, Rand: newSeeded(1),
		AcceptRefer: agree, AcceptReplaces: agree, MessageTypes: []string{"text/plain"}})
	if err != nil {
		tb.Fatal(err)
	}
	r.agent = agent
	r.act(&act{Name: "run"})
	agent.enter(dialled{1, r, nil})
	return r
}

func (r *rig) turn(f turn) { r.agent.enter(f) }

// act has a deed done and returns its outcome, if it is there at once.
func (r *rig) act(a *act) (value any) {
	a.deed = deedNamed(a.Name)
	a.answer = func(v any, _ error) { value = v }
	r.agent.enter(a)
	return value
}

func (r *rig) Send(data []byte) error { r.sent = append(r.sent, data); return nil }
func (r *rig) Recv(ctx context.Context) ([]byte, error) {
	<-r.done
	return nil, &transport.CloseError{}
}
func (r *rig) Close(int, string) {}
func (r *rig) Abandon()          {}
func (r *rig) recv(data []byte)  { r.agent.enter(received{1, data}) }
func (r *rig) last() []byte      { return r.sent[len(r.sent)-1] }

// finish lets the next media job of the newest audio succeed.
func (r *rig) finish(sdp []byte) {
	r.agent.enter(jobDone{r.agent.core.audioCount - 1, sdp, nil})
}

// answer makes a response out of the head of a request.
func answer(req []byte, status string, body string) []byte {
	var b bytes.Buffer
	b.WriteString("SIP/2.0 " + status + "\r\n")
	for line := range strings.SplitSeq(string(req), "\r\n") {
		name, _, _ := strings.Cut(line, ":")
		switch name {
		case "Via", "From", "Call-ID", "CSeq":
			b.WriteString(line + "\r\n")
		case "To":
			if !strings.Contains(line, ";tag=") {
				line += ";tag=far"
			}
			b.WriteString(line + "\r\n")
		}
	}
	b.WriteString("Contact: <sip:peer@192.0.2.9;transport=ws>\r\n")
	if body != "" {
		b.WriteString("Content-Type: application/sdp\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return b.Bytes()
}

// BenchmarkCall makes a whole call through the core in memory: INVITE, 180, 200, ACK, BYE, 200, with parsing and
// serialising, without media.
func BenchmarkCall(b *testing.B) {
	r := newRig(b)
	defer close(r.done)
	description := sdp("bench")
	b.ReportAllocs()
	for b.Loop() {
		r.sent = r.sent[:0]
		s := r.act(&act{Name: "invite", Target: "1002"}).(*Call).s
		r.finish([]byte(description))
		invite := r.last()
		r.recv(answer(invite, "180 Ringing", ""))
		r.recv(answer(invite, "200 OK", description))
		r.finish(nil)
		if s.info.State != CallEstablished {
			b.Fatalf("call is %v", s.info.State)
		}
		r.act(&act{Name: "hangup", ID: s.info.ID})
		r.recv(answer(r.last(), "200 OK", ""))
		if s.info.State != CallEnded {
			b.Fatalf("call is %v", s.info.State)
		}
		r.now = r.now.Add(time.Minute)
		r.agent.enter(tick{})
	}
	if n := r.agent.core.txns.Len(); n != 0 {
		b.Errorf("%d transactions left", n)
	}
}

// BenchmarkMask shows what watching a trace costs for each message.
func BenchmarkMask(b *testing.B) {
	msg := answer([]byte("INVITE x\r\nVia: SIP/2.0/WSS a;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n"+
		"Call-ID: x\r\nCSeq: 1 INVITE\r\n\r\n"), "200 OK", sdp("x"))
	b.SetBytes(int64(len(msg)))
	for b.Loop() {
		wire.Mask(msg)
	}
}
