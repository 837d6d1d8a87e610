package wire

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMask(t *testing.T) {
	for _, c := range []struct{ in, want, why string }{
		{`Authorization: Digest username="1001", realm="x, y", nonce="SECRET", uri="sip:x", response="SECRET", algorithm=MD5, ` +
			`cnonce="SECRET", opaque="SECRET", qop=auth, nc=00000001`,
			`Authorization: Digest username="1001", realm="x, y", nonce="******", uri="sip:x", response="******", ` +
				`algorithm=MD5, cnonce="******", opaque="******", qop=auth, nc=00000001`, "digest"},
		{"PROXY-authorization  :\r\n Digest\tRESPONSE\t=\r\n\t\"SE\r\n CRET\" ,nonce=SECRET\r\nX: y",
			"PROXY-authorization  :\r\n Digest\tRESPONSE\t=\r\n\t\"**\r\n ****\" ,nonce=******\r\nX: y",
			"folding, odd case, no quotes"},
		{`WWW-Authenticate: Digest realm="x", nonce="SECRET", stale=true, Bearer scope="sip"`,
			`WWW-Authenticate: Digest realm="x", nonce="******", stale=true, Bearer scope="sip"`, "two challenges"},
		{`Authorization: Bearer SECRET.SE-CRET_==`, `Authorization: Bearer ***************=*`, "bearer"},
		{"Authorization: SECRET", "Authorization: ******", "no scheme"},
		{`Authentication-Info: nextnonce="SECRET", rspauth="SECRET", cnonce="SECRET", nc=1`,
			`Authentication-Info: nextnonce="******", rspauth="******", cnonce="******", nc=1`, "info"},
		{`Authorization: Digest response="SEC\"RET`, `Authorization: Digest response="********`, "unbalanced quote"},
		{`Authorization: Digest realm="x, response="SECRET"`, `Authorization: Digest realm="x, response="******"`,
			"unbalanced quote in front"},
		{`Authorization: Digest realm="x, response=SECRET`, `Authorization: Digest realm="** ***************`,
			"a quote that swallows a secret"},
		{`Authorization: Digest realm="a, response=SECRET, x="b"`, `Authorization: Digest realm="a, response=******, x="*"`,
			"a secret inside a quoted value"},
		{`Authorization: Digest token="SECRET"`, `Authorization: Digest *****="******"`, "an unknown parameter"},
		{`x Authorization: Digest nonce=SECRET`, `x Authorization: Digest nonce=******`, "garbage in front of the name"},
		{"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRET|2^20\r\na=x",
			"a=crypto:1 AES_CM_128_HMAC_SHA1_80 ******************\r\na=x", "SDES"},
		{"A=ICE-PWD:SECRET\r\na=ice-ufrag:abc", "A=ICE-PWD:******\r\na=ice-ufrag:abc", "ICE password"},
		{"m=x\r\nk=base64:SECRET\r\n", "m=x\r\nk=*************\r\n", "k="},
		{"Refer-To: <sip:a@b?Authorization=Digest%20SECRET&x=y>", "Refer-To: <sip:a@b?Authorization=***************&x=y>",
			"in a URI"},
		{"To: <sip:a:SECRET@b:5060;x=y>", "To: <sip:a:******@b:5060;x=y>", "URI password"},
		{"Contact: <sip:host:5060>, <sip:a@b>", "Contact: <sip:host:5060>, <sip:a@b>", "a port is not a password"},
		{"Subject: the response is fine", "Subject: the response is fine", "a word in a text"},
		{"", "", "nothing"},
	} {
		in := []byte(c.in)
		if got := string(Mask(in)); got != c.want {
			t.Errorf("%s:\ngot  %q\nwant %q", c.why, got, c.want)
		}
		if string(in) != c.in {
			t.Errorf("%s: Mask changed its argument", c.why)
		}
	}
}

const secret = "S3cr3tS3cr3tS3cr3t"

// anyCase changes the case of letters, and blank draws white space with or without a fold.
func anyCase(t *rapid.T, s string) string {
	b := []byte(s)
	for i := range b {
		if rapid.Bool().Draw(t, "case") && 'a' <= b[i]|0x20 && b[i]|0x20 <= 'z' {
			b[i] ^= 0x20
		}
	}
	return string(b)
}

func blank(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", " ", "\t", "\r\n ", " \r\n\t", "\n "}).Draw(t, "blank")
}

