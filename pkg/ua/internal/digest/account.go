package digest

import (
	"fmt"
	"slices"
	"strings"
)

// account is what the Clients of one account share: those of its servers, and those of dialogs that others began.
//
// A 401 or 407 says nothing about who made it: whoever a request reaches can send one, and our own proxy passes it back to us.
// What tells friend from stranger is the realm. Ours is Config.Realm and nothing else where it is set; else any that has
// challenged a REGISTER, which no stranger ever sees, and Config.Domain, for proxies that ask at calls only.
type account struct {
	cfg   Config
	names []string // realms that have challenged a REGISTER, the newest last
	pin   int      // strength of the best algorithm our server has offered
}

const (
	register = "REGISTER"
	maxNames = 8  // realms of ours that are remembered
	shown    = 64 // bytes of a foreign realm in an error
)

// Sibling makes a Client for another server of the same account: with nonces of its own, but what is ours, and how strong it
// has to be, is known to both.
func (c *Client) Sibling() *Client { return &Client{account: c.account} }

// Guest makes a Client for a dialog that the other side began. It knows no challenge yet, so nothing goes out unasked, and what
// it is asked there changes neither the account nor the nonces of our server. It never gives a token away.
func (c *Client) Guest() *Client { return &Client{account: c.account, guest: true} }

// Ahead makes a Client that goes on from where this one is, by itself: what it answers does not count here.
func (c *Client) Ahead() *Client {
	ahead := *c
	ahead.realms = make([]*realm, len(c.realms))
	for i, r := range c.realms {
		next := *r
		ahead.realms[i] = &next
	}
	return &ahead
}

// ours reports whether a digest of the password may answer that realm.
func (c *Client) ours(method, name string) bool {
	switch {
	case c.cfg.Realm != "":
		return name == c.cfg.Realm
	case method == register, slices.Contains(c.names, name):
		return true
	}
	return name != "" && sameDomain(name, c.cfg.Domain)
}

// tokenFor reports whether that realm may be given the token, which works for whoever holds it: the name of the domain, which
// everybody knows, is not enough.
func (c *Client) tokenFor(method, name string) bool {
	switch {
	case c.guest:
		return false
	case c.cfg.Realm != "":
		return name == c.cfg.Realm
	}
	return method == register || slices.Contains(c.names, name)
}

// sameDomain compares without regard to case in ASCII. Letters beyond it, some of which fold to ASCII, are longer there.
func sameDomain(a, b string) bool { return len(a) == len(b) && strings.EqualFold(a, b) }

// learn notes a realm that has challenged a REGISTER. One without a name tells nobody apart.
func (c *Client) learn(method, name string) {
	if method != register || name == "" {
		return
	}
	if i := slices.Index(c.names, name); i >= 0 {
		c.names = slices.Delete(c.names, i, i+1)
	}
	c.names = append(c.names, name)
	if len(c.names) > maxNames {
		c.names = c.names[1:]
	}
}

// offered pins the account to the best that our registrar has offered; where none asks, to what the first challenge has. Others
// must not raise it: our server, which does not know better, would be refused for ever.
func (c *Client) offered(method string, strength int) {
	if method == register || c.pin == 0 && !c.guest {
		c.pin = max(c.pin, strength)
	}
}

func foreign(name string) error { return fmt.Errorf("%w: %.*q", ErrRealm, shown, name) }
