package config

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	MaxInput = 1 << 20
	maxURL   = 2048
)

// checkLine takes one line of text: trimmed, no control characters, no text direction overrides, none of the key's chars.
func checkLine(k *key, s string) (string, error) { return plain(s, k.limit, k.chars) }

func plain(s string, limit int, forbidden string) (string, error) {
	s = strings.TrimSpace(s)
	if err := oneLine(s, limit); err != nil {
		return "", err
	}
	if i := strings.IndexAny(s, forbidden); i >= 0 {
		return "", wrong("", "must not contain "+s[i:i+1])
	}
	return s, nil
}

func oneLine(s string, limit int) error {
	if len(s) > limit {
		return wrong("", "is too long")
	}
	if !utf8.ValidString(s) {
		return wrong("", "is not valid UTF-8")
	}
	for _, r := range s {
		switch {
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029:
			return wrong("", "contains a control character or a line break")
		case r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return wrong("", "contains a text direction override")
		case r == 0xfeff || r >= 0xe0000 && r <= 0xe007f:
			return wrong("", "contains an invisible character")
		}
	}
	return nil
}

// checkPassword takes anything that can be typed into a password field.
func checkPassword(_ *key, s string) (string, error) {
	if len(s) > 1024 || !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\r\n") {
		return "", wrong("", "must be at most 1024 bytes of UTF-8 on one line")
	}
	return s, nil
}

// checkChars takes text made of the key's chars.
func checkChars(k *key, s string) (string, error) { return only(s, k.limit, k.chars) }

func only(s string, limit int, chars string) (string, error) {
	s = strings.TrimSpace(s)
	if len(s) > limit {
		return "", wrong("", "is too long")
	}
	if strings.ContainsFunc(s, func(r rune) bool { return !strings.ContainsRune(chars, r) }) {
		return "", wrong("", "may hold these characters only: "+short(chars))
	}
	return s, nil
}

// short writes the ranges of a set of characters as people do.
func short(chars string) string {
	chars = strings.Replace(chars, digits, "0-9 ", 1)
	return strings.TrimSpace(strings.Replace(chars, letters, "A-Z a-z ", 1))
}

// checkWord takes one of the key's words.
func checkWord(k *key, s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	if !slices.Contains(words(k.chars), s) {
		return "", wrong("", "must be one of "+k.chars)
	}
	return s, nil
}

// checkLanguage takes a language tag (BCP 47) by its shape.
func checkLanguage(_ *key, s string) (string, error) {
	s = strings.TrimSpace(s)
	for i, part := range strings.Split(s, "-") {
		if s != "" && (len(part) < 2 || len(part) > 8 || i == 0 && len(part) > 3 || strings.Trim(part, letters+digits) != "") {
			return "", wrong("", "is no language tag")
		}
	}
	return s, nil
}

// checkURL takes a URL that the page may load.
func checkURL(_ *key, s string) (string, error) { return link(s, nil) }

// link takes a URL that a page may open or load: a path of the own site, https, http on this machine, and the schemes
// named.
func link(s string, schemes []string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	if err := oneLine(s, maxURL); err != nil {
		return "", err
	}
	if strings.ContainsAny(s, "\\ \"'<>`;,") && !strings.HasPrefix(s, "mailto:") || strings.HasPrefix(s, "//") {
		return "", wrong("", "is no URL that may be used here")
	}
	u, err := url.Parse(s)
	if err != nil {
		return "", wrong("", "is no URL")
	}
	return s, checkLink(u, schemes)
}

// loopbackNames are what an unencrypted link may call this machine: the policy that stands in the page names them, where it
// cannot name an IPv6 address (Content Security Policy Level 3, section 2.3.1).
var loopbackNames = []string{"127.0.0.1", "localhost"}

func checkLink(u *url.URL, schemes []string) error {
	switch {
	case u.User != nil:
		return wrong("", "must not hold a user name or password")
	case u.Scheme == "" && u.Host == "":
		return nil
	case u.Scheme == "https" || u.Scheme == "http":
		host, _, err := parseHostPort("", u.Host)
		if err != nil {
			return err
		}
		if u.Scheme == "http" && !loopback(host) {
			return wrong("", "is not encrypted; use https://")
		}
		if u.Scheme == "http" && !slices.Contains(loopbackNames, host) {
			return wrong("", "is not let through by the policy of the page; call this machine 127.0.0.1 or localhost")
		}
		return nil
	case slices.Contains(schemes, u.Scheme):
		return nil
	}
	return wrong("", "must be a path or begin with https://")
}

// origin returns scheme, host and port of an absolute URL, "" for what is no source of a content security policy: a path, and
// what opens in another program.
func origin(s string) string {
	u, err := url.Parse(s)
	if err != nil || !slices.Contains([]string{"https", "http", "wss", "ws"}, u.Scheme) {
		return ""
	}
	if _, _, err := parseHostPort("", u.Host); err != nil {
		return ""
	}
	return u.Scheme + "://" + strings.ToLower(u.Host)
}

// checkAncestor takes a source of frame-ancestors: self, none, an origin, or an origin with a wildcard in front.
func checkAncestor(_ *key, s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	switch strings.Trim(s, "'") {
	case "self", "none":
		return "'" + strings.Trim(s, "'") + "'", nil
	}
	scheme, rest, ok := strings.Cut(s, "://")
	rest = strings.TrimSuffix(rest, "/")
	if !ok || scheme != "https" && scheme != "http" {
		return "", wrong(s, "must be self, none or an origin that begins with https://")
	}
	wild := ""
	if tail, ok := strings.CutPrefix(rest, "*."); ok {
		wild, rest = "*.", tail
	}
	host, port, err := parseHostPort(s, rest)
	if err != nil {
		return "", err
	}
	if scheme == "http" && (!loopback(host) || wild != "") {
		return "", wrong(s, "is not encrypted; use https://")
	}
	if wild != "" && !strings.Contains(host, ".") {
		return "", wrong(s, "opens a whole top-level domain")
	}
	if port != "" {
		port = ":" + port
	}
	return scheme + "://" + wild + host + port, nil
}

func noneAlone(sources []string) error {
	if len(sources) > 1 && slices.Contains(sources, "'none'") {
		return wrong("", "has none beside others")
	}
	return nil
}
