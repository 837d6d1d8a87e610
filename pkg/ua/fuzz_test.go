package ua

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"bytes"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// FuzzSDP gives any two bodies to what the core reads in session descriptions.
func FuzzSDP(f *testing.F) {
	f.Add(sdp("a"), sdp("b", "a=sendonly"))
	f.Add("v=0\r\nc=IN IP4 0.0.0.0\r\nm=audio 0 RTP/AVP 0\r\n", "\nm=audio ")
	f.Add("", "a=inactive")
	f.Fuzz(func(t *testing.T, a, b string) {
		if dir := mirrored([]byte(a)); dir != media.SendRecv && dir != media.SendOnly && dir != media.RecvOnly &&
			dir != media.Inactive {
			t.Errorf("direction %q", dir)
		}
		if !sameMedia([]byte(a), []byte(a)) || sameMedia([]byte(a), []byte(b)) != sameMedia([]byte(b), []byte(a)) {
			t.Error("sameMedia is no equality")
		}
	})
}

// FuzzCore plays a script against a registered core, turn by turn without goroutines: anything may arrive, the user may do
// anything, time passes, the media engine succeeds or fails. A script is a list of steps, each begins with a letter:
//
//	< a message as it is; {call}, {from}, {to} and {contact} stand for those of the dialog seen last, {rack} for the last RSeq
//	2 a response to the last request of ours: status, then headers and body; 3 to the last INVITE
//	! what the user does: a letter of acts
//	J the oldest job of the media engine succeeds, j fails
//	Y the application says yes to the oldest question, N no
//	T so many seconds pass
//
// Nothing may panic, every request that leaves can be read, and closing leaves no transaction, alarm or call.
func FuzzCore(f *testing.F) {
	torture, _ := filepath.Glob("../../testdata/sip/*/*.sip")
	for _, file := range torture {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		_, data, _ := bytes.Cut(raw, []byte("\n\n"))
		f.Add(string(append([]byte("<"), data...)))
	}
	for _, script := range scripts {
		f.Add(strings.Join(script, stepEnd))
	}
	f.Fuzz(func(t *testing.T, script string) {
		s := newScripted(t)
		for i, step := range strings.Split(script, stepEnd) {
			if i == 60 {
				break
			}
			s.step(step)
		}
		s.finish()
	})
}

// TestScriptsComeAsFarAsTheySay keeps the seeds of FuzzCore from being refused at their first step.
func TestScriptsComeAsFarAsTheySay(t *testing.T) {
	for i, want := range []string{"tone 5", "ended cancelled", "transfer succeeded 200", "ended other", "refer", "notify active",
		"published"} {
		s := newScripted(t)
		for _, step := range scripts[i] {
			s.step(step)
		}
		if !slices.Contains(s.told, want) {
			t.Errorf("script %d told %q, want %q among it", i, s.told, want)
		}
		s.finish()
	}
}

const stepEnd = "\x1e"

const (
	incoming = "<INVITE sip:1001@x.invalid SIP/2.0\r\nVia: SIP/2.0/WSS a.example;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: " +
		"<sip:1002@example.com>;tag=far\r\n" +
		"To: <sip:1001@example.com>\r\nCall-ID: in\r\nCSeq: 1 INVITE\r\nContact: <sip:far@192.0.2.1;transport=ws>\r\n" +
		"Supported: 100rel, timer\r\n" +
		"Content-Type: application/sdp\r\n\r\nv=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 1 UDP/TLS/RTP/SAVPF " +
		"0\r\n"
	cancelled = "<CANCEL sip:1001@x.invalid SIP/2.0\r\nVia: SIP/2.0/WSS a.example;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n" +
		"From: <sip:1002@example.com>;tag=far\r\n" +
		"To: <sip:1001@example.com>\r\nCall-ID: in\r\nCSeq: 1 CANCEL\r\n\r\n"
	answered = "3200 OK\r\nContact: <sip:far@192.0.2.1;transport=ws>\r\nSession-Expires: 90;refresher=uac\r\nContent-Type: " +
		"application/sdp\r\n\r\n" +
		"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 1 UDP/TLS/RTP/SAVPF 0\r\n"
)

