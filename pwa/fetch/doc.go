// Package fetch has the words between who wants a document of the network and who can get it: the phone asks a Func, a browser or
// a test brings one.
//
//	document, err := get(ctx, "/phonebook.json", etag)
//	switch {
//	case err != nil: // a StatusError, or one that wraps ErrBlocked, ErrRedirected or ErrUnreachable
//	case document.Same: // the one of the last time
//	}
//
// It fetches nothing itself.
package fetch
