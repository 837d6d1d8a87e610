package number

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

const maxText = 256 // bytes of what is read

// parts is a text taken apart.
type parts struct {
	digits string // of the number, with a plus or without; "" when it is none
	after  string // what is keyed in after the answer; see Number.Extension
	plain  bool   // nothing but digits and what people put between them
	name   string // the SIP user or address, where there is no number
	call   string // what is called, "" when that cannot be
}

// partsOf takes a text apart: a number, a SIP user or address, or a URI, in angle brackets or not.
func partsOf(text string) parts {
	if text = strings.TrimSpace(text); len(text) > maxText {
		p := partsOf(strings.ToValidUTF8(text[:maxText], ""))
		p.call = "" // half a number is another one
		return p
	}
	text = unwrapped(strings.TrimSpace(printable(text)))
	scheme, rest := cutScheme(text)
	switch scheme {
	case "sip", "sips":
		return partsOfSIP(scheme, rest)
	case "tel", "callto":
		rest, _, _ = strings.Cut(strings.TrimPrefix(rest, "//"), "?")
		if plain, err := url.PathUnescape(rest); err == nil {
			rest = plain // "#" has to be escaped there (RFC 3966 section 3)
		}
		text = rest
	}
	return partsOfNumber(text)
}

// unwrapped is what stands in the angle brackets of a name-addr (RFC 3261 section 25.1), where somebody copied one.
func unwrapped(text string) string {
	name, rest, found := strings.Cut(text, "<")
	if !found || strings.ContainsAny(name, ":\r\n") {
		return text
	}
	inside, _, _ := strings.Cut(rest, ">")
	return strings.TrimSpace(inside)
}

// cutScheme finds the schemes that name somebody to call.
func cutScheme(text string) (scheme, rest string) {
	head, rest, _ := strings.Cut(text, ":")
	switch head = strings.ToLower(head); head {
	case "tel", "sip", "sips", "callto":
		return head, strings.TrimSpace(rest)
	}
	return "", text
}

// partsOfSIP reads a SIP URI. It is called as it stands, since its host and parameters belong to the address, but without
// the header fields it proposes (RFC 3261 section 19.1.5).
func partsOfSIP(scheme, uri string) parts {
	uri, _, _ = strings.Cut(uri, "?")
	user, _, found := strings.Cut(uri, "@")
	if !found {
		user = uri
	}
	if plain, err := url.PathUnescape(user); err == nil {
		user = plain
	}
	p := partsOfNumber(user)
	p.call = callable(scheme + ":" + uri)
	if p.digits == "" {
		address, _, _ := strings.Cut(uri, ";")
		p.plain, p.name = false, address
	}
	return p
}

// partsOfNumber reads a number without a scheme and without a host.
func partsOfNumber(text string) parts {
	head, rest := leadingDigits(text)
	after, ok := afterAnswer(rest)
	if keys := strings.TrimPrefix(head, "+"); keys == "" || !ok || lettered(rest) && len(keys) < minBeforeLetters {
		return parts{plain: keys == "" && rest == "", name: text, call: callable(text)}
	}
	head = withoutTrunk(head, text[:len(text)-len(rest)])
	return parts{digits: head, after: after, call: head, plain: true}
}

// callable is a SIP user or address as it can stand in a request, "" when it cannot.
func callable(text string) string {
	text = strings.TrimSpace(printable(text))
	if strings.ContainsFunc(text, unicode.IsSpace) || strings.ContainsAny(text, "<>\"") {
		return ""
	}
	return text
}

// minBeforeLetters is how many digits make a number of something like 100x5 and 100p5; 4x4 is a name.
const minBeforeLetters = 3

func lettered(rest string) bool { return rest != "" && !strings.ContainsAny(rest[:1], ",;") }

// extensionWords stand between a number and an extension, the longer before those they begin with.
var extensionWords = []string{"extension", "extensión", "extn", "ext", "x", "durchwahl", "dw", "apparat", "app", "nebenstelle",
	"poste",
	"interno", "int", "anexo", "ramal", "доб", "تحويلة"}

const maxAfter = 40

