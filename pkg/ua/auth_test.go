package ua

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// credentials reads the parameters of an Authorization or Proxy-Authorization.
func credentials(t *testing.T, req *sip.Request, name string) map[string]string {
	t.Helper()
	list, err := wire.ParseAuthParams(strings.TrimPrefix(header(req, name), "Digest "))
	if err != nil {
		t.Fatalf("%s %q: %v", name, header(req, name), err)
	}
	got := map[string]string{}
	for _, p := range list {
		got[p.K] = p.V
	}
	return got
}

// wantResponse checks the response of credentials against RFC 7616 section 3.4.1, computed here once more.
func wantResponse(t *testing.T, why string, req *sip.Request, got map[string]string) {
	t.Helper()
	h := func(s string) string { sum := sha256.Sum256([]byte(s)); return hex.EncodeToString(sum[:]) }
	if got["algorithm"] != "SHA-256" {
		h = func(s string) string { sum := md5.Sum([]byte(s)); return hex.EncodeToString(sum[:]) }
	}
	a2 := string(req.Method) + ":" + got["uri"]
	if got["qop"] == "auth-int" {
		a2 += ":" + h(string(req.Body()))
	}
	want := h(strings.Join([]string{h("1001:" + got["realm"] + ":secret"), got["nonce"], got["nc"], got["cnonce"], got["qop"],
		h(a2)}, ":"))
	if got["response"] != want {
		t.Errorf("%s: response %s, want %s", why, got["response"], want)
	}
}

func TestNonceCountsAndNextNonce(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.begin()
		h.respond(h.wantRequest("first", sip.REGISTER), 401, challenge("n1"))
		req := h.wantRequest("answered", sip.REGISTER)
		got := credentials(t, req, "Authorization")
		wantResponse(t, "the first use", req, got)
		if got["nc"] != "00000001" {
			t.Errorf("nc %s", got["nc"])
		}
		h.grant(req, 600)
		h.forget()
		h.async(func() error { return h.agent.Register(h.t.Context()) })
		req = h.wantRequest("the refresh takes the same nonce without a challenge", sip.REGISTER)
		got = credentials(t, req, "Authorization")
		wantResponse(t, "the second use", req, got)
		if got["nonce"] != "n1" || got["nc"] != "00000002" {
			t.Errorf("nonce %s, nc %s, want n1 a second time", got["nonce"], got["nc"])
		}
		h.grant(req, 600, `Authentication-Info: nextnonce="n2", qop=auth`)
		h.forget()
		h.async(func() error { return h.agent.Register(h.t.Context()) })
		req = h.wantRequest("the next refresh takes the nonce that was announced", sip.REGISTER)
		got = credentials(t, req, "Authorization")
		wantResponse(t, "nextnonce", req, got)
		if got["nonce"] != "n2" || got["nc"] != "00000001" {
			t.Errorf("nonce %s, nc %s, want n2 for the first time", got["nonce"], got["nc"])
		}
		h.respond(req, 401, challenge("n3", ", stale=true"))
		req = h.wantRequest("a stale nonce is no wrong password", sip.REGISTER)
		if got = credentials(t, req, "Authorization"); got["nonce"] != "n3" || got["nc"] != "00000001" {
			t.Errorf("nonce %s, nc %s, want n3 for the first time", got["nonce"], got["nc"])
		}
		h.grant(req, 600)
		h.forget()
	})
}

func TestAuthIntCoversTheBodyOfAMessage(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		sent := h.text("1002", MessageOptions{Body: []byte("hello")})
		h.respond(h.wantRequest("sent", sip.MESSAGE), 407,
			`Proxy-Authenticate: Digest realm="example.com", nonce="p1", qop="auth-int"`)
		req := h.wantRequest("answered", sip.MESSAGE)
		got := credentials(t, req, "Proxy-Authorization")
		wantResponse(t, "with the body", req, got)
		if got["qop"] != "auth-int" {
			t.Errorf("qop %q", got["qop"])
		}
		h.respond(req, 200)
		if _, err := sent(); err != nil {
			t.Error(err)
		}
	})
}

func TestProxyAndFarEndChallengeOneCall(t *testing.T) {
	play(t, nil, func(h *harness) {
		const proxy = `Proxy-Authenticate: Digest realm="proxy", qop="auth", algorithm=MD5, nonce=`
		h.begin()
		h.respond(h.wantRequest("the proxy makes itself known", sip.REGISTER), 407, proxy+`"p0"`)
		h.accept()
		h.dialTo("1002")
		h.respond(h.wantRequest("calling", sip.INVITE), 407, proxy+`"p1"`)
		req := h.wantSent("acknowledged and answered", "ACK", "INVITE")[1].(*sip.Request)
		wantResponse(t, "to the proxy", req, credentials(t, req, "Proxy-Authorization"))
		h.respond(req, 401, challenge("n1"))
		req = h.wantSent("the far end asks too", "ACK", "INVITE")[1].(*sip.Request)
		wantResponse(t, "to the proxy again", req, credentials(t, req, "Proxy-Authorization"))
		wantResponse(t, "to the far end", req, credentials(t, req, "Authorization"))
		h.respond(req, 200, "tag=far", okContact, sdp("far"))
		ack := h.wantRequest("answered", sip.ACK)
		if header(ack, "Proxy-Authorization") != header(req, "Proxy-Authorization") || header(ack, "Authorization") != header(req,
			"Authorization") {
			t.Error("the ACK lacks the credentials of its INVITE (RFC 3261 section 22.1)")
		}
		h.forget()
	})
}

