package ua

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
)

const flowDir = "../../testdata/flows"

// TestFlows plays the ladders of testdata/flows; the README there says how to read them.
func TestFlows(t *testing.T) {
	files, err := filepath.Glob(flowDir + "/*.flow")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d flows, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".flow"), func(t *testing.T) {
			play(t, keyed, func(h *harness) {
				h.start()
				(&ladder{h: h, requests: map[string]*sip.Request{}}).play(string(text))
			})
		})
	}
}

// ladder is a ladder being played.
type ladder struct {
	h        *harness
	line     string
	requests map[string]*sip.Request // last of each method that the user agent sent
	peer     *peer
	branch   string // of the peer's last INVITE
	invite   int    // its number
	call     *Call
	reliable string // RAck for the last reliable response of the user agent

	subscription *Subscription // the last one the user was told of
	publication  *Publication

	stopped func() bool // tells that the rest is not to be played; nil: all is
}

func (f *ladder) play(text string) {
	n := 0
	for line := range strings.Lines(text) {
		if f.stopped != nil && f.stopped() {
			return
		}
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f.line = fmt.Sprintf("line %d: %s", n, line)
		sign, rest, _ := strings.Cut(line, " ")
		f.step(sign, strings.TrimSpace(rest))
	}
	f.line = "end of the flow"
	f.h.collect()
	if len(f.h.sent) > 0 {
		f.fail("the user agent sent %s too", label(f.h.sent[0]))
	}
	if len(f.h.seen) > 0 {
		f.fail("the user was told %q too", describe(f.h.seen[0]))
	}
}

func (f *ladder) fail(format string, args ...any) {
	f.h.t.Helper()
	f.h.t.Fatalf("%s: %s", f.line, fmt.Sprintf(format, args...))
}

func (f *ladder) step(sign, rest string) {
	switch sign {
	case "!":
		f.act(strings.Fields(rest))
	case "-->":
		f.sent(strings.Fields(rest))
	case "<--":
		f.arrive(rest)
	case "==":
		f.told(rest)
	case "..":
		d, err := time.ParseDuration(rest)
		if err != nil {
			f.fail("%v", err)
		}
		f.h.advance(d)
	default:
		f.fail("unknown sign")
	}
}

func (f *ladder) act(words []string) {
	ctx, call := f.h.t.Context(), f.call
	switch words[0] {
	case "call":
		f.call = f.h.dialTo(words[1])
	case "accept":
		f.check(call.Accept(ctx))
	case "reject":
		code := 0
		fmt.Sscan(words[1], &code)
		f.check(call.Reject(ctx, code, RejectOptions{}))
	case "hangup":
		f.check(call.Hangup(ctx))
	case "hold":
		go call.Hold(ctx)
	case "resume":
		go call.Resume(ctx)
	case "transfer":
		go call.Transfer(ctx, words[1])
	case "progress":
		go call.Progress(ctx)
	case "mute":
		f.check(call.Mute(true))
	case "tones":
		f.check(call.SendDTMF(ctx, words[1]))
	case "lose":
		f.h.lose()
	case "refuse":
		f.h.media.fail = media.ErrPermission
	default:
		f.actOnState(words)
	}
	synctest.Wait()
}

func (f *ladder) check(err error) {
	f.h.t.Helper()
	if err != nil {
		f.fail("%v", err)
	}
}

// sent takes the next message of the user agent and compares it with the words.
func (f *ladder) sent(words []string) {
	f.h.collect()
	if len(f.h.sent) == 0 {
		f.fail("nothing was sent")
	}
	msg := f.h.sent[0]
	f.h.sent = f.h.sent[1:]
	want := words[0]
	if _, ok := msg.(*sip.Response); ok {
		want = strings.Join(words[:min(2, len(words))], " ")
		words = words[1:]
	}
	if got := label(msg); got != want {
		f.fail("got %s", got)
	}
	if req, ok := msg.(*sip.Request); ok {
		f.requests[string(req.Method)] = req
	} else if f.peer != nil && tagOf(msg.To().Params) != "" {
		f.peer.remote = msg.To().Value()
	}
	if seq := header(msg, "RSeq"); seq != "" {
		f.reliable = fmt.Sprintf("RAck: %s %d INVITE", seq, msg.CSeq().SeqNo)
	}
	for _, w := range words[1:] {
		f.compare(msg, w)
	}
}

