package config

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Source is who says what a layer says. A later one wins.
type Source uint8

const (
	BuiltIn     Source = iota
	Host               // config.json of the host
	Environment        // of the server
	Provisioned        // the provisioning object, fetched at sign-in
	User               // what the user set and the browser stored
	Embedder           // the page around ours
	Fragment           // of the page's address
)

var sourceNames = []string{"built in", "config.json", "environment", "provisioning", "user", "embedding page", "link"}

func (s Source) String() string {
	if int(s) < len(sourceNames) {
		return sourceNames[s]
	}
	return "source " + strconv.Itoa(int(s))
}

// bareNames are the variables read without our prefix.
var bareNames = append([]string{"brandName", "autoRegister"}, accountKeys...)

// ours reports whether the operator speaks, not the user or a visitor.
func (s Source) ours() bool { return s <= Provisioned }

// Parse reads config.json strictly: an unknown key or a wrong value is an error, and all of them are reported together
// as Errors.
func Parse(data []byte) (Config, error) {
	c, faults, err := read(Host, data, true)
	if err != nil {
		return Config{}, err
	}
	if len(faults) > 0 {
		return Config{}, faults
	}
	return c, nil
}

// Read reads a layer as JSON leniently: what is unknown or wrong is left out and reported. The provisioning object is
// read so too; its sipUser stands for the keys of the account. The error means that data is no JSON object at all.
func Read(source Source, data []byte) (Config, []*Error, error) {
	c, faults, err := read(source, data, false)
	return c, faults, err
}

func read(source Source, data []byte, strict bool) (Config, Errors, error) {
	c := Config{source: source}
	top, err := object(data)
	if err != nil {
		return c, nil, err
	}
	var faults Errors
	for _, s := range flatten(top) {
		if s.name == "flags" && !strict {
			s.raw = c.knownFlags(s.raw, &faults)
		}
		if err := c.take(s.name, s.path, s.raw); err != nil {
			faults = append(faults, err)
		}
	}
	return c, faults, nil
}

func object(data []byte) (map[string]json.RawMessage, error) {
	fault := &Error{Key: "(whole input)", Example: `{"wsServers": "sip.example.com"}`}
	if len(data) > MaxInput {
		fault.Reason = "is larger than 1 MB"
		return nil, fault
	}
	var top map[string]json.RawMessage
	data = []byte(strings.TrimPrefix(string(data), "\ufeff"))
	if err := json.Unmarshal(data, &top); err != nil {
		fault.Reason = "is no JSON object"
		if syntax, ok := err.(*json.SyntaxError); ok {
			before := data[:min(int(syntax.Offset), len(data))]
			fault.Reason += ", see line " + strconv.Itoa(1+strings.Count(string(before), "\n"))
		}
		return nil, fault
	}
	return top, nil
}

// setting is one value found in an input: name of the key, path as written.
type setting struct {
	name, path string
	raw        json.RawMessage
}

var groups = []string{"show", "codec", "retention", "numbering", "screenPop"}

var accountKeys = []string{"displayName", "cli", "username", "password", "wsServer", "wsServers", "realm"}

// flatten orders the values by name, those of sipUser last, so that the result never depends on the order of a map.
func flatten(top map[string]json.RawMessage) []setting {
	var list, user []setting
	for _, name := range sorted(top) {
		raw := top[name]
		var group map[string]json.RawMessage
		nested := name == "sipUser" || slices.Contains(groups, name)
		if !nested || json.Unmarshal(raw, &group) != nil {
			list = append(list, setting{name, name, raw})
			continue
		}
		for _, sub := range sorted(group) {
			s := setting{name + "." + sub, name + "." + sub, group[sub]}
			switch {
			case name != "sipUser":
				list = append(list, s)
				continue
			case slices.Contains(accountKeys, sub):
				s.name = sub
			}
			user = append(user, s)
		}
	}
	return append(list, user...)
}

func sorted(values map[string]json.RawMessage) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// take sets one key from JSON; null sets nothing.
func (c *Config) take(name, path string, raw json.RawMessage) *Error {
	if string(raw) == "null" {
		return nil
	}
	if mark := markOf(name); mark != 0 {
		return c.takeMarks(mark, name, raw)
	}
	k := find(name)
	if k == nil {
		if slices.Contains(groups, name) || name == "sipUser" {
			return &Error{Key: name, Reason: "must be an object in braces"}
		}
		return unknown(path)
	}
	if err := c.permitted(k); err != nil {
		return err
	}
	if err := k.read(c, raw, false); err != nil {
		value := string(raw)
		if one, plain := jsonText(raw); plain {
			value = one
		}
		e := k.refused(value, err)
		e.Key = path
		return e
	}
	c.note(k)
	return nil
}

// knownFlags reports the flags nobody knows and returns the others.
func (c *Config) knownFlags(raw json.RawMessage, faults *Errors) json.RawMessage {
	names, err := textList(raw)
	if err != nil {
		return raw
	}
	known := []string{}
	for _, name := range names {
		if _, err := checkFlags([]string{name}); err != nil {
			*faults = append(*faults, find("flags").refused(name, err))
			continue
		}
		known = append(known, name)
	}
	out, err := json.Marshal(known)
	if err != nil {
		return raw
	}
	return out
}

// permitted refuses a key from a source that has no say in it.
func (c *Config) permitted(k *key) *Error {
	switch {
	case k.is(operator) && c.source > Environment:
		return &Error{Key: k.name, Reason: "is set by the host's config.json or its environment only, not by " +
			c.source.String()}
	case k.is(visitor) && c.source.ours():
		return &Error{Key: k.name, Reason: "is for links and embedding pages only"}
	}
	return nil
}

