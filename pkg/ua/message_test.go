package ua

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// text sends a message and returns its outcome.
func (h *harness) text(target string, opts MessageOptions) func() (int, error) {
	var code int
	outcome := h.async(func() (err error) {
		code, err = h.agent.Message(h.t.Context(), target, opts)
		return err
	})
	return func() (int, error) { h.t.Helper(); err := outcome(); return code, err }
}

// TestMessageThatNobodyReadsIsRefused: without Config.MessageTypes a MESSAGE is no method of ours, in a call and outside of one.
func TestMessageThatNobodyReadsIsRefused(t *testing.T) {
	play(t, func(c *Config) { c.MessageTypes = nil }, func(h *harness) {
		h.begin()
		register := h.wantRequest("registering", sip.REGISTER)
		h.grant(register, 600)
		h.forget()
		p, _ := h.talkIn()
		for _, from := range []*peer{p, h.caller("text")} {
			from.send("MESSAGE", "Content-Type: text/plain", "body=hello")
			res := h.wantResponse("refused", "405 MESSAGE")
			for what, m := range map[string]sip.Message{"refusal": res, "REGISTER": register} {
				if allow := header(m, "Allow"); strings.Contains(allow, "MESSAGE") || !strings.Contains(allow, "REFER") {
					t.Errorf("Allow of the %s: %s", what, allow)
				}
			}
		}
		h.wantEvent("nothing is told")
	})
}

func TestMessageIsDelivered(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		outcome := h.text("1002", MessageOptions{Body: []byte("héllo ✓"), Headers: []Header{{"Subject", "greeting"}}})
		req := h.wantRequest("sent", sip.MESSAGE)
		if got := req.Recipient.String(); got != "sip:1002@example.com" {
			t.Errorf("Request-URI %s", got)
		}
		if req.Contact() != nil {
			t.Error("a MESSAGE has no Contact (RFC 3428 section 4)")
		}
		if got := req.ContentType().Value(); got != "text/plain;charset=UTF-8" || string(req.Body()) != "héllo ✓" {
			t.Errorf("%s %q", got, req.Body())
		}
		if got := req.GetHeader("Subject"); got == nil || got.Value() != "greeting" {
			t.Errorf("Subject %v", got)
		}
		h.respond(req, 200)
		if code, err := outcome(); code != 200 || err != nil {
			t.Errorf("%d, %v", code, err)
		}
	})
}

func TestMessageIsKeptForLater(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		outcome := h.text("1002", MessageOptions{Body: []byte("later")})
		req := h.wantRequest("sent", sip.MESSAGE)
		h.respond(req, 100)
		h.respond(req, 202)
		if code, err := outcome(); code != 202 || err != nil {
			t.Errorf("%d, %v", code, err)
		}
	})
}

func TestMessageAnswersAChallenge(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		outcome := h.text("1002", MessageOptions{Body: []byte("hello")})
		first := h.wantRequest("first", sip.MESSAGE)
		h.respond(first, 401, challenge("n1"))
		second := h.wantRequest("with credentials", sip.MESSAGE)
		checkRetry(t, first, second)
		if string(second.Body()) != "hello" || second.GetHeader("Authorization") == nil {
			t.Error("body or credentials are missing")
		}
		h.respond(second, 200)
		if _, err := outcome(); err != nil {
			t.Error(err)
		}
	})
}

func TestMessageIsRefused(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		outcome := h.text("1009", MessageOptions{Body: []byte("hello")})
		h.respond(h.wantRequest("sent", sip.MESSAGE), 404)
		_, err := outcome()
		var refused *ResponseError
		if !errors.As(err, &refused) || refused.Code != 404 || refused.Cause.Kind != CauseNotFound {
			t.Errorf("%v", err)
		}
		outcome = h.text("1002", MessageOptions{Body: []byte("hello")})
		h.wantRequest("sent", sip.MESSAGE)
		h.lose()
		_, err = outcome()
		h.wantErr("the connection was lost", err, ErrTransport)
		h.forget()
	})
}

func TestMessageThatCannotBeSent(t *testing.T) {
	play(t, nil, func(h *harness) {
		if _, err := h.agent.Message(h.t.Context(), "1002", MessageOptions{}); !errors.Is(err, ErrNotConnected) {
			t.Errorf("offline: %v", err)
		}
		h.start()
		for name, c := range map[string]struct {
			target string
			opts   MessageOptions
			want   error
		}{
			"target":       {"a b\n", MessageOptions{}, ErrBadTarget},
			"broken text":  {"1002", MessageOptions{Body: []byte("\xff")}, ErrBadConfig},
			"injection":    {"1002", MessageOptions{ContentType: "text/plain\r\nX: y"}, ErrBadConfig},
			"no type":      {"1002", MessageOptions{ContentType: "text"}, ErrBadConfig},
			"own header":   {"1002", MessageOptions{Headers: []Header{{"Via", "x"}}}, ErrBadConfig},
			"display name": {"1002", MessageOptions{DisplayName: "a\nb"}, ErrBadConfig},
			"too long":     {"1002", MessageOptions{Body: []byte(strings.Repeat("x", 1300))}, ErrTooLarge},
		} {
			if _, err := h.agent.Message(h.t.Context(), c.target, c.opts); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
		h.wantIdle("nothing leaves")
	})
}

func TestMessageFitsTheSmallestPathWithCredentials(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		size := 1300
		for ; ; size-- { // the longest that is taken
			if _, err := h.text("1002", MessageOptions{Body: []byte(strings.Repeat("x", size))})(); !errors.Is(err, ErrTooLarge) {
				break
			}
		}
		first := h.wantRequest("sent", sip.MESSAGE)
		h.respond(first, 401, challenge(strings.Repeat("n", 64), `, opaque="0123456789abcdef0123456789abcdef"`))
		second := h.wantRequest("with credentials", sip.MESSAGE)
		if data, err := wire.Serialize(second); err != nil || len(data) > 1300 || size < 300 {
			t.Errorf("%d bytes for a text of %d, %v; want at most 1300", len(data), size, err)
		}
		h.respond(second, 200)
	})
}

