package phone

import (
	"crypto/rand"
	"fmt"

	"github.com/gowebphone/webphone/pwa/store"
)

// Keys of what is kept between visits. A password is not among it: see Vault.
const (
	KeyInstance     = "webphone.instance" // urn:uuid of this device (RFC 5626), so that a registration replaces the last one
	KeyUser         = "webphone.user"
	KeyServer       = "webphone.server"
	KeyTheme        = "webphone.theme"
	KeyLanguage     = "webphone.language"
	KeyDoNotDisturb = "webphone.do-not-disturb"
	KeyListWidth    = "webphone.list-width"
	KeyStay         = "webphone.stay"  // the vault holds a password: "on", or "once" for the next start
	KeyTyped        = "webphone.typed" // in the number field, for the next start
	KeyCalls        = "webphone.calls" // a page has answered calls, or has left them: a mark of whose
)

// instance is the kept identity of this device, made once.
func instance(keep store.KeyValues) string {
	if id := keep.Load(KeyInstance); id != "" {
		return id
	}
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	id := fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
	keep.Save(KeyInstance, id)
	return id
}

// stayOnce is what KeyStay holds where the vault has the password for the next start alone.
const stayOnce = "once"
