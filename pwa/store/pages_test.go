package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

// aPage keeps a list in a store that other pages write to as well, as the phone keeps its books.
type aPage struct {
	t    *testing.T
	w    *Writer
	list []string

	mu      sync.Mutex // guards clashes
	clashes []Clash
}

func newPage(t *testing.T, medium *Memory) *aPage {
	p := &aPage{t: t}
	p.w = NewWriter(medium, func(err error) { t.Error(err) }, func(c Clash) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.clashes = append(p.clashes, c)
	})
	t.Cleanup(p.w.Watch())
	return p
}

func (p *aPage) save() { p.w.Save(p.t.Context(), "list", []byte(strings.Join(p.list, " "))) }

// hear joins what other pages have written, and tells whether there was anything.
func (p *aPage) hear() bool {
	p.mu.Lock()
	heard := p.clashes
	p.clashes = nil
	p.mu.Unlock()
	same := func(a, b string) bool { return a == b }
	id := func(s string) string { return s }
	for _, c := range heard {
		if p.w.Late(c) {
			go p.w.Look(c.Key, true)
			continue
		}
		theirs := strings.Fields(string(c.Theirs))
		p.list = Merge(strings.Fields(string(p.w.Takes(c.Key, c.Theirs))), p.list, theirs, id, same)
		if !slices.Equal(p.list, theirs) {
			p.save()
		}
	}
	return len(heard) > 0
}

func settle(pages ...*aPage) {
	for again := true; again; {
		again = false
		for _, p := range pages {
			synctest.Wait()
			again = p.hear() || again
		}
	}
	synctest.Wait()
}

// TestPagesKeepOneList has two pages write to one store in every order: what one of them added is nowhere lost, what one deleted
// does not come back, and nothing of before an erasure does.
func TestPagesKeepOneList(t *testing.T) {
	for seed := range uint64(300) {
		synctest.Test(t, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 31))
			medium := &Memory{}
			pages := []*aPage{newPage(t, medium), newPage(t, medium)}
			want := map[string]bool{}
			for n := range 30 {
				p := pages[rnd.IntN(2)]
				switch at := rnd.IntN(20); {
				case at < 11:
					item := fmt.Sprint("i", n)
					p.list, want[item] = append(p.list, item), true
					p.save()
				case at < 15 && len(p.list) > 0:
					gone := rnd.IntN(len(p.list))
					delete(want, p.list[gone])
					p.list = slices.Delete(slices.Clone(p.list), gone, gone+1)
					p.save()
				case at < 16:
					settle(pages...)
					p.list = nil
					clear(want)
					if err := p.w.Erase(t.Context()); err != nil {
						t.Fatal(err)
					}
				case at < 18:
					synctest.Wait()
					p.hear()
				}
			}
			for i, p := range pages { // each has a last word, so that it hears of an erasure
				item := fmt.Sprint("last", i)
				p.list, want[item] = append(p.list, item), true
				p.save()
				settle(pages...)
			}
			stored := strings.Fields(string(medium.Data["list"]))
			for i, list := range [][]string{stored, pages[0].list, pages[1].list} {
				got := map[string]bool{}
				for _, item := range list {
					got[item] = true
				}
				if fmt.Sprint(got) != fmt.Sprint(want) || len(got) != len(list) {
					t.Fatalf("seed %d, %s: %v, want %v", seed, []string{"stored", "page 1", "page 2"}[i], list, want)
				}
			}
		})
	}
}

// TestWhatCannotBeReadIsPutAside gives a kind what is not its own, and what lies aside already.
func TestWhatCannotBeReadIsPutAside(t *testing.T) {
	kind := Kind{Name: "thing", Version: 1, MaxBytes: 100}
	for _, data := range []string{`{`, ``, `null`, `[]`, `"thing"`, `{"kind":"other","version":1,"data":"x"}`,
		`{"kind":"thing","data":"x"}`,
		`{"kind":"thing","version":0,"data":"x"}`, `{"kind":"thing","version":-1,"data":"x"}`,
		`{"kind":"thing","version":1,"data":7}`, `{"kind":"thing","version":1}`} {
		m := &Memory{Data: map[string][]byte{"a": []byte(data)}}
		var out string
		err := kind.Load(t.Context(), m, "a", &out)
		var damaged *DamagedError
		if !errors.As(err, &damaged) || damaged.Aside != "a.corrupt" || string(m.Data["a.corrupt"]) != data || out != "" ||
			Seals(err) != nil {
			t.Errorf("%s: %v, %q, aside %q", data, err, out, m.Data["a.corrupt"])
		}
		if !strings.Contains(err.Error(), "kept as a.corrupt") {
			t.Errorf("%s: %q does not say where it is kept", data, err)
		}
	}
}

// TestEachDamagedCopyHasAPlaceOfItsOwn puts aside one after another, until there are too many: then nothing may be saved.
func TestEachDamagedCopyHasAPlaceOfItsOwn(t *testing.T) {
	kind, m := Kind{Name: "thing", Version: 1, MaxBytes: 100}, &Memory{}
	load := func(data string) (*DamagedError, error) {
		m.Save(t.Context(), "a", []byte(data))
		var damaged *DamagedError
		err := kind.Load(t.Context(), m, "a", new(string))
		if !errors.As(err, &damaged) {
			t.Fatalf("%s is read: %v", data, err)
		}
		return damaged, err
	}
	for i := range maxAside {
		want := "a.corrupt"
		if i > 0 {
			want += fmt.Sprint("-", i+1)
		}
		for range 2 { // the same one again stays where it is
			if got, _ := load(fmt.Sprint("damage ", i)); got.Aside != want {
				t.Fatalf("copy %d lies at %q, want %q", i, got.Aside, want)
			}
		}
	}
	damaged, err := load("one too many")
	if damaged.Aside != "" || Seals(err) == nil || !strings.Contains(err.Error(), "nothing will be saved over it") {
		t.Errorf("%v; want it sealed", err)
	}
	for i := range maxAside {
		if data, _ := m.Load(t.Context(), "a.corrupt"+map[bool]string{true: "",
			false: fmt.Sprint("-", i+1)}[i == 0]); string(data) != fmt.Sprint("damage ", i) {
			t.Errorf("copy %d is %q now", i, data)
		}
	}
}

func TestWhatIsSavedIsLoaded(t *testing.T) {
	kind, m := Kind{Name: "thing", Version: 2, MaxBytes: 1000, Migrate: []func(json.RawMessage) (json.RawMessage, error){nil}},
		&Memory{}
	for _, want := range []map[string]string{nil, {}, {"a": "1"}, {"kind": "thing", "version": "9"}} {
		if err := kind.Save(t.Context(), m, "a", want); err != nil {
			t.Fatal(err)
		}
		var got map[string]string
		if err := kind.Load(t.Context(), m, "a", &got); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%v: got %v, %v", want, got, err)
		}
	}
	if err := kind.Save(t.Context(), m, "b", func() {}); err == nil || m.Data["b"] != nil {
		t.Errorf("%v: %q is stored of what cannot be written", err, m.Data["b"])
	}
	got := "as it was"
	if err := kind.Load(t.Context(), m, "missing", &got); err != nil || got != "as it was" {
		t.Errorf("a missing document: %q, %v", got, err)
	}
}
