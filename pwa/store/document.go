package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// DamagedError is a stored document that cannot be read. It was put aside under another key, and the phone goes on with an
// empty one; when it could not be put aside, nothing is saved over it.
type DamagedError struct {
	Key    string
	Aside  string // where it lies now; "" when it could not be put aside
	Reason string
}

func (e *DamagedError) Error() string {
	if e.Aside == "" {
		return fmt.Sprintf("store: stored %s %s, and could not be put aside; nothing will be saved over it", e.Key, e.Reason)
	}
	return fmt.Sprintf("store: stored %s %s; it is kept as %s", e.Key, e.Reason, e.Aside)
}

// Kind is a kind of document: its name, its present version, and how to get from each version to the next.
type Kind struct {
	Name     string
	Version  int
	Migrate  []func(json.RawMessage) (json.RawMessage, error) // migrate[i] makes version i+2 of version i+1
	MaxBytes int
}

// envelope is what is stored.
type envelope struct {
	Kind    string          `json:"kind"`
	Version int             `json:"version"`
	Data    json.RawMessage `json:"data"`
}

// Load reads a document into out, which takes the data of the present version. A missing one leaves out as it is.
func (k Kind) Load(ctx context.Context, store Store, key string, out any) error {
	return LoadWith(ctx, store, key, func(raw []byte) (aside string, err error) { return k.Read(raw, out) })
}

// LoadWith has a document read by read, which returns what Kind.Read does.
func LoadWith(ctx context.Context, store Store, key string, read func(raw []byte) (aside string, err error)) error {
	raw, err := store.Load(ctx, key)
	if errors.Is(err, ErrNotStored) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("store: load %s: %w", key, err)
	}
	aside, err := read(raw)
	if err == nil {
		return nil
	}
	fault := &DamagedError{Key: key, Reason: err.Error()}
	fault.Aside, _ = putAside(ctx, store, key+aside, raw)
	return fault
}

// Read returns the suffix of the key under which an unreadable document is kept, and why it is.
func (k Kind) Read(raw []byte, out any) (aside string, err error) {
	var e envelope
	if len(raw) > k.MaxBytes {
		return ".corrupt", errors.New("is too large")
	}
	if json.Unmarshal(raw, &e) != nil || e.Kind != k.Name || e.Version < 1 {
		return ".corrupt", errors.New("is damaged")
	}
	if e.Version > k.Version {
		return ".v" + strconv.Itoa(e.Version), fmt.Errorf("was written by a newer version of the phone (%d, this one knows %d)",
			e.Version, k.Version)
	}
	for v := e.Version; v < k.Version; v++ {
		if e.Data, err = k.Migrate[v-1](e.Data); err != nil {
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
	return "", fmt.Errorf("store: %d damaged copies of %s are kept already", maxAside, name)
}

func (k Kind) Save(ctx context.Context, store Store, key string, data any) error {
	body, err := json.Marshal(data)
	if err == nil {
		body, err = json.Marshal(envelope{Kind: k.Name, Version: k.Version, Data: body})
	}
	if err == nil {
		err = store.Save(ctx, key, body)
	}
	if err != nil {
		return fmt.Errorf("store: save %s: %w", key, err)
	}
	return nil
}

// Seals tells whether an error of Load forbids saving.
func Seals(err error) error {
	var stored *DamagedError
	if err == nil || errors.As(err, &stored) && stored.Aside != "" {
		return nil
	}
	return err
}
