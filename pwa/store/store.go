package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
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
var ErrNotStored = errors.New("store: nothing is stored under this key")

// ErrSwapped is returned by Store.Swap when something else lies under the key: another page has written it.
var ErrSwapped = errors.New("store: what is stored has changed")

// Watcher is a Store that others write to as well.
type Watcher interface {
	// Watch calls changed, from any goroutine, with each key that another page has written to, until stop.
	Watch(changed func(key string)) (stop func())
}

// Eraser is a Store that can forget everything at once.
type Eraser interface {
	// Erase takes out all that is stored, of every account.
	Erase(ctx context.Context) error
}

// Mark tells one text from another without saying what it is.
func Mark(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}
