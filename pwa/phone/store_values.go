package phone

import "sync"

// KeyValues keeps settings between visits: the browser's local storage, or Memory.
type KeyValues interface {
	Load(key string) string       // "" when there is none
	Save(key, value string) error // "" removes it
}

// Memory keeps settings as long as the program runs. The zero value is empty and ready.
type Memory struct {
	mu     sync.Mutex // guards values
	values map[string]string
}

// Load returns the value of a key, or "".
func (m *Memory) Load(key string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[key]
}

// Save sets the value of a key.
func (m *Memory) Save(key, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.values == nil {
		m.values = map[string]string{}
	}
	m.values[key] = value
	return nil
}
