package books

import (
	"slices"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
)

// suggest offers whom to call for what stands in the number field: numbers called or missed that fit, newest first, then
// contacts. An empty field gets the latest calls. Each number comes once for each of those who have it.
func suggest(b *contacts.Book, h *history.History, query string, limit int) []screen.Suggestion {
	s := suggester{plan: b.Plan(), limit: limit, seen: map[string]bool{}}
	for _, e := range h.Search(query, limit, b.CallerName) {
		if e.Number == "" {
			continue
		}
		g := screen.Suggestion{Name: e.Name, Number: e.Number, Called: e.Start, Missed: e.Missed,
			Direction: screen.Direction(e.Direction)}
		if c, n, ok := b.Caller(e.Number); ok {
			g.Name, g.Label, g.ContactID = c.Name, n.Name, c.ID
		}
		s.add(g)
	}
	if query == "" {
		return s.list
	}
	for _, hit := range b.Hits(query, limit) {
		n := hit.Number
		s.add(screen.Suggestion{Name: hit.Contact.Name, Number: n.Dial(), Label: n.Name, ContactID: hit.Contact.ID})
	}
	return s.list
}

// remarked is the mark on other suggestions: it stays with whom it was on. A name alone calls nobody, so the first contact
// that fits one is marked by itself, or who alone fits. What callers say they are called counts less.
func remarked(s screen.Snapshot, was screen.Suggestion, chosen bool) int {
	if i := slices.Index(s.Suggestions, was); chosen && i >= 0 {
		return i + 1
	}
	i := slices.IndexFunc(s.Suggestions, func(g screen.Suggestion) bool { return g.ContactID != "" })
	switch {
	case !number.IsName(s.Dial):
		return 0
	case len(s.Suggestions) == 1:
		return 1
	}
	return i + 1
}

type suggester struct {
	plan  config.Numbering
	limit int
	seen  map[string]bool
	list  []screen.Suggestion
}

func (s *suggester) add(g screen.Suggestion) {
	n := number.Read(g.Number, s.plan)
	key := n.String() + " " + n.Extension + " " + g.ContactID // people may share a number
	if len(s.list) < s.limit && !s.seen[key] {
		s.seen[key] = true
		s.list = append(s.list, g)
	}
}
