package ua

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
)

// liveAnswers are what a user agent that registered as 1001 answers to the well-formed ones among the torture messages; those
// that are not in the list are drops. What is malformed is answered with the code in its file.
var liveAnswers = map[string]string{
	"badaspec": "200", "baddate": "100 180", "bext01": "420", "cparam01": "405", "cparam02": "405", "dblreq": "405",
	"esc01": "100 180", "esc02": "501", "escnull": "405", "intmeth": "501", "inv2543": "100 180", "invut": "415",
	"longreq": "100 180", "lwsdisp": "200", "mpart01": "415", "novelsc": "416", "regaut01": "405", "regescrt": "405",
	"sdp01": "406", "semiuri": "200", "transports": "200", "unkscm": "416", "unksm2": "405", "wsinv": "481", "zeromf": "200",
	"ipv4-mapped-ipv6": "100 180", "ipv6-bug-abnf-3-colons": "200", "ipv6-correct-abnf-2-colons": "200", "ipv6-good": "405",
	"ipv6-in-sdp": "100 180", "mult-ip-in-header": "481", "mult-ip-in-sdp": "100 180", "port-ambiguous": "405",
	"port-unambiguous": "405", "via-received-param-no-delim": "200", "via-received-param-with-delim": "481",
}

// TestTortureMessagesLive feeds every message of RFC 4475 and RFC 5118 to a registered user agent.
func TestTortureMessagesLive(t *testing.T) {
	files, err := filepath.Glob("../../testdata/sip/*/*.sip")
	if err != nil || len(files) < 61 {
		t.Fatalf("%d messages, %v", len(files), err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, data, _ := bytes.Cut(raw, []byte("\n\n"))
		name := strings.TrimSuffix(filepath.Base(file), ".sip")
		want := liveAnswers[name]
		if _, code, ok := strings.Cut(string(head), "expect: reject "); ok {
			want = code[:3]
		}
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				if err := h.server().Send(data); err != nil {
					t.Fatal(err)
				}
				if got := h.codes(); got != want {
					t.Errorf("answered %q, want %q", got, want)
				}
				h.collect()
				for _, ev := range h.seen {
					if f, ok := ev.(FaultEvent); ok && !strings.Contains(f.Err.Error(), "message refused") {
						t.Errorf("fault %v", f.Err)
					}
				}
				h.talkInBeside()
			})
		})
	}
}

// codes takes what the agent sent without parsing it, because an answer repeats what was wrong with the request.
func (h *harness) codes() string {
	synctest.Wait()
	ctx, cancel := context.WithCancel(h.t.Context())
	cancel()
	var codes []string
	for {
		data, err := h.server().Recv(ctx)
		if err != nil {
			return strings.Join(codes, " ")
		}
		code := strings.Fields(string(data))[1]
		if name := refusalNames[code]; name != "" && !strings.Contains(string(data), "\r\n"+name+": ") {
			h.t.Errorf("a %s does not say what would be right:\n%s", code, data)
		}
		codes = append(codes, code)
	}
}

// refusalNames are the headers that a refusal has to have (RFC 3261 section 21.4).
var refusalNames = map[string]string{"405": "Allow", "415": "Accept", "420": "Unsupported"}

// talkInBeside shows that the agent still works, whatever else rings.
func (h *harness) talkInBeside() {
	h.t.Helper()
	h.forget()
	h.talkIn()
	h.forget()
}
