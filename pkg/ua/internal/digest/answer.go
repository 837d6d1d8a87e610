package digest

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// algorithm is one of RFC 7616 section 3.3 with its rank.
type algorithm struct {
	name     string // without -sess
	strength int
	session  bool
	sum      func(string) string
}

// Ranks of algorithms.
const (
	weak = iota + 1
	strong
	stronger
)

func lookup(name string) (algorithm, bool) {
	base := strings.ToUpper(name)
	base, session := strings.CutSuffix(base, "-SESS")
	switch base {
	case "", "MD5":
		return algorithm{"MD5", weak, session, func(s string) string {
			h := md5.Sum([]byte(s))
			return hex.EncodeToString(h[:])
		}}, base != "" || !session
	case "SHA-256":
		return algorithm{base, strong, session, func(s string) string {
			h := sha256.Sum256([]byte(s))
			return hex.EncodeToString(h[:])
		}}, true
	case "SHA-512-256":
		return algorithm{base, stronger, session, func(s string) string {
			h := sha512.Sum512_256([]byte(s))
			return hex.EncodeToString(h[:])
		}}, true
	}
	return algorithm{}, false
}

// ha1 returns the configured HA1 for an algorithm, or makes it from the password.
func (c *Client) ha1(alg algorithm, realm string) (string, bool) {
	for name, value := range c.cfg.HA1 {
		if strings.EqualFold(name, alg.name) {
			return strings.ToLower(value), value != ""
		}
	}
	if c.cfg.Password == "" && (len(c.cfg.HA1) > 0 || c.cfg.Token != "") {
		return "", false
	}
	return alg.sum(c.cfg.Username + ":" + realm + ":" + c.cfg.Password), true
}

// hasCredentials tells whether a challenge with this algorithm can be answered. An empty password is a password, unless HA1 or a
// token is configured.
func (c *Client) hasCredentials(alg algorithm) bool {
	_, ok := c.ha1(alg, "")
	return ok && c.cfg.Username != "" && clean(c.cfg.Username)
}

