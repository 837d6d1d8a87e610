package contacts

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// told is what scanXML tells of a text: (a opens, )a shuts, with its attributes and text.
func told(text string) (string, bool) {
	var b strings.Builder
	whole := scanXML(text, func() {}, func(path []*element) {
		e := path[len(path)-1]
		fmt.Fprintf(&b, "(%s", e.name)
		for _, name := range sortedNames(e.attrs) {
			fmt.Fprintf(&b, " %s=%s", name, e.attrs[name])
		}
	}, func(path []*element) {
		e := path[len(path)-1]
		fmt.Fprintf(&b, ":%s)", e.text.String())
	})
	return b.String(), whole
}

func TestXMLIsTakenApart(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "",
		"only text":                   "",
		"<a/>":                        "(a:)",
		"<a></a>":                     "(a:)",
		"<a>x</a>":                    "(a:x)",
		"<a> x y\n</a>":               "(a:x y)",
		"<a><b>1</b><c/></a>":         "(a(b:1)(c:):)",
		"<a>x<b/>y</a>":               "(a(b:):xy)",
		`<a b="1" c='2'/>`:            "(a b=1 c=2:)",
		`<a b = "1"/>`:                "(a b=1:)",
		"<a\n\tb=\"1\"\n/>":           "(a b=1:)",
		`<a b=">" c="/>">x</a>`:       "(a b=> c=/>:x)",
		`<a b='"'/>`:                  `(a b=":)`,
		`<a b=""/>`:                   "(a b=:)",
		"<a>&lt;&amp;&#65;&#x42;</a>": "(a:<&AB)",
		`<a b="&quot;&amp;"/>`:        `(a b="&:)`,
		"<a>&unknown;</a>":            "(a:&unknown;)",
		"<a><![CDATA[<b>&amp;]]></a>": "(a:<b>&amp;)",
		"<a><![CDATA[]]></a>":         "(a:)",
		"<![CDATA[x]]><a/>":           "(a:)",
		"<?xml version=\"1.0\"?><a/>": "(a:)",
		"<!DOCTYPE a><a/>":            "(a:)",
		"<!-- <b> -- > --><a/>":       "(a:)",
		"<a><!-- </a> --></a>":        "(a:)",
		"<a></a >":                    "(a:)",
		"<ä:b>x</ä:b>":                "(ä:b:x)",
		"<a/><b/>":                    "(a:)(b:)",
		"<a b/>":                      "(a:)",
		"<a>" + strings.Repeat("x", maxXMLText+9) + "</a>": "(a:" + strings.Repeat("x", maxXMLText) + ")",
		"<a>" + strings.Repeat("<b></b>", 3) + "</a>":      "(a(b:)(b:)(b:):)",
	} {
		if got, whole := told(text); got != want || !whole {
			t.Errorf("%.60q: got %.80q, whole %t; want %.80q", text, got, whole, want)
		}
	}
	for _, half := range []string{"<", "<a", "<a>", "<a b=\"", "<a b=\">", "</a>", "<a></b>", "<a><b></a></b>", "<a><b></a>",
		"<a></a></a>", "<>", "<!--", "<![CDATA[",
		"<a><![CDATA[x]]", "<?xml", "<a>x</A>", strings.Repeat("<a>", maxXMLDepth+1) + strings.Repeat("</a>", maxXMLDepth+1)} {
		if got, whole := told(half); whole {
			t.Errorf("%.60q is taken for whole: %s", half, got)
		}
	}
	if _, whole := told(strings.Repeat("<a>", maxXMLDepth) + strings.Repeat("</a>", maxXMLDepth)); !whole {
		t.Errorf("%d elements in each other are not read", maxXMLDepth)
	}
}

