// Package digest answers the digest challenges of SIP (RFC 3261 section 22, RFC 7616, RFC 8760): make a Client with New, give it
// the WWW-Authenticate or Proxy-Authenticate values of a 401 or 407 by Challenged, and put what Authorize returns
// into the request that is sent again and into those that follow.
//
// Limits: it is a client only. Bearer challenges (RFC 8898) are recognised and refused with ErrBearer. MD5 is answered
// only for a realm that never offered better.
package digest

import (
	"errors"
	"io"
)

// Errors of Challenged and Authorize; test with errors.Is.
var (
	ErrRefused     = errors.New("digest: user name or password refused")
	ErrDowngrade   = errors.New("digest: the server offered a weaker algorithm than before")
	ErrUnsupported = errors.New("digest: no challenge with a known scheme, algorithm and qop")
	ErrBearer      = errors.New("digest: the server wants a bearer token")
	ErrRealm       = errors.New("digest: challenge of another realm")
	ErrMalformed   = errors.New("digest: malformed challenge")
	ErrCredentials = errors.New("digest: no password or HA1 for this challenge")
)

// Origin tells who challenged.
type Origin int

const (
	Server Origin = iota // 401, WWW-Authenticate, answered by Authorization
	Proxy                // 407, Proxy-Authenticate, answered by Proxy-Authorization
)

// Config is what a Client answers with.
type Config struct {
	Username string
	Password string
	HA1      map[string]string // hex of H(username:realm:password) by algorithm ("MD5", "SHA-256", "SHA-512-256"), in place of Password
	Realm    string            // when set, only this realm is answered
	UserHash bool              // hide the user name when the server offers userhash (RFC 7616 section 3.4.4)
	Rand     io.Reader         // source of cnonce; default crypto/rand
}

// Header is a header field for a request.
type Header struct{ Name, Value string }

// Client keeps what is known of each realm. It is not safe for use by several goroutines.
type Client struct{ cfg Config }

// New makes a Client that knows no realm yet.
func New(cfg Config) *Client { return &Client{cfg: cfg} }

// Challenged takes the challenges of a 401 or 407: all values of WWW-Authenticate or Proxy-Authenticate. tried says how
// often this request was already sent again because of a challenge. Nil means that sending it once more is worth
// while; ErrRefused that the credentials are wrong.
func (c *Client) Challenged(from Origin, values []string, tried int) error { return ErrUnsupported }

// Authorize returns the Authorization and Proxy-Authorization fields for a request, one for each realm that has challenged;
// none before the first challenge. uri is the Request-URI as it is on the wire.
func (c *Client) Authorize(method, uri string, body []byte) ([]Header, error) { return nil, nil }

// Info takes the value of Authentication-Info or Proxy-Authentication-Info of a response: it moves on to nextnonce, and
// checks rspauth if there is one.
func (c *Client) Info(from Origin, value string, body []byte) error { return nil }

// Forget drops the challenges, not the memory of which algorithms a realm has offered.
func (c *Client) Forget() {}
