package wire

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

const (
	letters    = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	unreserved = letters + "0123456789" + "-_.!~*'()"
)

// TestClassesOfOctets asks each class about each of the 256 octets.
func TestClassesOfOctets(t *testing.T) {
	for _, c := range []struct {
		bits    uint16
		members string
		why     string
	}{
		{clsDigit, "0123456789", "DIGIT"},
		{clsHex, "0123456789abcdefABCDEF", "HEXDIG"},
		{clsToken, letters + "0123456789-.!%*_+`'~", "token (RFC 3261 section 25.1)"},
		{clsUser, unreserved + "&=+$,;?/", "user: unreserved and user-unreserved"},
		{clsPass, unreserved + "&=+$,", "password"},
		{clsParam, unreserved + "[]/:&+$", "paramchar"},
		{clsHdr, unreserved + "[]/?:+$", "hname and hvalue"},
		{clsHost, letters + "0123456789-._", "hostname, and the underscore of the field"},
		{clsPlain, letters + "0123456789!#$%&'()*+-./:=?@[]^_`{|}~", "what needs no quotes in a parameter"},
	} {
		for i := range 256 {
			octet := byte(i)
			if want := strings.IndexByte(c.members, octet) >= 0; is(octet, c.bits) != want {
				t.Errorf("%s: %q is %v, want %v", c.why, octet, !want, want)
			}
		}
	}
	if is('a', clsDigit|clsHost) != true || is('/', clsDigit|clsHost) {
		t.Error("of several classes one is enough")
	}
	if all("", clsToken) || !all("a1", clsToken) || all("a b", clsToken) || all("a ", clsToken) || all(" a", clsToken) {
		t.Error("a token is one octet at least, and all of them")
	}
}

