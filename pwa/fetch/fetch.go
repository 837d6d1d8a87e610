package fetch

import (
	"context"
	"errors"
	"strconv"
)

// Func reads a document from the network. With an etag, that of the last time, nothing may have changed. When the server
// answers without a document the error is a StatusError.
type Func func(ctx context.Context, url, etag string) (Document, error)

// Document is what has come.
type Document struct {
	Data []byte
	ETag string
	Same bool // it is the one of the etag; Data is empty
}

// StatusError is the HTTP status of an answer that brings no document.
type StatusError int

func (e StatusError) Error() string { return "status " + strconv.Itoa(int(e)) }

// Why there is no document, besides a StatusError. What wraps them says more, and nothing secret: it is written to the console.
var (
	// ErrBlocked tells that the browser may not read it, by the headers of its server or the policy of the page.
	ErrBlocked = errors.New("the browser may not read it")
	// ErrRedirected tells that its server sends on to where it cannot be read.
	ErrRedirected = errors.New("the server sends on to an address that may not be read")
	// ErrUnreachable tells that its server does not answer.
	ErrUnreachable = errors.New("the server cannot be reached")
)
