package ua

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
)

// record plays a story and returns its recording.
func record(t *testing.T, configure func(*Config), story func(h *harness)) *bytes.Buffer {
	t.Helper()
	var recording bytes.Buffer
	play(t, func(c *Config) {
		c.Record = &recording
		if configure != nil {
			configure(c)
		}
	}, story)
	return &recording
}

// wantSame replays a recording with a wrong password and checks that the same messages leave.
func wantSame(t *testing.T, recording []byte) *Replayed {
	t.Helper()
	var out *Replayed
	synctest.Test(t, func(t *testing.T) {
		var err error
		out, err = Replay(bytes.NewReader(recording), Config{Account: Account{Password: "another"}})
		if err != nil {
			t.Fatal(err)
		}
		for i, d := range out.Differences {
			if i < 3 {
				t.Errorf("after %s at %v\nrecorded %q\nnow      %q", d.After, d.At, d.Recorded, d.Now)
			}
		}
	})
	return out
}

// busyDay is a story with something of everything.
func busyDay(h *harness) {
	ctx := h.t.Context()
	h.begin()
	h.respond(h.wantRequest("first", sip.REGISTER), 401, challenge("n1n1n1n1", `, opaque="o"`))
	h.grant(h.wantRequest("with credentials", sip.REGISTER), 600, `Authentication-Info: nextnonce="n2n2n2n2", rspauth="0123"`)
	h.forget()
	p, call := h.talkOut()
	h.async(func() error { return call.SendDTMF(ctx, "12") })
	for h.media.noTones && len(h.peek()) > 0 {
		h.respond(h.wantRequest("tones by INFO", sip.INFO), 200)
	}
	call.Mute(true)
	held := h.async(func() error { return call.Hold(ctx) })
	h.respond(h.wantRequest("hold", sip.INVITE), 407,
		`Proxy-Authenticate: Digest realm="example.com", nonce="n3", algorithm=SHA-256, qop="auth"`)
	h.respond(h.wantSent("with credentials", "ACK", "INVITE")[1].(*sip.Request), 200, okContact, sdp("held", "a=recvonly"))
	h.wantSent("held", "ACK")
	h.wantErr("held", held(), nil)
	h.watchAmong("message-summary")
	h.text("1003", MessageOptions{Body: []byte("hello")})
	h.respond(h.wantRequest("text", sip.MESSAGE), 200)
	h.sendText("m1", "text/plain", "back \xff")
	h.forget()
	h.publish(open)
	h.respond(h.wantRequest("sent", sip.PUBLISH), 200, "SIP-ETag: e1", "Expires: 600")
	h.lose()
	h.advance(time.Second)
	h.grant(h.wantRequest("again", sip.REGISTER), 600)
	for _, m := range h.takeSent() {
		if req, ok := m.(*sip.Request); ok && req.Method == sip.INVITE {
			h.respond(req, 200, okContact, sdp("back"))
		} else if ok && req.Method == sip.SUBSCRIBE {
			h.respond(req, 200, "tag=new", "Expires: 60")
		}
	}
	h.forget()
	h.media.last().states <- media.StateConnected
	p.send("INFO", "Content-Type: application/dtmf", "body=5")
	h.recv("junk\n\n")
	h.ringInAmong(sdp("in"))
	h.advance(40 * time.Second)
	p.send("BYE")
	h.advance(5 * time.Second)
	h.forget()
}

// peek returns what was sent and leaves it there.
func (h *harness) peek() []sip.Message {
	h.collect()
	return h.sent
}

// takeSent takes what was sent.
func (h *harness) takeSent() []sip.Message {
	h.collect()
	msgs := h.sent
	h.sent = nil
	return msgs
}

// watchAmong is watch among other events.
func (h *harness) watchAmong(event string) {
	h.subscribe(SubscribeOptions{Event: event})
	req := h.wantRequest("asked", sip.SUBSCRIBE)
	h.respond(req, 200, "tag=far", "Expires: 3600", okContact)
	h.notifier(req, "far").notify("active;expires=3600", "Content-Type: application/simple-message-summary", "body="+summary)
	h.forget()
}

