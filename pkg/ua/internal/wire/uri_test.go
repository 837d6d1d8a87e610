package wire

import (
	"fmt"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
	"pgregory.net/rapid"
)

// parts lists what a URI was read into, in one line.
func parts(u sip.Uri) string {
	list := []string{u.Scheme}
	add := func(name, value string) {
		if value != "" && value != "0" {
			list = append(list, name+"="+value)
		}
	}
	add("user", u.User)
	add("pass", u.Password)
	add("host", u.Host)
	add("port", fmt.Sprint(u.Port))
	add("params", fmt.Sprint(u.UriParams))
	add("headers", fmt.Sprint(u.Headers))
	add("raw", u.Raw())
	return strings.Join(list, " ")
}

// TestURIsOfTheRFCs reads the examples of RFC 3261 section 19.1.3 and of the RFCs behind it part by part, and writes them as they
// were.
func TestURIsOfTheRFCs(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"sip:alice@atlanta.com", "sip user=alice host=atlanta.com"},
		{"sip:alice:secretword@atlanta.com;transport=tcp",
			"sip user=alice pass=secretword host=atlanta.com params=transport=tcp"},
		{"sips:alice@atlanta.com?subject=project%20x&priority=urgent",
			"sips user=alice host=atlanta.com headers=subject=project%20x&priority=urgent"},
		{"sip:+1-212-555-1212:1234@gateway.com;user=phone",
			"sip user=+1-212-555-1212 pass=1234 host=gateway.com params=user=phone"},
		{"sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com",
			"sip host=atlanta.com params=method=REGISTER headers=to=alice%40atlanta.com"},
		{"sip:alice;day=tuesday@atlanta.com", "sip user=alice;day=tuesday host=atlanta.com"},
		{"sip:j%40s0n@example.com", "sip user=j%40s0n host=example.com"},
		{"sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
			"sip host=biloxi.com params=transport=tcp&method=REGISTER headers=to=sip:bob%40biloxi.com"},
		// RFC 4475 section 3.1.1.13
		{"sip:sips%3Auser%40example.com@example.net", "sip user=sips%3Auser%40example.com host=example.net"},
		// RFC 5118 sections 4.1 and 4.10
		{"sip:[2001:db8::10]", "sip host=[2001:db8::10]"},
		{"sip:user@[2001:db8::10]:5070", "sip user=user host=[2001:db8::10] port=5070"},
		{"sip:user@[2001:db8::192.0.2.1]", "sip user=user host=[2001:db8::192.0.2.1]"},
		// RFC 5627 section 3.1, RFC 7118 section 5
		{"sip:callee@example.com;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
			"sip user=callee host=example.com params=gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"},
		{"sip:tgruu.7hs==jd7vnzga5w7fajsc7-ajd6fabz0f8g5@example.com;gr",
			"sip user=tgruu.7hs==jd7vnzga5w7fajsc7-ajd6fabz0f8g5 host=example.com params=gr"},
		{"sip:alice@df7jal23ls0d.invalid;transport=ws;ob",
			"sip user=alice host=df7jal23ls0d.invalid params=transport=ws&ob"},
		// RFC 3966 section 5, RFC 5031, RFC 4458
		{"tel:+1-201-555-0123", "tel raw=+1-201-555-0123"},
		{"tel:7042;phone-context=example.com", "tel raw=7042;phone-context=example.com"},
		{"urn:service:sos", "urn raw=service:sos"},
		{"soap.beep://192.0.2.103:3002", "soap.beep raw=//192.0.2.103:3002"},
		{"sip:voicemail@example.com;target=sip:bob%40example.com;cause=486",
			"sip user=voicemail host=example.com params=target=sip:bob%40example.com&cause=486"},
	} {
		u, err := ParseURI(c.text)
		if got := parts(u); err != nil || got != c.want {
			t.Errorf("%s is read as\n%s, %v, want\n%s", c.text, got, err, c.want)
		}
		if out, err := URIString(&u); err != nil || out != c.text {
			t.Errorf("%s is written as %s, %v", c.text, out, err)
		}
	}
}

