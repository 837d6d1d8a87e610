package wire

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
	"pgregory.net/rapid"
)

func showAddress(a Address) string {
	text, err := URIString(&a.URI)
	if err != nil {
		text = "cannot be written: " + err.Error()
	}
	var params []string
	for _, kv := range a.Params {
		params = append(params, kv.K+"="+kv.V)
	}
	return strings.TrimRight(fmt.Sprintf("%s|%s|%s", a.DisplayName, text, strings.Join(params, ";")), "|")
}

// TestAddressesAsTheyAreMeant reads what telephones, exchanges and people write into From, Contact and their like.
func TestAddressesAsTheyAreMeant(t *testing.T) {
	const bad = "bad"
	for _, c := range []struct{ value, want, why string }{
		{`"A. G. Bell" <sip:agb@bell.example>;tag=1`, "A. G. Bell|sip:agb@bell.example|tag=1", "RFC 3261 section 20.20"},
		{`Anonymous <sip:c8@privacy.org>;tag=1`, "Anonymous|sip:c8@privacy.org|tag=1", "tokens"},
		{`sip:+12125551212@server.example;tag=887s`, "|sip:+12125551212@server.example|tag=887s",
			"addr-spec: the parameters are the header's"},
		{`<sip:a@b;transport=ws>;x`, "|sip:a@b;transport=ws|x=", "in brackets they are the URI's"},
		{`<sip:a@b?Replaces=c%40d>`, "|sip:a@b?Replaces=c%40d", "headers"},
		{`<tel:+1-201-555-0123>`, "|tel:+1-201-555-0123", "tel"},
		{`<tel:+1 201 555-0123>;x=y`, "|tel:+1201555-0123|x=y", "tel with blanks"},
		{`tel:0123;phone-context=+1;tag=1;npdi;EXT="9"`, "|tel:0123;phone-context=+1;npdi;ext=9|tag=1",
			"what belongs to a number"},
		{`tel:0123;q=0.5;expires=9`, "|tel:0123|q=0.5;expires=9", "and what does not"},
		{`<tel:0123>;ext=9`, "|tel:0123|ext=9", "in brackets it is the header's"},
		{`  "x"   < sip:a@b >  ; tag = 1 `, "x|sip:a@b|tag=1", "white space everywhere"},
		{`<sip:a@b>;;tag=1;`, "|sip:a@b|tag=1", "semicolons with nothing between"},
		{`<sip:a@b:>;tag=1`, "|sip:a@b|tag=1", "an empty port"},
		{`<sip:a@b;;lr;>`, "|sip:a@b;lr", "the same inside the URI"},
		{`<sip:@b>`, "|sip:b", "no user"},
		{`<sip:Call Center@b>`, "|sip:Call%20Center@b", "a blank in the user part"},
		{`<sip:+1 (202) 555-0191@b>`, "|sip:+1%20(202)%20555-0191@b", "a number for people"},
		{`<sip:a@b@c>`, "|sip:a%40b@c", "two @"},
		{`<sip:a"b@c>`, "|sip:a%22b@c", "a quote in the user part"},
		{`<sip:100%@b>`, "|sip:100%25@b", "a percent sign alone"},
		{`<sip:a@b;x y=1;lr>`, "|sip:a@b;lr", "a parameter that cannot be read is left out"},
		{`<sip:a@b?x&y=1>`, "|sip:a@b?y=1", "a header too"},
		{`Müller, Anna <sip:a@b>;tag=1`, "Müller, Anna|sip:a@b|tag=1", "a comma without quotes"},
		{`"Anna <sip:a@b>;tag=1`, "Anna|sip:a@b|tag=1", "a quote that is not closed"},
		{`Anna" <sip:a@b>;tag=1`, "Anna|sip:a@b|tag=1", "or not opened"},
		{`"A" B "C" <sip:a@b>`, `A" B "C|sip:a@b`, "quotes inside"},
		{`<b> <sip:a@b>`, "<b>|sip:a@b", "brackets in the name"},
		{`Anna <sip:a@b`, "Anna|sip:a@b", "a bracket that is not closed"},
		{`<sip:a@b;tag=1`, "|sip:a@b|tag=1", "nor here, and the tag is the header's"},
		{`sip:Call Center@b;tag=1`, "|sip:Call%20Center@b|tag=1", "no brackets"},
		{`sip:+1202;npdi@b;tag=1`, "|sip:+1202;npdi@b|tag=1", "no brackets around a user part with parameters"},
		{`<sip:a@b>;tag=1;x="y`, "|sip:a@b|tag=1", "a quote in a parameter that is not closed"},
		{`<sip:a@b>;=;tag=1;x=;y`, "|sip:a@b|tag=1;y=", "parameters without name or value"},
		{`<sip:a@b> junk ;tag=1`, "|sip:a@b|", "junk behind the bracket"},
		{`<SIP:a@B>`, "|sip:a@B", "a scheme in capitals"},
		{`<sip:a@[2001:db8::1]:5060>`, "|sip:a@[2001:db8::1]:5060", "IPv6"},
		{`<sip:a@[2001:db8::g]>`, bad, "no IPv6"},
		{`<sip:a@b:99999>`, bad, "a port that is none"},
		{`<sip:a@b:x>`, bad, "nor that"},
		{`<sip:a@>`, bad, "no host"},
		{`<sip:>`, bad, "nothing at all"},
		{`<>`, bad, "empty brackets"},
		{``, bad, "nothing"},
		{`Anna`, bad, "a name alone"},
		{`<a@b>`, bad, "no scheme"},
		{`sip:a@b?x=1`, bad, "a question mark without brackets (RFC 3261 section 20)"},
	} {
		a, err := ParseAddress(c.value)
		got := bad
		if err == nil {
			got = strings.TrimRight(showAddress(a), "|")
		}
		if got != strings.TrimRight(c.want, "|") {
			t.Errorf("%s: %q is read as %q (%v), want %q", c.why, c.value, got, err, c.want)
		}
	}
}

