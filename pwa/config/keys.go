package config

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// trait is what a key is, apart from its value.
type trait uint8

const (
	secret     trait = 1 << iota // never in a message, never read back
	preference                   // the user's own affair: may be set without EDIT_SETTINGS
	login                        // the user may set it where the operator did not
	linkable                     // may stand in the fragment of a link
	operator                     // config.json and the environment only
	visitor                      // a link or the embedding page only
)

// key is one variable of the schema.
type key struct {
	name    string // dotted path in JSON
	example string
	kind    string // for the schema: string, boolean, integer, servers, strings, menu, flags, ice
	traits  trait

	text  func(*Config, string) error // sets it from an environment variable, a fragment, a form
	json  func(*Config, json.RawMessage) error
	copy  func(dst, src *Config)
	value func(*Config) any
	same  func(a, b *Config) bool
}

func (k *key) is(t trait) bool { return k.traits&t != 0 }

var (
	keys      = allKeys()
	keyByName = indexKeys()
)

func indexKeys() map[string]*key {
	m := make(map[string]*key, len(keys))
	for i := range keys {
		m[keys[i].name] = &keys[i]
	}
	return m
}

func allKeys() []key {
	list := []key{
		servers("wsServers", login, func(c *Config) *[]Server { return &c.WSServers }),
		servers("wsServer", login|linkable, func(c *Config) *[]Server { return &c.WSServer }),
		text("realm", `"sip.example.com"`, login, func(c *Config) *string { return &c.Realm }, plain(255, `"<>\`)),
		text("username", `"1001"`, login|linkable, func(c *Config) *string { return &c.Username }, plain(128, ` "<>\:;,?/`)),
		text("password", `"..."`, login|secret, func(c *Config) *string { return &c.Password }, password),
		text("displayName", `"Front Desk"`, login|linkable, func(c *Config) *string { return &c.DisplayName }, plain(128, `<>`)),
		text("cli", `"+442079460000"`, login|linkable, func(c *Config) *string { return &c.CLI },
			only(64, digits+letters+"+*#._-", "may hold letters, digits and + * # . _ - only")),
		toggle("autoRegister", func(c *Config) *bool { return &c.AutoRegister }),
		text("brandName", `"Example Clinic"`, 0, func(c *Config) *string { return &c.BrandName }, plain(64, `<>`)),
		text("css", `"/brand.css"`, 0, func(c *Config) *string { return &c.CSS }, link()),
		list("menu", "menu", `[{"id":"history","order":1}]`, 0, func(c *Config) *[]MenuRow { return &c.Menu },
			func(s string) ([]MenuRow, error) { return parseMenu(json.RawMessage(s)) }, parseMenu),
		list("flags", "flags", `["EDIT_SETTINGS"]`, 0, func(c *Config) *[]Flag { return &c.Flags },
			func(s string) ([]Flag, error) { return checkFlags(words(s)) }, flagsJSON),
		strs("codec.delete", `["PC.*","red.*"]`, 0, func(c *Config) *[]string { return &c.Codec.Delete }, pattern, leavesVoice),
		strs("codec.priority", `["opus","G722"]`, 0, func(c *Config) *[]string { return &c.Codec.Priority }, pattern, nil),
		list("iceServers", "ice", `[{"urls":"turns:turn.example.com:443","username":"...","credential":"..."}]`, secret,
			func(c *Config) *[]ICEServer { return &c.ICEServers }, iceText, parseICE),
		text("iceTransportPolicy", `"relay"`, 0, func(c *Config) *string { return &c.ICETransportPolicy }, oneOf("all", "relay")),
		text("phonebook", `"/phonebook.json"`, 0, func(c *Config) *string { return &c.Phonebook }, link()),
		text("provisioning", `"/provision"`, operator, func(c *Config) *string { return &c.Provisioning }, link()),
		strs("frameAncestors", `["https://crm.example.com"]`, operator, func(c *Config) *[]string { return &c.FrameAncestors }, ancestor, noneAlone),
		text("language", `"de"`, preference|linkable, func(c *Config) *string { return &c.Language }, language),
		text("theme", `"dark"`, preference|linkable, func(c *Config) *string { return &c.Theme }, oneOf("system", "light", "dark")),
		number("retention.days", "90", 36500, func(c *Config) *int { return &c.Retention.Days }),
		number("retention.entries", "500", 100000, func(c *Config) *int { return &c.Retention.Entries }),
		text("numbering.country", `"44"`, preference, func(c *Config) *string { return &c.Numbering.Country }, only(3, digits, "must be a country code of digits, without plus")),
		text("numbering.trunk", `"0"`, preference, func(c *Config) *string { return &c.Numbering.Trunk }, only(4, digits, "must be digits")),
		text("numbering.international", `"00"`, preference, func(c *Config) *string { return &c.Numbering.International }, only(6, digits, "must be digits")),
		text("number", `"+442079460000"`, visitor|linkable, func(c *Config) *string { return &c.Number },
			only(128, digits+letters+"+*#.-_()/@: ", "may hold what a number or a SIP address holds")),
	}
	return append(list, showKeys()...)
}

func showKeys() []key {
	return []key{
		toggle("show.dialpad", func(c *Config) *bool { return &c.Show.Dialpad }),
		toggle("show.number", func(c *Config) *bool { return &c.Show.Number }),
		toggle("show.answer", func(c *Config) *bool { return &c.Show.Answer }),
		toggle("show.hangup", func(c *Config) *bool { return &c.Show.Hangup }),
		toggle("show.hold", func(c *Config) *bool { return &c.Show.Hold }),
		toggle("show.mute", func(c *Config) *bool { return &c.Show.Mute }),
		toggle("show.dial", func(c *Config) *bool { return &c.Show.Dial }),
		toggle("show.status", func(c *Config) *bool { return &c.Show.Status }),
	}
}

func scalar[T comparable](name, kind, example string, traits trait, at func(*Config) *T,
	fromText func(string) (T, error), fromJSON func(json.RawMessage) (T, error)) key {
	return key{name: name, kind: kind, example: example, traits: traits,
		text:  func(c *Config, s string) error { return assign(at(c), s, fromText) },
		json:  func(c *Config, raw json.RawMessage) error { return assign(at(c), raw, fromJSON) },
		copy:  func(dst, src *Config) { *at(dst) = *at(src) },
		value: func(c *Config) any { return *at(c) },
		same:  func(a, b *Config) bool { return *at(a) == *at(b) },
	}
}

func list[E any](name, kind, example string, traits trait, at func(*Config) *[]E,
	fromText func(string) ([]E, error), fromJSON func(json.RawMessage) ([]E, error)) key {
	return key{name: name, kind: kind, example: example, traits: traits,
		text:  func(c *Config, s string) error { return assign(at(c), s, fromText) },
		json:  func(c *Config, raw json.RawMessage) error { return assign(at(c), raw, fromJSON) },
		copy:  func(dst, src *Config) { *at(dst) = *at(src) },
		value: func(c *Config) any { return append([]E{}, *at(c)...) },
		same:  func(a, b *Config) bool { return len(*at(a)) == 0 && len(*at(b)) == 0 },
	}
}

// assign leaves the old value in place when the new one is wrong.
func assign[T, S any](at *T, from S, read func(S) (T, error)) error {
	v, err := read(from)
	if err == nil {
		*at = v
	}
	return err
}

func text(name, example string, traits trait, at func(*Config) *string, check func(string) (string, error)) key {
	return scalar(name, "string", example, traits, at, check, func(raw json.RawMessage) (string, error) {
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return "", wrong("", "must be a text in quotes")
		}
		return check(s)
	})
}

func toggle(name string, at func(*Config) *bool) key {
	return scalar(name, "boolean", "true", 0, at, yes, func(raw json.RawMessage) (bool, error) {
		var b bool
		if err := json.Unmarshal(raw, &b); err == nil {
			return b, nil
		}
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return false, wrong("", "must be true or false")
		}
		return yes(s)
	})
}

