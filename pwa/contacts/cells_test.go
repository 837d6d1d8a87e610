package contacts

import (
	"slices"
	"strings"
	"testing"
)

func TestCellsWithSeveralNumbers(t *testing.T) {
	for cell, want := range map[string]string{
		"": "", " ": "", "1001": "1001", "1001 ::: 1002": "1001|1002", "1001:::": "1001", "1001|1002": "1001|1002",
		"1001\n1002\r\n1003\r1004":           "1001|1002|1003|1004",
		"020 7946 0000 / 020 7946 0001":      "020 7946 0000|020 7946 0001",
		"030/5550101":                        "030/5550101", // one number as it is written in Germany
		"+442079460000, +442079460001":       "+442079460000|+442079460001",
		"+442079460000;+442079460001":        "+442079460000|+442079460001",
		"+442079460000 or +442079460001":     "+442079460000|+442079460001",
		"+442079460000,,12#":                 "+442079460000,,12#", // what is keyed in afterwards
		"+442079460000;12":                   "+442079460000;12",
		"1001/1002":                          "1001/1002", // too short to be sure of
		"a@example.com, b@example.com":       "a@example.com, b@example.com",
		"+442079460000 / ext":                "+442079460000 / ext",
		"1234567/1234567/1234567":            "1234567|1234567|1234567",
		"123456/1234567":                     "123456/1234567",
		"1234567/1234567 ::: 1001\n7654321;": "1234567|1234567|1001|7654321;",
	} {
		got := splitNumbers(cell)
		if strings.Join(got, "|") != want || slices.Contains(got, "") {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
	}
}

// TestWhatLooksLikeANumber tells numbers from what else is made of digits.
func TestWhatLooksLikeANumber(t *testing.T) {
	for list, want := range map[string]bool{
		"100|1001|+442079460000|020 7946 0000|(020) 7946-0000|020 7946 0000 " +
			"x12|+442079460000,,1#|*98|sip:ann@example.com|SIPS:ann@example.com|" +
			"tel:1001|2026-11|11.2026|1-2-3-4|12345-11-30|2026-111-30|11/30/202|٠٢٠٧٩٤٦|1001 (desk)": true,
		"|12|1|+|ann|ann@example.com|sipgate|2026-11-30|30.11.2026|11/30/26|26-11-30|1.2.2026|n/a|" +
			"Ann Lee|4x4|http://1001|10:30": false,
	} {
		for text := range strings.SplitSeq(list, "|") {
			if got := looksLikeNumber(text); got != want {
				t.Errorf("%q looks like a number: %t, want %t", text, got, want)
			}
		}
	}
	for list, want := range map[string]bool{
		"2026-11-30|30.11.2026|30/11/26|1-1-26|26.1.1|1.1.2026|" +
			"2026.1.1|26-11-30": true,
		"|2026|2026-11|2026-11-30-1|202-11-30|2026-111-30|2026-11-300|" +
			"11-30-202|a-11-30|2026-11-3o|+26-11-30|1--1|20261130|2026-11-2026": false,
	} {
		for text := range strings.SplitSeq(list, "|") {
			if got := looksLikeDate(text); got != want {
				t.Errorf("%q looks like a date: %t, want %t", text, got, want)
			}
		}
	}
}

func TestRoundedNumbers(t *testing.T) {
	for list, want := range map[string]bool{
		"4.42079E+11|4,42079E+11|4E+11|4.4e+1":                           true,
		"E+11|4.4E+|4.4E|x4E+11|4E+1x|442079|+442079|4E11|4 E+11|DE+49|": false,
	} {
		for text := range strings.SplitSeq(list, "|") {
			if got := scientific(text); got != want {
				t.Errorf("%q is rounded: %t, want %t", text, got, want)
			}
		}
	}
	table, list := readCSV(t, "Name,Phone,Mobile\nAnn,4.42079E+11,1001\nBen,1002,\nCem,,4.4E+11\n")
	_, faults := table.Contacts(nil)
	if contactNames(list) != "Ann, Ben, Cem" && contactNames(list) != "Ann, Ben" || len(faults) != 2 || faults[0].Line != 2 ||
		faults[1].Line != 4 {
		t.Errorf("%s, %v", contactNames(list), faults)
	}
	if len(list[0].Numbers) != 1 || list[0].Numbers[0].Number != "1001" {
		t.Errorf("numbers of a row with a rounded one: %v", list[0].Numbers)
	}
}

func TestNobodyAndLabels(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "N/A": true, "none": true, "NULL": true, "unknown": true, "NaN": true, "--": true, "-": true, "+": true,
		"( )": true, "...": true,
		"0": false, "1001": false, "ann": false, "nobody": false, "x": false,
	} {
		if got := nobody(text); got != want {
			t.Errorf("%q is nobody: %t, want %t", text, got, want)
		}
	}
	for label, want := range map[string]bool{"Fax": true, "Work Fax": true, "Telefax": true, "Faxnummer": true, "Work": false,
		"": false, "Email": false,
		"Facsimile": false} {
		if got := faxLabel(label); got != want {
			t.Errorf("%q is of a fax: %t, want %t", label, got, want)
		}
	}
	for label, want := range map[string]string{"* Work": "Work", " * Work ": "Work", "_$!<Work>!$_": "Work", "_$!<Work": "Work",
		"*Work": "*Work", "Work": "Work",
		"": "", "* _$!<Home>!$_": "Home"} {
		if got := cleanLabel(label); got != want {
			t.Errorf("%q is shown as %q, want %q", label, got, want)
		}
	}
	for text, want := range map[string]string{"* myContacts": "", "* myContacts ::: Friends": "Friends", "A ::: B": "A", "": "",
		" ::: ": "", "A": "A"} {
		if got := firstCategory(text); got != want {
			t.Errorf("of the groups %q the first is %q, want %q", text, got, want)
		}
	}
}

