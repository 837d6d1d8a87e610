package history

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/store"
)

var parties = []string{"", "1001", "1002", "+442079460000", "020 7946 0000", "0044 20 7946 0001", "front.desk@example.com", "*98"}

// entryByChance is a call of one of few moments, so that some begin at the same one.
func entryByChance(rnd *rand.Rand) Entry {
	e := Entry{ID: fmt.Sprint("call", rnd.IntN(40)), Number: parties[rnd.IntN(len(parties))],
		Start:     noon.Add(-time.Duration(rnd.IntN(60)) * time.Hour),
		Direction: ua.Direction(rnd.IntN(2)), Cause: ua.CauseKind(rnd.IntN(5)), Code: []int{0, 486, 603}[rnd.IntN(3)]}
	if rnd.IntN(2) == 0 {
		e.Answered, e.Duration = e.Start.Add(3*time.Second), time.Duration(rnd.IntN(600))*time.Second
	} else {
		e.Missed, e.Seen = e.Direction == ua.Incoming, rnd.IntN(2) == 0
	}
	if rnd.IntN(3) == 0 {
		e.Name, e.Note = []string{"Ann", "Müller", "Ann \u202eLee"}[rnd.IntN(2)],
			[]string{"", "asked for a price\ncalls back"}[rnd.IntN(2)]
	}
	return e
}

func historyByChance(rnd *rand.Rand, most int) *History {
	h := New()
	for range rnd.IntN(most) {
		h.Add(entryByChance(rnd))
	}
	return h
}

// TestHistoryKeepsItsOrder adds, deletes, restores and prunes by chance: newest first, each call once.
func TestHistoryKeepsItsOrder(t *testing.T) {
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 37))
		h, want := New(), map[string]Entry{}
		for range 60 {
			switch e := entryByChance(rnd); rnd.IntN(6) {
			case 0:
				for _, gone := range h.Delete(e.ID, "nobody") {
					delete(want, gone.ID)
				}
				if _, there := h.Entry(e.ID); there || want[e.ID].ID != "" {
					t.Fatalf("seed %d: %s is there after it was deleted", seed, e.ID)
				}
			case 1:
				gone := h.Delete(e.ID, "call1", "call2")
				h.Restore(gone)
			case 2:
				if rnd.IntN(4) == 0 {
					h.Restore(h.Clear())
				}
			default:
				want[e.ID] = h.Add(e)
			}
		}
		all := h.Entries()
		if len(all) != len(want) || h.Len() != len(want) || !slices.IsSortedFunc(all, newestFirst) {
			t.Fatalf("seed %d: %d calls of %d, in order %v", seed, len(all), len(want), slices.IsSortedFunc(all, newestFirst))
		}
		for _, e := range all {
			if got, there := h.Entry(e.ID); !there || got != want[e.ID] || e != got {
				t.Fatalf("seed %d: %+v, want %+v", seed, got, want[e.ID])
			}
		}
		if newest, ok := h.Newest(); ok != (len(all) > 0) || ok && newest != all[0] {
			t.Errorf("seed %d: the newest is %+v", seed, newest)
		}
	}
}

// TestHistoryIsReadInAnyOrder stores calls and reads them with their rows shuffled and some of them twice, as another program may
// have left them.
func TestHistoryIsReadInAnyOrder(t *testing.T) {
	for seed := range uint64(100) {
		rnd := rand.New(rand.NewPCG(seed, 41))
		h := historyByChance(rnd, 30)
		rows := h.stored()
		if len(rows) > 0 {
			rows = append(rows, rows[rnd.IntN(len(rows))])
		}
		rnd.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		data, err := json.Marshal(rows)
		if err != nil {
			t.Fatal(err)
		}
		var got History
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(got.Entries(), h.Entries(), sameEntry) {
			t.Fatalf("seed %d:\ngot  %+v\nwant %+v", seed, got.Entries(), h.Entries())
		}
	}
}