// TestPartiesAlwaysHaveTheirTag: of From and To a user agent needs nothing else.
func TestPartiesAlwaysHaveTheirTag(t *testing.T) {
	for _, c := range []struct {
		value, tag, shown string
		exact             bool
	}{
		{`<sip:a@b>;tag=x`, "x", "|sip:a@b|tag=x", true},
		{`<sip:a@b>`, "", "|sip:a@b", true},
		{`<;tag=x`, "x", "|sip:unreadable.invalid|tag=x", false},
		{`;tag=x`, "x", "|sip:unreadable.invalid|tag=x", false},
		{`Anna <>;tag=x`, "x", "Anna|sip:unreadable.invalid|tag=x", false},
		{`"Anna;tag=x`, "x", "Anna|sip:unreadable.invalid|tag=x", false},
		{`"Anna <sip:a@b>;tag=x`, "x", "Anna|sip:a@b|tag=x", false},
		{`<sip:a@b;tag=x`, "x", "|sip:a@b|tag=x", false},
		{`<sip:a@b:99999>;TAG = x;y`, "x", "|sip:unreadable.invalid|tag=x", false},
		{`<sip:a@b>;x="y;tag=x`, "x", "|sip:a@b|tag=x", false},
		{`sip:a@b:x;tag=x`, "x", "|sip:unreadable.invalid|tag=x", false},
		{``, "", "|sip:unreadable.invalid", false},
		{`;tag=`, "", "|sip:unreadable.invalid", false},
	} {
		a, exact := party(c.value)
		tag, _ := Param(a.Params, "tag")
		if tag != c.tag || exact != c.exact || showAddress(a) != c.shown {
			t.Errorf("%q: tag %q, exact %v, %s; want %q, %v, %s", c.value, tag, exact, showAddress(a), c.tag, c.exact, c.shown)
		}
		if unreadable(a.URI) != strings.Contains(c.shown, "unreadable") {
			t.Errorf("%q: unreadable is %v", c.value, unreadable(a.URI))
		}
	}
}

// TestTagSurvivesAnything: whatever stands before it.
func TestTagSurvivesAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := strings.ReplaceAll(rapid.StringMatching(`[ -~]{0,40}`).Draw(t, "before"), ";", "")
		a, _ := party(before + ";tag=abc123")
		if tag, _ := Param(a.Params, "tag"); tag != "abc123" {
			t.Fatalf("%q: tag %q", before, tag)
		}
		if _, err := URIString(&a.URI); err != nil {
			t.Fatalf("%q: a URI that cannot be written: %v", before, err)
		}
	})
}

