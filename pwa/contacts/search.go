package contacts

import (
	"slices"
	"strings"

	"github.com/gowebphone/webphone/pwa/number"
)

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
	list := b.Find(query, limit)
	found := make([]Contact, list.Len())
	for i := range found {
		found[i] = list.row(i).clone()
	}
	return found
}

// Find is Search that makes no copies.
func (b *Book) Find(query string, limit int) List {
	all := b.indexed().rows
	if limit <= 0 {
		limit = len(all)
	}
	q := b.query(query)
	if q.empty() {
		if strings.TrimSpace(query) != "" {
			return List{}
		}
		return List{rows: all[:min(limit, len(all))]}
	}
	return List{rows: all, at: best(b.ranks(q), limit)}
}

// best lists the rows that were hit by their ranks, those of one rank in their order.
func best(ranks []uint8, limit int) []int32 {
	var next [rankNone + 1]int // where the next row of a rank goes; begins as how many have the rank before
	for _, rank := range ranks {
		if rank < rankNone {
			next[rank+1]++
		}
	}
	for rank := range rankNone {
		next[rank+1] += next[rank]
	}
	list := make([]int32, min(limit, next[rankNone]))
	for row, rank := range ranks {
		if rank == rankNone {
			continue
		}
		if at := next[rank]; at < len(list) {
			list[at] = int32(row)
		}
		next[rank]++
	}
	return list
}

// bookIndex is what is searched and shown, and stays as it is when the book changes. It holds the words and the digits of
// all rows in one piece each, so that a search reads memory in a row.
type bookIndex struct {
	rows             []*bookRow
	text, digits     string
	textAt, digitsAt []int // where the row with that index begins; one more for the end
}

// indexed makes the index anew when rows have changed.
func (b *Book) indexed() *bookIndex {
	if b.index == nil {
		b.index = b.newIndex(func() {})
	}
	return b.index
}

func (b *Book) newIndex(step func()) *bookIndex {
	ix := &bookIndex{rows: slices.Clone(b.rows), textAt: make([]int, 0, len(b.rows)+1), digitsAt: make([]int, 0, len(b.rows)+1)}
	var text, digits strings.Builder
	for _, r := range b.rows {
		step()
		ix.textAt, ix.digitsAt = append(ix.textAt, text.Len()), append(ix.digitsAt, digits.Len())
		text.WriteString(r.text())
		text.WriteByte('\n')
		digits.WriteString(r.digits())
		digits.WriteByte('\n')
	}
	ix.textAt, ix.digitsAt = append(ix.textAt, text.Len()), append(ix.digitsAt, digits.Len())
	ix.text, ix.digits = text.String(), digits.String()
	return ix
}

// ranks is how well each row fits a query, until the next call.
func (b *Book) ranks(q bookQuery) []uint8 {
	ix := b.indexed()
	ranks := slices.Grow(b.ranked[:0], len(ix.rows))[:len(ix.rows)]
	b.ranked = ranks
	for i := range ranks {
		ranks[i] = rankNone
	}
	scanRows(ix.text, ix.textAt, q.rarest(), func(row int, text string) { ranks[row] = q.rankText(text) })
	for _, d := range q.digits {
		scanRows(ix.digits, ix.digitsAt, d, func(row int,
			digits string) {
			ranks[row] = min(ranks[row], rankDigitsIn(digits, d))
		})
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
	digits []string // what the digits may look like in a number, with a space in front where it has to begin with them
}

func (q bookQuery) empty() bool { return len(q.words) == 0 && len(q.digits) == 0 }

const maxQueryWords = 8

func (b *Book) query(text string) bookQuery {
	text = number.OneLine(text, 100)
	var q bookQuery
	for word := range strings.FieldsSeq(number.Fold(text)) {
		if len(q.words) < maxQueryWords {
			q.words = append(q.words, " "+word)
		}
	}
	digits, whole := number.Digits(text)
	if digits = strings.TrimPrefix(digits, "+"); whole && digits != "" {
		q.digits = append([]string{digits}, b.dialled(digits)...)
	}
	if n := number.Read(text, b.plan); n.Form != number.ByName && n.Form != number.Empty && !slices.Contains(q.digits, n.Digits) {
		q.digits = append(q.digits, n.Digits) // as it is called: "+44 (0)20", "tel:"
	}
	return q
}

// dialled is what numbers begin with that are dialled with a prefix in front.
func (b *Book) dialled(digits string) (forms []string) {
	for _, prefix := range []string{b.plan.International, b.plan.Trunk} {
		rest, found := strings.CutPrefix(digits, prefix)
		if !found || prefix == "" || rest == "" {
			continue
		}
		if prefix == b.plan.Trunk {
			forms = append(forms, " "+b.plan.Country+rest)
			continue
		}
		forms = append(forms, " "+rest)
	}
	return forms
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
	switch {
	case strings.Contains(digits, " "+strings.TrimPrefix(part, " ")):
		return rankNumber
	case strings.Contains(digits, part):
		return rankInside
	}
	return rankNone
}

// Hit is a number that was found, and whose it is.
type Hit struct {
	Contact Contact // its numbers must not be changed
	Number  Number
}

// Hits lists the numbers of at most limit contacts that Search finds: those that hold the digits asked for, all of them when
// the name was asked for.
func (b *Book) Hits(query string, limit int) []Hit {
	var hits []Hit
	found := b.Find(query, limit)
	for i := range found.Len() {
		r := found.row(i)
		for _, n := range b.fitting(r, query) {
			hits = append(hits, Hit{r.Contact, n})
		}
	}
	return hits
}

// fitting lists the numbers of a row that hold the digits asked for; all of them when the name was asked for.
func (b *Book) fitting(r *bookRow, query string) []Number {
	q := b.query(query)
	var fit []Number
	for i := range r.spots {
		n := r.number(i)
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
