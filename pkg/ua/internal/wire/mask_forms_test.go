package wire

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestMaskShowsAndHides: SECRET is what must not be seen, in each row all else must.
func TestMaskShowsAndHides(t *testing.T) {
	for _, c := range []struct{ text, why string }{
		{"Authorization: Digest username*=UTF-8''1001, realm=x, charset=UTF-8, userhash=false, domain=\"sip:x\", stale=FALSE, " +
			"nc=00000001, qop=auth-int, algorithm=SHA-256, uri=\"sip:x\", nonce=SECRET", "each harmless parameter of RFC 7616"},
		{`WWW-Authenticate: Bearer scope="sip", authz_server="https://x", error="invalid_token", realm=x`, "RFC 8898"},
		{"Proxy-Authenticate: Basic realm=x", "basic"}, {"Authorization: Basic SECRET", "its answer"},
		{"Authorization: Negotiate SECRET", "RFC 4559"}, {"Proxy-Authorization: NTLM SECRET", "NTLM"},
		{"Authorization: Bearer SECRET", "a token"}, {"Authorization: Digest SECRET", "a word alone"},
		{"Authorization: Digest Bearer SECRET", "two schemes"},
		{"WWW-Authenticate: Digest nonce=SECRET, realm=x", "each name"},
		{"Proxy-Authenticate: Digest opaque=SECRET", "each name"},
		{"Authentication-Info: nextnonce=SECRET, qop=auth", "each name"},
		{"Proxy-Authentication-Info: rspauth=SECRET, nc=1", "each name"},
		{"X-Authorization: Digest nonce=SECRET", "a name that ends like it"},
		{"authorization : SECRET", "a blank before the colon"},
		{"Authorization\r\n : SECRET", "a fold before the colon"},
		{"Authorization:\r\n\tBearer\r\n \r\n\tSECRET\r\nX: y", "folds"},
		{"Authorization: Bearer\n SECRET\nX: y", "folds of a line feed"}, {"Authorization: Bearer\r SECRET\rX: y", "of a return"},
		{"GET x?access_token=SECRET&y=z", "RFC 6750"}, {"x;nonce=SECRET;y", "a parameter elsewhere"},
		{"x, cnonce = \"SECRET\" , y", "with blanks"}, {"<a nonce='SECRET'>", "quotes of XML"},
		{"{response=SECRET}", "braces"}, {"nonce=SECRET>x", "a bracket ends it"}, {"opaque=SECRET&x", "so does an ampersand"},
		{"nonce=SECRET\tx", "a tab"}, {"nonce=SECRET\r\nx", "a line break"},
		{"sip:a:SECRET@b", "a password"}, {"sips:a:SECRET@b;x=y?z", "of sips"}, {"SIP:a:SECRET@b", "in capitals"},
		{"'sip:a:SECRET@b'", "in other quotes"}, {"%3Csip:a:SECRET@b", "behind an escape"}, {"+sip:a:SECRET@b", "behind a sign"},
		{"\"sip:a:SECRET@b\"", "in quotes"}, {"sip :a:SECRET@b", "a blank"},
		{"sip:a:SECRET@SECRET@b", "an @ in the password, which should be escaped"},
		{"sip:a:SECRET:SECRET@b:5060", "a colon in it"}, {"<sip:a:SECRET@b>,<sip:c:SECRET@d>", "two in a list"},
		{"sip:us@er:SECRET@b", "an @ in the user"}, {"sip:a:SECRET@b<sip:c:SECRET@d", "a bracket between two"},
		{"sip:b:5060;x=y", "a port"}, {"sip:b:5060 a@b", "an @ behind a blank"}, {"sip:b:5060>a@b", "behind a bracket"},
		{"sip:a@b:5060", "a port behind a user"}, {"sip:a", "nothing behind"}, {"sip:", "nothing at all"}, {"sip", "a word"},
		{"sip:a:", "no end"}, {"sip:a:b", "no @"}, {"a:b@c", "no scheme"}, {"gs:ip:b@c", "another scheme"},
		{"a=ice-pwd:SECRET\r\na=ice-ufrag:x", "ICE"}, {"a=ice-pwd : SECRET", "with blanks"}, {"ice-pwd:SECRET\nx", "a line feed"},
		{"a=crypto:1 AES_CM_128_HMAC_SHA1_80 SECRET", "SDES"}, {"a=crypto: 1  AES  SECRET SECRET\r\nx", "SDES with blanks"},
		{"inline:SECRET\r\nx", "its key alone"}, {"xinline:SECRET", "also behind something"},
		{"k=SECRET\r\nx", "the key of SDP, first"}, {"a=x\nk=SECRET", "on a line"},
		{"a=x\rk=SECRET", "on a line of another kind"},
		{"K = SECRET", "in capitals, with blanks"}, {"ak=x", "another name"}, {"a k=x", "not at the start of a line"},
		{"k:x", "no key"}, {"response: x", "a header of that name"}, {"nonce", "a word at the end"}, {"nonce ", "and a blank"},
		{"ice-pwd=x crypto=x sip=x inline=x", "equal signs in place of colons"}, {"authorization x", "neither"},
		{"authorization=SECRET&x", "in a URI"}, {"authorization=SECRET\r\nx", "to the end of the line"},
		{"%41uthorization=SECRET&x", "escaped, as it may stand in a URI (RFC 3261 section 19.1.4)"},
		{"X: \u00e9nonce=SECRET", "behind a letter of another alphabet"},
	} {
		stars := strings.Repeat("*", len("SECRET"))
		want := strings.ReplaceAll(c.text, "SECRET", stars)
		want = strings.ReplaceAll(want, stars+":"+stars, stars+"*"+stars)
		want = strings.ReplaceAll(want, stars+"@"+stars, stars+"*"+stars)
		want = strings.ReplaceAll(want, "'"+stars+"'", "*"+stars+"*") // these are no quotes of SIP
		got := string(Mask([]byte(c.text)))
		want = strings.ReplaceAll(want, "="+stars+"}", "="+stars+"*") // nor is a brace a separator
		if got != want {
			t.Errorf("%s:\ngot  %q\nwant %q", c.why, got, want)
		}
	}
}

