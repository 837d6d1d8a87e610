package browser

import (
	"context"
	"encoding/json"
	"errors"
	"syscall/js"

	"github.com/gowebphone/webphone/pwa/store"
)

// browserVault locks a secret with a key that the browser never gives out, not even to this program: who copies the
// database elsewhere has neither. Script in this page could use the key, so it keeps no more than one password.
type browserVault struct{}

const (
	vaultKey    = "key"    // CryptoKey, AES-GCM, not extractable
	vaultNonce  = "nonce"  // of the secret
	vaultSecret = "secret" // ciphertext
)

// Vault is nil where the browser has no cryptography: outside a secure context.
func Vault() store.Vault {
	if crypto := js.Global().Get("crypto"); crypto.Truthy() && crypto.Get("subtle").Truthy() {
		return browserVault{}
	}
	return nil
}

func subtle() js.Value { return js.Global().Get("crypto").Get("subtle") }

// Open implements store.Vault. One transaction reads all, so that it is of one secret.
func (browserVault) Open(ctx context.Context) (store.Secret, error) {
	names := []string{vaultKey, vaultNonce, vaultSecret}
	parts := make([]js.Value, len(names))
	_, err := stored.do(ctx, vaultStore, "readonly", func(s js.Value) js.Value {
		for i, name := range names {
			parts[i] = s.Call("get", name)
		}
		return parts[len(parts)-1] // the others are answered before
	})
	if err != nil {
		return store.Secret{}, err
	}
	for i := range parts {
		if parts[i] = parts[i].Get("result"); !parts[i].Truthy() {
			return store.Secret{}, store.ErrNotStored
		}
	}
	plain, err := await(ctx, subtle().Call("decrypt", map[string]any{"name": "AES-GCM", "iv": parts[1]}, parts[0], parts[2]))
	if err != nil {
		return store.Secret{}, err
	}
	var secret store.Secret
	if err := json.Unmarshal(bytesOf(js.Global().Get("Uint8Array").New(plain)), &secret); err != nil {
		return store.Secret{}, errors.New("the secret is damaged") // the error of encoding/json might show some of it
	}
	return secret, nil
}

// Lock implements store.Vault. Each secret gets a new key, and one transaction writes both: half of a new secret would open none.
func (browserVault) Lock(ctx context.Context, s store.Secret) error {
	plain, err := json.Marshal(s)
	if err != nil {
		return err
	}
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
		s.Call("put", key, vaultKey)
		s.Call("put", nonce, vaultNonce)
		return s.Call("put", js.Global().Get("Uint8Array").New(locked), vaultSecret)
	})
	return err
}

// Empty implements store.Vault.
func (browserVault) Empty(ctx context.Context) error {
	_, err := stored.do(ctx, vaultStore, "readwrite", func(s js.Value) js.Value { return s.Call("clear") })
	return err
}
