package wire

import (
	"strings"
	"testing"
)

// crlf joins lines as a body has them.
func crlf(lines ...string) string { return strings.Join(lines, "\r\n") }

// TestDescriptionsInMultiparts (RFC 2046, RFC 5621): SDP is what has to be found.
func TestDescriptionsInMultiparts(t *testing.T) {
	const sdp = "Content-Type: application/sdp"
	part := func(n int) string { return "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" + strings.Repeat("", n) }
	nested := func(depth int) (kind, body string) {
		kind, body = "application/sdp", "SDP"
		for i := range depth {
			b := string(rune('a' + i))
			kind, body = "multipart/mixed;boundary="+b, crlf("--"+b, "Content-Type: "+kind, "", body, "--"+b+"--")
		}
		return kind, body
	}
	type row struct{ kind, body, want, why string }
	table := []row{
		{"application/sdp", "", "", "an empty body is none"},
		{"application/sdp", "anything", "anything", "the type counts, not the text"},
		{"application/sdpx", "v=0", "", "another type"},
		{"xmultipart/mixed;boundary=b", crlf("--b", sdp, "", "SDP", "--b--"), "", "no multipart"},
		{"text/plain;boundary=b", crlf("--b", sdp, "", "SDP", "--b--"), "", "a boundary does not make one"},
		{"Multipart/Related;Boundary=B", crlf("--B", sdp, "", "SDP", "--B--"), "SDP", "types have no case, boundaries have"},
		{"multipart/mixed;boundary=B", crlf("--b", sdp, "", "SDP", "--b--"), "", "so this is another one"},
		{`multipart/mixed;boundary="a b:?"`, crlf("--a b:?", sdp, "", "SDP", "--a b:?--"), "SDP", "a boundary in quotes"},
		{"multipart/mixed;boundary=b", crlf("--b", sdp, "", "first", "--b", sdp, "", "second", "--b--"), "first",
			"of two that are not alternatives the first counts"},
		{"multipart/alternative;boundary=b", crlf("--b", sdp, "", "first", "--b", sdp, "", "second", "--b", "", "text", "--b--"),
			"second", "of alternatives the last that can be used"},
		{"multipart/mixed;boundary=b", crlf("--b", "", "v=0", "--b--"), "v=0", "a part without type that looks like one"},
		{"multipart/mixed;boundary=b", crlf("--b", "v=0", "--b--"), "", "its head must end"},
		{"multipart/mixed;boundary=b", crlf("--b", "c : application/sdp ; x=y", "X", "", "SDP", "--b--"), "SDP",
			"a compact name, blanks, a line that is no header"},
		{"multipart/mixed;boundary=b", crlf("--b", sdp, "", "SDP", "", "--b--"), "SDP\r\n",
			"the last line break is the delimiter's"},
		{"multipart/mixed;boundary=b", crlf("--b", sdp, "", "a --b", "-- b", "x--b--", "--b--"), "a --b\r\n-- b\r\nx--b--",
			"a delimiter begins its line"},
		{"multipart/mixed;boundary=b", "--b\n" + sdp + "\n\nSDP\n--b--", "SDP", "line feeds alone"},
		{"multipart/mixed;boundary=b", "\n--b\n" + sdp + "\n\nSDP\n--b--", "SDP", "a delimiter behind an empty line"},
		{"multipart/mixed;boundary=b", "--b  \r\n" + sdp + "\r\n\r\nSDP", "SDP", "blanks behind the delimiter, no end"},
		{"multipart/mixed;boundary=b", "\r\n--b\r\n" + sdp + "\r\n\r\nSDP\r\n--b", "SDP", "an end cut off"},
		{"multipart/mixed;boundary=b", "--b--\r\n--b\r\n" + sdp + "\r\n\r\nSDP\r\n--b--", "", "ended before it began"},
		{"multipart/mixed;boundary=b", "x--b\r\n" + sdp + "\r\n\r\nSDP", "", "a delimiter in a line"},
		{"multipart/mixed;boundary=b", "x\r\n--b", "", "a delimiter and no more"},
		{"multipart/mixed;boundary=b", "x--b\r\n--b\r\n" + sdp + "\r\n\r\nSDP\r\n--b--", "SDP", "the preamble may hold anything"},
		{"multipart/mixed;boundary=b", strings.Repeat(part(0), maxParts-1) + crlf("--b", sdp, "", "SDP", "--b--"), "SDP",
			"as many parts as are looked at"},
		{"multipart/mixed;boundary=b", strings.Repeat(part(0), maxParts) + crlf("--b", sdp, "", "SDP", "--b--"), "", "one more"},
		{"sdp", "v=0", "v=0", "a type that is none says nothing"}, {"/sdp", "v=0", "v=0", "nor this"},
		{"a/", "v=0", "v=0", "nor this"},
		{"a/;b", "x", "", "and then the text has to look like one"}, {"application/sdp x", "SDP", "SDP", "junk behind the type"},
		{" application / sdp ", "SDP", "SDP", "blanks in the type"},
	}
	for depth, want := range []string{"SDP", "SDP", "SDP", "", ""} {
		kind, body := nested(depth)
		table = append(table, row{kind, body, want, "nested"})
	}
	for _, c := range table {
		msg := mustParse(t, append(invite("Content-Type: "+c.kind), c.body...))
		if got := string(BodySDP(msg)); got != c.want {
			t.Errorf("%s: %s in\n%s\nis read as %q, want %q", c.why, c.kind, c.body, got, c.want)
		}
	}
	if got := string(BodySDP(mustParse(t, append(invite(), "v=0"...)))); got != "v=0" {
		t.Errorf("no Content-Type: %q", got)
	}
}
