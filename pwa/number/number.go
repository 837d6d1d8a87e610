package number

import (
	"strings"
	"unicode"

	"github.com/gowebphone/webphone/pwa/config"
)

// Form is how a number is written.
type Form uint8

const (
	Empty  Form = iota
	Short       // an extension or service: fewer digits than a subscriber has, or with * and #
	Local       // as dialled, country unknown
	Full        // with its country code
	ByName      // a SIP user or address with letters
)

// subscriberDigits is the length from which the ends of two numbers may be compared. Shorter ones are extensions, where
// 101 and 2101 are two people.
const subscriberDigits = 7

const maxNumberText = 256

// Number is a number in the form in which it is compared.
type Number struct {
	Form      Form
	Digits    string // without plus and prefixes; the lower-case address when the form is ByName
	Extension string
}

// String is the number as it can be dialled.
func (n Number) String() string {
	if n.Form == Full {
		return "+" + n.Digits
	}
	return n.Digits
}

// Read reads a number as people, SIP and tel URIs write it: "+44 (0)20 7946 0000 ext. 12", "0044 20...",
// "sip:1001@example.com", "tel:+442079460000;ext=12". Numbering says what 0 and 00 in front mean.
func Read(text string, plan config.Numbering) Number {
	text = numberBody(text)
	body, extension := cutExtension(text)
	digits, ok := Digits(body)
	if !ok {
		return Number{Form: ByName, Digits: strings.ToLower(strings.TrimSpace(text))}
	}
	n := Number{Form: Local, Digits: digits, Extension: extension}
	return n.placed(plan)
}

// placed finds the form from what stands in front.
func (n Number) placed(plan config.Numbering) Number {
	d := n.Digits
	long := len(d) >= subscriberDigits+len(plan.International)
	switch {
	case d == "" || d == "+":
		return Number{Form: Empty, Extension: n.Extension}
	case d[0] == '+':
		n.Form, n.Digits = Full, strings.ReplaceAll(d[1:], "+", "")
	case strings.ContainsAny(d, "*#"):
		n.Form = Short
	case plan.International != "" && long && strings.HasPrefix(d, plan.International):
		n.Form, n.Digits = Full, d[len(plan.International):]
	case len(d) < subscriberDigits:
		n.Form = Short
	case plan.Trunk != "" && plan.Country != "" && strings.HasPrefix(d, plan.Trunk):
		n.Form, n.Digits = Full, plan.Country+d[len(plan.Trunk):]
	}
	return n
}

// numberBody takes scheme, host and parameters of a URI away; an extension parameter stays.
func numberBody(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > maxNumberText {
		text = text[:maxNumberText]
	}
	scheme, rest, found := strings.Cut(text, ":")
	isURI := found
	switch strings.ToLower(scheme) {
	case "tel", "sip", "sips", "callto":
		text = rest
	default:
		isURI = false
	}
	if !isURI {
		return text
	}
	text, _, _ = strings.Cut(text, "?")
	user, _, found := strings.Cut(text, "@")
	head, params, _ := strings.Cut(user, ";")
	for p := range strings.SplitSeq(params, ";") {
		if ext, ok := strings.CutPrefix(strings.ToLower(p), "ext="); ok {
			head += " x" + ext
		}
	}
	if _, plain := Digits(head); found && !plain && !strings.Contains(head, " x") {
		address, _, _ := strings.Cut(text, ";")
		return address
	}
	return head
}

// cutExtension finds "ext. 12", "x12" and ";ext=12" behind a number.
func cutExtension(text string) (body, extension string) {
	low := strings.ToLower(text)
	for _, word := range []string{";ext=", "extension", "ext.", "ext", "x"} {
		i := strings.LastIndex(low, word)
		if i <= 0 || i+len(word) > len(text) {
			continue
		}
		tail, ok := Digits(text[i+len(word):])
		head, plain := Digits(text[:i])
		if ok && plain && tail != "" && head != "" && len(tail) <= 8 && strings.Trim(tail, "0123456789") == "" {
			return text[:i], tail
		}
	}
	return text, ""
}