func TestTextOfAHeaderLine(t *testing.T) {
	for i := range 256 {
		text := "a" + string(rune(i)) + "b"
		harms := i < ' ' && i != '\t' || i == 0x7f
		if err := badText(text); (err == errControl) != harms || err != nil && err != errControl {
			t.Errorf("U+%04X: %v", i, err)
		}
		shown := cleanText(text)
		if changed := shown != text; changed != harms {
			t.Errorf("U+%04X is shown as %q", i, shown)
		}
	}
	for text, want := range map[string]string{
		"":               "",
		"Müller":         "Müller",
		"a\xffb":         "a\uFFFDb",
		"\xc3":           "\uFFFD",
		"a\x00\x01b\xff": "a\uFFFD\uFFFDb\uFFFD",
		"a\u0080\x01":    "a\uFFFD\uFFFD",
		"a\u009f\x01":    "a\uFFFD\uFFFD",
		"a\u00a0\x01":    "a\u00a0\uFFFD",
		"a\x7e\x7f":      "a~\uFFFD",
		"a\x1f b":        "a\uFFFD b",
	} {
		if got := cleanText(text); got != want || badText(got) != nil {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
	if badText("\xff") != errUTF8 || badText("\xff\x01") != errControl {
		t.Error("the worse of two faults is named")
	}
}

// TestQuotingAndBack: each text that may stand in a header survives, in one quoted-string that ends where it should.
func TestQuotingAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := cleanText(hostile(t, "text"))
		q := quote(text)
		if !isQuoted(q) || unquote(q) != text {
			t.Fatalf("%q is quoted as %s, and that is read as %q", text, q, unquote(q))
		}
		rest := hostile(t, "rest")
		p := scanner{s: q + rest}
		if got, err := p.quoted(); err != nil || got != q || p.s[p.i:] != rest {
			t.Fatalf("%s before %q: read %s, %v", q, rest, got, err)
		}
		if strings.HasPrefix(rest, `"`) || rest == "" {
			return
		}
		if isQuoted(q + rest) {
			t.Fatalf("%s%s is not one quoted-string", q, rest)
		}
	})
	for text, want := range map[string]string{
		"": "", `"`: `"`, `""`: "", `"a`: `"a`, `a"`: `a"`, `a`: "a", `"a"`: "a", `"a\"b"`: `a"b`, `"a\\"`: `a\`, `"a\b"`: "ab",
		`"\"`: `\`, `""x`: `""x`,
	} {
		if got := unquote(text); got != want {
			t.Errorf("unquote(%s) = %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]bool{
		"": false, `"`: false, `""`: true, `"a"`: true, `a"b"`: false, `"a`: false, `"a\"`: false, `"a\\"`: true, `"a"b`: false,
		`"a"b"`: false, `x`: false, `'a'`: false,
	} {
		if got := isQuoted(text); got != want {
			t.Errorf("isQuoted(%s) = %v, want %v", text, got, want)
		}
	}
}

func TestScannerAtTheEnd(t *testing.T) {
	p := scanner{s: "\x00"}
	if !p.take(0) || p.take(0) {
		t.Error("the end of the value is not a NUL")
	}
	if p = (scanner{s: `"open`}); p.peek() != '"' {
		t.Error("peek must not move")
	}
	if _, err := p.quoted(); err != errQuote || !p.done() {
		t.Errorf("a quote that does not end takes all there is: %v, done %v", err, p.done())
	}
	p = scanner{s: `"ends with \`}
	if _, err := p.quoted(); err != errQuote || p.i != len(p.s) {
		t.Errorf("so does one that ends in a backslash: %v at %d", err, p.i)
	}
	p = scanner{s: "  , \t b"}
	if !p.take(',') || p.s[p.i:] != "b" || p.take(',') {
		t.Errorf("a separator goes with its blanks: %q is left", p.s[p.i:])
	}
	p = scanner{s: "\t  "}
	if p.space(); !p.done() || p.peek() != 0 || p.run(clsToken) != "" {
		t.Error("nothing comes behind the end")
	}
	for text, want := range map[string]string{"": "", " \t": "", " a\tb ": "a\tb", "\ta": "a", "a ": "a", "\r\na": "\r\na"} {
		if got := trim(text); got != want {
			t.Errorf("trim(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestNumbersHaveLimits(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit uint64
		want  uint64
		ok    bool
	}{
		{"0", 10, 0, true}, {"10", 10, 10, true}, {"11", 10, 0, false}, {"007", 10, 7, true}, {"", 10, 0, false},
		{"-1", 10, 0, false}, {"+1", 10, 0, false}, {" 1", 10, 0, false}, {"1 ", 10, 0, false}, {"1.0", 10, 0, false},
		{"0x1", 10, 0, false}, {"１", 10, 0, false}, {"4294967295", 1<<32 - 1, 1<<32 - 1, true},
		{"4294967296", 1<<32 - 1, 0, false}, {strings.Repeat("9", 400), 1<<32 - 1, 0, false},
		{strings.Repeat("0", 400) + "5", 5, 5, true},
	} {
		got, err := number(c.text, c.limit)
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("number(%q, %d) = %d, %v, want %d, %v", c.text, c.limit, got, err, c.want, c.ok)
		}
	}
}

// TestParametersAreFoundWhateverTheirCase: names have no case, values keep theirs (RFC 3261 section 7.3.1).
func TestParametersAreFoundWhateverTheirCase(t *testing.T) {
	p := scanner{s: `;Tag=AbC;x="A \"B\"";LR;tag=second`}
	params := p.params()
	for name, want := range map[string]string{"tag": "AbC", "TAG": "AbC", "X": `A "B"`, "lr": ""} {
		if got, ok := Param(params, name); !ok || got != want {
			t.Errorf("%s is %q, %v, want %q", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "ta", "tags", "r"} {
		if got, ok := Param(params, name); ok || got != "" {
			t.Errorf("%q is %q, but is not there", name, got)
		}
	}
	if left := withoutParam(params, "TAG"); len(left) != 2 || len(params) != 4 {
		t.Errorf("without the tag there are %v of %v", left, params)
	}
	if left := withoutParam(params, "none"); len(left) != 4 {
		t.Errorf("without a parameter that is not there: %v", left)
	}
}

// TestMendedParametersAreNoted: exactAddress trusts that.
func TestMendedParametersAreNoted(t *testing.T) {
	for value, want := range map[string]bool{
		"": false, ";a": false, ";a=1;b=\"x;,\"": false, " ; a = 1 ; b ": false, ";;a;": false, // RFC 4475 section 3.1.1.1
		";a=1 x": true, ";a b": true, ";a=;b": false, ";=1": true, ";(": true, `;a "x"`: true,
	} {
		p := scanner{s: value}
		if p.params(); p.mended != want {
			t.Errorf("%q: mended is %v, want %v", value, p.mended, want)
		}
	}
}

// TestListsAreWholeAgain: what is cut at commas and joined by them is cut the same way, nothing is lost but blanks and empty
// members, and no member has a comma of its own outside quotes and brackets.
func TestListsAreWholeAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringOfN(rapid.RuneFrom([]rune(`ab,, "\<>;=`)), 0, 24, -1).Draw(t, "value")
		list := splitList(value)
		again := splitList(strings.Join(list, ","))
		if !slices.Equal(list, again) && balanced(value) {
			t.Fatalf("%q splits into %q, and that joined into %q", value, list, again)
		}
		bare := strings.NewReplacer(",", "", " ", "", "\t", "").Replace
		if bare(strings.Join(list, "")) != bare(value) {
			t.Fatalf("%q splits into %q: something is lost", value, list)
		}
		for _, member := range list {
			if member == "" || member != trim(member) {
				t.Fatalf("%q splits into %q", value, list)
			}
		}
	})
}

