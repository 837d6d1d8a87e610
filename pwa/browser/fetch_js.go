package browser

import (
	"cmp"
	"context"
	"fmt"
	"syscall/js"

	"github.com/gowebphone/webphone/pwa/fetch"
)

// Fetch is a fetch.Func.
func Fetch(ctx context.Context, url, etag string) (fetch.Document, error) {
	options := map[string]any{"cache": "no-store", "credentials": "same-origin"}
	if etag != "" {
		options["headers"] = map[string]any{"If-None-Match": etag}
	}
	response, err := await(ctx, js.Global().Call("fetch", url, options))
	if err != nil {
		return fetch.Document{}, whyNotFetched(ctx, url)
	}
	if response.Get("status").Int() == 304 {
		return fetch.Document{ETag: etag, Same: true}, nil
	}
	if !response.Get("ok").Bool() {
		return fetch.Document{}, fetch.StatusError(response.Get("status").Int())
	}
	tag := ""
	if t := response.Get("headers").Call("get", "ETag"); t.Truthy() {
		tag = t.String()
	}
	text, err := await(ctx, response.Call("text"))
	if err != nil {
		return fetch.Document{}, cmp.Or(ctx.Err(), fetch.ErrUnreachable)
	}
	return fetch.Document{Data: []byte(text.String()), ETag: tag}, nil
}

// whyNotFetched finds out why a fetch gave no answer at all: browsers say the same of a server that is not there and of one whose
// answer may not be read.
func whyNotFetched(ctx context.Context, url string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	refused, stop := watchPolicy(url)
	defer stop()
	probe := func(options map[string]any) (js.Value, bool) {
		options["cache"], options["credentials"] = "no-store", "same-origin"
		response, err := await(ctx, js.Global().Call("fetch", url, options))
		return response, err == nil
	}
	response, ok := probe(map[string]any{"redirect": "manual"})
	switch {
	case ok && response.Get("type").String() == "opaqueredirect":
		return fetch.ErrRedirected
	case ok:
		return fetch.ErrUnreachable // and has come back since
	}
	_, ok = probe(map[string]any{"mode": "no-cors"})
	switch {
	case refused():
		return fmt.Errorf("%w: the Content-Security-Policy of the page", fetch.ErrBlocked)
	case ok:
		return fmt.Errorf("%w: its server sends no CORS headers for this page", fetch.ErrBlocked)
	}
	return fetch.ErrUnreachable
}

// watchPolicy notices whether the policy of the page forbids to fetch an address, until stop.
func watchPolicy(url string) (refused func() bool, stop func()) {
	seen, document := false, js.Global().Get("document")
	address := js.Global().Get("URL").New(url, js.Global().Get("location").Get("href")).Get("href").String()
	hear := js.FuncOf(func(_ js.Value, args []js.Value) any {
		seen = seen || args[0].Get("blockedURI").String() == address
		return nil
	})
	document.Call("addEventListener", "securitypolicyviolation", hear)
	return func() bool { return seen }, func() {
		document.Call("removeEventListener", "securitypolicyviolation", hear)
		hear.Release()
	}
}