// TestMaskOfBrokenHeaders: where the syntax is lost, so is what could have been shown.
func TestMaskOfBrokenHeaders(t *testing.T) {
	for text, want := range map[string]string{
		"Authorization: Digest <ab>{cd}, realm=x":           "Authorization: Digest ********, realm=x",
		"Authorization: Digest = realm=x":                   "Authorization: ****** = *******",
		"Authorization: Digest \x00(ab);realm=x":            "Authorization: Digest ******realm=x",
		"Authorization: Digest realm=\"authorization: ab\"": "Authorization: Digest realm=\"************** **\"",
		"Authorization: Digest realm=x authorization: ab":   "Authorization: Digest realm=x ************** **",
		"Authorization: Digest ab=\"c,d\", uri=e":           "Authorization: Digest **=\"***\", uri=e",
		"Authorization: Digest ab=":                         "Authorization: Digest **=",
		"a=crypto:":                                         "a=crypto:",
		"a=crypto:1":                                        "a=crypto:1",
		"a=crypto:1 A\r\nb":                                 "a=crypto:1 A\r\nb",
		"k=":                                                "k=",
	} {
		if got := string(Mask([]byte(text))); got != want {
			t.Errorf("%q is shown as\n%q, want\n%q", text, got, want)
		}
	}
}

