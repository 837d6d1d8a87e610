package wire

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

// readers calls every typed reader and prints what it returns, so that tables and the fuzzer can share them.
var readers = map[string]func(sip.Message) (string, error){
	"Session-Expires": func(m sip.Message) (string, error) { return show(SessionExpires(m)) },
	"Min-SE":          func(m sip.Message) (string, error) { return show(MinSE(m)) },
	"Min-Expires":     func(m sip.Message) (string, error) { return show(MinExpires(m)) },
	"Expires":         func(m sip.Message) (string, error) { return show(Expires(m)) },
	"Flow-Timer":      func(m sip.Message) (string, error) { return show(FlowTimer(m)) },
	"Replaces":        func(m sip.Message) (string, error) { return show(Replaces(m)) },
	"RSeq":            func(m sip.Message) (string, error) { return show(RSeq(m)) },
	"RAck":            func(m sip.Message) (string, error) { return show(RAck(m)) },
	"Event": func(m sip.Message) (string, error) {
		e, err := Event(m)
		return show(e.Package+" "+e.ID, err)
	},
	"Subscription-State": func(m sip.Message) (string, error) {
		s, err := SubscriptionState(m)
		return show(fmt.Sprintf("%s %s %v %v", s.State, s.Reason, deref(s.Expires), deref(s.RetryAfter)), err)
	},
	"Reason":      func(m sip.Message) (string, error) { return show(Reasons(m)) },
	"Retry-After": func(m sip.Message) (string, error) { return show(RetryAfter(m)) },
	"Refer-To": func(m sip.Message) (string, error) {
		r, err := ReferTo(m)
		return show(fmt.Sprintf("%s %s %v %v", r.Address.URI.String(), r.Method, r.Replaces, r.Headers), err)
	},
	"Contact": func(m sip.Message) (string, error) {
		list, err := Contacts(m)
		var s []string
		for _, c := range list {
			s = append(s, fmt.Sprintf("%s %v %v %s %d %s %s", c.URI.String(), deref(c.Expires), c.Q, c.Instance, c.RegID,
				c.PubGRUU, c.TempGRUU))
		}
		return strings.Join(s, "|"), err
	},
	"Path":                func(m sip.Message) (string, error) { return showAddresses(Routes(m, "Path")) },
	"Service-Route":       func(m sip.Message) (string, error) { return showAddresses(Routes(m, "Service-Route")) },
	"P-Asserted-Identity": func(m sip.Message) (string, error) { return showAddresses(Routes(m, "P-Asserted-Identity")) },
	"Privacy":             func(m sip.Message) (string, error) { return show(Privacy(m), nil) },
	"Supported":           func(m sip.Message) (string, error) { return show(Tokens(m, "Supported"), nil) },
	"Allow":               func(m sip.Message) (string, error) { return show(Tokens(m, "Allow"), nil) },
	"Accept":              func(m sip.Message) (string, error) { return show(Accept(m)) },
	"Alert-Info":          func(m sip.Message) (string, error) { return show(Infos(m, "Alert-Info")) },
	"Call-Info":           func(m sip.Message) (string, error) { return show(Infos(m, "Call-Info")) },
	"Diversion":           showPeople("Diversion"),
	"WWW-Authenticate": func(m sip.Message) (string, error) {
		var list []Challenge
		for _, h := range m.GetHeaders("WWW-Authenticate") {
			more, err := ParseChallenges(h.Value())
			if err != nil {
				return "", bad("WWW-Authenticate", err)
			}
			list = append(list, more...)
		}
		return show(list, nil)
	},
}

func showPeople(header string) func(m sip.Message) (string, error) {
	return func(m sip.Message) (string, error) {
		var s []string
		for _, a := range People(m, header) {
			s = append(s, strings.TrimSpace(a.URI.String()+" "+a.Params.ToString('&')))
		}
		return strings.Join(s, "|"), nil
	}
}

func show[T any](v T, err error) (string, error) { return fmt.Sprint(v), err }

func showAddresses(list []Address, err error) (string, error) {
	var s []string
	for _, a := range list {
		s = append(s, a.DisplayName+" "+a.URI.String())
	}
	return strings.Join(s, "|"), err
}

func deref(d *time.Duration) any {
	if d == nil {
		return "-"
	}
	return *d
}

func readAll(m sip.Message) {
	for _, read := range readers {
		read(m)
	}
	BodySDP(m)
}

