//go:build !js

package siptest

import (
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// addr is a name-addr or addr-spec with the parameters of its header field (RFC 3261 section 20.10), or a Via entry:
// then uri is what stands before the parameters.
type addr struct {
	uri    string
	params []param
}

type param struct{ name, value string }

func parseAddr(value string) addr {
	parts := splitOutside(value, ';')
	a := addr{uri: strings.TrimSpace(parts[0])}
	if open := strings.LastIndexByte(a.uri, '<'); open >= 0 {
		a.uri = strings.TrimSuffix(a.uri[open+1:], ">")
	}
	for _, part := range parts[1:] {
		name, value, _ := strings.Cut(part, "=")
		a.params = append(a.params, param{strings.ToLower(strings.TrimSpace(name)), strings.Trim(strings.TrimSpace(value), `"`)})
	}
	return a
}

func (a addr) param(name string) string {
	for _, p := range a.params {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// splitOutside splits at sep where it stands outside quotes and angle brackets, and trims the parts.
func splitOutside(s string, sep byte) (parts []string) {
	start, quoted, angled := 0, false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '<':
			angled = true
		case c == '>':
			angled = false
		case c == sep && !angled:
			parts = append(parts, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	}
	return append(parts, strings.TrimSpace(s[start:]))
}

func parseURI(text string) (uri sip.Uri, ok bool) {
	err := sip.ParseUri(text, &uri)
	return uri, err == nil && uri.Host != "" && (strings.EqualFold(uri.Scheme, "sip") || strings.EqualFold(uri.Scheme, "sips"))
}

// uriKey is what identifies a Contact here: user, host and port.
func uriKey(text string) string {
	uri, ok := parseURI(text)
	if !ok {
		return text
	}
	return uri.User + "@" + strings.ToLower(uri.Host) + ":" + strconv.Itoa(uri.Port)
}

// userOf is the user part of a URI, "" when it has none.
func userOf(text string) string {
	uri, _ := parseURI(text)
	return uri.User
}
