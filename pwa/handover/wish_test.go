package handover

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
)

// TestNamesAndNumbersOfAHouse puts each character into a name and into a number: what is no letter makes no name of a number.
func TestNamesAndNumbersOfAHouse(t *testing.T) {
	const letters, digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
	for r := rune(1); r < 0x250; r++ {
		for user, among := range map[string]string{"an%ca": letters + digits + "-_.", "10%c3": letters + digits,
			"%cb": letters + digits + "-_."} {
			user = fmt.Sprintf(user, r)
			if got := Inside(ua.Address{User: user, Host: home}, home); got != strings.ContainsRune(among, r) {
				t.Errorf("%q is inside: %v", user, got)
			}
		}
	}
}

// TestWhereAWishLeads: the usual ports and the parameters of the way are those of the house, and of nobody else's.
func TestWhereAWishLeads(t *testing.T) {
	for _, test := range []struct {
		uri, shown string
		inside     bool
	}{
		{"sip:1004@" + home + ":5060", "1004", true},
		{"sips:1004@" + home + ":5061", "1004", true},
		{"sip:1004@" + home + ":5062", "1004@" + home + ":5062", false},
		{"sip:1004@" + home + ":", "1004@" + home + ":", false},
		{"sip:1004@evil.example.net:5060", "1004@evil.example.net:5060", false},
		{"sip:1004@evil.example.net:5061", "1004@evil.example.net:5061", false},
		{"sip:1004@" + home + ";transport=tls;LR;gr=urn:uuid:1;ob;user=phone;;", "1004", true},
		{"sip:1004@" + home + ";route=192.0.2.7", "1004@" + home + ";route=192.0.2.7", false},
		{"sip:" + home + ";transport=tcp", home, false},
		{"sip:" + home + ";maddr=192.0.2.7", home + ";maddr=192.0.2.7", false},
		{"sip:10%zz@" + home, "10%zz", false},
		{"sip:%31%30%30%34@" + home, "1004", true},
		{"tel:1004", "1004", false},
	} {
		user, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(test.uri, "sips:"), "sip:"), "@")
		a := ua.Address{URI: test.uri, User: strings.TrimPrefix(unescaped(user), "tel:"), Host: home}
		if got, whole := To(a, home); got != test.shown || !whole {
			t.Errorf("%s is shown as %q (%v), want %q", test.uri, got, whole, test.shown)
		}
		if got := Inside(a, home); got != test.inside {
			t.Errorf("%s is inside: %v", test.uri, got)
		}
	}
}

// anyWish is a URI made of parts that lead somewhere, and of some that do not. It says what of it decides who is called.
func anyWish(r *rand.Rand) (a ua.Address, calls string) {
	of := func(parts ...string) string { return parts[r.IntN(len(parts))] }
	user, host := of("1003", "1004", "anna", "+49305550101", "900"), of(home, "SIP.Example.COM", "example.net", "192.0.2.7")
	hangs := of("", "", "", ";postd=900", ";rn=+4990055", ";phone-context=+1", ";phone-context="+home, ";ext=9")
	port := of("", "", ":5060", ":5061", ":5080")
	way, leads := of("", ";transport=tcp", ";lr", ";user=phone"), of("", "", ";maddr=192.0.2.9", ";method=BYE")
	a = ua.Address{URI: "sip:" + user + hangs + "@" + host + port + way + leads, User: user, Host: host}
	if strings.EqualFold(host, home) {
		host = "home"
	}
	if port == ":5060" || port == ":5061" {
		port = ""
	}
	if hangs == ";phone-context="+home {
		hangs = ""
	}
	return a, user + hangs + "@" + host + port + leads
}

// TestWhatIsReadDecidesWhoIsCalled: two wishes that read alike lead to the same place, and one that is followed unasked is of the
// house and reads as its extension alone.
func TestWhatIsReadDecidesWhoIsCalled(t *testing.T) {
	for seed := range uint64(4) {
		r, read := rand.New(rand.NewPCG(seed, 7)), map[string]string{}
		for range 5000 {
			a, calls := anyWish(r)
			shown, whole := To(a, home)
			if other, known := read[shown]; known && other != calls {
				t.Fatalf("%q calls %q, and %q too", shown, calls, other)
			}
			if read[shown] = calls; !whole {
				t.Errorf("%s cannot be read", a.URI)
			}
			if Inside(a, home) && (shown != a.User || calls != a.User+"@home") {
				t.Errorf("%s is followed unasked: it calls %s and reads %q", a.URI, calls, shown)
			}
		}
	}
}
