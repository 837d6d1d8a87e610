package wire

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/emiago/sipgo/sip"
)

// maxTarget is the longest input in bytes that Target accepts.
const maxTarget = 256

// Errors of Target. Their texts are meant for the person who dialled.
var (
	errTargetEmpty    = errors.New("nothing to dial")
	errTargetLong     = fmt.Errorf("longer than %d bytes", maxTarget)
	errTargetControl  = errors.New("holds a control character")
	errTargetUTF8     = errors.New("holds broken text")
	errTargetPlus     = errors.New(`"+" may only stand in front`)
	errTargetDomain   = errors.New("a number or name needs a domain, and none is known")
	errTargetUser     = errors.New(`nothing in front of "@"`)
	errTargetHost     = errors.New(`no valid host name behind "@"`)
	errTargetPassword = errors.New("a password does not belong in an address")
	errTargetHeaders  = errors.New(`an address to call has no "?" part`)
	errTargetMethod   = errors.New(`an address to call has no "method" parameter`)
	errTargetScheme   = errors.New(`only sip:, sips: and tel: addresses can be called`)
	errTargetNumber   = errors.New("not a telephone number")
)

// Target turns what a person dialled into the request URI of a call: "+44 20 7946 0347", "1002", "*0#", "ann@host:5060",
// "sip:...", "sips:...", "tel:...". domain, "host" or "host:port", completes a bare number or name. Visual separators leave
// a number, and so does a "(0)" behind a country code; what a user part may not hold is percent-escaped. The error says in plain
// words why input cannot be called.
func Target(input, domain string) (sip.Uri, error) {
	u, err := target(input, domain)
	if err != nil {
		return sip.Uri{}, fmt.Errorf("cannot call this: %w", err)
	}
	return u, nil
}

func target(input, domain string) (sip.Uri, error) {
	s := strings.TrimFunc(input, func(r rune) bool {
		return unicode.IsSpace(r) && r > ' ' || r == ' ' || unicode.Is(unicode.Cf, r)
	})
	if err := checkDialled(s); err != nil {
		return sip.Uri{}, err
	}
	scheme, rest, _ := strings.Cut(s, ":")
	switch strings.ToLower(scheme) {
	case "sip", "sips":
		return sipTarget(strings.ToLower(scheme), rest, domain)
	case "tel":
		return telTarget(rest, domain)
	}
	if len(scheme) < len(s) && isScheme(scheme) {
		return sip.Uri{}, errTargetScheme
	}
	return sipTarget("sip", s, domain)
}

func checkDialled(s string) error {
	switch {
	case s == "":
		return errTargetEmpty
	case len(s) > maxTarget:
		return errTargetLong
	case !utf8.ValidString(s):
		return errTargetUTF8
	}
	for _, r := range s {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return errTargetControl
		}
	}
	return nil
}

// sipTarget handles user@host, a number, a name, and with an explicit scheme also a bare host.
func sipTarget(scheme, s, domain string) (sip.Uri, error) {
	at := strings.LastIndexByte(s, '@')
	if at >= 0 {
		return userAtHost(scheme, s[:at], s[at+1:])
	}
	if digits, ok, err := dialString(s); ok || err != nil {
		return inDomain(scheme, digits, domain, err)
	}
	if looksLikeHost(s) {
		if u, err := ParseURI(scheme + ":" + s); err == nil {
			return u, callable(u)
		}
	}
	return inDomain(scheme, s, domain, nil)
}

// looksLikeHost tells a host from a name of the own domain: only a host has a dot or a bracket.
func looksLikeHost(s string) bool {
	host := s
	if end := strings.IndexAny(s, ";?"); end >= 0 {
		host = s[:end]
	}
	return strings.HasPrefix(host, "[") || strings.Contains(host, ".") && !strings.ContainsAny(host, " /")
}

// callable refuses a URI that would change the request.
func callable(u sip.Uri) error {
	if len(u.Headers) > 0 {
		return errTargetHeaders
	}
	if _, ok := Param(u.UriParams, "method"); ok {
		return errTargetMethod
	}
	return nil
}

// inDomain makes user@domain.
func inDomain(scheme, user, domain string, err error) (sip.Uri, error) {
	if err != nil {
		return sip.Uri{}, err
	}
	if domain == "" {
		return sip.Uri{}, errTargetDomain
	}
	return userAtHost(scheme, user, domain)
}

