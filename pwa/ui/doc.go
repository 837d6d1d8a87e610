// Package ui is the phone on the screen: Root is the only component with state, all else is functions that make elements of a
// View. Register the root and run go-app:
//
//	root := ui.New(phone.New(phone.Options{Config: cfg}), ui.Options{})
//	app.Route("/", func() app.Composer { return root })
//	app.RunWhenOnBrowser()
//
// Values go down in a View, events go up through View.Do. Sounds, notifications and everything else outside the page
// are carried out from screen.Effects in the files that end in _js.go. Class names are those of the style sheets of
// pwa/site; no element has an inline style.
//
// The page has slots (slots.go), each with a part of it. A part is drawn from its own cut of the snapshot, and drawn anew only
// when that cut is another: a digit that is typed leaves the lists alone. A function of a part that reads what the cut does not
// hold finds it empty.
//
// Limits: one Root a page. Elements keep their place among their siblings, hidden where they have nothing to show, so
// that go-app does not turn one into another under the user's focus.
package ui
