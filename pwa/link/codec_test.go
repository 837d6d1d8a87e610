package link

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pwa/screen"
)

// maker makes values of any type that crosses.
type maker struct{ *rand.Rand }

func newMaker(seed uint64) maker { return maker{rand.New(rand.NewPCG(seed, 11))} }

// change gives some of a value other contents. What pointers and slices lead to stays, and copies take its place.
func (m maker) change(v reflect.Value, often float64) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		if m.Float64() < often {
			v.Set(reflect.ValueOf(m.time()))
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			m.change(v.Field(i), often)
		}
	case m.Float64() >= often:
	default:
		m.set(v, often)
	}
}

func (m maker) set(v reflect.Value, often float64) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.String:
		v.SetString(m.text(v.String()))
	case reflect.Int, reflect.Int64:
		v.SetInt(m.Int64() >> m.IntN(64) * int64(1-2*m.IntN(2)))
	case reflect.Uint64, reflect.Uint32, reflect.Uint8:
		v.SetUint(m.Uint64() >> m.IntN(64))
	case reflect.Float64:
		v.SetFloat(m.NormFloat64())
	case reflect.Pointer:
		m.point(v, often)
	case reflect.Slice:
		v.Set(m.list(v, often))
	default:
		panic(v.Kind())
	}
}

func (m maker) text(was string) string {
	const letters = "abc 019+*#äø\u2068\x00\xff"
	switch m.IntN(4) {
	case 0:
		return ""
	case 1:
		return was + letters[m.IntN(len(letters)):][:1]
	case 2:
		return was[:len(was)/2]
	}
	return letters[m.IntN(len(letters)):]
}

func (m maker) time() time.Time {
	t := time.Unix(m.Int64N(4e9)-1e9, m.Int64N(1e9)*m.Int64N(2))
	switch m.IntN(4) {
	case 0:
		return time.Time{}
	case 1:
		return t.UTC()
	case 2:
		return t.In(time.FixedZone("", m.IntN(48*3600)-24*3600))
	}
	return t
}

func (m maker) point(v reflect.Value, often float64) {
	if m.IntN(4) == 0 {
		v.SetZero()
		return
	}
	to := reflect.New(v.Type().Elem())
	if !v.IsNil() && m.IntN(2) == 0 {
		to.Elem().Set(v.Elem())
	}
	m.change(to.Elem(), often)
	v.Set(to)
}

// list makes a list of some of the elements of another, as they are or changed, and of new ones, seldom in another order.
func (m maker) list(v reflect.Value, often float64) reflect.Value {
	list := reflect.Zero(v.Type())
	add := func(e reflect.Value) {
		c := reflect.New(e.Type()).Elem()
		c.Set(e)
		if m.IntN(3) == 0 {
			m.change(c, often)
		}
		list = reflect.Append(list, c)
	}
	for i := range min(v.Len(), 12) {
		for m.IntN(6) == 0 {
			add(reflect.Zero(v.Type().Elem()))
		}
		if m.IntN(5) > 0 {
			add(v.Index(i))
		}
		if m.IntN(8) == 0 {
			add(v.Index(m.IntN(v.Len())))
		}
	}
	for m.IntN(5) > 2 {
		e := reflect.New(v.Type().Elem()).Elem()
		m.change(e, 0.5)
		list = reflect.Append(list, e)
	}
	return list
}

// next makes a snapshot that may follow another.
func (m maker) next(s screen.Snapshot, often float64) screen.Snapshot {
	m.change(reflect.ValueOf(&s).Elem(), often)
	return s
}

// crossed is a snapshot behind the border, where its predecessor is, and how many bytes it took.
func crossed(t testing.TB, was, is, there screen.Snapshot) (got screen.Snapshot, bytes int) {
	t.Helper()
	w := coder{writes: true}
	w.state(&was, &is)
	r := coder{data: w.data}
	if got = r.readState(there); !r.ended() {
		t.Fatalf("%d bytes: %d left, %v", len(w.data), len(r.data), r.err)
	}
	return got, len(w.data)
}

// TestSnapshotsCross sends random snapshots whole and one after another.
func TestSnapshotsCross(t *testing.T) {
	for seed := range uint64(25) {
		m := newMaker(seed)
		var was, there screen.Snapshot
		for step := range 10 {
			is := m.next(was, []float64{0.9, 0.3, 0.05, 0.01}[m.IntN(4)])
			got, _ := crossed(t, was, is, there)
			if where := unlike(reflect.ValueOf(is), reflect.ValueOf(got)); where != "" {
				t.Fatalf("seed %d, step %d: %s differs", seed, step, where)
			}
			if where := moved(reflect.ValueOf(there), reflect.ValueOf(got)); where != "" {
				t.Fatalf("seed %d, step %d: %s has not changed and lies elsewhere", seed, step, where)
			}
			whole, _ := crossed(t, screen.Snapshot{}, is, screen.Snapshot{})
			if where := unlike(reflect.ValueOf(is), reflect.ValueOf(whole)); where != "" {
				t.Fatalf("seed %d, step %d: %s differs when all is sent", seed, step, where)
			}
			was, there = is, got
		}
	}
}

