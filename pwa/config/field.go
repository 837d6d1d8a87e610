package config

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// read sets the field of a key from JSON, or from text as it stands in an environment variable, a link or a form. A wrong
// value leaves the field as it is.
func (k *key) read(c *Config, raw json.RawMessage, isText bool) error {
	text, texts, err := k.unquoted(c, raw, isText)
	if err != nil {
		return err
	}
	switch field := k.at(c).(type) {
	case *string:
		text, err = k.check(k, text)
		keep(field, text, err)
	case *bool:
		var on bool
		on, err = readSwitch(text)
		keep(field, on, err)
	case *int:
		var n int
		n, err = k.readNumber(text)
		keep(field, n, err)
	case *[]string:
		texts, err = k.checkAll(texts)
		keep(field, texts, err)
	case *[]Flag:
		var flags []Flag
		flags, err = checkFlags(texts)
		keep(field, flags, err)
	case *[]Server:
		var servers []Server
		servers, err = serverList(texts)
		keep(field, servers, err)
	case *[]MenuRow:
		var menu []MenuRow
		menu, err = parseMenu(raw)
		keep(field, menu, err)
	case *[]ICEServer:
		var servers []ICEServer
		servers, err = readICE(raw, isText)
		keep(field, servers, err)
	}
	return err
}

func keep[T any](field *T, value T, err error) {
	if err == nil {
		*field = value
	}
}

// unquoted takes a value out of its quotes: one text for a field of one value, several for a list.
func (k *key) unquoted(c *Config, raw json.RawMessage, isText bool) (text string, texts []string, err error) {
	if isText {
		text = string(raw)
	}
	switch k.at(c).(type) {
	case *string:
		if !isText && json.Unmarshal(raw, &text) != nil {
			err = wrong("", "must be a text in quotes")
		}
	case *bool:
		if !isText && json.Unmarshal(raw, &text) != nil {
			if text = string(raw); text != "true" && text != "false" {
				err = wrong("", "must be true or false")
			}
		}
	case *int:
		if !isText && json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
	case *[]Server:
		if !isText || listed(text) {
			texts, err = textList(raw)
		}
		if len(texts) == 1 {
			text, texts = texts[0], nil
		}
		if texts == nil && err == nil {
			texts, err = splitServers(text)
		}
	case *[]string, *[]Flag:
		if isText {
			texts, err = readWords(text)
			break
		}
		texts, err = textList(raw)
	}
	return text, texts, err
}

// listed tells a text that is a list as in config.json from words of which the first begins with a bracket.
func listed(text string) bool {
	rest, bracket := strings.CutPrefix(strings.TrimSpace(text), "[")
	rest = strings.TrimSpace(rest)
	return bracket && (rest == "]" || strings.HasPrefix(rest, `"`))
}

// readWords takes a list of texts as it stands in config.json, or as words.
func readWords(text string) ([]string, error) {
	if listed(text) {
		return textList(json.RawMessage(text))
	}
	return words(text), nil
}

func readSwitch(s string) (bool, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "1", "yes", "on":
		return true, nil
	case "false", "0", "no", "off":
		return false, nil
	}
	return false, wrong("", "must be true or false")
}

func (k *key) readNumber(s string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 || n > k.limit {
		return 0, wrong("", "must be a whole number from 0 (no limit) to "+strconv.Itoa(k.limit))
	}
	return n, nil
}

const maxList = 64

func (k *key) checkAll(entries []string) ([]string, error) {
	if len(entries) > maxList {
		return nil, wrong("", "has more than 64 entries")
	}
	checked := make([]string, len(entries))
	for i, e := range entries {
		var err error
		if checked[i], err = k.check(k, e); err != nil {
			return nil, wrong(e, err.Error())
		}
	}
	if k.whole != nil {
		return checked, k.whole(checked)
	}
	return checked, nil
}

// textList reads a list of texts, or one text.
func textList(raw json.RawMessage) ([]string, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return []string{one}, nil
	}
	var many []string
	if json.Unmarshal(raw, &many) != nil {
		return nil, wrong("", "must be a list of texts")
	}
	return many, nil
}

// words splits at commas and white space.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) })
}

func checkFlags(names []string) ([]Flag, error) {
	flags := []Flag{}
	for _, name := range names {
		f := Flag(strings.ToUpper(strings.TrimSpace(name)))
		if !slices.Contains(allFlags, f) {
			reason := "is no flag; the flags are"
			for _, known := range allFlags {
				reason += " " + string(known)
			}
			return nil, wrong(name, reason)
		}
		if !slices.Contains(flags, f) {
			flags = append(flags, f)
		}
	}
	return flags, nil
}

// copy sets the field of dst to that of src.
func (k *key) copy(dst, src *Config) {
	switch to := k.at(dst).(type) {
	case *string:
		*to = *k.at(src).(*string)
	case *bool:
		*to = *k.at(src).(*bool)
	case *int:
		*to = *k.at(src).(*int)
	case *[]string:
		*to = *k.at(src).(*[]string)
	case *[]Flag:
		*to = *k.at(src).(*[]Flag)
	case *[]Server:
		*to = *k.at(src).(*[]Server)
	case *[]MenuRow:
		*to = *k.at(src).(*[]MenuRow)
	case *[]ICEServer:
		*to = *k.at(src).(*[]ICEServer)
	}
}

// size is the length of a list and -1 for a single value.
func (k *key) size(c *Config) int {
	switch field := k.at(c).(type) {
	case *[]string:
		return len(*field)
	case *[]Flag:
		return len(*field)
	case *[]Server:
		return len(*field)
	case *[]MenuRow:
		return len(*field)
	case *[]ICEServer:
		return len(*field)
	}
	return -1
}

// starts reports whether a field is as it was in base, where all lists are empty.
func (k *key) starts(c, base *Config) bool {
	switch field := k.at(c).(type) {
	case *string:
		return *field == *k.at(base).(*string)
	case *bool:
		return *field == *k.at(base).(*bool)
	case *int:
		return *field == *k.at(base).(*int)
	}
	return k.size(c) == 0
}

// value is the field as JSON shall show it: a pointer, and an empty list rather than none.
func (k *key) value(c *Config) any {
	if k.size(c) == 0 {
		return []string{}
	}
	return k.at(c)
}
