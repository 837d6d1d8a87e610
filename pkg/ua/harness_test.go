package ua

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/transport"
	"github.com/gowebphone/webphone/pkg/ua/internal/recording"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// harness is the world around one user agent: a server that says what the test says, a fake engine, a fake clock.
type harness struct {
	t      *testing.T
	agent  *UserAgent
	media  *fakeEngine
	mu     sync.Mutex                                  // guards dials, onDial, srv and links, which dialling goroutines use
	dials  []string                                    // URLs, in order
	onDial func(ctx context.Context, url string) error // decides whether a dial succeeds; nil: always
	srv    transport.Conn                              // the server's end of the newest connection, or of the flow looked at
	links  map[string]transport.Conn                   // the newest of each server, by URL
	parked map[string][]sip.Message                    // what came to servers that are not looked at
	here   string                                      // server that is looked at, where there are several
	sent   []sip.Message                               // by the user agent, not yet looked at
	pings  int                                         // keep-alives by the user agent
	acks   map[string]transport.Conn                   // where each ACK came first, by branch
	again  []*sip.Request                              // ACKs that came once more over another connection
	silent bool                                        // the server does not answer them
	events *queue[Event]
	seen   []Event // taken from events, not yet looked at
	seq    int
	run    chan error // closed when Run returns

	garble func(msg string) string // changes what arrives; nil: nothing
	look   func(msg sip.Message)   // sees what is sent; may be nil
}

func agree(context.Context, ReferRequest) bool { return true }

type seeded struct{ *rand.ChaCha8 }

func newSeeded(seed byte) io.Reader { return seeded{rand.NewChaCha8([32]byte{seed})} }

// play runs a story in a bubble with a clock of its own. Nothing may be left unseen at its end.
func play(t *testing.T, configure func(*Config), story func(h *harness)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, configure)
		story(h)
		h.finish()
	})
}

func newHarness(t *testing.T, configure func(*Config)) *harness {
	h := &harness{t: t, media: &fakeEngine{}, links: map[string]transport.Conn{}, parked: map[string][]sip.Message{},
		acks: map[string]transport.Conn{}}
	cfg := Config{
		Account:     Account{AOR: "sip:1001@example.com", Password: "secret", DisplayName: "Demo 1001"},
		Servers:     []string{"wss://a.example/ws"},
		MediaEngine: h.media,
		Dial:        h.dial,
		Rand:        newSeeded(1),
		// Transfers are followed where a test says nothing else; what a user agent without these functions does has tests of its
		// own.
		AcceptRefer: agree, AcceptReplaces: agree,
		MessageTypes: []string{"text/plain"},
	}
	if configure != nil {
		configure(&cfg)
	}
	if cfg.Flows > 1 {
		h.here = cfg.Servers[0]
	}
	agent, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	h.agent = agent
	t.Cleanup(func() { agent.Close() })
	h.events = agent.events.add()
	return h
}

func (h *harness) dial(ctx context.Context, url string) (transport.Conn, error) {
	h.mu.Lock()
	h.dials = append(h.dials, url)
	decide := h.onDial
	h.mu.Unlock()
	if decide != nil {
		if err := decide(ctx, url); err != nil {
			return nil, err
		}
	}
	client, server := transport.Pipe()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.here == "" || h.here == url {
		h.srv = server
	}
	h.links[url] = server
	return client, nil
}

// dialWith decides from now on whether dialling succeeds; nil means always.
func (h *harness) dialWith(f func(ctx context.Context, url string) error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.onDial = f
}

// server returns the server's end of the newest connection, nil before the first.
func (h *harness) server() transport.Conn {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.srv
}

// A test may come in by a turn of its own, which is not recorded.
func (f turn) do(_ *core, now time.Time) { f(now) }

func (turn) entry(*recorder) recording.Entry { return recording.Entry{} }

// look reads something of the core, on the loop that owns it.
func look[T any](h *harness, read func(c *core) T) T {
	result := make(chan T, 1)
	h.agent.post(turn(func(time.Time) { result <- read(h.agent.core) }))
	return <-result
}