func jsonText(raw json.RawMessage) (string, bool) {
	var s string
	err := json.Unmarshal(raw, &s)
	return s, err == nil
}

func (c *Config) note(k *key) {
	if c.set == nil {
		c.set = map[string]Source{}
	}
	c.set[k.name] = c.source
}

// NewLayer returns an empty layer, to be filled by Set.
func NewLayer(source Source) Config { return Config{source: source} }

// Set sets one key of a layer from text, as it stands in a form or an environment variable. An empty text of a key that
// holds no text, and any text of no meaning, is an *Error; then the layer stays as it was.
func (c *Config) Set(name, value string) error {
	if err := c.setText(name, value); err != nil {
		return err
	}
	return nil
}

func (c *Config) setText(name, value string) *Error {
	k := find(name)
	if k == nil {
		return unknown(name)
	}
	if err := c.permitted(k); err != nil {
		return err
	}
	if err := k.read(c, json.RawMessage(value), true); err != nil {
		return k.refused(value, err)
	}
	c.note(k)
	return nil
}

// Unset takes a key out of a layer, so that lower layers show through.
func (c *Config) Unset(name string) {
	if k := find(name); k != nil {
		k.copy(c, &Config{})
		set := map[string]Source{}
		for n, s := range c.set {
			if n != name {
				set[n] = s
			}
		}
		c.set = set
	}
}

// prefix begins the names of our environment variables.
const prefix = "WEBPHONE_"

// FromEnviron reads environment variables, "NAME=value" each: WEBPHONE_WS_SERVERS, WEBPHONE_SHOW_DIALPAD and so on, and
// the names of config.json as they are (wsServers), where both exist the former. An empty value counts as not set. An
// unknown name that begins with WEBPHONE_ is an error, unless it is among others: variables of another part of the server.
func FromEnviron(environ []string, others ...string) (Config, error) {
	c := Config{source: Environment}
	var faults Errors
	for _, ours := range []bool{false, true} {
		for _, variable := range environ {
			name, value, _ := strings.Cut(variable, "=")
			if value == "" || strings.HasPrefix(name, prefix) != ours || slices.Contains(others, name) {
				continue
			}
			if err := c.takeVariable(name, value); err != nil {
				err.Key = strings.Trim(printable(name), `"`)
				faults = append(faults, err)
			}
		}
	}
	return c, faults.orNil()
}

func (c *Config) takeVariable(name, value string) *Error {
	rest, found := strings.CutPrefix(name, prefix)
	if !found {
		if slices.Contains(bareNames, name) {
			return c.setText(name, value)
		}
		return nil
	}
	for _, m := range markNames {
		if Variable(m.word) == name {
			names, err := readWords(value)
			if err != nil {
				return &Error{Reason: err.Error(), Example: `["username","realm"]`}
			}
			return c.mark(m.mark, m.word, names)
		}
	}
	for i := range keys {
		if Variable(keys[i].name) == name {
			return c.setText(keys[i].name, value)
		}
	}
	return noVariable(name, rest)
}

// noVariable names the variable that is meant, where the name differs only in how it is written.
func noVariable(name, rest string) *Error {
	err := &Error{Key: name, Reason: "there is no such variable", Unknown: true}
	for _, each := range append(Names(), markWords()...) {
		if squash(each) == squash(rest) {
			err.Reason += "; it is called " + Variable(each)
		}
	}
	return err
}

// squash makes WS_SERVERS, wsServers and ws.servers the same.
func squash(name string) string {
	return strings.NewReplacer("_", "", ".", "").Replace(strings.ToUpper(name))
}

// Variable is the name of a key's environment variable: "WEBPHONE_WS_SERVERS" for "wsServers".
func Variable(name string) string {
	var b strings.Builder
	b.WriteString(prefix)
	lower := false
	for _, r := range strings.ReplaceAll(name, ".", "_") {
		if r >= 'A' && r <= 'Z' && lower {
			b.WriteByte('_')
		}
		lower = r >= 'a' && r <= 'z'
		b.WriteRune(r)
	}
	return strings.ToUpper(b.String())
}

// FromFragment reads the fragment of the page's address, "username=1001&language=de". Only the keys that may stand in a
// link are taken, never a secret; the others are reported. A fragment without "=" says nothing.
func FromFragment(fragment string) (Config, []*Error) {
	c := Config{source: Fragment}
	fragment = strings.TrimPrefix(fragment, "#")
	if len(fragment) > maxURL {
		return c, []*Error{{Key: "(link)", Reason: "is longer than 2048 characters"}}
	}
	var faults []*Error
	for part := range strings.SplitSeq(fragment, "&") {
		name, value, found := strings.Cut(part, "=")
		if !found {
			continue
		}
		if err := c.takeLinked(name, value); err != nil {
			faults = append(faults, err)
		}
	}
	return c, faults
}

func (c *Config) takeLinked(name, value string) *Error {
	k := find(name)
	if k == nil {
		return unknown(name)
	}
	if !k.is(linkable) {
		return &Error{Key: name, Reason: "is not taken from a link"}
	}
	text, err := url.PathUnescape(strings.ReplaceAll(value, "+", "%2B"))
	if err != nil {
		return k.refused("", wrong("", "is not percent-encoded"))
	}
	return c.setText(name, text)
}
