package ua

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/transport"
)

// A counter of failures that is ended by an event which the trouble follows never grows. So every trouble below comes back with
// the event that looks like success, and the server has to be met less and less.

// troubles decide what a server does about a request; false leaves the usual answer to it.
var troubles = map[string]func(s *stormy, req *sip.Request) bool{
	"closes on REGISTER":        cutOn(sip.REGISTER, false),
	"closes after 200 REGISTER": cutOn(sip.REGISTER, true),
	"closes on SUBSCRIBE":       cutOn(sip.SUBSCRIBE, false),
	"closes after a NOTIFY":     cutOn(sip.SUBSCRIBE, true),
	"closes on PUBLISH":         cutOn(sip.PUBLISH, false),
	"closes after 200 PUBLISH":  cutOn(sip.PUBLISH, true),
	"closes on INVITE":          cutOn(sip.INVITE, false),
	"closes after 200 INVITE":   cutOn(sip.INVITE, true),
	"closes after 401": func(s *stormy, req *sip.Request) bool {
		if req.Method != sip.REGISTER {
			return false
		}
		s.respond(req, 401, challenge("n"))
		s.cut()
		return true
	},
	"never lets in": func(s *stormy, req *sip.Request) bool {
		if req.Method == sip.REGISTER {
			s.respond(req, 500)
		}
		return req.Method == sip.REGISTER
	},
	"every other REGISTER fails": func(s *stormy, req *sip.Request) bool {
		if req.Method != sip.REGISTER {
			return false
		}
		if s.registers++; s.registers%2 == 1 {
			s.grant(req, 120)
		} else {
			s.respond(req, 503)
		}
		return true
	},
	"lists others only": func(s *stormy, req *sip.Request) bool {
		if req.Method != sip.REGISTER {
			return false
		}
		if s.registers++; s.registers%2 == 1 {
			s.grant(req, 120)
		} else {
			s.respond(req, 200, "Contact: <sip:other@192.0.2.7>;expires=600")
		}
		return true
	},
	"drops the binding at once": func(s *stormy, req *sip.Request) bool {
		if req.Method != sip.REGISTER {
			return false
		}
		if s.registers++; s.registers%2 == 1 {
			s.grant(req, 2)
		} else {
			s.respond(req, 200, "Contact: <sip:other@192.0.2.7>;expires=600")
		}
		return true
	},
	"keeps no binding": func(s *stormy, req *sip.Request) bool {
		if req.Method == sip.REGISTER {
			s.respond(req, 200)
		}
		return req.Method == sip.REGISTER
	},
	"deactivates subscriptions": func(s *stormy, req *sip.Request) bool {
		if req.Method != sip.SUBSCRIBE {
			return false
		}
		s.respond(req, 200, "tag=far", "Expires: 3600", okContact)
		p := s.notifier(req, "far")
		p.notify("active;expires=3600")
		p.notify("terminated;reason=deactivated")
		return true
	},
	"forgets publications": func(s *stormy, req *sip.Request) bool {
		if req.Method == sip.PUBLISH && req.GetHeader("SIP-If-Match") != nil {
			s.respond(req, 412)
			return true
		}
		return false
	},
	"says nothing": func(*stormy, *sip.Request) bool { return true },
}

func cutOn(method sip.RequestMethod, answered bool) func(*stormy, *sip.Request) bool {
	return func(s *stormy, req *sip.Request) bool {
		if req.Method != method {
			return false
		}
		if answered {
			s.serve(req)
		}
		s.cut()
		return true
	}
}

// TestServerThatClosesIsLeft: where another server serves, the one that closes after its 200 is left, and tried again less and
// less.
func TestServerThatClosesIsLeft(t *testing.T) {
	play(t, twoServers, func(h *harness) {
		s := &stormy{harness: h, met: map[sip.RequestMethod][]time.Duration{}}
		visits := 0
		s.begin()
		s.live(4*time.Hour, func(s *stormy, req *sip.Request) bool {
			if req.Method != sip.REGISTER || s.serverInUse() != serverA {
				return false
			}
			visits++
			s.serve(req)
			s.cut()
			return true
		})
		if got := s.serverInUse(); got != serverB || visits > 14 {
			t.Errorf("at %s after %d visits to the first server in four hours", got, visits)
		}
		s.forget()
	})
}

