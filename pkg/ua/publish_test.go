package ua

import (
	"errors"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

const open, closed = `<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:1001@example.com"><tuple ` +
	`id="t"><status><basic>open</basic></status></tuple></presence>`,
	`<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:1001@example.com"><tuple ` +
		`id="t"><status><basic>closed</basic></status></tuple></presence>`

// publish publishes presence; the PUBLISH has been sent when it returns.
func (h *harness) publish(body string) func() (*Publication, error) {
	var p *Publication
	outcome := h.async(func() (err error) {
		p, err = h.agent.Publish(h.t.Context(), PublishOptions{Body: []byte(body), Expires: 10 * time.Minute})
		return err
	})
	return func() (*Publication, error) { h.t.Helper(); err := outcome(); return p, err }
}

// published makes a publication that is there, with tag "e1".
func (h *harness) published() *Publication {
	h.t.Helper()
	outcome := h.publish(open)
	h.respond(h.wantRequest("sent", sip.PUBLISH), 200, "SIP-ETag: e1", "Expires: 600")
	h.wantEvent("there", "publishing", "published")
	p, err := outcome()
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

// wantPublish takes a PUBLISH and checks its tag, body and Expires; empty means absent.
func (h *harness) wantPublish(why, etag, body, expires string) *sip.Request {
	h.t.Helper()
	return h.isPublish(h.wantRequest(why, sip.PUBLISH), why, etag, body, expires)
}

func (h *harness) isPublish(req *sip.Request, why, etag, body, expires string) *sip.Request {
	h.t.Helper()
	got := ""
	if match := req.GetHeader("SIP-If-Match"); match != nil {
		got = match.Value()
	}
	if got != etag || string(req.Body()) != body || req.GetHeader("Expires").Value() != expires {
		h.t.Errorf("%s: SIP-If-Match %q, Expires %s, body %q", why, got, req.GetHeader("Expires").Value(), req.Body())
	}
	if event := req.GetHeader("Event"); event == nil || event.Value() != "presence" || req.Contact() != nil {
		h.t.Errorf("%s: Event %v, Contact %v; want presence and none", why, event, req.Contact())
	}
	return req
}

func TestPublishUpdateRefreshRemove(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		outcome := h.publish(open)
		req := h.wantPublish("first", "", open, "600")
		if req.Recipient.String() != "sip:1001@example.com" || req.ContentType().Value() != "application/pidf+xml" {
			t.Errorf("%s %s", req.Recipient.String(), req.ContentType().Value())
		}
		h.respond(req, 200, "SIP-ETag: e1", "Expires: 300")
		p, err := outcome()
		if err != nil || p.Info().State != Published || !p.Info().Expires.Equal(time.Now().Add(300*time.Second)) {
			t.Errorf("%v, %+v", err, p.Info())
		}
		h.wantEvent("there", "publishing", "published")

		updated := h.async(func() error { return p.Update(h.t.Context(), []byte(closed)) })
		h.respond(h.wantPublish("changed", "e1", closed, "600"), 200, "SIP-ETag: e2", "Expires: 300")
		h.wantErr("there", updated(), nil)
		h.forget()

		refresh := h.await("refreshed", sip.PUBLISH, 226*time.Second)
		h.respond(h.isPublish(refresh, "without a body (RFC 3903 section 4.1)", "e2", "", "600"), 200, "SIP-ETag: e3",
			"Expires: 300")
		h.forget()

		removed := h.async(func() error { return p.Remove(h.t.Context()) })
		h.respond(h.wantPublish("taken back", "e3", "", "0"), 200, "SIP-ETag: e4", "Expires: 0")
		h.wantErr("gone", removed(), nil)
		h.wantEvent("gone", "unpublished")
		if err := p.Remove(h.t.Context()); err != nil {
			t.Error(err)
		}
		h.wantErr("nothing to update", p.Update(h.t.Context(), []byte(open)), ErrState)
	})
}

