//go:build !js

package siptest

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"strings"
	"time"
)

// nonce is one that the server gave out.
type nonce struct {
	algorithm Algorithm
	created   time.Time
	count     uint32 // highest nonce count seen
}

// maxNonces is when expired nonces are swept.
const maxNonces = 1000

var hashes = map[Algorithm]func() hash.Hash{MD5: md5.New, SHA256: sha256.New, SHA512256: sha512.New512_256}

// digest is KD of RFC 7616 section 3.4: the hexadecimal hash of the parts, joined by colons.
func digest(algorithm Algorithm, parts ...string) string {
	h := hashes[algorithm]()
	h.Write([]byte(strings.Join(parts, ":")))
	return hex.EncodeToString(h.Sum(nil))
}

// credentials are the parameters of an Authorization or Proxy-Authorization field.
type credentials map[string]string

func parseCredentials(value string) credentials {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(value), " ")
	if !strings.EqualFold(scheme, "Digest") {
		return nil
	}
	cred := credentials{}
	for _, part := range splitOutside(rest, ',') {
		name, value, _ := strings.Cut(part, "=")
		cred[strings.ToLower(strings.TrimSpace(name))] = unquote(strings.TrimSpace(value))
	}
	return cred
}

func unquote(s string) string {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	s = s[1 : len(s)-1]
	s = strings.ReplaceAll(s, `\"`, `"`)
	return strings.ReplaceAll(s, `\\`, `\`)
}

func (c credentials) algorithm() Algorithm {
	if c["algorithm"] == "" {
		return MD5
	}
	return Algorithm(strings.ToUpper(c["algorithm"]))
}

// response computes what the client must have sent (RFC 7616 section 3.4.1).
func (c credentials) response(password, method string, body []byte) string {
	algorithm := c.algorithm()
	ha1 := digest(algorithm, c["username"], c["realm"], password)
	a2 := []string{method, c["uri"]}
	if c["qop"] == "auth-int" {
		a2 = append(a2, digest(algorithm, string(body)))
	}
	ha2 := digest(algorithm, a2...)
	if c["qop"] == "" {
		return digest(algorithm, ha1, c["nonce"], ha2)
	}
	return digest(algorithm, ha1, c["nonce"], c["nc"], c["cnonce"], c["qop"], ha2)
}

// verdict is what the server thinks of a request's credentials.
type verdict int

const (
	refused verdict = iota // none, or wrong: challenge
	stale                  // right, but for a nonce that is too old: challenge with stale=true
	accepted
)

// authenticate judges the credentials of a request, which stand in the field of that name.
func (s *Server) authenticate(m *message, name string) (user string, v verdict) {
	realm := s.realm(m)
	for _, value := range m.all(name) {
		cred := parseCredentials(value)
		if cred == nil || cred["realm"] != realm {
			continue
		}
		return cred["username"], s.judge(cred, m)
	}
	return "", refused
}

func (s *Server) judge(cred credentials, m *message) verdict {
	password, known := s.opts.Users[cred["username"]]
	if !known || !slices.Contains(s.opts.Algorithms, cred.algorithm()) || !s.offersQOP(cred["qop"]) || cred["uri"] != m.uri {
		return refused
	}
	want := cred.response(password, m.method, m.body)
	if subtle.ConstantTimeCompare([]byte(want), []byte(strings.ToLower(cred["response"]))) != 1 {
		return refused
	}
	return s.useNonce(cred)
}

// useNonce says whether a nonce is still good; its count must grow (RFC 7616 section 3.4).
func (s *Server) useNonce(cred credentials) verdict {
	n := s.nonces[cred["nonce"]]
	if n == nil || n.algorithm != cred.algorithm() || time.Since(n.created) > s.opts.NonceLife {
		return stale
	}
	if cred["qop"] == "" {
		return accepted
	}
	count, err := strconv.ParseUint(cred["nc"], 16, 32)
	if err != nil || len(cred["nc"]) != 8 || cred["cnonce"] == "" {
		return refused
	}
	if uint32(count) <= n.count {
		return stale
	}
	n.count = uint32(count)
	return accepted
}

func (s *Server) offersQOP(qop string) bool {
	if s.opts.QOP == "none" {
		return qop == ""
	}
	return slices.Contains(strings.Split(strings.ReplaceAll(s.opts.QOP, " ", ""), ","), qop)
}

// realm is what the server asks for: with AnyDomain, the domain the client uses.
func (s *Server) realm(m *message) string {
	if s.opts.Realm != "" {
		return s.opts.Realm
	}
	uri, _ := parseURI(parseAddr(m.get("From")).uri)
	if uri.Host == "" || strings.ContainsAny(uri.Host, `"\`) {
		return s.Domain
	}
	return uri.Host
}

// challenges adds one challenge for each algorithm.
func (s *Server) challenges(m *message, name string, v verdict) (fields []field) {
	for _, algorithm := range s.opts.Algorithms {
		value := fmt.Sprintf(`Digest realm="%s", nonce="%s", algorithm=%s`, s.realm(m), s.newNonce(algorithm), algorithm)
		if s.opts.QOP != "none" {
			value += fmt.Sprintf(`, qop="%s"`, s.opts.QOP)
		}
		if v == stale {
			value += ", stale=true"
		}
		fields = append(fields, field{name, value})
	}
	return fields
}

func (s *Server) newNonce(algorithm Algorithm) string {
	if len(s.nonces) > maxNonces {
		for text, n := range s.nonces {
			if time.Since(n.created) > s.opts.NonceLife {
				delete(s.nonces, text)
			}
		}
	}
	text := rand.Text()
	s.nonces[text] = &nonce{algorithm: algorithm, created: time.Now()}
	return text
}

// authorized says who sent the request. When it says nobody, it has answered with a challenge.
func (s *Server) authorized(t *serverTxn) (user string, ok bool) {
	m := t.req
	if s.opts.NoAuth {
		return userOf(parseAddr(m.get("From")).uri), true
	}
	code, challenge, answer := 407, "Proxy-Authenticate", "Proxy-Authorization"
	if m.method == "REGISTER" {
		code, challenge, answer = 401, "WWW-Authenticate", "Authorization"
	}
	user, v := s.authenticate(m, answer)
	if v == accepted {
		t.conn.user = user
		return user, true
	}
	t.respond(code, "", s.challenges(m, challenge, v)...)
	return "", false
}