// Digits leaves digits of any script, a leading plus, * and #; what people put between is dropped. It reports
// false when something else is there.
func Digits(text string) (string, bool) {
	plus := false
	var b strings.Builder
	if i := strings.Index(text, "(0)"); i > 0 && strings.HasPrefix(strings.TrimLeft(text, " \u200e\u202a("), "+") {
		text = text[:i] + text[i+3:] // +44 (0)20: the 0 is for callers inside the country
	}
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9' || r == '*' || r == '#':
			b.WriteRune(r)
		case r == '+' || r == '\uff0b':
			if b.Len() > 0 || plus {
				return "", false
			}
			plus = true
			b.WriteByte('+')
		case unicode.Is(unicode.Nd, r):
			b.WriteByte('0' + scriptDigit(r))
		case unicode.IsSpace(r) || strings.ContainsRune("-./()[]", r) || r >= 0x2010 && r <= 0x2015 || invisible(r):
		default:
			return "", false
		}
	}
	return b.String(), true
}

// scriptDigit is the value of a decimal digit; every script's digits stand in blocks of ten.
func scriptDigit(r rune) byte {
	var n byte
	for n < 9 && unicode.Is(unicode.Nd, r-1) {
		r--
		n++
	}
	return n
}

// Match tells how well two numbers go together: 0 when they are two different ones, else more the more digits
// agree. Two full numbers must be equal; a local one may be the end of the other if it is long enough; short ones must
// be equal.
func Match(a, b Number, plan config.Numbering) int {
	if a.Form == Empty || b.Form == Empty {
		return 0
	}
	if a.Form == ByName || b.Form == ByName {
		return sameAddress(a, b)
	}
	score := matchDigits(a, b, plan)
	if score > 0 && a.Extension != "" && b.Extension != "" {
		if a.Extension != b.Extension {
			return 0
		}
		score += len(a.Extension)
	}
	return score
}

const sureMatch = 100 // added when the whole number agrees

func matchDigits(a, b Number, plan config.Numbering) int {
	switch {
	case a.Digits == b.Digits:
		return sureMatch + len(a.Digits)
	case a.Form == Short || b.Form == Short || a.Form == Full && b.Form == Full:
		return 0
	case a.Form == Full:
		return tailMatch(a.Digits, national(b.Digits, plan))
	case b.Form == Full:
		return tailMatch(b.Digits, national(a.Digits, plan))
	}
	x, y := national(a.Digits, plan), national(b.Digits, plan)
	if len(x) < len(y) {
		x, y = y, x
	}
	return tailMatch(x, y)
}

// longestPrefix is what may stand in front of a subscriber's number: international prefix, country and area code.
const longestPrefix = 9

func tailMatch(long, tail string) int {
	if len(tail) < subscriberDigits || len(long)-len(tail) > longestPrefix || !strings.HasSuffix(long, tail) {
		return 0
	}
	return len(tail)
}

// national takes what is dialled in front inside a country away. Without a plan it is "0", which no subscriber begins
// with.
func national(digits string, plan config.Numbering) string {
	trunk := plan.Trunk
	if trunk == "" {
		trunk = "0"
	}
	return strings.TrimPrefix(digits, trunk)
}

// sameAddress compares SIP users and addresses; a user without a host is the same at any host.
func sameAddress(a, b Number) int {
	if a.Form != ByName || b.Form != ByName {
		return 0
	}
	if a.Digits == b.Digits {
		return sureMatch + len(a.Digits)
	}
	userA, hostA, _ := strings.Cut(a.Digits, "@")
	userB, hostB, _ := strings.Cut(b.Digits, "@")
	if userA == userB && (hostA == "" || hostB == "") {
		return len(userA)
	}
	return 0
}

// Same reports whether two texts name the same number.
func Same(a, b string, plan config.Numbering) bool {
	return Match(Read(a, plan), Read(b, plan), plan) > 0
}

// Tail is what numbers that may match have in common: the last digits of a long one, all of a short one.
func (n Number) Tail() string {
	if n.Form == ByName {
		user, _, _ := strings.Cut(n.Digits, "@")
		return "@" + user
	}
	if len(n.Digits) < subscriberDigits {
		return n.Digits
	}
	return n.Digits[len(n.Digits)-subscriberDigits:]
}
