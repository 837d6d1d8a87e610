package wire

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestDialStrings: what is a number, and which.
func TestDialStrings(t *testing.T) {
	for _, c := range []struct {
		text, want string
		why        string
	}{
		{"0123456789*#", "0123456789*#", "all keys"},
		{"+1", "+1", "a plus in front"},
		{"＋１２３", "+123", "full width, the plus too"},
		{"٠١٢٣٤٥٦٧٨٩", "0123456789", "Arabic-Indic"},
		{"۰۱۲۳۴۵۶۷۸۹", "0123456789", "extended Arabic-Indic"},
		{"०१२३४५६७८९", "0123456789", "Devanagari"},
		{"０１２３４５６７８９", "0123456789", "full width"},
		{"1-2.3(4)5/6 7", "1234567", "each separator of RFC 3966, and those in use"},
		{"1\u20102\u20133\u20144\u2212", "", "a minus sign is none of them"},
		{"1\u20102\u20113\u20124\u20135", "12345", "dashes of every length"},
		{"1\u00a02\u20093\u30004", "1234", "blanks of every width"},
		{"\u200e1\u202a2\u20603", "123", "what cannot be seen"},
		{"1\t2", "", "a tab is no blank"},
		{"1,2", "", "a pause is none of it"},
		{"1\u0669\u066a", "", "a percent sign behind the digits"},
		{"\u065f", "", "just before the digits"},
		{"", "", "nothing"}, {"+", "", "no digit"}, {"-", "", "separators alone"}, {"++", "", "two signs alone"},
		{"a1", "", "a letter"}, {"1e5", "", "in the middle"},
	} {
		got, ok, err := dialString(c.text)
		if got != c.want || ok != (c.want != "") || err != nil {
			t.Errorf("%s: %q is %q, %v, %v, want %q", c.why, c.text, got, ok, err, c.want)
		}
	}
	for _, text := range []string{"1+2", "+1+2", "++1", "1+", "1＋2", "(+1+"} {
		if _, ok, err := dialString(text); ok || !errors.Is(err, errTargetPlus) {
			t.Errorf("%q: %v, %v, want an error about the plus", text, ok, err)
		}
	}
}

// TestZeroBehindACountryCode: it is not dialled, but every other zero is; one digit off calls a stranger.
func TestZeroBehindACountryCode(t *testing.T) {
	for _, c := range []struct{ text, want, why string }{
		{"+49 (0)30 5550101", "+49305550101", "the usual way"},
		{"+49(0)305550101", "+49305550101", "without blanks"},
		{"+49 ( 0 ) 30 5550101", "+49305550101", "with more of them"},
		{"+49 [0] 30 5550101", "", "in brackets that no number has"},
		{"+1 (0)202 5550191", "+12025550191", "a code of one digit"},
		{"+353 (0)1 5550191", "+35315550191", "of three"},
		{"＋49 (0)30 5550101", "+49305550101", "another plus"},
		{"+４９ (0)30 5550101", "+49305550101", "other digits"},
		{"0049 (0)30 5550101", "0049305550101", "two zeros for the plus"},
		{"00 49 (0)30 5550101", "0049305550101", "with a blank"},
		{"011 44 (0)20 7946", "01144207946", "from North America"},
		{"0011 44 (0)20 7946", "001144207946", "from Australia"},
		{"(+49) (0)30 5550101", "+49305550101", "the country in parentheses too"},
		{"+39 (0)6 1234567", "+39061234567", "Italy is called with it"},
		{"0039 (0)6 1234567", "0039061234567", "also so"},
		{"+378 (0)549 123456", "+3780549123456", "and San Marino"},
		{"+379 (0)6 1", "+379061", "and the Vatican"},
		{"+225 (0)7 1", "+225071", "and the Ivory Coast"},
		{"+242 (0)6 1", "+242061", "and Congo"},
		{"+4930 (0) 5550101", "+493005550101", "behind an area code it is a digit"},
		{"+49 30 (0)5550101", "+493005550101", "with a blank too"},
		{"+49 (0)30 (0)5", "+493005", "the second is one of the number"},
		{"(0)20 7946", "0207946", "without a country it is dialled"},
		{"0 (0)20 7946", "00207946", "and behind an outside line"},
		{"020 (0)79", "020079", "and inside the number"},
		{"+0 (0)20", "+0020", "no country begins with 0"},
		{"+ (0)20", "+020", "nor is nothing one"},
		{"000 (0)20", "000020", "three zeros are none"},
		{"+49 (00)30", "+490030", "two zeros in parentheses"},
		{"+49 (030) 5", "+490305", "what else is in them is dialled"},
	} {
		if got, _, err := dialString(c.text); got != c.want || err != nil {
			t.Errorf("%s: %q is %q, %v, want %q", c.why, c.text, got, err, c.want)
		}
	}
}