// ringInAmong is ringIn among other events, and a caller who gives up.
func (h *harness) ringInAmong(extra ...string) {
	p := h.caller("in2")
	p.send("INVITE", append(extra, "branch=z9hG4bKin2")...)
	h.forget()
	h.recv(p.text("CANCEL", 1, "branch=z9hG4bKin2"))
	h.forget()
}

func TestReplaySendsTheSameMessages(t *testing.T) {
	for _, restarts := range []bool{true, false} {
		recording := record(t, func(c *Config) { c.InstanceID = "urn:uuid:00000000-0000-4000-8000-000000000001" },
			func(h *harness) {
				h.media.restarts, h.media.noTones = restarts, restarts
				busyDay(h)
			})
		out := wantSame(t, recording.Bytes())
		if out.Sent < 25 || out.Received < 15 || len(out.Events) < 25 {
			t.Errorf("%d sent, %d received, %d events: too few to prove anything", out.Sent, out.Received, len(out.Events))
		}
	}
}

func TestRecordingHoldsNoSecret(t *testing.T) {
	recording := record(t, func(c *Config) {
		c.Account.Password = "verysecret"
		c.Servers = []string{"wss://user:verysecret@a.example/ws?token=verysecret"}
	}, busyDay)
	for _, secret := range []string{"verysecret", "n1n1n1n1", "n2n2n2n2", `nonce=\"n3\"`, "rspauth"} {
		if bytes.Contains(recording.Bytes(), []byte(secret)) {
			t.Errorf("%s is in the recording", secret)
		}
	}
	if !bytes.Contains(recording.Bytes(), []byte("INVITE")) {
		t.Error("nothing is in the recording")
	}
}

func TestReplayOfEveryFlow(t *testing.T) {
	files, err := filepath.Glob(flowDir + "/*.flow")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d flows, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".flow"), func(t *testing.T) {
			recording := record(t, keyed, func(h *harness) {
				h.start()
				(&ladder{h: h, requests: map[string]*sip.Request{}}).play(string(text))
			})
			wantSame(t, recording.Bytes())
		})
	}
}

func TestReplayFindsWhatIsDifferent(t *testing.T) {
	recording := record(t, nil, func(h *harness) { h.start(); h.talkOut(); h.finishCalls() })
	changed := bytes.Replace(recording.Bytes(), []byte("ACK sip:peer@192.0.2.9"), []byte("ACK sip:peer@192.0.2.8"), 1)
	if bytes.Equal(changed, recording.Bytes()) {
		t.Fatal("there is no ACK in the recording")
	}
	synctest.Test(t, func(t *testing.T) {
		out, err := Replay(bytes.NewReader(changed), Config{Account: Account{Password: "x"}})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Differences) != 1 || out.Differences[0].After != "received" || !bytes.Contains(out.Differences[0].Now,
			[]byte("192.0.2.9")) {
			t.Errorf("%q", out.Differences)
		}
		lines := bytes.SplitAfter(recording.Bytes(), []byte("\n"))
		for i, line := range lines {
			if bytes.Contains(line, []byte(`"out":true`)) && bytes.Contains(line, []byte("INVITE")) {
				lines = append(lines[:i:i], lines[i+1:]...)
				break
			}
		}
		out, err = Replay(bytes.NewReader(bytes.Join(lines, nil)), Config{Account: Account{Password: "x"}})
		if err != nil || len(out.Differences) != 1 || out.Differences[0].Recorded != nil || out.Differences[0].Now == nil {
			t.Errorf("%v, %q; want one message that was not recorded", err, out.Differences)
		}
	})
}

// finishCalls hangs up what is there.
func (h *harness) finishCalls() {
	for _, info := range h.agent.State().Calls {
		h.agent.Call(info.ID).Hangup(h.t.Context())
	}
	h.forget()
}