func TestSplitList(t *testing.T) {
	for _, c := range []struct {
		value string
		want  []string
		why   string
	}{
		{"", nil, "nothing"},
		{" a ", []string{"a"}, "one"},
		{"a,b , c", []string{"a", "b", "c"}, "three"},
		{",,a,, ,b,", []string{"a", "b"}, "empty members"},
		{`"a,b" <sip:c>,d`, []string{`"a,b" <sip:c>`, "d"}, "a comma in quotes"},
		{`"a\",b",c`, []string{`"a\",b"`, "c"}, "an escaped quote"},
		{"<sip:a,b>,c", []string{"<sip:a,b>", "c"}, "a comma in brackets"},
		{`"a <sip:b>,<sip:c>`, []string{`"a <sip:b>`, "<sip:c>"}, "a quote that is not closed costs one member"},
		{`<sip:b>;x="y, <sip:c>`, []string{`<sip:b>;x="y`, "<sip:c>"}, "also in a parameter"},
		{"<sip:b;x=1, <sip:c>,<sip:d>", []string{"<sip:b;x=1", "<sip:c>", "<sip:d>"},
			"a bracket that is not closed costs one member"},
		{"<sip:b, c", []string{"<sip:b", "c"}, "also where nothing else opens"},
		{"<a,b<c,d", []string{"<a", "b<c", "d"}, "and twice"},
		{"a>,b", []string{"a>", "b"}, "a bracket that was not opened"},
	} {
		if got := splitList(c.value); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q splits into %q, want %q", c.why, c.value, got, c.want)
		}
	}
}

// TestBadMemberCostsThatMember puts junk between members that can be read, in each header that is a list: these stay.
func TestBadMemberCostsThatMember(t *testing.T) {
	lists := map[string]string{"Contact": "<sip:good%d@h>", "Path": "<sip:good%d@h;lr>", "P-Asserted-Identity": "<sip:good%d@h>",
		"Diversion": "<sip:good%d@h>;counter=1", "Reason": "good%d;cause=200", "Accept": "good%d/x",
		"Alert-Info": "<http://good%d>", "Supported": "good%d"}
	junk := []string{"<>", "<sip:x:99999>", "<sip:", ";", "\"", "<sip:a@[1>", "\x7f", "<sip:front desk@h:x>", "=", "a b c:d",
		"(", "\\", "<<", "<sip:a@b:0>;tag=\"x"}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(slices.Sorted(keys(lists))).Draw(t, "header")
		var members []string
		good := 0
		for range rapid.IntRange(1, 6).Draw(t, "members") {
			if rapid.Bool().Draw(t, "good") {
				members = append(members, fmt.Sprintf(lists[name], good))
				good++
				continue
			}
			bad := rapid.SampledFrom(junk).Draw(t, "junk")
			// a second quote would close the first, and hide what is between
			if strings.Contains(strings.Join(members, ""), `"`) {
				bad = strings.ReplaceAll(bad, `"`, "")
			}
			members = append(members, bad)
		}
		var lines []string
		if rapid.Bool().Draw(t, "one line each") {
			for _, m := range members {
				lines = append(lines, name+": "+m)
			}
		} else {
			lines = []string{name + ": " + strings.Join(members, ", ")}
		}
		msg, _ := Parse(invite(lines...))
		got, _ := readers[name](msg)
		for i := range good {
			if !strings.Contains(strings.ToLower(got), fmt.Sprint("good", i)) {
				t.Fatalf("%q: read %s, without the good member %d", lines, got, i)
			}
		}
	})
}

func keys[V any](m map[string]V) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// TestWhatIsWellFormedIsExact: good will changes nothing that the grammar allows.
func TestWhatIsWellFormedIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Address{DisplayName: rapid.StringMatching(`[a-zA-Z ,;<>"\\]{0,12}`).Draw(t, "name"),
			URI: sip.Uri{Scheme: rapid.SampledFrom([]string{"sip", "sips"}).Draw(t, "scheme"),
				User: rapid.StringMatching(`[a-z0-9+;,?/&=$._-]{0,12}`).Draw(t, "user"),
				Host: rapid.SampledFrom([]string{"h", "example.com", "[2001:db8::1]", "192.0.2.1"}).Draw(t, "host"),
				Port: rapid.IntRange(0, 65535).Draw(t, "port")}}
		if rapid.Bool().Draw(t, "tagged") {
			want.Params = sip.HeaderParams{{K: "tag", V: rapid.StringMatching(`[a-z0-9.%]{1,8}`).Draw(t, "tag")}}
		}
		w := writer{}
		w.address(want.DisplayName, &want.URI, want.Params)
		if w.err != nil {
			t.Fatal(w.err)
		}
		a, exact := party(w.b.String())
		if !exact {
			t.Fatalf("%s is not taken as it is", w.b.String())
		}
		if a.DisplayName != want.DisplayName || a.URI.User != want.URI.User || a.URI.Host != want.URI.Host ||
			a.URI.Port != want.URI.Port || len(a.Params) != len(want.Params) {
			t.Fatalf("%s is read as %+v", w.b.String(), a)
		}
	})
}

