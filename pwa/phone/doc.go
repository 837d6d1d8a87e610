// Package phone is the phone behind the screen: make one with New, run it with Run, tell it what the user does with Do,
// and show each Snapshot it gives.
//
//	p := phone.New(phone.Options{Config: cfg})
//	go p.Run(ctx, show)
//	p.Do(screen.Login{User: "1001", Password: "...", Server: "sip.example.com"})
//
// Run is for a phone in a page of its own. Serve runs it for any number of windows, which Open opens and Close closes: each shows
// and controls the same calls, has a view of its own, and gets what the others' users do. One of them leads, see View.Follows.
//
// Everything a window shows is in a screen.Snapshot. Reduce makes the next one from an event, and Plan says what has to be done
// about it; both are pure functions. Every word a person reads comes from pwa/text.
//
// The files stand on floors. At the ground are the words: Event, Command, the settings, a login. Above them the reducers, a file
// for each concern with its events and what Plan makes of them; reduce.go and plan.go give each event to the one that knows it.
// Beside those works what takes its time, a session, the vault, provisioning: it gets what it needs and posts what it finds.
// windows.go takes an event to all windows. run.go stands on top: an event is translated, reduced, planned and published, and
// nothing below it calls up.
//
// The package has no browser in it: it builds and is tested natively. Limits: one account at a time; a password is
// never part of a Snapshot, and kept beyond the session only in a Vault, where the user wants that, and in a Safe as long as
// there are answered calls, for the page that is loaded in the place of this one (see pwa/DESIGN.md). Two pages of one
// account keep one history and one list of contacts; of two changes to the same entry the last one counts.
package phone
