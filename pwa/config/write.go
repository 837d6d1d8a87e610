package config

import (
	"encoding/json"
	"slices"
	"strings"
)

// Names lists all keys.
func Names() []string {
	names := make([]string, len(keys))
	for i := range keys {
		names[i] = keys[i].name
	}
	return names
}

// Public returns config.json for the browser: all that is set and not private, with the passwords a configured phone
// needs and with the marks the browser has to obey.
func (c Config) Public() ([]byte, error) {
	return json.Marshal(c.tree(func(k *key) bool { return c.Marks(k.name)&Private == 0 }, true))
}

// Kept returns what a browser may keep of a layer for the time without network: as Public, without what is secret or
// protected.
func (c Config) Kept() ([]byte, error) { return json.Marshal(c.tree(c.readable, true)) }

// MarshalJSON writes what may be read back: neither secrets nor what is protected or private. It is what a settings page
// shows and a layer of the user is stored as.
func (c Config) MarshalJSON() ([]byte, error) { return json.Marshal(c.tree(c.readable, false)) }

// UnmarshalJSON reads as Parse does.
func (c *Config) UnmarshalJSON(data []byte) error {
	parsed, err := Parse(data)
	if err == nil {
		*c = parsed
	}
	return err
}

// Readable returns a copy without secrets and without what is protected or private.
func (c Config) Readable() Config {
	for i := range keys {
		if !c.readable(&keys[i]) {
			keys[i].copy(&c, &Config{})
		}
	}
	return c
}

func (c *Config) readable(k *key) bool { return c.Marks(k.name)&(Protected|Private) == 0 }

// String is what may be read back, as JSON.
func (c Config) String() string {
	data, err := json.Marshal(c)
	if err != nil {
		return "config"
	}
	return string(data)
}

// GoString keeps secrets out of %#v.
func (c Config) GoString() string { return "config.Config" + c.String() }

func (c *Config) tree(include func(*key) bool, marks bool) map[string]any {
	top := map[string]any{}
	for i := range keys {
		k := &keys[i]
		if !c.has(k) || !include(k) {
			continue
		}
		group, name, nested := strings.Cut(k.name, ".")
		if !nested {
			top[k.name] = k.value(c)
			continue
		}
		if top[group] == nil {
			top[group] = map[string]any{}
		}
		top[group].(map[string]any)[name] = k.value(c)
	}
	if marks {
		for _, m := range markNames {
			if names := c.marked(m.mark); m.mark != Private && len(names) > 0 {
				top[m.word] = names
			}
		}
	}
	return top
}

func (c *Config) marked(m Mark) []string {
	var names []string
	for i := range keys {
		if c.marks[keys[i].name]&m != 0 {
			names = append(names, keys[i].name)
		}
	}
	slices.Sort(names)
	return names
}
