package number

import (
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pwa/config"
)

var british = config.Numbering{Country: "44", Trunk: "0", International: "00"}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		text   string
		form   Form
		digits string
		ext    string
	}{
		{"+44 20 7946 0000", Full, "442079460000", ""},
		{"+44 (0)20 7946 0000", Full, "442079460000", ""},
		{"0044-20-7946-0000", Full, "442079460000", ""},
		{"(020) 7946 0000", Full, "442079460000", ""},
		{"7946 0000", Local, "79460000", ""},
		{"1001", Short, "1001", ""},
		{"0", Short, "0", ""},
		{"00123", Short, "00123", ""},
		{"*98", Short, "*98", ""},
		{"*#0*#", Short, "*#0*#", ""},
		{"020 7946 0000 ext. 12", Full, "442079460000", "12"},
		{"020 7946 0000x12", Full, "442079460000", "12"},
		{"020 7946 0000 Extension 12", Full, "442079460000", "12"},
		{"tel:+442079460000;ext=12", Full, "442079460000", "12"},
		{"tel:2079460000;phone-context=+44", Local, "2079460000", ""},
		{"sip:+442079460000@sip.example.com;user=phone", Full, "442079460000", ""},
		{"sip:1001@sip.example.com", Short, "1001", ""},
		{"sips:Front.Desk@Sip.Example.com?subject=x", ByName, "front.desk@sip.example.com", ""},
		{"Front.Desk", ByName, "front.desk", ""},
		{"front-desk-x12", ByName, "front-desk-x12", ""},
		{"٠٢٠ ٧٩٤٦ ٠٠٠٠", Full, "442079460000", ""},
		{"+44 20 7946\u00a00000", Full, "442079460000", ""},
		{"\u202a+44 20 7946 0000\u202c", Full, "442079460000", ""},
		{"+44\u201320\u20147946\u20110000", Full, "442079460000", ""},
		{"", Empty, "", ""},
		{"+", Empty, "", ""},
		{"( )", Empty, "", ""},
		{"1+1", ByName, "1+1", ""},
	} {
		got := Read(c.text, british)
		if got.Extension != c.ext || got.Form != c.form || got.Form != Empty && got.Digits != c.digits {
			t.Errorf("Read(%q) = %+v, want form %d, %s, extension %q", c.text, got, c.form, c.digits, c.ext)
		}
	}
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
		why  string
	}{
		{"+44 20 7946 0000", "020 7946 0000", true, "national form of the same number"},
		{"+44 20 7946 0000", "0044 20 7946 0000", true, "international prefix"},
		{"+44 20 7946 0000", "442079460000", true, "many servers leave the plus out"},
		{"+44 20 7946 0000", "7946 0000", true, "as dialled in town"},
		{"020 7946 0000", "2079460000", true, "some servers leave the trunk prefix out"},
		{"+44 20 7946 0000", "+1 20 7946 0000", false, "full numbers of two countries"},
		{"+44 20 7946 0000", "0161 946 0000", false, "another town"},
		{"+44 20 7946 0000", "946000", false, "too few digits to be the end of a number"},
		{"1001", "1001", true, "an extension"},
		{"101", "2101", false, "two extensions"},
		{"1001", "+44 20 7946 1001", false, "an extension is not the end of a number"},
		{"+44 20 7946 0000 ext 12", "+44 20 7946 0000 ext 13", false, "two desks"},
		{"+44 20 7946 0000 ext 12", "+44 20 7946 0000", true, "the caller shows the main number"},
		{"sip:front.desk@example.com", "Front.Desk", true, "the user at any host"},
		{"front.desk@example.com", "front.desk@example.org", false, "two hosts"},
		{"front.desk", "1001", false, "name and number"},
		{"*98", "98", false, "a service is no extension"},
		{"", "", false, "no number at all"},
	} {
		for _, plan := range []config.Numbering{british} {
			if got := Same(c.a, c.b, plan); got != c.same {
				t.Errorf("Same(%q, %q) = %t: %s", c.a, c.b, got, c.why)
			}
			if got := Same(c.b, c.a, plan); got != c.same {
				t.Errorf("Same(%q, %q) = %t: %s", c.b, c.a, got, c.why)
			}
		}
	}
}

func TestSameWithoutPlan(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"+44 20 7946 0000", "020 7946 0000", true},
		{"+44 20 7946 0000", "0460000", false}, // six digits behind the 0
		{"+1 202 555 0100", "(202) 555-0100", true},
		{"+1 202 555 0100", "12025550100", true},
		{"+1 202 555 0100", "+44 202 555 0100", false},
	} {
		if got := Same(c.a, c.b, config.Numbering{}); got != c.same {
			t.Errorf("Same(%q, %q) = %t", c.a, c.b, got)
		}
	}
}

func FuzzNumber(f *testing.F) {
	for _, seed := range []string{"+44 (0)20 7946 0000 ext. 12", "tel:+1;ext=1", "sip:a@b;x?y", "٠٢٠", "x", "+x1", ";ext="} {
		f.Add(seed, "020 7946 0000", "44", "0", "00")
	}
	f.Fuzz(func(t *testing.T, a, b, country, trunk, international string) {
		plan := config.Numbering{Country: country, Trunk: trunk, International: international}
		x, y := Read(a, plan), Read(b, plan)
		if Match(x, y, plan) != Match(y, x, plan) {
			t.Errorf("%q and %q match in one direction only", a, b)
		}
		if x.Form != Empty && Match(x, x, plan) == 0 {
			t.Errorf("%q is not itself: %+v", a, x)
		}
		if x.Form != ByName && x.Form != Empty && strings.Trim(x.Digits, "0123456789*#"+country) != "" {
			t.Errorf("%q has digits %q", a, x.Digits)
		}
		if Match(x, y, plan) > 0 && x.Form != ByName && x.Digits != y.Digits && x.Tail() != y.Tail() {
			t.Errorf("%q and %q match, but are not found under one key", a, b)
		}
	})
}
