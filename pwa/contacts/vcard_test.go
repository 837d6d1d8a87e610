package contacts

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func readOneCard(t *testing.T, lines ...string) Contact {
	t.Helper()
	contacts, faults, err := ReadVCards([]byte("BEGIN:VCARD\r\n"+strings.Join(lines, "\r\n")+"\r\nEND:VCARD\r\n"), nil)
	if err != nil || len(contacts) != 1 {
		t.Fatalf("%d contacts, %v, %v", len(contacts), faults, err)
	}
	return contacts[0]
}

func TestReadVCards(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		want  Contact
	}{
		"4.0": {[]string{"VERSION:4.0", "UID:u1", "FN:Front Desk", "N:Desk;Front;;;", "ORG:Example\\, Clinic;Ward",
			"CATEGORIES:Health,Other",
			"TEL;TYPE=\"cell,voice\":+44 7700 900123", "TEL;VALUE=uri;TYPE=work:tel:+442079460000;ext=12",
			"IMPP:sip:desk@example.com", "IMPP:xmpp:desk@example.com"},
			Contact{ID: "u1", Name: "Front Desk", Given: "Front", Family: "Desk", Organisation: "Example, Clinic",
				Category: "Health",
				Numbers: []Number{{"Mobile", "+44 7700 900123", ""}, {"Work", "+442079460000", "12"},
					{"SIP", "sip:desk@example.com", ""}}}},
		"3.0": {[]string{"VERSION:3.0", "item1.TEL;type=HOME;type=pref:1001", "item1.X-ABLabel:x", "N:Desk;Front"},
			// the name it got by hand
			Contact{Name: "Front Desk", Given: "Front", Family: "Desk", Numbers: []Number{{"x", "1001", ""}}}},
		"2.1": {[]string{"VERSION:2.1", "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:H=C3=BCtte;F=C3=B6rder=", "haus",
			"TEL;WORK;VOICE:1001", "TEL;FAX:9"},
			Contact{Name: "Förderhaus Hütte", Given: "Förderhaus", Family: "Hütte", Numbers: []Number{{"Work", "1001", ""}}}},
		"folded": {[]string{"FN:Front ", " Desk", "TEL:10", "\t01"},
			Contact{Name: "Front Desk", Numbers: []Number{{"", "1001", ""}}}},
		"escapes": {[]string{`FN:a\;b\,c\\d\ne`, `N:x\;y;z`}, Contact{Name: `a;b,c\d e`, Family: "x;y", Given: "z"}},
		"picture": {[]string{"FN:Front Desk", "PHOTO;ENCODING=b:" + base64.StdEncoding.EncodeToString(make([]byte, 20000)),
			"TEL:1"}, Contact{Name: "Front Desk", Numbers: []Number{{"", "1", ""}}}},
		"no FN": {[]string{"ORG:Example Clinic", "TEL:1"},
			Contact{Name: "Example Clinic", Organisation: "Example Clinic", Numbers: []Number{{"", "1", ""}}}},
		"bad lines": {[]string{"what is this", ":", ";;;:", "TEL;TYPE:2", "FN:Front Desk"},
			Contact{Name: "Front Desk", Numbers: []Number{{"", "2", ""}}}},
		"hostile": {[]string{"FN:Front\u202e\x00\x1fDesk\\r\\n<b>", "TEL:1\x0001"},
			Contact{Name: "FrontDesk\\r <b>", Numbers: []Number{{"", "1 01", ""}}}},
	} {
		got := readOneCard(t, c.lines...)
		if len(got.Numbers) == 0 {
			got.Numbers = nil
		}
		if name == "hostile" {
			got.Name = strings.ReplaceAll(got.Name, "Front Desk", "FrontDesk")
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v\nwant %+v", name, got, c.want)
		}
	}
}

