package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Language is a language of the catalogue, as in the lang attribute: "en".
type Language string

const (
	English Language = "en"
	German  Language = "de"
	Spanish Language = "es"
	Arabic  Language = "ar"
)

// Languages lists the languages of the catalogue.
func Languages() []Language { return []Language{English, German, Spanish, Arabic} }

// Name is what speakers of the language call it.
func (l Language) Name() string {
	return map[Language]string{English: "English", German: "Deutsch", Spanish: "Español", Arabic: "العربية"}[l]
}

var catalogue = map[Language]map[Key]string{English: english, German: german, Spanish: spanish, Arabic: arabic}

// Direction is the value for the dir attribute.
func (l Language) Direction() string {
	if l == Arabic {
		return "rtl"
	}
	return "ltr"
}

// Choose takes the first of the user's languages ("de-AT", "en") that the catalogue has, else English.
func Choose(wanted ...string) Language {
	for _, tag := range wanted {
		base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		if _, ok := catalogue[Language(base)]; ok {
			return Language(base)
		}
	}
	return English
}

// Sentence is a text that has not been said yet: it can be kept and said in any language.
type Sentence struct {
	Key  Key
	Args []string // name, value, name, value; the value of Why is the key of a sentence with the same arguments
}

// Why names the argument of a sentence that begins with another one.
const Why = "why"

// Say is the sentence of a key, with what its braces are filled with: Say(HeldFor, "time", "00:23").
func Say(key Key, args ...string) Sentence { return Sentence{Key: key, Args: args} }

// Empty tells whether there is nothing to say.
func (s Sentence) Empty() bool { return s.Key == "" }

// Equal tells whether two sentences say the same.
func (s Sentence) Equal(t Sentence) bool { return s.Key == t.Key && slices.Equal(s.Args, t.Args) }

// Say returns the text of a key with its braces filled: Say(HeldFor, "time", "00:23"). Of several forms "count" chooses.
func (l Language) Say(key Key, args ...string) string {
	text, ok := catalogue[l][key]
	if !ok {
		text = english[key]
	}
	text = l.counted(text, args)
	if len(args) == 0 {
		return text
	}
	if len(args) == 2 { // a Replacer makes a table of 2 kB, and a list says this with every row
		return strings.ReplaceAll(text, "{"+args[0]+"}", l.isolated(shortened(args[0], args[1], longest)))
	}
	pairs, room := make([]string, 0, len(args)), roomFor(args)
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, "{"+args[i]+"}", l.isolated(shortened(args[i], args[i+1], room)))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// isolated keeps a name or number that runs in the other direction from taking the words beside it along: in a sentence
// there is no element that could do that (Unicode Bidirectional Algorithm, FSI and PDI). The groups of a number with blanks
// would change places: another number.
func (l Language) isolated(value string) string {
	turns := func(r rune) bool {
		if l.Direction() == "rtl" {
			return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("+*#-:./@", r)
		}
		return r >= 0x590 && r <= 0x8ff || r >= 0xfb1d && r <= 0xfdff || r >= 0xfe70 && r <= 0xfefc || r >= 0x10800 &&
			r <= 0x10fff || r >= 0x1e800 && r <= 0x1efff
	}
	number := l.Direction() == "rtl" && strings.Contains(value, " ") && strings.Trim(value, "0123456789 ()") == ""
	if !number && !strings.ContainsFunc(value, turns) {
		return value
	}
	return "\u2068" + value + "\u2069"
}

// How many letters a sentence takes of a name or number, and of each where several are too long together: who writes more into
// it may not push its words off the screen.
const (
	longest  = 48
	together = 72
	shortest = 30
)

func roomFor(args []string) int {
	sum := 0
	for i := 1; i < len(args); i += 2 {
		if byOthers(args[i-1]) {
			sum += min(longest, utf8.RuneCountInString(args[i]))
		}
	}
	if sum > together {
		return shortest
	}
	return longest
}

// byOthers tells which braces are filled with what others write. The rest are words, counts, and sentences.
func byOthers(name string) bool {
	switch name {
	case "name", "target", "number", "server", "file", "brand":
		return true
	}
	return false
}

// shortened leaves out the middle of what others have written too long: an address says at its end where it leads.
func shortened(name, value string, room int) string {
	if len(value) <= room || !byOthers(name) {
		return value
	}
	letters := []rune(value)
	if len(letters) <= room {
		return value
	}
	end := room / 3
	return string(letters[:room-end-1]) + "…" + string(letters[len(letters)-end:])
}

// Tell says a sentence.
func (l Language) Tell(s Sentence) string {
	if s.Empty() {
		return ""
	}
	args := slices.Clone(s.Args)
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == Why {
			args[i+1] = l.Say(Key(args[i+1]), s.Args...)
		}
	}
	return l.Say(s.Key, args...)
}
