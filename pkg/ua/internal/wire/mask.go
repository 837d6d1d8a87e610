package wire

import (
	"bytes"
	"strings"
)

// Mask returns a copy of a message in which secrets are overwritten by asterisks, octet by octet, so that its shape and
// length stay. Hidden are, wherever they stand and however broken the message is: of Authorization, Proxy-Authorization,
// WWW-Authenticate, Proxy-Authenticate and Authentication-Info every parameter but the harmless ones (realm, username, uri,
// algorithm, qop, nc, stale and the like) and every token of another scheme; values named response, cnonce, nonce, opaque,
// nextnonce and rspauth anywhere; passwords in SIP URIs; in bodies the keys of a=crypto and k=, and the password of
// a=ice-pwd.
func Mask(data []byte) []byte {
	m := newMasker(data)
	m.run()
	return m.out
}

func newMasker(data []byte) *masker {
	m := &masker{out: bytes.Clone(data), low: make([]byte, len(data)), stops: map[string]span{}}
	for i, c := range data {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		m.low[i] = c
	}
	return m
}

// masker works on out and looks for words in low, the same text in lower case. It goes over the text once, from front to back;
// what it has found ahead it remembers, so that a message made for it does not cost more than any other of its length.
type masker struct {
	out, low []byte
	stops    map[string]span // by the octets looked for: none of them is in the span, one is at its end
	hidden   span            // hidden last
	at       span            // the last "@" before the end of what may be a URI, and that end
	auth     int             // end of the authentication header that was gone over last
}

// span is a part of the text.
type span struct{ start, end int }

func (s span) has(i int) bool { return s.start <= i && i < s.end }

// harmless parameters of authentication headers are shown.
var harmless = map[string]bool{
	"realm": true, "username": true, "username*": true, "uri": true, "algorithm": true, "qop": true, "nc": true, "stale": true,
	"charset": true, "userhash": true, "domain": true, "scope": true, "error": true, "authz_server": true, "auth-param": true,
}

var schemes = map[string]bool{"digest": true, "bearer": true, "basic": true, "negotiate": true, "ntlm": true}

var secretNames = map[string]bool{
	"response": true, "cnonce": true, "nonce": true, "opaque": true, "nextnonce": true, "rspauth": true, "access_token": true,
}

var authNames = map[string]bool{
	"authorization": true, "proxy-authorization": true, "www-authenticate": true, "proxy-authenticate": true,
	"authentication-info": true, "proxy-authentication-info": true,
}

// run visits every word and decides by it what follows has to be hidden.
func (m *masker) run() {
	for i := 0; i < len(m.low); {
		if !is(m.low[i], clsToken) {
			i++
			continue
		}
		start := i
		for i < len(m.low) && is(m.low[i], clsToken) {
			i++
		}
		m.word(start, i)
	}
}

// word looks at what follows a word that may announce a secret. It knows neither headers nor bodies, because a message that
// cannot be parsed is shown too.
func (m *masker) word(start, end int) {
	word := strings.ToLower(Unescape(string(m.low[start:end]))) // the name of a header in a URI may be escaped
	after := m.blanks(end)
	if after >= len(m.low) {
		return
	}
	switch next := m.low[after]; {
	case next == ':' && (hasSuffix(word, "sip") || hasSuffix(word, "sips")):
		m.uriPassword(after + 1)
	case next == ':' && hasSuffixIn(word, authNames):
		if start >= m.auth {
			m.auth = m.headerEnd(after + 1)
			m.authHeader(after+1, m.auth)
		}
	case next == '=' && hasSuffixIn(word, authNames):
		m.hide(after+1, m.until(after+1, "&> \t\r\n"))
	case next == '=' && hasSuffixIn(word, secretNames):
		m.hideValue(after + 1)
	case next == ':' && hasSuffix(word, "ice-pwd"):
		m.hide(after+1, m.until(after+1, "\r\n"))
	case next == ':' && hasSuffix(word, "crypto"):
		m.cryptoLine(after+1, m.until(after+1, "\r\n"))
	case next == ':' && hasSuffix(word, "inline"):
		m.hide(after+1, m.until(after+1, "\r\n"))
	case next == '=' && word == "k" && m.lineStart(start):
		m.hide(after+1, m.until(after+1, "\r\n"))
	}
}

func hasSuffix(word, name string) bool {
	return len(word) >= len(name) && word[len(word)-len(name):] == name
}

// hasSuffixIn also finds a name that garbage stands before.
func hasSuffixIn(word string, names map[string]bool) bool {
	if names[word] {
		return true
	}
	for name := range names {
		if hasSuffix(word, name) {
			return true
		}
	}
	return false
}

func (m *masker) lineStart(i int) bool {
	return i == 0 || m.low[i-1] == '\n' || m.low[i-1] == '\r'
}

