package wire

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

// message joins lines by CRLF and ends the header block.
func message(lines ...string) []byte { return []byte(strings.Join(lines, "\r\n") + "\r\n\r\n") }

// invite returns an INVITE with extra header lines.
func invite(extra ...string) []byte {
	return message(append([]string{"INVITE sip:1001@x.invalid SIP/2.0", "Via: SIP/2.0/WSS y.invalid;branch=z9hG4bK1",
		"From: <sip:1002@example.com>;tag=f", "To: <sip:1001@example.com>", "Call-ID: c1", "CSeq: 1 INVITE"}, extra...)...)
}

func mustParse(t testing.TB, data []byte) Message {
	t.Helper()
	msg, err := Parse(data)
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	return msg
}

func TestCompactForms(t *testing.T) {
	msg := mustParse(t, message("INVITE sip:1001@x.invalid SIP/2.0", "v: SIP/2.0/WSS y.invalid;branch=z9hG4bK1",
		"f: <sip:1002@example.com>;tag=f", "t: <sip:1001@example.com>", "i: c1", "CSEQ: 1 INVITE", "m: <sip:a@b>",
		"c: application/sdp", "l: 0", "s: hello", "k: timer, 100rel", "o: presence", "r: <sip:c@d>", "u: presence", "e: gzip",
		"x: 1800;refresher=uac", "a: *;audio", "b: <sip:e@f>", "j: *;video", "d: no-fork", "n: <https://example.com/cert>",
		"y: abc", "z: unknown"))
	want := []string{"Via", "From", "To", "Call-ID", "CSeq", "Contact", "Content-Type", "Content-Length", "Subject", "Supported",
		"Event", "Refer-To", "Allow-Events", "Content-Encoding", "Session-Expires", "Accept-Contact", "Referred-By",
		"Reject-Contact", "Request-Disposition", "Identity-Info", "Identity", "z"}
	for i, h := range fieldsOf(msg) {
		if h.Name() != want[i] {
			t.Errorf("header %d is called %s, want %s", i, h.Name(), want[i])
		}
	}
}