// sendText lets a message come in.
func (h *harness) sendText(callID, kind, body string, extra ...string) {
	h.t.Helper()
	h.caller(callID).send("MESSAGE", append(extra, "Content-Type: "+kind, "body="+body)...)
}

func TestMessageComesIn(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.sendText("m1", "text/plain;charset=utf-8", "grüße\r\n<b>")
		res := h.wantResponse("answered", "200 MESSAGE")
		if len(res.Body()) > 0 || res.Contact() != nil {
			t.Error("a 200 to MESSAGE has neither body nor Contact (RFC 3428 section 7)")
		}
		ev := h.wantEvent("told", "message")[0].(MessageEvent)
		if ev.From.User != "1002" || ev.From.DisplayName != "Demo 1002" || ev.To.User != "1001" ||
			string(ev.Body) != "grüße\r\n<b>" ||
			ev.CallID != "m1" || mediaType(ev.ContentType) != "text/plain" || ev.Call != nil {
			t.Errorf("%+v", ev)
		}
	})
}

func TestMessageOfUnknownTypeIsRefused(t *testing.T) {
	play(t, func(c *Config) { c.MessageTypes = []string{"text/plain", "application/vnd.demo+json", "image/*"} },
		func(h *harness) {
			h.start()
			for i, c := range []struct{ kind, extra, want, header string }{
				{"text/html", "", "415 MESSAGE", "Accept: text/plain, application/vnd.demo+json, image/*"},
				{"text/plain;charset=iso-8859-1", "", "415 MESSAGE", "Accept: text/plain, application/vnd.demo+json, image/*"},
				{"text/plain", "Content-Encoding: gzip", "415 MESSAGE", "Accept-Encoding: identity"},
			} {
				extra := c.extra
				if extra == "" {
					extra = "X-None: 1"
				}
				h.sendText(fmt.Sprint("bad", i), c.kind, "x", extra)
				res := h.wantResponse("refused", c.want)
				name, value, _ := strings.Cut(c.header, ": ")
				if got := res.GetHeader(name); got == nil || got.Value() != value {
					t.Errorf("%s: %v, want %s", c.kind, got, c.header)
				}
			}
			for i, kind := range []string{"image/png", "application/vnd.demo+json"} {
				h.sendText(fmt.Sprint("good", i), kind, "x")
				h.wantResponse("taken", "200 MESSAGE")
				h.wantEvent("told", "message")
			}
			h.sendText("optional", "text/html", "x", "Content-Disposition: render;handling=optional")
			h.wantResponse("what may be ignored is no reason to refuse", "200 MESSAGE")
			h.wantEvent("told", "message")
		})
}

func TestMessageThatComesTwiceIsToldOnce(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.sendText("m1", "text/plain", "once")
		h.wantResponse("answered", "200 MESSAGE")
		h.wantEvent("told", "message")
		again := h.caller("m1")
		again.send("MESSAGE", "Content-Type: text/plain", "body=once", "branch=z9hG4bKother")
		h.wantResponse("answered again", "200 MESSAGE")
		again.send("MESSAGE", "Content-Type: text/plain", "body=twice")
		h.wantResponse("another one of the same sender", "200 MESSAGE")
		h.wantEvent("told", "message")
		h.advance(2 * recentTime)
		h.forget()
		h.caller("m1").send("MESSAGE", "Content-Type: text/plain", "body=once")
		h.wantResponse("what is so old is new", "200 MESSAGE")
		h.wantEvent("told", "message")
	})
}

func TestMessageInACall(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, call := h.talkIn()
		p.send("MESSAGE", "Content-Type: text/plain", "body=beside")
		h.wantResponse("answered", "200 MESSAGE")
		if ev := h.wantEvent("told", "message")[0].(MessageEvent); ev.Call != call {
			t.Error("without its call")
		}
	})
}

func TestMessageWithBrokenTextIsRepaired(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.sendText("m1", "text/plain", "a\xffb")
		h.wantResponse("answered", "200 MESSAGE")
		if ev := h.wantEvent("told", "message")[0].(MessageEvent); string(ev.Body) != "a\uFFFDb" {
			t.Errorf("%q", ev.Body)
		}
	})
}