// TestXMLGoesOnFromStepToStep is asked to wait at each tag.
func TestXMLGoesOnFromStepToStep(t *testing.T) {
	steps := 0
	scanXML(strings.Repeat("<a>x</a>", 50), func() { steps++ }, func([]*element) {}, func([]*element) {})
	if steps != 100 {
		t.Errorf("%d steps, want one for each tag", steps)
	}
}

// TestPhonebooksOfTelephones reads what the documents of makers of telephones have in common, and in what they differ.
func TestPhonebooksOfTelephones(t *testing.T) {
	in := func(root, inside string) string { return "<" + root + ">" + inside + "</" + root + ">" }
	for name, c := range map[string]struct{ data, want string }{
		"Yealink": {in("YealinkIPPhoneDirectory",
			`<DirectoryEntry><Name>Ann</Name><Telephone label="Desk">1001</Telephone>`+
				`<Telephone>1002</Telephone></DirectoryEntry>`), "Ann |  |  |  |  | Desk=1001, =1002"},
		"Yealink, units": {in("YealinkIPPhoneBook",
			`<Menu Name="All"><Unit Name="Ann" Phone1="1001" Phone2="" Phone3="1003" default_photo="Resource:"/></Menu>`),
			"Ann |  |  |  |  | =1001, =1003"},
		"Cisco": {in("CiscoIPPhoneDirectory",
			"<Title>x</Title><DirectoryEntry><Name>Ann</Name><Telephone>1001</Telephone></DirectoryEntry>"),
			"Ann |  |  |  |  | =1001"},
		"Grandstream": {in("AddressBook",
			`<pbgroup><id>1</id><name>g</name></pbgroup><Contact><id>3</id><FirstName>Ann</FirstName><LastName>Lee</LastName>`+
				`<Phone type="Work"><phonenumber>1001</phonenumber><accountindex>1</accountindex></Phone>`+
				`<Frequent>0</Frequent></Contact>`), "Ann Lee | Ann | Lee |  |  | Work=1001"},
		"FRITZ!Box": {in("phonebooks",
			`<phonebook><contact><category>0</category><person><realName>Ann</realName></person><telephony nid="1">`+
				`<number type="mobile" prio="1" id="0">1001</number><number type="label:Lab" id="1">1002</number>`+
				`<number type="fax_work">9</number></telephony><uniqueid>17</uniqueid></contact></phonebook>`), "Ann |  |  |  |  | Mobile=1001, Lab=1002"},
		"Snom": {in("tbook", `<item context="active" type="" `+
			`index="0"><first_name>Ann</first_name><last_name>Lee</last_name><number>1001</number><number_type>sip</number_type>`+
			`</item>`), "Ann Lee | Ann | Lee |  |  | =1001"},
		"Polycom": {
			in("directory", "<item_list><item><ln>Lee</ln><fn>Ann</fn><ct>1001</ct><sd>1</sd><rt>3</rt></item></item_list>"),
			"Ann Lee | Ann | Lee |  |  | =1001"},
		"by attributes": {in("contacts", `<contact name="Ann" number="1001" mobile="1002" group="5550000"/>`),
			"Ann |  |  |  |  | Mobile=1002, =1001"},
		"capitals": {in("PHONEBOOK", "<ENTRY><NAME>Ann</NAME><PHONE>1001</PHONE></ENTRY>"), "Ann |  |  |  |  | =1001"},
		"nobody": {in("phonebook", "<entry><name>Ann</name><phone>--</phone><phone>N/A</phone><phone> </phone></entry>"),
			"Ann |  |  |  |  | "},
		"nothing": {in("phonebook", ""), ""},
		"other elements": {in("phonebook", "<x><name>Ben</name><phone>9</phone></x><entry><name>Ann</name></entry>"),
			"Ann |  |  |  |  | "},
		"entry in entry": {in("phonebook", "<entry><name>Ann</name><item><phone>1001</phone></item></entry>"),
			"Ann |  |  |  |  | =1001"},
		"hostile letters": {in("phonebook", "<entry><name>A&#10;n\u202en&#0;</name><phone>10&#x202e;01</phone></entry>"),
			"A nn |  |  |  |  | =1001"},
	} {
		list, _, err := ReadPhonebook([]byte(c.data), nil)
		if got := strings.Join(describedAll(list), ";"); err != nil || got != c.want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, c.want)
		}
	}
	for _, none := range []string{"<html><body><div>Not found</div></body></html>", "<error>contact us</error>", "<x/>",
		"<phonebook>", "<phonebook><entry></phonebook>", "<"} {
		if list, _, err := ReadPhonebook([]byte(none), nil); !errors.Is(err, ErrPhonebook) {
			t.Errorf("%s is a phonebook of %d, %v", none, len(list), err)
		}
	}
}