func TestAcceptedMessages(t *testing.T) {
	for _, c := range []struct {
		data []byte
		ok   func(sip.Message) bool
		why  string
	}{
		{append([]byte("\r\n\r\n"), invite()...), func(m sip.Message) bool {
			return m.CSeq().SeqNo == 1
		}, "line breaks before the start line"},
		{append(invite(), "body"...), func(m sip.Message) bool {
			return string(m.Body()) == "body"
		}, "no Content-Length: the frame ends the body"},
		{append(invite("Content-Length: 2"), "body"...), func(m sip.Message) bool {
			return string(m.Body()) == "bo"
		}, "what is behind Content-Length is ignored"},
		{invite("Contact: sip:a@b, sip:c@d;expires=5"), func(m sip.Message) bool {
			list, err := Contacts(m)
			return err == nil && len(list) == 2 && list[1].Expires.Seconds() == 5
		}, "a comma list of bare contacts"},
		{invite(`Contact: "x, y" <sip:a@b;z=1>;methods="INVITE,BYE";q=0.5, <sip:c@d>`), func(m sip.Message) bool {
			list, err := Contacts(m)
			return err == nil && len(list) == 2 && list[0].DisplayName == "x, y" && list[0].Q == 0.5
		}, "commas inside quotes"},
		{invite("Contact: *"), func(m sip.Message) bool { return m.(*Request).Contacts[0].URI.Wildcard }, "a star"},
		{invite("Record-Route: <sip:p1;lr>;x=1, <sip:p2;lr>"), func(m sip.Message) bool {
			list, err := Routes(m, "Record-Route")
			return err == nil && len(list) == 2 && list[0].URI.Host == "p1" && len(list[0].Params) == 1 &&
				list[1].URI.Host == "p2"
		}, "parameters behind a Record-Route stay"},
		{invite("Subject : a", "\tb", "  c"), func(m sip.Message) bool { return m.GetHeaders("Subject")[0].Value() == "a b c" },
			"folding"},
		{invite("Subject: \xff\xfe"), func(m sip.Message) bool { return m.GetHeaders("Subject")[0].Value() == "\uFFFD" },
			"broken UTF-8 is replaced"},
		{invite(`Referred-By: "a\` + "\x00" + `b" <sip:a@b>`), func(m sip.Message) bool {
			list, err := Routes(m, "Referred-By")
			return err == nil && list[0].DisplayName == "a\uFFFDb"
		}, "an escaped NUL is replaced"},
		{invite("Subject: a\rb\nc\x00d"), func(m sip.Message) bool {
			return m.GetHeaders("Subject")[0].Value() == "a\uFFFDb\uFFFDc\uFFFDd"
		}, "control characters are replaced"},
		{invite("Sub ject: a", "no colon", ": no name", "(x): y", "Subject: b"), func(m sip.Message) bool {
			return len(fieldsOf(m)) == 6
		}, "lines that are no headers are passed over"},
		{invite("Contact: *, <sip:a@b>"), func(m sip.Message) bool {
			list, _ := Contacts(m)
			return len(list) == 1 && list[0].URI.User == "a"
		}, "a star in a list costs that member"},
		{invite("Contact: <sip:a@b"), func(m sip.Message) bool {
			list, _ := Contacts(m)
			return len(list) == 1 && list[0].URI.Host == "b"
		}, "a bracket that is not closed"},
		{invite(`Contact: <sip:a@b>;q=0.1;x="y`), func(m sip.Message) bool {
			list, _ := Contacts(m)
			return len(list) == 1 && list[0].Q == 0.1
		},
			"a parameter whose quote is not closed costs that parameter"},
		{invite("Contact: <sip:a%4@b>"), func(m sip.Message) bool { list, _ := Contacts(m); return list[0].URI.User == "a%254" },
			"a broken escape is escaped"},
		{append(invite("Content-Type:"), "v=0"...), func(m sip.Message) bool {
			return string(BodySDP(m)) == "v=0"
		}, "an empty Content-Type says nothing"},
		{invite("Via: " + strings.Repeat("SIP/2.0/WS a,", MaxHeaders) + "x;;"), func(m sip.Message) bool {
			return len(m.GetHeaders("Via")) == 2
		}, "a Via that is not ours is not read"},
		{invite("Content-Length: 0", "l: 0"), func(m sip.Message) bool {
			return len(m.Body()) == 0
		}, "the same Content-Length twice"},
		{invite("Date: never", "Max-Forwards: many", "Expires: -1", "Route: <", "Record-Route: ,,;", "Refer-To: x y",
			"Session-Expires: soon"),
			func(m sip.Message) bool { return len(fieldsOf(m)) == 12 }, "what is not needed is not read"},
		{message("SIP/2.0 180", "Via: SIP/2.0/WSS y.invalid;branch=z9hG4bK1", "From: <sip:a@b>;tag=1", "To: <sip:c@d>;TAG=2",
			"Call-ID: c", "CSeq: 1 INVITE"),
			func(m sip.Message) bool { tag, ok := m.To().Params.Get("tag"); return ok && tag == "2" },
			"no space behind the code, a parameter name in capitals"},
	} {
		msg, err := Parse(c.data)
		if err != nil {
			t.Errorf("%s: %v", c.why, err)
		} else if !c.ok(msg) {
			t.Errorf("%s: read wrong:\n%s", c.why, msg)
		}
	}
}

