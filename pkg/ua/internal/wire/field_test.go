package wire

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

// TestValuesAreReadOnce counts how often the value of a header of a parsed message is read.
func TestValuesAreReadOnce(t *testing.T) {
	msg := mustParse(t, invite("X-Demo: 1", "X-Bad: x"))
	read := map[string]int{}
	reader := func(value string) (int, error) {
		read[value]++
		if value == "x" {
			return 0, errNumber
		}
		return 7, nil
	}
	for range 3 {
		if n, err := readOne(msg, "x-demo", reader); n != 7 || err != nil {
			t.Errorf("got %d, %v, want 7", n, err)
		}
		if _, err := readOne(msg, "X-Bad", reader); !errors.Is(err, errNumber) {
			t.Errorf("got %v, want the error of the reader, each time", err)
		}
	}
	if read["1"] != 1 || read["x"] != 1 {
		t.Errorf("read %v, want each value once", read)
	}
}

// TestHeadersOfOthersAreReadEachTime: what was not parsed here, and may change, is not kept.
func TestHeadersOfOthersAreReadEachTime(t *testing.T) {
	req := sip.NewRequest(sip.INVITE, sip.Uri{Host: "x"})
	req.AppendHeader(sip.NewHeader("Expires", "1"))
	if d, _ := Expires(req); d != time.Second {
		t.Fatalf("got %v, want 1s", d)
	}
	req.ReplaceHeader(sip.NewHeader("Expires", "2"))
	if d, _ := Expires(req); d != 2*time.Second {
		t.Errorf("got %v, want 2s", d)
	}
}

// TestReadersDoNotShare: two readers of one header, as Routes and Contacts are, get what is theirs.
func TestReadersDoNotShare(t *testing.T) {
	msg := mustParse(t, invite("Contact: <sip:a@b>;expires=5"))
	for range 2 {
		contacts, err := Contacts(msg)
		if err != nil || len(contacts) != 1 || contacts[0].Expires == nil {
			t.Errorf("contacts %v, %v", contacts, err)
		}
		routes, err := Routes(msg, "Contact")
		if err != nil || len(routes) != 1 || routes[0].URI.User != "a" {
			t.Errorf("routes %v, %v", routes, err)
		}
	}
}

// TestEveryReaderSaysTheSameTwice: what is kept is what was read.
func TestEveryReaderSaysTheSameTwice(t *testing.T) {
	values := []string{"", "1", "60;refresher=uac", "<sip:a@b>;expires=5, <sip:c@d>;q=0.3", "active;expires=7",
		"SIP;cause=200;text=\"x\"", "a@b;to-tag=1;from-tag=2", "1 2 INVITE", "timer, path", "application/sdp",
		`Digest realm="a", nonce="b"`, ";;", ",,", "\"", "<", "*"}
	for name, read := range readers {
		for _, value := range values {
			msg, _ := Parse(invite(name + ": " + value))
			first, err1 := read(msg)
			second, err2 := read(msg)
			if first != second || fmt.Sprint(err1) != fmt.Sprint(err2) {
				t.Errorf("%s: %q: first %s, %v, then %s, %v", name, value, first, err1, second, err2)
			}
		}
	}
}

func TestFieldsAreAsTheyCame(t *testing.T) {
	lines := []string{"Via: SIP/2.0/WSS y.invalid;branch=z9hG4bK1", "Via: SIP/2.0/UDP other;;,x",
		"From: Müller, Anna <sip:Call Center@h>;tag=f", "To: <sip:1001@example.com>", "Call-ID: c1", "CSeq: 1 INVITE",
		"Contact: <sip:a@b>, <", "X-Demo: x  y", "Content-Length: 0"}
	msg := mustParse(t, message(append([]string{"INVITE sip:1001@x.invalid SIP/2.0"}, lines...)...))
	var got []string
	for _, f := range Fields(msg) {
		got = append(got, f.Name+": "+f.Value)
	}
	if strings.Join(got, "\n") != strings.Join(lines, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(lines, "\n"))
	}
	if msg.From().DisplayName != "Müller, Anna" || msg.From().Address.User != "Call%20Center" {
		t.Errorf("From is read as %q %q", msg.From().DisplayName, msg.From().Address.User)
	}
}