// TestSeparatorsChangeNothing: wherever people put them.
func TestSeparatorsChangeNothing(t *testing.T) {
	separators := rapid.SampledFrom([]string{"", "", " ", "-", ".", "/", "\u00a0", "\u2011", "\u200b"})
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.StringMatching(`[+]?[0-9*#]{1,15}`).Draw(t, "number")
		var b strings.Builder
		for _, r := range plain {
			b.WriteString(separators.Draw(t, "separator"))
			b.WriteRune(r)
		}
		b.WriteString(separators.Draw(t, "separator"))
		if got, ok, err := dialString(b.String()); got != plain || !ok || err != nil {
			t.Fatalf("%q is %q, %v, %v, want %q", b.String(), got, ok, err, plain)
		}
		again, ok, err := dialString(plain)
		if again != plain || !ok || err != nil {
			t.Fatalf("%q is its own normal form, but read as %q, %v, %v", plain, again, ok, err)
		}
	})
}

// TestNumberWithEachParameter: the number is what stands before (RFC 3966, RFC 4694, RFC 4759, RFC 4904 and those in use).
func TestNumberWithEachParameter(t *testing.T) {
	const names = `phone-context ext isub isub-encoding postd npdi rn rn-context cic cic-context enumdi tgrp trunk-context
		cpc oli isup-oli ss7-oli noa verstat tsp premium-rate`
	for _, name := range strings.Fields(names) {
		for _, par := range []string{name, name + "=x", strings.ToUpper(name) + "=1;" + name, " " + name + " = x"} {
			if got, phone := Number("front desk;" + par); got != "front desk" || phone {
				t.Errorf("a name with ;%s is %q, %v", par, got, phone)
			}
			if got, phone := Number("+12025550191;" + par); got != "+12025550191" || !phone {
				t.Errorf("a number with ;%s is %q, %v", par, got, phone)
			}
		}
		if got, _ := Number("user;" + name + "x=1"); got != "user;"+name+"x=1" {
			t.Errorf("a name with a parameter of its own is %q", got)
		}
		if got, _ := Number("user;" + name + "=1;own=2"); got != "user;"+name+"=1;own=2" {
			t.Errorf("one of its own among them: %q", got)
		}
	}
	for _, c := range []struct {
		user, want string
		phone      bool
		why        string
	}{
		{"1+2", "1+2", false, "a plus in the middle is no number"},
		{"1+2;cpc=x", "1+2", false, "whatever stands behind"},
		{"1+2;own=x", "1+2;own=x", false, "or belongs to it"},
		{"1\u00a02", "12", true, "a blank that does not break"},
		{"1%0ax", "1\uFFFDx", false, "a line break is replaced"},
		{"12.34", "12.34", true, "a dot may be part of a name in the own domain"},
		{" 12 34 ", "1234", true, "blanks around it"},
		{"alice;=;", "alice", false, "parameters without a name"},
		{"%ff", "\uFFFD", false, "no text"},
	} {
		if got, phone := Number(c.user); got != c.want || phone != c.phone {
			t.Errorf("%s: Number(%q) = %q, %v, want %q, %v", c.why, c.user, got, phone, c.want, c.phone)
		}
	}
}

