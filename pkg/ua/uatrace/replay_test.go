//go:build !js

package uatrace_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/siptest"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pkg/ua/uatrace"
)

// call records a registration and a call with real audio, and what the trace says meanwhile.
func call(t *testing.T) (recording []byte, trace []ua.TraceEvent) {
	t.Helper()
	srv := siptest.NewServer()
	defer srv.Close()
	var file bytes.Buffer
	agent, err := ua.New(ua.Config{Account: ua.Account{AOR: "sip:1001@" + srv.Domain, Password: srv.Password("1001")},
		Servers: []string{srv.URL}, Record: &file})
	if err != nil {
		t.Fatal(err)
	}
	defer agent.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	events := agent.Trace(ctx)
	ran := make(chan error, 1)
	run, leave := context.WithCancel(ctx)
	go func() { ran <- agent.Run(run) }()
	try := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	try("register", agent.Register(ctx))
	c, err := agent.Invite(ctx, "600", ua.InviteOptions{})
	try("invite", err)
	try("answer", c.Wait(ctx))
	try("tones", c.SendDTMF(ctx, "1"))
	_, err = c.Stats(ctx)
	try("stats", err)
	try("hold", c.Hold(ctx))
	try("hang up", c.Hangup(ctx))
	leave()
	try("run", <-ran)
	for ev := range events {
		trace = append(trace, ev)
	}
	return file.Bytes(), trace
}

func TestReplayAndTraceOfACall(t *testing.T) {
	recording, trace := call(t)
	out, err := uatrace.Replay(bytes.NewReader(recording), ua.Config{Account: ua.Account{Password: "another"}})
	if err != nil || len(out.Differences) > 0 {
		t.Fatalf("%v, %+v", err, out)
	}
	if out.Sent < 7 || out.Received < 7 || len(out.Events) < 10 {
		t.Errorf("%d sent, %d received, %d events: too few to prove anything", out.Sent, out.Received, len(out.Events))
	}

	changed := bytes.Replace(recording, []byte("ACK sip:"), []byte("ACK sips:"), 1)
	out, err = uatrace.Replay(bytes.NewReader(changed), ua.Config{Account: ua.Account{Password: "another"}})
	if err != nil || len(out.Differences) != 1 || out.Differences[0].After != "received" ||
		!bytes.HasPrefix(out.Differences[0].Now, []byte("ACK sip:")) {
		t.Errorf("%v, %q, want one changed ACK", err, out.Differences)
	}
	hungUp := bytes.Replace(recording, []byte(`"do":"hold"`), []byte(`"do":"hangup"`), 1)
	out, err = uatrace.Replay(bytes.NewReader(hungUp), ua.Config{Account: ua.Account{Password: "another"}})
	if err != nil || len(out.Differences) == 0 || out.Differences[0].After != "hangup" ||
		!bytes.HasPrefix(out.Differences[0].Now, []byte("BYE ")) {
		t.Errorf("%v, %+v, want a BYE after the method that was changed", err, out)
	}

	trace = append(trace, ua.TraceEvent{At: time.Unix(1, 0).UTC(), Server: "wss://u:p@a/?token=x", Data: []byte("\xff")})
	var file bytes.Buffer
	if err := uatrace.WriteTrace(&file, func(yield func(ua.TraceEvent) bool) {
		for _, ev := range trace {
			if !yield(ev) {
				return
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	read, err := uatrace.ReadTrace(&file)
	if err != nil || len(read) != len(trace) {
		t.Fatalf("%d of %d, %v", len(read), len(trace), err)
	}
	for i := range read {
		if !read[i].At.Equal(trace[i].At) || read[i].Sent != trace[i].Sent || read[i].CallID != trace[i].CallID ||
			!bytes.Equal(read[i].Data, trace[i].Data) {
			t.Errorf("%+v\nwant %+v", read[i], trace[i])
		}
	}
	if last := read[len(read)-1].Server; last != "wss://a/" {
		t.Errorf("server %q, want no secrets in it", last)
	}
}

func TestWhatIsNoRecordingIsRefused(t *testing.T) {
	recording, _ := call(t)
	setup, _, _ := strings.Cut(string(recording), "\n")
	for name, text := range map[string]string{
		"nothing": "", "no JSON": "x", "no setup": `{"t":1,"in":"tick"}`,
		"another version":  strings.Replace(setup, `"Version":`, `"Version":9`, 1),
		"no account":       strings.Replace(setup, `"AOR":"sip:`, `"AOR":"tel:`, 1),
		"odd account":      strings.Replace(setup, `"Account":`, `"Account":7,"X":`, 1),
		"bad seed":         strings.Replace(setup, `"Seed":"`, `"Seed":"zz`, 1),
		"unknown entry":    setup + "\n" + `{"t":1,"in":"magic"}`,
		"unknown act":      setup + "\n" + `{"t":1,"in":"act","act":{"do":"magic"}}`,
		"empty act":        setup + "\n" + `{"t":1,"in":"act"}`,
		"unknown audio":    setup + "\n" + `{"t":1,"in":"job","audio":7}`,
		"nothing asked":    setup + "\n" + `{"t":1,"in":"consulted","to":{}}`,
		"nothing put off":  setup + "\n" + `{"t":1,"in":"later"}`,
		"longer than read": setup + "\n" + `{"text":"` + strings.Repeat("x", 1<<20) + `"}`,
	} {
		if out, err := uatrace.Replay(strings.NewReader(text), ua.Config{}); !errors.Is(err, uatrace.ErrBadRecording) {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
}

// full takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestTraceThatCannotBeSavedOrRead(t *testing.T) {
	if err := uatrace.WriteTrace(full{}, func(yield func(ua.TraceEvent) bool) { yield(ua.TraceEvent{}) }); err == nil {
		t.Error("written to a full disk")
	}
	for _, text := range []string{"x", `{"text":7}`, `{"text":"` + strings.Repeat("x", 1<<20) + `"}`} {
		if _, err := uatrace.ReadTrace(strings.NewReader(text)); err == nil {
			t.Errorf("read %.20q", text)
		}
	}
}
