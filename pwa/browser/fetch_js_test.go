package browser

import (
	"context"
	"errors"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/fetch"
)

// web answers what is fetched with the value of an expression over (url, options); "fails" is a browser's failure.
func web(t *testing.T, answer string) {
	t.Helper()
	give(t, "location", map[string]any{"href": "https://example.com/phone/"})
	give(t, "document", script(`new EventTarget()`))
	give(t, "fetch", script(`(url, options) => {
		const fails = () => { throw new TypeError('Failed to fetch'); };
		const response = (status, body, headers) =>
			({ status, ok: status < 300, headers: new Headers(headers), text: async () => body });
		const forbid = blockedURI => document.dispatchEvent(Object.assign(new Event('securitypolicyviolation'), { blockedURI }));
		return (async () => `+answer+`)();
	}`))
}

func TestFetchBringsTheDocument(t *testing.T) {
	web(t, `options.cache !== 'no-store' || options.credentials !== 'same-origin' ? fails() :
		options.headers?.['If-None-Match'] === '"1"' ? response(304) : response(200, 'täxt', { ETag: '"1"' })`)
	got, err := Fetch(t.Context(), "book.csv", "")
	if string(got.Data) != "täxt" || got.ETag != `"1"` || got.Same || err != nil {
		t.Errorf("%+v, %v", got, err)
	}
	again, err := Fetch(t.Context(), "book.csv", got.ETag)
	if !again.Same || again.ETag != `"1"` || len(again.Data) != 0 || err != nil {
		t.Errorf("with its tag: %+v, %v", again, err)
	}
	web(t, `response(200, '')`)
	if got, err := Fetch(t.Context(), "book.csv", ""); got.ETag != "" || len(got.Data) != 0 || err != nil {
		t.Errorf("an empty one: %+v, %v", got, err)
	}
}

// TestFetchSaysWhyThereIsNothing tells apart what browsers do not.
func TestFetchSaysWhyThereIsNothing(t *testing.T) {
	for _, c := range []struct {
		name, answer string
		want         error
		says         string
	}{
		{"not found", `response(404)`, fetch.StatusError(404), ""},
		{"a server's fault", `response(503)`, fetch.StatusError(503), ""},
		{"nobody there", `fails()`, fetch.ErrUnreachable, ""},
		{"led elsewhere", `options.redirect === 'manual' ? { type: 'opaqueredirect' } : fails()`, fetch.ErrRedirected, ""},
		{"back again", `options.redirect === 'manual' ? response(200) : fails()`, fetch.ErrUnreachable, ""},
		{"no CORS", `options.mode === 'no-cors' ? { type: 'opaque' } : fails()`, fetch.ErrBlocked, "CORS"},
		{"the page's policy", `(forbid('https://example.com/phone/book.csv'), fails())`, fetch.ErrBlocked, "Content-Security-Policy"},
		{"another's policy", `(forbid('https://example.com/other'), fails())`, fetch.ErrUnreachable, ""},
		{"lost on the way", `({ ...response(200), text: async () => fails() })`, fetch.ErrUnreachable, ""},
	} {
		web(t, c.answer)
		got, err := Fetch(t.Context(), "book.csv", "")
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) || got.Data != nil || got.Same {
			t.Errorf("%s: %+v, %v, want %v", c.name, got, err, c.want)
		}
	}
}

func TestFetchEndsWithItsContext(t *testing.T) {
	web(t, `new Promise(() => {})`)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := Fetch(ctx, "book.csv", ""); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

// TestPauseLetsTheBrowserWork hangs where nothing else has its turn.
func TestPauseLetsTheBrowserWork(t *testing.T) {
	worked := false
	js.Global().Call("setImmediate", function(t, func([]js.Value) any { worked = true; return nil }))
	for !worked {
		Pause()
	}
}

func TestConsoleHoldsMessagesAndWarnings(t *testing.T) {
	var lines []string
	write := func(how string) js.Value {
		return function(t, func(args []js.Value) any { lines = append(lines, how+" "+args[0].String()); return nil })
	}
	give(t, "console", map[string]any{"log": write("log"), "warn": write("warn")})
	at := time.Date(2026, 5, 4, 12, 0, 43, 7e6, time.UTC)
	Trace(ua.TraceEvent{At: at, Sent: true, Server: "wss://a", Data: []byte("BYE sip:a SIP/2.0\r\n\r\n")})
	Trace(ua.TraceEvent{At: at, Server: "wss://a", Data: []byte("SIP/2.0 200 OK\r\n\r\n")})
	Warn("no book")
	want := []string{"log 12:00:43.007 ⇒ sent wss://a\nBYE sip:a SIP/2.0", "log 12:00:43.007 ⇐ received wss://a\nSIP/2.0 200 OK",
		"warn webphone: no book"}
	if strings.Join(lines, "|") != strings.Join(want, "|") {
		t.Errorf("got %q, want %q", lines, want)
	}
}

func TestPageSaysWhatIsConfigured(t *testing.T) {
	for _, c := range []struct{ languages, hash, fragment, first string }{
		{`["de-CH", "en"]`, "#number=605", "number=605", "de-CH"}, {`undefined`, "", "", ""}, {`[]`, "#", "", ""}} {
		give(t, "navigator", map[string]any{"languages": script(c.languages)})
		give(t, "location", map[string]any{"hash": c.hash})
		first := ""
		if tags := Languages(); len(tags) > 0 {
			first = tags[0]
		}
		if first != c.first || Fragment() != c.fragment {
			t.Errorf("%q and %q, want %q and %q", first, Fragment(), c.first, c.fragment)
		}
	}
	if Config() != "" {
		t.Errorf("a host without configuration says %q", Config())
	}
	give(t, "webphoneConfig", script(`() => '{"brand":{}}'`))
	if Config() != `{"brand":{}}` {
		t.Errorf("got %q", Config())
	}
}
