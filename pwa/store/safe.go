package store

import "context"

// Safe keeps what a page leaves to the next one, so that it cannot be read where it lies. A token names each page's. Whoever says
// farewell for a page that does not come back decides with Take, in one step, which of both has it. Its methods may be called
// from any goroutine and wait for the medium.
type Safe interface {
	// Keep puts data in the place of the last.
	Keep(ctx context.Context, token string, data []byte) error
	// Look returns what lies there, or ErrNotStored.
	Look(ctx context.Context) (token string, data []byte, err error)
	// Take takes out what has that token. It is free for the first one who asks, unless farewell was said; from then on nobody
	// says it.
	Take(ctx context.Context, token string) (free bool, err error)
	// Drop takes out what lies there, for which nobody waits to say farewell.
	Drop(ctx context.Context) error
}
