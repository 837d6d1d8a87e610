package number

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pwa/config"
)

// TestMatchCountsWhatAgrees gives each pair its score, in both directions.
func TestMatchCountsWhatAgrees(t *testing.T) {
	american := config.Numbering{Trunk: "1", International: "011"}
	digits := func(n int) string { return strings.Repeat("5", n) }
	for _, c := range []struct {
		a, b string
		plan config.Numbering
		want int
		why  string
	}{
		{"+442079460000", "00442079460000", british, sureMatch + 12, "the same in full"},
		{"+442079460000", "02079460000", british, sureMatch + 12, "the same by the plan"},
		{"+442079460000", "02079460000", config.Numbering{}, 10, "the end, without the trunk prefix"},
		{"02079460000", "2079460000", config.Numbering{}, 10, "two as dialled, one without its trunk prefix"},
		{"02079460000", "79460000", config.Numbering{}, 8, "as dialled, from afar and in town"},
		{"2079460000", "79460001", config.Numbering{}, 0, "another end"},
		{"12025550100", "2025550100", american, 10, "the trunk prefix is what the plan says"},
		{"02025550100", "2025550100", american, 10, "and anything else in front is a longer number's"},
		{"0555555", "0555555", config.Numbering{}, sureMatch + 7, "equal ones need no length"},
		{"555555", "+1" + digits(6), config.Numbering{}, 0, "six digits are an extension"},
		{"0" + digits(6), "+1" + digits(6), config.Numbering{}, 0, "six digits behind a trunk prefix end no number"},
		{digits(7), "+1" + digits(7), config.Numbering{}, 7, "seven do"},
		{"+" + digits(16), digits(7), config.Numbering{}, 7, "behind nine other digits"},
		{"+" + digits(17), digits(7), config.Numbering{}, 0, "behind ten no longer"},
		{"1001", "1001", british, sureMatch + 4, "extensions"},
		{"1001", "41001", british, 0, "two extensions"},
		{"*5555555", "5555555", british, 0, "a service"},
		{"*5555555", "+445555555", british, 0, "a service and a full number"},
		{"02079460000 x12", "+442079460000 x12", british, sureMatch + 12 + 2, "with the same desk"},
		{"02079460000,,12", "+442079460000;12", british, sureMatch + 12 + 2, "reached by another pause"},
		{"02079460000 x12", "+442079460000 x13", british, 0, "another desk"},
		{"02079460000 x12", "+442079460000", british, sureMatch + 12, "no desk known"},
		{"x 1001 x5", "1001 x5", british, 0, "a name of numbers"},
		{"ann@a.example", "ANN@a.example", british, sureMatch + 13, "an address in full"},
		{"ann@a.example", "ann", british, 3, "the user at any host"},
		{"ann@a.example", "ann@b.example", british, 0, "two hosts"},
		{"ann@a.example", "ben", british, 0, "two users"},
		{"ann", "ben", british, 0, "two users at any host"},
		{"ann", "ann", british, sureMatch + 3, "a user"},
		{"ann", "1001", british, 0, "a name and an extension"},
		{"", "", british, 0, "nobody"},
		{"", "1001", british, 0, "nobody and somebody"},
		{"+", "ann", british, 0, "nobody and a name"},
	} {
		a, b := Read(c.a, c.plan), Read(c.b, c.plan)
		if got := Match(a, b, c.plan); got != c.want {
			t.Errorf("%q and %q: %d, want %d: %s", c.a, c.b, got, c.want, c.why)
		}
		if got := Match(b, a, c.plan); got != c.want {
			t.Errorf("%q and %q: %d, want %d: %s", c.b, c.a, got, c.want, c.why)
		}
		if c.want > 0 && a.Tail() != b.Tail() {
			t.Errorf("%q is kept under %q, %q under %q: they would not find each other", c.a, a.Tail(), c.b, b.Tail())
		}
	}
}

func TestTail(t *testing.T) {
	for text, want := range map[string]string{
		"1": "1", "123456": "123456", "1234567": "1234567", "12345678": "2345678", "+442079460000": "9460000", "*98": "*98",
		"ann": "@ann", "Ann@example.com": "@ann", "1001@example.com": "@1001", "sip:1001@example.com": "1001", "": "",
	} {
		if got := Read(text, british).Tail(); got != want {
			t.Errorf("%q has the tail %q, want %q", text, got, want)
		}
	}
}

