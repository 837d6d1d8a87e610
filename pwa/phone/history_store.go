package phone

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
)

// Store keeps documents under keys, across starts of the phone. Its methods may be called from any goroutine and wait for
// the medium.
type Store interface {
	// Load returns what Save was given last, or ErrNotStored.
	Load(ctx context.Context, key string) ([]byte, error)
	// Save puts data under a key, all of it or, with an error, none.
	Save(ctx context.Context, key string, data []byte) error
	// Swap is a Save that happens only while old lies under the key, nil for nothing; else it returns ErrSwapped. Nobody
	// else writes between its look and its writing.
	Swap(ctx context.Context, key string, old, data []byte) error
	// Delete takes a key out; it is no error when it is not there.
	Delete(ctx context.Context, key string) error
}

// ErrNotStored is returned by Store.Load for a key that was never saved.
var ErrNotStored = errors.New("phone: nothing is stored under this key")

// ErrSwapped is returned by Store.Swap when something else lies under the key: another page has written it.
var ErrSwapped = errors.New("phone: what is stored has changed")

// Watcher is a Store that others write to as well.
type Watcher interface {
	// Watch calls changed, from any goroutine, with each key that another page has written to, until stop.
	Watch(changed func(key string)) (stop func())
}

// StoredError is a stored document that cannot be read. It was put aside under another key, and the phone goes on with an
// empty one; when it could not be put aside, nothing is saved over it.
type StoredError struct {
	Key    string
	Aside  string // where it lies now; "" when it could not be put aside
	Reason string
}

func (e *StoredError) Error() string {
	if e.Aside == "" {
		return fmt.Sprintf("phone: stored %s %s, and could not be put aside; nothing will be saved over it", e.Key, e.Reason)
	}
	return fmt.Sprintf("phone: stored %s %s; it is kept as %s", e.Key, e.Reason, e.Aside)
}

// storedKind is a kind of document: its name, its present version, and how to get from each version to the next.
type storedKind struct {
	name     string
	version  int
	migrate  []func(json.RawMessage) (json.RawMessage, error) // migrate[i] makes version i+2 of version i+1
	maxBytes int
}

// envelope is what is stored.
type envelope struct {
	Kind    string          `json:"kind"`
	Version int             `json:"version"`
	Data    json.RawMessage `json:"data"`
}

// load reads a document into out, which takes the data of the present version. A missing one leaves out as it is.
func (k storedKind) load(ctx context.Context, store Store, key string, out any) error {
	return loadWith(ctx, store, key, func(raw []byte) (aside string, err error) { return k.read(raw, out) })
}

// loadWith has a document read by read, which returns what storedKind.read does.
func loadWith(ctx context.Context, store Store, key string, read func(raw []byte) (aside string, err error)) error {
	raw, err := store.Load(ctx, key)
	if errors.Is(err, ErrNotStored) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("phone: load %s: %w", key, err)
	}
	aside, err := read(raw)
	if err == nil {
		return nil
	}
	fault := &StoredError{Key: key, Reason: err.Error()}
	fault.Aside, _ = putAside(ctx, store, key+aside, raw)
	return fault
}

// read returns the suffix of the key under which an unreadable document is kept, and why it is.
func (k storedKind) read(raw []byte, out any) (aside string, err error) {
	var e envelope
	if len(raw) > k.maxBytes {
		return ".corrupt", errors.New("is too large")
	}
	if json.Unmarshal(raw, &e) != nil || e.Kind != k.name || e.Version < 1 {
		return ".corrupt", errors.New("is damaged")
	}
	if e.Version > k.version {
		return ".v" + strconv.Itoa(e.Version), fmt.Errorf("was written by a newer version of the phone (%d, this one knows %d)", e.Version, k.version)
	}
	for v := e.Version; v < k.version; v++ {
		if e.Data, err = k.migrate[v-1](e.Data); err != nil {
			return ".corrupt", fmt.Errorf("cannot be brought from version %d to %d: %w", v, v+1, err)
		}
	}
	if err := json.Unmarshal(e.Data, out); err != nil {
		return ".corrupt", errors.New("is damaged")
	}
	return "", nil
}

const maxAside = 20

// putAside saves raw under name, or name-2, name-3, where other data lies already. It returns "" when that failed.
func putAside(ctx context.Context, store Store, name string, raw []byte) (string, error) {
	for i := range maxAside {
		key := name
		if i > 0 {
			key += "-" + strconv.Itoa(i+1)
		}
		there, err := store.Load(ctx, key)
		switch {
		case err == nil && slices.Equal(there, raw):
			return key, nil
		case err == nil:
			continue
		case !errors.Is(err, ErrNotStored):
			return "", err
		}
		if err := store.Save(ctx, key, raw); err != nil {
			return "", err
		}
		return key, nil
	}
	return "", fmt.Errorf("phone: %d damaged copies of %s are kept already", maxAside, name)
}

func (k storedKind) save(ctx context.Context, store Store, key string, data any) error {
	body, err := json.Marshal(data)
	if err == nil {
		body, err = json.Marshal(envelope{Kind: k.name, Version: k.version, Data: body})
	}
	if err == nil {
		err = store.Save(ctx, key, body)
	}
	if err != nil {
		return fmt.Errorf("phone: save %s: %w", key, err)
	}
	return nil
}

