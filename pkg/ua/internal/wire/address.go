package wire

import (
	"cmp"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/emiago/sipgo/sip"
)

// Address is a name-addr or addr-spec with its header parameters (RFC 3261 section 20.10).
type Address struct {
	DisplayName string // plain text
	URI         sip.Uri
	Params      sip.HeaderParams // values as on the wire; read them by Param
}

var errBracket = errors.New("malformed name or missing angle bracket")

// ParseAddress reads one address with its parameters, as it is meant where the grammar does not allow it (see readAddress).
func ParseAddress(s string) (Address, error) {
	a, _, err := readAddress(s)
	return a, err
}

// ParseAddresses reads a comma-separated list of addresses. One that cannot be read is left out; the error tells that there
// is none that can.
func ParseAddresses(s string) ([]Address, error) {
	list, err := parseList(nil, s, ParseAddress)
	if len(list) > 0 {
		return list, nil
	}
	return nil, cmp.Or(err, errEmpty)
}

// address reads up to the end of the value or the comma behind the address.
func (p *scanner) address() (a Address, err error) {
	p.space()
	if p.peek() == '"' {
		q, err := p.quoted()
		if err != nil {
			return a, err
		}
		a.DisplayName = cleanText(unquote(q))
		if p.space(); p.peek() != '<' {
			return a, errBracket
		}
	} else if end := strings.IndexAny(p.s[p.i:], `<,;"`); end >= 0 && p.s[p.i+end] == '<' {
		a.DisplayName = cleanText(trim(p.s[p.i : p.i+end]))
		p.i += end
	}
	if a.URI, err = p.uriSpec(); err != nil {
		return a, err
	}
	if p.space(); !p.done() && p.peek() != ';' && p.peek() != ',' {
		return a, errRest
	}
	a.Params = p.params()
	return a, nil
}

// uriSpec reads a URI in angle brackets, or a bare one. A bare one ends at the first comma or semicolon, and holds no
// question mark (RFC 3261 section 20).
func (p *scanner) uriSpec() (sip.Uri, error) {
	if p.peek() == '<' {
		end := strings.IndexByte(p.s[p.i:], '>')
		if end < 0 {
			return sip.Uri{}, errBracket
		}
		s := trim(p.s[p.i+1 : p.i+end])
		p.i += end + 1
		return ParseURI(s)
	}
	start := p.i
	for p.i < len(p.s) && !isSpace(p.s[p.i]) && p.s[p.i] != ';' && p.s[p.i] != ',' {
		p.i++
	}
	s := p.s[start:p.i]
	if strings.IndexByte(s, '?') >= 0 {
		return sip.Uri{}, errBracket
	}
	return ParseURI(s)
}

// cleanText makes text safe to show: no control characters, valid UTF-8.
func cleanText(s string) string {
	if badText(s) == nil {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