// unlike tells where two values differ.
func unlike(a, b reflect.Value) string {
	switch a.Kind() {
	case reflect.Struct:
		if t, ok := a.Interface().(time.Time); ok {
			return choose(reflect.DeepEqual(t, b.Interface()) || t.Equal(b.Interface().(time.Time)) &&
				t.Format(time.RFC3339Nano) == b.Interface().(time.Time).Format(time.RFC3339Nano), "", "the time")
		}
		for i := range a.NumField() {
			if where := unlike(a.Field(i), b.Field(i)); where != "" {
				return a.Type().Field(i).Name + "." + where
			}
		}
		return ""
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return choose(a.IsNil() == b.IsNil(), "", "nil")
		}
		return unlike(a.Elem(), b.Elem())
	case reflect.Slice:
		if a.Len() != b.Len() {
			return fmt.Sprintf("length %d, %d", a.Len(), b.Len())
		}
		for i := range a.Len() {
			if where := unlike(a.Index(i), b.Index(i)); where != "" {
				return fmt.Sprintf("%d.%s", i, where)
			}
		}
		return ""
	}
	return choose(a.Equal(b), "", fmt.Sprintf("%v, %v", a, b))
}

// moved tells where a value lies in another place though it has not changed: what is drawn of it would be drawn anew.
func moved(a, b reflect.Value) string {
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			if a.Type() == reflect.TypeFor[time.Time]() {
				return ""
			}
			if where := moved(a.Field(i), b.Field(i)); where != "" {
				return a.Type().Field(i).Name + "." + where
			}
		}
	case reflect.Pointer:
		if !a.IsNil() && !b.IsNil() && a.Pointer() != b.Pointer() && unlike(a.Elem(), b.Elem()) == "" {
			return "pointer"
		}
	case reflect.Slice:
		if a.Len() > 0 && unlike(a, b) == "" && a.Pointer() != b.Pointer() {
			return "list"
		}
	}
	return ""
}

func choose[T any](condition bool, yes, no T) T {
	if condition {
		return yes
	}
	return no
}

// TestWhatWasMadeAgainDoesNotCross has a snapshot that was made anew and says the same.
func TestWhatWasMadeAgainDoesNotCross(t *testing.T) {
	for seed := range uint64(30) {
		m := newMaker(seed)
		is := m.next(m.next(screen.Snapshot{}, 0.8), 0.8)
		again, _ := crossed(t, screen.Snapshot{}, is, screen.Snapshot{})
		w := coder{writes: true}
		if walkSnapshot(&w, &is, &again) || len(w.data) > 0 {
			t.Fatalf("seed %d: %d bytes for nothing new", seed, len(w.data))
		}
	}
}

// TestNothingIsOfNoLength has lists that are empty and not nil: whoever draws them sees the same.
func TestNothingIsOfNoLength(t *testing.T) {
	is := screen.Snapshot{}
	is.Calls.All, is.File.Data = []screen.Line{}, []byte{}
	if got, n := crossed(t, screen.Snapshot{}, is, screen.Snapshot{}); n != 1 || len(got.Calls.All)+len(got.File.Data) > 0 {
		t.Errorf("%d bytes", n)
	}
	was := screen.Snapshot{}
	was.Calls.All, was.File.Data = make([]screen.Line, 3), []byte{1}
	if got, _ := crossed(t, was, is, was); got.Calls.All != nil || got.File.Data != nil {
		t.Errorf("%d calls and %d bytes are left", len(got.Calls.All), len(got.File.Data))
	}
}

// TestEventsCross sends every event there is, with random contents.
func TestEventsCross(t *testing.T) {
	kinds := uint64(0)
	for {
		c := coder{data: []byte{byte(kinds + 1), 0}}
		zero := getEvent(&c)
		if zero == nil {
			break
		}
		kinds++
		for seed := range uint64(10) {
			v := reflect.New(reflect.TypeOf(zero)).Elem()
			newMaker(seed).change(v, 0.7)
			e := v.Interface().(screen.Event)
			w := coder{writes: true}
			if !putEvent(&w, e) {
				t.Fatalf("%T is unknown", e)
			}
			r := coder{data: w.data}
			got := getEvent(&r)
			if !r.ended() || reflect.TypeOf(got) != reflect.TypeOf(e) {
				t.Fatalf("%#v became %#v, %d left, %v", e, got, len(r.data), r.err)
			}
			if where := unlike(v, reflect.ValueOf(got)); where != "" {
				t.Fatalf("%#v became %#v: %s", e, got, where)
			}
		}
	}
	if want := declaredEvents(t); kinds != want {
		t.Errorf("%d kinds of events cross, of %d", kinds, want)
	}
}

// declaredEvents counts the events of pwa/screen in its source.
func declaredEvents(t *testing.T) (n uint64) {
	names, err := filepath.Glob("../screen/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		n += uint64(strings.Count(string(source), ") isEvent() "))
	}
	return n
}
