package digest

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

// asked challenges a REGISTER.
func (c *Client) asked(from Origin, values []string, tried int) error {
	return c.Challenged(Challenge{From: from, Values: values, Method: register, Tried: tried})
}

// param returns a parameter of a header value as written.
func param(value, name string) string {
	_, rest, ok := strings.Cut(strings.Replace(value, "Digest ", ", ", 1), ", "+name+"=")
	if !ok {
		return ""
	}
	if rest[0] == '"' {
		rest, _, _ = strings.Cut(rest[1:], `"`)
		return rest
	}
	rest, _, _ = strings.Cut(rest, ",")
	return rest
}

// TestVectors runs the examples of RFC 2617 section 3.5 and RFC 7616 section 3.9. The last one is that of section 3.9.2 as
// erratum 4897 corrects it.
func TestVectors(t *testing.T) {
	const realm7616 = `realm="http-auth@example.org", qop="auth, auth-int", ` +
		`nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ` +
		`opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
	const cnonce7616 = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
	for _, c := range []struct {
		name, challenge, user, password, method, uri, cnonce, want string
	}{
		{"RFC 2617 " +
			"auth", `Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", ` +
			`opaque="5ccc069c403ebaf9f0171e9517f40e41"`,
			"Mufasa", "Circle Of Life", "GET", "/dir/index.html", "0a4f113b", "6629fae49393a05397450978507c4ef1"},
		{"RFC 2069 form", `Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"`,
			"Mufasa", "Circle Of Life", "GET", "/dir/index.html", "", "670fd8c2df070c60b045671b8b24ff02"},
		{"RFC 7616 MD5", "Digest algorithm=MD5, " + realm7616, "Mufasa", "Circle of Life", "GET", "/dir/index.html", cnonce7616,
			"8ca523f5e9506fed4657c9700eebdbec"},
		{"RFC 7616 SHA-256", "Digest algorithm=SHA-256, " + realm7616, "Mufasa", "Circle of Life", "GET", "/dir/index.html",
			cnonce7616, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"},
		{"RFC 7616 " +
			"SHA-512-256", `Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, ` +
			`nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", ` +
			`opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true`,
			"J\u00e4s\u00f8n Doe", "Secret, or not?", "GET", "/doe.json", "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
			"3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := New(Config{Username: c.user, Password: c.password, UserHash: true, Realm: param(c.challenge, "realm")})
			if err := client.Challenged(Challenge{From: Server, Values: []string{c.challenge}, Method: c.method}); err != nil {
				t.Fatal(err)
			}
			client.realms[0].cnonce = c.cnonce
			fields, err := client.Authorize(c.method, c.uri, nil)
			if err != nil || len(fields) != 1 {
				t.Fatalf("got %v, %v, want one field", fields, err)
			}
			if got := param(fields[0].Value, "response"); got != c.want {
				t.Errorf("response %s, want %s", got, c.want)
			}
			if strings.Contains(c.challenge, "userhash") {
				const want = "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"
				if got := param(fields[0].Value, "username"); got != want || param(fields[0].Value, "userhash") != "true" {
					t.Errorf("hashed user name %s, want %s", got, want)
				}
			}
		})
	}
}

const (
	md5Offer    = `Digest realm="example.com", nonce="n1", qop="auth", algorithm=MD5`
	sha256Offer = `Digest realm="example.com", nonce="n2", qop="auth", algorithm=SHA-256`
	sha512Offer = `Digest realm="example.com", nonce="n3", qop="auth", algorithm=SHA-512-256`
)

func newClient() *Client {
	return New(Config{Username: "1001", Password: "correct", Domain: "example.com"})
}

func authorize(t *testing.T, c *Client, method string, body []byte) string {
	t.Helper()
	fields, err := c.Authorize(method, "sip:example.com", body)
	if err != nil || len(fields) != 1 {
		t.Fatalf("Authorize gives %d fields and %v, want one", len(fields), err)
	}
	return fields[0].Value
}