func TestPublishAgainWhenTheServerHasLostIt(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.published()
		refresh := h.await("refreshed", sip.PUBLISH, 451*time.Second)
		h.respond(refresh, 412)
		h.respond(h.wantPublish("whole, without the tag (RFC 3903 section 4.1)", "", open, "600"), 200, "SIP-ETag: e9",
			"Expires: 600")
		h.forget()
	})
}

func TestPublishAnUpdateThatMeets412(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p := h.published()
		updated := h.async(func() error { return p.Update(h.t.Context(), []byte(closed)) })
		h.respond(h.wantPublish("changed", "e1", closed, "600"), 412)
		h.wantErr("not yet", updated(), errStillWaiting)
		h.respond(h.wantPublish("whole", "", closed, "600"), 412)
		var refused *ResponseError
		if err := updated(); !errors.As(err, &refused) || refused.Code != 412 {
			t.Errorf("%v, want the second 412", err)
		}
		h.wantEvent("given up", "publication failed")
	})
}

func TestPublishOneAtATime(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p := h.published()
		a := h.async(func() error { return p.Update(h.t.Context(), []byte(closed)) })
		first := h.wantPublish("changed", "e1", closed, "600")
		b := h.async(func() error { return p.Update(h.t.Context(), []byte(closed+" ")) })
		c := h.async(func() error { return p.Update(h.t.Context(), []byte(open)) })
		h.wantIdle("the next one waits for the answer (RFC 3903 section 4.1)")
		h.respond(first, 200, "SIP-ETag: e2", "Expires: 600")
		h.wantErr("the first is there", a(), nil)
		h.wantErr("the second is not", b(), errStillWaiting)
		h.respond(h.wantPublish("the newest state", "e2", open, "600"), 200, "SIP-ETag: e3", "Expires: 600")
		h.wantErr("overtaken", b(), nil)
		h.wantErr("there", c(), nil)
		h.forget()
	})
}

func TestPublishIsRefused(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		for _, code := range []int{403, 489, 503} {
			outcome := h.publish(open)
			h.respond(h.wantRequest("sent", sip.PUBLISH), code)
			_, err := outcome()
			var refused *ResponseError
			if !errors.As(err, &refused) || refused.Code != code {
				t.Errorf("%v, want %d", err, code)
			}
			h.wantEvent("over", "publishing", "publication failed")
		}
		outcome := h.publish(open)
		h.wantRequest("sent", sip.PUBLISH)
		h.lose()
		_, err := outcome()
		h.wantErr("the connection was lost", err, ErrTransport)
		h.forget()
	})
}

func TestPublishLongerAfter423(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		outcome := h.publish(open)
		h.respond(h.wantPublish("first", "", open, "600"), 423, "Min-Expires: 1800")
		h.respond(h.wantPublish("longer", "", open, "1800"), 200, "SIP-ETag: e1", "Expires: 1800")
		if _, err := outcome(); err != nil {
			t.Error(err)
		}
		h.forget()
	})
}

func TestPublishAnswersAChallenge(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		outcome := h.publish(open)
		first := h.wantPublish("first", "", open, "600")
		h.respond(first, 401, challenge("n1"))
		second := h.wantPublish("with credentials", "", open, "600")
		checkRetry(t, first, second)
		h.respond(second, 200, "SIP-ETag: e1", "Expires: 600")
		if _, err := outcome(); err != nil {
			t.Error(err)
		}
		h.forget()
	})
}

func TestRefreshOfAPublicationThatFailsIsTriedAgain(t *testing.T) {
	play(t, func(c *Config) { c.NoRegister = true }, func(h *harness) {
		h.begin()
		h.forget()
		p := h.published()
		h.respond(h.isPublish(h.await("refreshed", sip.PUBLISH, 451*time.Second), "refreshed", "e1", "", "600"), 503)
		h.respond(h.isPublish(h.await("again", sip.PUBLISH, 3*time.Second), "again", "e1", "", "600"), 503, "Retry-After: 400")
		h.advance(398 * time.Second)
		h.wantEvent("its time has run out", "publishing")
		h.wantSent("but the server wants to be left alone")
		req := h.isPublish(h.await("whole again", sip.PUBLISH, 3*time.Second), "whole again", "", open, "600")
		h.respond(req, 200, "SIP-ETag: e5", "Expires: 600")
		h.wantEvent("there again", "published")
		if p.Info().State != Published {
			t.Errorf("%+v", p.Info())
		}
	})
}