func yes(s string) (bool, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "1", "yes", "on":
		return true, nil
	case "false", "0", "no", "off":
		return false, nil
	}
	return false, wrong("", "must be true or false")
}

func number(name, example string, limit int, at func(*Config) *int) key {
	read := func(s string) (int, error) {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil || n < 0 || n > limit {
			return 0, wrong("", fmt.Sprintf("must be a whole number from 0 (no limit) to %d", limit))
		}
		return n, nil
	}
	return scalar(name, "integer", example, 0, at, read, func(raw json.RawMessage) (int, error) {
		return read(strings.Trim(string(raw), `"`))
	})
}

func servers(name string, traits trait, at func(*Config) *[]Server) key {
	return list(name, "servers", `"sip.example.com, wss://b.example.com:8089/ws"`, traits, at, parseServers,
		func(raw json.RawMessage) ([]Server, error) {
			var s string
			if err := json.Unmarshal(raw, &s); err == nil {
				return parseServers(s)
			}
			entries, err := strings1(raw)
			if err != nil {
				return nil, err
			}
			return serverList(entries)
		})
}

func strs(name, example string, traits trait, at func(*Config) *[]string,
	check func(string) (string, error), whole func([]string) error) key {
	all := func(entries []string) ([]string, error) {
		if len(entries) > maxPatterns {
			return nil, wrong("", "has more than 64 entries")
		}
		checked := make([]string, len(entries))
		for i, e := range entries {
			var err error
			if checked[i], err = check(e); err != nil {
				return nil, wrong(e, err.Error())
			}
		}
		if whole != nil {
			return checked, whole(checked)
		}
		return checked, nil
	}
	return list(name, "strings", example, traits, at,
		func(s string) ([]string, error) {
			if strings.HasPrefix(strings.TrimSpace(s), `["`) {
				return readAll(json.RawMessage(s), all)
			}
			return all(words(s))
		},
		func(raw json.RawMessage) ([]string, error) { return readAll(raw, all) })
}

