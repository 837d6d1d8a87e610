package ua

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/digest"
)

// Whoever a request reaches can answer it by 401 or 407. These are the requests a stranger gets from us, each brought on its way
// by a story of its own.

var strangers = map[string]func(h *harness) *sip.Request{
	"BYE in a call of theirs": func(h *harness) *sip.Request {
		_, call := h.talkIn()
		call.Hangup(h.t.Context())
		return h.newest(sip.BYE)
	},
	"BYE in a call of ours": func(h *harness) *sip.Request {
		_, call := h.talkOut()
		call.Hangup(h.t.Context())
		return h.newest(sip.BYE)
	},
	"re-INVITE in a call of theirs": func(h *harness) *sip.Request {
		_, call := h.talkIn()
		h.async(func() error { return call.Hold(h.t.Context()) })
		return h.newest(sip.INVITE)
	},
	"re-INVITE in a call of ours": func(h *harness) *sip.Request {
		_, call := h.talkOut()
		h.async(func() error { return call.Hold(h.t.Context()) })
		return h.newest(sip.INVITE)
	},
	"INFO": func(h *harness) *sip.Request {
		h.media.noTones = true
		_, call := h.talkIn()
		h.async(func() error { return call.SendDTMF(h.t.Context(), "5") })
		return h.newest(sip.INFO)
	},
	"UPDATE": func(h *harness) *sip.Request {
		p, call := h.ringIn(sdp("in"), "Session-Expires: 100;refresher=uas", "Supported: timer", "Allow: UPDATE")
		call.Accept(h.t.Context())
		h.collect()
		h.recv(p.text("ACK", p.seq))
		h.advance(50 * time.Second)
		return h.newest(sip.UPDATE)
	},
	"PRACK": func(h *harness) *sip.Request {
		h.dialTo("1002")
		h.respond(h.newest(sip.INVITE), 180, "tag=far", okContact, "Require: 100rel", "RSeq: 1")
		return h.newest(sip.PRACK)
	},
	"REFER": func(h *harness) *sip.Request {
		_, call := h.talkIn()
		h.async(func() error { return call.Transfer(h.t.Context(), "1003") })
		return h.newest(sip.REFER)
	},
	"NOTIFY in a subscription of theirs": func(h *harness) *sip.Request {
		p, _ := h.talkIn()
		p.send("REFER", referTo1003)
		return h.newest(sip.NOTIFY)
	},
	"OPTIONS in a call of theirs": func(h *harness) *sip.Request {
		_, call := h.talkIn()
		h.async(func() error { _, err := call.Capabilities(h.t.Context()); return err })
		return h.newest(sip.OPTIONS)
	},
	"MESSAGE": func(h *harness) *sip.Request {
		h.text("sip:stranger@evil.example", MessageOptions{Body: []byte("hello")})
		return h.newest(sip.MESSAGE)
	},
	"INVITE": func(h *harness) *sip.Request { h.dialTo("sip:stranger@evil.example"); return h.newest(sip.INVITE) },
	"OPTIONS": func(h *harness) *sip.Request {
		h.async(func() error { _, err := h.agent.Capabilities(h.t.Context(), "sip:stranger@evil.example"); return err })
		return h.newest(sip.OPTIONS)
	},
	"SUBSCRIBE": func(h *harness) *sip.Request {
		h.subscribe(SubscribeOptions{Event: "presence"})
		return h.newest(sip.SUBSCRIBE)
	},
	"refresh of a SUBSCRIBE": func(h *harness) *sip.Request {
		h.watch("presence")
		return h.await("refreshed", sip.SUBSCRIBE, time.Hour)
	},
	"PUBLISH": func(h *harness) *sip.Request { h.publish(open); return h.newest(sip.PUBLISH) },
}

// newest takes what was sent and returns the newest request of that method.
func (h *harness) newest(method sip.RequestMethod) *sip.Request {
	h.t.Helper()
	h.collect()
	var found *sip.Request
	for _, m := range h.sent {
		if req, ok := m.(*sip.Request); ok && req.Method == method {
			found = req
		}
	}
	if found == nil {
		h.t.Fatalf("no %s was sent", method)
	}
	h.forget()
	return found
}

// foreignRealms are not ours, however much they look like it: our registrar is that of example.com.
var foreignRealms = []string{"evil.example", "example.com ", " example.com", "example.com.", "sip.example.com", "asterisk",
	"", "\u0435xample.com", "example.com\u200b"}

// hostile makes the challenges of a stranger.
func hostile(code int, realm string) map[string][]string {
	name := "WWW-Authenticate"
	if code == 407 {
		name = "Proxy-Authenticate"
	}
	offer := func(rest string) string {
		return fmt.Sprintf(`%s: Digest realm="%s", nonce="evil"%s`, name, realm, rest)
	}
	return map[string][]string{
		"as of old": {offer("")},
		"MD5":       {offer(`, algorithm=MD5, qop="auth"`)},
		"SHA-256":   {offer(`, algorithm=SHA-256, qop="auth"`)},
		"stale":     {offer(`, algorithm=SHA-256, qop="auth", stale=true`)},
		"several":   {offer(`, algorithm=SHA-512-256`), offer(`, algorithm=MD5`), name + `: Bearer realm="` + realm + `"`},
	}
}

