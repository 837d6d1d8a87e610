package history

import (
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/store"
)

func TestNoteIsTextInLines(t *testing.T) {
	for _, test := range []struct{ typed, want string }{
		{"", ""},
		{"  Invoice 4411  ", "Invoice 4411"},
		{"first\nsecond\r\n\r\nfourth\n\n", "first\nsecond\n\nfourth"},
		{"a\tb\x00c", "a b c"},
		{"safe\u202egpj.exe\u2066", "safegpj.exe"},
		{"<b>bold</b>", "<b>bold</b>"},
		{strings.Repeat("ä", 5000), strings.Repeat("ä", 2000)},
		{strings.Repeat("x\n", 5000), strings.TrimSuffix(strings.Repeat("x\n", 1000), "\n")},
	} {
		if got := Note(test.typed); got != test.want {
			t.Errorf("%.40q: note %.60q (%d bytes), want %.60q (%d)", test.typed, got, len(got), test.want, len(test.want))
		}
		if again := Note(Note(test.typed)); again != Note(test.typed) {
			t.Errorf("%.40q: kept twice it becomes %.60q", test.typed, again)
		}
	}
}

func TestNoteIsKeptFoundAndExported(t *testing.T) {
	h := New()
	for _, id := range []string{"1", "2"} {
		h.Add(Entry{ID: id, Direction: ua.Incoming, Number: "300" + id, Start: time.Date(2026, 5, 4, 13, 0, 0, 0, time.UTC)})
	}
	if !h.SetNote("1", "=Wants a copy\nby mail") || h.SetNote("1", "=Wants a copy\nby mail ") || h.SetNote("9", "nobody") {
		t.Error("a note is new once, and only where there is a call")
	}
	memory := &store.Memory{}
	if err := h.Save(t.Context(), memory, "calls"); err != nil {
		t.Fatal(err)
	}
	again, err := Load(t.Context(), memory, "calls")
	if err != nil {
		t.Fatal(err)
	}
	if e, _ := again.Entry("1"); e.Note != "=Wants a copy\nby mail" {
		t.Errorf("stored and read: %q", e.Note)
	}
	if found := again.Search("copy mail", 0, nil); len(found) != 1 || found[0].ID != "1" {
		t.Errorf("searched by its words: %v", found)
	}
	data, err := WriteCSV(again.Entries(), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(data); !strings.Contains(got, ",Note\r\n") || !strings.Contains(got, "\"'=Wants a copy\r\nby mail\"") {
		t.Errorf("the table is %q, want a column with the note, which no spreadsheet runs", got)
	}
}

// TestNoteOfAnotherPageStays joins what two pages have written about two calls.
func TestNoteOfAnotherPageStays(t *testing.T) {
	base, ours, theirs := New(), New(), New()
	for _, h := range []*History{base, ours, theirs} {
		for _, id := range []string{"1", "2"} {
			h.Add(Entry{ID: id, Number: "3001", Start: time.Date(2026, 5, 4, 13, 0, 0, 0, time.UTC)})
		}
	}
	ours.SetNote("1", "here")
	theirs.SetNote("2", "there")
	doc := func(h *History) []byte {
		memory := &store.Memory{}
		if err := h.Save(t.Context(), memory, "calls"); err != nil {
			t.Fatal(err)
		}
		return memory.Data["calls"]
	}
	if differs, err := ours.Join(doc(base), doc(theirs)); err != nil || !differs {
		t.Fatalf("joined: differs %t, %v", differs, err)
	}
	first, _ := ours.Entry("1")
	second, _ := ours.Entry("2")
	if first.Note != "here" || second.Note != "there" {
		t.Errorf("notes are %q and %q, want those of both pages", first.Note, second.Note)
	}
}