// within is a request of the other side in the dialog seen last.
func within(method string, seq int, extra string) string {
	return fmt.Sprintf("<%s {contact} SIP/2.0\r\nVia: SIP/2.0/WSS a.example;branch=z9hG4bK%s%d\r\nFrom: {to}\r\nTo: {from}\r\n"+
		"Call-ID: {call}\r\nCSeq: %d %s\r\n%s",
		method, method, seq, seq, method, extra+"\r\n")
}

var scripts = [][]string{
	{incoming, "!a", "J", within("ACK", 1, ""), within("INFO", 2, "Content-Type: application/dtmf\r\n\r\n5"),
		within("BYE", 3, "")},
	{incoming, within("PRACK", 2, "RAck: {rack} 1 INVITE\r\n"), "!p", "J", within("PRACK", 3, "RAck: {rack} 1 INVITE\r\n"),
		cancelled, "T40"},
	{"!c", "J", "3180 Ringing\r\nRequire: 100rel\r\nRSeq: 1\r\n", answered, "J", "!o", "J", answered, "J", "!t",
		"2202 Accepted\r\n", within("NOTIFY", 1,
			"Event: refer\r\nSubscription-State: active\r\nContent-Type: message/sipfrag\r\n\r\nSIP/2.0 200 OK\r\n"), "T9"},
	{"!c", "J", "2401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"example.com\", nonce=\"n\", qop=\"auth,auth-int\", " +
		"algorithm=SHA-256\r\n", "2302 Moved\r\nContact: <sip:x@y>\r\n", "!h"},
	{"!c", "J", answered, "J", within("REFER", 1, "Refer-To: <sip:1003@example.com?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>\r\n"),
		"Y", "J", "2486 Busy Here\r\n", within("UPDATE", 2, "")},
	{"!s", "2200 OK\r\nExpires: 60\r\n", within("NOTIFY", 1,
		"Event: presence\r\nSubscription-State: active;expires=9\r\nContent-Type: application/pidf+xml\r\n\r\n<presence/>"),
		"T70", "!u"},
	{"!m", "2202 Accepted\r\n", "!b", "2200 OK\r\nSIP-ETag: e\r\nExpires: 9\r\n", "T10", "2412 Conditional\r\n"},
}

// scripted is a rig that plays a script.
type scripted struct {
	*rig
	t      *testing.T
	events *queue[Event]
	last   *sip.Request // of ours
	invite *sip.Request
	dialog map[string]string
	rack   string
	seen   int // of rig.sent
	told   []string
}

func newScripted(t *testing.T) *scripted {
	s := &scripted{rig: newRig(t), t: t, dialog: map[string]string{}}
	s.events = s.agent.events.add()
	return s
}

func (s *scripted) core() *core { return s.agent.core }

func (s *scripted) step(step string) {
	if step == "" {
		return
	}
	rest := step[1:]
	switch step[0] {
	case '<':
		for name, value := range s.dialog {
			rest = strings.ReplaceAll(rest, name, value)
		}
		rest = strings.ReplaceAll(rest, "{rack}", s.rack)
		s.recv([]byte(rest))
	case '2':
		s.respond(s.last, rest)
	case '3':
		s.respond(s.invite, rest)
	case '!':
		if rest != "" {
			s.act(rest[0])
		}
	case 'J', 'j':
		s.job(step[0] == 'J')
	case 'Y', 'N':
		s.consent(step[0] == 'Y')
	case 'T':
		n, _ := strconv.Atoi(rest)
		s.now = s.now.Add(time.Duration(max(0, min(n, 4000))) * time.Second)
		s.agent.enter(tick{})
	}
	s.settle()
}

// consent answers the oldest question to the application.
func (s *scripted) consent(yes bool) {
	if asked := slices.Sorted(maps.Keys(s.core().questions)); len(asked) > 0 {
		s.agent.enter(consulted{question: asked[0], ok: yes})
	}
}

// settle does what was put off, and looks at what was sent.
func (s *scripted) settle() {
	for i := 0; len(s.core().putOff) > 0 && i < 100; i++ {
		s.agent.enter(later{})
	}
	for ; s.seen < len(s.sent); s.seen++ {
		s.look(s.sent[s.seen])
	}
	events, _ := s.events.take()
	for _, ev := range events {
		s.told = append(s.told, describe(ev))
		if f, ok := ev.(FaultEvent); ok && (strings.Contains(f.Err.Error(), "panic") ||
			strings.Contains(f.Err.Error(), "illegal")) {
			s.t.Fatal(f.Err)
		}
	}
}

