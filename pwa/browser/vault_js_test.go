package browser

import (
	"errors"
	"strings"
	"syscall/js"
	"testing"

	"github.com/gowebphone/webphone/pwa/store"
)

// kept is what lies in the store of the vault.
func kept(fake js.Value) js.Value {
	return fake.Get("databases").Call("get", databaseName).Get("stores").Call("get", vaultStore)
}

// TestVaultKeepsTheLastSecret locks, locks another, and empties, as two visits of one browser would.
func TestVaultKeepsTheLastSecret(t *testing.T) {
	fake := medium(t)
	stored = database{}
	v := Vault()
	if _, err := v.Open(t.Context()); !errors.Is(err, store.ErrNotStored) {
		t.Errorf("an empty vault: %v", err)
	}
	for _, want := range []store.Secret{{User: "1001", Password: "correct horse", Server: "sip.example.com"},
		{User: "ü", Password: `"\`}} {
		if err := v.Lock(t.Context(), want); err != nil {
			t.Fatal(err)
		}
		stored = database{} // another visit
		if got, err := v.Open(t.Context()); got != want || err != nil {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
		locked := bytesOf(kept(fake).Call("get", vaultBox.locked))
		if strings.Contains(string(locked), want.User) || kept(fake).Call("get", vaultBox.key).Get("extractable").Bool() {
			t.Errorf("the secret can be read where it lies: %q", locked)
		}
	}
	if err := v.Empty(t.Context()); err != nil || kept(fake).Get("size").Int() != 0 {
		t.Errorf("%d things are left, %v", kept(fake).Get("size").Int(), err)
	}
	if _, err := v.Open(t.Context()); !errors.Is(err, store.ErrNotStored) {
		t.Errorf("an emptied vault: %v", err)
	}
}

// TestDamagedVaultOpensNothing takes each part out, and changes each that is written down.
func TestDamagedVaultOpensNothing(t *testing.T) {
	for _, part := range []string{vaultBox.key, vaultBox.nonce, vaultBox.locked} {
		for _, damage := range []string{"lost", "changed"} {
			fake := medium(t)
			stored = database{}
			v := Vault()
			if err := v.Lock(t.Context(), store.Secret{User: "1001", Password: "correct horse"}); err != nil {
				t.Fatal(err)
			}
			switch {
			case damage == "lost":
				kept(fake).Call("delete", part)
			case part == vaultBox.key:
				continue // nobody can write into a key
			default:
				array := kept(fake).Call("get", part)
				array.SetIndex(0, array.Index(0).Int()^1)
			}
			got, err := v.Open(t.Context())
			if err == nil || got != (store.Secret{}) || errors.Is(err, store.ErrNotStored) != (damage == "lost") {
				t.Errorf("%s %s: %v, %v", part, damage, got, err)
			}
		}
	}
}

func TestHalfASecretIsNotWritten(t *testing.T) {
	fake := medium(t)
	stored = database{}
	v, first := Vault(), store.Secret{User: "1001", Password: "first"}
	if err := v.Lock(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	fake.Set("fails", "commit")
	if err := v.Lock(t.Context(), store.Secret{User: "1001", Password: "second"}); err == nil {
		t.Error("a secret that is not kept is none")
	}
	fake.Set("fails", "")
	if got, err := v.Open(t.Context()); got != first || err != nil {
		t.Errorf("got %v, %v, want the first secret", got, err)
	}
}

func TestNoVaultOutsideASecureContext(t *testing.T) {
	for _, crypto := range []any{js.Undefined(), map[string]any{}} {
		give(t, "crypto", crypto)
		if Vault() != nil {
			t.Error("a vault without cryptography")
		}
	}
}
