// Package digest answers the digest challenges of SIP (RFC 3261 section 22, RFC 7616, RFC 8760): make a Client with New, give it
// the WWW-Authenticate or Proxy-Authenticate values of a 401 or 407 by Challenged, and put what Authorize returns
// into the request that is sent again and into those that follow. Give it Authentication-Info by Info.
//
// Of several challenges of a realm the strongest algorithm wins: SHA-512-256, SHA-256, MD5, each also as -sess. Once our server
// has offered more than MD5, MD5 alone is refused, whatever realm it is for.
//
// A Bearer challenge (RFC 8898) is answered with Config.Token, before any digest; without a token it is refused with ErrBearer.
//
// Anybody a request reaches can challenge it, so only realms of ours are answered; account.go says which those are.
//
// Limits: it is a client only. It gets no tokens by itself: authz_server and scope are not looked at. Of qop, auth is
// preferred to auth-int, because servers in between change bodies. User names are sent in UTF-8 as they are, without
// normalisation. At most 16 challenges are remembered.
package digest

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// Errors of the Client; test with errors.Is. None of them ever holds a password, a nonce or a response.
var (
	ErrRefused     = errors.New("digest: user name or password refused")
	ErrDowngrade   = errors.New("digest: the server offers only MD5 after it had offered better")
	ErrUnsupported = errors.New("digest: no challenge with a known scheme, algorithm and qop")
	ErrBearer      = errors.New("digest: the server wants a bearer token")
	ErrRealm       = errors.New("digest: challenge of a realm that is not ours")
	ErrMalformed   = errors.New("digest: malformed challenge")
	ErrCredentials = errors.New("digest: no usable user name with a password or HA1 for this challenge")
	ErrServer      = errors.New("digest: the server did not prove that it knows the password")
)

// Origin tells who challenged.
type Origin int

const (
	Server Origin = iota // 401, WWW-Authenticate, answered by Authorization
	Proxy                // 407, Proxy-Authenticate, answered by Proxy-Authorization
)

const (
	maxRealms = 16 // challenges remembered by a Client
	maxTried  = 3  // how often one request is sent again, whatever the server says
)

// Config is what a Client answers with.
type Config struct {
	Username string
	Password string
	// hex of H(username:realm:password) by algorithm ("MD5", "SHA-256", "SHA-512-256"), in place of Password
	HA1      map[string]string
	Token    string    // bearer token (RFC 8898); only for connections that nobody else can read
	Realm    string    // when set, only this realm is ours
	Domain   string    // of the account: a realm of this name is ours, in any case of its letters
	UserHash bool      // hide the user name when the server offers userhash (RFC 7616 section 3.4.4)
	Rand     io.Reader // source of cnonce; default crypto/rand
}

// Header is a header field for a request.
type Header struct{ Name, Value string }

// Challenge is a 401 or 407 that a request got.
type Challenge struct {
	From   Origin
	Values []string // all of WWW-Authenticate, or of Proxy-Authenticate
	Method string   // of the request
	Tried  int      // how often the request was already sent again because of a challenge
}

// Client keeps what is known of each realm. It is not safe for use by several goroutines.
type Client struct {
	*account
	guest  bool // of a dialog that the other side began
	realms []*realm
	epoch  int // counts requests that were challenged for the first time
}

// realm is one protection space and its present challenge.
type realm struct {
	from     Origin
	name     string
	bearer   bool // answered with the token; what follows is of digest
	used     bool // the token was sent since the challenge
	beyond   bool // it has challenged more than REGISTER
	alg      algorithm
	algName  string // as the challenge wrote it; empty when it did not
	qop      string // "auth", "auth-int" or empty
	nonce    string
	opaque   string
	userHash bool
	cnonce   string // one for each nonce: so -sess means the same in every reading of RFC 7616
	nc       uint32
	epoch    int // of the request that brought the challenge
	last     sent
}