func (s *scripted) look(data []byte) {
	if ping, pong := wire.KeepAlive(data); ping || pong {
		return
	}
	msg, err := wire.Parse(data)
	if err != nil {
		if !bytes.HasPrefix(data, []byte("SIP/2.0 ")) { // a response repeats what was wrong with its request
			s.t.Fatalf("sent what cannot be read: %v\n%q", err, data)
		}
		return
	}
	switch m := unwrap(msg).(type) {
	case *sip.Request:
		if m.Method != sip.ACK {
			s.last = m
		}
		if m.Method == sip.INVITE {
			s.invite = m
		}
		if c := m.Contact(); c != nil {
			s.note(m.CallID().Value(), m.From().Value(), m.To().Value(), c.Address.String())
		}
	case *sip.Response:
		if rseq := header(m, "RSeq"); rseq != "" {
			s.rack = rseq
		}
		if c := m.Contact(); c != nil {
			s.note(m.CallID().Value(), m.To().Value(), m.From().Value(), c.Address.String())
		}
	}
}

func (s *scripted) note(call, from, to, contact string) {
	if !strings.Contains(to, ";tag=") {
		to += ";tag=far"
	}
	s.dialog = map[string]string{"{call}": call, "{from}": from, "{to}": to, "{contact}": contact}
}

// respond answers a request of ours.
func (s *scripted) respond(req *sip.Request, status string) {
	if req == nil {
		return
	}
	line, rest, _ := strings.Cut(status, "\r\n")
	to := req.To().Value()
	if !strings.Contains(to, ";tag=") {
		to += ";tag=far"
	}
	s.recv(fmt.Appendf(nil, "SIP/2.0 %s\r\nVia: %s\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s\r\n%s\r\n", line,
		req.Via().Value(), req.From().Value(), to, req.CallID().Value(), req.CSeq().Value(), rest))
}

// job ends the oldest job of the media engine.
func (s *scripted) job(ok bool) {
	c := s.core()
	for _, i := range slices.Sorted(maps.Keys(c.audios)) {
		if len(c.audios[i].waiting) == 0 {
			continue
		}
		var err error
		if !ok {
			err = media.ErrBadSDP
		}
		s.agent.enter(jobDone{i, []byte(sdp("fuzz")), err})
		return
	}
}

func (s *scripted) act(what byte) {
	acts := map[byte]string{'a': "accept", 'h': "hangup", 'o': "hold", 'r': "resume", 'p': "progress", 'd': "DTMF by INFO",
		't': "transfer", 'T': "transfer to", 'j': "reject", 'q': "options"}
	c := s.core()
	switch what {
	case 'c':
		s.rig.act(&act{Name: "invite", Target: "1002"})
	case 's':
		s.rig.act(&act{Name: "subscribe", Target: "1002", Watch: SubscribeOptions{Event: "presence"}})
	case 'u':
		s.turn(func(now time.Time) { c.leaveState(now) })
	case 'm':
		s.rig.act(&act{Name: "message", Target: "1002", Message: MessageOptions{Body: []byte("x")}})
	case 'b':
		s.rig.act(&act{Name: "publish", Publish: PublishOptions{Body: []byte(open)}})
	default:
		if len(c.sessions) > 0 && acts[what] != "" {
			id := c.sessions[len(c.sessions)-1].info.ID
			s.rig.act(&act{Name: acts[what], ID: id, Target: c.sessions[0].info.ID, Code: 486, Text: "1#"})
		}
	}
}

// finish closes the user agent and looks for what is left.
func (s *scripted) finish() {
	c := s.core()
	s.rig.act(&act{Name: "close"})
	s.settle()
	close(s.done)
	var errs error
	if n := c.txns.Len(); n > 0 {
		errs = errors.Join(errs, fmt.Errorf("%d transactions left", n))
	}
	if n := len(c.alarms); n > 0 {
		errs = errors.Join(errs, fmt.Errorf("%d alarms left", n))
	}
	if n := len(c.sessions) + len(c.subs) + len(c.pubs); n > 0 {
		errs = errors.Join(errs, fmt.Errorf("%d calls, subscriptions and publications left", n))
	}
	if errs != nil {
		s.t.Fatal(errs)
	}
}
