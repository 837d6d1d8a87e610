package number

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"github.com/gowebphone/webphone/pwa/config"
)

func TestTrunkPrefixInParenthesesIsNotCalledFromAbroad(t *testing.T) {
	for _, c := range []struct{ text, call, why string }{
		{"+49 (0)30 5550101", "+49305550101", "the usual way"},
		{"+49(0)305550101", "+49305550101", "without spaces"},
		{"+49 (0) 30 / 555-0101", "+49305550101", "with more of them"},
		{"+49 [0] 30 5550101", "+49305550101", "other brackets"},
		{"(+49) (0)30 5550101", "+4930" + "5550101", "the country in brackets too"},
		{"0049 (0)30 5550101", "+49305550101", "two zeros for the plus"},
		{"00 49 (0) 30 5550101", "+49305550101", "with a space"},
		{"011 44 (0)20 7946 0000", "+442079460000", "from North America"},
		{"0011 44 (0)20 7946 0000", "+442079460000", "from Australia"},
		{"49 (0)30 5550101", "49305550101", "without anything in front"},
		{"+49 (030) 5550101", "+49305550101", "the area code as it is dialled at home"},
		{"+44 (020) 7946 0000", "+442079460000", "the same in Britain"},
		{"tel:+49(0)30-5550101", "+49305550101", "in a link"},
		{"callto:+49%20(0)30%205550101", "+49305550101", "escaped"},
		{"+٤٩ (٠)٣٠ ٥٥٥٠١٠١", "+49305550101", "in Arabic digits"},
		{"+39 06 1234567", "+39061234567", "Italy has no trunk prefix"},
		{"+39 (06) 1234567", "+39061234567", "and its area codes begin with 0"},
		{"+39 (0)6 1234567", "+39061234567", "so that it is called in any case"},
		{"0039 (06) 1234567", "0039061234567", "as typed: nothing was left out"},
		{"+225 (07) 12 34 56 78", "+2250712345678", "Ivory Coast"},
		{"+36 (06) 1 234 5678", "+3612345678", "Hungary dials 06"},
		{"+7 (8) 495 1234567", "+74951234567", "Russia dials 8"},
		{"+7 (812) 1234567", "+78121234567", "which may begin an area code"},
		{"+1 (202) 555 0191", "+12025550191", "an area code"},
		{"(020) 7946 0000", "02079460000", "at home the 0 is dialled"},
		{"(0)20 7946 0000", "02079460000", "in any brackets"},
		{"9 (020) 7946 0000", "902079460000", "an outside line first"},
		{"99 (020) 7946 0000", "9902079460000", "which may have two digits"},
		{"0 (0)20 7946 0000", "002079460000", "or be another 0"},
		{"+4930 (0) 5550101", "+493005550101", "behind an area code it is a digit"},
	} {
		got, err := Dialable(c.text)
		if got != c.call || err != nil {
			t.Errorf("%q calls %q, %v; want %s: %s", c.text, got, err, c.call, c.why)
		}
	}
}

func TestWhatIsKeyedInAfterTheAnswer(t *testing.T) {
	for _, c := range []struct{ text, call, after string }{
		{"+12025550191,,123#", "+12025550191", ",,123#"},
		{"+1 202 555 0191 ,, 123 #", "+12025550191", ",,123#"},
		{"+12025550191;123", "+12025550191", ";123"},
		{"+12025550191p99", "+12025550191", ",99"},
		{"+12025550191PP99w1#", "+12025550191", ",,99;1#"},
		{"+12025550191x12", "+12025550191", "12"},
		{"+1 202-555-0191 X 12", "+12025550191", "12"},
		{"+12025550191 ext. 12", "+12025550191", "12"},
		{"+12025550191 ext: 12", "+12025550191", "12"},
		{"+12025550191 ext12,,7", "+12025550191", "12,,7"},
		{"020 7946 0000 ext. 12", "02079460000", "12"},
		{"020 7946 0000 Extension 12", "02079460000", "12"},
		{"030 5550101 App. 12", "0305550101", "12"},
		{"030 5550101 Durchwahl 12", "0305550101", "12"},
		{"01 99 00 01 23 poste 12", "0199000123", "12"},
		{"tel:+12025550191;ext=12", "+12025550191", "12"},
		{"tel:+12025550191;isub=5;postd=pp22", "+12025550191", ",,22"},
		{"tel:+12025550191,,123%23", "+12025550191", ",,123#"},
		{"sip:+12025550191;ext=12@192.0.2.1;user=phone", "sip:+12025550191;ext=12@192.0.2.1;user=phone", "12"},
		{"+12025550191 ext. ,,12", "+12025550191", ",,12"}, // of a contact whose extension was written so
		{"+12025550191,", "+12025550191", ""},              // a pause and nothing behind it
		{"1001,7", "1001", ",7"},
		{"1002", "1002", ""},
	} {
		call, after, err := Dial(c.text)
		if call != c.call || after != c.after || err != nil {
			t.Errorf("%q calls %q and keys %q, %v; want %s and %s", c.text, call, after, err, c.call, c.after)
		}
		if got := Read(c.text, british); got.Extension != c.after {
			t.Errorf("%q is read with extension %q, want what is keyed in, %q", c.text, got.Extension, c.after)
		}
	}
	if _, _, err := Dial("ext. 12"); err == nil {
		t.Error("an extension of nobody is called")
	}
}