// TestCallsWithAParty looks at each call, and lets a limit take the newest.
func TestCallsWithAParty(t *testing.T) {
	for seed := range uint64(100) {
		rnd := rand.New(rand.NewPCG(seed, 43))
		h := historyByChance(rnd, 40)
		for _, who := range append(slices.Clone(parties), "+44 20 7946 0001") {
			var want []Entry
			for _, e := range h.Entries() {
				if e.Number != "" && (number.Same(e.Number, who, british) || number.Same(e.Number, "1002", british)) {
					want = append(want, e)
				}
			}
			for _, limit := range []int{1, 3, 100} {
				if got := h.With(limit, british, who, "1002"); !slices.Equal(got, want[:min(limit, len(want))]) {
					t.Fatalf("seed %d: with %q, at most %d: %d calls of %d", seed, who, limit, len(got), len(want))
				}
			}
		}
		if got := h.With(10, british); len(got) != 0 {
			t.Fatalf("seed %d: %d calls with nobody", seed, len(got))
		}
		if got := h.With(10, british, ""); len(got) != 0 {
			t.Fatalf("seed %d: %d calls with a number that was withheld", seed, len(got))
		}
	}
}

// TestDaysHoldEachCallOnce puts calls into days and lines in zones on both sides of the date line: all of them, in their order,
// each on its day, and a missed call never in one line with others.
func TestDaysHoldEachCallOnce(t *testing.T) {
	for seed := range uint64(100) {
		rnd := rand.New(rand.NewPCG(seed, 47))
		h := historyByChance(rnd, 40)
		zone := time.FixedZone("here", (rnd.IntN(27)-12)*3600)
		var all []Entry
		var last time.Time
		for i, day := range Days(h.Entries(), zone, british) {
			if i > 0 && !day.Date.Before(last) || len(day.Groups) == 0 {
				t.Fatalf("seed %d: day %v behind %v, with %d lines", seed, day.Date, last, len(day.Groups))
			}
			last = day.Date
			for j, g := range day.Groups {
				unseen := 0
				for _, e := range g.Entries {
					if !midnight(e.Start, zone).Equal(day.Date) || e.Missed != g.Missed || e.Direction != g.Newest().Direction {
						t.Fatalf("seed %d: %+v stands in a line of %v, missed %v", seed, e, day.Date, g.Missed)
					}
					if e.Missed && !e.Seen {
						unseen++
					}
				}
				if unseen != g.Unseen {
					t.Fatalf("seed %d: %d unseen, want %d", seed, g.Unseen, unseen)
				}
				if j > 0 && sameLine(day.Groups[j-1].Entries[len(day.Groups[j-1].Entries)-1], g.Newest(), british) && g.Newest().
					Number == day.Groups[j-1].Newest().Number {
					t.Fatalf("seed %d: two lines for one party in a row", seed)
				}
				all = append(all, g.Entries...)
			}
		}
		if !slices.Equal(all, h.Entries()) {
			t.Fatalf("seed %d: %d calls in the days, want %d in their order", seed, len(all), h.Len())
		}
	}
}

// TestPruneKeepsTheNewest leaves as many and as old ones as the configuration says, and tells how many went.
func TestPruneKeepsTheNewest(t *testing.T) {
	for seed := range uint64(100) {
		rnd := rand.New(rand.NewPCG(seed, 53))
		h := historyByChance(rnd, 40)
		before, keep := h.Entries(), config.Retention{Days: rnd.IntN(4), Entries: rnd.IntN(20)}
		gone := h.Prune(noon, keep)
		after := h.Entries()
		if gone != len(before)-len(after) || !slices.Equal(after, before[:len(after)]) {
			t.Fatalf("seed %d: %d gone of %d, %d left", seed, gone, len(before), len(after))
		}
		for i, e := range before {
			young := keep.Days == 0 || !e.Start.Before(noon.AddDate(0, 0, -keep.Days))
			few := keep.Entries == 0 || i < keep.Entries
			if kept := i < len(after); kept != (young && few) {
				t.Fatalf("seed %d, %+v: call %d of %v is kept: %v", seed, keep, i, e.Start, kept)
			}
		}
		if keep == (config.Retention{}) && gone != 0 {
			t.Fatalf("seed %d: %d gone although all are kept", seed, gone)
		}
	}
}