func TestPublicationSurvivesAReconnect(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p := h.published()
		updated := h.async(func() error { return p.Update(h.t.Context(), []byte(closed)) })
		h.wantPublish("changed", "e1", closed, "600")
		h.lose()
		h.wantErr("not known", updated(), ErrTransport)
		h.advance(time.Second)
		h.grant(h.wantRequest("registered", sip.REGISTER), 600)
		h.respond(h.wantPublish("sent again", "e1", closed, "600"), 200, "SIP-ETag: e2", "Expires: 600")
		h.forget()
	})
}

func TestServerWithoutETag(t *testing.T) {
	play(t, func(c *Config) { c.NoRegister = true }, func(h *harness) {
		h.begin()
		h.forget()
		h.publish(open)
		h.respond(h.wantPublish("first", "", open, "600"), 200, "Expires: 600")
		h.forget()
		again := h.await("again", sip.PUBLISH, 451*time.Second)
		h.respond(h.isPublish(again, "there is nothing to refresh by", "", open, "600"), 200, "Expires: 600")
		h.forget()
	})
}

func TestPublicationIsRemovedWhileSending(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p := h.published()
		updated := h.async(func() error { return p.Update(h.t.Context(), []byte(closed)) })
		req := h.wantPublish("changed", "e1", closed, "600")
		removed := h.async(func() error { return p.Remove(h.t.Context()) })
		h.wantIdle("one at a time")
		h.respond(req, 200, "SIP-ETag: e2", "Expires: 600")
		h.wantErr("there", updated(), nil)
		h.respond(h.wantPublish("and gone", "e2", "", "0"), 412)
		h.wantErr("gone, whatever the server says", removed(), nil)
		h.forget()
	})
}

func TestPublicationIsRemovedAfterARefreshThatFailed(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p := h.published()
		updated := h.async(func() error { return p.Update(h.t.Context(), []byte(closed)) })
		req := h.wantPublish("changed", "e1", closed, "600")
		removed := h.async(func() error { return p.Remove(h.t.Context()) })
		h.respond(req, 503, "Retry-After: 300")
		if err := updated(); err == nil {
			t.Error("the update has failed")
		}
		h.respond(h.wantPublish("who leaves does not wait to try the update again", "e1", "", "0"), 200)
		h.wantErr("gone", removed(), nil)
		h.forget()
	})
}

func TestPublishThatCannotBeSent(t *testing.T) {
	play(t, nil, func(h *harness) {
		if _, err := h.agent.Publish(h.t.Context(), PublishOptions{Body: []byte(open)}); !errors.Is(err, ErrNotConnected) {
			t.Errorf("offline: %v", err)
		}
		h.start()
		for _, opts := range []PublishOptions{{}, {Body: []byte("x"), Event: "a b"}, {Body: []byte("x"), ContentType: "a/b\r\n"},
			{Body: []byte("x"), Headers: []Header{{"Via", "x"}}}} {
			if _, err := h.agent.Publish(h.t.Context(), opts); !errors.Is(err, ErrBadConfig) {
				t.Errorf("%+v: %v", opts, err)
			}
		}
		h.wantIdle("nothing leaves")
	})
}

func TestPublicationsEndWithRun(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.published()
		h.agent.post(turn(func(now time.Time) { h.agent.core.stop(now, func() {}) }))
		msgs := h.wantSent("taken back before the binding", "PUBLISH", "REGISTER")
		if msgs[0].(*sip.Request).GetHeader("Expires").Value() != "0" {
			t.Error("not a removal")
		}
		h.grant(msgs[1].(*sip.Request), 0)
		h.forget()
	})
}
