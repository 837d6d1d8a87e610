package ua

import (
	"fmt"
	"strings"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
)

// A call may lose its audio at any time. Each of the states below is met by each of the things that can come next, before the
// audio is renewed and after it, and where it was not lost at all. In the end there is one session that both sides have agreed
// on.

// plight is a call when its audio goes.
type plight struct {
	*harness
	peer   *peer
	call   *Call
	invite *sip.Request // ours that waits for its answer
	bare   bool         // the newest INVITE of the peer has no SDP
	holds  bool         // the peer holds us

	pracked string // RSeq of the 183 that was acknowledged
	begun   []func() error
	kept    []sip.Message // requests that are still to be answered
	free    func()        // lets go what is held up; nil where nothing is
	again   func()        // an offer of the peer, to be made again after a glare
}

// wait lets something be done that takes its time.
func (p *plight) wait(f func() error) { p.begun = append(p.begun, p.async(f)) }

func (p *plight) acceptLater() {
	p.wait(func() error { return p.call.Accept(p.t.Context()) })
	synctest.Wait()
}

// acked takes a response of ours as a good peer does: it acknowledges a 200 to an INVITE, with the answer where it has an
// offer, and what is sent reliably before.
func (p *plight) acked(res sip.Message) {
	switch label(res) {
	case "200 INVITE":
		body := "X-None: 1"
		if p.bare {
			body = sdp("acked")
		}
		p.recv(p.peer.text("ACK", int(res.CSeq().SeqNo), body))
		p.again = nil
	case "491 INVITE":
		if p.again != nil {
			p.holds = false
			p.again()
		}
	case "183 INVITE":
		if p.pracked != header(res, "RSeq") {
			p.pracked = header(res, "RSeq")
			p.peer.send("PRACK", "RAck: "+p.pracked+" 1 INVITE")
		}
	}
}

// ack acknowledges what has been answered.
func (p *plight) ack() {
	for _, m := range p.takeSent() {
		if _, ok := m.(*sip.Request); ok {
			p.kept = append(p.kept, m)
		} else {
			p.acked(m)
		}
	}
}