// TestMaskedHeaderEndsWhereParseEndsIt: what Parse takes for the value of an authentication header is hidden to its end, and the
// next header is shown.
func TestMaskedHeaderEndsWhereParseEndsIt(t *testing.T) {
	for _, breaks := range []string{"\r\n ", "\r\n\t", "\n ", "\r ", "\n", "\r", "\r\r\n ", "\n\r\n ", "\r\n \r\n ", "\n\n",
		"\r\r", "\x0b", " "} {
		data := invite("Authorization: Bearer"+breaks+secret, "X-Next: seen")
		msg, err := Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		whole := false
		for _, f := range Fields(msg) {
			whole = whole || f.Name == "Authorization" && strings.Contains(f.Value, secret)
		}
		if !whole {
			t.Fatalf("%q: the secret is not in the value: %v", breaks, Fields(msg))
		}
		if out := Mask(data); bytes.Contains(out, []byte(secret)) || !bytes.Contains(out, []byte("X-Next: seen")) {
			t.Errorf("%q: %q", breaks, out)
		}
	}
	// Where each line ends in a line feed alone, the value does too.
	for _, text := range []string{"Authorization: Bearer SECRET\nX-Next: seen", "Authorization: Bearer SECRET\n\nv=0\no=seen",
		"Authorization: Bearer SECRET\nX-Next : seen"} {
		if got, want := string(Mask([]byte(text))), strings.Replace(text, "SECRET", "******", 1); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestMaskLosesNothing: it changes no octet but to an asterisk, none outside secrets, and masks nothing twice.
func TestMaskLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SampledFrom([]string{"nonce", "response", "Authorization", "sip", "k", "a=crypto", "ice-pwd", "realm",
			"Digest", "x",
			"=", ":", "\"", ",", ";", "@", "<", ">", " ", "\r\n", "\r\n ", "\n", "\r", "\\", "%41", "\x00", "\xff", "\u00e9",
			"", "\t"})
		data := []byte(strings.Join(rapid.SliceOfN(words, 0, 30).Draw(t, "words"), ""))
		before := slices.Clone(data)
		out := Mask(data)
		if len(out) != len(data) || !bytes.Equal(before, data) {
			t.Fatalf("%q became %q", data, out)
		}
		for i := range out {
			if out[i] != data[i] && (out[i] != '*' || bytes.IndexByte([]byte(" \t\r\n"), data[i]) >= 0) {
				t.Fatalf("%q became %q: at %d", data, out, i)
			}
		}
		for _, span := range Nonces(data) {
			if span[0] > span[1] || span[1] > len(data) {
				t.Fatalf("%q: a nonce at %v", data, span)
			}
			if value := out[span[0]:span[1]]; bytes.Trim(value, "* \t\r\n\"") != nil && len(bytes.Trim(value, "* \t\r\n\"")) > 0 {
				t.Fatalf("%q: the nonce %q is shown as %q", data, data[span[0]:span[1]], value)
			}
		}
	})
}

// TestMaskedMessagesOfProducts: of a real message only secrets are hidden, and it is read as before.
func TestMaskedMessagesOfProducts(t *testing.T) {
	for _, c := range products {
		data := []byte(strings.ReplaceAll(strings.TrimPrefix(c.text, "\n"), "\n", "\r\n"))
		out := Mask(data)
		hidden := bytes.Count(out, []byte("*")) - bytes.Count(data, []byte("*"))
		if want := strings.Contains(c.text, "nonce="); (hidden > 0) != want {
			t.Errorf("%s: %d octets are hidden:\n%s", c.name, hidden, out)
		}
		if bytes.Contains(out, []byte("1764470000")) {
			t.Errorf("%s: a nonce is shown:\n%s", c.name, out)
		}
		msg := mustParse(t, out)
		for _, name := range []string{"From", "To", "Call-ID", "Contact"} {
			if line := first(msg, name); line != nil && strings.Contains(line.Value(), "**") {
				t.Errorf("%s: %s", c.name, line.Value())
			}
		}
	}
}

// TestPlacesOfNonces: with and without quotes, whatever the case, and never those of other names.
func TestPlacesOfNonces(t *testing.T) {
	for text, want := range map[string][]string{
		`nonce="a"`: {"a"}, `NONCE=a,b`: {"a"}, `nonce = "a b" `: {"a b"}, "nonce=\r\n \"a\"": {"a"}, `nonce="a`: {`"a`},
		`nonce=""`: {""},
		`nonce=`:   {""}, `nonce`: nil, `nonce "a"`: nil, `xnonce=a`: nil, `cnonce=a`: nil, `nonce-count=1`: nil,
		`nextnonce=a;nonce=b`: {"a", "b"},
		`nonce="a\"b", x`:     {`a\"b`}, `nonce=nonce=x`: {"nonce=x"}, "nonce=a": {"a"},
	} {
		var got []string
		for _, span := range Nonces([]byte(text)) {
			got = append(got, text[span[0]:span[1]])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: nonces %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]int{`rspauth="a"`: 1, `RSPAUTH=a, rspauth=b`: 2, `xrspauth=a`: 0, "": 0, "rspauth": 1} {
		if got := Proofs([]byte(text)); len(got) != want {
			t.Errorf("%s: proofs at %v", text, got)
		}
	}
}