// TestLabelsAndExtensionsStandBesideTheirNumbers reads rows in which something is left out.
func TestLabelsAndExtensionsStandBesideTheirNumbers(t *testing.T) {
	for name, c := range map[string]struct{ table, want string }{
		"label behind": {"Name,Number,Number name,Number,Number name\nAnn,1001,Desk,1002,Lab\n", "Desk=1001, Lab=1002"},
		"label before": {"Name,Number name,Number,Number name,Number\nAnn,Desk,1001,Lab,1002\n", "Desk=1001, Lab=1002"},
		"label by its stem": {"Name,Phone 1 - Label,Phone 2 - Label,Phone 1 - Value,Phone 2 - Value\nAnn,Desk,Lab,1001,1002\n",
			"Desk=1001, Lab=1002"},
		"label missing":      {"Name,Number,Number name\nAnn,1001\n", "=1001"},
		"several labels":     {"Name,Number,Number name\nAnn,1001 ::: 1002,Desk ::: Lab\n", "Desk=1001, Lab=1002"},
		"fewer labels":       {"Name,Number,Number name\nAnn,1001 ::: 1002,Desk\n", "Desk=1001, Desk=1002"},
		"fax among labels":   {"Name,Number,Number name\nAnn,1001 ::: 1002,Fax ::: Lab\n", "Lab=1002"},
		"header as a label":  {"Name,Mobile_phone,Phone\nAnn,1001,1002\n", "Mobile phone=1001, =1002"},
		"extension":          {"Name,Phone,Extension\nAnn,1001,12\n", "Phone=1001 x12"},
		"extension of none":  {"Name,Phone,Extension\nAnn,,12\n", "=12"},
		"extension alone":    {"Name,Extension,Phone\nAnn,12,1001\n", "=12, =1001"},
		"second's extension": {"Name,Phone,Extension,Mobile,Extension\nAnn,1001,,1002,7\n", "=1001, Mobile=1002 x7"},
	} {
		_, list := readCSV(t, c.table)
		if len(list) != 1 {
			t.Fatalf("%s: %d contacts", name, len(list))
		}
		got := described(list[0])
		got = got[strings.LastIndex(got, "| ")+2:]
		if want := strings.ReplaceAll(c.want, "Phone=", "="); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
