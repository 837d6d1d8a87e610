package phone

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

// Eraser is a Store that can forget everything at once.
type Eraser interface {
	// Erase takes out all that is stored, of every account.
	Erase(ctx context.Context) error
}

var background = context.Background()

// writer is a Store that saves later, so that the goroutine of the phone never waits for the medium. Of several
// documents for one key the last one counts.
type writer struct {
	store Store
	fail  func(error)

	mu      sync.Mutex        // guards the rest
	waiting map[string][]byte // not given to the store yet
	writing bool
}

func newWriter(store Store, fail func(error)) *writer {
	if store == nil {
		store = &MemoryStore{}
	}
	return &writer{store: store, fail: fail, waiting: map[string][]byte{}}
}

func (w *writer) Load(ctx context.Context, key string) ([]byte, error) {
	w.mu.Lock()
	data, ok := w.waiting[key]
	w.mu.Unlock()
	if ok {
		return data, nil
	}
	return w.store.Load(ctx, key)
}

func (w *writer) Save(_ context.Context, key string, data []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting[key] = data
	if !w.writing {
		w.writing = true
		go w.write()
	}
	return nil
}

func (w *writer) Delete(ctx context.Context, key string) error { return w.store.Delete(ctx, key) }

// write saves what waits and ends when nothing does.
func (w *writer) write() {
	for {
		key, data, ok := w.next()
		if !ok {
			return
		}
		if err := w.store.Save(background, key, data); err != nil {
			w.fail(err)
		}
	}
}

func (w *writer) next() (key string, data []byte, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for key, data = range w.waiting {
		delete(w.waiting, key)
		return key, data, true
	}
	w.writing = false
	return "", nil, false
}

// erase forgets everything.
func (w *writer) erase(ctx context.Context) error {
	w.mu.Lock()
	clear(w.waiting)
	w.mu.Unlock()
	if e, ok := w.store.(Eraser); ok {
		return e.Erase(ctx)
	}
	return nil
}

func (b *books) keep(err error) {
	if err != nil {
		b.post(NotKept{err})
	}
}

// Fetcher reads a document from the network. With an etag, that of the last time, nothing may have changed.
type Fetcher func(ctx context.Context, url, etag string) (Fetched, error)

// Fetched is a document.
type Fetched struct {
	Data []byte
	ETag string
	Same bool // it is the one of the etag; Data is empty
}

// phonebook is the company phonebook as it is stored, for the time without network.
type phonebook struct {
	URL      string    `json:"url"`
	ETag     string    `json:"etag,omitempty"`
	Contacts []Contact `json:"contacts"`
}

var phonebookKind = storedKind{name: "phonebook", version: 1, maxBytes: 64 << 20}

const (
	phonebookDoc     = "phonebook"
	phonebookTimeout = time.Minute
)

// phonebookCame brings the phonebook for an account.
type phonebookCame struct {
	Event
	account string
	phonebook
}

// fetchPhonebook asks for the phonebook, unless it has been asked for lately.
func (b *books) fetchPhonebook() {
	url, now := b.cfg.Phonebook, b.now()
	if url == "" || b.fetch == nil || now.Sub(b.fetched) < phonebookAge {
		return
	}
	b.fetched = now
	go func(account string) {
		ctx, cancel := context.WithTimeout(background, phonebookTimeout)
		defer cancel()
		var known phonebook
		phonebookKind.load(ctx, b.store, phonebookDoc, &known)
		if known.URL != url {
			known = phonebook{URL: url}
		}
		f, err := b.fetch(ctx, url, known.ETag)
		if err != nil || f.Same {
			return // the stored one is shown already
		}
		contacts, _, err := ReadPhonebook(f.Data)
		if err != nil {
			return
		}
		known.ETag, known.Contacts = f.ETag, contacts
		if err := phonebookKind.save(ctx, b.store, phonebookDoc, known); err != nil {
			b.post(NotKept{err})
		}
		b.post(phonebookCame{account: account, phonebook: known})
	}(b.account)
}

func (b *books) take(e phonebookCame) {
	if e.account == b.account {
		b.book.SetPhonebook(e.Contacts)
		b.version++
	}
}

// exportAll saves everything that is kept in one file, without the password.
func (b *books) exportAll(s Snapshot) Snapshot {
	all := struct {
		Contacts []Contact     `json:"contacts"`
		Calls    []storedEntry `json:"calls"`
		Settings Choice        `json:"settings"`
		Theme    Theme         `json:"theme,omitempty"`
		Language Language      `json:"language"`
	}{b.book.List(func(c Contact) bool { return !c.ReadOnly() }), b.history.stored(), s.Settings.Choice, s.Theme, s.Language}
	data, err := json.MarshalIndent(all, "", "  ")
	return save(s, "webphone.json", "application/json", data, err)
}
