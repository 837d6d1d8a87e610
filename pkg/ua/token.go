package ua

import (
	"fmt"
	"strings"

	"github.com/gowebphone/webphone/pkg/ua/internal/digest"
)

// SetToken replaces Account.Token, before the old one runs out or after it was refused; then Register tries again. Calls and
// subscriptions go on.
func (a *UserAgent) SetToken(token string) error {
	if !digest.IsToken(token) {
		return fmt.Errorf("%w: a bearer token cannot look like this", ErrBadConfig)
	}
	for _, server := range a.cfg.Servers {
		if !strings.HasPrefix(server, "wss://") {
			return fmt.Errorf("%w: a token may not be sent to %q, which is not encrypted", ErrBadConfig, server)
		}
	}
	if !a.post(&act{deed: tokenDeed, token: token}) {
		return ErrClosed
	}
	return nil
}

func (c *core) setToken(token string) {
	c.cfg.Account.Token = token
	for _, f := range c.flows {
		f.auth.SetToken(token)
	}
}
