package contacts

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func card(lines ...string) string {
	return "BEGIN:VCARD\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCARD\r\n"
}

// TestLinesOfCards reads one line in each of the ways in which programs write it.
func TestLinesOfCards(t *testing.T) {
	for line, want := range map[string]string{
		"TEL:1001":                                       "=1001",
		"tel:1001":                                       "=1001",
		"TEL;TYPE=WORK:1001":                             "Work=1001",
		"TEL;WORK;VOICE:1001":                            "Work=1001",
		"TEL;TYPE=cell,work:1001":                        "Mobile=1001",
		`TEL;TYPE="work,cell":1001`:                      "Mobile=1001",
		"TEL;TYPE=work;TYPE=cell:1001":                   "Mobile=1001",
		"TEL;TYPE=iphone:1001":                           "iPhone=1001",
		"TEL;TYPE=other:1001":                            "Other=1001",
		"TEL;TYPE=unheard-of:1001":                       "=1001",
		"TEL;TYPE=fax:9":                                 "",
		"TEL;TYPE=work,fax:9":                            "",
		"TEL;TYPE=fax,voice:9":                           "=9",
		"TEL;X-LABEL=Desk:1001":                          "Desk=1001",
		`TEL;LABEL="Desk; 2: the, other":1001`:           "Desk; 2: the, other=1001",
		"TEL;TYPE=work;LABEL=Desk:1001":                  "Desk=1001",
		"TEL;X-LABEL=_$!<Home>!$_:1001":                  "Home=1001",
		"TEL;VALUE=uri:tel:+44-20;ext=12":                "=+44-20 x12",
		"TEL;VALUE=uri:TEL:+44-20;isub=1;EXT=12;x":       "=+44-20 x12",
		"TEL;VALUE=uri:tel:+4420":                        "=+4420",
		"TEL:+4420;ext=12":                               "=+4420;ext=12",
		"TEL:--":                                         "",
		"TEL:":                                           "",
		"TEL;TYPE=work;ENCODING=QUOTED-PRINTABLE:=31001": "Work=1001",
		"IMPP:sip:ann@example.com":                       "SIP=sip:ann@example.com",
		"IMPP;TYPE=work:SIPS:ann@example.com":            "SIP=SIPS:ann@example.com",
		"IMPP:xmpp:ann@example.com":                      "",
		"X-SIP:ann@example.com":                          "SIP=ann@example.com",
		"item1.TEL:1001\r\nitem1.X-ABLabel:_$!<Work>!$_": "Work=1001",
		"item1.X-ABLabel:Lab\r\nitem1.TEL;type=HOME:1":   "Lab=1",
		"item1.TEL:1001\r\nitem2.X-ABLabel:Lab":          "=1001",
		"X-ABLabel:Lab\r\nTEL:1001":                      "=1001",
		"item1.TEL:9\r\nitem1.X-ABLabel:Fax":             "",
		"ITEM1.TEL:1001\r\nITEM1.X-ABLABEL:Lab":          "Lab=1001",
		"TEL;TYPE=\"a:b\":1001":                          "=1001",
		"TEL 1001":                                       "",
		"XTEL:1001":                                      "",
		"TELX:1001":                                      "",
		"TE\r\n L:1001":                                  "=1001",
		"TEL:10\r\n 01":                                  "=1001",
		"TEL:10\r\n\t01":                                 "=1001",
		"TEL:1001\r\n":                                   "=1001",
	} {
		list, _, err := ReadVCards([]byte(card("FN:Ann", line)), nil)
		if err != nil || len(list) != 1 {
			t.Errorf("%q: %d contacts, %v", line, len(list), err)
			continue
		}
		got := described(list[0])
		if got = strings.TrimPrefix(got, "Ann |  |  |  |  | "); got != want {
			t.Errorf("%q: got %s, want %s", line, got, want)
		}
	}
}