// TestServerThatClosesSoonIsMetLess: a connection that lasts long enough to count as good, and no longer, is no fresh start: the
// waits grow, and where another server serves that one is used. One that lasts is mended at once.
func TestServerThatClosesSoonIsMetLess(t *testing.T) {
	const end = time.Hour
	for _, life := range []time.Duration{provenAfter + time.Second, steadyAfter - 10*time.Second} {
		for name, servers := range map[string]func(*Config){"one server": nil, "two servers": twoServers} {
			t.Run(fmt.Sprint(name, ", after ", life), func(t *testing.T) {
				play(t, servers, func(h *harness) {
					s := &stormy{harness: h, met: map[sip.RequestMethod][]time.Duration{}}
					s.settleDown(false)
					s.closesAfter(life, end)
					first, last := count(s.dialled, 0, 5*time.Minute), count(s.dialled, end-30*time.Minute, end)
					if most := int(30 * time.Minute / (life + maxBackoff*3/4)); servers == nil && last > most+1 {
						t.Errorf("%d connections in the last half hour, %d in the first five minutes, want %d", last, first, most)
					}
					if servers != nil && (s.serverInUse() != serverB || last > 6) {
						t.Errorf("at %s, %d connections in the last half hour", s.serverInUse(), last)
					}
					s.forget()
				})
			})
		}
	}
}

func TestConnectionThatLastsIsMendedAtOnce(t *testing.T) {
	play(t, nil, func(h *harness) {
		s := &stormy{harness: h, met: map[sip.RequestMethod][]time.Duration{}}
		s.settleDown(false)
		s.closesAfter(steadyAfter+time.Second, time.Hour)
		if got, want := len(s.dialled), int(time.Hour/(steadyAfter+4*time.Second)); got < want {
			t.Errorf("%d connections in an hour, want at least %d", got, want)
		}
		s.forget()
	})
}

// closesAfter lets the first server close each connection when it has lived for so long.
func (s *stormy) closesAfter(life, d time.Duration) {
	s.began, s.met = time.Now(), map[sip.RequestMethod][]time.Duration{}
	s.dialWith(func(_ context.Context, url string) error {
		s.dialled = append(s.dialled, time.Since(s.began))
		return nil
	})
	var born time.Time
	s.opened = func() { born = time.Now() }
	s.lose()
	for end := time.Now().Add(d); time.Now().Before(end); {
		s.live(time.Second, nil)
		if time.Since(born) >= life && s.serverInUse() == serverA && s.agent.State().Connection.State == Connected {
			s.cut()
		}
	}
}

// stormy is a server in trouble.
type stormy struct {
	*harness
	began     time.Time
	met       map[sip.RequestMethod][]time.Duration // when something was asked of it
	dialled   []time.Duration
	registers int
	gone      transport.Conn // what the server has closed
	opened    func()         // what it does when a connection has opened
	known     transport.Conn // the newest connection
}

func (s *stormy) cut() {
	s.gone = s.server()
	s.gone.Abandon()
}

// serve answers as servers do.
func (s *stormy) serve(req *sip.Request) {
	switch req.Method {
	case sip.ACK:
	case sip.REGISTER:
		s.grant(req, 600)
	case sip.SUBSCRIBE:
		s.respond(req, 200, "tag=far", "Expires: 3600", okContact)
		s.notifier(req, "far").notify("active;expires=3600")
	case sip.PUBLISH:
		s.respond(req, 200, "SIP-ETag: e", "Expires: 600")
	case sip.INVITE:
		s.respond(req, 200, "tag=far", okContact, sdp("far"))
	default:
		s.respond(req, 200)
	}
}

// live lets time pass and has the server do what it does.
func (s *stormy) live(d time.Duration, trouble func(*stormy, *sip.Request) bool) {
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		s.collect()
		if srv := s.server(); srv != s.known {
			s.known = srv
			if s.opened != nil {
				s.opened()
			}
		}
		sent := s.sent
		s.sent, s.seen = nil, nil
		for _, m := range sent {
			req, ok := m.(*sip.Request)
			if !ok || s.gone == s.server() || s.agent.State().Connection.State != Connected {
				continue // what it was sent by is gone
			}
			s.met[req.Method] = append(s.met[req.Method], time.Since(s.began))
			if trouble == nil || !trouble(s, req) {
				s.serve(req)
			}
		}
	}
}