func TestHeaderValues(t *testing.T) {
	const bad = "bad"
	for _, c := range []struct{ name, value, want string }{
		{"Session-Expires", "1800;Refresher=UAC", "{30m0s uac}"},
		{"Session-Expires", "90 ; refresher = uas ; x", "{1m30s uas}"},
		{"Session-Expires", "90;refresher=me", "{1m30s }"},
		{"Session-Expires", "soon", bad},
		{"Session-Expires", "90 x;;refresher=uas;", "{1m30s uas}"},
		{"Min-SE", "90;x=y", "1m30s"},
		{"Min-SE", "-1", bad},
		{"Min-Expires", "60", "1m0s"},
		{"Expires", "3600", "1h0m0s"},
		{"Expires", "99999999999999999999", "1193046h28m15s"},
		{"Expires", "", bad},
		{"Expires", "1|Expires: 2", bad},
		{"Flow-Timer", "120", "2m0s"},
		{"Replaces", "a@b;to-tag=1;from-tag=2;early-only", "a@b;to-tag=1;from-tag=2;early-only"},
		{"Replaces", "a@b;from-tag=2; to-tag=1", "a@b;to-tag=1;from-tag=2"},
		{"Replaces", "a@b;to-tag=1", bad},
		{"Replaces", "a;to-tag=1;from-tag=2, b;to-tag=1;from-tag=2", bad},
		{"RSeq", "988789", "988789"},
		{"RSeq", "0", bad},
		{"RSeq", "4294967296", bad},
		{"RAck", "776656 1 INVITE", "776656 1 INVITE"},
		{"RAck", "776656  1\t INVITE", "776656 1 INVITE"},
		{"RAck", "776656 INVITE", bad},
		{"RAck", "1 2147483648 INVITE", bad},
		{"Event", "refer;id=93809824", "refer 93809824"},
		{"Event", "presence.winfo", "presence.winfo "},
		{"Event", ";id=1", bad},
		{"Subscription-State", "Terminated;Reason=NoResource;retry-after=5", "terminated noresource - 5s"},
		{"Subscription-State", "active;expires=600", "active  10m0s -"},
		{"Subscription-State", "active;expires=x;;reason=y", "active y - -"},
		{"Reason", `SIP ;cause=200 ;text="Call completed elsewhere", q.850;cause=16`,
			"[{SIP 200 Call completed elsewhere} {Q.850 16 }]"},
		{"Reason", `SIP;text="a, b \"c\""`, `[{SIP 0 a, b "c"}]`},
		{"Reason", "SIP;cause=x, ;, Q.850;cause=16", "[{SIP 0 } {Q.850 16 }]"},
		{"Retry-After", "120 (I'm in a (long) meeting);duration=3600", "{2m0s 1h0m0s I'm in a (long) meeting}"},
		{"Retry-After", "18000;duration=3600", "{5h0m0s 1h0m0s }"},
		{"Retry-After", "later", bad},
		{"Refer-To", "<sip:a@b?Replaces=c%40d%3Bto-tag%3D1%3Bfrom-tag%3D2&Subject=hi%20you>",
			"sip:a@b INVITE c@d;to-tag=1;from-tag=2 [{Subject hi you}]"},
		{"Refer-To", `"Ann" <sip:a@b;method=BYE;x=1>;y=2`, "sip:a@b;x=1 BYE <nil> []"},
		{"Refer-To", "<sip:a@b?Subject=a%0D%0AEvil:%201>", bad},
		{"Refer-To", "<sip:a@b?Replaces=c>", bad},
		{"Refer-To", "<sip:a@b>, <sip:c@d>", bad},
		{"Contact", `<sip:a@b>;expires=60;q=0.5;reg-id=1;+sip.instance="<urn:uuid:0>";pub-gruu="sip:a@b;gr=1";temp-gruu="sip:t@b;gr"`,
			"sip:a@b 1m0s 0.5 urn:uuid:0 1 sip:a@b;gr=1 sip:t@b;gr"},
		{"Contact", "sip:a@b;expires=soon|Contact: <sip:c@d;x=1,2>", "sip:a@b 1h0m0s 1  0  |sip:c@d;x=1,2 - 1  0  "},
		{"Contact", "<sip:a@b>;q=2", "sip:a@b - 1  0  "},
		{"Contact", "<sip:a@b>;reg-id=0", "sip:a@b - 1  0  "},
		{"Path", "<sip:p1;lr>,<sip:p2;lr>|Path: <sip:p3;lr>", " sip:p1;lr| sip:p2;lr| sip:p3;lr"},
		{"Path", "<sip:p1;lr", " sip:p1;lr"},
		{"Path", "<sip:p1:x;lr>, <>", bad},
		{"Service-Route", "<sip:p1;lr>;x", " sip:p1;lr"},
		{"P-Asserted-Identity", `"A, B" <sip:a@b>, tel:+1`, "A, B sip:a@b| tel:+1"},
		{"Privacy", "ID; critical", "[id critical]"},
		{"Supported", "timer, , 100rel|Supported: Path", "[timer 100rel Path]"},
		{"Allow", "", "[]"},
		{"Accept", "application/sdp;level=1, Text/*;q=0.5", "[{application/sdp 1 level=1} {text/* 0.5 q=0.5}]"},
		{"Accept", "", "[]"},
		{"Accept", "sdp", bad},
		{"Alert-Info", "<http://x/a,b>;info=alert-autoanswer", "[{http://x/a,b info=alert-autoanswer}]"},
		{"Alert-Info", "ring", "[{ring }]"},
		{"Alert-Info", "Auto Answer", "[{Auto Answer }]"},
		{"Alert-Info", " info = Auto Answer ; delay=2", `[{ info="Auto Answer"&delay=2}]`},
		{"Alert-Info", "<ring", bad},
		{"Call-Info", ";answer-after=0", "[{ answer-after=0}]"},
		{"Call-Info", "answer-after=0, <sip:x>;a", "[{ answer-after=0} {sip:x a}]"},
		{"Call-Info", "<sip:a@b>;answer-after=0, <http://x>;purpose=icon", "[{sip:a@b answer-after=0} {http://x purpose=icon}]"},
		{"Diversion", `<sip:a@b>;reason=User-Busy;counter=2;privacy="full", "C" <sip:c@d>`,
			`sip:a@b reason=User-Busy&counter=2&privacy="full"|sip:c@d`},
		{"Diversion", "<sip:a@b>;counter=x", "sip:a@b counter=x"},
		{"WWW-Authenticate", `Digest realm="a, b", nonce="c", Bearer realm=x, Negotiate`,
			"[{Digest realm=\"a, b\"&nonce=c} {Bearer realm=x} {Negotiate }]"},
		{"WWW-Authenticate", `realm="a"`, bad},
		{"WWW-Authenticate", `Digest realm="a`, bad},
		{"WWW-Authenticate", ``, bad},
	} {
		lines := strings.Split(c.name+": "+c.value, "|")
		msg := sip.NewRequest(sip.INVITE, sip.Uri{Host: "x"})
		for _, line := range lines {
			name, value, _ := strings.Cut(line, ": ")
			msg.AppendHeader(sip.NewHeader(name, value))
		}
		got, err := readers[c.name](msg)
		switch {
		case c.want == bad && (err == nil || errors.Is(err, ErrAbsent)):
			t.Errorf("%s: %s: got %s, %v, want an error", c.name, c.value, got, err)
		case c.want != bad && (err != nil || got != c.want):
			t.Errorf("%s: %s: got %s, %v, want %s", c.name, c.value, got, err, c.want)
		}
	}
}

