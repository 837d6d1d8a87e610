package phone

import (
	"strings"
)

// Ranks of a hit, best first.
const (
	rankName   = iota // the name begins with the query
	rankWord          // a word begins with it
	rankNumber        // a number begins with it
	rankInside        // it stands somewhere inside
	rankNone
)

// Search finds contacts by the beginning or a part of any word of name, organisation, customer, type or category, or of a
// number, without regard to case and diacritics. Of several words each must be found. Better hits come first, equal ones
// in order of their names; limit 0 means all. An empty query finds everything.
func (b *Book) Search(query string, limit int) []Contact {
	found := []Contact{}
	for _, r := range b.find(query, limit) {
		found = append(found, r.clone())
	}
	return found
}

func (b *Book) find(query string, limit int) []*bookRow {
	if limit <= 0 {
		limit = len(b.rows)
	}
	q := b.query(query)
	if q.empty() {
		if strings.TrimSpace(query) != "" {
			return nil
		}
		return b.rows[:min(limit, len(b.rows))]
	}
	var ranked [rankNone][]*bookRow
	for _, r := range b.rows {
		if rank := q.rank(r); rank < rankNone && len(ranked[rank]) < limit {
			ranked[rank] = append(ranked[rank], r)
			if rank == rankName && len(ranked[rank]) == limit {
				break
			}
		}
	}
	var found []*bookRow
	for _, rows := range ranked {
		found = append(found, rows[:min(len(rows), limit-len(found))]...)
	}
	return found
}

// bookQuery is a query made ready.
type bookQuery struct {
	words  []string // folded, each with a space in front
	digits []string // what the digits may look like in a number
}

func (q bookQuery) empty() bool { return len(q.words) == 0 && len(q.digits) == 0 }

const maxQueryWords = 8

func (b *Book) query(text string) bookQuery {
	text = cleanText(text, 100)
	var q bookQuery
	for word := range strings.FieldsSeq(Fold(text)) {
		if len(q.words) < maxQueryWords {
			q.words = append(q.words, " "+word)
		}
	}
	digits, ok := numberDigits(text)
	digits = strings.TrimPrefix(digits, "+")
	if !ok || digits == "" {
		return q
	}
	q.digits = []string{digits}
	for _, prefix := range []string{b.plan.International, b.plan.Trunk} {
		rest, found := strings.CutPrefix(digits, prefix)
		if !found || prefix == "" || rest == "" {
			continue
		}
		if prefix == b.plan.Trunk {
			q.digits = append(q.digits, b.plan.Country+rest)
			continue
		}
		q.digits = append(q.digits, rest)
	}
	return q
}

// rank is how well a row fits: the worst of its words, so that all of them have to be found.
func (q bookQuery) rank(r *bookRow) int {
	worst := rankNone
	for i, word := range q.words {
		rank := rankWordIn(r.text, word)
		if rank == rankNone {
			worst = rankNone
			break
		}
		if i == 0 || rank > worst {
			worst = rank
		}
	}
	for _, d := range q.digits {
		worst = min(worst, rankDigitsIn(r.digits, d))
	}
	return worst
}

func rankWordIn(text, word string) int {
	at := strings.Index(text, word[1:])
	switch {
	case at < 0:
		return rankNone
	case at == 1:
		return rankName
	case text[at-1] == ' ' || strings.Contains(text[at:], word):
		return rankWord
	}
	return rankInside
}

func rankDigitsIn(digits, part string) int {
	at := strings.Index(digits, part)
	switch {
	case at < 0:
		return rankNone
	case digits[at-1] == ' ':
		return rankNumber
	}
	return rankInside
}
