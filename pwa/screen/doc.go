// Package screen is what a window shows of the phone and what it tells the phone.
//
//	show := func(prev, next screen.Snapshot) {
//		for _, effect := range screen.Effects(prev, next) { ... }
//		draw(next)
//	}
//	tell(screen.Type{Text: "1002"})
//	tell(screen.Dial{})
//
// A Snapshot is everything there is to see at one moment: what all windows share (account, calls, books, settings, look), and the
// View of one, its page, menus and number field. It is never changed: the phone makes another one. What is not in it in so many
// words, its methods say: Stage, Incoming, Registered. Effects is what has to be heard and seen beside the page when one snapshot
// follows another, Shortcut what a key means.
//
// An Event is what the user does and what the window notices; only those that stand here can be told.
//
// Limits: nothing here happens by itself, and nothing knows a browser, a user agent or a book: a snapshot and
// an event are plain data, which could cross to another process as bytes.
package screen
