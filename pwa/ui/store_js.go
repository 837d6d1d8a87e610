package ui

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"syscall/js"

	"github.com/gowebphone/webphone/pwa/store"
)

// The database of the phone. Version 1 has two stores: documents by their keys, and what the vault needs.
const (
	databaseName    = "webphone"
	databaseVersion = 1
	documentStore   = "documents"
	vaultStore      = "vault"
)

// database is the browser's IndexedDB. It is opened with the first use and again when that failed: a private window may
// have none, and another tab with a newer version closes it.
type database struct {
	mu   sync.Mutex // guards db
	db   js.Value
	news js.Value // BroadcastChannel to the other pages, where the browser has one
}

var stored database

func documents() store.Store { return &stored }

// upgrade makes the stores of each version that is not there yet.
func upgrade(db js.Value, from int) {
	if from < 1 {
		db.Call("createObjectStore", documentStore)
		db.Call("createObjectStore", vaultStore)
	}
}

func (d *database) open(ctx context.Context) (js.Value, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.db.Truthy() {
		return d.db, nil
	}
	factory := js.Global().Get("indexedDB")
	if !factory.Truthy() {
		return js.Undefined(), errors.ErrUnsupported
	}
	opening, err := attempt(func() js.Value { return factory.Call("open", databaseName, databaseVersion) })
	if err != nil {
		return js.Undefined(), err
	}
	upgrading := js.FuncOf(func(_ js.Value, args []js.Value) any {
		defer survive("upgradeneeded")
		upgrade(opening.Get("result"), args[0].Get("oldVersion").Int())
		return nil
	})
	defer upgrading.Release()
	opening.Set("onupgradeneeded", upgrading)
	db, err := result(ctx, opening)
	if err != nil {
		return js.Undefined(), err
	}
	d.db = db
	listen(db, "versionchange", nil, func(js.Value) { db.Call("close"); d.db = js.Undefined() })
	listen(db, "close", nil, func(js.Value) { d.db = js.Undefined() })
	return db, nil
}

// do runs one request in a transaction of its own and waits until that is finished: only then it is on the medium.
func (d *database) do(ctx context.Context, in, mode string, request func(store js.Value) js.Value) (js.Value, error) {
	db, err := d.open(ctx)
	if err != nil {
		return js.Undefined(), fmt.Errorf("open the database: %w", err)
	}
	var transaction, asked js.Value
	_, err = attempt(func() js.Value {
		transaction = db.Call("transaction", in, mode)
		asked = request(transaction.Call("objectStore", in))
		return asked
	})
	if err != nil {
		return js.Undefined(), err
	}
	if mode == "readonly" {
		return result(ctx, asked)
	}
	return js.Undefined(), settled(ctx, transaction, "complete", "abort", "error")
}

// attempt turns what a call throws into an error.
func attempt(call func() js.Value) (value js.Value, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	return call(), nil
}

// result waits for a request.
func result(ctx context.Context, request js.Value) (js.Value, error) {
	if err := settled(ctx, request, "success", "error", "blocked"); err != nil {
		return js.Undefined(), err
	}
	return request.Get("result"), nil
}

// settled waits for the first of three events, of which one is good.
func settled(ctx context.Context, target js.Value, good, bad, worse string) error {
	done := make(chan bool, 1)
	said := js.FuncOf(func(_ js.Value, args []js.Value) any {
		select {
		case done <- args[0].Get("type").String() == good:
		default:
		}
		return nil
	})
	defer said.Release()
	for _, name := range []string{good, bad, worse} {
		target.Set("on"+name, said)
		defer target.Set("on"+name, js.Null())
	}
	select {
	case ok := <-done:
		if ok {
			return nil
		}
	case <-ctx.Done():
		return ctx.Err()
	}
	if e := target.Get("error"); e.Truthy() {
		return js.Error{Value: e}
	}
	return errors.New("the database is not to be had")
}

