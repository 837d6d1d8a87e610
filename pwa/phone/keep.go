package phone

import (
	"crypto/rand"
	"fmt"

	"github.com/gowebphone/webphone/pwa/screen"
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
	KeyStay         = "webphone.stay"          // the vault holds a password: "on", or "once" for the next start
	KeyTyped        = "webphone.typed"         // in the number field, for the next start
	KeySought       = "webphone.sought"        // in the search field of the history, likewise
	KeySoughtPeople = "webphone.sought-people" // in that of the contacts
	KeyCalls        = "webphone.calls"         // a page has answered calls, or has left them: a mark of whose
)

// typedKeys are the fields outside a form that somebody may have typed in when the page is loaded anew.
var typedKeys = []struct {
	key   string
	field func(*screen.Snapshot) *string
}{
	{KeyTyped, func(s *screen.Snapshot) *string { return &s.Dial }},
	{KeySought, func(s *screen.Snapshot) *string { return &s.History.Query }},
	{KeySoughtPeople, func(s *screen.Snapshot) *string { return &s.Contacts.Query }},
}

// keepTyped keeps what was typed for the next start.
func keepTyped(keep store.KeyValues, s screen.Snapshot) {
	for _, t := range typedKeys {
		keep.Save(t.key, *t.field(&s)) // where there is no room for it, there is none for the rest either
	}
}

// retyped is a first snapshot with what was typed before the page was loaded anew.
func retyped(keep store.KeyValues, s screen.Snapshot) screen.Snapshot {
	for _, t := range typedKeys {
		*t.field(&s) = keep.Load(t.key)
	}
	s.History.Searching = s.History.Query != ""
	return s
}

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
