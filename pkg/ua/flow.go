package ua

import (
	"cmp"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/digest"
)

// flow is a connection to one of the servers and the binding made over it (RFC 5626 section 4.2). Most user agents have one.
// With Config.Flows there are two, to different servers, and we can be reached as long as one of them lives. What is sent and
// received says itself which flow it belongs to (flowOf); calls and subscriptions live on the flow they began on.
type flow struct {
	c    *core
	id   int    // reg-id
	host string // of Via and Contact (RFC 7118 section 5)
	conn connection
	back failback
	reg  registration
	auth *digest.Client // nonces are those of one server
}

// maxFlows is how many flows there can be; more than two would guard against nothing that happens.
const maxFlows = 2

// FlowInfo is one flow in a State.
type FlowInfo struct {
	RegID        int // its number, from 1
	Connection   ConnectionInfo
	Registration RegistrationInfo
}

// FlowEvent tells a move of one of the flows when Config.Flows asks for several. ConnectionEvent and RegistrationEvent go on to
// tell of the best one: registered means that at least one flow is.
type FlowEvent struct{ FlowInfo }

func (FlowEvent) event() {}

func (c *core) addFlow(auth *digest.Client) {
	f := &flow{c: c, id: len(c.flows) + 1, host: c.rnd.token(12) + ".invalid", auth: auth}
	f.reg = registration{asked: c.cfg.Expires, wanted: !c.cfg.NoRegister}
	f.conn.server = len(c.flows)
	f.conn.retryAfter = make([]time.Time, len(c.cfg.Servers))
	c.flows = append(c.flows, f)
}

// up reports whether something can be sent over the flow.
func (f *flow) up() bool { return f.conn.conn != nil }

// usable reports whether we can be reached over the flow, as far as that is wanted.
func (f *flow) usable() bool {
	return f.up() && (f.reg.info.State == Registered || !f.reg.wanted)
}

// lead is the flow of new requests and what State shows: the first of those that have come furthest.
func (c *core) lead() *flow {
	best := c.flows[0]
	for _, f := range c.flows[1:] {
		if f.rank() > best.rank() {
			best = f
		}
	}
	return best
}

// rank is how far a flow has come.
func (f *flow) rank() int {
	switch {
	case f.up() && f.reg.info.State == Registered:
		return 4
	case f.up() && f.reg.busy:
		return 3
	case f.up():
		return 2
	case f.conn.info.State == Connecting:
		return 1
	}
	return 0
}

// flowOf finds the flow of a message: what we send and its responses begin with a Via of ours, what comes and our responses to
// that have the flow as their source.
func (c *core) flowOf(m sip.Message) *flow {
	source := ""
	if req, ours := m.(*sip.Request); ours {
		source = cmp.Or(req.MessageData.Source(), req.Via().Host)
	} else {
		source = m.Source()
	}
	host, _, _ := strings.Cut(source, ":") // a clone has the port too
	if f := c.flowAt(host); f != nil {
		return f
	}
	return c.flows[0]
}

// flowAt finds the flow by its host.
func (c *core) flowAt(host string) *flow {
	for _, f := range c.flows {
		if f.host == host {
			return f
		}
	}
	return nil
}

// flowByGen finds the flow of a connection or try, nil when it is over.
func (c *core) flowByGen(gen int) *flow {
	for _, f := range c.flows {
		if f.conn.gen == gen {
			return f
		}
	}
	return nil
}

func (c *core) nextGen() int {
	c.gens++
	return c.gens
}

// moved tells a move of a flow: with one flow ev itself, with two that of the flow, and what both make together.
func (f *flow) moved(ev Event) {
	c := f.c
	if len(c.flows) == 1 {
		c.emit(ev)
		return
	}
	c.emit(FlowEvent{f.info()})
	lead := c.lead()
	if lead.conn.info != c.shown.Connection {
		c.shown.Connection = lead.conn.info
		c.emit(ConnectionEvent{lead.conn.info})
	}
	if lead.reg.info != c.shown.Registration {
		c.shown.Registration = lead.reg.info
		c.emit(RegistrationEvent{lead.reg.info})
	}
}

func (f *flow) info() FlowInfo {
	return FlowInfo{RegID: f.id, Connection: f.conn.info, Registration: f.reg.info}
}

// spare is a flow that can take over what lived on f.
func (f *flow) spare() *flow {
	for _, other := range f.c.flows {
		if other != f && other.usable() {
			return other
		}
	}
	return nil
}

// servers counts those this flow may use: the others have one of their own each.
func (f *flow) servers() int { return len(f.c.cfg.Servers) - len(f.c.flows) + 1 }

// nextServer turns to the next server that no other flow uses: one that has not asked to be left alone, if there is such.
func (f *flow) nextServer(now time.Time) {
	was := f.conn.server
	for _, willing := range []bool{true, false} {
		for i := range f.c.cfg.Servers {
			f.conn.server = (was + 1 + i) % len(f.c.cfg.Servers)
			if !f.shared() && (!willing || !f.conn.retryAfter[f.conn.server].After(now)) {
				return
			}
		}
	}
}

func (f *flow) shared() bool {
	for _, other := range f.c.flows {
		if other != f && other.conn.server == f.conn.server {
			return true
		}
	}
	return false
}

// liveCalls counts the calls on this flow.
func (f *flow) liveCalls() int {
	n := 0
	for _, s := range f.c.sessions {
		if s.flow == f && s.info.State != CallEnded {
			n++
		}
	}
	return n
}

// move takes a call to another flow: what it sends goes there, and the next Contact says that it is to be found there.
func (s *session) move(f *flow) {
	if s.alias != nil && s.alias.Host == s.flow.host {
		s.alias.Host = f.host
	}
	s.flow = f
	if s.dlg != nil {
		s.dlg.flow = f
	}
}