// TestNumberCanBeShown: whatever a stranger calls himself.
func TestNumberCanBeShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		user := hostile(t, "user")
		number, phone := Number(user)
		if badText(number) != nil {
			t.Fatalf("%q is shown as %q", user, number)
		}
		if again, still := Number(number); phone && (again != number || !still) {
			t.Fatalf("%q is the number %q, and that is %q, %v", user, number, again, still)
		}
	})
}

// TestDialledText: what is refused, and in which words.
func TestDialledText(t *testing.T) {
	for _, c := range []struct{ input, domain, want string }{
		{"", "d", "nothing to dial"},
		{" \u00a0\u200b", "d", "nothing to dial"},
		{strings.Repeat("1", 257), "d", "longer than 256 bytes"},
		{strings.Repeat("1", 256), "d", "sip:" + strings.Repeat("1", 256) + "@d"},
		{"1\x7f2", "d", "holds a control character"},
		{"1\u2029", "d", "sip:1@d"},
		{"1\u20292", "d", "holds a control character"},
		{"1\u20282", "d", "holds a control character"},
		{"1\u00852", "d", "holds a control character"},
		{"\t1", "d", "holds a control character"},
		{"1\n", "d", "holds a control character"},
		{"a\xffb", "d", "holds broken text"},
		{"1+2", "d", `"+" may only stand in front`},
		{"1+2@h", "d", `"+" may only stand in front`},
		{"ann", "", "a number or name needs a domain, and none is known"},
		{"@h", "d", `nothing in front of "@"`},
		{"a@", "d", `no valid host name behind "@"`},
		{"a@h x", "d", `no valid host name behind "@"`},
		{"a", "h@d", `no valid host name behind "@"`},
		{"a@h@", "d", `no valid host name behind "@"`},
		{"sip:a:b@h", "d", "a password does not belong in an address"},
		{"sip:a:b", "d", "a password does not belong in an address"},
		{"a@h?b=c", "d", `an address to call has no "?" part`},
		{"a@h;Method=BYE", "d", `an address to call has no "method" parameter`},
		{"sip:h.example;method=BYE", "d", `an address to call has no "method" parameter`},
		{"sip:h.example?Route=x", "d", `an address to call has no "?" part`},
		{"ann?Route=x", "d", "sip:ann?Route=x@d"}, // of a name it is a part (RFC 3261 section 25.1)
		{"mailto:a@b", "d", "only sip:, sips: and tel: addresses can be called"},
		{"http:", "d", "only sip:, sips: and tel: addresses can be called"},
		{"sip:", "d", `nothing in front of "@"`},
		{"tel:x", "d", "not a telephone number"},
		{"tel:+1+2", "d", "not a telephone number"},
		{"tel:", "d", "not a telephone number"},
		{"tel:1", "", "a number or name needs a domain, and none is known"},
		{"SIPS:1", "d", "sips:1@d"},
		{"TEL:1;Ext=2", "d:5070", "sip:1;Ext=2@d:5070;user=phone"},
		{"a b.c", "d", "sip:a%20b.c@d"},
		{"a/b.c", "d", "sip:a/b.c@d"},
		{"a;b.c", "d", "sip:a;b.c@d"},
		{"[::1]", "d", "sip:[::1]"},
		{"[::1]:5070;lr", "d", "sip:[::1]:5070;lr"},
		{"[x", "d", "sip:%5Bx@d"},
		{"h.example:5070", "d", "only sip:, sips: and tel: addresses can be called"},
		{"h.example;transport=ws", "d", "sip:h.example;transport=ws"},
		{"sip:h.example:x", "d", "a password does not belong in an address"},
		{"a@[::1]:5070", "d", "sip:a@[::1]:5070"},
		{"* 21", "d", "sip:*21@d"},
	} {
		u, err := Target(c.input, c.domain)
		got := strings.TrimPrefix(errText(err), "cannot call this: ")
		if err == nil {
			got, err = URIString(&u)
		}
		if got != c.want {
			t.Errorf("%q in %q: %s (%v), want %s", c.input, c.domain, got, err, c.want)
		}
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
