package ua

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
)

// eachPlight plays every state in every order.
func eachPlight(t *testing.T, next func(p *plight, end func(*plight)), check func(p *plight, offers []*sip.Request)) {
	for state, c := range plights {
		for order, steps := range orders {
			t.Run(state+"/"+order, func(t *testing.T) {
				play(t, nil, func(h *harness) {
					h.start()
					p := &plight{harness: h}
					c.begin(p)
					p.follow(steps, func(p *plight) { next(p, c.end) })
					offers := p.settle()
					for _, outcome := range p.begun {
						h.wantErr(state, outcome(), nil)
					}
					check(p, offers)
					p.call.Hangup(p.t.Context())
					p.settle()
					h.forget()
				})
			})
		}
	}
}

func TestRenewedAudioIsAgreedInAnyState(t *testing.T) {
	eachPlight(t, func(p *plight, end func(*plight)) { end(p) }, func(p *plight, offers []*sip.Request) {
		p.wantRenewed()
		if len(offers) > 4 {
			p.t.Errorf("%d offers", len(offers))
		}
	})
}

func TestMutedStaysMutedInAnyState(t *testing.T) {
	eachPlight(t, func(p *plight, end func(*plight)) { p.call.Mute(true); end(p) }, func(p *plight, _ []*sip.Request) {
		if p.wantRenewed(); !p.call.Info().Muted {
			p.t.Error("no longer muted")
		}
	})
}

// comings are things that may come in a call that is up.
var comings = map[string]struct {
	next func(p *plight)
	want string // the call in the end
}{
	"a hold of ours": {func(p *plight) { p.wait(func() error { return p.call.Hold(p.t.Context()) }) }, "established held"},
	"a hold of theirs": {func(p *plight) {
		p.again = func() {
			p.holds = true
			p.peer.send("INVITE", sdp("held", "a=sendonly"))
		}
		p.again()
	}, "established remote-held"},
	"their INVITE without SDP": {func(p *plight) {
		p.bare = true
		p.peer.send("INVITE")
	}, "established"},
	"an UPDATE of theirs": {func(p *plight) { p.peer.send("UPDATE", sdp("updated")) }, "established"},
	"late reports": {func(p *plight) {
		for i := range look(p.harness, func(c *core) int { return c.audioCount }) - 1 {
			p.agent.post(audioState{i, media.StateFailed})
			p.agent.post(jobDone{i, nil, media.ErrNoCodec})
		}
		synctest.Wait()
	}, "established"},
	"statistics":        {func(p *plight) { go p.call.Stats(p.t.Context()) }, "established"},
	"a lost connection": {func(p *plight) { p.lose(); p.sent = nil }, "established"},
	"their BYE":         {func(p *plight) { p.peer.send("BYE") }, "ended hung up there"},
	"our hang-up":       {func(p *plight) { p.call.Hangup(p.t.Context()) }, "ended hung up here"},
	"their tones":       {func(p *plight) { p.peer.send("INFO", "Content-Type: application/dtmf", "body=5") }, "established"},
	"a transfer that fails": {func(p *plight) {
		go p.call.Transfer(p.t.Context(), "1003")
		synctest.Wait()
		p.call.CancelTransfer(p.t.Context())
	}, "established"},
}

func TestRenewalMeetsWhatComes(t *testing.T) {
	for what, c := range comings {
		for order, steps := range orders {
			t.Run(what+"/"+order, func(t *testing.T) {
				play(t, nil, func(h *harness) {
					h.start()
					p := &plight{harness: h}
					p.peer, p.call = h.talkOut()
					p.follow(steps, c.next)
					p.settle()
					for _, outcome := range p.begun {
						h.wantErr(what, outcome(), nil)
					}
					if got := describeCall(p.call.Info()); got != c.want {
						p.t.Errorf("in the end: %s, want %s", got, c.want)
					} else if !strings.HasPrefix(c.want, "ended") {
						p.wantRenewed()
					}
					p.call.Hangup(p.t.Context())
					p.settle()
					h.forget()
				})
			})
		}
	}
}

