package wire

import (
	"strings"
	"testing"
	"time"
)

// limitOfCost is far above what the largest message costs where the cost grows with its length (milliseconds), and far below what
// it costs where it grows with the square of it (5 to 20 s for many of these).
const limitOfCost = 3 * time.Second

// hostileWords are repeated to the size of the largest message.
var hostileWords = []string{"sip:", "sip:a:b@", "a@sip:", "<sip:", "'sip:", "nonce=", "nonce=\"", "nonce=\\\"",
	"nextnonce=nonce=",
	"rspauth=", "response", "authorization:", "authorization: realm=", "authorization=", "authorization: digest realm=\"",
	"authorization:\n", "authorization:\n ", "authorization:\r\n ", "inline:", "inline:nonce=x,", "crypto:", "ice-pwd:", "k=",
	"\nk=",
	"%41", "%", ",", "<", "<,", "<a,", "\"", "\"a,", "<:", ":<", ";", ";a", ";a=\"", ";tag=", "<;tag=", "=", "(", ")", "+1(",
	"+1(0)",
	"\\", "@", " ", "\t", "[", "::", "?", "&", "a", "\x00", "\xff", "--x\n", "--x", "\r\n ", "<sip:a@b>,", "<sip:a@b"}

// TestNoTextCostsMoreThanItsLength: a stranger chooses what is in a message, and in a browser reading it stops everything else.
func TestNoTextCostsMoreThanItsLength(t *testing.T) {
	for name, read := range map[string]func(string){
		"Mask":            func(s string) { Mask([]byte(s)) },
		"Nonces":          func(s string) { Nonces([]byte(s)); Proofs([]byte(s)) },
		"ParseAddress":    func(s string) { ParseAddress(s); party(s) },
		"ParseAddresses":  func(s string) { ParseAddresses(s); members(s) },
		"ParseChallenges": func(s string) { ParseChallenges("Digest " + s); ParseAuthParams(s) },
		"Number":          func(s string) { Number(s); Number("+1;" + s) },
		"ParseURI":        func(s string) { ParseURI("sip:" + s); mendURI("sip:" + s + "@h"); ParseURI("sip:h;" + s) },
		"findSDP":         func(s string) { findSDP("multipart/mixed;boundary=x", []byte("--x\n"+s), 2) },
		"Parse": func(s string) {
			s = strings.ReplaceAll(s, "\r\n", "")[:MaxMessage/8]
			msg, _ := Parse(invite("Contact: "+s, "Reason: "+s, "Call-Info: "+s, "Retry-After: 1 "+s, "P-Asserted-Identity: "+s))
			if msg != nil {
				readAll(msg)
				People(msg, "P-Asserted-Identity")
			}
		},
	} {
		for _, word := range hostileWords {
			text := strings.Repeat(word, MaxMessage/len(word)+1)[:MaxMessage]
			fast := false
			for n := 0; n < 3 && !fast; n++ { // the machine may have other work
				start := time.Now()
				read(text)
				fast = time.Since(start) < limitOfCost
			}
			if !fast {
				t.Errorf("%s of %q repeated takes more than %v", name, word, limitOfCost)
			}
		}
	}
}

// TestNoncesDoNotMultiply: what is found is no more than what was sent, however it is nested.
func TestNoncesDoNotMultiply(t *testing.T) {
	for _, word := range hostileWords {
		text := strings.Repeat(word, MaxMessage/len(word))
		sum, end := 0, 0
		for _, span := range Nonces([]byte(text)) {
			if span[0] < end {
				t.Fatalf("%q repeated: the value at %v begins inside the one that ends at %d", word, span, end)
			}
			sum, end = sum+span[1]-span[0], span[1]
		}
		if sum > len(text) {
			t.Errorf("%q repeated: %d octets of nonces in %d", word, sum, len(text))
		}
	}
}