// TestFieldsOfCards reads the fields beside the numbers.
func TestFieldsOfCards(t *testing.T) {
	for lines, want := range map[string]string{
		"FN:Ann Lee":                            "Ann Lee |  |  |  |  | ",
		"N:Lee;Ann;;Dr.;":                       "Ann Lee | Ann | Lee |  |  | ",
		"N:Lee":                                 "Lee |  | Lee |  |  | ",
		"N:;Ann":                                "Ann | Ann |  |  |  | ",
		"ORG:Clinic;Ward":                       "Clinic |  |  | Clinic |  | ",
		`ORG:A\;B;C`:                            "A;B |  |  | A;B |  | ",
		`FN:a\,b\;c\:d\\e`:                      `a,b;c:d\e |  |  |  |  | `,
		`FN:a\nb\Nc`:                            "a b c |  |  |  |  | ",
		`FN:a\`:                                 `a\ |  |  |  |  | `,
		"FN:Ann\r\nCATEGORIES:A,B":              "Ann |  |  |  | A | ",
		`FN:Ann` + "\r\n" + `CATEGORIES:A\,B,C`: "Ann |  |  |  | A,B | ",
		"FN:Ann\r\nitem1.CATEGORIES:A,B":        "Ann |  |  |  | A | ",
		"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller": "Müller |  |  |  |  | ",
		"FN;ENCODING=quoted-printable:M=FCller":                  "Müller |  |  |  |  | ",
		"FN;ENCODING=QUOTED-PRINTABLE:An=\r\nn=0D=0ALee":         "Ann Lee |  |  |  |  | ",
		"FN;QUOTED-PRINTABLE:An=6E":                              "Ann |  |  |  |  | ",
		"FN:M\xfcller":                                           "Müller |  |  |  |  | ",
		"TEL:1001":                                               "1001 |  |  |  |  | =1001",
	} {
		list, _, err := ReadVCards([]byte(card(lines)), nil)
		if err != nil || len(list) != 1 || described(list[0]) != want {
			t.Errorf("%q: %q, %v; want %q", lines, describedAll(list), err, want)
		}
	}
}

// TestCardsThatMakeNoContact are told with the line they begin at.
func TestCardsThatMakeNoContact(t *testing.T) {
	for name, c := range map[string]struct{ lines, reason string }{
		"nothing":          {"NOTE:x", "neither name nor number"},
		"a group":          {"FN:Team\r\nKIND:group", "group"},
		"a group of Apple": {"FN:Team\r\nX-ADDRESSBOOKSERVER-KIND:GROUP", "group"},
		"only a fax":       {"TEL;TYPE=fax:9", "neither name nor number"},
	} {
		list, faults, err := ReadVCards([]byte(card("FN:Ann")+card(c.lines)+card("FN:Ben")), nil)
		if err != nil || contactNames(list) != "Ann, Ben" || len(faults) != 1 || faults[0].Line != 4 ||
			!strings.Contains(faults[0].Reason, c.reason) {
			t.Errorf("%s: %s, %v, %v", name, contactNames(list), faults, err)
		}
	}
	list, faults, err := ReadVCards([]byte(card("FN:Ann", "KIND:individual")), nil)
	if err != nil || len(list) != 1 || len(faults) != 0 {
		t.Errorf("somebody: %v, %v, %v", list, faults, err)
	}
	_, faults, _ = ReadVCards([]byte(strings.Repeat(card("NOTE:x"), 3*maxImportFaults)), nil)
	if len(faults) != maxImportFaults {
		t.Errorf("%d faults are told, want %d", len(faults), maxImportFaults)
	}
	if _, _, err := ReadVCards(make([]byte, MaxFile+1), nil); err == nil || !strings.Contains(err.Error(), "larger") {
		t.Errorf("a file that is too large: %v", err)
	}
}

// TestCardsBreakAnywhere folds the lines of a card at every place.
func TestCardsBreakAnywhere(t *testing.T) {
	text := card("FN:Ännchen Müller", "TEL;TYPE=cell:+442079460000", `ORG:A\, B`)
	for at := 12; at < len(text)-14; at++ {
		if text[at] == '\n' || text[at-1] == '\n' || text[at] == '\r' || !utf8.RuneStart(text[at]) || text[at] == ' ' {
			continue
		}
		list, _, err := ReadVCards([]byte(text[:at]+"\r\n "+text[at:]), nil)
		if err != nil || len(list) != 1 || described(list[0]) != "Ännchen Müller |  |  | A, B |  | Mobile=+442079460000" {
			t.Fatalf("broken behind %q: %q, %v", text[:at], describedAll(list), err)
		}
	}
}

// TestFoldedLinesEndInWholeCharacters folds names of characters of one to four bytes.
func TestFoldedLinesEndInWholeCharacters(t *testing.T) {
	for _, char := range []string{"x", "ü", "€", "𝟏", ";"} {
		for n := range 200 {
			var out bytes.Buffer
			text := "FN:" + strings.Repeat(char, n)
			foldLines(&out, strings.ReplaceAll(text, ";", semicolon)+"\r\n")
			for line := range strings.SplitSeq(out.String(), "\r\n") {
				if len(line) > 75 || !utf8.ValidString(line) {
					t.Fatalf("%d times %q: the line %q has %d bytes", n, char, line, len(line))
				}
			}
			if got := strings.ReplaceAll(out.String(), "\r\n ", ""); got != strings.ReplaceAll(text, ";", `\;`)+"\r\n" {
				t.Fatalf("%d times %q come to %q", n, char, got)
			}
		}
	}
}

// TestWrittenNumbersOfCards writes numbers of all kinds, so that other programs can read them.
func TestWrittenNumbersOfCards(t *testing.T) {
	for _, c := range []struct {
		n    Number
		want string
	}{
		{Number{"", "1001", ""}, "TEL:1001"},
		{Number{"Work", "1001", ""}, "TEL;TYPE=work:1001"},
		{Number{"Mobile", "1001", ""}, "TEL;TYPE=cell:1001"},
		{Number{"iPhone", "1001", ""}, "TEL;TYPE=iphone:1001"},
		{Number{"work", "1001", ""}, "TEL;LABEL=work:1001"},
		{Number{`De"s;k: 2`, "1001", ""}, "TEL;LABEL=De s k  2:1001"},
		{Number{"Work", "+44 20", "12"}, "TEL;TYPE=work;VALUE=uri:tel:+4420;ext=12"},
		{Number{"", "*98", "12"}, "TEL:*98 ext. 12"},
		{Number{"", "ann", "12"}, "TEL:ann ext. 12"},
		{Number{"", "+4420,,7", "12"}, "TEL:+4420\\,\\,7 ext. 12"},
		{Number{"SIP", "sip:ann@example.com;transport=ws", ""}, "IMPP:sip:ann@example.com\\;transport=ws"},
		{Number{"SIP", "SIPS:ann@example.com", ""}, "IMPP:SIPS:ann@example.com"},
	} {
		data, err := WriteVCards([]Contact{{Name: "Ann", Numbers: []Number{c.n}}})
		got := ""
		for line := range strings.SplitSeq(string(data), "\r\n") {
			if strings.HasPrefix(line, "TEL") || strings.HasPrefix(line, "IMPP") {
				got += line
			}
		}
		if got != c.want && got != reordered(c.want) || err != nil {
			t.Errorf("%+v is written as %q, %v; want %q", c.n, got, err, c.want)
		}
	}
}

// reordered is a line with its two parameters the other way round: their order means nothing.
func reordered(line string) string {
	head, value, _ := strings.Cut(line, ":")
	params := strings.Split(head, ";")
	if len(params) != 3 {
		return line
	}
	return fmt.Sprintf("%s;%s;%s:%s", params[0], params[2], params[1], value)
}