// finish closes the agent and checks that nothing surprising is left.
func (h *harness) finish() {
	h.t.Helper()
	h.collect()
	h.agent.Close()
	synctest.Wait()
	if n := len(h.agent.core.alarms); n > 0 && !h.t.Failed() {
		h.t.Errorf("%d alarms left after Close", n)
	}
	if n := h.agent.core.txns.Len(); n > 0 && !h.t.Failed() {
		h.t.Errorf("%d transactions left after Close", n)
	}
	for _, s := range h.media.sessions {
		if !s.closed() {
			h.t.Errorf("media session left open: %v", s.log)
		}
	}
}

// collect lets everything settle and takes what came out.
func (h *harness) collect() {
	h.t.Helper()
	synctest.Wait()
	items, _ := h.events.take()
	h.seen = append(h.seen, items...)
	if h.here != "" {
		for url, conn := range h.connections() {
			if url != h.here {
				h.parked[url] = append(h.parked[url], h.drain(conn)...)
			}
		}
	}
	if h.server() != nil {
		h.sent = append(h.sent, h.drain(h.server())...)
	}
}

func (h *harness) connections() map[string]transport.Conn {
	h.mu.Lock()
	defer h.mu.Unlock()
	return maps.Clone(h.links)
}

// drain takes what came to one server, and answers keep-alives.
func (h *harness) drain(srv transport.Conn) (msgs []sip.Message) {
	h.t.Helper()
	done, cancel := context.WithCancel(h.t.Context())
	cancel()
	for {
		data, err := srv.Recv(done)
		if err != nil {
			return msgs
		}
		if ping, pong := wire.KeepAlive(data); ping || pong {
			h.pings++
			if ping && !h.silent {
				srv.Send([]byte("\r\n"))
				synctest.Wait()
			}
			continue
		}
		got, err := wire.Parse(data)
		msg := unwrap(got)
		if _, response := msg.(*sip.Response); err != nil && !response { // a response repeats what was wrong with its request
			h.t.Fatalf("the user agent sent what it would not accept itself: %v\n%s", err, data)
		}
		if h.look != nil {
			h.look(msg)
		}
		if !h.repeated(msg, srv) {
			msgs = append(msgs, msg)
		}
	}
}

// unwrap is a message as one is made, which is how the peers of the tests look at those that come to them.
func unwrap(m wire.Message) sip.Message {
	switch m := m.(type) {
	case *wire.Request:
		return &m.Request
	case *wire.Response:
		return &m.Response
	}
	return nil
}

// readBack is what a message of the user agent says to those that receive it.
func (h *harness) readBack(m sip.Message) *wire.Head {
	h.t.Helper()
	data, err := wire.Serialize(m)
	if err != nil {
		h.t.Fatal(err)
	}
	got, err := wire.Parse(data)
	if err != nil {
		h.t.Fatal(err)
	}
	return got.Typed()
}

// repeated sets an ACK aside that came before over another connection.
func (h *harness) repeated(msg sip.Message, srv transport.Conn) bool {
	ack, ok := msg.(*sip.Request)
	if !ok || ack.Method != sip.ACK {
		return false
	}
	branch, _ := ack.Via().Params.Get("branch")
	first := h.acks[branch]
	if first == nil {
		h.acks[branch] = srv
		return false
	}
	if first != srv {
		h.again = append(h.again, ack)
	}
	return first != srv
}

// at looks at one server from now on, where the user agent has several flows.
func (h *harness) at(url string) {
	h.t.Helper()
	h.collect()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.parked[h.here] = h.sent
	h.here, h.srv, h.sent = url, h.links[url], h.parked[url]
	h.parked[url] = nil
}

func (h *harness) advance(d time.Duration) {
	for h.collect(); d > 0; h.collect() {
		step := min(d, time.Second)
		time.Sleep(step)
		d -= step
	}
}

