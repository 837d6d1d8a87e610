package wire

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTarget(t *testing.T) {
	for _, c := range []struct{ input, want, why string }{
		{"1002", "sip:1002@example.com", "an extension"},
		{" 1002\u00a0", "sip:1002@example.com", "white space around it"},
		{"+44 20 7946 0347", "sip:+442079460347@example.com", "visual separators"},
		{"+44 (0)20 7946-0347", "sip:+442079460347@example.com", "the trunk zero is not dialled behind a country code"},
		{"(020) 7946/0347", "sip:02079460347@example.com", "visual separators of a national number"},
		{"\u202a+44\u00a020\u20117946\u202c", "sip:+44207946@example.com", "what copying from a contact list brings along"},
		{"\u0661\u0660\u0660\u0662", "sip:1002@example.com", "Arabic-Indic digits"},
		{"*0#", "sip:*0%23@example.com", "a feature code"},
		{"**21*1002#", "sip:**21*1002%23@example.com", "a longer feature code"},
		{"ann", "sip:ann@example.com", "a name"},
		{"ann smith", "sip:ann%20smith@example.com", "a space is escaped"},
		{"1-800-FLOWERS", "sip:1-800-FLOWERS@example.com", "letters make it a name"},
		{"ann@host", "sip:ann@host", "user and host"},
		{"ann@host:5061;transport=ws", "sip:ann@host:5061;transport=ws", "port and parameter"},
		{"ann@[2001:db8::1]", "sip:ann@[2001:db8::1]", "an IPv6 host"},
		{"+44 20 7946@host.example", "sip:+44207946@host.example", "separators leave a number with a host too"},
		{"ann@work@host", "sip:ann%40work@host", "only the last @ separates"},
		{"SIP:ann@host", "sip:ann@host", "scheme in capitals"},
		{"sips:ann@host", "sips:ann@host", "sips"},
		{"sip:1002", "sip:1002@example.com", "a number with a scheme"},
		{"sip:pbx.example.net", "sip:pbx.example.net", "a bare host"},
		{"sip:%61nn@host", "sip:%61nn@host", "escapes stay"},
		{"100%", "sip:100%25@example.com", "a percent sign that escapes nothing"},
		{"tel:+44-20-7946", "sip:+44207946@example.com;user=phone", "tel"},
		{"tel:%2B44%2D20", "sip:+4420@example.com;user=phone", "tel with escapes"},
		{"tel:1002;phone-context=example.com", "sip:1002;phone-context=example.com@example.com;user=phone", "tel with a context"},
		{"<script>\"x\"", "sip:%3Cscript%3E%22x%22@example.com", "brackets and quotes"},
	} {
		u, err := Target(c.input, "example.com")
		if err != nil {
			t.Errorf("%s: %q: %v", c.why, c.input, err)
			continue
		}
		if got, err := URIString(&u); err != nil || got != c.want {
			t.Errorf("%s: %q gives %q, %v, want %q", c.why, c.input, got, err, c.want)
		}
	}
}

func TestTargetRefuses(t *testing.T) {
	for _, c := range []struct {
		input, domain string
		want          error
	}{
		{"", "example.com", errTargetEmpty},
		{" \u200b ", "example.com", errTargetEmpty},
		{strings.Repeat("1", maxTarget+1), "example.com", errTargetLong},
		{"10\r\n02", "example.com", errTargetControl},
		{"1002\x00", "example.com", errTargetControl},
		{"10\u202802", "example.com", errTargetControl},
		{"\xff", "example.com", errTargetUTF8},
		{"1002", "", errTargetDomain},
		{"1002", "bad domain", errTargetHost},
		{"1+2", "example.com", errTargetPlus},
		{"@host", "example.com", errTargetUser},
		{"ann@", "example.com", errTargetHost},
		{"ann@a b", "example.com", errTargetHost},
		{"ann@host:99999", "example.com", errTargetHost},
		{"ann@host>", "example.com", errTargetHost},
		{"sip:ann:secret@host", "example.com", errTargetPassword},
		{"sip:ann@host?Route=x", "example.com", errTargetHeaders},
		{"sip:ann@host;method=BYE", "example.com", errTargetMethod},
		{"http://example.com", "example.com", errTargetScheme},
		{"javascript:alert(1)", "example.com", errTargetScheme},
		{"tel:ann", "example.com", errTargetNumber},
		{"tel:", "example.com", errTargetNumber},
		{"tel:1002?Route=x", "example.com", errTargetHeaders},
		{"tel:1002;ext=1?Route=x", "example.com", errTargetHeaders},
		{"+", "", errTargetDomain},
	} {
		if u, err := Target(c.input, c.domain); !errors.Is(err, c.want) {
			t.Errorf("%q: got %+v, %v, want %v", c.input, u, err, c.want)
		}
	}
}

// TestTargetIsSafe dials anything: what Target accepts goes out in an INVITE whose request line is one line of three words
// without quotes and angle brackets, and reads back as the same URI.
func TestTargetIsSafe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prefix := rapid.SampledFrom([]string{"", "sip:", "sips:", "tel:", "+"}).Draw(t, "prefix")
		suffix := rapid.SampledFrom([]string{"", "@host.example", "@" + hostile(t, "host")}).Draw(t, "suffix")
		input := prefix + hostile(t, "input") + suffix
		u, err := Target(input, "example.com")
		if err != nil {
			return
		}
		req := plainRequest()
		req.Recipient = u
		req.To().Address = u
		out, err := Serialize(req)
		if err != nil {
			t.Fatalf("%q was accepted as %+v, but cannot be written: %v", input, u, err)
		}
		line, _, _ := bytes.Cut(out, []byte("\r\n"))
		if bytes.Count(line, []byte(" ")) != 2 || bytes.ContainsAny(line, "\r\n\"<>\x00\t") {
			t.Fatalf("%q gives the request line %q", input, line)
		}
		msg, err := Parse(out)
		if err != nil {
			t.Fatalf("%q gives %q: %v", input, out, err)
		}
		wantURI(t, "Request-URI", msg.(*Request).Recipient, u, "")
	})
}

// FuzzTarget normalises any text as a number or address: what it makes of it goes out in one line of three words, reads back as
// the same URI, and is its own normal form.
func FuzzTarget(f *testing.F) {
	for _, s := range []string{"1002", "+49 (30) 123-45", "tel:+49-30-123;ext=4", "sip:1002@example.net:5061;transport=ws?X=1",
		"ann@host", "sips:a@b", "*43#", "sip:%41nn@[2001:db8::1]", "tel:1002;phone-context=example.com", "sip:a%0d%0aX@b",
		"\u202e1002"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, input string) {
		u, err := Target(input, "example.com")
		if err != nil {
			return
		}
		req := plainRequest()
		req.Recipient = u
		req.To().Address = u
		out, err := Serialize(req)
		if err != nil {
			t.Fatalf("%q was accepted as %+v, but cannot be written: %v", input, u, err)
		}
		line, _, _ := bytes.Cut(out, []byte("\r\n"))
		if bytes.Count(line, []byte(" ")) != 2 || bytes.ContainsAny(line, "\r\n\"<>\x00\t") {
			t.Fatalf("%q gives the request line %q", input, line)
		}
		if len(u.String()) > 256 {
			return // longer than what may be dialled, by the domain that was added
		}
		again, err := Target(u.String(), "example.com")
		if err != nil || again.String() != u.String() {
			t.Fatalf("%q gives %s, and that %s, %v", input, u.String(), again.String(), err)
		}
	})
}
