//go:build !js

package siptest

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// quick makes the server's numbers fast.
var quick = Options{RingTime: 20 * time.Millisecond, EarlyTime: 300 * time.Millisecond, TalkTime: 200 * time.Millisecond,
	T1: 100 * time.Millisecond}

// talkTo calls a number with a phone and answers its 200 with an ACK.
func talkTo(c *client, p *phone, number string) (invite, ok *message) {
	c.t.Helper()
	invite = c.invite("sip:"+number+"@sip.test", p.offer(nil))
	ok = c.want("the number answers", "200")
	p.answered(ok.body)
	c.send(c.inDialog("ACK", invite, ok))
	go p.talk()
	return invite, ok
}

// reOffer sends a re-INVITE with a description and takes the 200.
func reOffer(c *client, invite, ok *message, sdp string) *message {
	c.t.Helper()
	m := c.inDialog("INVITE", invite, ok)
	m.add("Content-Type", "application/sdp")
	m.body = []byte(sdp)
	c.send(m)
	c.want("the server shows that it has the re-INVITE", "100")
	again := c.want("the re-INVITE is answered", "200")
	c.send(c.inDialog("ACK", m, again))
	return again
}

func TestEchoSendsEveryCodecBack(t *testing.T) {
	for _, codec := range []string{"opus", "G722", "PCMU", "PCMA"} {
		t.Run(codec, func(t *testing.T) {
			srv := newServer(t, quick)
			c := login(t, srv, "1001")
			p := newPhone(t, codec)
			invite, ok := talkTo(c, p, "600")
			p.hearEcho(10)
			call, err := srv.WaitCall(testContext(t), func(call Call) bool { return call.PacketsSent >= 10 })
			if err != nil {
				t.Fatal(err)
			}
			if call.Codec != codec || call.User != "1001" || call.State != CallConfirmed {
				t.Errorf("got %+v, want a confirmed call in %s", call, codec)
			}
			c.send(c.inDialog("BYE", invite, ok))
			c.want("BYE is answered", "200")
			if call := srv.Calls()[0]; call.State != CallEnded || call.Cause != "BYE received" {
				t.Errorf("got %+v, want it ended by our BYE", call)
			}
		})
	}
}

func TestEchoTakesTheFirstCodecOfTheOffer(t *testing.T) {
	srv := newServer(t, quick)
	c := login(t, srv, "1001")
	p := newPhone(t, "G722", "opus", "PCMU")
	_, ok := talkTo(c, p, "600")
	p.hearEcho(3)
	if strings.Contains(string(ok.body), "opus") {
		t.Errorf("the answer must leave one audio codec only, got\n%s", ok.body)
	}
}

func TestEchoHearsDTMF(t *testing.T) {
	srv := newServer(t, quick)
	c := login(t, srv, "1001")
	p := newPhone(t, "PCMU")
	invite, ok := talkTo(c, p, "600")
	p.hearEcho(3)
	for i, event := range []byte{5, 11, 5} {
		p.press(event, uint32(900000+1000*i), uint16(40000+10*i))
		if err := srv.WaitDTMF(testContext(t), invite.callID(), "5#5"[:i+1]); err != nil {
			t.Fatalf("tone %d: %v, got %+v", i, err, srv.DTMF())
		}
	}
	for _, body := range []string{"application/dtmf-relay:Signal=7\r\nDuration=160\r\n", "application/dtmf:*"} {
		m := c.inDialog("INFO", invite, ok)
		contentType, text, _ := strings.Cut(body, ":")
		m.add("Content-Type", contentType)
		m.body = []byte(text)
		c.send(m)
		c.want("INFO with a tone is accepted", "200")
	}
	if err := srv.WaitDTMF(testContext(t), "", "5#57*"); err != nil {
		t.Errorf("%v, got %+v", err, srv.DTMF())
	}
	if sources := srv.DTMF()[0].Source + " " + srv.DTMF()[4].Source; sources != "rtp info" {
		t.Errorf("sources: got %s, want rtp info", sources)
	}
}

func TestEchoHoldAndResume(t *testing.T) {
	srv := newServer(t, quick)
	c := login(t, srv, "1001")
	p := newPhone(t, "opus")
	invite, ok := talkTo(c, p, "600")
	p.hearEcho(3)
	for offered, want := range map[direction]string{"sendonly": "a=recvonly", "inactive": "a=inactive",
		"recvonly": "a=sendonly"} {
		again := reOffer(c, invite, ok, string(withDirection([]byte(p.offer(nil)), offered)))
		if !strings.Contains(string(again.body), want+"\r\n") {
			t.Errorf("offer %s: want %s in\n%s", offered, want, again.body)
		}
		p.answered(withDirection(again.body, "sendrecv"))
	}
	again := reOffer(c, invite, ok, string(withDirection([]byte(p.offer(nil)), "sendonly")))
	p.answered(withDirection(again.body, "sendrecv"))
	sent := srv.Calls()[0].PacketsSent
	received := srv.Calls()[0].PacketsReceived
	_, err := srv.WaitCall(testContext(t), func(call Call) bool { return call.PacketsReceived >= received+20 })
	if err != nil {
		t.Fatal(err)
	}
	if now := srv.Calls()[0].PacketsSent; now > sent+1 {
		t.Errorf("on hold the echo sent %d packets, want silence", now-sent)
	}
	p.answered(reOffer(c, invite, ok, p.offer(nil)).body)
	_, err = srv.WaitCall(testContext(t), func(call Call) bool { return call.PacketsSent >= sent+10 })
	if err != nil {
		t.Errorf("after the call was resumed the echo is back: %v", err)
	}
}