func TestRefusedMessages(t *testing.T) {
	bad := func(line, instead string) []byte {
		return []byte(strings.Replace(string(invite()), line, instead, 1))
	}
	ack := strings.ReplaceAll(string(invite("Content-Length: 5")), "INVITE", "ACK")
	many := make([]string, MaxHeaders)
	for i := range many {
		many[i] = "X: y"
	}
	for _, c := range []struct {
		data []byte
		want string
		why  string
	}{
		{nil, "drop", "nothing"},
		{[]byte("\r\n"), "drop", "a keep-alive is not a message"},
		{[]byte("GET / HTTP/1.1\r\n\r\n"), "drop", "another protocol"},
		{bytes.Repeat([]byte{0}, 100), "drop", "zeros"},
		{bad("SIP/2.0\r\nVia", "SIP/3.0\r\nVia"), "reject 505", "another version"},
		{bad("sip:1001@x.invalid", "sip:"), "reject 400", "no host in the Request-URI"},
		{bad("Via: SIP/2.0/WSS y.invalid;branch=z9hG4bK1\r\n", ""), "drop", "no Via: nowhere to send an answer"},
		{bad("Via: SIP/2.0/WSS", "Via: HTTP/2.0/WSS"), "reject 400", "no usable Via: it goes back as it came"},
		{bad("1 INVITE", "2147483648 INVITE"), "reject 400", "CSeq number of 2**31"},
		{bad("1 INVITE", "1INVITE"), "reject 400", "CSeq without a space"},
		{bad("Call-ID: c1", "Call-ID:"), "reject 400", "empty Call-ID"},
		{bad("Call-ID: c1", "Call-ID: a b"), "reject 400", "white space in Call-ID"},
		{bad("\r\n\r\n", "\r\n"), "reject 400", "no end of the header block"},
		{invite("Contact: <sip:a@b:0>"), "reject 400", "port zero in the only Contact"},
		{invite("Contact: <sip:a@b:99999>, <>, x"), "reject 400", "no Contact that can be read"},
		{bad("To: ", `To: "x `), "reject 400", "a quote in To that is not closed"},
		{bad("Call-ID: c1", "Call-ID: c1\r\nCall-ID: c2"), "reject 400", "two Call-ID"},
		{invite("Content-Length: 0", "Content-Length: 1"), "reject 400", "two Content-Length that differ"},
		{bad("branch=z9hG4bK1", "branch=z9hG4bK1;;,;,,"), "reject 400", "nothing but separators behind the top Via"},
		{append(invite("Content-Length: 5"), "body"...), "reject 400", "Content-Length too large"},
		{invite(many...), "reject 400", "too many header fields"},
		{append(invite(), make([]byte, MaxMessage)...), "reject 513", "too large"},
		{[]byte(ack), "drop", "an ACK is never answered"},
		{[]byte(strings.Replace(string(invite("Content-Length: 5")), "INVITE sip:1001@x.invalid SIP/2.0", "SIP/2.0 200 OK", 1)),
			"drop", "nor is a response"},
		{message("SIP/2.0 99 Low", "Via: SIP/2.0/WSS a"), "drop", "status code below 100"},
		{message("SIP/2.0 200 O\x00K", "Via: SIP/2.0/WSS a"), "drop", "a NUL in the reason phrase"},
	} {
		msg, err := Parse(c.data)
		if got := verdict(msg, err); got != c.want {
			t.Errorf("%s: got %s (%v), want %s", c.why, got, err, c.want)
		}
	}
}

func TestRefusalCanBeAnswered(t *testing.T) {
	_, err := Parse(invite("To: \"broken <sip:a@b>", "Via: SIP/2.0/TCP second;x=1", "Content-Length: -1"))
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an *Error", err)
	}
	res := e.Response()
	if res == nil || res.StatusCode != 400 || len(res.GetHeaders("Via")) != 2 || res.From() == nil || res.CallID() == nil ||
		res.CSeq() == nil {
		t.Fatalf("response %v lacks what it needs", res)
	}
	tag, _ := res.To().Params.Get("tag")
	if again, _ := e.Response().To().Params.Get("tag"); tag == "" || again != tag {
		t.Errorf("To tag %q then %q, want the same twice (RFC 3261 section 8.2.7)", tag, again)
	}
	if e.Request.To().Params.Has("tag") {
		t.Error("Response must not change the request")
	}
	if out, err := Serialize(res); err != nil {
		t.Errorf("the refusal must be writable: %v\n%s", err, out)
	}
	if (&Error{Reason: "x"}).Response() != nil {
		t.Error("what is dropped has no response")
	}
}

