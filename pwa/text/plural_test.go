package text

import (
	"strings"
	"testing"
)

func TestTextsAgreeWithTheirCount(t *testing.T) {
	for _, c := range []struct {
		language Language
		key      Key
		count    string
		want     string
	}{
		{English, ImportFound, "0", "0 contacts found in a.csv."},
		{English, ImportFound, "1", "1 contact found in a.csv."},
		{English, ImportDuplicates, "1", "1 of them seems to be in the contacts already."},
		{English, ImportDuplicates, "2", "2 of them seem to be in the contacts already."},
		{German, ImportFaults, "1", "1 Zeile ist nicht lesbar und wird ausgelassen."},
		{German, CallsDeleted, "2", "2 Anrufe gelöscht."},
		{German, Times, "2", "a.csv, 2-mal"}, // one form for all
		{Spanish, Times, "1", "a.csv, 1 vez"},
		{Spanish, CallsDeleted, "1000000", "1000000 llamadas eliminadas."},
		{Arabic, CallsDeleted, "1", "حُذفت مكالمة واحدة."},
		{Arabic, CallsDeleted, "2", "حُذفت مكالمتان."},
		{Arabic, CallsDeleted, "3", "حُذفت 3 مكالمات."},
		{Arabic, CallsDeleted, "11", "حُذفت 11 مكالمة."},
		{Arabic, ImportFaults, "99", "تعذّرت قراءة 99 سطرًا وستُترك."},
		{Arabic, ImportFaults, "102", "تعذّرت قراءة 102 سطر وستُترك."},
		{Arabic, ImportFaults, "103", "تعذّرت قراءة 103 أسطر وستُترك."},
	} {
		got := c.language.Say(c.key, "text", "a.csv", "file", "a.csv", "count", c.count)
		if got = strings.NewReplacer("\u2068", "", "\u2069", "").Replace(got); got != c.want {
			t.Errorf("%s, %s: got %q, want %q", c.language, c.count, got, c.want)
		}
	}
}

func TestCountedTextsHaveEveryForm(t *testing.T) {
	for language, texts := range catalogue {
		for key, text := range texts {
			forms := strings.Split(text, "|")
			if n := len(forms); n > 1 && n != len(counts[language]) {
				t.Errorf("%s: %q has %d forms, want one of each of %v", language, key, n, counts[language])
			}
			if len(forms) > 1 && !strings.Contains(text, "{count}") {
				t.Errorf("%s: %q has several forms and no {count} to choose by", language, key)
			}
		}
	}
}