// TestLostAudioThatNobodyRenews ends a call, and says why; one that rings here rings on.
func TestLostAudioThatNobodyRenews(t *testing.T) {
	for state, c := range plights {
		t.Run(state, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				p := &plight{harness: h}
				c.begin(p)
				h.media.leave()
				p.letGo() // who waits for a session learns it then
				p.settle()
				info := p.call.Info()
				switch {
				case strings.Contains(state, "ringing in"), strings.Contains(state, "ringing, no"),
					strings.Contains(state, "being accepted"), strings.Contains(state, "183"), state == "heard before the answer":
					if info.State != CallRinging {
						h.t.Errorf("%v, cause %v, want it to ring on", info.State, info.Cause)
					}
				case info.State != CallEnded || info.Cause.Kind != CauseMedia || info.Cause.Err != media.ErrLost:
					h.t.Errorf("%v, cause %+v", info.State, info.Cause)
				}
				for _, outcome := range p.begun {
					if err := outcome(); err != nil && !errors.Is(err, ErrMedia) {
						h.t.Errorf("what was under way: %v", err)
					}
				}
				p.call.Hangup(h.t.Context())
				p.settle()
				h.forget()
			})
		})
	}
}

// TestCallHeardBeforeTheAnswerIsNotForgotten: its audio was lost long ago when it is accepted.
func TestCallHeardBeforeTheAnswerIsNotForgotten(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p := &plight{harness: h}
		plights["heard before the answer"].begin(p)
		h.media.leave()
		h.advance(2 * vacantLimit)
		p.acceptLater()
		p.ack()
		h.advance(time.Second)
		if got := p.call.Info().State; got != CallEstablished {
			t.Fatalf("call %v", got)
		}
		p.settle()
		if info := p.call.Info(); info.State != CallEnded || info.Cause.Err != media.ErrLost {
			t.Errorf("%v, %+v", info.State, info.Cause)
		}
		h.forget()
	})
}

// TestRenewalThatIsRefused meets everything a peer may say to it.
func TestRenewalThatIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		answers []int // to one offer after the other; 200 after that
		bad     bool  // its answers cannot be used
		want    string
	}{
		"gone":             {answers: []int{481}, want: "ended connection lost"},
		"never":            {answers: []int{488}, want: "ended audio failed"},
		"not now":          {answers: []int{503, 480}, want: "established"},
		"not for long":     {answers: []int{503, 503, 500}, want: "ended audio failed"},
		"a glare":          {answers: []int{491}, want: "established"},
		"glare for ever":   {answers: []int{491, 491, 491, 491, 491}, want: "ended audio failed"},
		"a longer session": {answers: []int{422}, want: "established"},
		"trying for ever":  {answers: []int{100}, want: "ended audio failed"},
		"silence":          {answers: []int{0}, want: "ended connection lost"},
		"no description":   {answers: []int{299}, want: "ended not acceptable"},
		"a bad one":        {bad: true, want: "ended not acceptable"},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				p := &plight{harness: h}
				p.peer, p.call = h.talkOut()
				h.media.unusable.Store(c.bad)
				p.renew()
				for _, code := range c.answers {
					req := h.newest(sip.INVITE)
					h.sent = nil
					switch code {
					case 0:
					case 422:
						h.respond(req, code, "Min-SE: 3600")
					default:
						h.respond(req, code, okContact)
					}
					p.invite = req
					h.advance(4100 * time.Millisecond)
				}
				p.settle()
				if got := describeCall(p.call.Info()); got != c.want {
					t.Errorf("%s, cause %+v, want %s", got, p.call.Info().Cause, c.want)
				} else if got == "established" {
					p.wantRenewed()
				}
				p.call.Hangup(h.t.Context())
				p.settle()
				h.forget()
			})
		})
	}
}

// TestTheirOfferBringsTheAudioIn needs none of ours.
func TestTheirOfferBringsTheAudioIn(t *testing.T) {
	for _, order := range []string{"lost, next, renewed", "lost, renewed"} {
		play(t, nil, func(h *harness) {
			h.start()
			p := &plight{harness: h}
			p.peer, p.call = h.talkOut()
			h.media.leave()
			p.peer.send("INVITE", sdp("theirs"))
			h.wantIdle("nobody can answer it")
			p.renew()
			p.ack()
			if offers := p.settle(); len(offers) != 0 {
				h.t.Errorf("%s: %d offers of ours", order, len(offers))
			}
			p.wantRenewed()
			p.call.Hangup(h.t.Context())
			p.settle()
			h.forget()
		})
	}
}