// TestFormFollowsFromPlan looks at what lies around the lengths from which digits are no extension.
func TestFormFollowsFromPlan(t *testing.T) {
	for _, c := range []struct {
		text string
		plan config.Numbering
		want Number
	}{
		{"001234567", british, Number{Form: Full, Digits: "1234567"}},
		{"00123456", british, Number{Form: Full, Digits: "440123456"}}, // too short to be one from abroad
		{"0012345", british, Number{Form: Full, Digits: "44012345"}},
		{"001234", british, Number{Form: Short, Digits: "001234"}},
		{"0123456", british, Number{Form: Full, Digits: "44123456"}},
		{"012345", british, Number{Form: Short, Digits: "012345"}},
		{"1234567", british, Number{Form: Local, Digits: "1234567"}},
		{"123456", british, Number{Form: Short, Digits: "123456"}},
		{"02079460000", config.Numbering{Trunk: "0"}, Number{Form: Local, Digits: "02079460000"}},
		{"02079460000", config.Numbering{Country: "44"}, Number{Form: Local, Digits: "02079460000"}},
		{"0044123456789", config.Numbering{Country: "44", Trunk: "0"}, Number{Form: Full, Digits: "44044123456789"}},
		{"0044123456789", config.Numbering{International: "00"}, Number{Form: Full, Digits: "44123456789"}},
		{"0044123#", british, Number{Form: Short, Digits: "0044123#"}},
		{"+*98", british, Number{Form: Full, Digits: "*98"}},
		{"+123", british, Number{Form: Full, Digits: "123"}},
	} {
		if got := Read(c.text, c.plan); got != c.want {
			t.Errorf("%q with %+v is %+v, want %+v", c.text, c.plan, got, c.want)
		}
	}
}

// TestSchemesAreReadAsTheyAreWritten takes apart what only nearly is a URI.
func TestSchemesAreReadAsTheyAreWritten(t *testing.T) {
	for _, c := range []struct{ text, call, after string }{
		{"callto:1002?call", "1002", ""},
		{"tel:1002?x=%zz", "1002", ""},
		{"tel:1002%zz", "1002%zz", ""}, // not to be unescaped: it is left to the server
		{"sip:%31%30%30%32@example.com", "sip:%31%30%30%32@example.com", ""},
		{"sip:example.com", "sip:example.com", ""},
		{"SIP:1002@example.com", "sip:1002@example.com", ""},
		{"100x5", "100", "5"}, {"10x5", "10x5", ""}, {"+100x5", "+100", "5"}, {"+10x5", "+10x5", ""},
		{"http:1002", "http:1002", ""},
		{"1002?x", "1002?x", ""},
	} {
		call, after, err := Dial(c.text)
		if call != c.call || after != c.after || err != nil {
			t.Errorf("%q calls %q and keys %q, %v; want %q and %q", c.text, call, after, err, c.call, c.after)
		}
	}
	for text, want := range map[string]Number{
		"sip:%31%30%30%32@example.com": {Form: Short, Digits: "1002"},
		"sip:10%zz@example.com":        {Form: ByName, Digits: "10%zz@example.com"},
		"sip:1002":                     {Form: Short, Digits: "1002"},
		"sip:Ann;transport=ws":         {Form: ByName, Digits: "ann"},
	} {
		if got := Read(text, british); got != want {
			t.Errorf("%q is %+v, want %+v", text, got, want)
		}
	}
}

// TestMatchOfAnyTwo compares numbers by chance: what matches is found under one key, and no order changes it.
func TestMatchOfAnyTwo(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 107))
	matched := 0
	for range 30000 {
		text, _, _, plan := written(rnd)
		other, _, _, _ := written(rnd)
		if rnd.IntN(2) == 0 { // the same, with something cut off in front
			digits, _ := Digits(Read(text, plan).String())
			other = digits[rnd.IntN(len(digits)):]
		}
		a, b := Read(text, plan), Read(other, plan)
		score := Match(a, b, plan)
		if score != Match(b, a, plan) {
			t.Fatalf("with %+v %q and %q match in one direction", plan, text, other)
		}
		if score == 0 {
			continue
		}
		if matched++; a.Tail() != b.Tail() || a.Form == Short && a.Digits != b.Digits {
			t.Fatalf("with %+v %+v and %+v match by %d", plan, a, b, score)
		}
	}
	if matched < 2000 {
		t.Errorf("%d pairs match: too few to show anything", matched)
	}
}
