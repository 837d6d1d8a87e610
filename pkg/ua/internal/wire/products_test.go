package wire

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

// product is a message in the form a known product gives it, and what has to be read in it: by the name of a header as in
// readers, by "from", "to", "number" (of From), "method" or "code", "seq", "body" (its length), "sdp" (the first line of the
// description).
type product struct {
	name string
	text string
	want map[string]string
}

var products = []product{
	{"Asterisk INVITE", `
INVITE sip:1001@r8q3.invalid;transport=ws SIP/2.0
Via: SIP/2.0/WSS 192.0.2.10:8089;rport;branch=z9hG4bKPj3d9e7c41-8b6a-4f0e-9a11-0b5f6f6a2c3e;alias
From: "Alice" <sip:1002@192.0.2.10>;tag=5b0b4f1e-2c0a-4b3e-8a52-7a0d7e9f8e11
To: <sip:1001@r8q3.invalid>
Contact: <sip:asterisk@192.0.2.10:8089;transport=ws>
Call-ID: 0f2f4c3a-5a34-4a2e-8d53-2d8b6f3a9a77
CSeq: 23414 INVITE
Allow: OPTIONS, REGISTER, SUBSCRIBE, NOTIFY, PUBLISH, INVITE, ACK, BYE, CANCEL, UPDATE, PRACK, INFO, MESSAGE, REFER
Supported: 100rel, timer, replaces, norefersub, histinfo
Session-Expires: 1800
Min-SE: 90
P-Asserted-Identity: "Alice" <sip:1002@192.0.2.10>
Max-Forwards: 70
User-Agent: Asterisk PBX 22.10
Content-Type: application/sdp
Content-Length: 7

v=0
o=`, map[string]string{
		"method": "INVITE", "from": `Alice|sip:1002@192.0.2.10`, "number": "1002", "seq": "23414", "sdp": "v=0",
		"Contact":         "sip:asterisk@192.0.2.10:8089;transport=ws - 1  0  ",
		"Supported":       "[100rel timer replaces norefersub histinfo]",
		"Session-Expires": "{30m0s }", "Min-SE": "1m30s", "P-Asserted-Identity": "Alice sip:1002@192.0.2.10",
	}},
	{"FreeSWITCH INVITE", `
INVITE sip:1001@r8q3.invalid;transport=ws SIP/2.0
Via: SIP/2.0/WSS 192.0.2.11:7443;branch=z9hG4bK6K3U0ev6BX7rj
Max-Forwards: 69
From: "Outbound Call" <sip:+1 (202) 555-0191@192.0.2.11>;tag=pB7SpQK9vZ0gK
To: <sip:1001@r8q3.invalid;transport=ws>
Call-ID: 4a3b6f9e-7d1a-123f-9fa1-0242ac110002
CSeq: 89347562 INVITE
Contact: <sip:mod_sofia@192.0.2.11:7443;transport=wss>
User-Agent: FreeSWITCH
Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, MESSAGE, INFO, UPDATE, REGISTER, REFER, NOTIFY, PUBLISH, SUBSCRIBE
Supported: timer, path, replaces
Allow-Events: talk, hold, conference, presence, as-feature-event, dialog, line-seize, call-info, sla, include-session-description
Content-Type: application/sdp
Content-Disposition: session
Content-Length: 5
X-FS-Support: update_display,send_info
Remote-Party-ID: "Outbound Call" <sip:+12025550191@192.0.2.11>;party=calling;screen=yes;privacy=off

v=0
`, map[string]string{
		"method": "INVITE", "from": "Outbound Call|sip:+1%20(202)%20555-0191@192.0.2.11", "number": "+12025550191",
		"seq": "89347562", "body": "5",
		"Contact": "sip:mod_sofia@192.0.2.11:7443;transport=wss - 1  0  ",
		"Allow":   "[INVITE ACK BYE CANCEL OPTIONS MESSAGE INFO UPDATE REGISTER REFER NOTIFY PUBLISH SUBSCRIBE]",
	}},
	{"trunk INVITE through a proxy", `
INVITE sip:1001@r8q3.invalid;transport=ws SIP/2.0
Record-Route: <sip:192.0.2.12;transport=ws;r2=on;lr=on;ftag=SDk3>
Record-Route: <sip:192.0.2.12;r2=on;lr=on;ftag=SDk3>, "SBC" <sip:192.0.2.13:5060;lr>;x
v: SIP/2.0/WS 192.0.2.12;branch=z9hG4bKcydzigwkX
v: SIP/2.0/UDP 192.0.2.13:5060;rport=5060;received=192.0.2.13;branch=z9hG4bK0g;;
f: <sip:+12025550191;npdi;rn=+12025550100;cpc=ordinary@192.0.2.13;user=phone>;tag=SDk3
t: <sip:+12025550001@192.0.2.12;user=phone>
i: SDk3-9a1b@192.0.2.13
CSeq: 1 INVITE
m: <sip:+12025550191@192.0.2.13:5060;transport=udp>
Diversion: <sip:+12025550002@192.0.2.13>;reason=unconditional;counter=1;privacy=off
History-Info: <sip:+12025550002@192.0.2.13?Reason=SIP%3Bcause%3D302>;index=1, <sip:+12025550001@192.0.2.12>;index=1.1
P-Asserted-Identity: "SALES" <sip:+12025550191@192.0.2.13;user=phone>, <tel:+12025550191>
Privacy: none
P-Charging-Vector: icid-value="x;y";icid-generated-at=192.0.2.13
Alert-Info: <http://192.0.2.13/ring>;info=alert-group
k: 100rel,timer
c: application/sdp;charset=utf-8
l: 0

`, map[string]string{
		"method": "INVITE", "from": "|sip:+12025550191;npdi;rn=+12025550100;cpc=ordinary@192.0.2.13;user=phone",
		"number": "+12025550191",
		"Record-Route": " sip:192.0.2.12;transport=ws;r2=on;lr=on;ftag=SDk3| sip:192.0.2.12;r2=on;lr=on;ftag=SDk3|SBC " +
			"sip:192.0.2.13:5060;lr",
		"Diversion":           "sip:+12025550002@192.0.2.13 reason=unconditional&counter=1&privacy=off",
		"P-Asserted-Identity": "SALES sip:+12025550191@192.0.2.13;user=phone| tel:+12025550191",
		"Privacy":             "[none]",
		"Alert-Info":          "[{http://192.0.2.13/ring info=alert-group}]",
		"Supported":           "[100rel timer]",
	}},
	{"registrar with the bindings of others", `
SIP/2.0 200 OK
Via: SIP/2.0/WSS r8q3.invalid;branch=z9hG4bKabc;received=203.0.113.9;rport=51820
From: "Demo 1001" <sip:1001@example.com>;tag=us
To: <sip:1001@example.com>;tag=a6a1c5f60faecf035a1ae5b6e96e979a-b1fc
Call-ID: reg
CSeq: 7 REGISTER
Contact: <sip:front desk@192.0.2.9>;expires=300, "Yealink <sip:1001@192.0.2.8>;expires=120;q=2.0, <sip:1001@r8q3.invalid;transport=ws>;expires=600;+sip.instance="<urn:uuid:1>";reg-id=1;pub-gruu="sip:1001@example.com;gr=urn:uuid:1"
Path: <sip:edge.example.com;lr;ob>
Service-Route: <sip:orig@example.com;lr>
Flow-Timer: 120
Require: outbound
Server: kamailio (5.6.5 (x86_64/linux))
Content-Length: 0

`, map[string]string{
		"code": "200", "seq": "7", "Flow-Timer": "2m0s", "Service-Route": " sip:orig@example.com;lr",
		"Path": " sip:edge.example.com;lr;ob",
		"Contact": "sip:front%20desk@192.0.2.9 5m0s 1  0  |sip:1001@192.0.2.8 2m0s 1  0  |" +
			"sip:1001@r8q3.invalid;transport=ws 10m0s 1 urn:uuid:1 1 sip:1001@example.com;gr=urn:uuid:1 ",
	}},
	{"challenge with two schemes", `
SIP/2.0 401 Unauthorized
Via: SIP/2.0/WSS r8q3.invalid;branch=z9hG4bKabc
From: <sip:1001@example.com>;tag=us
To: <sip:1001@example.com>;tag=srv
Call-ID: reg
CSeq: 8 REGISTER
WWW-Authenticate: Digest realm="example.com",nonce="1764470000/a,b",opaque="0",algorithm=SHA-256,qop="auth,auth-int",stale=TRUE
WWW-Authenticate: Digest  realm="example.com", nonce="1764470000/c", algorithm=md5, qop="auth"
Content-Length:  0

`, map[string]string{
		"code": "401",
		"WWW-Authenticate": `[{Digest realm=example.com&nonce=1764470000/a,b&opaque=0&algorithm=SHA-256&qop=auth,auth-int&stale=TRUE} ` +
			`{Digest realm=example.com&nonce=1764470000/c&algorithm=md5&qop=auth}]`,
	}},
	{"gateway that folds its headers", `
INVITE sip:1001@r8q3.invalid SIP/2.0
Via: SIP/2.0/WSS 192.0.2.14
 ;branch=z9hG4bKfold
From : "Reception"
	<sip:100@192.0.2.14>
	;tag=fold
To:<sip:1001@example.com>
Call-ID:fold@192.0.2.14
CSeq:	1	INVITE
Contact: <sip:100@192.0.2.14>
Subject: Front
 door
Reason: Q.850 ;cause=16 ;text="Terminated"
Expires: 120
Content-Length: 0

`, map[string]string{
		"method": "INVITE", "from": "Reception|sip:100@192.0.2.14", "number": "100", "seq": "1", "Expires": "2m0s",
		"Reason": "[{Q.850 16 Terminated}]",
	}},
	{"busy with a reason", `
SIP/2.0 486 Busy Here
Via: SIP/2.0/WSS r8q3.invalid;branch=z9hG4bKabc
From: <sip:1001@example.com>;tag=us
To: <sip:1002@example.com>;tag=far
Call-ID: call
CSeq: 2 INVITE
Reason: Q.850;cause=17
Reason: SIP;cause=486;text="Busy, \"really\""
Retry-After: 60 (at lunch (until two)) ;duration=3600
Warning: 399 pbx.example.com "The line is in use"
Content-Length: 0

`, map[string]string{
		"code": "486", "Reason": `[{Q.850 17 } {SIP 486 Busy, "really"}]`, "Retry-After": "{1m0s 1h0m0s at lunch (until two)}",
	}},
	{"session interval too small", `
SIP/2.0 422 Session Interval Too Small
Via: SIP/2.0/WSS r8q3.invalid;branch=z9hG4bKabc
From: <sip:1001@example.com>;tag=us
To: <sip:1002@example.com>;tag=far
Call-ID: call
CSeq: 2 INVITE
Min-SE: 1800;;
x: 90;refresher=UAS;foo
Content-Length: 0

`, map[string]string{"code": "422", "Min-SE": "30m0s", "Session-Expires": "{1m30s uas}"}},
	{"REFER of an attended transfer", `
REFER sip:1001@r8q3.invalid;transport=ws SIP/2.0
Via: SIP/2.0/WSS 192.0.2.10:8089;branch=z9hG4bKrefer
From: <sip:1002@example.com>;tag=far
To: <sip:1001@example.com>;tag=us
Call-ID: call
CSeq: 3 REFER
r: "Carol" <sip:1003@example.com;method=INVITE?Replaces=12345%40192.0.2.3%3Bto-tag%3D12345%3Bfrom-tag%3D5FFE-3994&X-Test=a%20b>
b: <sip:1002@example.com>
Refer-Sub: true
Content-Length: 0

`, map[string]string{
		"method":   "REFER",
		"Refer-To": "sip:1003@example.com INVITE 12345@192.0.2.3;to-tag=12345;from-tag=5FFE-3994 [{X-Test a b}]",
	}},
	{"NOTIFY of a transfer", `
NOTIFY sip:1001@r8q3.invalid;transport=ws SIP/2.0
Via: SIP/2.0/WSS 192.0.2.10:8089;branch=z9hG4bKnotify
From: <sip:1002@example.com>;tag=far
To: <sip:1001@example.com>;tag=us
Call-ID: call
CSeq: 4 NOTIFY
Event: refer;id=93809824
Subscription-State: terminated;reason=noresource;retry-after=3600
Content-Type: message/sipfrag;version=2.0
Content-Length: 16

SIP/2.0 200 OK
`, map[string]string{
		"method": "NOTIFY", "Event": "refer 93809824", "Subscription-State": "terminated noresource - 1h0m0s", "body": "16",
	}},
	{"message-summary without subscription", `
NOTIFY sip:1001@r8q3.invalid;transport=ws SIP/2.0
Via: SIP/2.0/WSS 192.0.2.11:7443;branch=z9hG4bKmwi
From: <sip:1001@example.com>;tag=mwi
To: <sip:1001@example.com>
Call-ID: mwi
CSeq: 5 NOTIFY
o: message-summary
Subscription-State: terminated;reason=noresource
Allow-Events: talk, hold
Content-Type: application/simple-message-summary
Content-Length: 23

Messages-Waiting: yes
`, map[string]string{"method": "NOTIFY", "Event": "message-summary ", "body": "23"}},
	{"PRACK", `
PRACK sip:1001@r8q3.invalid;transport=ws SIP/2.0
Via: SIP/2.0/WSS 192.0.2.10:8089;branch=z9hG4bKprack
From: <sip:1002@example.com>;tag=far
To: <sip:1001@example.com>;tag=us
Call-ID: call
CSeq: 2 PRACK
RAck: 776656 1 INVITE
Content-Length: 0

`, map[string]string{"method": "PRACK", "RAck": "776656 1 INVITE"}},
	{"reliable ringing", `
SIP/2.0 183 Session Progress
Via: SIP/2.0/WSS r8q3.invalid;branch=z9hG4bKabc
From: <sip:1001@example.com>;tag=us
To: <sip:1002@example.com>;tag=far
Call-ID: call
CSeq: 2 INVITE
RSeq: 988789
Require: 100rel
Contact: <sip:1002@192.0.2.9:5060;transport=tcp>
P-Early-Media: sendrecv
Content-Type: multipart/mixed;boundary="=_b"

--=_b
Content-Type: application/sdp

v=0
o=x

--=_b--
`, map[string]string{"code": "183", "RSeq": "988789", "sdp": "v=0", "Contact": "sip:1002@192.0.2.9:5060;transport=tcp - 1  0  "}},
	{"intercom", `
INVITE sip:1001@r8q3.invalid;transport=ws SIP/2.0
Via: SIP/2.0/WSS 192.0.2.10:8089;branch=z9hG4bKpage
From: "Paging" <sip:700@example.com>;tag=page
To: <sip:1001@example.com>
Call-ID: page
CSeq: 1 INVITE
Contact: <sip:700@192.0.2.10>
Call-Info: <sip:192.0.2.10>;answer-after=0
Replaces: 425928@bobster.example.org;to-tag=7743;from-tag=6472;early-only
Content-Length: 0

`, map[string]string{
		"method": "INVITE", "number": "700", "Call-Info": "[{sip:192.0.2.10 answer-after=0}]",
		"Replaces": "425928@bobster.example.org;to-tag=7743;from-tag=6472;early-only",
	}},
	{"OPTIONS answered with everything", `
SIP/2.0 200 OK
Via: SIP/2.0/WSS r8q3.invalid;branch=z9hG4bKabc
From: <sip:1001@example.com>;tag=us
To: <sip:1002@example.com>;tag=far
Call-ID: options
CSeq: 2 OPTIONS
Accept: application/sdp, message/*;q=0.4, */*;q=0.1, junk
Accept-Encoding: identity
Allow: INVITE,,ACK , BYE
Allow: INFO
Supported:
Content-Length: 0

`, map[string]string{
		"code": "200", "Allow": "[INVITE ACK BYE INFO]", "Supported": "[]",
		"Accept": "[{application/sdp 1 } {message/* 0.4 q=0.4} {*/* 0.1 q=0.1}]",
	}},
	{"Yealink, with a private header no parser knows", `
INVITE sip:1001@r8q3.invalid SIP/2.0
Via: SIP/2.0/WSS 192.0.2.15:5061;branch=z9hG4bK1573293713
From: "José Müller-Lüdenscheidt" <sip:1005@192.0.2.15:5061>;tag=1573293713
To: <sip:1001@example.com>
Call-ID: 0_1573293713@192.0.2.15
CSeq: 1 INVITE
Contact: <sip:1005@192.0.2.15:5061;transport=TLS>
Content-Type: application/sdp
Allow: INVITE, INFO, PRACK, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REGISTER, SUBSCRIBE, REFER, PUBLISH, UPDATE, MESSAGE
Max-Forwards: 70
User-Agent: Yealink SIP-T46U 108.86.0.20
Allow-Events: talk,hold,conference,refer,check-sync
X-Private {x}: y
Content-Length: 5

v=0
`, map[string]string{
		"method": "INVITE", "from": "José Müller-Lüdenscheidt|sip:1005@192.0.2.15:5061", "number": "1005", "sdp": "v=0",
		"Contact": "sip:1005@192.0.2.15:5061;transport=TLS - 1  0  ",
	}},
}

