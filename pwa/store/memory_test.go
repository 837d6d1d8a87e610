package store

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
)

func TestMemorySwaps(t *testing.T) {
	m := &Memory{}
	var told []string
	stop := m.Watch(func(key string) { told = append(told, key) })
	for _, c := range []struct {
		old, data string
		want      error
	}{{"1", "2", ErrSwapped}, {"", "1", nil}, {"", "2", ErrSwapped}, {"2", "3", ErrSwapped}, {"1", "2", nil}} {
		var old []byte
		if c.old != "" {
			old = []byte(c.old)
		}
		if err := m.Swap(t.Context(), "a", old, []byte(c.data)); !errors.Is(err, c.want) {
			t.Errorf("%q for %q: %v, want %v", c.data, c.old, err, c.want)
		}
	}
	if stop(); !slices.Equal(told, []string{"a", "a"}) {
		t.Errorf("told of %q", told)
	}
	if err := m.Erase(t.Context()); err != nil || len(m.Data) != 0 {
		t.Errorf("%d documents after erasing, %v", len(m.Data), err)
	}
}

func TestMemoryEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := &Memory{}
	_, err := m.Load(ctx, "a")
	for what, err := range map[string]error{"Load": err, "Save": m.Save(ctx, "a", nil), "Swap": m.Swap(ctx, "a", nil, nil),
		"Delete": m.Delete(ctx, "a"), "Erase": m.Erase(ctx)} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestMemoryValues(t *testing.T) {
	var m MemoryValues
	if m.Load("a") != "" {
		t.Error("an empty one holds something")
	}
	if err := m.Save("a", "1"); err != nil || m.Load("a") != "1" {
		t.Errorf("%q, %v", m.Load("a"), err)
	}
	if m.Save("a", ""); m.Load("a") != "" {
		t.Error("an empty value does not remove it")
	}
}

func TestQueueKeepsTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q Queue
		var done []int
		gate := make(chan struct{})
		for i := range 5 {
			q.Do(func() { <-gate; done = append(done, i) })
		}
		if synctest.Wait(); len(done) != 0 {
			t.Errorf("done before the gate was opened: %v", done)
		}
		close(gate)
		if synctest.Wait(); !slices.Equal(done, []int{0, 1, 2, 3, 4}) {
			t.Errorf("done in the order %v", done)
		}
		q.Do(func() { done = nil })
		if synctest.Wait(); done != nil {
			t.Error("nothing is done after a rest")
		}
	})
}