func TestAbsentHeaders(t *testing.T) {
	msg := mustParse(t, invite())
	for _, name := range []string{"Session-Expires", "Min-SE", "Min-Expires", "Expires", "Flow-Timer", "Replaces", "RSeq",
		"RAck", "Event", "Subscription-State", "Retry-After", "Refer-To", "Accept"} {
		if got, err := readers[name](msg); !errors.Is(err, ErrAbsent) {
			t.Errorf("%s: got %s, %v, want ErrAbsent", name, got, err)
		}
	}
	if !HasToken(mustParse(t, invite("Require: Timer")), "require", "timer") || HasToken(msg, "Require", "timer") {
		t.Error("HasToken must find a token whatever its case, and only where it is")
	}
}

func TestBodySDP(t *testing.T) {
	const sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n"
	multi := func(kind string) string {
		return "preamble\r\n--b1\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b1\r\nc: Application/SDP\r\n" +
			"Content-Disposition: session\r\n\r\n" + sdp +
			"\r\n--b1" + kind + "\r\n\r\nepilogue"
	}
	for _, c := range []struct{ kind, body, want, why string }{
		{"application/sdp", sdp, sdp, "plain"},
		{"Application/SDP; charset=utf-8", sdp, sdp, "capitals and a parameter"},
		{"", sdp, sdp, "no Content-Type, but it looks like one"},
		{"", "hello", "", "no Content-Type, and it does not"},
		{"text/plain", sdp, "", "another type"},
		{`multipart/mixed;boundary="b1"`, multi("--"), sdp, "in a multipart"},
		{"multipart/alternative; boundary=b1", multi("--"), sdp, "in alternatives"},
		{"multipart/mixed;boundary=b1", multi(""), sdp, "the closing delimiter is missing"},
		{"multipart/mixed;boundary=b2", multi("--"), "", "another boundary"},
		{"multipart/mixed", multi("--"), "", "no boundary"},
		{"multipart/mixed;boundary=o", "--o\r\nContent-Type: multipart/alternative;boundary=b1\r\n\r\n" + multi("--") +
			"\r\n--o--", sdp, "nested"},
		{"multipart/alternative;boundary=b", "--b\r\nContent-Type: application/sdp\r\n\r\nfirst\r\n--b\r\nContent-Type: " +
			"application/sdp\r\n\r\nlast\r\n--b--", "last",
			"the last alternative is the best"},
		{"multipart/mixed;boundary=b", "--b\nContent-Type: application/sdp\n\nv=0\n--b--", "v=0", "line feeds alone"},
		{"multipart/mixed;boundary=b", "--b", "", "cut off"},
		{"multipart/mixed;boundary=b", "", "", "empty"},
		{";;", sdp, sdp, "malformed type, but it looks like one"},
	} {
		msg := sip.NewRequest(sip.INVITE, sip.Uri{Host: "x"})
		if c.kind != "" {
			msg.AppendHeader(sip.NewHeader("Content-Type", c.kind))
		}
		msg.SetBody([]byte(c.body))
		if got := BodySDP(msg); string(got) != c.want {
			t.Errorf("%s: got %q, want %q", c.why, got, c.want)
		}
	}
}
