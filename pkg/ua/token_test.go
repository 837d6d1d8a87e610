package ua

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

const bearer = `WWW-Authenticate: Bearer realm="example.com", scope="sip", authz_server="https://auth.example.com/"`

func TestTokenInPlaceOfAPassword(t *testing.T) {
	play(t, func(c *Config) { c.Account.Password, c.Account.Token = "", "abc.def-123==" }, func(h *harness) {
		traced := h.agent.traces.add()
		h.begin()
		first := h.wantRequest("without credentials", sip.REGISTER)
		h.respond(first, 401, bearer)
		second := h.wantRequest("with the token (RFC 8898 section 2.1)", sip.REGISTER)
		checkRetry(t, first, second)
		if got := second.GetHeader("Authorization"); got == nil || got.Value() != "Bearer abc.def-123==" {
			t.Errorf("Authorization %v", got)
		}
		h.grant(second, 600)
		h.forget()
		h.dialTo("1002")
		if got := h.wantRequest("calling", sip.INVITE).GetHeader("Authorization"); got != nil {
			t.Error("the token of the registrar went to whoever is called")
		}
		h.forget()
		for lines, _ := traced.take(); len(lines) > 0; lines, _ = traced.take() {
			for _, l := range lines {
				if bytes.Contains(l.Data, []byte("abc.def")) {
					t.Errorf("the token is in the trace: %s", l.Data)
				}
			}
		}
	})
}

func TestTokenThatIsRefusedIsReplaced(t *testing.T) {
	play(t, func(c *Config) { c.Account.Password, c.Account.Token = "", "old" }, func(h *harness) {
		h.begin()
		h.respond(h.wantRequest("without credentials", sip.REGISTER), 401, bearer)
		h.respond(h.wantRequest("with the token", sip.REGISTER), 401, bearer+`, error="invalid_token"`)
		events := h.wantEvent("refused", "connecting", "connected", "registering", "registration failed")
		if why := events[3].(RegistrationEvent).Cause; why.Kind != CauseAuth || !strings.Contains(why.Explanation, "token") {
			t.Errorf("%+v", why)
		}
		h.wantErr("set", h.agent.SetToken("new"), nil)
		outcome := h.async(func() error { return h.agent.Register(h.t.Context()) })
		req := h.wantRequest("tried with the new one", sip.REGISTER)
		if got := req.GetHeader("Authorization").Value(); got != "Bearer new" {
			t.Errorf("Authorization %s", got)
		}
		h.grant(req, 600)
		h.wantErr("registered", outcome(), nil)
		h.forget()
	})
}

func TestTokenIsNoPassword(t *testing.T) {
	play(t, func(c *Config) { c.Account.Password, c.Account.Token = "", "abc" }, func(h *harness) {
		h.begin()
		h.respond(h.wantRequest("without credentials", sip.REGISTER), 401, challenge("n1"))
		h.wantEvent("an empty password is not tried", "connecting", "connected", "registering", "registration failed")
	})
}

func TestHA1InPlaceOfAPassword(t *testing.T) {
	sum := sha256.Sum256([]byte("1001:example.com:secret"))
	withPassword := ""
	for _, ha1 := range []map[string]string{nil, {"sha-256": hex.EncodeToString(sum[:])}} {
		play(t, func(c *Config) {
			if ha1 != nil {
				c.Account.Password, c.Account.HA1 = "", ha1
			}
		}, func(h *harness) {
			h.begin()
			h.respond(h.wantRequest("without credentials", sip.REGISTER), 401, challenge("n1"))
			got := h.wantRequest("with credentials", sip.REGISTER).GetHeader("Authorization").Value()
			if ha1 == nil {
				withPassword = got
			} else if got != withPassword {
				t.Errorf("%s\nwant %s", got, withPassword)
			}
			h.forget()
		})
	}
	play(t, func(c *Config) {
		c.Account.Password, c.Account.HA1 = "", map[string]string{"MD5": strings.Repeat("0", 32)}
	}, func(h *harness) {
		h.begin()
		h.respond(h.wantRequest("without credentials", sip.REGISTER), 401, challenge("n1"))
		events := h.wantEvent("no HA1 for SHA-256", "connecting", "connected", "registering", "registration failed")
		if why := events[3].(RegistrationEvent).Cause; why.Kind != CauseAuth {
			t.Errorf("%+v", why)
		}
	})
}

func TestCredentialsThatCanNeverWork(t *testing.T) {
	good := Config{Account: Account{AOR: "sip:1001@example.com"}, Servers: []string{"wss://a.example/ws"}}
	for name, change := range map[string]func(*Config){
		"HA1 of an unknown algorithm": func(c *Config) { c.Account.HA1 = map[string]string{"SHA-1": strings.Repeat("0", 40)} },
		"HA1 too short":               func(c *Config) { c.Account.HA1 = map[string]string{"MD5": "00"} },
		"HA1 not hex":                 func(c *Config) { c.Account.HA1 = map[string]string{"MD5": strings.Repeat("g", 32)} },
		"token with a line break":     func(c *Config) { c.Account.Token = "verysecret\r\nX: y" },
		"token in the clear": func(c *Config) {
			c.Account.Token, c.Servers = "verysecret", []string{"ws://a.example/ws"}
		},
	} {
		cfg := good
		change(&cfg)
		a, err := New(cfg)
		if !errors.Is(err, ErrBadConfig) {
			t.Errorf("%s: %v", name, err)
			if a != nil {
				a.Close()
			}
			continue
		}
		if strings.Contains(err.Error(), "verysecret") {
			t.Errorf("%s: the error tells it: %v", name, err)
		}
	}
	good.Servers = []string{"ws://a.example/ws"}
	a, err := New(good)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for _, token := range []string{"", "a b", "abc"} {
		if err := a.SetToken(token); !errors.Is(err, ErrBadConfig) {
			t.Errorf("SetToken(%q): %v", token, err)
		}
	}
}