// askedFor counts what was given away, and takes what was sent.
func (h *harness) givenAway() (n int) {
	h.collect()
	for _, m := range h.sent {
		req, ok := m.(*sip.Request)
		if !ok || req.Method == sip.REGISTER {
			continue
		}
		n += len(req.GetHeaders("Authorization")) + len(req.GetHeaders("Proxy-Authorization"))
	}
	h.sent = nil
	return n
}

// startChallenged registers with a password that was asked for.
func (h *harness) startChallenged() {
	h.t.Helper()
	h.begin()
	h.respond(h.wantRequest("first", sip.REGISTER), 401, challenge("n1"))
	h.accept()
}

// TestStrangersGetNoDigest answers each request by each challenge of a realm that is not ours, by 401 and by 407. Nothing is
// given away then, nor unasked afterwards, and it is told.
func TestStrangersGetNoDigest(t *testing.T) {
	asked := 0
	for name, story := range strangers {
		for _, realm := range foreignRealms {
			for _, code := range []int{401, 407} {
				for kind, offers := range hostile(code, realm) {
					asked++
					synctestRun(t, func(h *harness) {
						h.startChallenged()
						req := story(h)
						h.respond(req, code, append(offers, "tag=far")...)
						if n := h.givenAway(); n > 0 {
							t.Errorf("%s, %d %s of %q: %d digests", name, code, kind, realm, n)
						}
						if !h.faulted(digest.ErrRealm) {
							t.Errorf("%s, %d %s of %q: nobody was told", name, code, kind, realm)
						}
						h.text("1003", MessageOptions{Body: []byte("unasked")})
						h.dialTo("1003")
						if n := h.givenAway(); n > 0 {
							t.Errorf("%s, %d %s of %q: %d digests unasked", name, code, kind, realm, n)
						}
					}, func(c *Config) { c.AcceptRefer = func(context.Context, ReferRequest) bool { return true } })
				}
			}
		}
	}
	t.Logf("%d challenges of strangers", asked)
}

// synctestRun is play for a story whose end does not matter.
func synctestRun(t *testing.T, story func(h *harness), configure func(*Config)) {
	t.Helper()
	play(t, configure, func(h *harness) {
		story(h)
		h.forget()
		for _, info := range h.agent.State().Calls {
			h.agent.Call(info.ID).Hangup(h.t.Context())
		}
		h.forget()
	})
}

// faulted takes the events and reports whether a fault with that error was among them.
func (h *harness) faulted(want error) bool {
	h.collect()
	defer func() { h.seen = nil }()
	for _, ev := range h.seen {
		if f, ok := ev.(FaultEvent); ok && errors.Is(f.Err, want) {
			return true
		}
	}
	return false
}

// TestOurServerIsAnsweredEverywhere: the same requests, challenged in the realm that has challenged REGISTER, get their digest.
func TestOurServerIsAnsweredEverywhere(t *testing.T) {
	for name, story := range strangers {
		for code, field := range map[int]string{401: "Authorization", 407: "Proxy-Authorization"} {
			t.Run(fmt.Sprint(name, " ", code), func(t *testing.T) {
				synctestRun(t, func(h *harness) {
					h.startChallenged()
					req := story(h)
					offer := challenge("n2")
					if code == 407 {
						offer = strings.Replace(offer, "WWW", "Proxy", 1)
					}
					h.respond(req, code, offer)
					again := h.newest(req.Method)
					wantResponse(t, "our own server", again, credentials(t, again, field))
				}, func(c *Config) { c.AcceptRefer = func(context.Context, ReferRequest) bool { return true } })
			})
		}
	}
}

// TestTheirDialogGetsNothingUnasked: what our server has asked elsewhere does not leave in a call that a stranger began, before
// that very call was challenged, and then goes on in it alone.
func TestTheirDialogGetsNothingUnasked(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.startChallenged()
		h.dialTo("1003")
		proxy := strings.Replace(challenge("p1"), "WWW", "Proxy", 1)
		h.respond(h.newest(sip.INVITE), 407, proxy)
		h.respond(h.newest(sip.INVITE), 486, "tag=x")
		h.forget()
		h.dialTo("1003")
		if n := h.givenAway(); n != 1 {
			t.Errorf("%d digests, want that of the proxy to save a round trip", n)
		}
		h.forget()
		_, call := h.talkIn()
		held := h.async(func() error { return call.Hold(h.t.Context()) })
		req := h.wantRequest("held", sip.INVITE)
		h.sent = append(h.sent, req)
		if n := h.givenAway(); n != 0 {
			t.Errorf("%d digests to who has called us", n)
		}
		h.respond(req, 407, proxy)
		again := h.newest(sip.INVITE)
		wantResponse(t, "asked here", again, credentials(t, again, "Proxy-Authorization"))
		h.respond(again, 200, okContact, sdp("in", "a=recvonly"))
		h.wantErr("held", held(), nil)
		h.forget()
		call.Hangup(h.t.Context())
		bye := h.newest(sip.BYE)
		wantResponse(t, "RFC 3261 section 22.3: all with that Call-ID", bye, credentials(t, bye, "Proxy-Authorization"))
		h.respond(bye, 200)
		h.forget()
	})
}

