package config

import (
	"encoding/json"
	"strings"
)

// Mark is what the operator says about a variable, beside its value.
type Mark uint8

const (
	Protected Mark = 1 << iota // used, but never readable back: not in printouts, JSON, Readable
	Private                    // stays on the server: never leaves in config.json
	Locked                     // the user, a link or an embedding page cannot override it
	Default                    // only a first value: the user may override it without EDIT_SETTINGS
)

// markNames are the words for the marks in config.json and in the environment.
var markNames = [...]struct {
	word string
	mark Mark
}{{"protected", Protected}, {"private", Private}, {"locked", Locked}, {"default", Default}}

func markWords() []string {
	words := make([]string, len(markNames))
	for i, m := range markNames {
		words[i] = m.word
	}
	return words
}

func markOf(word string) Mark {
	for _, m := range markNames {
		if m.word == word {
			return m.mark
		}
	}
	return 0
}

func (c *Config) takeMarks(m Mark, word string, raw json.RawMessage) *Error {
	names, err := textList(raw)
	if err != nil {
		return &Error{Key: word, Value: printable(string(raw)), Reason: "must be a list of keys", Example: `["username","realm"]`}
	}
	return c.mark(m, word, names)
}

// mark marks keys; the name of a group stands for all its keys.
func (c *Config) mark(m Mark, word string, names []string) *Error {
	if !c.source.ours() {
		return &Error{Key: word, Reason: "is for the operator only, not for " + c.source.String()}
	}
	for _, name := range names {
		found := false
		for i := range keys {
			if keys[i].name == name || strings.HasPrefix(keys[i].name, name+".") {
				c.addMark(keys[i].name, m)
				found = true
			}
		}
		if !found {
			return &Error{Key: word, Value: printable(name), Reason: "names no key", Example: `["username","realm"]`,
				Unknown: true}
		}
	}
	return nil
}

func (c *Config) addMark(name string, m Mark) {
	if c.marks == nil {
		c.marks = map[string]Mark{}
	}
	c.marks[name] |= m
}

// Marks returns the marks of a key.
func (c Config) Marks(name string) Mark {
	m := c.marks[name]
	if k := find(name); k != nil && k.is(secret) {
		m |= Protected
	}
	return m
}

// Source tells who set a key; BuiltIn when nobody did.
func (c Config) Source(name string) Source { return c.set[name] }

// IsSet reports whether a layer says something about a key.
func (c Config) IsSet(name string) bool {
	k := find(name)
	return k != nil && c.has(k)
}

var (
	empty   Config
	builtIn = Defaults()
)

// has takes a value that is not the one it starts with for set, so that a Config may be written as a literal or changed
// by its fields.
func (c *Config) has(k *key) bool {
	if _, ok := c.set[k.name]; ok {
		return true
	}
	start := &empty
	if c.merged {
		start = &builtIn
	}
	return !k.starts(c, start)
}

// Merge lays the layers over the built-in one, in the order of their sources, and returns what results and which values
// of the user, a link or an embedding page were refused because the variable is locked or not theirs to set.
//
// Who changes user name, server or realm without giving a password takes the password of the layers below out, so that a
// link or an embedding page cannot send somebody's credentials elsewhere.
func Merge(layers ...Config) (Config, []*Error) {
	out := Defaults()
	out.merged = true
	out.set, out.marks = map[string]Source{}, map[string]Mark{}
	var refused []*Error
	for s := BuiltIn; s <= Fragment; s++ {
		for i := range layers {
			if layers[i].source == s {
				refused = append(refused, out.lay(&layers[i])...)
			}
		}
	}
	return out, refused
}

// lay puts one layer on top.
func (c *Config) lay(layer *Config) []*Error {
	var refused []*Error
	before := *c
	for i := range keys {
		k := &keys[i]
		if !layer.has(k) {
			continue
		}
		if err := c.override(k, layer); err != nil {
			refused = append(refused, err)
			continue
		}
		k.copy(c, layer)
		c.set[k.name] = max(layer.source, layer.set[k.name])
	}
	for name, m := range layer.marks {
		c.marks[name] |= m
	}
	c.source = max(c.source, layer.source)
	c.guardPassword(&before, layer)
	return refused
}

// override says whether a layer may set a key over what there is.
func (c *Config) override(k *key, layer *Config) *Error {
	if err := layer.permitted(k); err != nil {
		return err
	}
	if layer.source == Provisioned && k.name == "css" && !c.sameSite(layer.CSS) {
		return k.refused(layer.CSS, wrong("", "is of an origin that config.json does not name, and the page's policy is made "+
			"from there"))
	}
	if layer.source.ours() {
		return nil
	}
	if layer.source == Fragment && !k.is(linkable) {
		return &Error{Key: k.name, Reason: "is not taken from a link"}
	}
	if !c.May(k.name) {
		return &Error{Key: k.name, Reason: "is set by the operator and cannot be changed"}
	}
	if k.name == "wsServer" && !c.choosable(layer) {
		return k.refused(layer.WSServer[0].URL, wrong("", "is not among the configured servers"))
	}
	return nil
}

// sameSite reports whether a style sheet comes from where the page's policy allows.
func (c *Config) sameSite(css string) bool { return origin(css) == "" || origin(css) == origin(c.CSS) }

// May reports whether the user may set a key: not when it is locked; else when it is the user's own affair, only a first
// value, a login field the operator left open, or when settings may be edited.
func (c Config) May(name string) bool {
	k := find(name)
	switch {
	case k == nil || k.is(operator) || c.marks[name]&Locked != 0:
		return false
	case k.is(preference), k.is(visitor), c.marks[name]&Default != 0:
		return true
	case c.Has(EditSettings) && c.flagsFromOperator() && !notEditable(name):
		return true
	case name == "wsServers" && c.fixed("wsServer"):
		return false
	}
	return k.is(login) && !c.fixed(name)
}

// ByOperator reports whether the value of a key comes from the operator: the host, its server or the provisioning object.
func (c Config) ByOperator(name string) bool { return c.fixed(name) }

// fixed reports whether the operator has set a key.
func (c *Config) fixed(name string) bool {
	s, ok := c.set[name]
	return ok && s.ours()
}

// flagsFromOperator keeps a user from granting the right to edit.
func (c *Config) flagsFromOperator() bool { return c.set["flags"].ours() }

// notEditable lists what makes up the product, not the user's settings.
func notEditable(name string) bool {
	return name == "flags" || name == "brandName" || name == "css" || name == "menu" || strings.HasPrefix(name, "screenPop.")
}

// choosable holds a choice against the configured list, unless the user may write servers. A link never brings a server
// nobody configured: who follows it would give his password to a stranger.
func (c *Config) choosable(layer *Config) bool {
	if layer.source == Fragment {
		return within(layer.WSServer, c.FailOver())
	}
	return len(c.WSServers) == 0 || len(layer.WSServer) == 0 || within(layer.WSServer, c.WSServers) || c.Has(EditSettings)
}

// guardPassword drops a password that belonged to another account.
func (c *Config) guardPassword(before, layer *Config) {
	if layer.source.ours() || c.Password == "" || layer.Password != "" && c.Password == layer.Password {
		return
	}
	moved := c.Username != before.Username && before.Username != "" || c.Realm != before.Realm ||
		!within(c.FailOver(), before.FailOver()) && len(before.FailOver()) > 0
	if moved {
		c.Password = ""
		delete(c.set, "password")
	}
}
