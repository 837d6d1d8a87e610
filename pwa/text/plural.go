package text

import (
	"slices"
	"strconv"
	"strings"
)

// counts are the plural forms of a language in the order in which a text of the catalogue has them, with "|" between
// them. A form that is not among them, as Spanish has for millions, is said as the last one.
var counts = map[Language][]string{
	English: {"one", "other"}, German: {"one", "other"}, Spanish: {"one", "other"},
	Arabic: {"zero", "one", "two", "few", "many", "other"},
}

// PluralForm names the form in which a language of the catalogue counts n things, as CLDR does: "one", "few", "other".
// A page puts the rules of its browser here before anything is said; they say the same.
var PluralForm = pluralForm

func pluralForm(l Language, n int) string {
	switch {
	case n == 0 && l == Arabic:
		return "zero"
	case n == 1:
		return "one"
	case n == 2 && l == Arabic:
		return "two"
	case l == Arabic && n%100 >= 3 && n%100 <= 10:
		return "few"
	case l == Arabic && n%100 >= 11, l == Spanish && n != 0 && n%1_000_000 == 0:
		return "many"
	}
	return "other"
}

// counted is the form of a text that goes with its count, where it has several.
func (l Language) counted(text string, args []string) string {
	forms := strings.Split(text, "|")
	if len(forms) == 1 || counts[l] == nil {
		return forms[len(forms)-1]
	}
	at := -1
	if i := slices.Index(args, "count"); i >= 0 && i+1 < len(args) {
		if n, err := strconv.Atoi(args[i+1]); err == nil {
			at = slices.Index(counts[l], PluralForm(l, n))
		}
	}
	if at < 0 || at >= len(forms) {
		at = len(forms) - 1
	}
	return forms[at]
}