// sent is what the server's rspauth is checked against.
type sent struct {
	uri    string
	nc     uint32
	cnonce string
	nonce  string
}

// New makes a Client that knows no realm yet.
func New(cfg Config) *Client {
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	return &Client{account: &account{cfg: cfg}}
}

// SetToken replaces the token, for the next requests.
func (c *Client) SetToken(token string) {
	c.cfg.Token = token
	for _, r := range c.realms {
		r.used = false
	}
}

// Forget drops the challenges, not the memory of which algorithms a realm has offered.
func (c *Client) Forget() { c.realms = nil }

// Challenged takes the challenges of a 401 or 407. Nil means that sending the request once more is worth while; ErrRefused that
// the credentials are wrong; ErrRealm that none of the realms is ours.
func (c *Client) Challenged(ch Challenge) error {
	offers, bearer, err := parse(ch.Values)
	if err != nil {
		return err
	}
	if ch.Tried == 0 {
		c.epoch++
	}
	if len(bearer) > 0 && c.cfg.Token != "" {
		return c.takeBearer(ch, bearer)
	}
	accepted, reason := false, error(nil)
	for _, group := range byRealm(offers) {
		switch err := c.take(ch, group); {
		case err == nil:
			accepted = true
		case errors.Is(err, ErrRefused), errors.Is(err, ErrDowngrade):
			return err
		case reason == nil:
			reason = err
		}
	}
	switch {
	case accepted:
		return nil
	case reason != nil:
		return reason
	case len(bearer) > 0:
		return ErrBearer
	}
	return ErrUnsupported
}

// offer is one digest challenge.
type offer struct {
	realm, nonce, opaque, algName string
	alg                           algorithm
	known                         bool // algorithm and qop are known
	qop                           string
	stale, userHash               bool
}

// parse reads the values: digest offers, and the realms that want a token. One that is malformed does not spoil the others.
func parse(values []string) (offers []offer, bearer []string, err error) {
	malformed := false
	for _, value := range values {
		list, err := wire.ParseChallenges(value)
		malformed = malformed || err != nil
		for _, ch := range list {
			switch {
			case strings.EqualFold(ch.Scheme, "Bearer"):
				name, _ := wire.Param(ch.Params, "realm")
				bearer = append(bearer, name)
			case strings.EqualFold(ch.Scheme, "Digest"):
				o, ok := newOffer(ch.Params)
				if malformed = malformed || !ok; ok {
					offers = append(offers, o)
				}
			}
		}
	}
	if len(offers) == 0 && malformed && len(bearer) == 0 {
		return nil, nil, ErrMalformed
	}
	return offers, bearer, nil
}

// newOffer reads one challenge; false when it lacks realm or nonce, repeats a parameter or holds control characters.
func newOffer(params sip.HeaderParams) (o offer, ok bool) {
	seen := make(map[string]string, len(params))
	for _, kv := range params {
		if _, twice := seen[kv.K]; twice || !clean(kv.V) {
			return o, false
		}
		seen[kv.K] = kv.V
	}
	realm, hasRealm := seen["realm"]
	o.realm, o.nonce, o.opaque, o.algName = realm, seen["nonce"], seen["opaque"], seen["algorithm"]
	o.stale = strings.EqualFold(seen["stale"], "true")
	o.userHash = strings.EqualFold(seen["userhash"], "true")
	var qopKnown bool
	qop, hasQop := seen["qop"]
	o.qop, qopKnown = chooseQop(qop, hasQop)
	o.alg, o.known = lookup(o.algName)
	o.known = o.known && qopKnown
	return o, hasRealm && o.nonce != ""
}

// chooseQop prefers auth to auth-int. Without qop the response is that of RFC 2069.
func chooseQop(list string, has bool) (string, bool) {
	if !has {
		return "", true
	}
	best := ""
	for q := range strings.SplitSeq(list, ",") {
		switch strings.ToLower(strings.TrimSpace(q)) {
		case "auth":
			return "auth", true
		case "auth-int":
			best = "auth-int"
		}
	}
	return best, best != ""
}