// TestMessagesOfProducts reads each message as a whole and header by header.
func TestMessagesOfProducts(t *testing.T) {
	for _, c := range products {
		t.Run(c.name, func(t *testing.T) {
			msg := mustParse(t, []byte(strings.ReplaceAll(strings.TrimPrefix(c.text, "\n"), "\n", "\r\n")))
			for name, want := range c.want {
				if got := saidBy(t, msg, name); got != want {
					t.Errorf("%s is read as\n%s, want\n%s", name, got, want)
				}
			}
		})
	}
}

func saidBy(t *testing.T, msg sip.Message, name string) string {
	switch name {
	case "method":
		return string(msg.(*Request).Method)
	case "code":
		return fmt.Sprint(msg.(*Response).StatusCode)
	case "seq":
		return fmt.Sprint(msg.CSeq().SeqNo)
	case "from":
		return msg.From().DisplayName + "|" + msg.From().Address.String()
	case "number":
		number, _ := Number(msg.From().Address.User)
		return number
	case "body":
		return fmt.Sprint(len(msg.Body()))
	case "sdp":
		line, _, _ := strings.Cut(string(BodySDP(msg)), "\r\n")
		return line
	case "Record-Route":
		s, err := showAddresses(Routes(msg, name))
		if err != nil {
			t.Error(err)
		}
		return s
	}
	got, err := readers[name](msg)
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return got
}

