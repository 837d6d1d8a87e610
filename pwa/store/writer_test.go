package store

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
)

// slow is a medium whose writing waits at a gate.
type slow struct {
	*Memory
	gate chan struct{} // one for each Swap
	fail error         // of Swap
}

func (s slow) Swap(ctx context.Context, key string, old, data []byte) error {
	<-s.gate
	if s.fail != nil {
		return s.fail
	}
	return s.Memory.Swap(ctx, key, old, data)
}

// written is what a writer told of, and what lies on the medium.
type written struct {
	*testing.T
	medium  slow
	w       *Writer
	clashes []Clash
	faults  []error
}

// writing has a writer whose every write waits for goOn.
func writing(t *testing.T, tell func(w *written)) {
	synctest.Test(t, func(t *testing.T) {
		w := &written{T: t, medium: slow{Memory: &Memory{}, gate: make(chan struct{})}}
		w.w = NewWriter(&w.medium, func(err error) { w.faults = append(w.faults, err) },
			func(c Clash) { w.clashes = append(w.clashes, c) })
		tell(w)
	})
}

func (w *written) save(text string) { w.w.Save(w.Context(), "key", []byte(text)) }

// goOn lets so many writes happen.
func (w *written) goOn(times int) {
	for range times {
		w.medium.gate <- struct{}{}
	}
	synctest.Wait()
}

func (w *written) wantStored(why, want string) {
	w.Helper()
	synctest.Wait()
	data, err := w.medium.Memory.Load(w.Context(), "key")
	if string(data) != want || (err != nil) != (want == "") {
		w.Errorf("%s: stored %q, %v; want %q", why, data, err, want)
	}
}

func (w *written) wantClash(why, theirs string) {
	w.Helper()
	synctest.Wait()
	if len(w.clashes) != 1 || w.clashes[0].Key != "key" || string(w.clashes[0].Theirs) != theirs {
		w.Errorf("%s: clashes %+v, want one with %q", why, w.clashes, theirs)
	}
	w.clashes = nil
}

func TestStaleDocumentIsNotWritten(t *testing.T) {
	writing(t, func(w *written) {
		w.save("first")
		w.goOn(1)
		w.save("second")
		synctest.Wait() // it waits at the gate
		w.save("made of the first")
		w.medium.Memory.Save(w.Context(), "key", []byte("theirs"))
		w.w.Takes("key", []byte("theirs"))
		w.goOn(1) // the second finds theirs
		w.wantStored("made before theirs was taken over", "theirs")
		for _, c := range w.clashes {
			if string(c.Theirs) != "theirs" || w.w.Late(c) && len(w.clashes) == 1 {
				w.Errorf("clash %+v", c)
			}
		}
		if len(w.clashes) != 2 {
			w.Errorf("%d clashes, want both told that they are not stored", len(w.clashes))
		}
		w.save("joined")
		w.goOn(1)
		w.wantStored("made after that", "joined")
	})
}

func TestNobodyIsOverwritten(t *testing.T) {
	writing(t, func(w *written) {
		w.medium.Memory.Save(w.Context(), "key", []byte("theirs"))
		w.save("mine")
		w.goOn(1)
		w.wantStored("never read", "theirs")
		w.wantClash("never read", "theirs")
		w.w.Takes("key", []byte("theirs"))
		w.save("mine and theirs")
		w.goOn(1)
		w.wantStored("taken over", "mine and theirs")
		w.medium.Memory.Delete(w.Context(), "key")
		w.save("more")
		w.goOn(1)
		w.wantStored("deleted by another page", "")
		w.wantClash("deleted by another page", "")
		if base := w.w.Base("key"); string(base) != "mine and theirs" {
			w.Errorf("they began with %q", base)
		}
		if before := w.w.Takes("key", nil); string(before) != "mine and theirs" || w.w.Base("key") != nil {
			w.Errorf("before %q, now %q", before, w.w.Base("key"))
		}
		w.save("new")
		w.goOn(1)
		w.wantStored("taken over that nothing is there", "new")
	})
}

// TestErasedDocumentsDoNotComeBack erases everything while documents wait, while one is being written, and at once after one
// was asked for.
func TestErasedDocumentsDoNotComeBack(t *testing.T) {
	writing(t, func(w *written) {
		w.save("on its way")
		synctest.Wait()
		w.save("waits")
		erased := make(chan error, 1)
		go func() { erased <- w.w.Erase(w.Context()) }()
		synctest.Wait()
		w.goOn(1)
		if err := <-erased; err != nil {
			w.Fatal(err)
		}
		w.wantStored("erased while one was written and another waited", "")
		w.save("afterwards")
		w.goOn(1)
		w.wantStored("made afterwards", "afterwards")
		if len(w.clashes) != 0 || len(w.faults) != 0 {
			w.Errorf("told %+v, %v", w.clashes, w.faults)
		}
	})
	writing(t, func(w *written) {
		w.save("asked for")
		if err := w.w.Erase(w.Context()); err != nil {
			w.Fatal(err)
		}
		w.wantStored("erased before it was begun", "")
		if data, err := w.w.Load(w.Context(), "key"); !errors.Is(err, ErrNotStored) {
			w.Errorf("loaded %q, %v", data, err)
		}
	})
}

