// Package store keeps documents across starts of the phone, and keeps two pages from overwriting what the other has
// written.
//
//	w := store.NewWriter(medium, failed, clashed)
//	err := store.Kind{Name: "things", Version: 1, MaxBytes: 1 << 20}.Load(ctx, w, "things", &list)
//	err = w.Save(ctx, "things", data) // later, and only over what was read
//
// A Store is the medium: IndexedDB in the browser, Memory in a test. A Kind gives documents a version and puts aside what
// cannot be read. A Writer saves beside its caller; what another page has written since comes back as a Clash, whose two
// sides Merge joins. KeyValues are settings that are there at once, and a Vault keeps one secret.
//
// Limits: a document is read and written as a whole.
package store
