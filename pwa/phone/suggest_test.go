package phone

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
	b.Import([]contacts.Contact{{Name: "Pharmacy", Numbers: []contacts.Number{{Name: "Desk", Number: "2001"}, {Name: "Mobile", Number: "07700 900123"}}},
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

// people is a phone that knows some.
func people(typed string, names ...string) screen.Snapshot {
	s := then(idle(), screen.Type{Text: typed})
	for i, name := range names {
		s.Suggestions = append(s.Suggestions, screen.Suggestion{Name: name, Number: "20" + strconv.Itoa(i), ContactID: "c" + strconv.Itoa(i)})
	}
	s.Marked = remarked(s, screen.Suggestion{}, false)
	return s
}

// TestWhomDialCalls types and presses Dial: a name calls who is marked and nobody else.
func TestWhomDialCalls(t *testing.T) {
	helens := people("helen", "Helen Berg", "Helen Katz")
	known := then(helens, screen.Mark{By: 1})
	known.Fits++
	stranger := people("helen", "Helen", "Helena")
	for i := range stranger.Suggestions {
		stranger.Suggestions[i].ContactID = ""
	}
	stranger.Marked = remarked(stranger, screen.Suggestion{}, false)
	for _, test := range []struct {
		why    string
		from   screen.Snapshot
		act    Event
		called string
	}{
		{"a name with one fit", people("helen", "Helen Berg"), screen.Dial{Text: "helen"}, "200"},
		{"a name with two: the first is marked", helens, screen.Dial{Text: "helen"}, "200"},
		{"the marked one", then(helens, screen.Mark{By: 1}), screen.Dial{Text: "helen"}, "201"},
		{"the mark goes round", then(helens, screen.Mark{By: 1}, screen.Mark{By: 1}), screen.Dial{Text: "helen"}, "200"},
		{"and back", then(helens, screen.Mark{By: -1}), screen.Dial{Text: "helen"}, "201"},
		{"a name that fits nobody", people("marten"), screen.Dial{Text: "marten"}, ""},
		{"which can be called as an address", people("marten"), screen.MakeCall{Target: "marten"}, "marten"},
		{"an address", people("marten@example.com"), screen.Dial{Text: "marten@example.com"}, "marten@example.com"},
		{"a URI", people("sip:marten"), screen.Dial{Text: "sip:marten"}, "sip:marten"},
		{"a number, whoever it fits", people("20", "Helen Berg"), screen.Dial{Text: "20"}, "20"},
		{"a number with a mark", then(people("20", "Helen Berg"), screen.Mark{By: 1}), screen.Dial{Text: "20"}, "200"},
		{"from below, the last", then(people("20", "Helen Berg", "Helen Katz"), screen.Mark{By: -1}), screen.Dial{Text: "20"}, "201"},
		{"other people than were seen", known, screen.Dial{Text: "helen", Fits: helens.Fits}, ""},
		{"what strangers call themselves", stranger, screen.Dial{Text: "helen"}, ""},
		{"unless it is chosen", then(stranger, screen.Mark{By: 1}), screen.Dial{Text: "helen"}, "200"},
		{"another text than was seen", helens, screen.Dial{Text: "hele"}, ""},
	} {
		next := Reduce(test.from, test.act)
		if got := next.Placed.Target; got != test.called || next.Placed.Count != len(test.called[:min(1, len(test.called))]) {
			t.Errorf("%s: called %q, want %q", test.why, got, test.called)
		}
	}
	if s := then(helens, screen.Mark{By: 1}, screen.Type{Text: "hele"}); s.Marked != 0 {
		t.Errorf("mark %d after typing on, want that to begin anew", s.Marked)
	}
}

func TestMarkStaysWithWhomItWasOn(t *testing.T) {
	s := people("20", "Helen Berg", "Helen Katz", "Helen Lee")
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
