package store

import "context"

// Secret is what signs in by itself.
type Secret struct {
	User     string `json:"user"`
	Password string `json:"password"`
	Server   string `json:"server"`
}

// Vault keeps one secret between visits so that it cannot be read where it lies. Its methods may be called from any
// goroutine and wait for the medium.
type Vault interface {
	// Open returns what Lock was given last, or ErrNotStored.
	Open(ctx context.Context) (Secret, error)
	// Lock puts a secret in the place of the last one.
	Lock(ctx context.Context, s Secret) error
	// Empty forgets the secret and its key; it is no error when there is none.
	Empty(ctx context.Context) error
}
