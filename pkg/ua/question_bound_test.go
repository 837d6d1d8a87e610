package ua

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// What is taken back or not answered has cost the user a look as what is declined has. After three of them nobody is asked.
func TestQuestionsWithoutAYesAreFew(t *testing.T) {
	for name, send := range map[string]func(h *harness, p *peer, i int){
		"REFER": func(h *harness, p *peer, _ int) {
			p.send("REFER", referTo1003)
			h.advance(referLimit + time.Second)
		},
		"INVITE": func(h *harness, p *peer, i int) {
			q := h.caller(fmt.Sprint("new-", i))
			q.send("INVITE", p.replaces(""), sdp("new"), "Expires: 1", q.branch())
			h.advance(2 * time.Second)
		},
		"INVITE and CANCEL": func(h *harness, p *peer, i int) {
			q := h.caller(fmt.Sprint("new-", i))
			q.send("INVITE", p.replaces(""), sdp("new"), q.branch())
			h.recv(q.text("CANCEL", q.seq, q.branch()))
		},
		"NOTIFY": func(h *harness, p *peer, _ int) {
			p.send("NOTIFY", "Event: hold")
			h.advance(referLimit + time.Second)
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := &doubt{}
			play(t, func(c *Config) {
				c.AcceptRefer, c.AcceptReplaces, c.SessionExpires = d.decide, d.decide, -1
				c.AcceptControl = func(ctx context.Context, _ CallInfo, _ string) bool {
					return d.decide(ctx, ReferRequest{})
				}
			}, func(h *harness) {
				h.start()
				p, call := h.talkIn()
				for i := range 15 {
					send(h, p, i)
				}
				d.want(h, "then it is no", maxDeclined, 0, maxDeclined)
				if call.Info().State != CallEstablished {
					t.Errorf("the call is %v", call.Info().State)
				}
				h.forget()
			})
		})
	}
}

// An application that does not look whether its answer is needed any more has its questions counted until it returns.
func TestQuestionsAtATimeAreBounded(t *testing.T) {
	gate, asked := make(chan struct{}), 0
	play(t, func(c *Config) {
		c.SessionExpires = -1
		c.AcceptReplaces = func(context.Context, ReferRequest) bool { <-gate; return true }
	}, func(h *harness) {
		gate = make(chan struct{})
		h.start()
		for i := range 3 * maxQuestions / maxDeclined {
			p, call := h.talkIn()
			for n := range maxDeclined {
				q := h.caller(fmt.Sprintf("new-%d-%d", i, n))
				q.send("INVITE", p.replaces(""), sdp("new"), q.branch())
				if h.collect(); label(h.sent[len(h.sent)-1]) == "100 INVITE" {
					asked++
				}
				h.recv(q.text("CANCEL", q.seq, q.branch()))
				h.forget()
			}
			call.Hangup(h.t.Context())
			p.send("BYE")
			h.forget()
		}
		if open := look(h, func(c *core) int { return len(c.questions) }); open != maxQuestions || asked != maxQuestions {
			t.Errorf("%d questions asked, %d are open, want %d", asked, open, maxQuestions)
		}
		close(gate)
		h.collect()
		if open := look(h, func(c *core) int { return len(c.questions) }); open != 0 {
			t.Errorf("%d questions left", open)
		}
		h.forget()
	})
}
