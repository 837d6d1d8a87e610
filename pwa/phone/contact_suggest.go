package phone

import (
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
)

// Suggestion is a line under the number field while somebody types.
type Suggestion struct {
	Name      string
	Number    string // what is dialled
	Label     string // which number of the contact: "Work"
	ContactID string // "" when it comes from the history alone
	Called    time.Time
	Missed    bool
	Direction ua.Direction // of the call, when there was one
}

// Suggest offers whom to call for what stands in the number field: numbers called or missed that fit, newest first, then
// contacts. An empty field gets the latest calls. Each number comes once.
func Suggest(b *Book, h *History, query string, limit int) []Suggestion {
	s := suggester{plan: b, limit: limit, seen: map[string]bool{}}
	for _, e := range h.search(query, limit, b.callerName) {
		if e.Number == "" {
			continue
		}
		g := Suggestion{Name: e.Name, Number: e.Number, Called: e.Start, Missed: e.Missed, Direction: e.Direction}
		if c, n, ok := b.Caller(e.Number); ok {
			g.Name, g.Label, g.ContactID = c.Name, n.Name, c.ID
		}
		s.add(g)
	}
	if query == "" {
		return s.list
	}
	found := b.find(query, limit)
	for i := range found.Len() {
		r := found.row(i)
		for _, n := range b.fitting(r, query) {
			s.add(Suggestion{Name: r.Name, Number: n.Number, Label: n.Name, ContactID: r.ID})
		}
	}
	return s.list
}

type suggester struct {
	plan  *Book
	limit int
	seen  map[string]bool
	list  []Suggestion
}

func (s *suggester) add(g Suggestion) {
	key := ReadNumber(g.Number, s.plan.plan).String()
	if len(s.list) < s.limit && !s.seen[key] {
		s.seen[key] = true
		s.list = append(s.list, g)
	}
}

// fitting lists the numbers of a row that hold the digits asked for; all of them when the name was asked for.
func (b *Book) fitting(r *bookRow, query string) []ContactNumber {
	q := b.query(query)
	var fit []ContactNumber
	for i, n := range r.numbers {
		for _, d := range q.digits {
			if rankDigitsIn(" "+n.Digits+" "+n.Extension, d) < rankNone {
				fit = append(fit, r.Contact.Numbers[i])
				break
			}
		}
	}
	if len(fit) == 0 {
		return r.Contact.Numbers
	}
	return fit
}
