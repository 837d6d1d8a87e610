package store

import "sync"

// KeyValues keeps settings between visits: the browser's local storage, or MemoryValues.
type KeyValues interface {
	Load(key string) string       // "" when there is none
	Save(key, value string) error // "" removes it
}

// MemoryValues keeps settings as long as the program runs. The zero value is empty and ready.
type MemoryValues struct {
	mu     sync.Mutex // guards values
	Values map[string]string
}

// Load returns the value of a key, or "".
func (m *MemoryValues) Load(key string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.Values[key]
}

// Save sets the value of a key.
func (m *MemoryValues) Save(key, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.Values == nil {
		m.Values = map[string]string{}
	}
	m.Values[key] = value
	return nil
}