// TestResponseHeadIsAsItCame: a response repeats what the request had (RFC 3261 section 8.2.6.2), not what was made of it.
func TestResponseHeadIsAsItCame(t *testing.T) {
	for _, c := range []struct {
		data      []byte
		tag       string
		route     bool
		want, why string
	}{
		{invite(), "t", false,
			"Via: SIP/2.0/WSS y.invalid;branch=z9hG4bK1|From: <sip:1002@example.com>;tag=f|To: " +
				"<sip:1001@example.com>;tag=t|Call-ID: c1|CSeq: 1 INVITE",
			"a tag is added"},
		{invite(), "", false,
			"Via: SIP/2.0/WSS y.invalid;branch=z9hG4bK1|From: <sip:1002@example.com>;tag=f|To: " +
				"<sip:1001@example.com>|Call-ID: c1|CSeq: 1 INVITE",
			"a 100 has none"},
		{invite("Record-Route: <sip:p1;lr>;;", "Record-Route: <", "v: SIP/2.0/UDP z;;"), "t", true,
			"Via: SIP/2.0/WSS y.invalid;branch=z9hG4bK1|Via: SIP/2.0/UDP z;;|Record-Route: <sip:p1;lr>;;|Record-Route: " +
				"<|From: <sip:1002@example.com>;tag=f|" +
				"To: <sip:1001@example.com>;tag=t|Call-ID: c1|CSeq: 1 INVITE", "routes and the Via of others, read or not"},
		{invite("Record-Route: <sip:p1;lr>"), "t", false,
			"Via: SIP/2.0/WSS y.invalid;branch=z9hG4bK1|From: <sip:1002@example.com>;tag=f|To: " +
				"<sip:1001@example.com>;tag=t|Call-ID: c1|CSeq: 1 INVITE",
			"no routes in a refusal"},
		{message("BYE sip:1001@x SIP/2.0", "Via: x;branch=z9hG4bK1", "From: <;tag=f", "To: \"x <sip:1001@example.com>;tag=us",
			"Call-ID: c1", "CSeq: one BYE"), "t", false,
			`Via: x;branch=z9hG4bK1|From: <;tag=f|To: "x <sip:1001@example.com>;tag=us|Call-ID: c1|CSeq: one BYE`,
			"nothing that can be read but the tags"},
		{message("BYE sip:1001@x SIP/2.0", "Via: x", "To: \"x"), "t", false, `Via: x|To: "x;tag=t`,
			"what is missing stays missing"},
	} {
		msg, _ := Parse(c.data)
		req, ok := msg.(*Request)
		if !ok {
			t.Errorf("%s: no request", c.why)
			continue
		}
		var got []string
		for _, h := range ResponseHead(req, c.tag, c.route) {
			got = append(got, h.Name()+": "+h.Value())
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: got\n%s, want\n%s", c.why, strings.Join(got, "|"), c.want)
		}
	}
}

