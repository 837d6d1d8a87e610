package ua

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

// TestHeadersNobodyNeedsChangeNothing plays every flow of testdata/flows while in every message that arrives all that is not
// needed is broken: the addresses of From and To beside their tags, Contact and routes of answers, the Via of others,
// headers of all kinds that nothing depends on, lines that are no headers. What is sent and told stays the same to the
// letter of the flow.
func TestHeadersNobodyNeedsChangeNothing(t *testing.T) {
	files, err := filepath.Glob(flowDir + "/*.flow")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d flows, %v", len(files), err)
	}
	for seed := range schedules(2000) {
		text, err := os.ReadFile(files[seed%len(files)])
		if err != nil {
			t.Fatal(err)
		}
		g := &garbler{rnd: rand.New(rand.NewPCG(uint64(seed), 3))}
		play(t, keyed, func(h *harness) {
			defer func() {
				if h.t.Failed() {
					t.Logf("seed %d, %s: the last message was\n%s", seed, files[seed%len(files)], g.last)
				}
			}()
			h.garble = g.garble
			h.start()
			(&ladder{h: h, requests: map[string]*sip.Request{}}).play(string(text))
		})
		if t.Failed() {
			return
		}
	}
}

// garbler breaks what is not needed.
type garbler struct {
	rnd  *rand.Rand
	last string
}

// unneeded are headers that no flow depends on.
var unneeded = []string{"Subject", "Date", "Route", "Record-Route", "P-Asserted-Identity", "Remote-Party-ID", "Diversion",
	"History-Info", "Server", "Organization", "Warning", "P-Charging-Vector", "Priority", "In-Reply-To", "MIME-Version",
	"Content-Language", "Unsupported", "Error-Info", "Timestamp", "Max-Forwards", "Privacy", "User-Agent", "P-Early-Media",
	"Geolocation", "Session-ID", "Identity", "Accept-Language", "Path", "Proxy-Require", "Content-Disposition",
	"X-Asterisk-HangupCause"}

// methodsInCall are methods that come in the dialog of a call, where To is there for its tag.
var methodsInCall = map[string]bool{"ACK": true, "BYE": true, "INFO": true, "UPDATE": true, "PRACK": true, "REFER": true}

func (g *garbler) garble(msg string) string {
	head, body, _ := strings.Cut(msg, "\n\n")
	lines := strings.Split(head, "\n")
	response := strings.HasPrefix(msg, "SIP/2.0 ")
	free := func(name string) bool {
		return slices.Contains(unneeded, name) || name == "Contact" && response && strings.Contains(head, "INVITE") &&
			!strings.HasPrefix(msg, "SIP/2.0 3")
	}
	out := lines[:1:1]
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		switch {
		case free(name):
			line = g.spoil(line)
		case name == "From" || name == "To" && (response || methodsInCall[strings.Fields(msg)[0]]):
			address, tag, _ := strings.Cut(value, ";tag=")
			_, broken, ok := strings.Cut(g.spoil(name+": "+strings.ReplaceAll(address, ";", "")), ": ")
			if broken = strings.ReplaceAll(broken, "\n", " "); ok && !strings.Contains(broken, ";") {
				line = name + ": " + broken
				if tag != "" {
					line += ";tag=" + tag
				}
			}
		}
		out = append(out, line)
		if name == "Via" && !response {
			out = append(out, g.spoil("Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKother;received=192.0.2.2"))
		}
	}
	for range g.rnd.IntN(4) {
		out = append(out, g.spoil(unneeded[g.rnd.IntN(len(unneeded))]+": \"x\" <sip:y@192.0.2.1;lr>;z=1, <sip:a@b>;c=\"d\""))
	}
	out = append(out, []string{"no colon at all", ": no name", "na me: x", "(x): \x01", "Q:", "\x00: y"}[g.rnd.IntN(6)])
	g.last = strings.Join(out, "\n") + "\n\n" + body
	return g.last
}

// spoil breaks a line until what it is called is its own name, or none.
func (g *garbler) spoil(line string) string {
	name, _, _ := strings.Cut(line, ":")
	for {
		broken := breakLine(g.rnd, line)
		named := true
		for l := range strings.SplitSeq(broken, "\n") {
			n, _, ok := strings.Cut(l, ":")
			named = named && (n == name || !ok || l == "X-Gone: x")
		}
		if named {
			return broken
		}
	}
}
