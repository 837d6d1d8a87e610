package number

import (
	"strings"

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

// Number is a number in the form in which it is compared.
type Number struct {
	Form   Form
	Digits string // without plus and prefixes; the lower-case address when the form is ByName
	// Extension is what is keyed in when the call has been answered: digits, * and #, with a comma for each pause and a
	// semicolon where the caller has to wait.
	Extension string
}

// String is the number as it can be dialled, without what comes after the answer.
func (n Number) String() string {
	if n.Form == Full {
		return "+" + n.Digits
	}
	return n.Digits
}

// Read reads a number as people, SIP and tel URIs write it: "+44 (0)20 7946 0000 ext. 12", "0044 20...",
// "sip:1001@example.com", "tel:+442079460000;ext=12", "+442079460000,,12#". Numbering says what 0 and 00 in front mean.
// It reads what Dialable would call: of both there is one reader.
func Read(text string, plan config.Numbering) Number {
	p := partsOf(text)
	if p.digits == "" {
		if p.plain {
			return Number{Form: Empty, Extension: p.after}
		}
		return Number{Form: ByName, Digits: strings.ToLower(p.name)}
	}
	return Number{Form: Local, Digits: p.digits, Extension: p.after}.placed(plan)
}

// placed finds the form from what stands in front.
func (n Number) placed(plan config.Numbering) Number {
	d := n.Digits
	long := len(d) >= subscriberDigits+len(plan.International)
	switch {
	case d[0] == '+':
		n.Form, n.Digits = Full, d[1:]
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

// IsName tells whether a text is neither a number nor an address with its host. A name is not dialled: there may be a user of
// that name on the server, whom nobody meant.
func IsName(typed string) bool {
	return Read(typed, config.Numbering{}).Form == ByName && !strings.ContainsAny(typed, "@:")
}
