package digest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestTokenAnswersBearer(t *testing.T) {
	client := New(Config{Username: "1001", Token: "first"})
	offered := []string{`Bearer realm="example.com"`, sha256Offer}
	if err := client.asked(Server, offered, 0); err != nil {
		t.Fatal(err)
	}
	if got := authorize(t, client, "REGISTER", nil); got != "Bearer first" {
		t.Errorf("got %s, want the token and no digest", got)
	}
	if err := client.asked(Server, offered, 1); !errors.Is(err, ErrRefused) {
		t.Errorf("the same token refused: got %v, want %v", err, ErrRefused)
	}
	client.SetToken("second")
	if err := client.asked(Server, offered, 1); err != nil {
		t.Errorf("a fresh token is worth a try: %v", err)
	}
	if got := authorize(t, client, "REGISTER", nil); got != "Bearer second" {
		t.Errorf("got %s, want the fresh token", got)
	}
	elsewhere := New(Config{Token: "first", Realm: "example.org"})
	if err := elsewhere.asked(Server, offered, 0); !errors.Is(err, ErrRealm) {
		t.Errorf("a token for another realm: got %v, want %v", err, ErrRealm)
	}
	spoilt := New(Config{Token: "two words"})
	if err := spoilt.asked(Server, offered, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := spoilt.Authorize("REGISTER", "sip:x", nil); !errors.Is(err, ErrCredentials) {
		t.Errorf("what is no token: got %v, want %v, and nothing sent", err, ErrCredentials)
	}
}

func TestTokenDoesNotBecomeAPassword(t *testing.T) {
	client := New(Config{Username: "1001", Token: "first"})
	if err := client.asked(Server, []string{sha256Offer}, 0); !errors.Is(err, ErrCredentials) {
		t.Errorf("digest with a token only: got %v, want %v", err, ErrCredentials)
	}
}

func TestIsToken(t *testing.T) {
	for s, want := range map[string]bool{"abcXYZ019-._~+/": true, "abc==": true, "": false, "=": false, "a=b": false,
		"a b": false, "a\r\nb": false, "ä": false} {
		if got := IsToken(s); got != want {
			t.Errorf("IsToken(%q) is %v, RFC 6750 section 2.1 says %v", s, got, want)
		}
	}
}

func TestSiblingSharesThePinOnly(t *testing.T) {
	first := newClient()
	if err := first.asked(Server, []string{sha256Offer}, 0); err != nil {
		t.Fatal(err)
	}
	second := first.Sibling()
	if fields, err := second.Authorize("REGISTER", "sip:example.com", nil); err != nil || len(fields) != 0 {
		t.Errorf("nonces of one server at another: %v, %v", fields, err)
	}
	if err := second.asked(Server, []string{md5Offer}, 0); !errors.Is(err, ErrDowngrade) {
		t.Errorf("MD5 at the second server after SHA-256 at the first: got %v, want %v", err, ErrDowngrade)
	}
}

func TestOldestRealmIsForgotten(t *testing.T) {
	client := newClient()
	for i := range maxRealms + 1 {
		if err := client.asked(Server, []string{fmt.Sprintf(`Digest realm="r%d", nonce="n"`, i)}, 0); err != nil {
			t.Fatal(err)
		}
	}
	fields, err := client.Authorize("REGISTER", "sip:example.com", nil)
	if err != nil || len(fields) != maxRealms || strings.Contains(fields[0].Value, `realm="r0"`) {
		t.Errorf("%d fields, first %v, %v: want the newest %d", len(fields), fields, err, maxRealms)
	}
}

func TestNoRandomnessIsNoAnswer(t *testing.T) {
	client := New(Config{Username: "1001", Password: "correct", Rand: strings.NewReader("")})
	if err := client.asked(Server, []string{md5Offer}, 0); err == nil {
		t.Error("a cnonce without randomness")
	}
	client = New(Config{Username: "1001", Password: "correct", Rand: strings.NewReader(strings.Repeat("r", 16))})
	if err := client.asked(Server, []string{md5Offer}, 0); err != nil {
		t.Fatal(err)
	}
	authorize(t, client, "REGISTER", nil)
	if err := client.Info(Server, `nextnonce="n2"`, nil); err == nil {
		t.Error("the next nonce taken with an old cnonce")
	}
}

func TestInfoFindsItsRealm(t *testing.T) {
	client := newClient()
	for _, realm := range []string{"a", "b"} {
		if err := client.asked(Server, []string{`Digest realm="` + realm + `", nonce="n", qop=auth`}, 0); err != nil {
			t.Fatal(err)
		}
	}
	fields, err := client.Authorize("REGISTER", "sip:example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	nonces := func() string { return client.realms[0].nonce + client.realms[1].nonce }
	for _, c := range []struct{ info, want, why string }{
		{`nextnonce="x"`, "nn", "nobody knows which realm it is of"},
		{`nextnonce="x", cnonce="other"`, "nn", "a cnonce that was not ours"},
		{`nextnonce="x", cnonce="` + param(fields[1].Value, "cnonce") + `"`, "nx", "that of the second realm"},
	} {
		if err := client.Info(Server, c.info, nil); err != nil || nonces() != c.want {
			t.Errorf("%s: nonces %s, %v, want %s", c.why, nonces(), err, c.want)
		}
	}
}
