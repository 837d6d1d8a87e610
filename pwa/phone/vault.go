package phone

import (
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// opened brings the secret of the vault, or that there is none.
type opened struct {
	secret store.Secret
	err    error
}

func (o opened) open(p *Phone) Event {
	if o.err != nil || !p.snapshot.Login.Opening {
		return o
	}
	return signIn{Login: screen.Login{User: o.secret.User, Password: o.secret.Password, Server: o.secret.Server, Stay: true}, alone: true}
}

// openVault signs in as the last time, where the user wanted that.
func (p *Phone) openVault() {
	if p.snapshot.Login.Opening {
		p.vault.Do(func() {
			secret, err := p.opts.Vault.Open(background)
			p.post(opened{secret: secret, err: err})
		})
	}
}

// remember locks what the user has just logged in with.
func (p *Phone) remember() {
	if p.opts.Vault == nil || p.login == nil {
		return
	}
	secret := store.Secret{User: p.typed.User, Password: p.typed.Password, Server: p.typed.Server}
	p.vault.Do(func() {
		if err := p.opts.Vault.Lock(background, secret); err != nil {
			p.Do(screen.NotKept{Err: err})
		}
	})
}

func (p *Phone) forget() {
	if p.opts.Vault == nil {
		return
	}
	p.vault.Do(func() {
		if err := p.opts.Vault.Empty(background); err != nil {
			p.Do(screen.NotKept{Err: err})
		}
	})
}