func TestEveryScriptHasItsDigits(t *testing.T) {
	want := byte('0')
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.Is(unicode.Nd, r) {
			continue
		}
		if got := digit(r); got != want {
			t.Fatalf("%U is %c, want %c: digits stand in blocks of ten", r, got, want)
		}
		if want++; want > '9' {
			want = '0'
		}
	}
}

// written writes a number by chance in one of the ways in which people do.
func written(rnd *rand.Rand) (text, digits, after string, plan config.Numbering) {
	plans := []config.Numbering{{}, british, {Country: "49", Trunk: "0", International: "00"},
		{Country: "1", Trunk: "1", International: "011"}, {Country: "39", International: "00"}}
	plan = plans[rnd.IntN(len(plans))]
	country := []string{"44", "49", "1", "33", "353"}[rnd.IntN(5)]
	subscriber := fmt.Sprint(2+rnd.IntN(8)) + fmt.Sprintf("%08d", rnd.IntN(1e8))
	front, digits := "", ""
	switch rnd.IntN(5) {
	case 0:
		front, digits = "+"+country, "+"+country
	case 1:
		front, digits = "+"+country+"(0)", "+"+country
	case 2:
		front, digits = "00"+country+"(0)", "+"+country
	case 3:
		front, digits = "(0)", "0"
	}
	afters := []struct{ text, keys string }{{"", ""}, {"", ""}, {",,12#", ",,12#"}, {";3", ";3"}, {"p99", ",99"}, {"x12", "12"},
		{" ext. 7", "7"}, {" Durchwahl 0", "0"}}
	a := afters[rnd.IntN(len(afters))]
	return dressed(rnd, front+subscriber) + a.text, digits + subscriber, a.keys, plan
}

// dressed puts between the digits what means nothing, and takes digits of other scripts.
func dressed(rnd *rand.Rand, number string) string {
	zero := []rune{'0', '0', '0', '٠', '۰', '０', '𝟎', '𝟶', '०'}[rnd.IntN(9)]
	between := []string{"", "", "", " ", "-", ".", "\u00a0", "\u2011", "\u200e", "/"}
	var b strings.Builder
	for i, r := range number {
		if i > 0 {
			b.WriteString(between[rnd.IntN(len(between))])
		}
		if r >= '0' && r <= '9' {
			r = zero + r - '0'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// TestWhatMatchesIsWhatIsCalled holds reading and dialling together: they are one reader.
func TestWhatMatchesIsWhatIsCalled(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 13))
	for range 20000 {
		text, digits, after, plan := written(rnd)
		call, keyed, err := Dial(text)
		if call != digits || keyed != after || err != nil {
			t.Fatalf("%q calls %q and keys %q, %v; want %s and %s", text, call, keyed, err, digits, after)
		}
		read, called := Read(text, plan), Read(call, plan)
		called.Extension = keyed
		if read != called {
			t.Fatalf("with %+v %q is read as %+v, but %+v is called", plan, text, read, called)
		}
		if other := Read(digits, plan); Match(read, other, plan) < sureMatch {
			t.Fatalf("%q does not match %s", text, digits)
		}
	}
}

func FuzzReadersAgree(f *testing.F) {
	for _, seed := range []string{"+44 (0)20 7946 0000 ext. 12", "tel:+1;ext=1", "sip:1@b;x?y", "<sip:a@b>", "٠٢٠",
		"+12025550191,,123#", "0049 (0)30", "1 (0)2;postd=w", "callto://", "x12"} {
		f.Add(seed, "44", "0", "00")
	}
	f.Fuzz(func(t *testing.T, text, country, trunk, international string) {
		plan := config.Numbering{Country: country, Trunk: trunk, International: international}
		call, after, err := Dial(text)
		if err != nil {
			return
		}
		read, called := Read(text, plan), Read(call, plan)
		called.Extension = after
		if read != called {
			t.Errorf("%q is read as %+v, but %q is called, which is %+v", text, read, call, called)
		}
		if strings.ContainsFunc(call, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("<>\"", r)
		}) {
			t.Errorf("%q calls %q, which must not go into a message", text, call)
		}
	})
}
