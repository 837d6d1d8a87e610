package kamailio_test

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/testdata/kamailio"
)

const (
	somePackets = 25   // half a second
	audible     = 1e-3 // energy that a short piece of a tone has at least
	inaudible   = 1e-5
	quietTime   = 500 * time.Millisecond
)

// watch reads the counters of the call, about as often as a packet comes, until ready says so.
func (a *agent) watch(c *ua.Call, why string, ready func(media.Stats) bool) {
	a.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		s, err := c.Stats(a.ctx)
		if err != nil {
			a.t.Fatalf("%s: %s: statistics: %v; call %+v", a.user, why, err, c.Info())
		}
		if ready(s) {
			return
		}
		select {
		case <-tick.C:
		case <-a.ctx.Done():
			a.t.Fatalf("%s: %s: %+v; call %+v", a.user, why, s, c.Info())
		}
	}
}

// hears waits for audio that is not silence, and that audio of ours leaves, from now on.
func (a *agent) hears(c *ua.Call) {
	a.t.Helper()
	var first *media.Stats
	a.watch(c, "no audio in both directions", func(s media.Stats) bool {
		if first == nil || s.PacketsReceived < first.PacketsReceived { // another connection took over
			first = &s
		}
		return s.PacketsReceived >= first.PacketsReceived+somePackets && s.PacketsSent >= first.PacketsSent+somePackets &&
			s.TotalAudioEnergy > first.TotalAudioEnergy+audible
	})
}

// hearsNothing waits until nothing audible has come in for a while.
func (a *agent) hearsNothing(c *ua.Call) {
	a.t.Helper()
	energy, since := -1.0, time.Now()
	a.watch(c, "the audio does not stop", func(s media.Stats) bool {
		if energy < 0 || s.TotalAudioEnergy > energy+inaudible {
			energy, since = s.TotalAudioEnergy, time.Now()
		}
		return time.Since(since) >= quietTime
	})
}

// rtp is one stream that came into rtpengine.
var rtp = regexp.MustCompile(`<>\s+[\d.:]+, SSRC \w+, (\d+) p`)

// relayed returns how many packets of a finished call each side has sent to rtpengine.
func relayed(ctx context.Context, b *kamailio.Bench, callID string) []int {
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		var packets []int
		ended := false
		for line := range strings.Lines(b.Log("rtpengine")) {
			if !strings.Contains(line, "["+callID+"]") {
				continue
			}
			ended = ended || strings.Contains(line, "Final packet stats")
			if m := rtp.FindStringSubmatch(line); m != nil {
				n, _ := strconv.Atoi(m[1])
				packets = append(packets, n)
			}
		}
		if ended && len(packets) >= 2 {
			return packets
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return packets
		}
	}
}

// relayedBothWays checks that rtpengine got audio from both sides of a call that has ended.
func (a *agent) relayedBothWays(b *kamailio.Bench, c *ua.Call) {
	a.t.Helper()
	packets := relayed(a.ctx, b, c.Info().CallID)
	if len(packets) != 2 {
		a.t.Fatalf("%s: got audio streams of %d packets at rtpengine, want one from each side", a.user, packets)
	}
	for _, n := range packets {
		if n < somePackets {
			a.t.Errorf("%s: got streams of %d packets at rtpengine, want %d at least from each side", a.user, packets,
				somePackets)
		}
	}
}

// baresipCount is what baresip says after a call: packets sent and received.
var baresipCount = regexp.MustCompile(`packets:\s+(\d+)\s+(\d+)`)

// baresipHeard waits for the end of baresip's call and checks that it has sent and received audio.
func (a *agent) baresipHeard(p *kamailio.Peer) {
	a.t.Helper()
	if err := p.WaitLog(a.ctx, "avg. bitrate"); err != nil {
		a.t.Fatal(err)
	}
	m := baresipCount.FindStringSubmatch(p.Log())
	if m == nil {
		a.t.Fatalf("baresip does not tell how many packets it got:\n%s", p.Log())
	}
	for _, text := range m[1:] {
		if n, _ := strconv.Atoi(text); n < somePackets {
			a.t.Errorf("got %s of baresip, want %d each way at least", m[0], somePackets)
		}
	}
}