func TestReplayRefusesWhatIsNoRecording(t *testing.T) {
	good := record(t, nil, func(h *harness) { h.start() }).String()
	setup, _, _ := strings.Cut(good, "\n")
	for name, text := range map[string]string{
		"nothing": "", "no JSON": "x", "no setup": `{"t":1,"in":"tick"}`, "another version": strings.Replace(good, `"Version":2`,
			`"Version":9`, 1),
		"bad seed":        strings.Replace(setup, `"Seed":"`, `"Seed":"zz`, 1),
		"unknown entry":   setup + "\n" + `{"t":1,"in":"magic"}`,
		"unknown act":     setup + "\n" + `{"t":1,"in":"act","act":{"do":"magic"}}`,
		"empty act":       setup + "\n" + `{"t":1,"in":"act"}`,
		"unknown audio":   setup + "\n" + `{"t":1,"in":"job","audio":7}`,
		"nothing asked":   setup + "\n" + `{"t":1,"in":"consulted","to":{}}`,
		"nothing put off": setup + "\n" + `{"t":1,"in":"later"}`,
	} {
		synctest.Test(t, func(t *testing.T) {
			if out, err := Replay(strings.NewReader(text), Config{}); !errors.Is(err, ErrBadRecording) && name != "unknown act" {
				t.Errorf("%s: %+v, %v", name, out, err)
			}
		})
	}
}

// writerFunc is a writer.
type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// fullDisk takes n bytes.
type fullDisk struct{ n int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.n -= len(p); d.n < 0 {
		return 0, errors.New("disk full")
	}
	return len(p), nil
}

func TestRecordingThatCannotBeWrittenDoesNotDisturb(t *testing.T) {
	play(t, func(c *Config) { c.Record = &fullDisk{n: 3000} }, func(h *harness) {
		h.start()
		h.talkOut()
	})
	writes := 0
	play(t, func(c *Config) {
		c.Record = writerFunc(func(p []byte) (int, error) {
			if writes++; writes > 5 {
				panic("made up by the test")
			}
			return len(p), nil
		})
	}, func(h *harness) {
		h.start()
		h.talkOut()
	})
	if writes != 6 {
		t.Errorf("%d lines written, want none after the panic", writes)
	}
	if _, err := New(Config{Account: Account{AOR: "sip:1001@example.com"}, Servers: []string{"wss://a.example/ws"},
		Record: &fullDisk{}}); err == nil {
		t.Error("a recording that cannot even begin is an error")
	}
}

func TestTraceIsSavedAndRead(t *testing.T) {
	var file bytes.Buffer
	var seen []TraceEvent
	play(t, nil, func(h *harness) {
		ctx, cancel := context.WithCancel(h.t.Context())
		trace, again := h.agent.Trace(ctx), h.agent.Trace(ctx)
		h.begin()
		h.respond(h.wantRequest("first", sip.REGISTER), 401, challenge("n1"))
		h.grant(h.wantRequest("with credentials", sip.REGISTER), 600)
		h.recv("MESSAGE \xff\n\n")
		h.forget()
		saved := h.async(func() error { return WriteTrace(&file, trace) })
		h.async(func() error {
			for ev := range again {
				seen = append(seen, ev)
			}
			return nil
		})
		cancel()
		h.wantErr("saved", saved(), nil)
	})
	got, err := ReadTrace(bytes.NewReader(file.Bytes()))
	if err != nil || len(got) != len(seen) || len(got) < 4 {
		t.Fatalf("%d of %d, %v", len(got), len(seen), err)
	}
	for i := range got {
		if !got[i].At.Equal(seen[i].At) || got[i].Sent != seen[i].Sent || got[i].CallID != seen[i].CallID ||
			got[i].Server != seen[i].Server || !bytes.Equal(got[i].Data, seen[i].Data) {
			t.Errorf("%+v\nwant %+v", got[i], seen[i])
		}
	}
	if _, err := ReadTrace(strings.NewReader("x")); err == nil {
		t.Error("read what is none")
	}
}

// TestReplayOfRandomSchedules records what TestRandomSchedules does and replays it.
func TestReplayOfRandomSchedules(t *testing.T) {
	for seed := range schedules(150) {
		var recording bytes.Buffer
		synctest.Test(t, func(t *testing.T) {
			h := newHarness(t, func(c *Config) {
				c.Rand, c.Record, c.NoAnswer = newSeeded(byte(seed)), &recording, 40*time.Second
				if seed%3 == 1 {
					twoFlows(c)
				}
			})
			h.media.restarts, h.media.noTones = seed%2 == 0, seed%3 == 0
			c := &chaos{harness: h, seed: seed, rnd: rand.New(rand.NewPCG(uint64(seed), 1)), ended: map[string]int{},
				accepted: map[*sip.Request]time.Time{}}
			c.run()
		})
		if wantSame(t, recording.Bytes()); t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
