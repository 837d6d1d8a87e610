package phone

import (
	"context"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// opened brings the secret of the vault, or that there is none.
type opened struct {
	secret store.Secret
	once   bool // it was kept for this start alone
	err    error
}

func (o opened) open(p *Phone) Event {
	if o.err != nil || !p.snapshot.Login.Opening {
		return o
	}
	return signIn{Login: screen.Login{User: o.secret.User, Password: o.secret.Password, Server: o.secret.Server, Stay: !o.once},
		alone: true}
}

// openVault signs in as the last time, where the user wanted that.
func (p *Phone) openVault() {
	if !p.snapshot.Login.Opening {
		return
	}
	once := p.opts.Keep.Load(KeyStay) == stayOnce
	if once {
		p.opts.Keep.Save(KeyStay, "")
	}
	p.vault.Do(func() {
		secret, err := p.opts.Vault.Open(context.Background())
		p.post(opened{secret: secret, once: once, err: err})
		if once {
			p.opts.Vault.Empty(context.Background()) // what cannot be emptied is not opened again either
		}
	})
}

// remember locks what the user has just logged in with.
func (p *Phone) remember() {
	if p.opts.Vault == nil || p.login == nil {
		return
	}
	secret := store.Secret{User: p.typed.User, Password: p.typed.Password, Server: p.typed.Server}
	p.vault.Do(func() {
		p.notKept(p.opts.Vault.Lock(context.Background(), secret))
	})
}

func (p *Phone) forget() {
	if p.opts.Vault == nil {
		return
	}
	p.vault.Do(func() {
		p.notKept(p.opts.Vault.Empty(context.Background()))
	})
}

func (opened) reduce(s screen.Snapshot) screen.Snapshot {
	s.Login.Opening, s.Login.Kept = false, false
	return s
}