// userAtHost makes a URI of what was typed. The user part is escaped; the host may have a port and parameters, but nothing that
// changes the request (headers, method), because what is pasted may come from a stranger.
func userAtHost(scheme, user, host string) (sip.Uri, error) {
	if digits, ok, err := dialString(user); err != nil {
		return sip.Uri{}, err
	} else if ok {
		user = digits
	}
	switch {
	case user == "":
		return sip.Uri{}, errTargetUser
	case strings.IndexByte(user, ':') >= 0:
		return sip.Uri{}, errTargetPassword
	case strings.IndexByte(host, '?') >= 0:
		return sip.Uri{}, errTargetHeaders
	}
	u, err := ParseURI(scheme + ":" + host)
	if err != nil || strings.IndexByte(host, '@') >= 0 {
		return sip.Uri{}, errTargetHost
	}
	var b bytes.Buffer
	escape(&b, user, clsUser)
	u.User = b.String()
	return u, callable(u)
}

// telTarget turns a tel URI into a SIP URI: its parameters join the number in the user part, and user=phone says so (RFC 3261
// section 19.1.6).
func telTarget(s, domain string) (sip.Uri, error) {
	number, params, hasParams := strings.Cut(s, ";")
	digits, ok, err := dialString(Unescape(number))
	switch {
	case strings.IndexByte(s, '?') >= 0:
		return sip.Uri{}, errTargetHeaders
	case err != nil || !ok:
		return sip.Uri{}, errTargetNumber
	}
	if hasParams {
		digits += ";" + params
	}
	u, err := inDomain("sip", digits, domain, nil)
	u.UriParams = append(u.UriParams, sip.HeaderKV{K: "user", V: "phone"})
	return u, err
}

// dialString reads a telephone number or feature code: digits, "*", "#", a leading "+", and visual separators, which it
// leaves out. ok is false when s is something else.
func dialString(s string) (digits string, ok bool, err error) {
	digits, ok = pressed(withoutTrunk(s))
	switch {
	case !ok || strings.Trim(digits, "+") == "":
		return "", false, nil
	case strings.LastIndexByte(digits, '+') > 0:
		return "", false, errTargetPlus
	}
	return digits, true, nil
}

// pressed are the keys that are pressed for a text; false when something else is in it than keys and separators.
func pressed(s string) (string, bool) {
	var b strings.Builder
	for _, r := range s {
		switch {
		case '0' <= r && r <= '9' || r == '*' || r == '#':
			b.WriteRune(r)
		case digit(r) >= 0:
			b.WriteByte('0' + byte(digit(r)))
		case r == '+' || r == '\uff0b':
			b.WriteByte('+')
		case !separator(r):
			return "", false
		}
	}
	return b.String(), true
}

// withoutTrunk takes away the "(0)" that people write behind a country code for callers inside that country; anywhere else it is
// a digit of the number. A country code stands in front, so only the beginning is looked at.
func withoutTrunk(s string) string {
	for open := range min(len(s), 32) {
		if before, _ := pressed(s[:open]); s[open] != '(' || !dropsTrunk(before) {
			continue
		}
		inside, rest, closed := strings.Cut(s[open+1:], ")")
		if zero, _ := pressed(inside); closed && zero == "0" {
			return s[:open] + rest
		}
	}
	return s
}

// keepsZero are the countries whose numbers begin with a 0 that is called from abroad too: Italy, San Marino, the Vatican, Ivory
// Coast, Congo.
var keepsZero = []string{"39", "378", "379", "225", "242"}

// dropsTrunk tells whether text is the code of a country, behind a plus or what most of the world, North America or Australia
// dial for it, whose numbers lose their 0 there.
func dropsTrunk(text string) bool {
	for _, prefix := range []string{"0011", "011", "00", "+"} {
		if code, ok := strings.CutPrefix(text, prefix); ok && len(code) <= 3 && all(code, clsDigit) && code[0] != '0' {
			return !slices.Contains(keepsZero, code)
		}
	}
	return false
}

// digit returns the value of a decimal digit of the Arabic-Indic, extended Arabic-Indic, Devanagari and full-width sets, or -1.
func digit(r rune) int {
	for _, zero := range [...]rune{'\u0660', '\u06f0', '\u0966', '\uff10'} {
		if zero <= r && r <= zero+9 {
			return int(r - zero)
		}
	}
	return -1
}

// separator tells whether r only makes a number readable (RFC 3966 section 3), or is invisible.
func separator(r rune) bool {
	return strings.ContainsRune("-.()/ ", r) || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Zs, r) ||
		unicode.Is(unicode.Cf, r)
}
