package wire

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/emiago/sipgo/sip"
)

// Classes of octets of RFC 3261 section 25.1.
const (
	clsToken = 1 << iota // token
	clsUser              // user: unreserved and user-unreserved
	clsPass              // password: unreserved and "&=+$,"
	clsParam             // paramchar of a URI: unreserved and "[]/:&+$"
	clsHdr               // hvalue of a URI: unreserved and "[]/?:+$"
	clsHost              // hostname; the underscore is not in the grammar but in the field
	// what a parameter value may hold without quotes: the grammar's token and host, and what else is unambiguous
	clsPlain
	clsDigit
	clsHex
)

var class [256]uint16

func init() {
	mark := func(set string, bits uint16) {
		for i := 0; i < len(set); i++ {
			class[set[i]] |= bits
		}
	}
	const digits = "0123456789"
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	mark(digits+letters, clsToken|clsUser|clsPass|clsParam|clsHdr|clsHost)
	mark(digits, clsDigit|clsHex)
	mark("abcdefABCDEF", clsHex)
	mark("-.!%*_+`'~", clsToken)
	mark("-_.!~*'()", clsUser|clsPass|clsParam|clsHdr)
	mark("&=+$,;?/", clsUser)
	mark("&=+$,", clsPass)
	mark("[]/:&+$", clsParam)
	mark("[]/?:+$", clsHdr)
	mark("-._", clsHost)
	for c := 0x21; c < 0x7f; c++ {
		class[c] |= clsPlain
	}
	for _, c := range []byte(`",;<>\`) {
		class[c] &^= clsPlain
	}
}

func is(c byte, bits uint16) bool { return class[c]&bits != 0 }

func all(s string, bits uint16) bool {
	for i := 0; i < len(s); i++ {
		if !is(s[i], bits) {
			return false
		}
	}
	return s != ""
}

// isToken tells whether s is a token of RFC 3261 section 25.1.
func isToken(s string) bool { return all(s, clsToken) }

func isSpace(c byte) bool { return c == ' ' || c == '\t' }

func trim(s string) string {
	for s != "" && isSpace(s[0]) {
		s = s[1:]
	}
	for s != "" && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

// badText tells why s may not stand in a header line: control characters (a tab may) and broken UTF-8.
func badText(s string) error {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return errControl
		}
	}
	if !utf8.ValidString(s) {
		return errUTF8
	}
	return nil
}

var (
	errControl = errors.New("control character")
	errUTF8    = errors.New("not UTF-8")
	errQuote   = errors.New("unbalanced quote")
	errParam   = errors.New("malformed parameter")
	errNumber  = errors.New("number out of range")
	errEmpty   = errors.New("empty value")
	errTwice   = errors.New("more than one")
	errRest    = errors.New("text behind the value")
	errToken   = errors.New("not a token")
)

// scanner walks over an unfolded header value.
type scanner struct {
	s      string
	i      int
	mended bool // something was passed over that is no separator
}

func (p *scanner) space() {
	for p.i < len(p.s) && isSpace(p.s[p.i]) {
		p.i++
	}
}

func (p *scanner) done() bool { return p.i >= len(p.s) }

func (p *scanner) peek() byte {
	if p.done() {
		return 0
	}
	return p.s[p.i]
}

// take consumes c with the white space around it.
func (p *scanner) take(c byte) bool {
	p.space()
	if p.peek() != c || p.done() {
		return false
	}
	p.i++
	p.space()
	return true
}

// run consumes octets of a class.
func (p *scanner) run(bits uint16) string {
	start := p.i
	for p.i < len(p.s) && is(p.s[p.i], bits) {
		p.i++
	}
	return p.s[start:p.i]
}

// quoted consumes a quoted-string and returns it with its quotes.
func (p *scanner) quoted() (string, error) {
	start := p.i
	for p.i++; p.i < len(p.s); p.i++ {
		switch p.s[p.i] {
		case '\\':
			p.i++
		case '"':
			p.i++
			return p.s[start:p.i], nil
		}
	}
	p.i = len(p.s)
	return "", errQuote
}

// unquote returns the text of a quoted-string; anything else stays as it is.
func unquote(s string) string {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	s = s[1 : len(s)-1]
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// quote makes a quoted-string of s, which must have passed badText.
func quote(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte('"')
	for i := 0; i < len(s); i++ {
		if s[i] == '"' || s[i] == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	b.WriteByte('"')
	return b.String()
}

// isQuoted tells whether s is exactly one quoted-string.
func isQuoted(s string) bool {
	if s == "" || s[0] != '"' {
		return false
	}
	p := scanner{s: s}
	_, err := p.quoted()
	return err == nil && p.done()
}

// value consumes what may follow the "=" of a parameter: a quoted-string, or octets without separators.
func (p *scanner) value() (string, error) {
	if p.peek() == '"' {
		return p.quoted()
	}
	v := p.run(clsPlain)
	if v == "" {
		return "", errParam
	}
	return v, nil
}

// params consumes *( SEMI generic-param ). Names come out in lower case: they are case-insensitive, sipgo's lookup is not. A
// parameter that cannot be read costs that parameter: it is left out, up to the next semicolon or comma; so is nothing at
// all between semicolons.
func (p *scanner) params() (params sip.HeaderParams) {
	for p.take(';') {
		name := p.run(clsToken)
		if name == "" {
			p.skip()
			continue
		}
		var value string
		if p.take('=') {
			v, err := p.value()
			if err != nil {
				p.skip()
				continue
			}
			value = v
		}
		params = append(params, sip.HeaderKV{K: strings.ToLower(name), V: value})
		p.skip()
	}
	p.space()
	return params
}

// skip passes over what is left before the next semicolon or comma.
func (p *scanner) skip() {
	p.space()
	for !p.done() && p.peek() != ';' && p.peek() != ',' {
		p.mended = true
		if p.peek() == '"' {
			p.quoted()
			continue
		}
		p.i++
	}
}

// number reads 1*DIGIT up to limit.
func number(s string, limit uint64) (uint64, error) {
	if !all(s, clsDigit) {
		return 0, errNumber
	}
	var n uint64
	for i := 0; i < len(s); i++ {
		n = n*10 + uint64(s[i]-'0')
		if n > limit {
			return 0, errNumber
		}
	}
	return n, nil
}

// splitList cuts a value at its top-level commas: those outside quotes and angle brackets. Empty elements are left out.
// Where quotes or brackets are not closed, they do not count: then one element is broken, and not those behind it.
func splitList(s string) []string {
	if strings.IndexByte(s, ',') < 0 {
		if s = trim(s); s == "" {
			return nil
		}
		return []string{s}
	}
	list, ok := split(s, true)
	if !ok {
		list, _ = split(s, false)
	}
	return list
}

// split is splitList with or without regard to quotes. It reports whether quotes are closed. Brackets that are not, because
// another one opens or the value ends, end at the first comma in them, from where it goes on.
func split(s string, quotes bool) (list []string, ok bool) {
	p := scanner{s: s}
	start, open, comma := 0, false, -1 // comma: the first one inside the open brackets
	cut := func(end int) {
		if v := trim(s[start:end]); v != "" {
			list = append(list, v)
		}
		start, comma, open = end+1, -1, false
		p.i = start
	}
	for {
		c := p.peek()
		switch {
		case (p.done() || c == '<') && open && comma >= 0:
			cut(comma)
			continue
		case p.done():
			cut(len(s))
			return list, true
		case c == '"' && quotes:
			if _, err := p.quoted(); err != nil {
				return nil, false
			}
			continue
		case c == '<':
			open = true
		case c == '>':
			open, comma = false, -1
		case c == ',' && !open:
			cut(p.i)
			continue
		case c == ',' && comma < 0:
			comma = p.i
		}
		p.i++
	}
}

// Param finds a parameter by its name, whatever its case, and returns the value without quotes.
func Param(params sip.HeaderParams, name string) (value string, ok bool) {
	for _, kv := range params {
		if strings.EqualFold(kv.K, name) {
			return unquote(kv.V), true
		}
	}
	return "", false
}