// Authorize returns the Authorization and Proxy-Authorization fields for a request, one for each realm that has challenged;
// none before the first challenge. A registrar (401) that has challenged nothing but REGISTER is answered there alone: a call
// must not carry its credentials to whoever is called, who could try passwords on them. uri is the Request-URI as it is on the
// wire.
func (c *Client) Authorize(method, uri string, body []byte) ([]Header, error) {
	if len(c.realms) == 0 {
		return nil, nil
	}
	if method == "" || uri == "" || !clean(method) || !clean(uri) || strings.ContainsAny(uri, `"\`) {
		return nil, fmt.Errorf("digest: cannot authorize %q: malformed method or URI", method)
	}
	fields := make([]Header, 0, len(c.realms))
	for _, r := range c.realms {
		if r.from == Server && method != register && !r.beyond {
			continue
		}
		name := "Authorization"
		if r.from == Proxy {
			name = "Proxy-Authorization"
		}
		value, ok := c.answer(r, method, uri, body)
		if !ok {
			return nil, ErrCredentials
		}
		fields = append(fields, Header{Name: name, Value: value})
	}
	return fields, nil
}

// answer counts one use of the nonce and builds the header value.
func (c *Client) answer(r *realm, method, uri string, body []byte) (string, bool) {
	if r.bearer {
		r.used = true
		return "Bearer " + c.cfg.Token, IsToken(c.cfg.Token)
	}
	r.nc++
	count := fmt.Sprintf("%08x", r.nc)
	response, ok := c.response(r, count, method, uri, body)
	if !ok {
		return "", false
	}
	r.last = sent{uri: uri, nc: r.nc, cnonce: r.cnonce, nonce: r.nonce}
	hashed := r.userHash && c.cfg.UserHash
	user := c.cfg.Username
	if hashed {
		user = r.alg.sum(user + ":" + r.name)
	}
	var b strings.Builder
	b.WriteString("Digest ")
	quoted(&b, "username", user)
	quoted(&b, ", realm", r.name)
	quoted(&b, ", nonce", r.nonce)
	quoted(&b, ", uri", uri)
	quoted(&b, ", response", response)
	if r.algName != "" {
		b.WriteString(", algorithm=" + r.algName)
	}
	if r.qop != "" || r.alg.session {
		quoted(&b, ", cnonce", r.cnonce)
	}
	if r.opaque != "" {
		quoted(&b, ", opaque", r.opaque)
	}
	if r.qop != "" {
		b.WriteString(", qop=" + r.qop + ", nc=" + count)
	}
	if hashed {
		b.WriteString(", userhash=true")
	}
	return b.String(), true
}

// response is request-digest of RFC 7616 section 3.4.1. An empty method gives rspauth of section 3.5.
func (c *Client) response(r *realm, count, method, uri string, body []byte) (string, bool) {
	h := r.alg.sum
	ha1, ok := c.ha1(r.alg, r.name)
	if !ok {
		return "", false
	}
	if r.alg.session {
		ha1 = h(ha1 + ":" + r.nonce + ":" + r.cnonce)
	}
	a2 := method + ":" + uri
	if r.qop == "auth-int" {
		a2 += ":" + h(string(body))
	}
	if r.qop == "" {
		return h(ha1 + ":" + r.nonce + ":" + h(a2)), true
	}
	return h(ha1 + ":" + r.nonce + ":" + count + ":" + r.cnonce + ":" + r.qop + ":" + h(a2)), true
}

// IsToken checks the syntax of a bearer token (RFC 6750 section 2.1), which also keeps line breaks out.
func IsToken(s string) bool {
	s = strings.TrimRight(s, "=")
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~+/", c) >= 0:
		default:
			return false
		}
	}
	return s != ""
}

func quoted(b *strings.Builder, name, value string) {
	b.WriteString(name)
	b.WriteString(`="`)
	for i := 0; i < len(value); i++ {
		if value[i] == '"' || value[i] == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(value[i])
	}
	b.WriteByte('"')
}

// Info takes the value of Authentication-Info or Proxy-Authentication-Info of a response with its body: it checks rspauth if
// there is one and if it belongs to the last request, and then moves on to nextnonce. ErrServer means that the
// response does not come from someone who knows the password.
func (c *Client) Info(from Origin, value string, body []byte) error {
	params, err := wire.ParseAuthParams(value)
	if err != nil {
		return ErrMalformed
	}
	cnonce, _ := wire.Param(params, "cnonce")
	r := c.answered(from, cnonce)
	if r == nil {
		return nil
	}
	if rspauth, ok := wire.Param(params, "rspauth"); ok {
		count, _ := wire.Param(params, "nc")
		if err := c.checkRspauth(r, rspauth, count, body); err != nil {
			return err
		}
	}
	next, _ := wire.Param(params, "nextnonce")
	if next == "" || !clean(next) || next == r.nonce {
		return nil
	}
	fresh, err := c.newCnonce()
	if err != nil {
		return err
	}
	r.nonce, r.cnonce, r.nc = next, fresh, 0
	return nil
}

// answered finds the realm that a response belongs to: by its cnonce, or the only one of the origin.
func (c *Client) answered(from Origin, cnonce string) *realm {
	var found *realm
	for _, r := range c.realms {
		if r.from != from || r.last.nc == 0 {
			continue
		}
		if cnonce != "" && r.last.cnonce == cnonce {
			return r
		}
		if found != nil {
			return nil
		}
		found = r
	}
	if cnonce != "" {
		return nil
	}
	return found
}

func (c *Client) checkRspauth(r *realm, rspauth, count string, body []byte) error {
	last := fmt.Sprintf("%08x", r.last.nc)
	if count != "" && !strings.EqualFold(count, last) || r.last.nonce != r.nonce {
		return nil
	}
	want, ok := c.response(r, last, "", r.last.uri, body)
	if !ok || subtle.ConstantTimeCompare([]byte(want), []byte(strings.ToLower(rspauth))) != 1 {
		return ErrServer
	}
	return nil
}
