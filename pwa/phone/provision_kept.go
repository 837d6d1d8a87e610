package phone

import (
	"context"
	"encoding/json"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// storedObject is a provisioning object as it is kept for the time without network, without its secrets. What it does not
// tell any more may be needed to find the books, so their key is kept with it, for the same login only.
type storedObject struct {
	URL     string          `json:"url"`
	Object  json.RawMessage `json:"object"`
	Login   string          `json:"login,omitempty"` // its mark
	Account string          `json:"account,omitempty"`
	Secret  bool            `json:"secret,omitempty"` // it brought the password of the account
}

var objectKind = store.Kind{Name: "provisioning", Version: 1, MaxBytes: 2 << 20}

const objectDoc = "provisioning"

func (p *Phone) keepObject(e objectCame, account string) {
	data, err := e.layer.Kept()
	if err == nil {
		err = objectKind.Save(context.Background(), p.books.Medium(), objectDoc,
			storedObject{e.address, data, e.login.mark(), account, e.layer.Password != ""})
	}
	if err != nil {
		p.Do(screen.NotKept{Err: err})
	}
}

// dropObject forgets what is kept from an address. There may be that of another user instead.
func (p *Phone) dropObject(address string) {
	var kept storedObject
	if err := objectKind.Load(context.Background(), p.books.Medium(), objectDoc, &kept); err != nil || kept.URL != address {
		return
	}
	if err := p.books.Medium().Delete(context.Background(), objectDoc); err != nil {
		p.Do(screen.NotKept{Err: err})
	}
}

// lastObject is the object of the last time, nil where there is none from this address.
func (p *Phone) lastObject(e objectCame) *keptObject {
	var kept storedObject
	err := objectKind.Load(context.Background(), p.books.Medium(), objectDoc, &kept)
	if err != nil || kept.URL != e.address {
		return nil
	}
	layer, _, err := config.Read(config.Provisioned, kept.Object)
	if err != nil {
		return nil
	}
	return &keptObject{layer, choose(e.login.mark() == kept.Login, kept.Account, ""), kept.Secret}
}
