package number

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTarget(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"1002", "1002"},
		{"+44 (0)20 7946-0347", "+4402079460347"},
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
		{"a\r\nRoute: <sip:b>", ""},
	} {
		got, err := Dialable(test.text)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%q: got %q, %v, want %q", test.text, got, err, test.want)
		}
	}
}

func TestCleanDial(t *testing.T) {
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

func FuzzTarget(f *testing.F) {
	f.Add("+44 20")
	f.Add("sip:a@b\r\nVia: x")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Dialable(text)
		if err == nil && (got == "" || strings.ContainsAny(got, "\r\n\x00 ")) {
			t.Errorf("%q: got %q, which must not go into a message", text, got)
		}
	})
}