// TestMendedURIsCanBeWritten: what was put right is right.
func TestMendedURIsCanBeWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := "sip:" + rapid.StringMatching(`[ -~]{0,20}`).Draw(t, "user") + "@" +
			rapid.StringMatching(`[a-z0-9.:;=? -]{1,20}`).Draw(t, "rest")
		u, err := mendURI(text)
		if err != nil {
			return
		}
		out, err := URIString(&u)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		again, err := ParseURI(out)
		if err != nil {
			t.Fatalf("%q became %q, which cannot be read: %v", text, out, err)
		}
		if second, _ := URIString(&again); second != out {
			t.Fatalf("%q became %q, then %q", text, out, second)
		}
	})
}

func TestParams(t *testing.T) {
	for value, want := range map[string]string{
		"":                          "",
		";a":                        "a=",
		";A=1;B = 2 ; c":            "a=1;b=2;c=",
		";;a=1;;;b=2;":              "a=1;b=2",
		`;a="x;y,z";b`:              `a="x;y,z";b=`,
		`;a="x;b=1`:                 "",
		";=1;b=2":                   "b=2",
		";a=;b=2":                   "b=2",
		";a=1 junk;b=2":             "a=1;b=2",
		`;a b="x;y";c`:              "a=;c=",
		";(=1;b":                    "b=",
		";a=<1>;b":                  "b=",
		"; received=[2001:db8::1] ": "received=[2001:db8::1]",
	} {
		p := scanner{s: value}
		var got []string
		for _, kv := range p.params() {
			got = append(got, kv.K+"="+kv.V)
		}
		if s := strings.Join(got, ";"); s != want || !p.done() {
			t.Errorf("%q: %s, done %v, want %s", value, s, p.done(), want)
		}
	}
}

// TestParamsStopAtTheComma: a parameter that cannot be read costs nothing of the next member.
func TestParamsStopAtTheComma(t *testing.T) {
	for _, value := range []string{";a,b", ";a=,b", ";a=(1,b", ";a=1 x y,b", ";,b"} {
		p := scanner{s: value}
		p.params()
		if !p.take(',') || p.s[p.i:] != "b" {
			t.Errorf("%q: left %q", value, p.s[p.i:])
		}
	}
}

func TestURIsAsTheyAreMeant(t *testing.T) {
	const bad = "bad"
	for _, c := range []struct{ text, want, why string }{
		{"sip:a@b", "sip:a@b", "plain"},
		{"sip:a@b:5060;lr?x=1", "sip:a@b:5060;lr?x=1", "all there is"},
		{"sip:a:p@b", "sip:a:p@b", "a password"},
		{"sip:a@b:;;lr", "sip:a@b;lr", "empty port, empty parameter"},
		{"sip:b:5060", "sip:b:5060", "no user"},
		{"sip:%61@b", "sip:%61@b", "an escape stays"},
		{"sip:a@b:0", bad, "port zero"},
		{"sip:a@b:65536", bad, "a port above all"},
		{"sip:a b@c", bad, "a blank, which Parse takes in a header but not in a request line"},
		{"sip:@b", bad, "no user before the @"},
		{"sip:a@b c", bad, "a blank behind"},
		{"sip:a@b;=x", bad, "a parameter without name"},
		{"sip:a%4@b", bad, "half an escape"},
		{"1sip:a@b", bad, "no scheme"},
		{"a@b", bad, "nor here"},
		{"", bad, "nothing"},
		{"mailto:a@b", "mailto:a@b", "another scheme"},
		{"http://x/\"", bad, "a quote in it"},
	} {
		u, err := ParseURI(c.text)
		got := bad
		if err == nil {
			got, err = URIString(&u)
		}
		if got != c.want || err != nil && c.want != bad {
			t.Errorf("%s: %q is read as %q, %v, want %q", c.why, c.text, got, err, c.want)
		}
	}
}

func TestUnescape(t *testing.T) {
	for in, want := range map[string]string{"": "", "a": "a", "%41b": "Ab", "%c3%BC": "ü", "%": "%", "%4": "%4", "%zz": "%zz",
		"100%25": "100%", "%2541": "%41"} {
		if got := Unescape(in); got != want {
			t.Errorf("Unescape(%q) = %q, want %q", in, got, want)
		}
	}
}
