package text

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// keys are the keys that keys.go declares, by name.
func keys(t *testing.T) map[string]Key {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "keys.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]Key{}
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			value, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			found[v.Names[0].Name] = Key(value)
		}
		return true
	})
	return found
}

func TestEveryKeyHasATextAndAValueOfItsOwn(t *testing.T) {
	names := map[Key]string{}
	for name, key := range keys(t) {
		if english[key] == "" {
			t.Errorf("%s has no text", name)
		}
		if twin := names[key]; twin != "" {
			t.Errorf("%s and %s are both %q", name, twin, key)
		}
		names[key] = name
	}
	for key := range english {
		if names[key] == "" {
			t.Errorf("the text of %q is nobody's", key)
		}
	}
}

// filled is what a text of a language becomes when every brace of it is filled with a letter and a count.
func filled(l Language, key Key, count int) string {
	var args []string
	for _, p := range placeholders(english[key]) {
		name := strings.Trim(p, "{}")
		args = append(args, name, map[bool]string{true: strconv.Itoa(count), false: "x"}[name == "count"])
	}
	return l.Say(key, args...)
}

func TestEverySentenceIsSaidWithoutBracesAndForms(t *testing.T) {
	for language, texts := range catalogue {
		for key := range texts {
			for _, count := range []int{0, 1, 2, 5, 11, 100, 1_000_000} {
				if got := filled(language, key, count); strings.TrimSpace(got) == "" || strings.ContainsAny(got, "{}|") {
					t.Errorf("%s, %q with %d: %q", language, key, count, got)
				}
			}
		}
	}
}

func TestASentenceSaysLaterWhatSaySaysAtOnce(t *testing.T) {
	for _, l := range Languages() {
		for _, args := range [][]string{nil, {"name", "Anna"}, {"name", "Anna", "code", "486"}, {"count", "3"}, {"name"}} {
			for key := range english {
				if got, want := l.Tell(Say(key, args...)), l.Say(key, args...); got != want {
					t.Fatalf("%s, %q: told %q, said %q", l, key, got, want)
				}
			}
		}
	}
}

func TestSentencesAreEqualWhenTheySayTheSame(t *testing.T) {
	all := []Sentence{{}, Say(Dial), Say(Hangup), Say(HeldFor, "time", "1"), Say(HeldFor, "time", "2"),
		Say(HeldFor, "time", "1", "name", "x")}
	for i, a := range all {
		for j, b := range all {
			if got := a.Equal(b); got != (i == j) {
				t.Errorf("%v, %v: equal %v", a, b, got)
			}
		}
		if a.Empty() != (i == 0) || (English.Tell(a) == "") != (i == 0) {
			t.Errorf("%v: empty %v, told %q", a, a.Empty(), English.Tell(a))
		}
	}
}

func TestWhatIsFilledInStaysAsItIs(t *testing.T) {
	names := []string{"{name}", "a|b", "$1", "<b>", "%s", "", "{time}{count}"}
	for _, name := range names {
		for _, said := range []string{English.Say(LiveIncoming, "name", name),
			English.Say(LiveIncoming, "name", name, "time", "9")} {
			if want := "Incoming call from " + name; said != want {
				t.Errorf("%q: said %q", name, said)
			}
		}
	}
}

// TestLongNamesPushNoWordsAway: a sentence shows the beginning and the end of what others have written into it.
func TestLongNamesPushNoWordsAway(t *testing.T) {
	for _, l := range Languages() {
		for _, letter := range []string{"w", "7", "ü", "م", "𐤀"} {
			for _, n := range []int{1, longest - 1, longest, longest + 1, 66, 500} {
				name := "A" + strings.Repeat(letter, max(0, n-2)) + strings.Repeat("Z", min(1, n-1))
				for _, said := range []string{l.Say(LiveIncoming, "name", name), l.Say(LiveIncoming, "name", name, "time", "9")} {
					letters := utf8.RuneCountInString(said) - utf8.RuneCountInString(l.Say(LiveIncoming, "name", "A")) + 1
					if letters > longest+2 || n <= longest && !strings.Contains(said, name) || !strings.Contains(said, "A") ||
						n > 1 && !strings.Contains(said, "Z") {
						t.Errorf("%s, %d letters: %q", l, n, said)
					}
				}
			}
		}
	}
}

// TestTwoLongNamesShareTheRoom: with a name and an address of usual length both are whole.
func TestTwoLongNamesShareTheRoom(t *testing.T) {
	long, address := strings.Repeat("w", 66), "front.desk@very-long-host-name.example.com"
	if said := English.Say(CauseMoved, "name", "Reception, building 2", "target", address); !strings.Contains(said,
		"building 2 has moved to "+address+".") {
		t.Errorf("%q", said)
	}
	if said := English.Say(Transferred, "name", long, "target", long); strings.Count(said, "w") > 2*shortest ||
		strings.Count(said, "…") != 2 {
		t.Errorf("%q", said)
	}
}

func TestIsolationIsTakenBackWhereItEnds(t *testing.T) {
	for _, l := range Languages() {
		for _, name := range []string{"Anna", "مرحبا", "שלום", "+44 20", "Anna مرحبا", "𐤀", "600"} {
			said := l.Say(LiveIncoming, "name", name)
			if strings.Count(said, "\u2068") != strings.Count(said, "\u2069") || !strings.Contains(said, name) {
				t.Errorf("%s, %q: %q", l, name, said)
			}
		}
	}
}

func TestDirectionIsThatOfTheScript(t *testing.T) {
	for _, l := range Languages() {
		rightToLeft := strings.ContainsFunc(l.Name(), func(r rune) bool { return r >= 0x590 && r <= 0x8ff })
		if got := l.Direction(); (got == "rtl") != rightToLeft || !slices.Contains([]string{"ltr", "rtl"}, got) {
			t.Errorf("%s: %q", l.Name(), got)
		}
	}
}

func TestChooseTakesEveryFormOfATag(t *testing.T) {
	for _, l := range Languages() {
		for _, tag := range []string{string(l), strings.ToUpper(string(l)), string(l) + "-XX", " " + string(l) + " ", string(l) +
			"-Latn-XX-x-private"} {
			if got := Choose("tlh", tag, "zz"); got != l {
				t.Errorf("%q: got %q, want %q", tag, got, l)
			}
		}
	}
}

func TestCountChoosesOnlyFromNumbers(t *testing.T) {
	for _, count := range []string{"", "x", "1.5", "-"} {
		if got, want := English.Say(CallsDeleted, "count", count),
			English.Say(CallsDeleted, "count", "7"); got != strings.Replace(want, "7", count, 1) {
			t.Errorf("%q: %q, want the form of many", count, got)
		}
	}
	if got := English.Say(CallsDeleted); !strings.Contains(got, "{count}") || strings.Contains(got, "|") {
		t.Errorf("without a count: %q", got)
	}
}