func TestReadVCardsFaults(t *testing.T) {
	contacts, faults, err := ReadVCards([]byte("junk\nBEGIN:VCARD\nFN:One\nEND:VCARD\n"+
		"BEGIN:VCARD\nNOTE:x\nEND:VCARD\nBEGIN:VCARD\nFN:Two\n"), nil)
	if err != nil || contactNames(contacts) != "One" || len(faults) != 2 || faults[0].Line != 5 || faults[1].Line != 8 {
		t.Errorf("%s, %v, %v", contactNames(contacts), faults, err)
	}
	if _, _, err := ReadVCards([]byte("Name,Number\n"), nil); err == nil {
		t.Error("a CSV file is taken for vCards")
	}
	big := "BEGIN:VCARD\nFN:" + strings.Repeat("x", 64<<10) + "\nTEL:1001\n" + strings.Repeat("TEL:1\n", 5000) + "END:VCARD\n"
	contacts, _, err = ReadVCards([]byte(big), nil)
	if err != nil || len(contacts) != 1 || contacts[0].Name != "1001" || len(contacts[0].Numbers) > MaxNumbers {
		t.Errorf("a hostile card: %.200v, %v", contacts, err)
	}
}

func TestVCardsReadBack(t *testing.T) {
	want := []Contact{
		{ID: "id;1", Name: `Front; Desk, \ "Main"`, Given: "Fr;ont", Family: "Desk", Organisation: "Example; Clinic",
			Customer: "7;8", Type: "person", Category: "Health",
			Numbers: []Number{{"Work", "+44 20 7946 0000", ""}, {"Mobile", "+442079460000", "12"}, {"Night desk", "*98", ""},
				{"SIP", "sip:desk@example.com", ""}}},
		{ID: "2", Name: strings.Repeat("Hütte ", 30) + "x"},
	}
	data, err := WriteVCards(want)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(data), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\n\x1f") {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
	got, faults, err := ReadVCards(data, nil)
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	got[1].Numbers = nil
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v\n%s", got, want, data)
	}
}

func TestVCardsCannotBeInjected(t *testing.T) {
	data, err := WriteVCards([]Contact{{Name: "x\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:y",
		Numbers: []Number{{"a\r\nTEL:666;\"", "1:2\r\nTEL:667", "\r\n8"}}}})
	if err != nil {
		t.Fatal(err)
	}
	contacts, _, err := ReadVCards(data, nil)
	if err != nil || len(contacts) != 1 || len(contacts[0].Numbers) != 1 || strings.Count(string(data), "BEGIN:VCARD") != 2 {
		t.Errorf("%+v, %v", contacts, err)
	}
	if strings.Contains(string(data), "\nTEL:66") || strings.Count("\n"+string(data), "\nBEGIN:VCARD") != 1 {
		t.Errorf("injected: %q", data)
	}
}

func FuzzVCards(f *testing.F) {
	f.Add([]byte("BEGIN:VCARD\r\nFN:Front\\; " +
		"Desk\r\nTEL;TYPE=\"cell\":tel:+1;ext=2\r\nN;ENCODING=QUOTED-PRINTABLE:a=\r\nb\r\nEND:VCARD"))
	f.Fuzz(func(t *testing.T, data []byte) {
		contacts, _, err := ReadVCards(data, nil)
		if err != nil {
			return
		}
		out, err := WriteVCards(contacts)
		if err != nil {
			t.Fatal(err)
		}
		if len(contacts) == 0 {
			return
		}
		back, faults, err := ReadVCards(out, nil)
		if err != nil || len(back) != len(contacts) {
			t.Errorf("%d contacts written, %d read back, %v, %v: %q", len(contacts), len(back), faults, err, out)
		}
	})
}