// count is how many of the times lie in that part.
func count(times []time.Duration, from, to time.Duration) (n int) {
	for _, at := range times {
		if at >= from && at < to {
			n++
		}
	}
	return n
}

// TestTroubleIsMetLessAndLess: whatever event the trouble follows, a server is met at a bounded rate that falls.
func TestTroubleIsMetLessAndLess(t *testing.T) {
	for name, trouble := range troubles {
		for _, servers := range []func(*Config){nil, twoServers} {
			for _, inCall := range []bool{false, true} {
				if (raced() || testing.Short()) && inCall != (servers != nil) {
					continue // each is played in one of the two ways
				}
				t.Run(fmt.Sprintf("%s, two servers %v, in a call %v", name, servers != nil, inCall), func(t *testing.T) {
					play(t, servers, func(h *harness) {
						s := &stormy{harness: h, met: map[sip.RequestMethod][]time.Duration{}}
						s.settleDown(inCall)
						s.rage(trouble)
						s.wantFewer(t)
					})
				})
			}
		}
	}
	t.Run("closes when it has opened", func(t *testing.T) {
		play(t, nil, func(h *harness) {
			s := &stormy{harness: h, met: map[sip.RequestMethod][]time.Duration{}}
			s.settleDown(false)
			s.opened = s.cut
			s.rage(nil)
			s.wantFewer(t)
		})
	})
	t.Run("refuses the connection", func(t *testing.T) {
		play(t, nil, func(h *harness) {
			s := &stormy{harness: h, met: map[sip.RequestMethod][]time.Duration{}}
			s.settleDown(false)
			h.dialWith(func(context.Context, string) error { return &transport.DialError{Kind: transport.DialUnreachable} })
			h.lose()
			s.rage(nil)
			s.wantFewer(t)
		})
	})
}

// settleDown brings up all that a user agent keeps at a server, in peace.
func (s *stormy) settleDown(inCall bool) {
	s.begin()
	s.live(time.Second, nil)
	s.subscribe(SubscribeOptions{Event: "presence"})
	s.publish(open)
	if inCall {
		s.dialTo("1002")
	}
	s.live(15*time.Second, nil)
}

// rage is half an hour of trouble, which begins with the loss of the connection.
func (s *stormy) rage(trouble func(*stormy, *sip.Request) bool) {
	s.mu.Lock()
	s.dials = nil
	s.mu.Unlock()
	s.began, s.met = time.Now(), map[sip.RequestMethod][]time.Duration{}
	if s.agent.State().Connection.State == Connected {
		s.lose()
	}
	decide := s.onDial
	s.dialWith(func(ctx context.Context, url string) error {
		s.dialled = append(s.dialled, time.Since(s.began))
		if decide != nil {
			return decide(ctx, url)
		}
		return nil
	})
	s.live(30*time.Minute, trouble)
}

func (s *stormy) wantFewer(t *testing.T) {
	t.Helper()
	if n := count(s.dialled, 0, 8*time.Second); n > 10 {
		t.Errorf("%d connections in 8 s", n)
	}
	const end = 30 * time.Minute
	connections := count(s.dialled, end-5*time.Minute, end)
	if first := count(s.dialled, 0, 5*time.Minute); connections > 18 {
		t.Errorf("%d connections in the first five minutes, %d in the last", first, connections)
	}
	for method, times := range s.met {
		most := max(connections, 4)
		if method == sip.REGISTER {
			most = max(connections, 22) // one that fails at once, and one that goes before, twice a minute at most
		}
		if first, last := count(times, 0, 5*time.Minute), count(times, end-5*time.Minute, end); last > most {
			t.Errorf("%d %s in the first five minutes, %d in the last", first, method, last)
		}
	}
	for _, info := range s.agent.State().Calls {
		go s.agent.Call(info.ID).Hangup(s.t.Context())
	}
	s.live(time.Minute, nil)
	s.forget()
}