// TestRealmOfTheAccountAlone: where the realm is configured no other is ours, not even that of the registrar.
func TestRealmOfTheAccountAlone(t *testing.T) {
	play(t, func(c *Config) { c.Account.Realm = "pbx" }, func(h *harness) {
		h.begin()
		h.respond(h.wantRequest("first", sip.REGISTER), 401, strings.Replace(challenge("n1"), "example.com", "pbx", 1))
		h.accept()
		call := h.dialTo("1002")
		h.respond(h.newest(sip.INVITE), 407, strings.Replace(challenge("p1"), "WWW", "Proxy", 1))
		if n := h.givenAway(); n > 0 {
			t.Errorf("%d digests for the domain", n)
		}
		if why := call.Info().Cause; why.Kind != CauseAuth || !strings.Contains(why.Explanation, "realm") {
			t.Errorf("%+v", why)
		}
		h.forget()
	})
}

// TestWithoutRegistrationTheDomainIsOurs: a user agent that does not register answers its own domain and nobody else.
func TestWithoutRegistrationTheDomainIsOurs(t *testing.T) {
	for realm, want := range map[string]int{"example.com": 1, "Example.COM": 1, "example.org": 0, "\u212Aexample.com": 0} {
		play(t, unregistered, func(h *harness) {
			h.begin()
			h.forget()
			h.dialTo("1002")
			h.respond(h.newest(sip.INVITE), 407,
				fmt.Sprintf(`Proxy-Authenticate: Digest realm="%s", nonce="n", algorithm=MD5, qop="auth"`, realm))
			if n := h.givenAway(); n != want {
				t.Errorf("%q: %d digests, want %d", realm, n, want)
			}
			h.forget()
		})
	}
}

// TestStrangerCannotRaiseThePin: a far end that names our domain and offers SHA-256 must not make us refuse our server, which
// knows MD5 only; and one that offers MD5 gets nothing where our server does better.
func TestStrangerCannotRaiseThePin(t *testing.T) {
	weak := `WWW-Authenticate: Digest realm="example.com", nonce="%s", algorithm=MD5, qop="auth"`
	play(t, nil, func(h *harness) {
		h.begin()
		h.respond(h.wantRequest("first", sip.REGISTER), 401, fmt.Sprintf(weak, "n1"))
		h.accept()
		h.respond(strangers["BYE in a call of theirs"](h), 401, challenge("strong"))
		h.respond(strangers["MESSAGE"](h), 401, challenge("strong"))
		h.forget()
		h.lose()
		h.advance(time.Second)
		h.respond(h.newest(sip.REGISTER), 401, fmt.Sprintf(weak, "n2"))
		h.grant(h.newest(sip.REGISTER), 600)
		h.forget()
	})
	play(t, nil, func(h *harness) {
		h.startChallenged()
		h.respond(strangers["BYE in a call of theirs"](h), 401, fmt.Sprintf(weak, "evil"))
		if n := h.givenAway(); n > 0 {
			t.Errorf("%d digests by MD5 although our server knows SHA-256", n)
		}
		h.forget()
	})
}

// TestTokenIsGivenToTheRegistrarAlone: a token works for whoever holds it.
func TestTokenIsGivenToTheRegistrarAlone(t *testing.T) {
	for name, story := range strangers {
		for _, realm := range append(foreignRealms, "example.com") {
			synctestRun(t, func(h *harness) {
				h.startWithToken()
				h.respond(story(h), 401, `WWW-Authenticate: Bearer realm="`+realm+`"`)
				if n := h.givenAway(); n > 0 {
					t.Errorf("%s: %d tokens to %q", name, n, realm)
				}
			}, func(c *Config) {
				c.AcceptRefer = func(context.Context, ReferRequest) bool { return true }
				c.Account.Password, c.Account.Token = "", "abc"
			})
		}
	}
}

// startWithToken registers at a server whose realm is not the domain.
func (h *harness) startWithToken() {
	h.t.Helper()
	h.begin()
	h.respond(h.wantRequest("first", sip.REGISTER), 401, `WWW-Authenticate: Bearer realm="office"`)
	h.accept()
}