// TestMaskLetsNoSecretThrough hides a secret in every place that has one, in odd forms, with garbage around it.
func TestMaskLetsNoSecretThrough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var m string
		q := rapid.SampledFrom([]string{`"`, ""}).Draw(t, "quote")
		end := rapid.SampledFrom([]string{q, ""}).Draw(t, "closing quote")
		switch rapid.IntRange(0, 4).Draw(t, "place") {
		case 0:
			header := anyCase(t, rapid.SampledFrom([]string{"Authorization", "Proxy-Authorization", "WWW-Authenticate",
				"Proxy-Authenticate", "Authentication-Info"}).Draw(t, "header"))
			name := anyCase(t, rapid.SampledFrom([]string{"response", "cnonce", "nonce", "opaque", "nextnonce", "rspauth",
				"unknown"}).Draw(t, "name"))
			before := rapid.SampledFrom([]string{"", `realm="x", `, `realm="x`, `,;=`, "\x00", `uri=sip:x,`,
				`username="a\"b"`}).Draw(t, "before")
			if strings.EqualFold(name, "unknown") && strings.HasSuffix(before, `"x`) {
				before = "" // an unknown name inside an open quote is part of the realm
			}
			m = header + rapid.SampledFrom([]string{"", " ", "\t"}).Draw(t, "gap") + ":" + blank(t) + anyCase(t,
				"Digest") + " " + before + blank(t) + name + blank(t) + "=" + blank(t) + q + secret + end
		case 1:
			m = anyCase(t, "Authorization") + ":" + blank(t) + anyCase(t, "Bearer") + " " + blank(t) + secret
		case 2:
			m = anyCase(t, "a=ice-pwd") + ":" + secret
		case 3:
			m = anyCase(t, "a=crypto:") + "1 AES_CM_128_HMAC_SHA1_80 " + anyCase(t, "inline:") + secret + "|2^20|1:4;inline:" +
				secret
		case 4:
			m = anyCase(t, rapid.SampledFrom([]string{"response", "cnonce", "nonce", "opaque", "nextnonce", "rspauth"}).Draw(t,
				"name")) + blank(t) + "=" + blank(t) + q + secret + end
		}
		garbage := rapid.StringOfN(rapid.RuneFrom([]rune("a \r\n:\"=,;<>\x00\u00e9")), 0, 12, -1)
		// What follows starts on a line of its own, so that the generator cannot make the secret part of another word.
		data := []byte(garbage.Draw(t, "front") + "\r\n" + m + "\r\n" + garbage.Draw(t, "back"))
		out := Mask(data)
		if bytes.Contains(bytes.ToLower(out), []byte(strings.ToLower(secret))) {
			t.Fatalf("%q shows the secret: %q", data, out)
		}
		if len(out) != len(data) || bytes.Count(out, []byte("\r\n")) != bytes.Count(data, []byte("\r\n")) {
			t.Fatalf("%q lost its shape: %q", data, out)
		}
	})
}

// FuzzMask splices a secret into an authentication header of fuzzed surroundings.
func FuzzMask(f *testing.F) {
	f.Add("INVITE sip:x SIP/2.0\r\n", `realm="x", `, `, nc=1`)
	f.Add("", `realm="`, `"`)
	f.Add("\xff", "\r\n ,=", "")
	f.Fuzz(func(t *testing.T, front, before, after string) {
		if strings.ContainsAny(before, "\r\n") {
			before = "" // the header may end there, and then no parameter follows
		}
		data := []byte(front + "\r\nAuthorization: Digest " + before + ` response="` + secret + `"` + after)
		if out := Mask(data); bytes.Contains(out, []byte(secret)) || len(out) != len(data) {
			t.Fatalf("%q: %q", data, out)
		}
	})
}

func TestNoncesAreFoundWhereTheyStand(t *testing.T) {
	const msg = "SIP/2.0 401 x\r\nWWW-Authenticate: Digest realm=\"nonce\", Nonce = \"a\\\"b\", cnonce=\"no\", " +
		"opaque=\"no\"\r\n" +
		"Authentication-Info: nextnonce=plain, rspauth=\"no\", nonce=\"\"\r\n\r\nnonce"
	var got []string
	for _, span := range Nonces([]byte(msg)) {
		got = append(got, msg[span[0]:span[1]])
	}
	if want := []string{`a\"b`, "plain", ""}; !slices.Equal(got, want) {
		t.Errorf("nonces %q, want %q", got, want)
	}
	if spans := Proofs([]byte(msg)); len(spans) != 1 || msg[spans[0][0]:spans[0][1]] != "rspauth" {
		t.Errorf("proofs at %v", spans)
	}
	for i := range len(msg) {
		Nonces([]byte(msg[:i]))
		Proofs([]byte(msg[i:]))
	}
}