// TestIDsOfTelephonesAreKept takes the ID that stands in the element or is one, not that of a number.
func TestIDsOfTelephonesAreKept(t *testing.T) {
	for data, want := range map[string]string{
		`<phonebook><entry id="7"><name>A</name></entry></phonebook>`:                             "7",
		`<phonebook><entry><id>7</id><name>A</name></entry></phonebook>`:                          "",
		`<phonebook><entry><name>A</name><phone id="7">1001</phone></entry></phonebook>`:          "",
		`<phonebook><entry id="7"><name>A</name><number id="8">1001</number></entry></phonebook>`: "7",
	} {
		list, _, err := ReadPhonebook([]byte(data), nil)
		if err != nil || len(list) != 1 || list[0].ID != want {
			t.Errorf("%s: %+v, %v; want the ID %q", data, list, err, want)
		}
	}
}

// TestFormsOfPhonebooksAreTold tells what is a phonebook from pages and files that are none.
func TestFormsOfPhonebooksAreTold(t *testing.T) {
	for data, want := range map[string]int{
		"Name,Phone\nAnn,1001\n": 1, "Name;Phone\nAnn;1001\nBen;1002": 2, "BEGIN:VCARD\nFN:Ann\nEND:VCARD": 1,
		"begin:vcard\nFN:Ann\nend:vcard": 1,
		"\ufeff[{\"name\":\"Ann\"}]":     1, " \n[]": 0, "\ufeff \n<phonebook/>": 0, "": -1, " ": -1, "not found": -1,
		"Ann,1001\n": -1, "Name,City\nAnn,Bath\n": -1,
		"Phone\n1001\n": 1, "\x89PNG": -1, "404 page not found": -1, "null": -1, "\"x\"": -1,
		"BEGIN:VCALENDAR\nEND:VCALENDAR": -1,
	} {
		list, _, err := ReadPhonebook([]byte(data), nil)
		if want < 0 && err == nil || want >= 0 && (err != nil || len(list) != want) {
			t.Errorf("%q: %d contacts, %v; want %d", data, len(list), err, want)
		}
	}
	if _, _, err := ReadPhonebook(make([]byte, MaxFile+1), nil); err == nil || errors.Is(err, ErrPhonebook) {
		t.Errorf("a phonebook that is too large: %v", err)
	}
	if _, _, err := ReadPhonebook([]byte("["+strings.Repeat(" ", MaxFile-2)+"]"), nil); err != nil {
		t.Errorf("one of the greatest size: %v", err)
	}
}

func TestLabelsOfKeys(t *testing.T) {
	for key, want := range map[string]string{"mobile_number": "Mobile", "telephone": "", "phone2": "", "Phone1": "",
		"workPhone": "Work", "number": "", "": "", "homeMobile": "Home mobile",
		"ärztin": "Arztin", "TEL": "", "night_desk": "Night desk"} {
		if got := labelOf(key); got != want {
			t.Errorf("%q says %q, want %q", key, got, want)
		}
	}
	for text, want := range map[string]string{"": "", "a": "A", "äb": "Äb", "1a": "1a", "ab cd": "Ab cd"} {
		if got := capital(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