func TestStrongestAlgorithmWins(t *testing.T) {
	for _, c := range []struct{ name, want, why string }{
		{md5Offer + "|" + sha256Offer + "|" + sha512Offer, "SHA-512-256", "of three fields the strongest"},
		{sha512Offer + "|" + md5Offer, "SHA-512-256", "order does not matter"},
		{md5Offer + ", " + sha256Offer, "SHA-256", "several challenges in one field"},
		{md5Offer, "MD5", "MD5 where nothing better was ever offered"},
		{md5Offer + "|" + `Digest realm="example.com", nonce="n9", algorithm=SHA3-512`, "MD5",
			"an unknown algorithm is passed over"},
		{md5Offer + "|" + `Digest realm="example.com", nonce="n9", algorithm=SHA-256, qop="other"`, "MD5",
			"an unknown qop is passed over"},
		{"Digest |" + sha256Offer, "SHA-256", "a malformed challenge does not spoil the others"},
		{`Bearer realm="example.com"|` + sha256Offer, "SHA-256", "digest beside bearer"},
	} {
		client := newClient()
		if err := client.asked(Server, strings.Split(c.name, "|"), 0); err != nil {
			t.Errorf("%s: %v", c.why, err)
			continue
		}
		if got := param(authorize(t, client, "REGISTER", nil), "algorithm"); got != c.want {
			t.Errorf("%s: got %s, want %s", c.why, got, c.want)
		}
	}
}

func TestRefusedChallenges(t *testing.T) {
	for _, c := range []struct {
		value string
		want  error
		why   string
	}{
		{`Bearer realm="x", scope="sip"`, ErrBearer, "only a token would do"},
		{`Basic realm="x"`, ErrUnsupported, "basic is not for SIP"},
		{`Digest realm="x", nonce="n", algorithm=AKAv1-MD5`, ErrUnsupported, "unknown algorithm"},
		{`Digest realm="x", nonce="n", qop="other"`, ErrUnsupported, "unknown qop"},
		{`Digest realm="x"`, ErrMalformed, "no nonce"},
		{`Digest nonce="n"`, ErrMalformed, "no realm"},
		{`Digest realm="x", nonce="n", nonce="m"`, ErrMalformed, "a parameter twice"},
		{"Digest realm=\"x\", nonce=\"a\rb\"", ErrMalformed, "a control character"},
		{`Digest realm="x`, ErrMalformed, "a quote that does not end"},
		{``, ErrMalformed, "nothing"},
	} {
		if err := newClient().asked(Server, []string{c.value}, 0); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.why, err, c.want)
		}
	}
	pinned := New(Config{Username: "1001", Password: "correct", Realm: "example.org"})
	if err := pinned.asked(Server, []string{md5Offer}, 0); !errors.Is(err, ErrRealm) {
		t.Errorf("challenge of a realm other than the configured one: got %v, want %v", err, ErrRealm)
	}
	if err := New(Config{}).asked(Server, []string{md5Offer}, 0); !errors.Is(err, ErrCredentials) {
		t.Errorf("no user name: got %v, want %v", err, ErrCredentials)
	}
}

func TestDowngradeIsRefused(t *testing.T) {
	client := newClient()
	if err := client.asked(Server, []string{sha256Offer, md5Offer}, 0); err != nil {
		t.Fatal(err)
	}
	client.Forget()
	if err := client.asked(Server, []string{md5Offer}, 0); !errors.Is(err, ErrDowngrade) {
		t.Errorf("MD5 alone after SHA-256, even over a new connection: got %v, want %v", err, ErrDowngrade)
	}
	if err := client.asked(Proxy, []string{md5Offer}, 0); !errors.Is(err, ErrDowngrade) {
		t.Errorf("the pin holds for the realm whoever challenges: got %v, want %v", err, ErrDowngrade)
	}
	for _, name := range []string{"example.com ", "Example.com", "example.net", ""} {
		other := strings.Replace(md5Offer, "example.com", name, 1)
		if err := client.asked(Server, []string{other}, 0); !errors.Is(err, ErrDowngrade) {
			t.Errorf("the pin is the account's, whatever realm is named, here %q: got %v, want %v", name, err, ErrDowngrade)
		}
	}
}

