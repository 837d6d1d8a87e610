//go:build !js

package siptest

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestDigestVectors(t *testing.T) {
	for _, v := range []struct {
		source, method, password, want string
		cred                           credentials
	}{
		{"RFC 2617 section 3.5", "GET", "Circle Of Life", "6629fae49393a05397450978507c4ef1", credentials{
			"username": "Mufasa", "realm": "testrealm@host.com", "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093",
			"uri": "/dir/index.html", "qop": "auth", "nc": "00000001", "cnonce": "0a4f113b"}},
		{"RFC 7616 section 3.9.1, MD5", "GET", "Circle of Life", "8ca523f5e9506fed4657c9700eebdbec", credentials{
			"username": "Mufasa", "realm": "http-auth@example.org", "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
			"uri": "/dir/index.html", "qop": "auth", "nc": "00000001", "cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"}},
		{"RFC 7616 section 3.9.1, SHA-256", "GET", "Circle of Life",
			"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", credentials{
				"username": "Mufasa", "realm": "http-auth@example.org", "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
				"uri": "/dir/index.html", "qop": "auth", "nc": "00000001", "algorithm": "SHA-256",
				"cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"}},
	} {
		if got := v.cred.response(v.password, v.method, nil); got != v.want {
			t.Errorf("%s: got %s, want %s", v.source, got, v.want)
		}
	}
}

func TestEveryAlgorithmAndQualityOfProtection(t *testing.T) {
	for _, algorithm := range []Algorithm{MD5, SHA256, SHA512256} {
		for _, qop := range []string{"auth", "auth-int", "none"} {
			srv := newServer(t, Options{Algorithms: []Algorithm{algorithm}, QOP: qop})
			login(t, srv, "1001")
			if len(srv.Bindings("1001")) != 1 {
				t.Errorf("%s with qop %s: not registered", algorithm, qop)
			}
		}
	}
}

func TestOneChallengeForEachAlgorithm(t *testing.T) {
	srv := newServer(t, Options{Algorithms: []Algorithm{SHA256, MD5}})
	c := dial(t, srv, "1001")
	first := c.registerRequest()
	c.send(first)
	challenge := c.want("a first REGISTER is challenged", "401")
	offered := challenge.all("WWW-Authenticate")
	if len(offered) != 2 || !strings.Contains(offered[0], "SHA-256") || !strings.Contains(offered[1], "algorithm=MD5") {
		t.Fatalf("got %q, want SHA-256 and then MD5", offered)
	}
	again := c.again(first)
	again.set("Authorization", c.answer(again, offered[1], srv.Password("1001")))
	c.send(again)
	c.want("the second one may be answered", "200")
}

func TestWrongCredentialsAreChallengedAgain(t *testing.T) {
	srv := newServer(t)
	for _, v := range []struct{ why, user, password string }{
		{"wrong password", "1001", "wrong"},
		{"unknown user", "4711", "wrong"},
	} {
		c := dial(t, srv, v.user)
		first := c.registerRequest()
		c.send(first)
		challenge := c.want(v.why, "401")
		again := c.again(first)
		again.set("Authorization", c.answer(again, challenge.get("WWW-Authenticate"), v.password))
		c.send(again)
		if second := c.want(v.why, "401"); strings.Contains(second.get("WWW-Authenticate"), "stale") {
			t.Errorf("%s: the nonce was good, must not be stale", v.why)
		}
	}
	if len(srv.Bindings("1001")) != 0 {
		t.Error("1001 must not be registered")
	}
}

func TestCredentialsForAnotherURIAreRefused(t *testing.T) {
	srv := newServer(t)
	c := dial(t, srv, "1001")
	first := c.registerRequest()
	c.send(first)
	again := c.authorize(first, c.want("challenge", "401"))
	again.uri = "sip:sip.test;transport=ws"
	c.send(again)
	c.want("the digest covers another Request-URI", "401")
}

func TestNonceGetsStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := New(Options{NonceLife: time.Minute})
		defer srv.Close()
		c := attach(t, srv, "1001")
		first := c.registerRequest()
		c.send(first)
		challenge := c.want("challenge", "401")
		c.send(c.authorize(first, challenge))
		c.want("the first use of a nonce", "200")
		c.send(c.authorize(first, challenge))
		c.want("a second use with a higher count", "200")

		c.nc = map[string]int{}
		c.send(c.authorize(first, challenge))
		replay := c.want("a count that was used before", "401")
		if !strings.Contains(replay.get("WWW-Authenticate"), "stale=true") {
			t.Error("a right answer with an old count must be called stale")
		}
		time.Sleep(time.Minute + time.Second)
		c.send(c.authorize(first, replay))
		old := c.want("a nonce that was never used but is too old", "401")
		if !strings.Contains(old.get("WWW-Authenticate"), "stale=true") {
			t.Error("a right answer to an old nonce must be called stale")
		}
		c.send(c.authorize(first, old))
		c.want("the new nonce is good", "200")
	})
}

func TestSecretsAreMaskedInTheLog(t *testing.T) {
	srv := newServer(t)
	login(t, srv, "1001")
	m, err := srv.WaitMessage(testContext(t), func(m Message) bool { return m.Header("Authorization") != "" })
	if err != nil {
		t.Fatal(err)
	}
	if text := string(m.Data); !strings.Contains(text, `response="***"`) || !strings.Contains(text, ` nonce="***"`) {
		t.Errorf("got %s, want nonce and response masked", text)
	}
	m, err = srv.WaitMessage(testContext(t), func(m Message) bool { return m.Code() == 401 })
	if err != nil || !strings.Contains(m.Header("WWW-Authenticate"), ` nonce="***"`) {
		t.Errorf("got %s %v, want the nonce masked", m.Data, err)
	}
}
