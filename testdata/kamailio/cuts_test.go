package kamailio_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/testdata/kamailio"
)

// enough is how many cuts in calls there have to be.
const enough = 20

// talks are what a call may be like when its connection is cut.
var talks = map[string]func(t *testing.T, ctx context.Context, c *ua.Call){
	"active": func(*testing.T, context.Context, *ua.Call) {},
	"muted":  func(_ *testing.T, _ context.Context, c *ua.Call) { c.Mute(true) },
	"held": func(t *testing.T, ctx context.Context, c *ua.Call) {
		if err := c.Hold(ctx); err != nil {
			t.Fatal("hold:", err)
		}
	},
}

// cutIn cuts the connection of a call and waits until a re-INVITE has gone by over the next one.
func (a *agent) cutIn(c *cable, call *ua.Call, cuts *atomic.Int32) {
	a.t.Helper()
	ctx, stop := context.WithCancel(a.ctx)
	defer stop()
	events := a.Events(ctx) // from now on; those of what was done before have been told
	c.cut()
	begun := false
	for ev := range events {
		if ev, ok := ev.(ua.CallEvent); ok && ev.Call == call {
			if begun = begun || ev.Info.Busy; begun && !ev.Info.Busy {
				break
			}
		}
	}
	if info := call.Info(); info.State != ua.CallEstablished || info.Trouble.Kind != ua.CauseNone || a.ctx.Err() != nil {
		a.t.Fatalf("%s: got a call %+v after the cut, %v", a.user, info, a.ctx.Err())
	}
	cuts.Add(1)
}

// TestSocketCutInACall cuts the WebSocket of one side: in calls with a telephone through rtpengine and with another user agent,
// and while one of two user agents rings. The audio goes on, both sides can hang up afterwards, nobody rings on, and no call is
// lost.
func TestSocketCutInACall(t *testing.T) {
	t.Parallel()
	var cuts atomic.Int32
	t.Run("calls", func(t *testing.T) {
		for state, enter := range talks {
			for _, end := range []string{"here", "there"} {
				t.Run(fmt.Sprint("telephone ", state, " ", end),
					func(t *testing.T) { t.Parallel(); cutWithATelephone(t, &cuts, enter, end) })
			}
			t.Run("user agent "+state, func(t *testing.T) { t.Parallel(); cutBothSides(t, &cuts, enter) })
		}
		t.Run("ringing out", func(t *testing.T) { t.Parallel(); cutWhileItRings(t, &cuts, true) })
		t.Run("ringing in", func(t *testing.T) { t.Parallel(); cutWhileItRings(t, &cuts, false) })
	})
	if n := cuts.Load(); n < enough {
		t.Errorf("got over %d cuts, want %d", n, enough)
	}
}

// cutWithATelephone cuts twice in a call with a baresip, which knows nothing of it.
func cutWithATelephone(t *testing.T, cuts *atomic.Int32, enter func(*testing.T, context.Context, *ua.Call), end string) {
	ctx, b := md5Server.use(t)
	c := newCable(t, b)
	a := newAgent(ctx, t, b, c.through)
	phone := newBaresip(ctx, t, b)
	call := a.call(phone.Number)
	a.established(call)
	a.hears(call)
	enter(t, ctx, call)
	for range 2 {
		a.cutIn(c, call, cuts)
		if !call.Info().HeldLocal {
			a.hears(call)
		}
	}
	if call.Info().HeldLocal {
		if err := call.Resume(ctx); err != nil {
			t.Fatal("resume:", err)
		}
		a.hears(call)
	}
	if end == "here" {
		a.hangUp(call)
	} else {
		hangUpThere(ctx, t, phone)
		a.ended(call, ua.CauseHangupRemote)
	}
	a.baresipHeard(phone)
	a.relayedBothWays(b, call)
}

func hangUpThere(ctx context.Context, t *testing.T, phone *kamailio.Peer) {
	t.Helper()
	if _, err := phone.Command(ctx, "hangup", ""); err != nil {
		t.Fatal(err)
	}
}

// cutBothSides cuts the connection of the caller, then that of the called one; the side that was cut first is hung up on.
func cutBothSides(t *testing.T, cuts *atomic.Int32, enter func(*testing.T, context.Context, *ua.Call)) {
	ctx, b := md5Server.use(t)
	first, second := newCable(t, b), newCable(t, b)
	a, other := newAgent(ctx, t, b, first.through), newAgent(ctx, t, b, second.through)
	out, in := connect(a, other)
	enter(t, ctx, out)
	a.cutIn(first, out, cuts)
	other.cutIn(second, in, cuts)
	if out.Info().HeldLocal {
		if err := out.Resume(ctx); err != nil {
			t.Fatal("resume:", err)
		}
	}
	if !out.Info().Muted {
		other.hears(in)
	}
	a.hears(out)
	other.hangUp(in)
	a.ended(out, ua.CauseHangupRemote)
}

// cutWhileItRings cuts the connection of the caller or of the called one, and looks at the other.
func cutWhileItRings(t *testing.T, cuts *atomic.Int32, caller bool) {
	ctx, b := md5Server.use(t)
	c := newCable(t, b)
	plain := func(*ua.Config) {}
	ours, theirs := plain, plain
	if caller {
		ours = c.through
	} else {
		theirs = c.through
	}
	a, other := newAgent(ctx, t, b, ours), newAgent(ctx, t, b, theirs)
	out := a.call(other.user)
	in := other.incoming()
	a.info(out, "it does not ring", func(i ua.CallInfo) bool { return i.State == ua.CallRinging })
	c.cut()
	if caller {
		a.ended(out, ua.CauseConnectionLost)
		other.ended(in, ua.CauseCancelled)
	} else {
		other.ended(in, ua.CauseConnectionLost)
		a.ended(out, ua.CauseNoAnswer)
	}
	cuts.Add(1)
	out, in = connect(a, other) // and the next call works
	a.hangUp(out)
	other.ended(in, ua.CauseHangupRemote)
}