// TestJoinKeepsTheRulesOfMerge joins what two pages have made of one history.
func TestJoinKeepsTheRulesOfMerge(t *testing.T) {
	for seed := range uint64(100) {
		rnd := rand.New(rand.NewPCG(seed, 59))
		base := historyByChance(rnd, 20)
		change := func() *History {
			h := New()
			h.Restore(base.Entries())
			for range rnd.IntN(6) {
				if e := entryByChance(rnd); rnd.IntN(2) == 0 {
					h.Add(e)
				} else {
					h.Delete(e.ID)
				}
			}
			if rnd.IntN(3) == 0 {
				h.MarkSeen()
			}
			return h
		}
		mine, theirs := change(), change()
		want := store.Merge(base.Entries(), mine.Entries(), theirs.Entries(), func(e Entry) string { return e.ID }, sameEntry)
		slices.SortFunc(want, newestFirst)
		differs, err := mine.Join(document(t, base), document(t, theirs))
		if err != nil || !slices.EqualFunc(mine.Entries(), want, sameEntry) {
			t.Fatalf("seed %d: %v\ngot  %+v\nwant %+v", seed, err, mine.Entries(), want)
		}
		if same := slices.EqualFunc(want, theirs.Entries(), sameEntry); differs == same {
			t.Fatalf("seed %d: has to be saved: %v, although it is as theirs: %v", seed, differs, same)
		}
	}
	h := New()
	h.Add(Entry{ID: "mine", Start: noon})
	if _, err := h.Join(nil, []byte("{")); err == nil || h.Len() != 1 {
		t.Errorf("damaged: %v, %d calls", err, h.Len())
	}
	if differs, err := h.Join([]byte("{"), nil); err != nil || !differs || h.Len() != 1 {
		t.Errorf("erased there, new here: %v, %v, %d calls", differs, err, h.Len())
	}
}

func document(t *testing.T, h *History) []byte {
	t.Helper()
	m := &store.Memory{}
	if err := h.Save(t.Context(), m, "h"); err != nil {
		t.Fatal(err)
	}
	return m.Data["h"]
}

func TestRedialListsEachNumberOnce(t *testing.T) {
	for seed := range uint64(60) {
		rnd := rand.New(rand.NewPCG(seed, 61))
		h := historyByChance(rnd, 40)
		var want []Entry
		seen := map[number.Number]bool{}
		for _, e := range h.Entries() {
			if n := number.Read(e.Number, config.Numbering{}); e.Direction == ua.Outgoing && e.Number != "" && !seen[n] {
				seen[n] = true
				want = append(want, e)
			}
		}
		for _, limit := range []int{0, 1, 2} {
			some := want
			if limit > 0 {
				some = want[:min(limit, len(want))]
			}
			if got := h.Redial(limit); len(got) != len(some) || len(some) > 0 && !reflect.DeepEqual(got, some) {
				t.Fatalf("seed %d, limit %d: %d numbers of %d", seed, limit, len(got), len(some))
			}
		}
	}
}

// TestSearchLooksAtWhatACallHas compares the search with its rule, call by call: each word stands in what the call holds or in
// what the caller is called now, or the digits stand in its number.
func TestSearchLooksAtWhatACallHas(t *testing.T) {
	h := New()
	for i, e := range []Entry{
		{Name: "Ann Lee", Number: "+442079460000"}, {Number: "1001"},
		{Number: "front.desk@example.com", URI: "sip:front.desk@example.com"},
		{Name: "Müller", Number: "020 7946 0001", Note: "asked for a price"}, {},
	} {
		e.ID, e.Start = fmt.Sprint(i), noon.Add(-time.Duration(i)*time.Hour)
		h.Add(e)
	}
	called := func(number string) string { return map[string]string{"1001": "Warehouse East"}[number] }
	for _, c := range []struct{ query, want string }{
		{"", "0 1 2 3 4"}, {"ann", "0"}, {"lee ann", "0"}, {"ann lee extra", ""}, {"muller", "3"}, {"price", "3"},
		{"asked price", "3"}, {"ware", "1"}, {"east warehouse", "1"},
		{"warehouse ann", ""}, {"1001", "1"}, {"7946", "0 3"}, {"79 46", "0 3"}, {"0207946", "0 3"}, {"+4420", "0"},
		{"front", "2"}, {"desk example", "2"}, {"nobody", ""}, {"4711", ""},
	} {
		for _, limit := range []int{0, 1} {
			var got []string
			for _, e := range h.Search(c.query, limit, called) {
				got = append(got, e.ID)
			}
			want := strings.Fields(c.want)
			if limit > 0 {
				want = want[:min(limit, len(want))]
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q, at most %d: got %q, want %q", c.query, limit, got, want)
			}
		}
	}
	if got := h.Search("warehouse", 0, nil); len(got) != 0 {
		t.Errorf("%d calls with a name that nobody knows", len(got))
	}
}
