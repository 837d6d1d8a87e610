package ua

import (
	"context"
	"time"

	"github.com/gowebphone/webphone/pkg/transport"
)

// failback leads a flow back to the server it prefers once that is there again: the first of Config.Servers that no other
// flow uses. It dials that server beside the connection in use, which it leaves only for one that has opened, and never
// during a call or a request.
//
//	waiting --alarm, Wake--> dialling --open--> the connection moves
//	   ^-------- refused, busy ---'
type failback struct {
	alarm  alarm
	wait   time.Duration // before the next try; doubled with every move, because a server may open and then refuse
	server int           // that is being dialled
	gen    int           // of the try, 0 when there is none
	cancel context.CancelFunc
}

const (
	firstFailback = time.Minute
	maxFailback   = 30 * time.Minute
	busyFailback  = 5 * time.Second // what is under way is waited for in steps of this
)

// home is the index of the server the flow prefers: the first that no other flow uses or is about to use.
func (f *flow) home() int {
	for i := range f.c.cfg.Servers {
		taken := false
		for _, other := range f.c.flows {
			taken = taken || other != f && (other.conn.server == i || other.back.gen != 0 && other.back.server == i)
		}
		if !taken {
			return i
		}
	}
	return f.conn.server
}

// homeward is called when the flow works: away from home it arranges the way back.
func (f *flow) homeward(now time.Time) {
	if f.home() != f.conn.server && !f.back.alarm.set && f.back.gen == 0 {
		f.homeLater(now)
	}
}

func (f *flow) homeLater(now time.Time) {
	f.back.wait = min(max(f.back.wait, firstFailback), maxFailback)
	f.c.alarms.start(&f.back.alarm, now.Add(f.c.jitter(f.back.wait)), f.tryHome)
}

// engaged reports whether moving would cut something off.
func (f *flow) engaged() bool { return f.liveCalls() > 0 || f.reg.busy || f.c.txns.Open() > 0 }

// tryHome dials the preferred server beside the connection in use.
func (f *flow) tryHome(now time.Time) {
	f.c.alarms.stop(&f.back.alarm)
	home := f.home()
	switch {
	case !f.c.running || !f.usable() || home == f.conn.server || f.back.gen != 0:
		return // when it works again it asks again
	case f.engaged():
		f.c.alarms.start(&f.back.alarm, now.Add(busyFailback), f.tryHome)
		return
	case f.conn.retryAfter[home].After(now):
		f.c.alarms.start(&f.back.alarm, f.conn.retryAfter[home], f.tryHome)
		return
	}
	f.back.server, f.back.gen = home, f.c.nextGen()
	f.back.cancel = f.c.dial(f.back.gen, home, f.c.cfg.ConnectTimeout)
}

// homewardByGen finds the flow that dials its preferred server in that try.
func (c *core) homewardByGen(gen int) *flow {
	for _, f := range c.flows {
		if gen != 0 && f.back.gen == gen {
			return f
		}
	}
	return nil
}

// atHome takes the outcome of tryHome.
func (f *flow) atHome(now time.Time, conn transport.Conn, err error) {
	gen := f.back.gen
	f.back.gen, f.back.cancel = 0, nil
	if err != nil || f.engaged() || f.back.server != f.home() {
		if conn != nil {
			conn.Close(1000, "")
		}
		f.homeLater(now)
		return
	}
	f.back.wait *= 2
	f.conn.server = f.back.server
	f.disconnect(now, Cause{}, func(old transport.Conn) { old.Close(1000, "") })
	f.c.alarms.stop(&f.conn.retry)
	f.conn.gen = gen
	f.conn.tries++
	f.setConnection(Connecting, f.c.cfg.Servers[f.conn.server], time.Time{}, Cause{})
	f.c.dialled(now, gen, conn, nil)
}

// stayAway ends what is under way to get home.
func (f *flow) stayAway() {
	f.c.alarms.stop(&f.back.alarm)
	if f.back.cancel != nil {
		f.back.cancel()
	}
	f.back.gen, f.back.cancel = 0, nil
}
