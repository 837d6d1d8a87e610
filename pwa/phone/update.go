package phone

import (
	"context"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// KeepOver keeps what a page that is loaded anew for another version would lose: who is logged in, and what stands in the
// number field and in the search fields.
type KeepOver struct{}

func (KeepOver) isCommand() {}

// keptOver tells that it is kept, or why not.
type keptOver struct{ err error }

func (keptOver) alone() {}

func (e keptOver) reduce(s screen.Snapshot) screen.Snapshot {
	s.Updating = false
	if e.err != nil {
		s.NotKept = true
		return s
	}
	s.Restarts++
	return s
}

func (p *Phone) keepOver() {
	keepTyped(p.opts.Keep, p.snapshot)
	if p.opts.Vault == nil || p.typed.given || p.snapshot.Screen != screen.ScreenPhone || p.snapshot.Login.Stay {
		p.asker()(keptOver{})
		return
	}
	secret := store.Secret{User: p.typed.User, Password: p.typed.Password, Server: p.typed.Server}
	told := p.asker()
	p.vault.Do(func() {
		err := p.opts.Vault.Lock(context.Background(), secret)
		if err == nil {
			err = p.opts.Keep.Save(KeyStay, stayOnce)
		}
		told(keptOver{err})
	})
}