func (f *ladder) compare(msg sip.Message, word string) {
	body := string(msg.Body())
	switch {
	case word == "sdp" && !strings.HasPrefix(body, "v=0"):
		f.fail("no session description")
	case strings.HasPrefix(word, "a=") && !strings.Contains(body, "\n"+word+"\r\n"):
		f.fail("the body has no %s", word)
	case strings.HasPrefix(word, "tag=") && tagOf(msg.To().Params) != word[4:]:
		f.fail("To tag %q", tagOf(msg.To().Params))
	case strings.HasSuffix(word, ":") && len(msg.GetHeaders(strings.TrimSuffix(word, ":"))) == 0:
		f.fail("no %s", word)
	}
}

// arrive lets a message come in.
func (f *ladder) arrive(rest string) {
	words := strings.Fields(rest)
	var extra []string
	header := -1
	for i, w := range words {
		if strings.HasSuffix(w, ":") {
			header = i
			extra = append(extra, rest[strings.Index(rest, " "+w)+1:])
			break
		}
	}
	if header >= 0 {
		words = words[:header]
	}
	code := 0
	if _, err := fmt.Sscan(words[0], &code); err == nil {
		f.respond(code, words[1], words[2:], extra)
		return
	}
	f.request(words[0], words[1:], extra)
}

func (f *ladder) respond(code int, method string, words, extra []string) {
	req := f.requests[method]
	if req == nil {
		f.fail("no %s was sent", method)
	}
	for _, w := range words {
		switch {
		case strings.HasPrefix(w, "sdp="):
			extra = append(extra, sdp(w[4:]))
		case strings.HasPrefix(w, "rseq="):
			extra = append(extra, "Require: 100rel", "RSeq: "+w[5:])
		case strings.HasPrefix(w, "tag="):
			extra = append(extra, w)
			f.meetNotifier(method, req, w[4:])
			if method == "INVITE" && code < 300 && (f.peer == nil || f.peer.callID != req.CallID().Value()) {
				f.peer = f.h.called(req, w[4:])
			} else if method == "INVITE" && f.peer != nil && f.peer.seq == 0 && f.call.Info().State < CallEstablished {
				f.peer = f.h.called(req, w[4:])
			}
		}
	}
	if method == "REGISTER" && code == 200 {
		f.h.grant(req, 600)
		return
	}
	f.h.respond(req, code, append(extra, okContact)...)
}

func (f *ladder) request(method string, words, extra []string) {
	if f.peer == nil {
		f.peer = f.h.caller("flow")
	}
	for _, w := range words {
		switch {
		case w == "replaces":
			extra = append(extra, f.peer.replaces(""))
			f.peer = f.h.caller("flow-2")
		case w == "rack":
			extra = append(extra, f.reliable)
		case strings.HasPrefix(w, "state="), strings.HasPrefix(w, "text="), strings.HasPrefix(w, "count="):
			extra = append(extra, f.content(w)...)
		case strings.HasPrefix(w, "sipfrag="):
			extra = append(extra, "Event: refer", "Content-Type: message/sipfrag", "body=SIP/2.0 "+w[8:]+" Status\r\n")
		case strings.HasPrefix(w, "sdp="):
			extra = append(extra, sdp(w[4:]))
		case strings.HasPrefix(w, "tone="):
			extra = append(extra, "Content-Type: application/dtmf-relay", "body=Signal="+w[5:]+"\r\n")
		}
	}
	p := f.peer
	switch method {
	case "ACK":
		f.h.recv(p.text(method, f.invite, extra...))
	case "CANCEL":
		inDialog := p.remote
		p.remote = "<sip:1001@example.com>"
		f.h.recv(p.text(method, f.invite, append(extra, "branch="+f.branch)...))
		p.remote = inDialog
	case "INVITE":
		f.branch, f.invite = fmt.Sprintf("z9hG4bK%s.%d", p.callID, p.seq+1), p.seq+1
		p.send(method, append(extra, "branch="+f.branch)...)
	default:
		p.send(method, extra...)
	}
}

// told takes the next event and compares it with the words.
func (f *ladder) told(want string) {
	f.h.collect()
	if len(f.h.seen) == 0 {
		f.fail("nothing was told")
	}
	ev := f.h.seen[0]
	f.h.seen = f.h.seen[1:]
	if got := describe(ev); got != want {
		f.fail("the user was told %q", got)
	}
	switch ev := ev.(type) {
	case IncomingCallEvent:
		f.call = ev.Call
	case SubscriptionEvent:
		f.subscription = ev.Subscription
	case PublicationEvent:
		f.publication = ev.Publication
	}
}