// plights are the states a call can be in, each with what it needs to be established.
var plights = map[string]struct {
	begin func(p *plight)
	end   func(p *plight)
}{
	"preparing": {func(p *plight) {
		p.holdUp()
		p.call = p.dialTo("1002")
	}, func(p *plight) { p.letGo(); p.answerInvite() }},
	"calling":     {func(p *plight) { p.dialled() }, (*plight).answerInvite},
	"ringing out": {func(p *plight) { p.dialled(); p.respond(p.invite, 180, "tag=far", okContact) }, (*plight).answerInvite},
	"early media": {func(p *plight) {
		p.dialled()
		p.respond(p.invite, 183, "tag=far", okContact, sdp("far"))
		p.respond(p.invite, 183, "tag=other", okContact, sdp("other"))
	}, (*plight).answerInvite},
	"early media later": {func(p *plight) { p.dialled() }, func(p *plight) {
		p.respond(p.invite, 183, "tag=far", okContact, sdp("far"))
		p.answerInvite()
	}},
	"answer being applied": {func(p *plight) {
		p.dialled()
		p.media.applying.Store(int64(time.Hour))
		p.respond(p.invite, 200, "tag=far", okContact, sdp("far"))
		p.media.applying.Store(0)
		p.peer = p.called(p.invite, "far")
	}, (*plight).nothing},
	"called again after a 422": {func(p *plight) { p.dialled() }, func(p *plight) {
		p.respond(p.invite, 422, "Min-SE: 3600")
		p.invite = nil
		p.answerInvite()
	}},
	"talking out":     {func(p *plight) { p.peer, p.call = p.talkOut() }, (*plight).nothing},
	"talking in":      {func(p *plight) { p.peer, p.call = p.talkIn() }, (*plight).nothing},
	"ringing in":      {func(p *plight) { p.peer, p.call = p.ringIn(sdp("in")) }, func(p *plight) { p.acceptLater(); p.ack() }},
	"ringing, no SDP": {func(p *plight) { p.ringLate() }, func(p *plight) { p.acceptLater(); p.ack() }},
	"being accepted": {func(p *plight) {
		p.peer, p.call = p.ringIn(sdp("in"))
		p.holdUp()
		p.acceptLater()
	}, func(p *plight) { p.letGo(); p.ack() }},
	"183 being made": {func(p *plight) {
		p.ringForProgress()
		p.holdUp()
		p.progressLater()
	}, func(p *plight) { p.letGo(); p.ack(); p.acceptLater(); p.ack() }},
	"183 sent": {func(p *plight) { p.ringForProgress(); p.progressLater() },
		func(p *plight) { p.ack(); p.acceptLater(); p.ack() }},
	"heard before the answer": {func(p *plight) { p.ringForProgress(); p.progressLater(); p.ack() },
		func(p *plight) { p.acceptLater(); p.ack() }},
	"accepted, no ACK":         {func(p *plight) { p.peer, p.call = p.ringIn(sdp("in")); p.acceptLater() }, (*plight).ack},
	"accepted, no SDP, no ACK": {func(p *plight) { p.ringLate(); p.acceptLater() }, (*plight).ack},
	"hold being made": {func(p *plight) {
		p.peer, p.call = p.talkOut()
		p.media.stuck.Store(true)
		p.wait(func() error { return p.call.Hold(p.t.Context()) })
		synctest.Wait()
		p.media.stuck.Store(false)
	}, (*plight).nothing},
	"hold on its way": {func(p *plight) {
		p.peer, p.call = p.talkOut()
		p.wait(func() error { return p.call.Hold(p.t.Context()) })
		synctest.Wait()
	}, (*plight).nothing},
	"answer to a hold being applied": {func(p *plight) {
		p.peer, p.call = p.talkOut()
		p.wait(func() error { return p.call.Hold(p.t.Context()) })
		p.media.applying.Store(int64(time.Hour))
		p.respond(p.wantRequest("hold", sip.INVITE), 200, okContact, sdp("held", "a=recvonly"))
		p.media.applying.Store(0)
	}, (*plight).nothing},
	"hold after a glare": {func(p *plight) {
		p.peer, p.call = p.talkOut()
		p.wait(func() error { return p.call.Hold(p.t.Context()) })
		p.respond(p.wantRequest("hold", sip.INVITE), 491)
	}, (*plight).nothing},
	"offer of theirs being answered": {func(p *plight) {
		p.peer, p.call = p.talkOut()
		blocked := make(chan struct{})
		p.media.last().block = blocked
		p.free = func() { close(blocked) }
		p.peer.send("INVITE", sdp("theirs"))
	}, func(p *plight) { p.letGo(); p.ack() }},
	"offer of theirs answered, no ACK": {func(p *plight) {
		p.peer, p.call = p.talkOut()
		p.peer.send("INVITE", sdp("theirs"))
	}, (*plight).ack},
	"offer of ours in a 200, no ACK": {func(p *plight) {
		p.peer, p.call = p.talkOut()
		p.bare = true
		p.peer.send("INVITE")
	}, (*plight).ack},
	"connection lost": {func(p *plight) { p.peer, p.call = p.talkOut(); p.lose(); p.sent = nil }, (*plight).nothing},
}

func (p *plight) nothing() {}

// holdUp lets who wants a session wait.
func (p *plight) holdUp() {
	p.media.gate = make(chan struct{})
	p.free = func() { close(p.media.gate) }
}

func (p *plight) letGo() {
	if p.free != nil {
		p.free()
	}
	p.free = nil
	synctest.Wait()
}

func (p *plight) dialled() {
	p.call = p.dialTo("1002")
	p.invite = p.wantRequest("called", sip.INVITE)
}

// ringForProgress lets a call come in whose caller can acknowledge a 183.
func (p *plight) ringForProgress() {
	peer, call, seq := p.ringReliably(sdp("in"))
	peer.send("PRACK", rack(seq))
	p.peer, p.call = peer, call
	p.sent = nil
}

func (p *plight) progressLater() {
	p.wait(func() error { return p.call.Progress(p.t.Context()) })
	synctest.Wait()
}

func (p *plight) ringLate() {
	p.bare = true
	peer := p.caller("late")
	peer.send("INVITE")
	peer.remote = p.wantSent("rings", "100 INVITE", "180 INVITE")[1].To().Value()
	p.peer, p.call = peer, p.wantEvent("rings", "incoming")[0].(IncomingCallEvent).Call
}

