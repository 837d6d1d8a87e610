package wire

import "testing"

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		user, want string
		phone      bool
		why        string
	}{
		{"+12025550191", "+12025550191", true, "a number"},
		{"+12025550191;npdi;rn=+12025550100", "+12025550191", true, "number portability (RFC 4694)"},
		{"+12025550191;cpc=ordinary", "+12025550191", true, "category of the caller"},
		{"+12025550191;CPC=ordinary;verstat=TN-Validation-Passed", "+12025550191", true, "whatever the case"},
		{"+12025550191;foo=bar", "+12025550191", true, "behind a number nothing belongs to it"},
		{"%2B12025550191%3Bcpc=ordinary", "+12025550191", true, "escaped"},
		{"2001;phone-context=example.com", "2001", true, "a local number"},
		{"+1%20(202)%20555-0191", "+12025550191", true, "visual separators"},
		{"+1-202-555-0191", "+12025550191", true, "visual separators without blanks"},
		{"+1.202.555.0191;ext=12", "+12025550191", true, "an extension"},
		{"020 7946 0000", "02079460000", true, "blanks, which no name has"},
		{"20-07", "20-07", true, "a hyphen may be part of a name in the own domain"},
		{"*97", "*97", true, "a code"},
		{"anonymous;cpc=payphone", "anonymous", false, "a name with parameters of a telephone"},
		{"alice;", "alice", false, "nothing behind the semicolon"},
		{"user;par=u%40example.net", "user;par=u@example.net", false, "RFC 4475 section 3.1.1.12: a name may have semicolons"},
		{"Call%20Center", "Call Center", false, "a blank in a name"},
		{"M%C3%BCller", "Müller", false, "UTF-8"},
		{"a%00b%ff", "a\uFFFDb\uFFFD", false, "what could harm is replaced"},
		{"100%", "100%", false, "a broken escape stays"},
		{"", "", false, "nobody"},
		{"+", "+", false, "no digits"},
	} {
		if got, phone := Number(c.user); got != c.want || phone != c.phone {
			t.Errorf("%s: Number(%q) = %q, %v, want %q, %v", c.why, c.user, got, phone, c.want, c.phone)
		}
	}
}