// TestMessagesOfProductsWithoutOneLine: a header that is missing or broken says nothing about the others.
func TestMessagesOfProductsWithoutOneLine(t *testing.T) {
	for _, c := range products {
		text := strings.ReplaceAll(strings.TrimPrefix(c.text, "\n"), "\n", "\r\n")
		for name, want := range c.want {
			if readers[name] == nil {
				continue
			}
			const junk = "\r\nX-Junk: \x01\"<;\r\nno header\r\nDate: ;;\r\nWarning: <\r\n\r\n"
			msg := mustParse(t, []byte(strings.Replace(text, "\r\n\r\n", junk, 1)))
			if got := saidBy(t, msg, name); got != want {
				t.Errorf("%s: %s beside broken headers is read as %s, want %s", c.name, name, got, want)
			}
		}
	}
}

func TestChallenges(t *testing.T) {
	const bad = "bad"
	for _, c := range []struct{ value, want, why string }{
		{`Digest realm="a", nonce="b"`, "[{Digest realm=a&nonce=b}]", "plain"},
		{`Digest realm = "a" , nonce=b`, "[{Digest realm=a&nonce=b}]", "blanks"},
		{`digest REALM="a"`, "[{digest realm=a}]", "names in lower case, the scheme as it came"},
		{`Digest realm="a\"b,c"`, `[{Digest realm=a"b,c}]`, "escapes and commas in quotes"},
		{`Digest realm="a",,nonce="b",`, "[{Digest realm=a&nonce=b}]", "empty members"},
		{`Digest realm="a", nonce="b", Bearer scope="c"`, "[{Digest realm=a&nonce=b} {Bearer scope=c}]", "two in one line"},
		{`Negotiate`, "[{Negotiate }]", "a scheme alone"},
		{`realm="a"`, bad, "no scheme"},
		{`Digest realm="a`, bad, "a quote that is not closed"},
		{`Digest realm=`, bad, "no value"},
		{`Digest realm="a" nonce="b"`, bad, "no comma"},
		{``, bad, "nothing"},
		{`,`, bad, "nothing but a comma"},
	} {
		list, err := ParseChallenges(c.value)
		got := bad
		if err == nil {
			got = fmt.Sprint(list)
		}
		if got != c.want {
			t.Errorf("%s: %s is read as %s (%v), want %s", c.why, c.value, got, err, c.want)
		}
	}
}

