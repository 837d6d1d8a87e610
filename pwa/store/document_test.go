package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
)

func TestMigration(t *testing.T) {
	rename := func(from, to string) func(json.RawMessage) (json.RawMessage, error) {
		return func(data json.RawMessage) (json.RawMessage, error) {
			if !strings.Contains(string(data), from) {
				return nil, fmt.Errorf("no %s", from)
			}
			return json.RawMessage(strings.Replace(string(data), from, to, 1)), nil
		}
	}
	kind := Kind{Name: "thing", Version: 3, MaxBytes: 1000,
		Migrate: []func(json.RawMessage) (json.RawMessage, error){rename("one", "two"), rename("two", "three")}}
	for _, c := range []struct{ data, want, aside string }{
		{`{"kind":"thing","version":1,"data":"one"}`, "three", ""},
		{`{"kind":"thing","version":2,"data":"two"}`, "three", ""},
		{`{"kind":"thing","version":3,"data":"one"}`, "one", ""},
		{`{"kind":"thing","version":1,"data":"zero"}`, "", ".corrupt"},
		{`{"kind":"thing","version":4,"data":"one"}`, "", ".v4"},
		{`{"kind":"thing","version":3,"data":"` + strings.Repeat("x", 1000) + `"}`, "", ".corrupt"},
	} {
		var got string
		aside, err := kind.Read([]byte(c.data), &got)
		if got != c.want || aside != c.aside || (err != nil) != (aside != "") {
			t.Errorf("%.60s: %q, %q, %v", c.data, got, aside, err)
		}
	}
}

func TestMemoryStore(t *testing.T) {
	ctx, store := t.Context(), &Memory{}
	if _, err := store.Load(ctx, "a"); !errors.Is(err, ErrNotStored) {
		t.Errorf("got %v", err)
	}
	data := []byte("1")
	if err := store.Save(ctx, "a", data); err != nil {
		t.Fatal(err)
	}
	data[0] = '2'
	if got, err := store.Load(ctx, "a"); err != nil || string(got) != "1" {
		t.Errorf("got %s, %v: the store shares memory with its caller", got, err)
	}
	if err := store.Delete(ctx, "a"); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Load(ctx, "a"); !errors.Is(err, ErrNotStored) {
		t.Errorf("after Delete: %v", err)
	}
}

func TestWriterKeepsTheLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &Memory{}
		w := NewWriter(store, func(err error) { t.Error(err) }, func(c Clash) { t.Errorf("%s clashes with %q", c.Key, c.Theirs) })
		for _, text := range []string{"1", "2", "3"} {
			w.Save(t.Context(), "key", []byte(text))
		}
		if got, _ := w.Load(t.Context(), "key"); string(got) != "3" {
			t.Errorf("loaded %q before it was written", got)
		}
		synctest.Wait()
		if got, _ := store.Load(t.Context(), "key"); string(got) != "3" {
			t.Errorf("stored %q", got)
		}
	})
}
