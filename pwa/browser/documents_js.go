package browser

import (
	"bytes"
	"context"
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

// Documents is the database of the browser. Where it has none, every method says so.
func Documents() store.Store { return &stored }

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