// blanks skips white space, line breaks of folding included.
func (m *masker) blanks(i int) int {
	for i < len(m.low) && (isSpace(m.low[i]) || m.low[i] == '\r' || m.low[i] == '\n') {
		i++
	}
	return i
}

// until returns the first position from i on that holds an octet of stop.
func (m *masker) until(i int, stop string) int {
	if known := m.stops[stop]; known.has(i) {
		return known.end
	}
	end := len(m.low)
	if n := bytes.IndexAny(m.low[i:], stop); n >= 0 {
		end = i + n
	}
	m.stops[stop] = span{i, end}
	return end
}

// headerEnd returns the end of a header value: a line break that no white space follows. Parse takes a line feed or return alone
// for a part of the value, so that one ends it only where a line of its own follows.
func (m *masker) headerEnd(i int) int {
	for {
		i = m.until(i, "\r\n")
		if i >= len(m.low) {
			return i
		}
		end, pair := i, bytes.HasPrefix(m.low[i:], []byte("\r\n"))
		if pair {
			i++
		}
		if i++; i >= len(m.low) || !isSpace(m.low[i]) && (pair || m.newLine(i)) {
			return end
		}
	}
}

// newLine tells whether a header or a session description begins at i.
func (m *masker) newLine(i int) bool {
	p := scanner{s: string(m.low[i:min(len(m.low), i+64)])}
	return p.run(clsToken) != "" && p.take(':') || strings.HasPrefix(p.s, "v=0")
}

// hide overwrites all but white space, line breaks, and quotes at either end.
func (m *masker) hide(start, end int) {
	from := start
	if m.hidden.has(start) {
		from, start = m.hidden.end, m.hidden.start
	}
	m.hidden = span{start, max(from, end)}
	for i := from; i < end; i++ {
		switch c := m.out[i]; {
		case c == ' ', c == '\t', c == '\r', c == '\n':
		case c == '"' && (i == start || i == end-1):
		default:
			m.out[i] = '*'
		}
	}
}

// hideValue overwrites the value behind "=".
func (m *masker) hideValue(i int) {
	i = m.blanks(i)
	end, _ := m.valueEnd(i, len(m.low))
	m.hide(i, end)
}

// valueEnd returns the end of a quoted-string or of a run without separators. closed is false when a quote does not end.
func (m *masker) valueEnd(i, limit int) (end int, closed bool) {
	if i >= limit || m.low[i] != '"' {
		return min(limit, m.until(i, ",; \t\r\n>&")), true
	}
	for i++; i < limit; i++ {
		switch m.low[i] {
		case '\\':
			i++
		case '"':
			return i + 1, true
		}
	}
	return limit, false
}

// authHeader goes over the value of an authentication header and shows only what is known to be harmless.
func (m *masker) authHeader(i, limit int) {
	for i < limit {
		if i = min(limit, m.blanks(i)); i >= limit {
			return
		}
		start := i
		for i < limit && is(m.low[i], clsToken) {
			i++
		}
		word := string(m.low[start:i])
		if word == "" {
			m.hideSeparator(i)
			i++
			continue
		}
		after := min(limit, m.blanks(i))
		if after >= limit || m.low[after] != '=' {
			if !schemes[word] {
				m.hide(start, i)
			}
			continue
		}
		value := min(limit, m.blanks(after+1))
		end, closed := m.valueEnd(value, limit)
		if !harmless[word] && !secretNames[word] {
			m.hide(start, i)
		}
		if !harmless[word] || !closed || holdsHeader(m.low[value:end]) {
			m.hide(value, end)
		}
		i = max(end, after+1)
	}
}

// holdsHeader tells whether a value that would be shown has an authentication header in it, as where a quote is missing.
func holdsHeader(value []byte) bool {
	for name := range authNames {
		if bytes.Contains(value, []byte(name)) {
			return true
		}
	}
	return false
}

// hideSeparator overwrites an octet that is neither a word nor one of the separators that make the header readable.
func (m *masker) hideSeparator(i int) {
	if c := m.out[i]; c != ',' && c != '=' && c != '"' && c != ' ' {
		m.out[i] = '*'
	}
}

// cryptoLine shows tag and suite of a=crypto and hides the keys (RFC 4568).
func (m *masker) cryptoLine(i, end int) {
	for range 2 {
		for i < end && isSpace(m.low[i]) {
			i++
		}
		for i < end && is(m.low[i], clsToken) {
			i++
		}
	}
	m.hide(i, end)
}

// uriPassword hides what stands between the first ":" and the last "@" of a SIP URI: mendURI takes that one too.
func (m *masker) uriPassword(i int) {
	colon, end := m.until(i, ":"), m.until(i, "<>\" \t\r\n")
	if m.at.end != end {
		m.at = span{i + bytes.LastIndexByte(m.low[i:end], '@'), end}
	}
	if colon < m.at.start {
		m.hide(colon+1, m.at.start)
	}
}
