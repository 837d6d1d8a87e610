package ua

import (
	"fmt"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
)

// replaces is the header that names the dialog of p as we see it.
func (p *peer) replaces(extra string) string {
	tag := func(value string) string { return value[strings.LastIndex(value, ";tag=")+5:] }
	return fmt.Sprintf("Replaces: %s;to-tag=%s;from-tag=%s%s", p.callID, tag(p.remote), tag(p.local), extra)
}

func TestReplacedCall(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, old := h.talkIn()
		old.Mute(true)
		h.wantEvent("muted", "established muted")
		q := h.caller("new")
		q.send("INVITE", p.replaces(""), sdp("new"))
		msgs := h.wantSent("answered at once, and the old call ends", "100 INVITE", "200 INVITE", "BYE")
		if got := msgs[2].CallID().Value(); got != p.callID {
			t.Errorf("BYE of %s", got)
		}
		events := h.wantEvent("the new call takes over", "replaced", "connecting muted", "ending muted")
		ev := events[0].(ReplacedEvent)
		if ev.Old != old || ev.New == old || ev.Info.Remote.User != "1002" {
			t.Errorf("told %+v", ev)
		}
		h.respond(msgs[2].(*sip.Request), 200)
		q.remote = msgs[1].To().Value()
		h.recv(q.text("ACK", 1))
		h.wantEvent("talking", "ended transferred", "established muted")
		if got := h.media.last().history(); !strings.Contains(got, "answer new sendrecv") || !strings.Contains(got, "mute") {
			t.Errorf("audio: %s", got)
		}
	})
}

func TestReplacedCallStaysOnHold(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, old := h.talkOut()
		held := h.async(func() error { return old.Hold(h.t.Context()) })
		h.respond(h.wantRequest("held", sip.INVITE), 200, okContact, sdp("far", "a=recvonly"))
		h.wantSent("held", "ACK")
		h.wantErr("held", held(), nil)
		h.forget()
		q := h.caller("new")
		q.send("INVITE", p.replaces(""), sdp("new"))
		h.wantSent("taken over", "100 INVITE", "200 INVITE", "BYE")
		h.wantEvent("on hold as before", "replaced", "connecting held", "ending held")
		if got := h.media.last().history(); !strings.Contains(got, "answer new sendonly") {
			t.Errorf("audio: %s", got)
		}
		h.forget()
	})
}

func TestReplacedWhileWeCall(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 180, "tag=far", okContact)
		h.forget()
		p := h.called(invite, "far")
		q := h.caller("pickup")
		q.send("INVITE", p.replaces(";early-only"), sdp("new"))
		msgs := h.wantSent("picked up by somebody else: ours is given up", "100 INVITE", "200 INVITE", "CANCEL")
		h.respond(invite, 487, "tag=far")
		h.wantSent("given up", "ACK")
		q.remote = msgs[1].To().Value()
		h.recv(q.text("ACK", 1))
		h.wantEvent("talking", "replaced", "connecting", "ending", "ended transferred", "established")
	})
}

func TestReplacesLateOffer(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		q := h.caller("new")
		q.send("INVITE", p.replaces(""))
		ok := h.wantSent("with our offer", "100 INVITE", "200 INVITE", "BYE")[1]
		q.remote = ok.To().Value()
		h.recv(q.text("ACK", 1, sdp("answer")))
		if got := h.media.last().history(); got != "offer sendrecv, set answer" {
			t.Errorf("audio: %s", got)
		}
		h.forget()
	})
}

func TestReplacesRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		begin func(h *harness) *peer
		edit  func(value string) []string
		want  string
	}{
		"unknown dialog": {talking, func(v string) []string { return []string{strings.Replace(v, "to-tag=", "to-tag=x", 1)} },
			"481 INVITE"},
		"no tags":    {talking, func(v string) []string { return []string{"Replaces: a"} }, "400 INVITE"},
		"twice":      {talking, func(v string) []string { return []string{v, v} }, "400 INVITE"},
		"and Join":   {talking, func(v string) []string { return []string{v, "Join: a;to-tag=b;from-tag=c"} }, "400 INVITE"},
		"early only": {talking, func(v string) []string { return []string{v + ";early-only"} }, "486 INVITE"},
		"rings here": {func(h *harness) *peer { p, _ := h.ringIn(sdp("in")); return p },
			func(v string) []string { return []string{v} }, "481 INVITE"},
		"has ended": {func(h *harness) *peer {
			p, _ := h.talkIn()
			p.send("BYE")
			h.forget()
			return p
		}, func(v string) []string { return []string{v} }, "603 INVITE"},
		"is ending": {func(h *harness) *peer {
			p, call := h.talkIn()
			call.Hangup(h.t.Context())
			h.forget()
			return p
		}, func(v string) []string { return []string{v} }, "603 INVITE"},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				p := tt.begin(h)
				h.caller("new").send("INVITE", append(tt.edit(p.replaces("")), sdp("new"))...)
				h.wantSent(name, tt.want)
				h.wantEvent("nothing is told")
			})
		})
	}
}

func talking(h *harness) *peer { p, _ := h.talkIn(); return p }

func TestReplacesWithoutMicrophone(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, old := h.talkIn()
		h.media.fail = media.ErrDeviceBusy
		h.caller("new").send("INVITE", p.replaces(""), sdp("new"))
		h.wantSent("not taken over", "100 INVITE", "480 INVITE")
		h.wantEvent("only the new call ends", "replaced", "ended no microphone")
		if old.Info().State != CallEstablished {
			t.Errorf("the old call is %v", old.Info().State)
		}
		h.media.fail = nil
		q := h.caller("again")
		q.send("INVITE", p.replaces(""), sdp("new"))
		h.wantSent("another try", "100 INVITE", "200 INVITE", "BYE")
		h.forget()
	})
}

func TestReplacedOnlyOnce(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		h.media.gate = make(chan struct{})
		h.caller("new").send("INVITE", p.replaces(""), sdp("new"))
		h.wantSent("the microphone takes its time", "100 INVITE")
		h.caller("second").send("INVITE", p.replaces(""), sdp("new"))
		h.wantSent("taken already", "486 INVITE")
		close(h.media.gate)
		h.wantSent("the first one wins", "200 INVITE", "BYE")
		h.forget()
	})
}