// TestPhotosAreReadInSlices holds a file of 16 MB of photos: they cost their lines, and the pauses between them.
func TestPhotosAreReadInSlices(t *testing.T) {
	photo := strings.Repeat(" "+strings.Repeat("A", 74)+"\r\n", 1<<20/77)
	quoted := strings.Repeat(strings.Repeat("=41", 24)+"=\r\n", 1<<20/77)
	bare := strings.Repeat(strings.Repeat("A", 76)+"\r\n", 1<<20/78) + "\r\n"
	var file strings.Builder
	for i := range 16 {
		head := []string{"PHOTO;ENCODING=b;TYPE=JPEG:AAAA\r\n" + photo, "PHOTO;ENCODING=QUOTED-PRINTABLE:" + quoted + "=41\r\n",
			"PHOTO;BASE64:\r\n" + bare}[i%3]
		fmt.Fprintf(&file, "BEGIN:VCARD\r\nFN:Desk %d\r\n%sTEL:%d\r\nEND:VCARD\r\n", i, head, 1000+i)
	}
	pauses := 0
	contacts, faults, err := ReadVCards([]byte(file.String()), func() { pauses++ })
	if err != nil || len(contacts) != 16 || len(faults) != 0 {
		t.Fatalf("%d contacts, %v, %v", len(contacts), faults, err)
	}
	for i, c := range contacts {
		if c.Name != fmt.Sprint("Desk ", i) || len(c.Numbers) != 1 || c.Numbers[0].Number != fmt.Sprint(1000+i) {
			t.Errorf("%+v", c)
		}
	}
	if least := strings.Count(file.String(), "\n") / sliceLength; pauses < least {
		t.Errorf("%d pauses, want one for %d lines each: %d", pauses, sliceLength, least)
	}
}

func TestEachLineOfACardIsDecodedByItself(t *testing.T) {
	c := readOneCard(t, "FN:Jutta M\xfcller", "ORG:Förderhaus", "TEL:1001")
	if c.Name != "Jutta Müller" || c.Organisation != "Förderhaus" {
		t.Errorf("got %+v, want both encodings read", c)
	}
	var wide strings.Builder
	wide.WriteString("\xff\xfe")
	for _, r := range "BEGIN:VCARD\r\nFN:Jutta Müller\r\nTEL:1001\r\nEND:VCARD\r\n" {
		wide.WriteString(string([]byte{byte(r), byte(r >> 8)}))
	}
	contacts, _, err := ReadVCards([]byte(wide.String()), nil)
	if err != nil || len(contacts) != 1 || contacts[0].Name != "Jutta Müller" {
		t.Errorf("UTF-16: %+v, %v", contacts, err)
	}
}

func TestLabelsOfCards(t *testing.T) {
	for line, want := range map[string]string{
		"TEL;TYPE=work:1001": "Work", "TEL;TYPE=WORK,CELL:1001": "Mobile", "TEL;CELL:1001": "Mobile",
		"TEL;type=IPHONE;type=CELL:1001": "Mobile", "TEL;type=iphone:1001": "iPhone",
		"TEL;TYPE=other:1001": "Other", "TEL;X-LABEL=Ward:1001": "Ward", "TEL;LABEL=\"Night, desk\":1001": "Night, desk",
		"TEL:1001": "",
		"item1.X-ABLabel:_$!<Work>!$_\r\nitem1.TEL:1001":        "Work",
		"item9.TEL;type=HOME:1001\r\nitem9.X-ABLABEL:Ward\\, 3": "Ward, 3",
		"item1.X-ABLabel:Other\r\nitem2.TEL;type=HOME:1001":     "Home",
	} {
		if c := readOneCard(t, append([]string{"FN:Desk"}, strings.Split(line, "\r\n")...)...); len(c.Numbers) != 1 ||
			c.Numbers[0].Name != want {
			t.Errorf("%q: %+v, want %q", line, c.Numbers, want)
		}
	}
	if c := readOneCard(t, "FN:Desk", "item1.TEL:1001", "item1.X-ABLabel:Work fax",
		"TEL;TYPE=fax,voice:1002"); len(c.Numbers) != 1 || c.Numbers[0].Number != "1002" {
		t.Errorf("%+v, want no fax but the one that speaks", c.Numbers)
	}
}