// Load implements store.Store.
func (d *database) Load(ctx context.Context, key string) ([]byte, error) {
	value, err := d.do(ctx, documentStore, "readonly", func(s js.Value) js.Value { return s.Call("get", key) })
	if err != nil {
		return nil, err
	}
	if !value.Truthy() {
		return nil, store.ErrNotStored
	}
	return bytesOf(value), nil
}

// Save implements store.Store.
func (d *database) Save(ctx context.Context, key string, data []byte) error {
	_, err := d.do(ctx, documentStore, "readwrite", func(s js.Value) js.Value { return s.Call("put", arrayOf(data), key) })
	return err
}

// Swap implements store.Store: one transaction looks and writes, and the other pages are told.
func (d *database) Swap(ctx context.Context, key string, old, data []byte) error {
	db, err := d.open(ctx)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	var transaction, look js.Value
	changed, failed := false, error(nil)
	looked := js.FuncOf(func(js.Value, []js.Value) any {
		defer survive("swap")
		there := look.Get("result")
		if changed = there.Truthy() != (old != nil) || old != nil && !bytes.Equal(bytesOf(there), old); !changed {
			_, failed = attempt(func() js.Value { return look.Get("source").Call("put", arrayOf(data), key) })
		}
		return nil
	})
	defer looked.Release()
	_, err = attempt(func() js.Value {
		transaction = db.Call("transaction", documentStore, "readwrite")
		look = transaction.Call("objectStore", documentStore).Call("get", key)
		look.Set("onsuccess", looked)
		return look
	})
	if err == nil {
		err = settled(ctx, transaction, "complete", "abort", "error")
	}
	switch {
	case err != nil || failed != nil:
		return errors.Join(err, failed)
	case changed:
		return store.ErrSwapped
	case d.news.Truthy():
		d.news.Call("postMessage", key)
	}
	return nil
}

// Watch implements store.Watcher.
func (d *database) Watch(changed func(key string)) (stop func()) {
	channel := js.Global().Get("BroadcastChannel")
	if !channel.Truthy() {
		return func() {} // what others write is found when this page writes
	}
	d.news = channel.New(databaseName)
	listen(d.news, "message", nil, func(e js.Value) {
		if key := e.Get("data"); key.Type() == js.TypeString {
			changed(key.String())
		}
	})
	return func() { d.news.Call("close") }
}

// Delete implements store.Store.
func (d *database) Delete(ctx context.Context, key string) error {
	_, err := d.do(ctx, documentStore, "readwrite", func(s js.Value) js.Value { return s.Call("delete", key) })
	return err
}

// Erase implements store.Eraser. What the service worker keeps of the configuration goes too.
func (d *database) Erase(ctx context.Context) error {
	_, err := d.do(ctx, documentStore, "readwrite", func(s js.Value) js.Value { return s.Call("clear") })
	return errors.Join(err, dropConfiguration(ctx))
}

func dropConfiguration(ctx context.Context) error {
	caches := js.Global().Get("caches")
	if !caches.Truthy() {
		return nil // outside a secure context nothing is cached
	}
	base := js.Global().Get("URL").New("./", js.Global().Get("location").Get("href")).Get("href").String()
	_, err := await(ctx, caches.Call("delete", "webphone "+base+" config")) // the name that worker.js gives it
	return err
}

func bytesOf(array js.Value) []byte {
	data := make([]byte, array.Length())
	js.CopyBytesToGo(data, array)
	return data
}

func arrayOf(data []byte) js.Value {
	array := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(array, data)
	return array
}

// browserVault locks a secret with a key that the browser never gives out, not even to this program: who copies the
// database elsewhere has neither. Script in this page could use the key, so it keeps no more than one password.
type browserVault struct{}

const (
	vaultKey    = "key"    // CryptoKey, AES-GCM, not extractable
	vaultNonce  = "nonce"  // of the secret
	vaultSecret = "secret" // ciphertext
)

// vault is nil where the browser has no cryptography: outside a secure context.
func vault() store.Vault {
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
	key, err := await(ctx, subtle().Call("generateKey", map[string]any{"name": "AES-GCM", "length": 256}, false, []any{"encrypt", "decrypt"}))
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