func readAll(raw json.RawMessage, check func([]string) ([]string, error)) ([]string, error) {
	entries, err := strings1(raw)
	if err != nil {
		return nil, err
	}
	return check(entries)
}

// strings1 reads a list of texts, or one text.
func strings1(raw json.RawMessage) ([]string, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var one string
	if err := json.Unmarshal(raw, &one); err == nil {
		return []string{one}, nil
	}
	var many []string
	if err := json.Unmarshal(raw, &many); err != nil {
		return nil, wrong("", "must be a list of texts")
	}
	return many, nil
}

// words splits at commas and white space.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) })
}

func flagsJSON(raw json.RawMessage) ([]Flag, error) {
	names, err := strings1(raw)
	if err != nil {
		return nil, err
	}
	return checkFlags(names)
}

func checkFlags(names []string) ([]Flag, error) {
	flags := []Flag{}
	for _, name := range names {
		f := Flag(strings.ToUpper(strings.TrimSpace(name)))
		if !slices.Contains(allFlags, f) {
			return nil, wrong(name, "is no flag; the flags are "+join(allFlags))
		}
		if !slices.Contains(flags, f) {
			flags = append(flags, f)
		}
	}
	return flags, nil
}

func join(flags []Flag) string {
	names := make([]string, len(flags))
	for i, f := range flags {
		names[i] = string(f)
	}
	return strings.Join(names, ", ")
}

func noneAlone(sources []string) error {
	if len(sources) > 1 && slices.Contains(sources, "'none'") {
		return wrong("", "has none beside others")
	}
	return nil
}
