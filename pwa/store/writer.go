package store

import (
	"bytes"
	"context"
	"errors"
	"sync"
)

// Writer is a Store that saves later, so that the goroutine of the phone never waits for the medium. Of several
// documents for one key the last one counts. A document that another page has written since is not overwritten: clash
// gets what lies there, and whoever keeps the document joins both.
type Writer struct {
	store Store
	fail  func(error)
	clash func(Clash)

	medium chan struct{} // holds one while something is written, so that nothing is on its way when everything is erased

	mu      sync.Mutex        // guards the rest
	known   map[string][]byte // what the phone has taken over or written last
	times   map[string]int    // how often that has changed
	taken   map[string]int    // how often it was taken over
	waiting map[string]unsaved
	writing bool
	erased  int // how often everything was
}

// unsaved is a document that the store has not been given yet.
type unsaved struct {
	data   []byte
	taken  int // of the writer, when it was made
	erased int // likewise
}

func NewWriter(store Store, fail func(error), clash func(Clash)) *Writer {
	if store == nil {
		store = &Memory{}
	}
	return &Writer{store: store, fail: fail, clash: clash, medium: make(chan struct{}, 1),
		known: map[string][]byte{}, times: map[string]int{}, taken: map[string]int{},
		waiting: map[string]unsaved{}}
}

// Watch looks at what other pages write, until stop.
func (w *Writer) Watch() (stop func()) {
	if shared, ok := w.store.(Watcher); ok {
		return shared.Watch(func(key string) { go w.Look(key, false) })
	}
	return func() {}
}

// Load writes what waits under the key first.
func (w *Writer) Load(ctx context.Context, key string) ([]byte, error) {
	w.mu.Lock()
	doc, waits := w.waiting[key]
	delete(w.waiting, key)
	w.mu.Unlock()
	if waits {
		w.put(key, doc)
	}
	return w.store.Load(ctx, key)
}

// Takes notes that the phone has taken over what lies under a key: what is saved from now on is made with it in mind.
func (w *Writer) Takes(key string, data []byte) (before []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before = w.known[key]
	w.taken[key]++
	w.knows(key, data)
	return before
}

// knows needs mu.
func (w *Writer) knows(key string, data []byte) {
	w.times[key]++
	if w.known[key] = data; data == nil {
		delete(w.known, key)
	}
}

// Loader is the store for reading documents. It remembers them as they lay there, for Takes: what is loaded is known only
// when the phone has taken it over.
type Loader struct {
	*Writer
	Raw map[string][]byte
}

// Reading is the store for reading documents into raw.
func (w *Writer) Reading(raw map[string][]byte) Loader { return Loader{Writer: w, Raw: raw} }

func (r Loader) Load(ctx context.Context, key string) ([]byte, error) {
	data, err := r.Writer.Load(ctx, key)
	if err == nil {
		r.Raw[key] = data
	}
	return data, err
}

func (w *Writer) Save(_ context.Context, key string, data []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting[key] = unsaved{data, w.taken[key], w.erased}
	if !w.writing {
		w.writing = true
		go w.write()
	}
	return nil
}

// Swap implements Store.
func (w *Writer) Swap(ctx context.Context, key string, old, data []byte) error {
	return w.store.Swap(ctx, key, old, data)
}

func (w *Writer) Delete(ctx context.Context, key string) error { return w.store.Delete(ctx, key) }

// write saves what waits and ends when nothing does.
func (w *Writer) write() {
	for {
		key, doc, ok := w.next()
		if !ok {
			return
		}
		w.put(key, doc)
	}
}

func (w *Writer) next() (key string, doc unsaved, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for key, doc = range w.waiting {
		delete(w.waiting, key)
		return key, doc, true
	}
	w.writing = false
	return "", unsaved{}, false
}

// put saves a document, unless the phone or another page knows more by now, or everything was erased since it was made.
func (w *Writer) put(key string, doc unsaved) {
	w.medium <- struct{}{}
	w.mu.Lock()
	known, stale, gone := w.known[key], w.taken[key] != doc.taken, w.erased != doc.erased
	w.mu.Unlock()
	err := ErrSwapped
	if !stale && !gone {
		err = w.store.Swap(context.Background(), key, known, doc.data)
	}
	if err == nil {
		w.mu.Lock()
		w.knows(key, doc.data)
		w.mu.Unlock()
	}
	<-w.medium
	switch {
	case err == nil || gone:
	case errors.Is(err, ErrSwapped):
		w.Look(key, true)
	default:
		w.fail(err)
	}
}

// Look reads what another page has written. What is known already is told only to who could not save.
func (w *Writer) Look(key string, refused bool) {
	w.mu.Lock()
	times := w.times[key]
	w.mu.Unlock()
	theirs, err := w.store.Load(context.Background(), key)
	if err != nil && !errors.Is(err, ErrNotStored) {
		w.fail(err)
		return
	}
	w.mu.Lock()
	same := bytes.Equal(w.known[key], theirs)
	w.mu.Unlock()
	if !same || refused {
		w.clash(Clash{Key: key, Theirs: theirs, times: times})
	}
}

// Erase forgets everything. What was saved before does not come back: it waits for what is being written, and drops the rest.
func (w *Writer) Erase(ctx context.Context) error {
	w.mu.Lock()
	w.erased++
	clear(w.waiting)
	w.mu.Unlock()
	w.medium <- struct{}{}
	defer func() { <-w.medium }()
	w.mu.Lock()
	clear(w.known)
	w.mu.Unlock()
	if e, ok := w.store.(Eraser); ok {
		return e.Erase(ctx)
	}
	return nil
}

// Late tells whether something has become known since what another page has written was read.
func (w *Writer) Late(e Clash) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.times[e.Key] != e.times
}

// Base is what the phone has taken over or written last under a key, nil for nothing.
func (w *Writer) Base(key string) []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.known[key]
}

// Clash is what another page has written under a key.
type Clash struct {
	Key    string
	Theirs []byte // nil: nothing lies there any more
	times  int    // of the writer, when it was read
}

// Medium is the store below, for what must not wait.
func (w *Writer) Medium() Store { return w.store }