// balanced tells whether quotes are closed.
func balanced(value string) bool {
	_, ok := split(value, true)
	return ok
}

// TestMembersSurviveTheirNeighbours: members that are well-formed come out as they went in, whatever else is well-formed.
func TestMembersSurviveTheirNeighbours(t *testing.T) {
	member := rapid.SampledFrom([]string{`"a, \"b\"" <sip:c,d@e;x="1">`, "<sip:a@b>;q=0.1", "token", `token;x="a,b"`, "<,>",
		`""`, `"\\"`, "<sip:a@b?x=%2C>", "Digest realm=\"a,b\""})
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(member, 1, 5).Draw(t, "members")
		sep := rapid.SampledFrom([]string{",", ", ", " ,\t", ",,", ", ,"}).Draw(t, "separator")
		value := strings.Join(list, sep)
		if got := splitList(value); !slices.Equal(got, list) {
			t.Fatalf("%q splits into %q", value, got)
		}
	})
}

// TestUnescapeTurnsEscapeRound, also for octets that are no text.
func TestUnescapeTurnsEscapeRound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.ReplaceAll(hostile(t, "text"), "%", "")
		for _, bits := range []uint16{clsUser, clsPass, clsParam, clsHdr} {
			var b bytes.Buffer
			escape(&b, text, bits)
			if got := Unescape(b.String()); got != text {
				t.Fatalf("%q escaped is %q, and that is read as %q", text, b.String(), got)
			}
			for i := range len(b.String()) {
				if c := b.String()[i]; c != '%' && !is(c, bits) {
					t.Fatalf("%q escaped is %q, with %q", text, b.String(), c)
				}
			}
			var twice bytes.Buffer
			if escape(&twice, b.String(), bits); twice.String() != b.String() {
				t.Fatalf("%q escaped twice is %q", text, twice.String())
			}
		}
	})
	for octet := range 256 {
		const hex = "0123456789ABCDEF"
		upper := "%" + string(hex[octet>>4]) + string(hex[octet&15])
		for _, escaped := range []string{upper, strings.ToLower(upper)} {
			if got := Unescape("x" + escaped + "y"); got != "x"+string([]byte{byte(octet)})+"y" {
				t.Errorf("%s is read as %q", escaped, got)
			}
		}
	}
	for _, text := range []string{"%", "%1", "%G0", "%0G", "%-1", "%%", "a%"} {
		if got := Unescape(text); got != text {
			t.Errorf("%q is no escape, but is read as %q", text, got)
		}
	}
	if got := Unescape("%%41"); got != "%A" || !utf8.ValidString(got) {
		t.Errorf("an escape behind a percent sign: %q", got)
	}
}
