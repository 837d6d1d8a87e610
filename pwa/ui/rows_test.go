package ui

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
)

// found are the contacts a search has found, and the rows that a window of them draws.
func found(s *screen.Snapshot, n int) {
	s.List, s.Contacts.Total, s.Contacts.Found = screen.PageContacts, 20000, n
	s.Contacts.From, n = s.Contacts.Window()
	s.Contacts.Rows = make([]screen.Contact, n-s.Contacts.From)
}

// TestRowsAreDrawnInPieces opens a long list: never are more than some rows made at once, soon all of them are there, and they
// stay until the list is left.
func TestRowsAreDrawnInPieces(t *testing.T) {
	var r rows
	var s screen.Snapshot
	show := func(n int) int {
		found(&s, n)
		before := r.now
		drawn := r.show(s).Contacts.Drawn
		if drawn > before+rowsAtOnce {
			t.Fatalf("%d rows are made at once", drawn-before)
		}
		return drawn
	}
	for _, want := range []int{10, 20, 28} {
		if got := show(20000); got != want || show(20000) != want || r.more() != (want < 28) {
			t.Fatalf("%d rows are drawn, want %d; more wait: %v", got, want, r.more())
		}
		r.grow(s)
	}
	if show(3) != 28 || show(0) != 28 || show(20000) != 28 {
		t.Error("rows that were made are made again")
	}
	s.List = screen.PageHistory
	if r.show(s); r.now != 0 || r.more() {
		t.Error("the list is left, and its rows count")
	}
}

var hiddenRow = regexp.MustCompile(`<li[^>]* hidden`)

// TestDrawingPartOfAListKeepsItsHeight draws parts of a list, of which as many rows are found as the limit, fewer and more.
func TestDrawingPartOfAListKeepsItsHeight(t *testing.T) {
	for _, n := range []int{0, 1, 5, 10, 11, 28, 500, 20000} {
		for _, limit := range []int{0, 1, 5, 10, 20, 28, 100} {
			v := view(func(s *screen.Snapshot) { found(s, n) })
			v.S.Contacts.Drawn = limit
			html := app.HTMLString(contactsBody(v))
			made, hidden := strings.Count(html, "<li"), len(hiddenRow.FindAllString(html, -1))
			want := len(v.S.Contacts.Rows) + v.S.Contacts.Spare()
			if limit > 0 {
				want = min(want, limit)
			}
			shown := min(want, len(v.S.Contacts.Rows))
			if made != want || made-hidden != shown {
				t.Errorf("%d found, at most %d: %d rows, %d of them hidden; want %d, %d seen", n, limit, made, hidden, want,
					shown)
			}
			if below := `height="` + strconv.Itoa((n-shown)*64) + `"`; !strings.Contains(html, below) {
				t.Errorf("%d found, at most %d: the rest is not %s high", n, limit, below)
			}
		}
	}
}
