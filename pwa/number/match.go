package number

import (
	"strings"

	"github.com/gowebphone/webphone/pwa/config"
)

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
		if a.keyed() != b.keyed() {
			return 0
		}
		score += len(a.keyed())
	}
	return score
}

// keyed is the extension without its pauses: where one waits longer it is still the same desk.
func (n Number) keyed() string { return strings.NewReplacer(",", "", ";", "").Replace(n.Extension) }

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
