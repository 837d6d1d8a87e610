package text

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

var placeholder = regexp.MustCompile(`\{[a-z]*\}`)

func placeholders(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestEveryLanguageHasEveryText(t *testing.T) {
	for language, texts := range catalogue {
		for key, original := range english {
			text, ok := texts[key]
			if !ok || strings.TrimSpace(text) == "" {
				t.Errorf("%s: no text for %q", language, key)
				continue
			}
			if got, want := placeholders(text), placeholders(original); !slices.Equal(got, want) {
				t.Errorf("%s: %q has %v, want %v as in English", language, key, got, want)
			}
		}
		for key := range texts {
			if _, ok := english[key]; !ok {
				t.Errorf("%s: %q is not in English", language, key)
			}
		}
	}
}

func TestTranslationsAreTranslated(t *testing.T) {
	for _, language := range []Language{German, Spanish, Arabic} {
		same := 0
		for key, text := range catalogue[language] {
			if text == english[key] {
				same++
			}
		}
		if same > len(english)/10 {
			t.Errorf("%s: %d of %d texts are those of English", language, same, len(english))
		}
	}
}

func TestLanguagesAreAllOffered(t *testing.T) {
	if got, want := len(Languages()), len(catalogue); got != want {
		t.Errorf("%d languages are offered, want %d", got, want)
	}
	for _, l := range Languages() {
		if catalogue[l] == nil || l.Name() == "" {
			t.Errorf("%q is offered and has no texts or no name", l)
		}
	}
}

func TestSayFillsBraces(t *testing.T) {
	if got, want := English.Say(HeldFor, "time", "00:23"), "Held for 00:23"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Language("xx").Say(Dial); got != "Dial" {
		t.Errorf("got %q, want English where there is no such language", got)
	}
	if got, want := English.Say(LiveIncoming, "name", "{name} {x}"), "Incoming call from {name} {x}"; got != want {
		t.Errorf("got %q, want %q: what is filled in is not filled again", got, want)
	}
}

func TestChooseLanguage(t *testing.T) {
	for _, test := range []struct {
		wanted []string
		want   Language
	}{
		{nil, English},
		{[]string{"fr-FR", "de-AT", "en"}, German},
		{[]string{"", "AR"}, Arabic},
		{[]string{"tlh"}, English},
	} {
		if got := Choose(test.wanted...); got != test.want {
			t.Errorf("%v: got %q, want %q", test.wanted, got, test.want)
		}
	}
}

func TestNamesOfTheOtherDirectionAreIsolated(t *testing.T) {
	for _, c := range []struct {
		language   Language
		name, want string
	}{
		{English, "Ann +44", "Ann +44"},
		{English, "\u0645\u0631\u062d\u0628\u0627", "\u2068\u0645\u0631\u062d\u0628\u0627\u2069"},
		{Arabic, "600", "600"},
		{Arabic, "+44", "\u2068+44\u2069"},
		{Arabic, "Ann", "\u2068Ann\u2069"},
		{Arabic, "0900 555 0123", "\u20680900 555 0123\u2069"},
		{Arabic, "(030) 5550", "\u2068(030) 5550\u2069"},
		{Arabic, "1003", "1003"},
		{English, "0900 555 0123", "0900 555 0123"},
	} {
		if got := c.language.Say(LiveTransferred, "name", c.name); !strings.Contains(got, c.want) ||
			strings.Contains(got, "\u2068") != strings.Contains(c.want, "\u2068") {
			t.Errorf("%s, %q: %q, want %q in it", c.language, c.name, got, c.want)
		}
	}
}
