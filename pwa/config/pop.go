package config

import "strings"

// popWords are what may stand in braces in the URL of a screen pop.
var popWords = []string{"number", "name", "callId", "user"}

// checkPop takes the URL of a screen pop: one that a page may open, with known words in braces behind the name of the host.
func checkPop(_ *key, s string) (string, error) {
	s, err := link(s, nil)
	if err != nil || s == "" {
		return "", err
	}
	_, host, absolute := strings.Cut(s, "://")
	if !absolute && !strings.HasPrefix(s, "/") {
		return "", wrong("", "must begin with https:// or with /")
	}
	rest := s
	for _, word := range popWords {
		rest = strings.ReplaceAll(rest, "{"+word+"}", "")
	}
	if strings.ContainsAny(rest, "{}") {
		return "", wrong("", "may hold {"+strings.Join(popWords, "}, {")+"} and no other braces")
	}
	if at := strings.IndexAny(host, "{/?#"); absolute && at >= 0 && host[at] == '{' {
		return "", wrong("", "must name its host without braces")
	}
	return s, nil
}

// Framed reports whether the page stands in the phone.
func (p ScreenPop) Framed() bool { return p.URL != "" && p.Target != "link" }

// Fill is the URL for a caller; values are those of the words in braces: "number", "name", "callId", "user". Callers write what
// they like into their names: a value is percent-encoded whole, so that it stays in its place in the URL, and one of dots alone,
// which would lead up a path, is left out.
func (p ScreenPop) Fill(values map[string]string) string {
	var pairs []string
	for _, word := range popWords {
		pairs = append(pairs, "{"+word+"}", escaped(values[word]))
	}
	return strings.NewReplacer(pairs...).Replace(p.URL)
}

// escaped leaves the unreserved characters of RFC 3986 section 2.3 as they are.
func escaped(value string) string {
	const hex, unreserved = "0123456789ABCDEF", letters + digits + "-._~"
	if strings.Trim(value, ".") == "" {
		return ""
	}
	var b strings.Builder
	for i := range len(value) {
		if c := value[i]; strings.IndexByte(unreserved, c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}
