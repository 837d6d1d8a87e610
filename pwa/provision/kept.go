package provision

import (
	"context"
	"encoding/json"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/store"
)

// Kept is the object of the last time, without its secrets. What it does not tell any more may be needed to find the books, so
// their key is kept with it, for the same login only.
type Kept struct {
	Address string
	Layer   config.Config
	Login   string // mark of who logged in with it, "" for nobody
	Account string // key of the books
	Secret  bool   // it brought the password of the account
}

// Withholds tells whether who logs in, nobody at the start, needs the password that is not kept.
func (k *Kept) Withholds(typed bool) bool { return k.Secret && (typed || k.Account != "") }

// stored is Kept as it lies in a Store.
type stored struct {
	URL     string          `json:"url"`
	Object  json.RawMessage `json:"object"`
	Login   string          `json:"login,omitempty"`
	Account string          `json:"account,omitempty"`
	Secret  bool            `json:"secret,omitempty"`
}

var kind = store.Kind{Name: "provisioning", Version: 1, MaxBytes: 2 << 20}

const document = "provisioning"

// Keep puts an object in the place of the last one.
func Keep(ctx context.Context, s store.Store, k Kept) error {
	data, err := k.Layer.Kept()
	if err != nil {
		return err
	}
	return kind.Save(ctx, s, document, stored{k.Address, data, k.Login, k.Account, k.Layer.Password != ""})
}

// Drop forgets what is kept from an address. There may be that of another user instead, which stays.
func Drop(ctx context.Context, s store.Store, address string) error {
	var kept stored
	if err := kind.Load(ctx, s, document, &kept); err != nil || kept.URL != address {
		return nil
	}
	return s.Delete(ctx, document)
}

// Last is the object of the last time, nil where there is none from this address. Of whose books it tells is for the same login
// only.
func Last(ctx context.Context, s store.Store, address, login string) *Kept {
	var kept stored
	if err := kind.Load(ctx, s, document, &kept); err != nil || kept.URL != address {
		return nil
	}
	layer, _, err := config.Read(config.Provisioned, kept.Object)
	if err != nil {
		return nil
	}
	k := &Kept{Address: address, Layer: layer, Login: kept.Login, Account: kept.Account, Secret: kept.Secret}
	if login != kept.Login {
		k.Account = ""
	}
	return k
}