func TestKeepAlive(t *testing.T) {
	for data, want := range map[string][2]bool{"\r\n\r\n": {true, false}, "\r\n": {false, true}, "": {}, "\n": {},
		"\r\n\r\n\r\n": {}, "x\r\n": {}} {
		if ping, pong := KeepAlive([]byte(data)); ping != want[0] || pong != want[1] {
			t.Errorf("%q: got %v %v, want %v", data, ping, pong, want)
		}
	}
}

// FuzzParse feeds anything: Parse does not panic, keeps its promises about errors, its Head says what the headers say, and what
// it accepts can be written, is read again, and is then written octet by octet the same.
func FuzzParse(f *testing.F) {
	for _, c := range corpus(f) {
		f.Add(c.data)
	}
	f.Add(invite("Contact: *", "Subject: \\\x00", " fold"))
	f.Fuzz(func(t *testing.T, data []byte) {
		msg, err := Parse(data)
		if msg != nil {
			usable(t, msg)
			wantHead(t, msg)
		}
		if err != nil {
			if v := verdict(msg, err); v != "drop" && !strings.HasPrefix(v, "reject ") {
				t.Fatalf("%v with %v", v, msg)
			}
			var e *Error
			if errors.As(err, &e); e.Response() != nil {
				if _, err := Serialize(e.Response()); err != nil {
					t.Fatalf("the refusal cannot be written: %v", err)
				}
			}
			return
		}
		readAll(msg)
		first, err := Serialize(msg)
		if errors.Is(err, errMsgSize) {
			return
		}
		if err != nil {
			t.Fatalf("accepted, but cannot be written: %v", err)
		}
		again, err := Parse(first)
		if err != nil {
			t.Fatalf("written, but cannot be read: %v\n%q", err, first)
		}
		second, err := Serialize(again)
		if err != nil || !bytes.Equal(first, second) {
			t.Fatalf("%v\nfirst  %q\nsecond %q", err, first, second)
		}
	})
}

// usable checks that nobody who has a message has to ask for the headers that every message has, and that a response can be made
// of it.
func usable(t testing.TB, msg sip.Message) {
	t.Helper()
	if msg.Via() == nil || msg.From() == nil || msg.To() == nil || msg.CallID() == nil || msg.CSeq() == nil {
		t.Fatalf("a header is missing that every message has:\n%s", msg)
	}
	req, ok := msg.(*Request)
	if !ok {
		return
	}
	res := sip.NewResponse(200, "OK")
	for _, h := range ResponseHead(req, "tag", true) {
		res.AppendHeader(h)
	}
	if _, err := Serialize(res); err != nil {
		t.Fatalf("the response cannot be written: %v", err)
	}
}

func benchMessage() []byte {
	sdp := "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n" +
		strings.Repeat("a=candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host\r\n", 30)
	return append(invite("Max-Forwards: 70", "Contact: <sip:1002@y.invalid;transport=ws>;+sip.instance=\"<urn:uuid:0>\"",
		"Record-Route: <sip:192.0.2.1;lr>", "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS", "Supported: timer, 100rel, replaces",
		"User-Agent: test", "Content-Type: application/sdp", fmt.Sprintf("Content-Length: %d", len(sdp))), sdp...)
}

func BenchmarkParse(b *testing.B) {
	data := benchMessage()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSipgoParse(b *testing.B) {
	data := benchMessage()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sip.ParseMessage(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSerialize(b *testing.B) {
	msg := mustParse(b, benchMessage())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Serialize(msg); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMask(b *testing.B) {
	data := benchMessage()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		Mask(data)
	}
}