// answerInvite answers our INVITE once it has left.
func (p *plight) answerInvite() {
	p.collect()
	for _, m := range p.sent {
		if req, ok := m.(*sip.Request); ok && req.Method == sip.INVITE && p.invite == nil {
			p.invite = req
		}
	}
	p.sent = nil
	if p.invite != nil {
		p.respond(p.invite, 200, "tag=far", okContact, sdp("far"))
		p.peer = p.called(p.invite, "far")
	}
}

// answerTo is the direction the peer answers an offer with.
func (p *plight) answerTo(offer *sip.Request) string {
	held := strings.Contains(string(offer.Body()), "a=sendonly")
	switch {
	case held && p.holds:
		return "a=inactive"
	case held:
		return "a=recvonly"
	case p.holds:
		return "a=sendonly"
	}
	return "a=sendrecv"
}

// settle answers all that comes, as a good peer does, until nothing comes any more. It returns the offers.
func (p *plight) settle() (offers []*sip.Request) {
	p.t.Helper()
	for range 60 {
		msgs := append(p.kept, p.takeSent()...)
		p.kept = nil
		for _, m := range msgs {
			req, ok := m.(*sip.Request)
			switch {
			case ok && req.Method == sip.REGISTER:
				p.grant(req, 600)
			case ok && req.Method == sip.INVITE:
				offers = append(offers, req)
				p.respond(req, 200, okContact, "tag=far", sdp(fmt.Sprint("settled", len(offers)), p.answerTo(req)))
			case ok && req.Method == sip.CANCEL:
				p.respond(req, 200)
				p.respond(p.invite, 487, "tag=far")
			case ok && req.Method != sip.ACK:
				p.respond(req, 200)
			case !ok:
				p.acked(m)
			}
		}
		p.advance(time.Second)
	}
	return offers
}

// wantRenewed checks what holds at the end: one session is left, and the two sides have agreed on it.
func (p *plight) wantRenewed() {
	p.t.Helper()
	info := p.call.Info()
	if info.State != CallEstablished || info.Busy {
		p.t.Fatalf("call %s, cause %+v, want it established", describeCall(info), info.Cause)
	}
	var open []*fakeSession
	for _, s := range p.media.sessions {
		if !s.closed() {
			open = append(open, s)
		}
	}
	if len(open) != 1 || open[0].gone {
		p.t.Fatalf("%d sessions are open", len(open))
	}
	agreed := open[0].history()
	if !strings.Contains(agreed, "set ") && !strings.Contains(agreed, "answer ") {
		p.t.Errorf("the session that is left was asked for %q, want it agreed on", agreed)
	}
	if got, want := open[0].muted.Load(), info.Muted || info.HeldLocal; got != want {
		p.t.Errorf("muted %v, want %v", got, want)
	}
	if look(p.harness, func(c *core) bool { return c.sessions[0].unagreed || c.sessions[0].vacant.set }) {
		p.t.Error("the call still waits for its audio")
	}
}

// renew brings another place for the audio.
func (p *plight) renew() {
	p.media.away.Store(false)
	p.agent.RenewMedia()
	synctest.Wait()
}

// orders are the ways losing, renewing and what comes next follow one another.
var orders = map[string][]string{
	"renewed":                 {"renew", "next"},
	"lost, renewed":           {"lose", "renew", "next"},
	"lost, renewed late":      {"lose", "wait", "renew", "next"},
	"lost, next, renewed":     {"lose", "next", "renew"},
	"next, lost, renewed":     {"next", "lose", "renew"},
	"renewed twice":           {"renew", "renew", "next", "renew"},
	"lost again":              {"lose", "renew", "lose", "next", "renew"},
	"lost after the renewal":  {"renew", "next", "lose", "renew"},
	"lost, renewed, all over": {"lose", "renew", "next", "wait", "renew"},
}

// follow does the steps of an order.
func (p *plight) follow(steps []string, next func(p *plight)) {
	for _, step := range steps {
		switch step {
		case "renew":
			p.renew()
		case "lose":
			p.media.leave()
			synctest.Wait()
		case "wait":
			p.advance(3 * time.Second)
		case "next":
			next(p)
		}
	}
}
