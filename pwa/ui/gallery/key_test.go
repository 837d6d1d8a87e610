package main

import (
	"strconv"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/screen"
)

// worked is a phone of some months: many calls, and a page with a list beside the number field.
func worked(page screen.Page) screen.Snapshot {
	b, h := contacts.NewBook(numbering), history.New()
	for i := range 20 {
		b.Add(contacts.Contact{Name: "Person " + strconv.Itoa(i), Numbers: []contacts.Number{{Number: strconv.Itoa(6000 + i)}}})
	}
	for i := range 400 {
		h.Add(history.Entry{ID: "call" + strconv.Itoa(i), Direction: ua.Outgoing, Number: strconv.Itoa(6000 + i%50),
			Start: began.Add(-time.Duration(i) * time.Hour), Duration: time.Minute})
	}
	return books.Fill(then(idle(), screen.Show{Page: page}, screen.Show{Page: screen.PagePhone}), b, h)
}

// typed is what a digit makes of a page: the lists stay as they are, and other numbers fit.
func typedOn(s screen.Snapshot, text string) screen.Snapshot {
	next := phone.Reduce(s, screen.Type{Text: text})
	next.Suggestions = nil
	for i := range 6 {
		next.Suggestions = append(next.Suggestions,
			screen.Suggestion{Name: "Person " + strconv.Itoa(i), Number: text + strconv.Itoa(i)})
	}
	return next
}

// A key draws what it changes: the number field and what fits it, and none of the hundreds of rows beside them.
func TestAKeyDrawsWhatItChanges(t *testing.T) {
	const most = 1400 // a page drawn whole takes 6,000 to 12,000
	for _, page := range []screen.Page{screen.PageHistory, screen.PageContacts, screen.PageSettings} {
		s := worked(page)
		keys := []screen.Snapshot{typedOn(s, "6"), typedOn(s, "60")}
		st, i := newStage(t, s), 0
		got := testing.AllocsPerRun(20, func() {
			i++
			st.change(keys[i%2])
		})
		if got > most {
			t.Errorf("%s: %.0f allocations for a key, want at most %d", page, got, most)
		}
	}
}

// A second of a call moves its times, and no list.
func TestASecondDrawsWhatItChanges(t *testing.T) {
	const most = 2000
	s := phone.Reduce(worked(screen.PageHistory), out("1", ua.CallEstablished))
	st, i := newStage(t, s), 0
	got := testing.AllocsPerRun(20, func() {
		i++
		st.change(phone.Reduce(s, after(i)))
	})
	if got > most {
		t.Errorf("%.0f allocations for a second, want at most %d", got, most)
	}
}

func BenchmarkKey(b *testing.B) {
	for _, page := range []screen.Page{screen.PageHistory, screen.PageContacts} {
		b.Run(string(page), func(b *testing.B) {
			s := worked(page)
			keys := []screen.Snapshot{typedOn(s, "6"), typedOn(s, "60")}
			st, i := newStage(b, s), 0
			b.ReportAllocs()
			for b.Loop() {
				i++
				st.change(keys[i%2])
			}
		})
	}
}