// TestRenewalWaitsForATransfer, which may end the call.
func TestRenewalWaitsForATransfer(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p := &plight{harness: h}
		p.peer, p.call = h.talkOut()
		done, refer := h.blind(p.call, "1003")
		h.respond(refer, 202)
		h.forget()
		p.renew()
		h.wantIdle("the transfer is under way")
		p.peer.news("terminated", "486 Busy Here")
		if err := done(); err == nil {
			t.Error("the transfer did not fail")
		}
		if offers := p.settle(); len(offers) != 1 {
			t.Errorf("%d offers", len(offers))
		}
		p.wantRenewed()
		p.call.Hangup(h.t.Context())
		p.settle()
		h.forget()
	})
}

// TestReplayOfRenewedAudio sends the same messages.
func TestReplayOfRenewedAudio(t *testing.T) {
	for state, c := range plights {
		for order, steps := range map[string][]string{"lost": {"lose", "next", "renew"}, "renewed": {"renew", "next"}} {
			t.Run(state+"/"+order, func(t *testing.T) {
				recording := record(t, nil, func(h *harness) {
					h.start()
					p := &plight{harness: h}
					c.begin(p)
					p.follow(steps, c.end)
					p.settle()
					p.call.Hangup(h.t.Context())
					p.settle()
					h.forget()
				})
				if out := wantSame(t, recording.Bytes()); out.Sent < 3 {
					t.Errorf("%d messages are too few to prove anything", out.Sent)
				}
			})
		}
	}
}

// TestRenewalOfTwoCalls, one of them on hold.
func TestRenewalOfTwoCalls(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p := &plight{harness: h}
		_, held := h.talkOut()
		holding := h.async(func() error { return held.Hold(h.t.Context()) })
		h.respond(h.wantRequest("held", sip.INVITE), 200, okContact, sdp("held", "a=recvonly"))
		h.wantErr("held", holding(), nil)
		h.forget()
		p.peer, p.call = h.talkIn()
		h.media.leave()
		p.renew()
		offers := p.settle()
		if len(offers) != 2 || strings.Contains(string(offers[0].Body()), "a=sendonly") ==
			strings.Contains(string(offers[1].Body()), "a=sendonly") {
			t.Errorf("%d offers, want one of them to hold", len(offers))
		}
		for _, call := range []*Call{held, p.call} {
			if got := describeCall(call.Info()); got != "established" && got != "established held" {
				t.Errorf("call %s", got)
			}
			call.Hangup(h.t.Context())
		}
		p.settle()
		h.forget()
	})
}

// TestRefusalOfWhatIsGoneDecidesNothing: the offer that is refused was of an audio that another one has replaced.
func TestRefusalOfWhatIsGoneDecidesNothing(t *testing.T) {
	for _, code := range []int{488, 503, 487, 491} {
		play(t, nil, func(h *harness) {
			h.start()
			p := &plight{harness: h}
			p.peer, p.call = h.talkOut()
			p.renew()
			first := h.wantRequest("renewed", sip.INVITE)
			p.renew()
			h.respond(first, code)
			if offers := p.settle(); len(offers) != 1 {
				h.t.Errorf("%d: %d offers", code, len(offers))
			}
			p.wantRenewed()
			p.call.Hangup(h.t.Context())
			p.settle()
			h.forget()
		})
	}
}

// TestAnotherTryOffersTheAudioThatIsThere, so nothing has to follow its answer.
func TestAnotherTryOffersTheAudioThatIsThere(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p := &plight{harness: h}
		p.dialled()
		p.renew()
		p.respond(p.invite, 422, "Min-SE: 3600")
		again := p.wantSent("a longer session", "ACK", "INVITE")[1].(*sip.Request)
		if strings.Contains(string(again.Body()), "a=ice-ufrag:u0-") {
			t.Errorf("the audio that is gone is offered\n%s", again.Body())
		}
		p.invite = again
		p.answerInvite()
		if offers := p.settle(); len(offers) != 0 {
			t.Errorf("%d offers followed", len(offers))
		}
		p.wantRenewed()
		p.call.Hangup(h.t.Context())
		p.settle()
		h.forget()
	})
}