// sealedBy tells whether an error of load forbids saving.
func sealedBy(err error) error {
	var stored *StoredError
	if err == nil || errors.As(err, &stored) && stored.Aside != "" {
		return nil
	}
	return err
}

var historyKind = storedKind{name: "history", version: 1, maxBytes: 64 << 20}

// storedEntry is an Entry as version 1 stores it.
type storedEntry struct {
	ID       string    `json:"id"`
	Incoming bool      `json:"incoming,omitempty"`
	Name     string    `json:"name,omitempty"`
	Number   string    `json:"number,omitempty"`
	URI      string    `json:"uri,omitempty"`
	Start    time.Time `json:"start"`
	Answered time.Time `json:"answered,omitzero"`
	Duration float64   `json:"seconds,omitempty"`
	Cause    string    `json:"cause,omitempty"`
	Code     int       `json:"code,omitempty"`
	Missed   bool      `json:"missed,omitempty"`
	Seen     bool      `json:"seen,omitempty"`
}

// LoadHistory reads the history stored under key. A *StoredError comes with an empty history that may be used: what was
// stored lies under StoredError.Aside. After any other error the history must not replace what is stored, and Save
// refuses to.
func LoadHistory(ctx context.Context, store Store, key string) (*History, error) {
	h := NewHistory()
	var rows []storedEntry
	err := historyKind.load(ctx, store, key, &rows)
	h.sealed = sealedBy(err)
	if err != nil {
		return h, err
	}
	h.fill(rows)
	return h, nil
}

// fill takes the rows of a document.
func (h *History) fill(rows []storedEntry) {
	seen := make(map[string]bool, len(rows))
	for _, s := range rows {
		e := Entry{ID: s.ID, Name: cleanText(s.Name, maxContactText), Number: cleanText(s.Number, maxNumberText), URI: cleanText(s.URI, maxNumberText), Start: s.Start,
			Answered: s.Answered, Duration: time.Duration(s.Duration * float64(time.Second)), Cause: causeOf(s.Cause), Code: s.Code, Missed: s.Missed, Seen: s.Seen}
		if s.Incoming {
			e.Direction = ua.Incoming
		}
		if e.ID == "" {
			e.ID = h.newID()
		}
		h.read(e, seen)
	}
}

// read takes an entry from the store, where they lie in their order unless somebody else wrote them. Sorting them all
// would cost more program than it is worth.
func (h *History) read(e Entry, seen map[string]bool) {
	n := len(h.entries)
	switch {
	case seen[e.ID]:
	case n == 0 || newestFirst(h.entries[n-1], e) < 0:
		h.entries = append(h.entries, e)
	default:
		h.Add(e)
	}
	seen[e.ID] = true
}

// Save stores the history.
func (h *History) Save(ctx context.Context, store Store, key string) error {
	if h.sealed != nil {
		return h.sealed
	}
	return historyKind.save(ctx, store, key, h.stored())
}

func (h *History) stored() []storedEntry {
	rows := make([]storedEntry, len(h.entries))
	for i, e := range h.entries {
		rows[i] = storedEntry{ID: e.ID, Incoming: e.Direction == ua.Incoming, Name: e.Name, Number: e.Number, URI: e.URI, Start: e.Start.UTC(),
			Duration: e.Duration.Seconds(), Cause: causeName(e.Cause), Code: e.Code, Missed: e.Missed, Seen: e.Seen}
		if !e.Answered.IsZero() {
			rows[i].Answered = e.Answered.UTC()
		}
	}
	return rows
}

var contactsKind = storedKind{name: "contacts", version: 1, maxBytes: 64 << 20}

// storedBook is what of a book is stored: the user's own contacts, and which of the company's are favourites. The
// phonebook itself is fetched anew.
type storedBook struct {
	Contacts   []Contact `json:"contacts"`
	Favourites []string  `json:"favourites,omitempty"`
}

// LoadBook reads the contacts stored under key; its errors are those of LoadHistory.
func LoadBook(ctx context.Context, store Store, key string, plan config.Numbering) (*Book, error) {
	return loadBook(ctx, store, key, plan, nil)
}

// loadBook calls pause again and again while it works.
func loadBook(ctx context.Context, store Store, key string, plan config.Numbering, pause func()) (*Book, error) {
	b := NewBook(plan)
	err := loadWith(ctx, store, key, func(raw []byte) (aside string, err error) {
		doc, aside, err := cutBook(raw, pause)
		if err != nil {
			return aside, err
		}
		return ".corrupt", b.read(doc, pause)
	})
	b.sealed = sealedBy(err)
	return b, err
}

// Save stores the user's own contacts and all favourites.
func (b *Book) Save(ctx context.Context, store Store, key string) error {
	if b.sealed != nil {
		return b.sealed
	}
	doc, err := b.document()
	if err == nil {
		err = store.Save(ctx, key, doc)
	}
	if err != nil {
		return fmt.Errorf("phone: save %s: %w", key, err)
	}
	return nil
}