func TestNonceCountAndStale(t *testing.T) {
	client := newClient()
	if got, err := client.Authorize("REGISTER", "sip:example.com", nil); len(got) != 0 || err != nil {
		t.Fatalf("before a challenge: got %v, %v, want nothing", got, err)
	}
	step := func(why, value string, tried int, want error) {
		t.Helper()
		if err := client.asked(Server, []string{value}, tried); !errors.Is(err, want) {
			t.Fatalf("%s: got %v, want %v", why, err, want)
		}
	}
	count := func(why, want string) {
		t.Helper()
		if got := param(authorize(t, client, "REGISTER", nil), "nc"); got != want {
			t.Fatalf("%s: nc %s, want %s", why, got, want)
		}
	}
	step("first challenge", md5Offer, 0, nil)
	count("first use", "00000001")
	count("second use of the same nonce", "00000002")
	step("a stale nonce", strings.Replace(md5Offer, "n1", "n4", 1)+", stale=TRUE", 1, nil)
	count("a new nonce counts anew", "00000001")
	step("a new request, nonce expired without a word", strings.Replace(md5Offer, "n1", "n5", 1), 0, nil)
	count("a new nonce counts anew", "00000001")
	step("the same nonce for another request", strings.Replace(md5Offer, "n1", "n5", 1), 0, nil)
	count("the same nonce goes on counting", "00000002")
	step("refused again", strings.Replace(md5Offer, "n1", "n6", 1), 1, ErrRefused)
	step("stale for ever", strings.Replace(md5Offer, "n1", "n7", 1)+", stale=true", maxTried, ErrRefused)
}

