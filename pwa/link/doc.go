// Package link is the border between a phone and its windows: what crosses it as bytes. Inside stands how a snapshot and an event
// of pwa/screen are written and read; the messages, and both sides of a port, will stand on it.
//
//	c := coder{writes: true}
//	c.state(done, &was, &is)                     // how the snapshot differs from the one that the other side has
//	done, is := (&coder{data: c.data}).readState(was) // there
//
// A snapshot crosses as what has changed in it, and a whole one as what differs from an empty one. What has not changed keeps its
// place in memory on the other side, so that only what is new is drawn again. The walks over the fields are generated of what
// pwa/screen declares (go generate ./pwa/link), and named by a schema: two programs of different ones do not understand each
// other.
//
// Limits: a list that is empty arrives as nil, and a time without what the clock of its process measures. Whoever reads keeps the
// bytes: a file lies in them.
package link

//go:generate go run ./internal/gen