// afterAnswer reads what stands behind the digits of a number: pauses and digits as telephones keep them (",,123#", ";123",
// "p99"), an extension in words ("ext. 12"), parameters (";ext=12"), or a remark in parentheses.
func afterAnswer(rest string) (after string, ok bool) {
	rest, after = cutParameters(rest)
	low := strings.ToLower(strings.Trim(rest, " ,;"))
	if low == "" {
		return after, true
	}
	if isRemark(low) {
		return after, true
	}
	for _, word := range extensionWords {
		if behind, found := strings.CutPrefix(low, word); found {
			keys, ok := keys(strings.TrimLeft(behind, " .:=#-"))
			return keys, ok && after == ""
		}
	}
	after, ok = keys(strings.ToLower(strings.TrimSpace(rest)))
	return after, ok && strings.ContainsAny(after[:1], ",;")
}

// isRemark takes what closes a pair of parentheses without a digit: "(mobile)".
func isRemark(text string) bool {
	remark, found := strings.CutSuffix(text, ")")
	return found && !strings.ContainsFunc(remark, unicode.IsDigit) && !strings.ContainsAny(remark, "()@:")
}

// cutParameters takes the parameters of a number away (RFC 3966 section 3, RFC 4694), which are not dialled: a context is no
// prefix. Of an extension and of what is to be dialled afterwards (RFC 2806) the keys come back.
func cutParameters(rest string) (before, after string) {
	i := strings.IndexFunc(rest, unicode.IsLetter)
	if i < 1 || rest[i-1] != ';' || strings.TrimSpace(rest[:i-1]) != "" {
		return rest, ""
	}
	for p := range strings.SplitSeq(rest[i:], ";") {
		name, value, _ := strings.Cut(p, "=")
		if name = strings.ToLower(strings.TrimSpace(name)); name == "ext" || name == "postd" {
			after, _ = keys(strings.ToLower(value))
		}
	}
	return "", after
}

// keys are the keys that a text names, with a comma for each pause and a semicolon for each wait.
func keys(text string) (string, bool) {
	var b strings.Builder
	for _, r := range text {
		switch d := digit(r); {
		case d != 0:
			b.WriteByte(d)
		case r == ',' || r == 'p':
			b.WriteByte(',')
		case r == ';' || r == 'w':
			b.WriteByte(';')
		case !between(r):
			return "", false
		}
	}
	after := strings.TrimRight(b.String(), ",;")
	return after, after != "" && len(after) <= maxAfter
}

// Numbers of these countries begin with a 0 that is called from abroad too: Italy, San Marino, the Vatican, Ivory Coast, Congo.
var keepsZero = []string{"39", "378", "379", "225", "242"}

// trunks are the countries whose trunk prefix, which some put in parentheses, is not 0.
var trunks = map[string]string{"7": "8", "36": "06", "370": "8", "375": "8"}

// internationalPrefixes are dialled for a plus in most of the world, North America, and Australia.
var internationalPrefixes = []string{"0011", "011", "00", "+"}

// withoutTrunk leaves out what stands in parentheses behind a country code for callers inside that country: the 0 of
// "+44 (0)20" and of "0049 (030)". Then the number is written with a plus, which no other prefix has to be known for.
func withoutTrunk(digits, text string) string {
	for from := 0; ; {
		open := strings.IndexAny(text[from:], "([")
		if open < 0 {
			return digits
		}
		open += from
		group, _, _ := strings.Cut(strings.ReplaceAll(text[open+1:], "]", ")"), ")")
		before, _ := Digits(text[:open])
		inside, _ := Digits(group)
		country, prefixed := countryCode(before)
		if trunk := trunkOf(country, inside, prefixed); trunk != "" {
			plain := country + digits[len(before)+len(trunk):]
			if prefixed {
				return "+" + plain
			}
			return plain
		}
		from = open + 1
	}
}

// countryCode is what stands in front of the parentheses when it can be the code of a country, and whether something says that
// it is one.
func countryCode(before string) (country string, prefixed bool) {
	for _, prefix := range internationalPrefixes {
		if country, found := strings.CutPrefix(before, prefix); found && country != "" && len(country) <= 3 && country[0] != '0' {
			return country, true
		}
	}
	if len(before) < 2 || len(before) > 3 || before[0] == '0' {
		return "", false
	}
	return before, false
}

// trunkOf is the part of what stands in parentheses that is dialled inside the country alone. Without a prefix in front only a
// bare trunk prefix is one: "99 (020)" may dial an outside line first.
func trunkOf(country, inside string, prefixed bool) string {
	if country == "" || slices.Contains(keepsZero, country) {
		return ""
	}
	if trunk, known := trunks[country]; known && inside == trunk {
		return trunk
	}
	if inside == "0" || prefixed && trunks[country] == "" && strings.HasPrefix(inside, "0") {
		return "0"
	}
	return ""
}
