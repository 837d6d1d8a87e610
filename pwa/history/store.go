package history

import (
	"context"
	"encoding/json"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/store"
)

var historyKind = store.Kind{Name: "history", Version: 1, MaxBytes: 64 << 20}

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
	Talked   string    `json:"connected,omitempty"`
	Missed   bool      `json:"missed,omitempty"`
	Seen     bool      `json:"seen,omitempty"`
	Done     bool      `json:"done,omitempty"`
	Note     string    `json:"note,omitempty"`
}

// Load reads the history stored under key. A *store.DamagedError comes with an empty history that may be used: what was
// stored lies under store.DamagedError.Aside. After any other error the history must not replace what is stored, and Save
// refuses to.
func Load(ctx context.Context, from store.Store, key string) (*History, error) {
	h := New()
	var rows []storedEntry
	err := historyKind.Load(ctx, from, key, &rows)
	h.sealed = store.Seals(err)
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
		e := Entry{ID: s.ID, Name: number.OneLine(s.Name, maxName), Number: number.OneLine(s.Number, maxNumber),
			URI: number.OneLine(s.URI, maxNumber), Start: s.Start,
			Answered: s.Answered, Duration: time.Duration(s.Duration * float64(time.Second)), Cause: causeOf(s.Cause),
			Code:      s.Code,
			Connected: number.OneLine(s.Talked, maxName), Missed: s.Missed, Seen: s.Seen, Done: s.Done, Note: Note(s.Note)}
		if s.Incoming {
			e.Direction = ua.Incoming
		}
		if e.Number == "" && noName(e.Name) {
			e.Name = ""
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
func (h *History) Save(ctx context.Context, to store.Store, key string) error {
	if h.sealed != nil {
		return h.sealed
	}
	return historyKind.Save(ctx, to, key, h.stored())
}

func (h *History) stored() []storedEntry {
	rows := make([]storedEntry, len(h.entries))
	for i, e := range h.entries {
		rows[i] = storedEntry{ID: e.ID, Incoming: e.Direction == ua.Incoming, Name: e.Name, Number: e.Number, URI: e.URI,
			Start:    e.Start.UTC(),
			Duration: e.Duration.Seconds(), Cause: causeName(e.Cause), Code: e.Code, Talked: e.Connected, Missed: e.Missed,
			Seen: e.Seen, Done: e.Done, Note: e.Note}
		if !e.Answered.IsZero() {
			rows[i].Answered = e.Answered.UTC()
		}
	}
	return rows
}

// MarshalJSON writes the calls as they are stored.
func (h *History) MarshalJSON() ([]byte, error) { return json.Marshal(h.stored()) }

// UnmarshalJSON reads what MarshalJSON writes.
func (h *History) UnmarshalJSON(data []byte) error {
	var rows []storedEntry
	if err := json.Unmarshal(data, &rows); err != nil {
		return err
	}
	*h = *New()
	h.fill(rows)
	return nil
}

// Seal keeps the history from being saved from now on, because of an error.
func (h *History) Seal(because error) { h.sealed = because }

// Sealed is why the history is not saved, nil when it is.
func (h *History) Sealed() error { return h.sealed }