func TestEchoFollowsAnICERestart(t *testing.T) {
	srv := newServer(t, quick)
	c := login(t, srv, "1001")
	p := newPhone(t, "opus")
	invite, ok := talkTo(c, p, "600")
	p.hearEcho(3)
	again := reOffer(c, invite, ok, p.offer(&webrtc.OfferOptions{ICERestart: true}))
	if attribute(again.body, "ice-ufrag") == attribute(ok.body, "ice-ufrag") {
		t.Error("an ICE restart needs new credentials from both sides")
	}
	p.answered(again.body)
	sent := srv.Calls()[0].PacketsSent
	if _, err := srv.WaitCall(testContext(t), func(call Call) bool { return call.PacketsSent >= sent+50 }); err != nil {
		t.Errorf("the echo goes on over the new path: %v", err)
	}
}

func TestEchoFollowsANewPeerConnection(t *testing.T) {
	srv := newServer(t, quick)
	c := login(t, srv, "1001")
	first := newPhone(t, "opus")
	invite, ok := talkTo(c, first, "600")
	first.hearEcho(3)
	second := newPhone(t, "PCMU")
	second.answered(reOffer(c, invite, ok, second.offer(nil)).body)
	go second.talk()
	second.hearEcho(10)
}

func attribute(sdp []byte, name string) string {
	for line := range strings.Lines(string(sdp)) {
		if value, ok := strings.CutPrefix(line, "a="+name+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func TestEchoMakesTheOfferWhenTheInviteHasNone(t *testing.T) {
	srv := newServer(t, quick)
	c := login(t, srv, "1001")
	p := newPhone(t, "PCMU")
	invite := c.invite("sip:600@sip.test", "")
	ok := c.want("the 200 has the offer", "200")
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: string(ok.body)}); err != nil {
		t.Fatal(err)
	}
	answer, err := p.pc.CreateAnswer(nil)
	if err != nil {
		t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(answer); err != nil {
		t.Fatal(err)
	}
	<-gathered
	ack := c.inDialog("ACK", invite, ok)
	ack.add("Content-Type", "application/sdp")
	ack.body = []byte(p.pc.LocalDescription().SDP)
	c.send(ack)
	go p.talk()
	p.hearEcho(10)
}

func TestEarlyMediaThenEcho(t *testing.T) {
	srv := newServer(t, quick)
	c := login(t, srv, "1001")
	p := newPhone(t, "PCMU", "opus")
	invite := c.invite("sip:602@sip.test", p.offer(nil))
	early := c.want("602 has early media", "183")
	p.answered(early.body)
	tone := p.hear("the tone plays before the answer")
	if len(tone.Payload) != toneSamples || tone.PayloadType != 0 {
		t.Errorf("tone: got %d bytes of payload type %d, want %d of 0", len(tone.Payload), tone.PayloadType, toneSamples)
	}
	ok := c.want("602 answers after a while", "200")
	if string(ok.body) != string(early.body) {
		t.Error("the 200 must repeat the description of the 183")
	}
	c.send(c.inDialog("ACK", invite, ok))
	last := p.drain()
	go p.talk()
	for {
		packet := p.hear("the echo follows the tone")
		if last != nil && packet.SequenceNumber != last.SequenceNumber+1 {
			t.Fatalf("sequence number %d after %d", packet.SequenceNumber, last.SequenceNumber)
		}
		last = packet
		if n := binary.BigEndian.Uint32(packet.Payload); n > 3 && n < 100 {
			return
		}
	}
}

// drain takes what was heard so far and returns the last of it.
func (p *phone) drain() *rtp.Packet {
	var last *rtp.Packet
	for {
		select {
		case last = <-p.heard:
		default:
			return last
		}
	}
}

func TestEarlyMediaNeedsPCMU(t *testing.T) {
	srv := newServer(t, quick)
	c := login(t, srv, "1001")
	c.invite("sip:602@sip.test", newPhone(t, "opus").offer(nil))
	c.want("an offer without PCMU is not acceptable", "488")
}

func TestAnswerWaitsForThePRACKOfEarlyMedia(t *testing.T) {
	opts := quick
	opts.EarlyTime = 10 * time.Millisecond
	srv := newServer(t, opts)
	c := login(t, srv, "1001")
	p := newPhone(t, "PCMU")
	m := c.request("INVITE", "sip:602@sip.test")
	m.add("Require", "100rel")
	m.add("Content-Type", "application/sdp")
	m.body = []byte(p.offer(nil))
	sent := c.challenged(m)
	c.want("trying", "100")
	early := c.want("early media", "183")
	c.want("no PRACK: sent again, and no 200 before it (RFC 3262 section 3)", "183")
	prack := c.inDialog("PRACK", sent, early)
	prack.add("RAck", early.get("RSeq")+" "+sent.get("CSeq"))
	c.send(prack)
	if ok := c.want("PRACK is answered", "200"); !strings.HasSuffix(ok.get("CSeq"), "PRACK") {
		t.Errorf("got the answer to %s first, want the PRACK's", ok.get("CSeq"))
	}
	if ok := c.want("then the call", "200"); !strings.HasSuffix(ok.get("CSeq"), "INVITE") {
		t.Errorf("got the answer to %s, want the INVITE's", ok.get("CSeq"))
	}
}