// TestRefusalToAnswerIsExplained shows what a person is told when a challenge is not answered, and that nothing is sent.
func TestRefusalToAnswerIsExplained(t *testing.T) {
	const sha, weak = `algorithm=SHA-256, qop="auth"`, `algorithm=MD5, qop="auth"`
	offer := func(realm, rest string) string {
		return fmt.Sprintf(`WWW-Authenticate: Digest realm="%s", nonce="n", %s`, realm, rest)
	}
	for name, c := range map[string]struct {
		account func(*Account)
		offer   string
		says    string
	}{
		"another realm":     {func(a *Account) { a.Realm = "example.org" }, offer("example.com", sha), "realm"},
		"unknown algorithm": {nil, offer("example.com", "algorithm=SHA3-256"), "not known here"},
		"malformed":         {nil, "WWW-Authenticate: Digest realm", "not known here"},
		"token wanted":      {nil, `WWW-Authenticate: Bearer realm="example.com"`, "token instead of a password"},
		"no HA1 for it": {func(a *Account) { a.Password, a.HA1 = "", map[string]string{"MD5": strings.Repeat("0", 32)} },
			offer("example.com", sha), "none is set"},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(cfg *Config) {
				if c.account != nil {
					c.account(&cfg.Account)
				}
			}, func(h *harness) {
				h.begin()
				h.respond(h.wantRequest("first", sip.REGISTER), 401, c.offer)
				h.wantSent("no credentials leave")
				why := h.agent.State().Registration.Cause
				if h.agent.State().Registration.State != RegistrationFailed || why.Kind != CauseAuth ||
					!strings.Contains(why.Explanation, c.says) {
					t.Errorf("%v: %+v, want it to say %q", h.agent.State().Registration.State, why, c.says)
				}
				h.forget()
			})
		})
	}
	t.Run("downgrade", func(t *testing.T) {
		play(t, nil, func(h *harness) {
			h.begin()
			h.respond(h.wantRequest("first", sip.REGISTER), 401, offer("example.com", sha), offer("example.com", weak))
			req := h.wantRequest("the stronger one of two", sip.REGISTER)
			if got := credentials(t, req, "Authorization"); got["algorithm"] != "SHA-256" {
				t.Errorf("algorithm %s", got["algorithm"])
			}
			h.grant(req, 600)
			h.lose()
			h.advance(time.Second)
			h.respond(h.wantRequest("on a new connection", sip.REGISTER), 401, offer("example.com", weak))
			h.wantSent("MD5 alone after SHA-256 gets no answer (RFC 8760 section 2.4)")
			if why := h.agent.State().Registration.Cause; !strings.Contains(why.Explanation, "weaker") {
				t.Errorf("%+v", why)
			}
			h.forget()
		})
	})
}

// Authentication-Info is the answer to credentials. A response to a request without any is the word of a stranger, who must not
// choose the nonce of our registrar's realm.
func TestNextNonceNeedsCredentials(t *testing.T) {
	for name, info := range map[string]string{
		"nextnonce": `Authentication-Info: nextnonce="evil"`,
		"of proxy":  `Proxy-Authentication-Info: nextnonce="evil"`,
		"rspauth":   `Authentication-Info: rspauth="00000000000000000000000000000000", nextnonce="evil"`,
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.begin()
				h.respond(h.wantRequest("registers", sip.REGISTER), 401, challenge("good"))
				h.grant(h.wantRequest("with credentials", sip.REGISTER), 600)
				h.forget()
				h.dialTo("1002")
				invite := h.wantRequest("calling", sip.INVITE)
				if header(invite, "Authorization") != "" {
					t.Fatal("the INVITE has credentials that nobody has asked for")
				}
				h.respond(invite, 200, "tag=far", okContact, info, sdp("far"))
				h.wantSent("answered", "ACK")
				h.wantEvent("nothing is wrong with our server", "preparing", "calling", "connecting", "established")
				h.async(func() error { return h.agent.Register(h.t.Context()) })
				again := h.wantRequest("registers again", sip.REGISTER)
				got := header(again, "Authorization")
				if !strings.Contains(got, `nonce="good"`) || !strings.Contains(got, "nc=00000002") {
					t.Errorf("Authorization: %s", got)
				}
				h.grant(again, 600, `Authentication-Info: nextnonce="next"`)
				h.async(func() error { return h.agent.Register(h.t.Context()) })
				got = header(h.wantRequest("registers again", sip.REGISTER), "Authorization")
				if !strings.Contains(got, `nonce="next"`) {
					t.Errorf("Authorization: %s", got)
				}
				h.forget()
			})
		})
	}
}
