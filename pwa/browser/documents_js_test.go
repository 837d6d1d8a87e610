package browser

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"syscall/js"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pwa/store"
)

// TestDocumentsAnswerAsMemoryDoes does the same at random with the database and with a Memory.
func TestDocumentsAnswerAsMemoryDoes(t *testing.T) {
	medium(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	d, m := aPage(), &store.Memory{}
	texts := [][]byte{nil, {}, []byte("a"), []byte("b"), {0, 255, 10}}
	for n := range 1500 {
		key, old, data := string("xyz"[rnd.IntN(3)]), texts[rnd.IntN(5)], texts[1+rnd.IntN(4)]
		var what string
		did := func(s store.Store) ([]byte, error) { return s.Load(t.Context(), key) }
		switch rnd.IntN(12) {
		case 0, 1, 2:
			what = "save"
			did = func(s store.Store) ([]byte, error) { return nil, s.Save(t.Context(), key, data) }
		case 3, 4, 5, 6:
			what = "swap"
			did = func(s store.Store) ([]byte, error) { return nil, s.Swap(t.Context(), key, old, data) }
		case 7:
			what = "delete"
			did = func(s store.Store) ([]byte, error) { return nil, s.Delete(t.Context(), key) }
		case 8:
			what = "erase"
			did = func(s store.Store) ([]byte, error) { return nil, s.(store.Eraser).Erase(t.Context()) }
		}
		got, gotErr := did(d)
		want, wantErr := did(m)
		if !bytes.Equal(got, want) || (got == nil) != (want == nil) || !errors.Is(gotErr, wantErr) {
			t.Fatalf("%d, %s %s %q -> %q: got %q, %v, want %q, %v", n, what, key, old, data, got, gotErr, want, wantErr)
		}
	}
}

// TestPagesCountTogether has two pages add to one number: no swap goes over one that has come between, and each tells the other.
func TestPagesCountTogether(t *testing.T) {
	medium(t)
	const each = 40
	a, b := aPage(), aPage()
	told := make(chan string, 2*each)
	for _, d := range []*database{a, b} {
		t.Cleanup(d.Watch(func(key string) { told <- key }))
	}
	add := func(d *database) error {
		for {
			old, err := d.Load(t.Context(), "n")
			if err != nil && !errors.Is(err, store.ErrNotStored) {
				return err
			}
			n, _ := strconv.Atoi(string(old))
			if err := d.Swap(t.Context(), "n", old, []byte(strconv.Itoa(n+1))); !errors.Is(err, store.ErrSwapped) {
				return err
			}
		}
	}
	var both sync.WaitGroup
	for _, d := range []*database{a, b} {
		both.Go(func() {
			for range each {
				if err := add(d); err != nil {
					t.Error(err)
				}
			}
		})
	}
	both.Wait()
	if n, err := a.Load(t.Context(), "n"); string(n) != fmt.Sprint(2*each) || err != nil {
		t.Errorf("%s, %v, want %d", n, err, 2*each)
	}
	for n := range 2 * each {
		select {
		case key := <-told:
			if key != "n" {
				t.Errorf("told of %q", key)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("told of %d changes, want %d", n, 2*each)
		}
	}
}

// everything is each thing that is done with a database.
func everything(ctx context.Context, d *database) map[string]func() error {
	return map[string]func() error{
		"load":   func() error { _, err := d.Load(ctx, "a"); return err },
		"save":   func() error { return d.Save(ctx, "a", []byte("2")) },
		"swap":   func() error { return d.Swap(ctx, "a", []byte("1"), []byte("2")) },
		"delete": func() error { return d.Delete(ctx, "a") },
		"erase":  func() error { return d.Erase(ctx) },
	}
}

// TestDatabaseThatFailsIsAnError lets every part of the database fail under everything that is done with it: nothing is lost,
// and it works again afterwards.
func TestDatabaseThatFailsIsAnError(t *testing.T) {
	for _, fails := range []string{"open", "denied", "blocked", "transaction", "get", "put", "delete", "clear", "commit"} {
		concerns := map[string]string{"get": "load swap", "put": "save swap", "delete": "delete", "clear": "erase",
			"commit": "save swap delete erase"}[fails]
		for what := range everything(t.Context(), nil) {
			fake := medium(t)
			if err := aPage().Save(t.Context(), "a", []byte("1")); err != nil {
				t.Fatal(err)
			}
			d := aPage()
			if concerns != "" && !strings.Contains(concerns, what) {
				continue
			}
			fake.Set("fails", fails)
			err := everything(t.Context(), d)[what]()
			if err == nil || fails != "blocked" && !strings.Contains(err.Error(), fails+" fails") {
				t.Errorf("%s while %s fails: %v", what, fails, err)
			}
			fake.Set("fails", "")
			if data, err := d.Load(t.Context(), "a"); string(data) != "1" || err != nil {
				t.Errorf("after %s while %s failed: %q, %v, want what was there", what, fails, data, err)
			}
		}
	}
}

func TestBrowserWithoutDatabaseIsUnsupported(t *testing.T) {
	give(t, "indexedDB", js.Undefined())
	for what, does := range everything(t.Context(), aPage()) {
		if err := does(); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestDatabaseEndsWithItsContext(t *testing.T) {
	medium(t)
	d := aPage()
	d.Save(t.Context(), "a", []byte("1"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for what, does := range everything(ctx, d) {
		if what == "load" || what == "save" {
			if err := does(); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
}

// TestDatabaseIsOpenedAgain has another tab, with a newer version, and the browser itself take the database away.
func TestDatabaseIsOpenedAgain(t *testing.T) {
	fake := medium(t)
	d := aPage()
	for n, event := range []string{"", "versionchange", "close"} {
		if event != "" {
			connection := fake.Get("connections").Index(n - 1)
			connection.Call("dispatchEvent", js.Global().Get("Event").New(event))
			if event == "versionchange" && !connection.Get("closed").Bool() {
				t.Error("the newer version waits for this page")
			}
		}
		for range 2 {
			if err := d.Save(t.Context(), "a", []byte("1")); err != nil {
				t.Errorf("after %q: %v", event, err)
			}
		}
		if opened := fake.Get("connections").Length(); opened != n+1 {
			t.Errorf("after %q it was opened %d times, want %d", event, opened, n+1)
		}
	}
}

// TestEraseDropsTheKeptConfiguration looks at the cache of the service worker, which is named by the folder of the page.
func TestEraseDropsTheKeptConfiguration(t *testing.T) {
	medium(t)
	give(t, "location", map[string]any{"href": "https://example.com/phone/?a=b#contacts"})
	var dropped []string
	give(t, "caches", map[string]any{"delete": function(t, func(args []js.Value) any {
		dropped = append(dropped, args[0].String())
		return js.Global().Get("Promise").Call("resolve", true)
	})})
	err := aPage().Erase(t.Context())
	if err != nil || len(dropped) != 1 || dropped[0] != "webphone https://example.com/phone/ config" {
		t.Errorf("dropped %q, %v", dropped, err)
	}
}