func TestLoadWritesWhatWaits(t *testing.T) {
	writing(t, func(w *written) {
		w.save("first")
		synctest.Wait()
		w.save("second")
		loaded := make(chan string, 1)
		go func() {
			data, _ := w.w.Load(w.Context(), "key")
			loaded <- string(data)
		}()
		synctest.Wait()
		w.goOn(2)
		if got := <-loaded; got != "second" {
			w.Errorf("loaded %q, want what was saved last", got)
		}
	})
}

func TestFailureToWriteIsTold(t *testing.T) {
	writing(t, func(w *written) {
		w.medium.fail = errors.New("disk full")
		w.save("first")
		w.goOn(1)
		if len(w.faults) != 1 || !errors.Is(w.faults[0], w.medium.fail) || len(w.clashes) != 0 {
			w.Errorf("told %v, %+v", w.faults, w.clashes)
		}
		w.medium.fail = nil
		w.save("second")
		w.goOn(1)
		w.wantStored("there is room again", "second")
	})
}

func TestWhatOtherPagesWriteIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		medium := &Memory{}
		var told []string
		ours := NewWriter(medium, nil, func(c Clash) { told = append(told, c.Key+" "+string(c.Theirs)) })
		theirs := NewWriter(medium, nil, func(c Clash) { t.Errorf("the page that wrote is told %+v", c) })
		stop, stopTheirs := ours.Watch(), theirs.Watch()
		theirs.Save(t.Context(), "key", []byte("1"))
		synctest.Wait()
		if !slices.Equal(told, []string{"key 1"}) {
			t.Errorf("told %q", told)
		}
		ours.Takes("key", []byte("1"))
		ours.Look("key", false)
		if len(told) != 1 {
			t.Errorf("told again of what was taken over: %q", told)
		}
		stop()
		stopTheirs()
		theirs.Save(t.Context(), "key", []byte("2"))
		if synctest.Wait(); len(told) != 1 {
			t.Errorf("told after stop: %q", told)
		}
		if NewWriter(slowest{}, nil, nil).Watch() == nil {
			t.Error("a medium that nobody else writes to has no stop")
		}
	})
}

// slowest is a medium that cannot be watched, nor erased at once.
type slowest struct{ Store }

func TestMediumWithoutMore(t *testing.T) {
	if err := NewWriter(slowest{}, nil, nil).Erase(t.Context()); err != nil {
		t.Error(err)
	}
	w := NewWriter(nil, nil, nil)
	if _, ok := w.Medium().(*Memory); !ok {
		t.Errorf("without a medium it is %T", w.Medium())
	}
	if err := w.Swap(t.Context(), "a", nil, []byte("1")); err != nil {
		t.Error(err)
	}
	if err := w.Delete(t.Context(), "a"); err != nil {
		t.Error(err)
	}
}

func TestReadingRemembersWhatLayThere(t *testing.T) {
	medium := &Memory{Data: map[string][]byte{"a": []byte("1")}}
	raw := map[string][]byte{}
	reading := NewWriter(medium, nil, nil).Reading(raw)
	if data, err := reading.Load(t.Context(), "a"); err != nil || string(data) != "1" || string(raw["a"]) != "1" {
		t.Errorf("%q, %v, remembered %q", data, err, raw)
	}
	if _, err := reading.Load(t.Context(), "b"); !errors.Is(err, ErrNotStored) || len(raw) != 1 {
		t.Errorf("%v, remembered %q", err, raw)
	}
}

// TestDocumentMadeBeforeErasingIsDropped gives the writer a document that was taken up before everything was erased.
func TestDocumentMadeBeforeErasingIsDropped(t *testing.T) {
	writing(t, func(w *written) {
		close(w.medium.gate)
		before := unsaved{data: []byte("before"), erased: w.w.erased}
		if err := w.w.Erase(w.Context()); err != nil {
			w.Fatal(err)
		}
		w.w.put("key", before)
		w.wantStored("taken up before, written afterwards", "")
		if len(w.clashes) != 0 {
			w.Errorf("told %+v of what nobody wants any more", w.clashes)
		}
	})
}

// TestDocumentMadeBeforeTheirsIsDropped gives it one that was made before theirs was taken over, which would fit there now.
func TestDocumentMadeBeforeTheirsIsDropped(t *testing.T) {
	writing(t, func(w *written) {
		close(w.medium.gate)
		before := unsaved{data: []byte("before")}
		w.medium.Memory.Save(w.Context(), "key", []byte("theirs"))
		w.w.Takes("key", []byte("theirs"))
		w.w.put("key", before)
		w.wantStored("made before theirs was known", "theirs")
		w.wantClash("made before theirs was known", "theirs")
	})
}
