package number

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"github.com/gowebphone/webphone/pwa/config"
)

// TestLinkShowsWhatItCalls puts links into the number field: what stands there calls what the link names, with the same keys
// behind it. What a link asks for beside that is left out.
func TestLinkShowsWhatItCalls(t *testing.T) {
	for _, c := range []struct{ link, shown string }{
		{"tel:+442079460000", "+442079460000"},
		{"tel:+44-20-7946-0000", "+44-20-7946-0000"},
		{"tel:+44(0)20-7946-0000", "+442079460000"}, // as it is called: what is in parentheses is not
		{"tel:+12025550191;ext=12", "+12025550191 ext. 12"},
		{"tel:+12025550191,,123%23", "+12025550191,,123#"},
		{"tel:+12025550191;postd=pp22", "+12025550191,,22"},
		{"tel:+12025550191;ext=12,,7", "+12025550191 ext. 12,,7"},
		{"tel:1002;phone-context=example.com", "1002"},
		{"TEL:112", "112"},
		{"callto:+12025550191", "+12025550191"},
		{"callto://+1%20202%20555%200191", "+12025550191"},
		{"callto:ann", "ann"},
		{"sip:ann@example.com?subject=x", "sip:ann@example.com"},
		{"sips:ann@example.com;transport=tls", "sips:ann@example.com;transport=tls"},
		{"+442079460000", "+442079460000"},
		{" 1002 ", "1002"},
		{"", ""},
	} {
		if got := Linked(c.link); got != c.shown {
			t.Errorf("%q shows %q, want %q", c.link, got, c.shown)
		}
	}
	rnd := rand.New(rand.NewPCG(3, 67))
	for range 5000 {
		text, _, _, _ := written(rnd)
		for _, scheme := range []string{"", "tel:", "callto:", "callto://"} {
			link := scheme + text
			call, after, err := Dial(link)
			if err != nil {
				continue
			}
			shown := Linked(link)
			if again, keys, err := Dial(shown); again != call || keys != after || err != nil {
				t.Fatalf("%q calls %q and %q, but shows %q, which calls %q and %q, %v", link, call, after, shown, again, keys,
					err)
			}
		}
	}
}

// TestFieldKeepsWhatItCalls types texts into the number field, where what cannot be seen is left out.
func TestFieldKeepsWhatItCalls(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 71))
	for range 5000 {
		text, _, _, _ := written(rnd)
		call, after, err := Dial(text)
		typed := Typed(text)
		if again, keys, err2 := Dial(typed); again != call || keys != after || (err2 == nil) != (err == nil) ||
			Typed(typed) != typed {
			t.Fatalf("%q calls %q and %q; typed it is %q and calls %q and %q", text, call, after, typed, again, keys)
		}
	}
}

// TestNumberReadsItself reads numbers as they are dialled: no digit changes its meaning.
func TestNumberReadsItself(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 73))
	for range 5000 {
		text, _, _, plan := written(rnd)
		n := Read(text, plan)
		again := Read(n.String(), plan)
		again.Extension = n.Extension
		if again != n {
			t.Fatalf("with %+v %q is %+v, and that is %+v", plan, text, n, again)
		}
		if n.Tail() == "" || !strings.HasSuffix(n.Digits, n.Tail()) {
			t.Fatalf("%q has the tail %q", text, n.Tail())
		}
	}
}

// TestFullNumbersMatchWhenTheyAreOne compares numbers that differ in one digit, in the country or in their length.
func TestFullNumbersMatchWhenTheyAreOne(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 79))
	for range 3000 {
		text, digits, _, plan := written(rnd)
		n := Read(text, plan)
		if n.Form != Full {
			continue
		}
		at := rnd.IntN(len(n.Digits))
		other := n
		other.Digits = n.Digits[:at] + string('0'+(n.Digits[at]-'0'+1+byte(rnd.IntN(9)))%10) + n.Digits[at+1:]
		longer, shorter := n, n
		longer.Digits, shorter.Digits = n.Digits+"0", n.Digits[1:]
		for why, x := range map[string]Number{"one digit": other, "one more": longer, "one less": shorter} {
			if Match(n, x, plan) != 0 || Match(x, n, plan) != 0 {
				t.Fatalf("%s: %+v (%s) and %+v are taken for one", why, n, digits, x)
			}
		}
		if Match(n, n, plan) < sureMatch+len(n.Digits) {
			t.Fatalf("%+v is not itself", n)
		}
	}
}

// TestShortNumbersMatchWhole lets no extension be the end of another number.
func TestShortNumbersMatchWhole(t *testing.T) {
	for _, plan := range []config.Numbering{{}, british} {
		for _, long := range []string{"2101", "+44 20 7946 0101", "020 7946 0101", "7946 0101", "0101", "*101", "101#"} {
			for n := 1; n < subscriberDigits; n++ {
				digits, _ := Digits(long)
				if tail := digits[max(0, len(digits)-n):]; tail != digits && Same(long, tail, plan) {
					t.Errorf("%q is taken for %q", tail, long)
				}
			}
		}
	}
}

// TestFoldKnowsItsLetters folds the letters with signs of Latin scripts to what people type who have no such key.
func TestFoldKnowsItsLetters(t *testing.T) {
	for base, letters := range map[string]string{
		"a": "ÀàÁáÂâÃãÅåĀāĂăĄąẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặ", "c": "ÇçĆćĈĉĊċČč", "d": "Ďď", "e": "ÈèÉéÊêËëĒēĔĕĖėĘęĚěẸẹẺẻẼẽẾếỀềỂểỄễỆệ",
		"g": "ĜĝĞğĠġĢģ",
		"i": "ÌìÍíÎîÏïĨĩĪīĬĭĮįỈỉỊị", "l": "ĹĺĻļĽľ", "n": "ÑñŃńŅņŇň", "o": "ÒòÓóÔôÕõŌōŎŏŐőỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợ", "r": "ŔŕŖŗŘř",
		"s": "ŚśŜŝŞşŠš",
		"t": "ŢţŤť", "u": "ÙùÚúÛûŨũŪūŬŭŮůŰűŲųỤụỦủỨứỪừỬửỮữỰự", "w": "Ŵŵ", "y": "ÝýÿŶŷŸỲỳỴỵỶỷỸỹ", "z": "ŹźŻżŽž",
	} {
		for _, r := range letters {
			if got := Fold(string(r)); got != base {
				t.Errorf("%c folds to %q, want %q", r, got, base)
			}
		}
	}
}

// TestNothingTurnsALineRound looks at each control, format and separator character of Unicode.
func TestNothingTurnsALineRound(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		hidden := unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) || unicode.In(r, unicode.Zl, unicode.Zp)
		if !hidden {
			continue
		}
		for what, got := range map[string]string{"OneLine": OneLine("a"+string(r)+"b", 10), "Typed": Typed("a" + string(r) + "b"),
			"Fold": Fold("a" + string(r) + "b")} {
			if strings.ContainsRune(got, r) {
				t.Errorf("%s leaves %U in %q", what, r, got)
			}
		}
	}
	for r := rune('\u200b'); r <= '\u206f'; r++ { // a name is found though something is hidden in it
		if unicode.Is(unicode.Cf, r) && Fold("a"+string(r)+"b") != "ab" {
			t.Errorf("%U splits a word", r)
		}
	}
}
