package contacts

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pwa/number"
)

// person is somebody in a file: how he is called, his numbers, and the line or row where he stands.
type person struct {
	name    string
	numbers []string
	at      int
}

// peopleByChance gives each person numbers that nobody else has, in some of the ways in which they are written: few, none, more
// than a contact can hold, or longer ones.
func peopleByChance(rnd *rand.Rand) []person {
	people := make([]person, 1+rnd.IntN(6))
	next := 1000 + rnd.IntN(8000)
	for i := range people {
		people[i].name = strings.TrimSpace(texts[rnd.IntN(len(texts))] + fmt.Sprint(" ", i))
		for range []int{0, 1, 1, 2, 3, MaxNumbers, MaxNumbers + 1, 2 * MaxNumbers}[rnd.IntN(8)] {
			next++
			form := []string{"+44 20 7946 %d", "020 7946 %d", "0044 (0)20 7946-%d", "+44207946%d ext. 12", "+44207946%d,,7#",
				"%d",
				"sip:desk%d@example.com"}[rnd.IntN(7)]
			people[i].numbers = append(people[i].numbers, fmt.Sprintf(form, next))
		}
		if rnd.IntN(5) == 0 {
			next++
			long := fmt.Sprintf("sip:desk%d@%s.example.com", next, strings.Repeat("long.", 30))
			people[i].numbers = append(people[i].numbers, long)
		}
	}
	return people
}

// forms write people as files of all kinds, and tell each where he stands.
var forms = map[string]func(rnd *rand.Rand, people []person) []byte{
	"table": func(rnd *rand.Rand, people []person) []byte {
		most := 1
		for _, p := range people {
			most = max(most, len(p.numbers))
		}
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Comma = []rune(",;\t|")[rnd.IntN(4)]
		head := []string{"Name"}
		for i := range most {
			head = append(head, fmt.Sprint("Phone ", i+1))
		}
		w.Write(head)
		for i := range people {
			w.Flush()
			people[i].at = 1 + strings.Count(b.String(), "\n")
			w.Write(append(append([]string{people[i].name}, people[i].numbers...),
				make([]string, most-len(people[i].numbers))...))
		}
		w.Flush()
		return b.Bytes()
	},
	"cells with several": func(rnd *rand.Rand, people []person) []byte {
		var b bytes.Buffer
		b.WriteString("Name,Phone\n")
		for i, p := range people {
			people[i].at = 1 + strings.Count(b.String(), "\n")
			sign := []string{" ::: ", "\n", "|"}[rnd.IntN(3)]
			fmt.Fprintf(&b, "\"%s\",\"%s\"\n", strings.ReplaceAll(p.name, `"`, `""`), strings.Join(p.numbers, sign))
		}
		return b.Bytes()
	},
	"cards": func(rnd *rand.Rand, people []person) []byte {
		var b bytes.Buffer
		end := []string{"\n", "\r\n"}[rnd.IntN(2)]
		for i, p := range people {
			people[i].at = 1 + strings.Count(b.String(), "\n")
			lines := []string{"BEGIN:VCARD", "VERSION:3.0", "FN:" + number.OneLine(p.name, 100)}
			for range []int{0, 0, 700}[rnd.IntN(3)] {
				lines = append(lines, "X-OTHER;TYPE=any:something")
			}
			for j, n := range p.numbers {
				lines = append(lines, []string{"TEL:", "TEL;TYPE=CELL,VOICE:", "TEL;WORK:",
					fmt.Sprintf("item%d.TEL;TYPE=pref:", j),
					`TEL;LABEL="Desk: 1":`}[rnd.IntN(5)]+strings.ReplaceAll(n, ",", `\,`))
			}
			b.WriteString(strings.Join(append(lines, "END:VCARD"), end) + end)
		}
		return b.Bytes()
	},
	"JSON": func(rnd *rand.Rand, people []person) []byte {
		var list []map[string]any
		for i, p := range people {
			people[i].at = i + 1
			c, objects, named := map[string]any{"name": p.name}, []map[string]string{}, map[string][]string{}
			for j, n := range p.numbers {
				objects = append(objects, map[string]string{[]string{"number", "value", "phone"}[j%3]: n, "type": "desk"})
				named[fmt.Sprint("desk", j%3)] = append(named[fmt.Sprint("desk", j%3)], n)
			}
			c[[]string{"phones", "numbers", "phoneNumbers"}[rnd.IntN(3)]] = []any{p.numbers, objects, named}[rnd.IntN(3)]
			list = append(list, c)
		}
		data, _ := json.Marshal(list)
		if rnd.IntN(2) == 0 {
			data, _ = json.Marshal(map[string]any{"total": len(list), "tags": "x", "contacts": list})
		}
		return data
	},
	"Yealink": xmlForm("YealinkIPPhoneDirectory", "DirectoryEntry", "<Name>%s</Name>", `<Telephone label="desk">%s</Telephone>`),
	"Cisco":   xmlForm("CiscoIPPhoneDirectory", "DirectoryEntry", "<Name>%s</Name>", `<Telephone>%s</Telephone>`),
	"Grandstream": xmlForm("AddressBook", "Contact", "<LastName>%s</LastName>",
		`<Phone type="Work"><phonenumber>%s</phonenumber><accountindex>1</accountindex></Phone>`),
	"FRITZ!Box": xmlForm("phonebooks", "contact", "<person><realName>%s</realName></person>",
		`<telephony><number type="home" prio="1" id="0">%s</number></telephony>`),
}