// forget drops what came out so far, for stories that begin later.
func (h *harness) forget() {
	h.t.Helper()
	h.collect()
	h.sent, h.seen = nil, nil
}

// recv lets a message arrive at the user agent. The lines of its head end in "\n".
func (h *harness) recv(msg string) {
	h.t.Helper()
	if h.garble != nil {
		msg = h.garble(msg)
	}
	head, body, _ := strings.Cut(msg, "\n\n")
	text := strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + body
	if err := h.server().Send([]byte(text)); err != nil {
		h.t.Fatalf("recv: %v", err)
	}
	synctest.Wait()
}

// respond answers a request of the user agent. extra are header lines; "tag=x" sets the To tag, "sdp" adds a body.
func (h *harness) respond(req *sip.Request, code int, extra ...string) {
	h.t.Helper()
	h.recv(responseText(req, code, extra...))
}

func responseText(req *sip.Request, code int, extra ...string) string {
	var b strings.Builder
	tag, body := "srv", ""
	var lines []string
	for _, e := range extra {
		switch {
		case strings.HasPrefix(e, "tag="):
			tag = e[4:]
		case strings.HasPrefix(e, "v=0"):
			body = e
			lines = append(lines, "Content-Type: application/sdp")
		default:
			lines = append(lines, e)
		}
	}
	fmt.Fprintf(&b, "SIP/2.0 %d %s\n", code, cmpPhrase(code))
	for _, via := range req.GetHeaders("Via") {
		fmt.Fprintf(&b, "Via: %s\n", via.Value())
	}
	to := req.To().Value()
	if code > 100 && tagOf(req.To().Params) == "" {
		to += ";tag=" + tag
	}
	fmt.Fprintf(&b, "From: %s\nTo: %s\nCall-ID: %s\nCSeq: %s\n", req.From().Value(), to, req.CallID().Value(), req.CSeq().Value())
	for _, l := range lines {
		fmt.Fprintf(&b, "%s\n", l)
	}
	fmt.Fprintf(&b, "Content-Length: %d\n\n%s", len(body), body)
	return b.String()
}

func cmpPhrase(code int) string {
	if p := phrase(code); p != "Refused" {
		return p
	}
	return "Status"
}

// sdp makes a session description of the other side. name tells one from another.
func sdp(name string, attributes ...string) string {
	lines := []string{"v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0",
		"m=audio 4000 UDP/TLS/RTP/SAVPF 0", "a=mid:" + name}
	return strings.Join(append(lines, attributes...), "\r\n") + "\r\n"
}

const okContact = "Contact: <sip:peer@192.0.2.9;transport=ws>"

// start runs the agent and lets it connect and register.
func (h *harness) start() {
	h.t.Helper()
	h.begin()
	h.accept()
}

// begin runs the agent.
func (h *harness) begin() {
	h.run = make(chan error, 1)
	go func() { h.run <- h.agent.Run(h.t.Context()) }()
	h.collect()
}

// accept answers the REGISTER that is there with 200 and forgets how it came to this.
func (h *harness) accept() {
	h.t.Helper()
	h.grant(h.wantRequest("connecting is followed by a REGISTER", sip.REGISTER), 600)
	h.forget()
}

func (h *harness) grant(req *sip.Request, expires int, extra ...string) {
	h.t.Helper()
	contact := req.GetHeader("Contact").Value()
	contact, _, _ = strings.Cut(contact, ";expires=")
	h.respond(req, 200, append(extra, fmt.Sprintf("Contact: %s;expires=%d", contact, expires))...)
}

// lose cuts the connection.
func (h *harness) lose() {
	h.collect()
	h.server().Abandon()
	synctest.Wait()
}

// dialTo calls and returns the handle; the offer has been made when it returns.
func (h *harness) dialTo(target string) *Call {
	h.t.Helper()
	call, err := h.agent.Invite(h.t.Context(), target, InviteOptions{})
	if err != nil {
		h.t.Fatal(err)
	}
	return call
}
