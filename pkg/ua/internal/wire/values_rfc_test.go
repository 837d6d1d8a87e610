package wire

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

// TestValuesAsTheRFCsHaveThem reads examples of the RFCs and their hostile neighbours out of whole messages.
func TestValuesAsTheRFCsHaveThem(t *testing.T) {
	const bad = "bad"
	for _, c := range []struct{ name, value, want, why string }{
		{"Replaces", "425928@bobster.example.org;to-tag=7743;from-tag=6472",
			"425928@bobster.example.org;to-tag=7743;from-tag=6472",
			"RFC 3891 section 4"},
		{"Replaces", "98asjd8@test.com;from-tag=r;to-tag=f;early-only", "98asjd8@test.com;to-tag=f;from-tag=r;early-only",
			"in any order"},
		{"Replaces", "\t a@b ; To-Tag = 1 ; FROM-TAG=2 ; x", "a@b;to-tag=1;from-tag=2", "blanks and capitals"},
		{"Replaces", ";to-tag=1;from-tag=2", bad, "no Call-ID"}, {"Replaces", "a;from-tag=2", bad, "no tag of ours"},
		{"Replaces", "a;to-tag=1", bad, "no tag of theirs"}, {"Replaces", "a;to-tag=;from-tag=2", bad, "an empty one"},
		{"Replaces", "a;to-tag=\"\";from-tag=2", bad, "quoted"}, {"Replaces", "a;to-tag=1;from-tag=\"\"", bad, "the other"},
		{"Replaces", "a b;to-tag=1;from-tag=2", bad, "a blank in the Call-ID"}, {"Replaces", "", bad, "nothing"},
		{"Replaces", "a;to-tag=1;from-tag=2,", bad, "a list"},
		{"Session-Expires", "4000;refresher=uac", "{1h6m40s uac}", "RFC 4028 section 4"},
		{"Session-Expires", "0", "{0s }", "zero"},
		{"Session-Expires", "86400 ; Refresher=\"UAS\"", "{24h0m0s uas}", "quotes"},
		{"Session-Expires", "1800;refresher", "{30m0s }", "empty"},
		{"Session-Expires", "4294967296", "{1193046h28m15s }", "above delta-seconds"},
		{"Session-Expires", ";refresher=uac", bad, "no time"},
		{"Min-SE", "3600;lr", "1h0m0s", "RFC 4028 section 5"}, {"Min-SE", "0x10", "0s", "what stands behind does not count"},
		{"Min-Expires", "+1", bad, "a sign"}, {"Flow-Timer", "126", "2m6s", "RFC 5626 section 4.4"},
		{"Flow-Timer", "", bad, "nothing"},
		{"RSeq", "1", "1", "the least"}, {"RSeq", "4294967295", "4294967295", "the most"}, {"RSeq", " 7 ", "7", "blanks"},
		{"RSeq", "7 8", bad, "two"}, {"RSeq", "-1", bad, "a sign"},
		{"RAck", "1 2147483647 PRACK", "1 2147483647 PRACK", "the most"},
		{"RAck", "4294967295 1 X-y.z", "4294967295 1 X-y.z", "any token"}, {"RAck", "4294967296 1 INVITE", bad, "too large"},
		{"RAck", "1 1 IN/VITE", bad, "no token"}, {"RAck", "1 1 INVITE x", bad, "four"}, {"RAck", "a 1 INVITE", bad, "no number"},
		{"Event", "dialog;call-id=\"a\";to-tag=x;id=\"7 8\"", "dialog 7 8", "RFC 4235"},
		{"Event", "a/b", "a ", "what stands behind"},
		{"Event", "Presence", "Presence ", "case matters (RFC 6665 section 8.2.1)"}, {"Event", "/", bad, "no token"},
		{"Subscription-State", "active;expires=61", "active  1m1s -", "RFC 6665 section 8.2.3"},
		{"Subscription-State", "PENDING", "pending  - -", "no case"},
		{"Subscription-State", "x-y;reason=GiveUp", "x-y giveup - -", "other"},
		{"Subscription-State", "terminated;reason=probation;retry-after=0", "terminated probation - 0s", "at once"},
		{"Subscription-State", "terminated;retry-after=99999999999", "terminated  - 1193046h28m15s", "for ever"},
		{"Subscription-State", "", bad, "nothing"}, {"Subscription-State", ";reason=x", bad, "no state"},
		{"Reason", `SIP ;cause=600 ;text="Busy Everywhere"`, "[{SIP 600 Busy Everywhere}]", "RFC 3326 section 2"},
		{"Reason", `Q.850;cause=16;text="Terminated";location=LN`, "[{Q.850 16 Terminated}]", "RFC 8606"},
		{"Reason", "SIP;cause=99999999999", "[{SIP 0 }]", "a cause that is none"},
		{"Reason", "sip;cause=-1;text=x", "[{SIP 0 x}]", "nor this"},
		{"Reason", "Preemption;cause=1;text=\"a\x07b\"", "[{PREEMPTION 1 a\uFFFDb}]", "RFC 4411, safe to show"},
		{"Retry-After", "3600;duration=1800", "{1h0m0s 30m0s }", "RFC 3261 section 20.33"},
		{"Retry-After", "5 (a", "{5s 0s a}", "no end"},
		{"Retry-After", `5 (a\)b)x;duration=1`, `{5s 1s a\)b}`, "an escape"},
		{"Retry-After", `5 (\`, `{5s 0s \}`, "the end in one"},
		{"Retry-After", "5 ()", "{5s 0s }", "an empty comment"}, {"Retry-After", "5\t(a(b(c)))", "{5s 0s a(b(c))}", "three deep"},
		{"Retry-After", "5;duration=x", "{5s 0s }", "a duration that is none"}, {"Retry-After", "(x)", bad, "no time"},
		{"Privacy", "header;session; user , ID;\tcritical", "[header session user id critical]", "RFC 3323 section 4.2"},
		{"Privacy", ";;,, ", "[]", "separators"}, {"Supported", "a/b, c d, ok,\x01,", "[ok]", "what is no token"},
		{"Accept", "text/html;level=1;q=0.3, */*;Q=1.0, a/b;q=1.1, c/d;q=-1, e/f;q=NaN, g/h;q=0, i/j;q=0.000",
			"[{text/html 0.3 level=1&q=0.3} {*/* 1 q=1.0} {a/b 1 q=1.1} {c/d 1 q=-1} {e/f 1 q=NaN} {g/h 0 q=0} {i/j 0 q=0.000}]",
			"q"},
		{"Accept", "/, a/, /b, a b/c, a/b c;q=0.1", "[{a/b 0.1 q=0.1}]", "types that are none"},
		{"Alert-Info", "<http://x/y> ; a = \"b\"", `[{http://x/y a="b"}]`, "blanks"}, {"Alert-Info", ">", "[{> }]", "a word"},
		{"Alert-Info", "<>", "[{ }]", "an empty URI"},
		{"Call-Info", "a;b;=;c", "[{a b&c}]", "parameters without value, without name"},
		{"Call-Info", "a=1;b", "[{ a=1&b}]", "a parameter in the place of the word"},
		{"Diversion", `<sip:+19195551004@192.0.2.5>;privacy=OFF;reason=No-Answer;counter=3;screen=no`,
			"sip:+19195551004@192.0.2.5 privacy=OFF&reason=No-Answer&counter=3&screen=no", "RFC 5806 section 4"},
		{"Diversion", "<sip:a@b>;counter=1, <>, <sip:c@d>", "sip:a@b counter=1|sip:c@d", "a bad member costs itself"},
		{"Refer-To", "<sip:dave@denver.example.org?Replaces=12345%40192.168.118.3%3Bto-tag%3D12345%3Bfrom-tag%3D5FFE-3994>",
			"sip:dave@denver.example.org INVITE 12345@192.168.118.3;to-tag=12345;from-tag=5FFE-3994 []", "RFC 3515 section 2.1"},
		{"Refer-To", "<sip:carol@cleveland.example.org;method=SUBSCRIBE>", "sip:carol@cleveland.example.org SUBSCRIBE <nil> []",
			"a method"},
		{"Refer-To", "<sip:a@b;Method=x%20y>", bad, "a method that is none"},
		{"Refer-To", "<sip:a@b;method=%49NVITE>", "sip:a@b INVITE <nil> []", "an escaped one (RFC 3261 section 19.1.4)"},
		{"Refer-To", "<sip:a@b?a%20b=c>", bad, "a name that is none"},
		{"Refer-To", "<sip:a@b?Replaces=c%3Bto-tag%3D1%3Bfrom-tag%3D2&replaces=c%3Bto-tag%3D1%3Bfrom-tag%3D2>", bad,
			"Replaces twice"},
		{"Refer-To", "<sip:a@b?k=timer&s=%20x%20>", "sip:a@b INVITE <nil> [{Supported timer} {Subject x}]", "short names"},
		{"Refer-To", "<sip:a@b?X=%00>", bad, "a control character"},
		{"Refer-To", "<sip:a@b?Q=%09>", "sip:a@b INVITE <nil> [{Q }]", "a tab"},
		{"Contact", `"Mr. Watson" <sip:watson@h>;q=0.7; expires=3600, "W" <mailto:watson@bell.com> ;q=0.1`,
			"sip:watson@h 1h0m0s 0.7  0  |mailto:watson@bell.com - 0.1  0  ", "RFC 3261 section 20.10"},
		{"Contact", "<sip:a@b>;reg-id=2147483647;+sip.instance=\"urn:x\"", "sip:a@b - 1 urn:x 2147483647  ",
			"RFC 5626 section 4.1"},
		{"Contact", "<sip:a@b>;reg-id=2147483648;+SIP.Instance=\"<urn:x>\"", "sip:a@b - 1 urn:x 0  ",
			"too large; a name in capitals"},
		{"Contact", "<sip:a@b>;expires=4294967296, <sip:c@d>;expires=\"7\"", "sip:a@b 1193046h28m15s 1  0  |sip:c@d 7s 1  0  ",
			"bounds"},
		{"WWW-Authenticate",
			`Digest realm="testrealm@host.com", qop="auth,auth-int", algorithm=SHA-256, nonce="7ypf", opaque="FQhe"`,
			`[{Digest realm=testrealm@host.com&qop=auth,auth-int&algorithm=SHA-256&nonce=7ypf&opaque=FQhe}]`,
			"RFC 7616 section 3.9.1"},
		{"WWW-Authenticate", `Digest stale=TRUE,NONCE="",x`, "[{Digest stale=TRUE&nonce} {x }]",
			"a word behind is another scheme"},
		{"WWW-Authenticate", `Digest realm=a b=c`, bad, "no comma"},
		{"WWW-Authenticate", `Digest "a"`, bad, "a quote for a name"},
	} {
		got, err := readers[c.name](mustAnswer(invite(c.name + ": " + c.value)))
		switch {
		case c.want == bad && (err == nil || errors.Is(err, ErrAbsent)):
			t.Errorf("%s: %s: %s is read as %s, %v, want an error", c.why, c.name, c.value, got, err)
		case c.want == bad && !strings.HasPrefix(err.Error(), "wire: bad "+c.name+": "):
			t.Errorf("%s: %s: %s: the error %v names no header", c.why, c.name, c.value, err)
		case c.want != bad && (err != nil || got != c.want):
			t.Errorf("%s: %s: %s is read as\n%s, %v, want\n%s", c.why, c.name, c.value, got, err, c.want)
		}
	}
}

// mustAnswer is Parse for messages in which faults are wanted.
func mustAnswer(data []byte) sip.Message {
	msg, _ := Parse(data)
	return msg
}

// TestWrittenValuesComeBack: what DialogID and Ack write is what is read.
func TestWrittenValuesComeBack(t *testing.T) {
	for _, d := range []DialogID{{"a@b", "1", "2", false}, {"a(b)<c>:\\\"/[]?{}", "t.~!*", "f", true}, {"x", "1", "1", true}} {
		if got, err := ParseReplaces(d.String()); err != nil || got != d {
			t.Errorf("%s is read as %+v, %v, want %+v", d, got, err, d)
		}
	}
	for _, a := range []Ack{{1, 1, "INVITE"}, {1<<32 - 1, maxCSeq, "UPDATE"}} {
		if got, err := parseAck(a.String()); err != nil || got != a {
			t.Errorf("%s is read as %+v, %v", a, got, err)
		}
	}
}

// TestRefusalsNameTheirFault: the reason phrase says to the other side's engineer what is wrong.
func TestRefusalsNameTheirFault(t *testing.T) {
	change := func(old, new string) []byte { return []byte(strings.Replace(string(invite()), old, new, 1)) }
	for _, c := range []struct {
		data []byte
		want string
	}{
		{change("From: <sip:1002@example.com>;tag=f\r\n", ""), "wire: 400 bad From: missing"},
		{change("To: <sip:1001@example.com>\r\n", ""), "wire: 400 bad To: missing"},
		{change("Call-ID: c1\r\n", ""), "wire: 400 bad Call-ID: missing"},
		{change("CSeq: 1 INVITE\r\n", ""), "wire: 400 bad CSeq: missing"},
		{change("Call-ID: c1", "Call-ID:"), "wire: 400 bad Call-ID: empty value"},
		{change("Call-ID: c1", "Call-ID: a\tb"), "wire: 400 bad Call-ID: not a token"},
		{change("1 INVITE", "1 BYE"), "wire: 400 bad CSeq: another method than the request"},
		{change("1 INVITE", "1 INVITE x"), "wire: 400 bad CSeq: not a token"},
		{change("1 INVITE", "1 "), "wire: 400 bad CSeq: not a token"},
		{change("1 INVITE", "x INVITE"), "wire: 400 bad CSeq: number out of range"},
		{change("To: ", "To: \""), "wire: 400 bad To: malformed name or missing angle bracket"},
		{change("SIP/2.0/WSS", "SIP/2.0"), "wire: 400 bad Via: malformed Via"},
		{change("SIP/2.0/WSS", "SIP//WSS"), "wire: 400 bad Via: malformed Via"},
		{change("SIP/2.0/WSS", "SIP.2.0/WSS"), "wire: 400 bad Via: malformed Via"},
		{change("WSS y", "WSSy"), "wire: 400 bad Via: malformed Via"},
		{change("y.invalid;", "y.invalid:0;"), "wire: 400 bad Via: malformed port"},
		{change("y.invalid;", "[y];"), "wire: 400 bad Via: malformed host"},
		{change("z9hG4bK1", "z9hG4bK"), "wire: 400 bad Via: branch without a value of its own"},
		{change("sip:1001@x.invalid", "sip:1001@x.invalid?a=b"), "wire: 400 headers in the Request-URI"},
		{change("sip:1001@x.invalid", "1001"), "wire: 400 bad request line"},
		{change("SIP/2.0\r\n", "SIP/2.0 \r\n"), "wire: 400 bad request line"},
		{change("SIP/2.0\r\n", "SIP/7\r\n"), "wire: 505 Version Not Supported"},
		{change("INVITE sip", "INV<TE sip"), "wire: dropped: not a SIP message"},
		{change("SIP/2.0\r\n", "SI\r\n"), "wire: dropped: not a SIP message"},
		{change("INVITE sip:1001@x.invalid SIP/2.0", "SIP/2.0 700 x"), "wire: dropped: bad status line"},
		{change("INVITE sip:1001@x.invalid SIP/2.0", "SIP/2.0 1000 x"), "wire: dropped: bad status line"},
		{change("INVITE sip:1001@x.invalid SIP/2.0", "SIP/2.0 0200 x"), "wire: dropped: bad status line"},
		{change("INVITE sip:1001@x.invalid SIP/2.0", "SIP/2.1 200 x"), "wire: dropped: bad status line"},
		{invite("Content-Length: x"), "wire: 400 bad Content-Length: number out of range"},
		{invite("Content-Length: 1, 2"), "wire: 400 bad body: shorter than Content-Length"},
		{invite("Contact: <>"), "wire: 400 bad Contact: wire: bad Contact: malformed URI scheme"},
		{invite("l: 0", "Content-Length: 1"), "wire: 400 bad Content-Length: more than one"},
		{invite("From: <sip:a@b>"), "wire: 400 bad From: more than one"},
		{invite("CSeq: 1 INVITE"), "wire: 400 bad CSeq: more than one"},
	} {
		if _, err := Parse(c.data); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s, for\n%s", err, c.want, c.data)
		}
	}
}

// TestLimitsOfAMessage: what is just allowed is taken, one octet or field more is not.
func TestLimitsOfAMessage(t *testing.T) {
	fit := func(size int) []byte {
		data := invite("Subject: ")
		return append(data, make([]byte, size-len(data))...)
	}
	fields := func(n int) []byte {
		return invite(strings.Split(strings.TrimSpace(strings.Repeat("X: y ", n-5)), " X")...)
	}
	for _, c := range []struct {
		data []byte
		want string
	}{
		{fit(MaxMessage), "accept"}, {fit(MaxMessage + 1), "reject 513"},
		{append([]byte("\r\n\r\n"), fit(MaxMessage)...), "accept"},
		{append([]byte("\r\n\r"), invite()...), "drop"}, {append([]byte("\n"), invite()...), "drop"},
		{fields(MaxHeaders), "accept"}, {fields(MaxHeaders + 1), "reject 400"},
		{invite("Subject: " + strings.Repeat("x", MaxMessage/2)), "accept"},
	} {
		msg, err := Parse(c.data)
		if got := verdict(msg, err); got != c.want {
			t.Errorf("%d octets, %d lines: %s (%v), want %s", len(c.data), strings.Count(string(c.data), "\r\n"), got, err,
				c.want)
		}
	}
	msg, _ := Parse(fit(MaxMessage + 1))
	if len(msg.Body()) != 0 {
		t.Errorf("of a message that is too large %d octets of body are kept", len(msg.Body()))
	}
	var list []string
	for i := range 2 * MaxHeaders {
		list = append(list, fmt.Sprintf("t%d", i))
	}
	accept := mustParse(t, invite("Accept: a/"+strings.Join(list, ", a/")))
	if ranges, err := Accept(accept); err != nil || len(ranges) != MaxHeaders {
		t.Errorf("%d members of a list of %d are read, %v, want %d", len(ranges), len(list), err, MaxHeaders)
	}
}
