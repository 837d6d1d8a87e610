// Package link is the border between a phone and its windows. On the side of the phone a Hub serves windows over ports, on the
// other a Client is the phone of one window:
//
//	hub := link.NewHub(link.HubOptions{Open: open, Build: version}) // open opens a window of the phone
//	hub.Attach(port)
//
//	client := link.NewClient(link.ClientOptions{ID: id, Build: version, Begin: begin, Reduce: reduce})
//	client.Connect(port)
//	root := ui.New(client, ui.Options{})
//
// Where both are in one page, Pipe makes the ports.
//
// A message is bytes, the first of which says what it is. A snapshot crosses as what has changed in it, and a whole one as what
// differs from an empty one. What has not changed keeps its place in memory on the other side, so that only what is new is drawn
// again. The walks over the fields are generated of what pwa/screen declares (go generate ./pwa/link), and named by a schema: two
// programs of different schemas or builds do not understand each other, and say so.
//
// A window shows at once what its user does. It numbers its events, and every snapshot says how many of them are done in it
// (View.Told); the rest the window reduces itself, on each snapshot again. So a late answer undoes nothing that was typed, and in
// the end window and phone have the same. A window whose port has ended comes back over another one and goes on where it was:
// what the phone has not received is told again, and nothing twice. Where the phone is another one, what the last one may have
// done already is given up, with a word to the user.
//
// A window is not trusted with more than its user may do. Whoever sends anything else is sent away with a reason, and neither the
// phone nor another window notices. What waits for a window is bounded: one that is slow gets the newest snapshot, not all.
//
// Limits: a list that is empty arrives as nil, and a time without what the clock of its process measures. Whoever reads a message
// keeps it: a file lies in it. That a window has died no port tells; whoever knows calls Gone.
package link

//go:generate go run ./internal/gen
