package browser

import (
	"context"
	"encoding/json"
	"errors"
	"syscall/js"

	"github.com/gowebphone/webphone/pwa/store"
)

// box is where something lies locked with a key that the browser never gives out, not even to this program: who copies the
// database elsewhere has neither. Script in this page could use the key, so it holds no more than is needed.
type box struct {
	key    string // CryptoKey, AES-GCM, not extractable
	nonce  string
	locked string // ciphertext
}

var vaultBox = box{"key", "nonce", "secret"}

func subtle() js.Value { return js.Global().Get("crypto").Get("subtle") }

// secure tells whether the browser has cryptography: not outside a secure context.
func secure() bool {
	crypto := js.Global().Get("crypto")
	return crypto.Truthy() && crypto.Get("subtle").Truthy()
}

func (b box) names() []string { return []string{b.key, b.nonce, b.locked} }

// open returns what lies in the box, and the values of other names beside it. One transaction reads all, so that it is of one
// locking.
func (b box) open(ctx context.Context, beside ...string) (plain []byte, others []js.Value, err error) {
	names := append(b.names(), beside...)
	parts := make([]js.Value, len(names))
	_, err = stored.do(ctx, vaultStore, "readonly", func(s js.Value) js.Value {
		for i, name := range names {
			parts[i] = s.Call("get", name)
		}
		return parts[len(parts)-1] // the others are answered before
	})
	if err != nil {
		return nil, nil, err
	}
	for i := range parts {
		if parts[i] = parts[i].Get("result"); !parts[i].Truthy() {
			return nil, nil, store.ErrNotStored
		}
	}
	opened, err := await(ctx, subtle().Call("decrypt", map[string]any{"name": "AES-GCM", "iv": parts[1]}, parts[0], parts[2]))
	if err != nil {
		return nil, nil, err
	}
	return bytesOf(js.Global().Get("Uint8Array").New(opened)), parts[3:], nil
}

// lock puts something in the place of what lies there, and values beside it. Each gets a new key, and one transaction writes all:
// half of it would open nothing.
func (b box) lock(ctx context.Context, plain []byte, beside map[string]string) error {
	key, err := await(ctx, subtle().Call("generateKey", map[string]any{"name": "AES-GCM", "length": 256}, false,
		[]any{"encrypt", "decrypt"}))
	if err != nil {
		return err
	}
	nonce := js.Global().Get("crypto").Call("getRandomValues", js.Global().Get("Uint8Array").New(12))
	locked, err := await(ctx, subtle().Call("encrypt", map[string]any{"name": "AES-GCM", "iv": nonce}, key, arrayOf(plain)))
	if err != nil {
		return err
	}
	_, err = stored.do(ctx, vaultStore, "readwrite", func(s js.Value) js.Value {
		for name, value := range beside {
			s.Call("put", value, name)
		}
		s.Call("put", key, b.key)
		s.Call("put", nonce, b.nonce)
		return s.Call("put", js.Global().Get("Uint8Array").New(locked), b.locked)
	})
	return err
}

// browserVault keeps one password.
type browserVault struct{}

// Vault is nil where the browser has no cryptography.
func Vault() store.Vault {
	if secure() {
		return browserVault{}
	}
	return nil
}

// Open implements store.Vault.
func (browserVault) Open(ctx context.Context) (store.Secret, error) {
	plain, _, err := vaultBox.open(ctx)
	if err != nil {
		return store.Secret{}, err
	}
	var secret store.Secret
	if err := json.Unmarshal(plain, &secret); err != nil {
		return store.Secret{}, errors.New("the secret is damaged") // the error of encoding/json might show some of it
	}
	return secret, nil
}

// Lock implements store.Vault.
func (browserVault) Lock(ctx context.Context, s store.Secret) error {
	plain, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return vaultBox.lock(ctx, plain, nil)
}

// Empty implements store.Vault. What a page leaves to the next one lies beside the secret, and stays.
func (browserVault) Empty(ctx context.Context) error {
	_, err := stored.do(ctx, vaultStore, "readwrite", func(s js.Value) js.Value { return deleted(s, vaultBox.names()) })
	return err
}

// deleted asks for several names to be taken out, and is the last of these requests.
func deleted(s js.Value, names []string) (last js.Value) {
	for _, name := range names {
		last = s.Call("delete", name)
	}
	return last
}
