// Package books keeps the contacts and the calls of who is logged in, and makes what a window shows of them.
//
//	b := books.New(books.Options{Config: cfg, Store: medium, Fetch: get, Now: time.Now, Post: post, Tell: tell})
//	defer b.Watch()()
//	b.Record(ended, event)           // calls that end with the event
//	s = b.Follow(prev, next, event)  // next with its panes filled: history, contacts, caller, today, suggestions
//
// A phone with several windows gives each of them Panes of its own, and has FollowAll in the place of Follow: what the event says
// is done once, and what it changes shows in all.
//
// Books are a value with one owner: all but Options.Post and Options.Tell happen on the goroutine that calls Follow, and nothing
// there waits. Documents are loaded, fetched, compared and read beside it; what comes of that is News, to be given to Follow.
// Books open when the screen of a snapshot becomes the phone, and close when it becomes the login card.
//
// Limits: what is changed before the stored documents are here is joined with them then. Of two pages' changes to one entry the
// last one counts. A phonebook is asked for once in ten minutes at most.
package books
