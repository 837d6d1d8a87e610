package wire

import (
	"bytes"
	"errors"
	"net/netip"
	"strings"

	"github.com/emiago/sipgo/sip"
)

var (
	errURI    = errors.New("malformed URI")
	errScheme = errors.New("malformed URI scheme")
	errHost   = errors.New("malformed host")
	errPort   = errors.New("malformed port")
)

// ParseURI reads a URI of any scheme. Parts of a sip: or sips: URI stay in their escaped form; of any other scheme only
// Uri.Raw is filled.
func ParseURI(s string) (sip.Uri, error) {
	var u sip.Uri
	colon := strings.IndexByte(s, ':')
	if colon < 1 || !isScheme(s[:colon]) {
		return u, errScheme
	}
	scheme, rest := strings.ToLower(s[:colon]), s[colon+1:]
	if scheme != "sip" && scheme != "sips" {
		return opaqueURI(scheme, rest)
	}
	u.Scheme = scheme
	if at := strings.IndexByte(rest, '@'); at >= 0 {
		if err := userInfo(&u, rest[:at]); err != nil {
			return u, err
		}
		rest = rest[at+1:]
	}
	rest, err := hostPort(&u.Host, &u.Port, rest, true)
	if err != nil {
		return u, err
	}
	rest, headers, hasHeaders := strings.Cut(rest, "?")
	if rest != "" {
		if rest[0] != ';' {
			return u, errURI
		}
		if u.UriParams, err = uriFields(rest[1:], ";", false); err != nil {
			return u, err
		}
	}
	if hasHeaders {
		u.Headers, err = uriFields(headers, "&", true)
	}
	return u, err
}

// opaqueURI makes a Uri that only carries text. sipgo sets that text in its parser alone, and its parser refuses schemes
// such as soap.beep, so the scheme is put in afterwards.
func opaqueURI(scheme, rest string) (u sip.Uri, err error) {
	if rest == "" || !opaque(rest) {
		return u, errURI
	}
	if err := sip.ParseUri("tel:"+rest, &u); err != nil {
		return u, errURI
	}
	u.Scheme = scheme
	return u, nil
}

// opaque tells whether s can stand between angle brackets without being taken for something else.
func opaque(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>' {
			return false
		}
	}
	return true
}

func isScheme(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		letter := 'a' <= c && c <= 'z'
		if !letter && (i == 0 || !is(s[i], clsDigit) && s[i] != '+' && s[i] != '-' && s[i] != '.') {
			return false
		}
	}
	return s != ""
}

// userInfo is liberal: octets that should be escaped are let in where they are not ambiguous; Serialize escapes them.
func userInfo(u *sip.Uri, s string) error {
	u.User = s
	if colon := strings.IndexByte(s, ':'); colon >= 0 {
		u.User, u.Password = s[:colon], s[colon+1:]
	}
	if u.User == "" || !escapesOK(u.User) || !escapesOK(u.Password) {
		return errURI
	}
	return nil
}

// escapesOK refuses white space, control characters, brackets, quotes, and "%" without two hexadecimal digits.
func escapesOK(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c <= ' ' || c == 0x7f || c == '"' || c == '<' || c == '>':
			return false
		case c == '%' && !isEscape(s[i:]):
			return false
		}
	}
	return true
}

func isEscape(s string) bool {
	return len(s) >= 3 && s[0] == '%' && is(s[1], clsHex) && is(s[2], clsHex)
}

// hostPort reads host [":" port] and returns what follows. An IPv6 reference keeps its brackets if brackets is set.
func hostPort(host *string, port *int, s string, brackets bool) (string, error) {
	end := 0
	if s != "" && s[0] == '[' {
		end = strings.IndexByte(s, ']')
		if end < 0 || !isIPv6(s[1:end]) {
			return s, errHost
		}
		end++
		*host = s[:end]
		if !brackets {
			*host = s[1 : end-1]
		}
	} else {
		for end < len(s) && is(s[end], clsHost) {
			end++
		}
		if end == 0 {
			return s, errHost
		}
		*host = s[:end]
	}
	s = s[end:]
	p := scanner{s: s}
	if !p.take(':') {
		return s, nil
	}
	digits := p.run(clsDigit)
	if digits == "" { // an empty port means that of the scheme
		return s[p.i:], nil
	}
	n, err := number(digits, 65535)
	if err != nil || n == 0 {
		return s, errPort
	}
	*port = int(n)
	return s[p.i:], nil
}

// isIPv6 also takes three colons before an embedded IPv4 address, which the grammar of RFC 3261 made by mistake and RFC 5118
// section 4.10 asks to tolerate.
func isIPv6(s string) bool {
	if before, v4, ok := strings.Cut(s, ":::"); ok && strings.IndexByte(v4, ':') < 0 && strings.IndexByte(v4, '.') > 0 {
		s = before + "::" + v4
	}
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is6() && a.Zone() == ""
}

// uriFields reads the parameters (sep ";") or headers (sep "&") of a URI. Empty ones are passed over.
func uriFields(s, sep string, needValue bool) (sip.HeaderParams, error) {
	var fields sip.HeaderParams
	for part := range strings.SplitSeq(s, sep) {
		if part == "" {
			continue
		}
		name, value, has := strings.Cut(part, "=")
		if name == "" || needValue && !has || !escapesOK(part) {
			return fields, errURI
		}
		fields = append(fields, sip.HeaderKV{K: name, V: value})
	}
	return fields, nil
}

// Unescape undoes the percent-escaping of a URI part. Broken escapes stay as they are.
func Unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if isEscape(s[i:]) {
			b.WriteByte(unhex(s[i+1])<<4 | unhex(s[i+2]))
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func unhex(c byte) byte {
	if is(c, clsDigit) {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// escape writes s with every octet outside the class as %HH. Escapes that are there already stay.
func escape(b *bytes.Buffer, s string, bits uint16) {
	const hex = "0123456789ABCDEF"
	for i := 0; i < len(s); i++ {
		c := s[i]
		if is(c, bits) || isEscape(s[i:]) {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
}
