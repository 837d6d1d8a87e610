package number

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestDialable(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"1002", "1002"},
		{"+44 (0)20 7946-0347", "+442079460347"}, // +440207... would be somebody else
		{" 020 7946 0347 ", "02079460347"},
		{"tel:+1-201-555-0123;phone-context=+1", "+12015550123"},
		{"tel:+49-30-123;ext=12;isub=5", "+4930123"},
		{"tel:*21%231002%23;phone-context=example.com", "*21#1002#"},
		{"tel:1%0d%0aVia:", ""},
		{"sips:1002@example.com;transport=tls?Subject=x&Replaces=y", "sips:1002@example.com;transport=tls"},
		{"TEL:112", "112"},
		{"*21*1002#", "*21*1002#"},
		{"٠١٢٣٤٥٦٧٨٩", "0123456789"},
		{"۰۱۲", "012"},
		{"０１２", "012"},
		{"020–7946", "0207946"}, // a dash that a word processor made
		{"front.desk", "front.desk"},
		{"1002@example.com", "1002@example.com"},
		{"sip:1002@example.com;transport=ws", "sip:1002@example.com;transport=ws"},
		{"ann\u202e@example.com", "ann@example.com"},
		{"1002\r\n", "1002"},
		{"", ""},
		{"   ", ""},
		{"front desk", ""},
		{"sip:ann lee@example.com", ""},
		{"020 7946 0347 or 0348", ""},
		{"1" + strings.Repeat("0", maxText), ""}, // half of it would be another number
		{"callto:+1 202 555 0191", "+12025550191"},
		{"callto://+12025550191", "+12025550191"},
		{"<sip:1002@example.com>", "sip:1002@example.com"},
		{"<sip:1002@example.com>;tag=7", "sip:1002@example.com"},
		{`"Lee, Ann" <sip:1002@example.com;transport=ws>`, "sip:1002@example.com;transport=ws"},
		{"Müller, Anna <+49 30 5550101>", "+49305550101"},
		{"<tel:+12025550191;ext=12>", "+12025550191"},
		{"sip:+12025550191;npdi;rn=+12025550100@192.0.2.1;user=phone",
			"sip:+12025550191;npdi;rn=+12025550100@192.0.2.1;user=phone"},
		{"+12025550191;npdi;rn=+12025550100", "+12025550191"},
		{"+1 202 555 0191 (mobile)", "+12025550191"},
		{"𝟏𝟎𝟎𝟐", "1002"}, {"𝟷𝟶𝟶𝟸", "1002"},
		{"＊２１＊１００２＃", "*21*1002#"}, {"＋44 20 7946 0347", "+442079460347"},
		{"020 7946−0347", "02079460347"},
		{",,123#", ",,123#"}, {"x12", "x12"}, {"4x4", "4x4"}, {"ext. 12", ""},
		{"a\r\nRoute: <sip:b>", ""},
	} {
		got, err := Dialable(test.text)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%q: got %q, %v, want %q", test.text, got, err, test.want)
		}
	}
}

func TestTyped(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"ann ", "ann "}, // one may go on typing
		{"1\x002\x1b3", "123"},
		{"12\r\n34\t56", "12  34 56"},
		{"\u200f\u2066123\u2069", "123"},
		{"\xff1", "\ufffd1"},
	} {
		if got := Typed(test.text); got != test.want {
			t.Errorf("%q: got %q, want %q", test.text, got, test.want)
		}
	}
	if got := utf8.RuneCountInString(Typed(strings.Repeat("é", 5000))); got != maxDial {
		t.Errorf("%d characters, want %d", got, maxDial)
	}
}

func FuzzDialable(f *testing.F) {
	f.Add("+44 20")
	f.Add("sip:a@b\r\nVia: x")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Dialable(text)
		if err == nil && (got == "" || strings.ContainsAny(got, "\r\n\x00 ")) {
			t.Errorf("%q: got %q, which must not go into a message", text, got)
		}
	})
}
