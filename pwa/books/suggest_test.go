package books

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
)

func TestSuggest(t *testing.T) {
	b := contacts.NewBook(config.Numbering{Country: "44", Trunk: "0", International: "00"})
	b.Import([]contacts.Contact{{Name: "Pharmacy",
		Numbers: []contacts.Number{{Name: "Desk", Number: "2001"}, {Name: "Mobile", Number: "07700 900123"}}},
		{Name: "Front Desk", Numbers: []contacts.Number{{Name: "Work", Number: "2002"}}}}, contacts.KeepBoth, nil)
	h := history.New()
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	h.Add(history.Entry{Direction: ua.Outgoing, Number: "2001", Start: at})
	h.Add(history.Entry{Direction: ua.Incoming, Number: "2009", Name: "Lab", Missed: true, Start: at.Add(time.Hour)})
	h.Add(history.Entry{Direction: ua.Incoming, Start: at.Add(2 * time.Hour)}) // hidden number
	show := func(list []screen.Suggestion) string {
		var lines []string
		for _, s := range list {
			lines = append(lines, strings.Join(strings.Fields(s.Name+" "+s.Label+" "+s.Number), " "))
		}
		return strings.Join(lines, "; ")
	}
	for query, want := range map[string]string{
		"":     "Lab 2009; Pharmacy Desk 2001",
		"200":  "Lab 2009; Pharmacy Desk 2001; Front Desk Work 2002",
		"phar": "Pharmacy Desk 2001; Pharmacy Mobile 07700 900123",
		"0770": "Pharmacy Mobile 07700 900123",
		"zz":   "",
	} {
		if got := show(suggest(b, h, query, 5)); got != want {
			t.Errorf("suggest(%q) = %s, want %s", query, got, want)
		}
	}
	if got := suggest(b, h, "200", 1); len(got) != 1 {
		t.Errorf("a limit of 1 gives %d", len(got))
	}
}

func TestMarkStaysWithWhomItWasOn(t *testing.T) {
	s := screen.Snapshot{}
	s.Dial = "20"
	for i, name := range []string{"Helen Berg", "Helen Katz", "Helen Lee"} {
		s.Suggestions = append(s.Suggestions, screen.Suggestion{Name: name, Number: "20" + strconv.Itoa(i), ContactID: "c" +
			strconv.Itoa(i)})
	}
	was := s.Suggestions[1]
	s.Suggestions = s.Suggestions[1:]
	if got := remarked(s, was, true); got != 1 {
		t.Errorf("mark %d, want it to move with Helen Katz", got)
	}
	s.Suggestions = s.Suggestions[1:]
	if got := remarked(s, was, true); got != 0 {
		t.Errorf("mark %d, want none when she is gone: nobody else was chosen", got)
	}
}
