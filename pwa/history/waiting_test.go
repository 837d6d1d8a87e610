package history

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/store"
)

// waiting writes who waits: "3001 x2".
func waiting(h *History, since time.Time) string {
	var list []string
	for _, g := range h.Waiting(since, 10, british) {
		list = append(list, fmt.Sprintf("%s x%d", g.Newest().Number, len(g.Entries)))
	}
	return strings.Join(list, ", ")
}

func TestWhoWaitsForACall(t *testing.T) {
	missed := func(id, number string, at int) Entry {
		return Entry{ID: id, Direction: ua.Incoming, Number: number, Missed: true,
			Start: noon.Add(time.Duration(at) * time.Minute)}
	}
	talked := func(id, number string, at int, d ua.Direction) Entry {
		return Entry{ID: id, Direction: d, Number: number, Start: noon.Add(time.Duration(at) * time.Minute), Answered: noon,
			Duration: time.Minute}
	}
	for _, test := range []struct {
		why   string
		calls []Entry
		done  string
		want  string
	}{
		{"nobody", nil, "", ""},
		{"two in a row, in two spellings", []Entry{missed("1", "+442079460347", 0), missed("2", "020 7946 0347", 1)}, "",
			"020 7946 0347 x2"},
		{"the newest first", []Entry{missed("1", "3001", 0), missed("2", "3002", 1), missed("3", "3001", 2)}, "",
			"3001 x2, 3002 x1"},
		{"called back", []Entry{missed("1", "3001", 0), talked("2", "3001", 1, ua.Outgoing)}, "", ""},
		{"called again and answered", []Entry{missed("1", "3001", 0), talked("2", "3001", 1, ua.Incoming)}, "", ""},
		{"tried in vain", []Entry{missed("1", "3001", 0),
			{ID: "2", Direction: ua.Outgoing, Number: "3001", Start: noon.Add(time.Minute)}}, "", "3001 x1"},
		{"missed after a talk", []Entry{missed("0", "3001", -2), talked("1", "3001", -1, ua.Incoming), missed("2", "3001", 1)},
			"", "3001 x1"},
		{"done", []Entry{missed("1", "3001", 0), missed("2", "3001", 1), missed("3", "3002", 2)}, "1", "3002 x1"},
		{"withheld", []Entry{missed("1", "", 0)}, "", ""},
		{"too long ago", []Entry{missed("1", "3001", -61)}, "", ""},
	} {
		h := New()
		h.Restore(test.calls)
		if test.done != "" && (!h.MarkDone(test.done, british) || h.MarkDone(test.done, british)) {
			t.Errorf("%s: marked done not once", test.why)
		}
		if got := waiting(h, noon.Add(-time.Hour)); got != test.want {
			t.Errorf("%s: %q, want %q", test.why, got, test.want)
		}
	}
	h := New()
	h.Restore([]Entry{missed("1", "3001", 0)})
	h.MarkDone("1", british)
	h.Add(missed("2", "3001", 5))
	if got := waiting(h, noon.Add(-time.Hour)); got != "3001 x1" {
		t.Errorf("done, then missed again: %q", got)
	}
	memory := &store.Memory{}
	if err := h.Save(t.Context(), memory, "calls"); err != nil {
		t.Fatal(err)
	}
	again, err := Load(t.Context(), memory, "calls")
	if err != nil {
		t.Fatal(err)
	}
	if e, _ := again.Entry("1"); !e.Done {
		t.Error("what is done is not stored")
	}
}