func TestProxyAndServerForOneRequest(t *testing.T) {
	client := newClient()
	if err := client.asked(Proxy, []string{`Digest realm="proxy", nonce="p"`}, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Authorize("INVITE", "sip:1002@example.com", nil); err != nil {
		t.Fatal(err)
	}
	if err := client.Challenged(Challenge{From: Server, Values: []string{md5Offer}, Method: "INVITE", Tried: 1}); err != nil {
		t.Fatalf("a server behind a proxy challenges for the first time: %v", err)
	}
	fields, err := client.Authorize("INVITE", "sip:1002@example.com", nil)
	if err != nil || len(fields) != 2 || fields[0].Name != "Proxy-Authorization" || fields[1].Name != "Authorization" {
		t.Errorf("got %d fields, %v, want both kinds", len(fields), err)
	}
}

func TestAuthIntCoversTheBody(t *testing.T) {
	response := func(qop, body string) string {
		client := New(Config{Username: "1001", Password: "correct", Rand: strings.NewReader(strings.Repeat("r", 64))})
		if err := client.asked(Server, []string{`Digest realm="x", nonce="n", qop="` + qop + `"`}, 0); err != nil {
			t.Fatal(err)
		}
		value := authorize(t, client, register, []byte(body))
		if want := qop; qop != "auth,auth-int" && param(value, "qop") != want {
			t.Errorf("qop %s, want %s", param(value, "qop"), want)
		}
		return param(value, "response")
	}
	if response("auth-int", "one") == response("auth-int", "two") {
		t.Error("auth-int must depend on the body")
	}
	if response("auth", "one") != response("auth", "two") {
		t.Error("auth must not depend on the body")
	}
	if response("auth,auth-int", "one") != response("auth", "one") {
		t.Error("auth is preferred: bodies change on the way")
	}
}

func TestHA1InPlaceOfPassword(t *testing.T) {
	md5, _ := lookup("MD5")
	ha1 := md5.sum("1001:example.com:correct")
	client := New(Config{Username: "1001", HA1: map[string]string{"md5": strings.ToUpper(ha1)},
		Rand: strings.NewReader(strings.Repeat("r", 64))})
	if err := client.asked(Server, []string{sha256Offer, md5Offer}, 0); err != nil {
		t.Fatalf("the strongest challenge that there is an HA1 for: %v", err)
	}
	same := New(Config{Username: "1001", Password: "correct", Rand: strings.NewReader(strings.Repeat("r", 64))})
	if err := same.asked(Server, []string{md5Offer}, 0); err != nil {
		t.Fatal(err)
	}
	if got, want := authorize(t, client, "REGISTER", nil), authorize(t, same, "REGISTER", nil); got != want {
		t.Errorf("got %s, want what the password gives: %s", got, want)
	}
	if err := client.asked(Server, []string{strings.Replace(sha512Offer, "example.com", "x", 1)}, 0); !errors.Is(err,
		ErrCredentials) {
		t.Errorf("no HA1 for the algorithm: got %v, want %v", err, ErrCredentials)
	}
}

func TestSessionAlgorithm(t *testing.T) {
	client := New(Config{Username: "1001", Password: "correct"})
	if err := client.asked(Server, []string{`Digest realm="x", nonce="n", qop="auth", algorithm=SHA-256-sess`}, 0); err != nil {
		t.Fatal(err)
	}
	first, second := authorize(t, client, "REGISTER", nil), authorize(t, client, "REGISTER", nil)
	if a, b := param(first, "cnonce"), param(second, "cnonce"); a != b || len(a) != 32 {
		t.Errorf("cnonce %q then %q, want one of 32 digits for the session", a, b)
	}
	sha, _ := lookup("SHA-256")
	ha1 := sha.sum(sha.sum("1001:x:correct") + ":n:" + param(first, "cnonce"))
	want := sha.sum(ha1 + ":n:00000001:" + param(first, "cnonce") + ":auth:" + sha.sum("REGISTER:sip:example.com"))
	if got := param(first, "response"); got != want {
		t.Errorf("response %s, want %s", got, want)
	}
}

func TestAuthenticationInfo(t *testing.T) {
	client := newClient()
	if err := client.asked(Server, []string{md5Offer}, 0); err != nil {
		t.Fatal(err)
	}
	value := authorize(t, client, "REGISTER", nil)
	md5, _ := lookup("MD5")
	proof := md5.sum(md5.sum("1001:example.com:correct") + ":n1:00000001:" + param(value, "cnonce") + ":auth:" +
		md5.sum(":sip:example.com"))
	if err := client.Info(Server, `rspauth="`+strings.Repeat("0", 32)+`", nextnonce="evil"`, nil); !errors.Is(err, ErrServer) {
		t.Errorf("wrong rspauth: got %v, want %v", err, ErrServer)
	}
	if client.realms[0].nonce != "n1" {
		t.Error("a server that proves nothing must not set the nonce")
	}
	info := `qop=auth, rspauth="` + proof + `", cnonce="` + param(value, "cnonce") + `", nc=00000001, nextnonce="n8"`
	if err := client.Info(Server, info, nil); err != nil {
		t.Fatalf("right rspauth: %v", err)
	}
	value = authorize(t, client, "REGISTER", nil)
	if param(value, "nonce") != "n8" || param(value, "nc") != "00000001" {
		t.Errorf("after nextnonce: nonce %s nc %s, want n8 and 00000001", param(value, "nonce"), param(value, "nc"))
	}
	if err := client.Info(Server, `nextnonce="unclosed`, nil); !errors.Is(err, ErrMalformed) {
		t.Errorf("got %v, want %v", err, ErrMalformed)
	}
	if err := client.Info(Proxy, `nextnonce="n9"`, nil); err != nil || client.realms[0].nonce != "n8" {
		t.Errorf("a proxy that never challenged changes nothing: %v", err)
	}
}

func TestQuotesAreEscaped(t *testing.T) {
	client := New(Config{Username: `a"b\c`, Password: "correct"})
	if err := client.asked(Server, []string{`Digest realm="say \"hi\"", nonce="n\\1"`}, 0); err != nil {
		t.Fatal(err)
	}
	value := authorize(t, client, "REGISTER", nil)
	for _, want := range []string{`username="a\"b\\c"`, `realm="say \"hi\""`, `nonce="n\\1"`} {
		if !strings.Contains(value, want) {
			t.Errorf("%s is missing in %s", want, value)
		}
	}
	if _, err := client.Authorize("REGISTER", "sip:x\r\nEvil: 1", nil); err == nil {
		t.Error("a line break in the URI must be refused")
	}
}

// FuzzChallenged feeds any text as a challenge: nothing panics, no error tells the password, and what comes out is one line.
func FuzzChallenged(f *testing.F) {
	f.Add(md5Offer, `nextnonce="x"`)
	f.Add(sha256Offer+", "+md5Offer, `rspauth="00", nc=00000001`)
	f.Add(`Digest realm="a\"b", nonce="\\", qop=auth-int, userhash=true, algorithm=MD5-sess`, "")
	f.Fuzz(func(t *testing.T, challenge, info string) {
		const password = "p455w0rd-never-shown"
		client := New(Config{Username: "1001", Password: password, UserHash: true})
		check := func(s string) {
			if strings.Contains(s, password) || strings.ContainsAny(s, "\r\n\x00") {
				t.Fatalf("%q", s)
			}
		}
		for tried := range 3 {
			if err := client.asked(Server, []string{challenge}, tried); err != nil {
				check(err.Error())
			}
			fields, err := client.Authorize("REGISTER", "sip:example.com", nil)
			if err != nil {
				check(err.Error())
			}
			for _, h := range fields {
				check(h.Value)
				if r := param(h.Value, "response"); !strings.Contains(h.Value, `\`) {
					if _, err := hex.DecodeString(r); err != nil || r == "" {
						t.Fatalf("response %q in %q", r, h.Value)
					}
				}
			}
			if err := client.Info(Server, info, nil); err != nil {
				check(err.Error())
			}
		}
	})
}
