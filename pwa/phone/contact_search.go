package phone

import "strings"

// Ranks of a hit, best first.
const (
	rankName   uint8 = iota // the name begins with the query
	rankWord                // a word begins with it
	rankNumber              // a number begins with it
	rankInside              // it stands somewhere inside
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
	for i, rank := range b.ranks(q) {
		if rank < rankNone && len(ranked[rank]) < limit {
			ranked[rank] = append(ranked[rank], b.rows[i])
		}
	}
	var found []*bookRow
	for _, rows := range ranked {
		found = append(found, rows[:min(len(rows), limit-len(found))]...)
	}
	return found
}

// bookIndex holds the words and the digits of all rows in one piece each, so that a search reads memory in a row.
type bookIndex struct {
	text, digits     string
	textAt, digitsAt []int // where the row with that index begins; one more for the end
}

// indexed makes the index anew when rows have changed.
func (b *Book) indexed() *bookIndex {
	if b.index != nil {
		return b.index
	}
	ix := &bookIndex{textAt: make([]int, 0, len(b.rows)+1), digitsAt: make([]int, 0, len(b.rows)+1)}
	var text, digits strings.Builder
	for _, r := range b.rows {
		ix.textAt, ix.digitsAt = append(ix.textAt, text.Len()), append(ix.digitsAt, digits.Len())
		text.WriteString(r.text)
		text.WriteByte('\n')
		digits.WriteString(r.digits)
		digits.WriteByte('\n')
	}
	ix.textAt, ix.digitsAt = append(ix.textAt, text.Len()), append(ix.digitsAt, digits.Len())
	ix.text, ix.digits = text.String(), digits.String()
	b.index = ix
	return ix
}

// ranks is how well each row fits a query.
func (b *Book) ranks(q bookQuery) []uint8 {
	ix := b.indexed()
	ranks := make([]uint8, len(b.rows))
	for i := range ranks {
		ranks[i] = rankNone
	}
	scanRows(ix.text, ix.textAt, q.rarest(), func(row int, text string) { ranks[row] = q.rankText(text) })
	for _, d := range q.digits {
		scanRows(ix.digits, ix.digitsAt, d, func(row int, digits string) { ranks[row] = min(ranks[row], rankDigitsIn(digits, d)) })
	}
	return ranks
}

// scanRows calls hit for each row that holds part.
func scanRows(all string, starts []int, part string, hit func(row int, text string)) {
	if part == "" {
		return
	}
	for row, from := 0, 0; ; {
		at := strings.Index(all[from:], part)
		if at < 0 {
			return
		}
		for starts[row+1] <= from+at {
			row++
		}
		hit(row, all[starts[row]:starts[row+1]])
		row, from = row+1, starts[row+1]
	}
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

// rarest is the longest word, which the fewest rows hold.
func (q bookQuery) rarest() string {
	longest := ""
	for _, w := range q.words {
		if len(w)-1 > len(longest) {
			longest = w[1:]
		}
	}
	return longest
}

// rankText is how well the words of a row fit: the worst of the words asked for, so that all of them have to be found.
func (q bookQuery) rankText(text string) uint8 {
	var worst uint8
	for _, word := range q.words {
		worst = max(worst, rankWordIn(text, word))
	}
	return worst
}

func rankWordIn(text, word string) uint8 {
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

func rankDigitsIn(digits, part string) uint8 {
	at := strings.Index(digits, part)
	switch {
	case at < 0:
		return rankNone
	case digits[at-1] == ' ':
		return rankNumber
	}
	return rankInside
}