// TestURIsThatAreNone: each fault by its name.
func TestURIsThatAreNone(t *testing.T) {
	for text, want := range map[string]error{
		"": errScheme, ":a@b": errScheme, "a": errScheme, "s ip:a@b": errScheme, "1sip:a": errScheme, "-sip:a": errScheme,
		"sip{:a": errScheme, "sip`:a": errScheme, "s@p:a": errScheme, "s[p:a": errScheme, "\u00e9:a": errScheme,
		"sip:": errHost, "sip:a@": errHost, "sip:@": errURI, "sip::pw@h": errURI, "sip:a:%4@h": errURI, "sip:a%@h": errURI,
		"sip:%4g@h": errURI, "sip:%g4@h": errURI, "sip:a\"@h": errURI, "sip:a<@h": errURI, "sip:a>@h": errURI,
		"sip:a\x7f@h": errURI,
		"sip:a@h x":   errURI, "sip:a@h<": errURI, "sip:a@h:0": errPort, "sip:a@h:65536": errPort, "sip:a@h:00": errPort,
		"sip:a@h:99999999999999999999": errPort, "sip:a@h;=v": errURI, "sip:a@h;a\"b": errURI, "sip:a@h;a=%zz": errURI,
		"sip:a@h?x": errURI, "sip:a@h?=x": errURI, "sip:a@h?a=b c": errURI, "sip:a@[::1": errHost, "sip:a@[]": errHost,
		"sip:a@[192.0.2.1]": errHost, "sip:a@[fe80::1%25eth0]": errHost, "sip:a@[::1]]": errURI, "sip:a@::1": errHost,
		"sip:a@[1:2:3:4:5:6:7:8:9]": errHost, "sip:a@h%41": errURI, "sip:a@\u00fc": errHost,
		"tel:": errURI, "tel:1 2": errURI, "http://x/>": errURI, "http://x/<": errURI, "urn:\x7f": errURI, "urn:\u00fc": errURI,
		"urn:a\tb": errURI, "urn:~": nil, "urn:!": nil, "sip:h:": nil, "sip:a@h;": nil, "sip:a@h;;": nil, "sip:a@h?": nil,
		"s1p+x-y.z:a": nil, "Z:a": nil, "sip:a@h:65535": nil, "sip:a@h:1": nil, "sip:a@h:05060": nil, "sip:_a._b@h_x": nil,
		"sip:a:@h": nil, "sip:a@h?a=&b=": nil,
	} {
		if _, err := ParseURI(text); err != want {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
}

// TestAddressesOfIPv6 (RFC 5118): brackets belong to the reference, zones and IPv4 do not.
func TestAddressesOfIPv6(t *testing.T) {
	for text, want := range map[string]bool{
		"::": true, "::1": true, "2001:db8::10": true, "2001:db8:0:0:0:0:0:1": true, "::ffff:192.0.2.1": true,
		"2001:db8:::192.0.2.1": true, // RFC 5118 section 4.10
		":::192.0.2.1":         true,
		"2001:db8:::1":         false, "2001:db8:::1:192.0.2.1": false,
		":::": false, "": false, "192.0.2.1": false, "fe80::1%eth0": false,
		"::g": false, "1::2::3": false, "12345::": false, "[::1]": false, " ::1": false, "2001:db8:::192.0.2": false,
	} {
		if got := isIPv6(text); got != want {
			t.Errorf("isIPv6(%q) = %v, want %v", text, got, want)
		}
	}
	for _, c := range []struct{ text, bracketed, bare, rest string }{
		{"[::1]", "[::1]", "::1", ""}, {"[::1]:5060;x", "[::1]", "::1", ";x"},
		{"h_1.example-x:5060?", "h_1.example-x", "h_1.example-x", "?"},
		{"192.0.2.1", "192.0.2.1", "192.0.2.1", ""}, {"h:", "h", "h", ""}, {"h:;lr", "h", "h", ";lr"},
		{"h : 5060 x", "h", "h", " x"},
	} {
		for _, brackets := range []bool{true, false} {
			var host string
			var port int
			rest, err := hostPort(&host, &port, c.text, brackets)
			want := c.bare
			if brackets {
				want = c.bracketed
			}
			if err != nil || host != want || rest != c.rest || port != 0 && port != 5060 {
				t.Errorf("%q: host %q, port %d, rest %q, %v, want %q and %q", c.text, host, port, rest, err, want, c.rest)
			}
		}
	}
}

// TestPartsOfAURIAreEscapedWhereTheyStand: one octet has to be escaped in the user part and not in a header, another in turn.
func TestPartsOfAURIAreEscapedWhereTheyStand(t *testing.T) {
	const odd = "a-_.!~*'()&=+$,;?/[]:@#% \"<>\\^`{|}"
	one := sip.HeaderParams{{K: odd, V: odd}}
	for _, c := range []struct {
		uri       sip.Uri
		want, why string
	}{
		{sip.Uri{User: odd, Host: "h"}, "sip:a-_.!~*'()&=+$,;?/%5B%5D%3A%40%23%25%20%22%3C%3E%5C%5E%60%7B%7C%7D@h", "user"},
		{sip.Uri{User: "u", Password: odd, Host: "h"},
			"sip:u:a-_.!~*'()&=+$,%3B%3F%2F%5B%5D%3A%40%23%25%20%22%3C%3E%5C%5E%60%7B%7C%7D@h", "password"},
		{sip.Uri{Host: "h", UriParams: one}, "sip:h;" + "a-_.!~*'()&%3D+$%2C%3B%3F/[]:%40%23%25%20%22%3C%3E%5C%5E%60%7B%7C%7D=" +
			"a-_.!~*'()&%3D+$%2C%3B%3F/[]:%40%23%25%20%22%3C%3E%5C%5E%60%7B%7C%7D", "parameter"},
		{sip.Uri{Host: "h", Headers: one}, "sip:h?" + "a-_.!~*'()%26%3D+$%2C%3B?/[]:%40%23%25%20%22%3C%3E%5C%5E%60%7B%7C%7D=" +
			"a-_.!~*'()%26%3D+$%2C%3B?/[]:%40%23%25%20%22%3C%3E%5C%5E%60%7B%7C%7D", "header"},
		{sip.Uri{Host: "h", Headers: sip.HeaderParams{{K: "a"}, {K: "b", V: "c"}}}, "sip:h?a=&b=c",
			"a header has a value, be it empty"},
		{sip.Uri{Host: "h", UriParams: sip.HeaderParams{{K: "lr"}, {K: "a", V: "b"}, {K: "ob"}}}, "sip:h;lr;a=b;ob",
			"a parameter need not"},
		{sip.Uri{Scheme: "sips", Host: "::1", Port: 65535}, "sips:[::1]:65535", "brackets are added"},
		{sip.Uri{Host: "[::1]", Port: 1}, "sip:[::1]:1", "or stay"},
		{sip.Uri{User: "%41%zz", Host: "h"}, "sip:%41%25zz@h", "escapes stay, a percent sign alone does not"},
		{sip.Uri{User: "\u00e4", Host: "h"}, "sip:%C3%A4@h", "UTF-8"},
	} {
		got, err := URIString(&c.uri)
		if err != nil || got != c.want {
			t.Errorf("%s: got  %s, %v\nwant %s", c.why, got, err, c.want)
		}
		back, err := ParseURI(got)
		if again, _ := URIString(&back); err != nil || again != got {
			t.Errorf("%s: %s is read as %s (%v)", c.why, got, again, err)
		}
	}
}

// TestURIsThatCannotBeWritten: what cannot be escaped is refused, and the fault named.
func TestURIsThatCannotBeWritten(t *testing.T) {
	tel := func(rest string) sip.Uri { u, _ := opaqueURI("tel", rest); return u }
	bent := tel("1")
	bent.Scheme = "t l"
	for _, c := range []struct {
		uri  sip.Uri
		want error
	}{
		{sip.Uri{}, errNoHost}, {sip.Uri{Scheme: "s ip", Host: "h"}, errScheme}, {sip.Uri{Host: "a b"}, errHost},
		{sip.Uri{Host: "a\r\nb"}, errHost}, {sip.Uri{Host: "[::1"}, errHost}, {sip.Uri{Host: "::1]"}, errHost},
		{sip.Uri{Host: "[h]"}, errHost}, {sip.Uri{Host: "[[::1]]"}, errHost}, {sip.Uri{Host: "h", Port: -1}, errPort},
		{sip.Uri{Host: "h", Port: 65536}, errPort}, {sip.Uri{Password: "p", Host: "h"}, errNoUser},
		{sip.Uri{User: "a\x00", Host: "h"}, errControl}, {sip.Uri{User: "\xff", Host: "h"}, errUTF8},
		{sip.Uri{Host: "h", UriParams: sip.HeaderParams{{V: "x"}}}, errParam},
		{sip.Uri{Host: "h", Headers: sip.HeaderParams{{K: "a", V: "\n"}}}, errControl}, {bent, errScheme},
	} {
		w := writer{name: "URI"}
		w.uri(&c.uri)
		if got, err := URIString(&c.uri); err == nil || err.Error() != "wire: cannot write URI: "+c.want.Error() || w.err == nil {
			t.Errorf("%+v is written as %q, %v, want the error %v", c.uri, got, err, c.want)
		}
	}
}

// TestURIsComeBack: what is built of any parts is refused, or read back part by part.
func TestURIsComeBack(t *testing.T) {
	written := 0
	checkUntil(t, &written, func(t *rapid.T) {
		u := hostileURI(t, "uri")
		u.Password = rapid.SampledFrom([]string{"", "pw", "p:w@", "\u00e9"}).Draw(t, "password")
		u.Headers = hostileParams(t, "header")
		switch rapid.IntRange(0, 3).Draw(t, "tame") { // few of those that are wild all over can be written
		case 0:
			u.Scheme, u.Host, u.Port = "sip", "example.com", 5060
		case 1:
			u.Scheme, u.Host, u.Port, u.UriParams, u.Headers = "sips", "example.com", 0, nil, nil
		}
		text, err := URIString(&u)
		if err != nil {
			return
		}
		written++
		got, err := ParseURI(text)
		if err != nil {
			t.Fatalf("%+v is written as %q, which cannot be read: %v", u, text, err)
		}
		wantURI(t, text, got, u, "")
		if Unescape(got.Password) != Unescape(u.Password) || len(got.Headers) != len(u.Headers) {
			t.Fatalf("%+v is written as %q, and read as %+v", u, text, got)
		}
		for i, kv := range u.Headers {
			if Unescape(got.Headers[i].K) != Unescape(kv.K) || Unescape(got.Headers[i].V) != Unescape(kv.V) {
				t.Fatalf("%q: header %q, want %q", text, got.Headers[i], kv)
			}
		}
	})
}