func TestAuthParams(t *testing.T) {
	params, err := ParseAuthParams(`nextnonce="a", qop=auth, rspauth="0b", nc=00000001`)
	if err != nil || len(params) != 4 || params[0].K != "nextnonce" || params[0].V != "a" {
		t.Errorf("got %v, %v", params, err)
	}
	for _, value := range []string{"Bearer", `a="`, `a=b, Digest c=d`} {
		if params, err := ParseAuthParams(value); err == nil {
			t.Errorf("%q is read as %v, want an error", value, params)
		}
	}
}

// TestSeveralOfOneKind: headers that stand once, and do not.
func TestSeveralOfOneKind(t *testing.T) {
	for _, c := range []struct {
		lines []string
		want  string
		why   string
	}{
		{[]string{"Expires: 60"}, "1m0s", "one"},
		{[]string{"Expires: 60", "Expires: 60"}, "1m0s", "the same twice"},
		{[]string{"Expires:", "Expires: 60"}, "1m0s", "an empty one says nothing"},
		{[]string{"Expires: 60", "Expires:"}, "1m0s", "wherever it stands"},
		{[]string{"Expires: 60", "Expires: 70"}, "more than one", "which?"},
		{[]string{"Expires: soon"}, "number out of range", "one that cannot be read"},
		{nil, ErrAbsent.Error(), "none"},
	} {
		msg, _ := Parse(invite(c.lines...))
		wantHead(t, msg)
		d, err := msg.Typed().Expires, msg.Typed().ExpiresErr
		got := d.String()
		if err != nil {
			got = strings.TrimPrefix(err.Error(), "wire: bad Expires: ")
		}
		if got != c.want {
			t.Errorf("%s: %q is read as %s, want %s", c.why, c.lines, got, c.want)
		}
	}
	const one = "a;to-tag=1;from-tag=2"
	for _, lines := range [][]string{{"Replaces: " + one, "Replaces: " + one}, {"Replaces: " + one + ", b;to-tag=1;from-tag=2"}} {
		msg, _ := Parse(invite(lines...))
		if _, err := Replaces(msg); err == nil || errors.Is(err, ErrAbsent) {
			t.Errorf("%q: got %v, want an error (RFC 3891 section 3)", lines, err)
		}
	}
}

// TestHeaderNamesOfEveryCase: names are read whatever their case, and written in the usual one.
func TestHeaderNamesOfEveryCase(t *testing.T) {
	for lower, want := range canonical {
		for _, name := range []string{lower, strings.ToUpper(lower), want} {
			if got := headerName(name); got != want {
				t.Errorf("%s is called %s, want %s", name, got, want)
			}
		}
	}
	for _, name := range []string{"X-Demo", "x-demo", "q", "Z", "", "ü"} {
		if got := headerName(name); got != name {
			t.Errorf("%s is called %s: unknown names stay", name, got)
		}
	}
}

// TestCompactFormsAreAllDistinct keeps the table from naming one header twice.
func TestCompactFormsAreAllDistinct(t *testing.T) {
	var names []string
	for c := 'a'; c <= 'z'; c++ {
		if name := compact[c]; name != "" {
			names = append(names, name)
			if headerName(string(c)) != name || headerName(strings.ToUpper(string(c))) != name {
				t.Errorf("%c is not %s in both cases", c, name)
			}
		}
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != 20 {
		t.Errorf("%d compact forms, want 20", len(names))
	}
}
