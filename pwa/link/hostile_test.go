package link

import (
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pwa/screen"
)

// room bounds the memory that bytes of a stranger may take: the smallest element of a list is two bytes there, and the largest
// kind of element some hundred here.
const room = 1 << 10

// taken tells how much memory something takes.
func taken(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func readsState(was screen.Snapshot, data []byte) (screen.Snapshot, bool) {
	r := coder{data: data}
	is := r.readState(was)
	return is, r.ended()
}

// spoilt gives the bytes of a message cut off anywhere, and with every byte changed in several ways.
func spoilt(whole []byte, to func([]byte)) {
	for i := range whole {
		to(whole[:i])
		for _, flip := range []byte{1, 2, 4, 0x10, 0x40, 0x80, 0xff} {
			data := slices.Clone(whole)
			data[i] ^= flip
			to(data)
		}
		to(slices.Insert(slices.Clone(whole), i, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f))
		to(slices.Insert(slices.Clone(whole), i, 0xff, 0xff, 0xff, 0xff, 0x0f))
	}
}

// TestSpoiltSnapshotsAreHarmless reads what nobody has written: it may make a snapshot or an error, and no more than it is long.
func TestSpoiltSnapshotsAreHarmless(t *testing.T) {
	m := newMaker(5)
	was := m.next(screen.Snapshot{}, 0.5)
	for name, pair := range map[string][2]screen.Snapshot{
		"whole": {{}, talking()}, "calls": {talking(), measured(talking())}, "random": {was, m.next(was, 0.2)},
	} {
		w := coder{writes: true}
		w.state(&pair[0], &pair[1])
		held := uint64(100_000)
		spoilt(w.data, func(data []byte) {
			var ok bool
			if n := taken(func() { _, ok = readsState(pair[0], data) }); n > held+room*uint64(len(data)) {
				t.Fatalf("%s: %d bytes for %d that were read (%v)", name, n, len(data), ok)
			}
		})
		for n := range w.data {
			if _, ok := readsState(pair[0], w.data[:n]); ok {
				t.Fatalf("%s: %d of %d bytes are understood", name, n, len(w.data))
			}
		}
	}
}

// TestListsDoNotGrowByThemselves has lists that ask for more than there is.
func TestListsDoNotGrowByThemselves(t *testing.T) {
	was := talking().Calls.All
	for name, parts := range map[string][]uint64{
		"a great length":        {math.MaxUint64},
		"the old list twice":    {6, kept, 3, kept, 3},
		"an element twice":      {2, kept, 1, 0},
		"more than the old":     {4, kept, 4},
		"beyond the old":        {1, 3*ways + kept, 1},
		"far beyond the old":    {1, math.MaxUint64, 1},
		"more than it is long":  {1, kept, 2},
		"none of the old":       {1, kept, 0},
		"very many of the old":  {math.MaxUint64, kept, math.MaxUint64},
		"one beyond, changed":   {1, 3*ways + changed, 0},
		"the old list backward": {2, 2*ways + kept, 1, math.MaxUint64 - 2, 1},
	} {
		c := coder{writes: true}
		for _, v := range parts {
			c.uint(v)
		}
		r := coder{data: c.data}
		var got []screen.Line
		n := taken(func() { walkLines(&r, &was, &got) })
		if r.err == nil || n > 20_000 {
			t.Errorf("%s: %d calls of %d bytes, %v", name, len(got), n, r.err)
		}
	}
}

// TestValuesThatDoNotExistAreRefused has what no value can be written as.
func TestValuesThatDoNotExistAreRefused(t *testing.T) {
	written := func(parts ...int64) *coder {
		c := coder{writes: true}
		for _, v := range parts {
			c.int(v)
		}
		return &coder{data: c.data}
	}
	var moment time.Time
	policy, long := screen.Merge, strings.Repeat("1", mostKept+2)
	for name, walk := range map[string]func() *coder{
		"a field too many": func() *coder { c := &coder{data: []byte{1 << 3}}; c.fields(3); return c },
		"a part of fields too many": func() *coder {
			c := &coder{data: []byte{1 << 1, 1 << 4}}
			c.fields(12)
			return c
		},
		"too large a number":  func() *coder { c := written(255); walkInt(c, &policy, &policy); return c },
		"too small a number":  func() *coder { c := written(-2); walkInt(c, new(screen.Policy), &policy); return c },
		"a place far away":    func() *coder { c := written(elsewhere, 0, farthest+1); c.readTime(moment); return c },
		"no place":            func() *coder { c := written(3, 0); c.readTime(moment); return c },
		"a second too long":   func() *coder { c := written(inUTC, 1e9); c.readTime(moment); return c },
		"before its second":   func() *coder { c := written(inUTC, -1); c.readTime(moment); return c },
		"too much of another": func() *coder { c := &coder{data: []byte{mostKept + 2, 0}}; readString(c, long); return c },
		"more than another":   func() *coder { c := &coder{data: []byte{4, 0}}; readString(c, "12"); return c },
		"less than nothing":   func() *coder { c := &coder{data: []byte{0, 0}}; readString(c, "12"); return c },
		"no pointer":          func() *coder { c := &coder{data: []byte{2}}; readPointer(c, nil, new(*int), walkInt); return c },
	} {
		if c := walk(); c.err == nil {
			t.Errorf("%s is understood", name)
		}
	}
}

// TestSpoiltEventsAreHarmless does that with what a window sends.
func TestSpoiltEventsAreHarmless(t *testing.T) {
	for kind := byte(1); ; kind++ {
		zero := getEvent(&coder{data: []byte{kind, 0}})
		if zero == nil {
			return
		}
		v := reflect.New(reflect.TypeOf(zero)).Elem()
		newMaker(3).change(v, 0.8)
		w := coder{writes: true}
		putEvent(&w, v.Interface().(screen.Event))
		spoilt(w.data, func(data []byte) {
			if n := taken(func() { getEvent(&coder{data: data}) }); n > 10_000+room*uint64(len(data)) {
				t.Fatalf("%T: %d bytes for %d that were read", zero, n, len(data))
			}
		})
	}
}

// FuzzSnapshot reads anything as what follows a phone with calls. What can be read can be written and read again.
func FuzzSnapshot(f *testing.F) {
	was := talking()
	m := newMaker(1)
	for _, is := range []screen.Snapshot{registered(), talking(), remembering(), measured(was), m.next(was, 0.5)} {
		w := coder{writes: true}
		w.state(&was, &is)
		f.Add(w.data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		is, ok := readsState(was, data)
		if !ok {
			return
		}
		again, _ := crossed(t, was, is, was)
		if where := unlike(reflect.ValueOf(is), reflect.ValueOf(again)); where != "" {
			t.Error(where)
		}
	})
}

// FuzzEvent does that with what a window sends.
func FuzzEvent(f *testing.F) {
	for kind := byte(1); kind < 120; kind++ {
		f.Add([]byte{kind, 0})
		f.Add([]byte{kind, 1, 2, 'a', 'b'})
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := coder{data: data}
		e := getEvent(&r)
		if e == nil || !r.ended() {
			return
		}
		w := coder{writes: true}
		if !putEvent(&w, e) {
			t.Fatalf("%T cannot be written", e)
		}
		again := getEvent(&coder{data: w.data})
		if where := unlike(reflect.ValueOf(e), reflect.ValueOf(again)); where != "" {
			t.Errorf("%#v became %#v: %s", e, again, where)
		}
	})
}