func xmlForm(root, entry, name, telephone string) func(*rand.Rand, []person) []byte {
	return func(rnd *rand.Rand, people []person) []byte {
		var b bytes.Buffer
		fmt.Fprintf(&b, "<?xml version=\"1.0\"?><%s>\n<!-- <%s> -->", root, entry)
		for i, p := range people {
			people[i].at = i + 1
			fmt.Fprintf(&b, "<%s>"+name, entry, html.EscapeString(p.name))
			for _, n := range p.numbers {
				fmt.Fprintf(&b, telephone, html.EscapeString(n))
			}
			fmt.Fprintf(&b, "</%s>", entry)
		}
		fmt.Fprintf(&b, "</%s>", root)
		return b.Bytes()
	}
}

// readAny reads a file as an import does, or as a phonebook where it is one.
func readAny(form string, data []byte) ([]Contact, []Fault, error) {
	if form == "table" || form == "cells with several" || form == "cards" {
		file, err := ReadFile(data, nil)
		if err == nil && file.Table != nil {
			file.Contacts, file.Faults = file.Table.Contacts(nil)
		}
		return file.Contacts, file.Faults, err
	}
	return ReadPhonebook(data, nil)
}

// TestNothingIsLost reads files of all forms: each number in them is in a contact, or the line of its owner is named.
func TestNothingIsLost(t *testing.T) {
	for _, form := range slices.Sorted(maps.Keys(forms)) {
		for seed := range seeds(150) {
			rnd := rand.New(rand.NewPCG(seed, 97))
			people := peopleByChance(rnd)
			data := forms[form](rnd, people)
			list, faults, err := readAny(form, data)
			if err != nil {
				if strings.Contains(strings.Join(people[0].numbers, ""), "7946") {
					t.Fatalf("%s, seed %d: %v\n%s", form, seed, err, data)
				}
				continue // a table without numbers is no phonebook
			}
			checkNothingIsLost(t, fmt.Sprintf("%s, seed %d", form, seed), people, list, faults)
			if t.Failed() {
				t.Fatalf("%s", data)
			}
		}
	}
}

func checkNothingIsLost(t *testing.T, what string, people []person, list []Contact, faults []Fault) {
	t.Helper()
	kept := map[number.Number]int{}
	for _, c := range list {
		if len(c.Numbers) > MaxNumbers {
			t.Errorf("%s: %q has %d numbers", what, c.Name, len(c.Numbers))
		}
		for _, n := range c.Numbers {
			kept[n.read(anywhere)]++
		}
	}
	for _, p := range people {
		told := slices.ContainsFunc(faults, func(f Fault) bool { return f.Line == p.at })
		for _, n := range p.numbers {
			if times := kept[number.Read(n, anywhere)]; times > 1 || times == 0 && !told {
				t.Errorf("%s: %q of %q is there %d times, and line %d not among the faults %v", what, n, p.name, times, p.at,
					faults)
			}
		}
		if len(p.numbers) <= MaxNumbers && told && !strings.Contains(strings.Join(p.numbers, ""), "long.") && p.name != "" {
			t.Errorf("%s: of %q with %d numbers something is left out: %v", what, p.name, len(p.numbers), faults)
		}
	}
}

// TestNumbersAreKeptWholeOrNotAtAll looks at what lies around the limits of a number: what is cut would call somebody else.
func TestNumbersAreKeptWholeOrNotAtAll(t *testing.T) {
	digits := func(n int) string { return strings.Repeat("7", n) }
	for _, c := range []struct {
		in   Number
		want []Number
	}{
		{Number{Number: digits(maxNumber)}, []Number{{Number: digits(maxNumber)}}},
		{Number{Number: digits(maxNumber + 1)}, nil},
		{Number{Number: strings.Repeat("ü", maxNumber)}, []Number{{Number: strings.Repeat("ü", maxNumber)}}},
		{Number{Number: "1", Extension: digits(maxExtension)}, []Number{{Number: "1", Extension: digits(maxExtension)}}},
		{Number{Number: "1", Extension: digits(maxExtension + 1)}, []Number{{Number: "1 ext. " + digits(maxExtension+1)}}},
		{Number{Number: digits(maxNumber), Extension: digits(maxExtension + 1)}, nil},
		{Number{Extension: digits(3)}, []Number{{Number: "777"}}},
		{Number{Extension: digits(maxExtension + 1)}, []Number{{Number: digits(maxExtension + 1)}}},
		{Number{Name: "Work"}, nil},
		{Number{Name: strings.Repeat("n", 50), Number: "1"}, []Number{{Name: strings.Repeat("n", 40), Number: "1"}}},
	} {
		other := Number{Name: "Other", Number: "2"}
		got := Contact{Name: "x", Numbers: []Number{c.in, other, c.in}}.cleaned().Numbers
		want := append(slices.Clone(c.want), other)
		if !slices.Equal(got, want) {
			t.Errorf("%+v: %+v, want %+v", c.in, got, want)
		}
	}
	for n := MaxNumbers - 1; n <= MaxNumbers+2; n++ {
		var c Contact
		for i := range n {
			c.Numbers = append(c.Numbers, Number{Number: fmt.Sprint(100 + i)}, Number{Number: fmt.Sprint(100 + i)})
		}
		kept, reason := c.fromFile()
		if len(kept.Numbers) != min(n, MaxNumbers) || (reason != "") != (n > MaxNumbers) {
			t.Errorf("of %d numbers %d are kept: %q", n, len(kept.Numbers), reason)
		}
		if n > MaxNumbers && !strings.HasSuffix(reason, fmt.Sprint(" ", n-MaxNumbers)) {
			t.Errorf("%q does not say how many", reason)
		}
	}
}
