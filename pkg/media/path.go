package media

import (
	"context"
	"time"
)

// A healthy stream brings a packet every 20 or 30 ms; a browser renews its counters every 50 ms.
const (
	flowLimit = 600 * time.Millisecond
	flowPause = 60 * time.Millisecond
)

func lost(state State) bool { return state == StateDisconnected || state == StateFailed }

// pathLost reports whether only new ICE credentials can bring the audio back. ICE itself takes seconds to see that a path
// is dead (RFC 7675), so where the other side is to send, its packets are the evidence.
func (s *session) pathLost(ctx context.Context, p peer) bool {
	return lost(p.state()) || s.listening && !flows(ctx, p)
}

// flows waits for a packet of the other side. Counters that cannot be read are no evidence against the path.
func flows(ctx context.Context, p peer) bool {
	before, err := p.stats(ctx)
	limit, pause := time.NewTimer(flowLimit), time.NewTicker(flowPause)
	defer limit.Stop()
	defer pause.Stop()
	for err == nil {
		select {
		case <-pause.C:
		case <-limit.C:
			return false
		case <-ctx.Done():
			return true // the offer will not be made
		}
		var now Stats
		if now, err = p.stats(ctx); err == nil && now.PacketsReceived > before.PacketsReceived {
			return true
		}
	}
	return true
}

// oldPath is what leads to us by the credentials that a restart is to replace.
type oldPath struct {
	ufrag      string
	candidates []string // values of a=candidate
}

// keepPath remembers the path before its first restart. Where that one is refused, a browser gathers anew for the old
// credentials.
func (s *session) keepPath(p peer) {
	text, _ := p.local()
	d, err := localAudio(text)
	if err != nil {
		return
	}
	if ufrag := d.endpoint(d.media[0]).ufrag; ufrag != s.kept.ufrag {
		s.kept = oldPath{ufrag: ufrag, candidates: attributeValues(d.media[0].lines, "candidate")}
	}
}

// restorePath describes the path as it was known to the other side before a refused restart.
func (s *session) restorePath(d *description) {
	audio := &d.media[0]
	if s.kept.ufrag != "" && d.endpoint(*audio).ufrag == s.kept.ufrag {
		audio.lines = without(audio.lines, "candidate")
		for _, value := range s.kept.candidates {
			audio.lines = append(audio.lines, "a=candidate:"+value)
		}
	}
}
