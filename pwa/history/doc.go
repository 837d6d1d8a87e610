// Package history holds the calls that have ended.
//
//	calls, err := history.Load(ctx, medium, "history")
//	calls.Add(history.Of(info, plan)) // a ua.CallInfo
//	for _, day := range history.Days(calls.Search("2001", 0, nil), time.Local, cfg.Numbering) { ... }
//	err = calls.Save(ctx, medium, "history")
//
// Entries are newest first. Missed counts what the user has not seen, Redial and With find numbers again, Prune keeps what
// the configuration says. Delete and Clear return what Restore puts back. Join takes over what another page has written,
// WriteCSV exports. SetNote keeps what the user writes about a call, Waiting lists who has to be called back.
//
// Limits: a History belongs to one goroutine and lies in memory as a whole.
package history
