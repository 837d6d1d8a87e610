package phone

import (
	"strconv"
	"testing"

	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
)

// people is a phone that knows some.
func people(typed string, names ...string) screen.Snapshot {
	s := then(idle(), screen.Type{Text: typed})
	for i, name := range names {
		s.Suggestions = append(s.Suggestions, screen.Suggestion{Name: name, Number: "20" + strconv.Itoa(i), ContactID: "c" +
			strconv.Itoa(i)})
	}
	s.Marked = choose(number.IsName(typed) && len(names) > 0, 1, 0)
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
	stranger.Marked = 0
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
		{"from below, the last", then(people("20", "Helen Berg", "Helen Katz"), screen.Mark{By: -1}), screen.Dial{Text: "20"},
			"201"},
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
