package store

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync"
)

// Memory is a Store that forgets with the program, for tests and for a phone in a private window. The zero value is
// empty and ready.
type Memory struct {
	mu      sync.Mutex // guards the rest
	Data    map[string][]byte
	changed map[int]func(key string)
	watches int
}

// Load implements Store.
func (m *Memory) Load(ctx context.Context, key string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.Data[key]
	if !ok {
		return nil, ErrNotStored
	}
	return bytes.Clone(data), nil
}

// Save implements Store.
func (m *Memory) Save(ctx context.Context, key string, data []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.Data == nil {
		m.Data = map[string][]byte{}
	}
	m.Data[key] = bytes.Clone(data)
	return nil
}

// Swap implements Store. Every watcher is told, also the page that wrote.
func (m *Memory) Swap(ctx context.Context, key string, old, data []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	there, ok := m.Data[key]
	if ok != (old != nil) || !bytes.Equal(there, old) {
		m.mu.Unlock()
		return ErrSwapped
	}
	if m.Data == nil {
		m.Data = map[string][]byte{}
	}
	m.Data[key] = bytes.Clone(data)
	tell := slices.Collect(maps.Values(m.changed))
	m.mu.Unlock()
	for _, changed := range tell {
		changed(key)
	}
	return nil
}

// Watch implements Watcher.
func (m *Memory) Watch(changed func(key string)) (stop func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.watches++
	n := m.watches
	if m.changed == nil {
		m.changed = map[int]func(string){}
	}
	m.changed[n] = changed
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.changed, n)
	}
}

// Delete implements Store.
func (m *Memory) Delete(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.Data, key)
	return nil
}

// Erase implements Eraser.
func (m *Memory) Erase(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.Data)
	return ctx.Err()
}
