package ua

import (
	"errors"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

func TestTonesGoInTheAudio(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		_, call := h.talkOut()
		h.wantErr("sent", call.SendDTMF(h.t.Context(), "12a#"), nil)
		h.wantErr("no such tone", call.SendDTMF(h.t.Context(), "1x"), ErrUnknownTone)
		h.wantErr("nothing", call.SendDTMF(h.t.Context(), ""), ErrUnknownTone)
		h.wantIdle("nothing in SIP")
		if got := h.media.last().history(); !strings.HasSuffix(got, "tones 12A#") {
			t.Errorf("media: %s", got)
		}
	})
}

func TestTonesFallBackToInfo(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.media.noTones = true
		h.start()
		_, call := h.talkOut()
		sent := h.async(func() error { return call.SendDTMF(h.t.Context(), "5#") })
		for _, tone := range []string{"5", "#"} {
			req := h.wantRequest("one INFO at a time", sip.INFO)
			if req.ContentType().Value() != "application/dtmf-relay" || !strings.HasPrefix(string(req.Body()),
				"Signal="+tone+"\r\n") {
				t.Errorf("INFO\n%s", req)
			}
			h.respond(req, 200)
		}
		h.wantErr("sent", sent(), nil)
		refused := h.async(func() error { return call.SendDTMF(h.t.Context(), "1") })
		h.respond(h.wantRequest("refused", sip.INFO), 415)
		var why *ResponseError
		if err := refused(); !errors.As(err, &why) || why.Code != 415 {
			t.Errorf("error %v", err)
		}
	})
}

func TestTonesByInfoAreHeard(t *testing.T) {
	for name, tt := range map[string]struct{ kind, body, want, tone string }{
		"relay":      {"application/dtmf-relay", "Signal=7\r\nDuration=160\r\n", "200 INFO", "tone 7"},
		"relay star": {"application/dtmf-relay", "Signal= *\r\n", "200 INFO", "tone *"},
		"relay 11":   {"application/dtmf-relay", "Signal=11\r\n", "200 INFO", "tone #"},
		"plain":      {"application/dtmf", "d", "200 INFO", "tone D"},
		"no tone":    {"application/dtmf-relay", "Duration=160\r\n", "400 INFO", ""},
		"other":      {"text/plain", "hello", "415 INFO", ""},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				p, _ := h.talkIn()
				p.send("INFO", "Content-Type: "+tt.kind, "body="+tt.body)
				h.wantSent("answered", tt.want)
				if tt.tone == "" {
					h.wantEvent("no tone")
					return
				}
				h.wantEvent("heard", tt.tone)
			})
		})
	}
}

func TestInfoPackageIsRefused(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		p.send("INFO", "Info-Package: x", "body=hello", "Content-Type: text/plain")
		h.wantSent("none is known (RFC 6086 section 4.2.2)", "469 INFO")
		p.send("INFO")
		h.wantSent("an empty one is fine", "200 INFO")
	})
}

// TestRepeatedRequestGetsTheSameAnswer: what comes again with its branch, from a gateway to UDP, is answered as before and done
// once, in a call and outside.
func TestRepeatedRequestGetsTheSameAnswer(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.talkIn()
		for _, r := range []struct{ method, body, want, told string }{
			{"INFO", "Content-Type: application/dtmf", "200 INFO", "tone 5"},
			{"MESSAGE", "Content-Type: text/plain", "200 MESSAGE", "message"},
			{"OPTIONS", "X-None: 1", "200 OPTIONS", ""},
			{"BYE", "X-None: 1", "200 BYE", "ended hung up there"},
		} {
			p.seq++
			text := p.text(r.method, p.seq, r.body, "body=5")
			for i := range 3 {
				h.recv(text)
				h.wantSent("the same answer", r.want)
				switch {
				case i == 0 && r.told != "":
					h.wantEvent("told once", r.told)
				default:
					h.wantEvent("done once")
				}
			}
		}
	})
}