// TestFaultsComeWithTheMessage: who finds its dialog can go on with it.
func TestFaultsComeWithTheMessage(t *testing.T) {
	bye := func(change ...string) []byte {
		text := string(message("BYE sip:1001@x SIP/2.0", "Via: SIP/2.0/WSS y;branch=z9hG4bK1",
			"From: <sip:1002@example.com>;tag=f", "To: <sip:1001@example.com>;tag=us", "Call-ID: c1", "CSeq: 2 BYE"))
		return []byte(strings.NewReplacer(change...).Replace(text))
	}
	for _, c := range []struct {
		data       []byte
		usable     bool
		code       int
		callID     string
		from, to   string
		seq        uint32
		branch     string
		viaMissing bool
		why        string
	}{
		{bye("To: ", `To: "x `), true, 400, "c1", "f", "us", 2, "z9hG4bK1", false, "a quote in To"},
		{bye("sip:1001@x SIP", "<sip:1001@x> SIP"), true, 400, "c1", "f", "us", 2, "z9hG4bK1", false, "a broken Request-URI"},
		{bye("2 BYE", "2 INVITE"), true, 400, "c1", "f", "us", 2, "z9hG4bK1", false, "another method"},
		{bye("2 BYE", "2"), true, 400, "c1", "f", "us", 2, "z9hG4bK1", false, "a number without method"},
		{bye("2 BYE", "two BYE"), false, 400, "c1", "f", "us", 0, "z9hG4bK1", false, "no number"},
		{bye("SIP/2.0/WSS y", "WSS y"), false, 400, "c1", "f", "us", 2, "z9hG4bK1", true,
			"a top Via whose branch alone can be read"},
		{bye("Via: SIP/2.0/WSS y;branch=z9hG4bK1\r\n", ""), false, 0, "c1", "f", "us", 2, "", true, "no Via"},
		{bye("Call-ID: c1\r\n", ""), false, 400, "", "f", "us", 2, "z9hG4bK1", false, "no Call-ID"},
		{bye("CSeq: 2 BYE\r\n", ""), false, 400, "c1", "f", "us", 0, "z9hG4bK1", false, "no CSeq"},
		{bye("From: ", "Form: "), false, 400, "c1", "", "us", 2, "z9hG4bK1", false, "no From"},
		{bye("To: ", "Ot: "), false, 400, "c1", "f", "", 2, "z9hG4bK1", false, "no To"},
		{bye("Call-ID: c1", "Call-ID: c1\r\nCall-ID: c2"), true, 400, "c1", "f", "us", 2, "z9hG4bK1", false,
			"two Call-ID: the first counts"},
		{bye("CSeq: 2 BYE", "CSeq: x\r\nCSeq: 2 BYE"), false, 400, "c1", "f", "us", 2, "z9hG4bK1", false,
			"two CSeq: the one that can be read counts"},
		{bye("SIP/2.0\r\n", "SIP/2.1\r\n"), false, 505, "c1", "f", "us", 2, "z9hG4bK1", false, "another version"},
		{bye("CSeq", "Content-Length: 7\r\nCSeq"), true, 400, "c1", "f", "us", 2, "z9hG4bK1", false, "a body that is too short"},
		{append(bye(), make([]byte, MaxMessage)...), false, 513, "c1", "f", "us", 2, "z9hG4bK1", false, "too large"},
		{bye("\r\n\r\n", "\r\n"), true, 400, "c1", "f", "us", 2, "z9hG4bK1", false, "no end of the head"},
	} {
		msg, err := Parse(c.data)
		var fault *Error
		if !errors.As(err, &fault) || msg == nil {
			t.Errorf("%s: got %v, %v, want both", c.why, msg, err)
			continue
		}
		usable(t, msg)
		from, _ := Param(msg.From().Params, "tag")
		to, _ := Param(msg.To().Params, "tag")
		branch, _ := Param(msg.Via().Params, "branch")
		if fault.Code != c.code || fault.Usable != c.usable {
			t.Errorf("%s: code %d usable %v, want %d %v", c.why, fault.Code, fault.Usable, c.code, c.usable)
		}
		if msg.CallID().Value() != c.callID || from != c.from || to != c.to || msg.CSeq().SeqNo != c.seq || branch != c.branch {
			t.Errorf("%s: read Call-ID %q, tags %q and %q, number %d, branch %q", c.why, msg.CallID().Value(), from, to,
				msg.CSeq().SeqNo, branch)
		}
		if head := msg.Typed(); head.NoVia != c.viaMissing || head.FromTag != from || head.ToTag != to {
			t.Errorf("%s: NoVia is %v, tags are %q and %q", c.why, head.NoVia, head.FromTag, head.ToTag)
		}
	}
}

// TestTruncatedMessages cuts each message of the corpus at each octet: what comes has all that is asked for.
func TestTruncatedMessages(t *testing.T) {
	for _, c := range corpus(t) {
		for end := range c.data {
			if msg, err := Parse(c.data[:end]); msg != nil {
				usable(t, msg)
			} else if err == nil {
				t.Fatalf("%s cut at %d: neither a message nor an error", c.name, end)
			}
		}
	}
}

// TestEachLineMissing takes each line out of each message of the corpus, and puts each in twice.
func TestEachLineMissing(t *testing.T) {
	for _, c := range corpus(t) {
		head, body, _ := strings.Cut(string(c.data), "\r\n\r\n")
		lines := strings.Split(head, "\r\n")
		for i := 1; i < len(lines); i++ {
			without := strings.Join(append(append([]string{}, lines[:i]...), lines[i+1:]...), "\r\n")
			twice := strings.Join(append(append([]string{}, lines[:i+1]...), lines[i:]...), "\r\n")
			for _, text := range []string{without, twice} {
				msg, err := Parse([]byte(text + "\r\n\r\n" + body))
				if msg != nil {
					usable(t, msg)
					readAll(msg)
				} else if err == nil {
					t.Fatalf("%s, line %d: neither a message nor an error", c.name, i)
				}
			}
		}
	}
}