// clean tells whether s can be echoed in a header.
func clean(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' && s[i] != '\t' || s[i] == 0x7f {
			return false
		}
	}
	return true
}

// byRealm groups challenges, realms in the order of their first one.
func byRealm(offers []offer) [][]offer {
	var groups [][]offer
next:
	for _, o := range offers {
		for i := range groups {
			if groups[i][0].realm == o.realm {
				groups[i] = append(groups[i], o)
				continue next
			}
		}
		groups = append(groups, []offer{o})
	}
	return groups
}

// take chooses among the challenges of one realm and remembers the choice.
func (c *Client) take(ch Challenge, offers []offer) error {
	name := offers[0].realm
	if !c.ours(ch.Method, name) {
		return foreign(name)
	}
	best, err := c.choose(ch, offers)
	if err != nil {
		return err
	}
	old := c.find(ch.From, name)
	if ch.Tried >= maxTried || ch.Tried > 0 && old != nil && old.nc > 0 && old.epoch == c.epoch && !best.stale {
		return ErrRefused
	}
	cnonce, err := c.newCnonce()
	if err != nil {
		return err
	}
	r := &realm{from: ch.From, name: name, alg: best.alg, algName: best.algName, qop: best.qop, nonce: best.nonce,
		opaque: best.opaque, userHash: best.userHash, cnonce: cnonce, epoch: c.epoch}
	if old != nil && old.nonce == r.nonce {
		// RFC 7616 section 3.4: the count goes on as long as the nonce is the same.
		r.nc, r.cnonce = old.nc, old.cnonce
	}
	c.put(ch, old, r)
	return nil
}

// takeBearer answers the first realm of ours with the token; one that was refused with it is not asked again.
func (c *Client) takeBearer(ch Challenge, names []string) error {
	i := slices.IndexFunc(names, func(name string) bool { return c.tokenFor(ch.Method, name) })
	if i < 0 {
		return foreign(names[0])
	}
	old := c.find(ch.From, names[i])
	if ch.Tried > 0 && old != nil && old.bearer && old.used {
		return ErrRefused
	}
	c.put(ch, old, &realm{from: ch.From, name: names[i], bearer: true})
	return nil
}

// choose returns the strongest challenge that can be answered, and pins the account to what its server has offered.
func (c *Client) choose(ch Challenge, offers []offer) (*offer, error) {
	var best *offer
	strongest, credentials := 0, false
	for i := range offers {
		o := &offers[i]
		if !o.known {
			continue
		}
		strongest = max(strongest, o.alg.strength)
		if !c.hasCredentials(o.alg) {
			credentials = true
			continue
		}
		if best == nil || o.alg.strength > best.alg.strength {
			best = o
		}
	}
	weaker := strongest == weak && c.pin > weak
	c.offered(ch.Method, strongest)
	switch {
	case best == nil && credentials:
		return nil, ErrCredentials
	case best == nil:
		return nil, ErrUnsupported
	case weaker:
		return nil, ErrDowngrade
	}
	return best, nil
}

func (c *Client) find(from Origin, name string) *realm {
	for _, r := range c.realms {
		if r.from == from && r.name == name {
			return r
		}
	}
	return nil
}

// put replaces old by r, or adds r and lets go of the oldest.
func (c *Client) put(ch Challenge, old, r *realm) {
	c.learn(ch.Method, r.name)
	r.beyond = ch.Method != register || old != nil && old.beyond
	for i := range c.realms {
		if c.realms[i] == old {
			c.realms[i] = r
			return
		}
	}
	if len(c.realms) >= maxRealms {
		c.realms = c.realms[1:]
	}
	c.realms = append(c.realms, r)
}

func (c *Client) newCnonce() (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(c.cfg.Rand, b[:]); err != nil {
		return "", fmt.Errorf("digest: no randomness: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}
