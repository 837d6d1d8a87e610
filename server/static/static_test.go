package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/site"
)

const program = "app.0123456789abcdef.wasm"

func gzipped(text string) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	io.WriteString(w, text)
	w.Close()
	return out.Bytes()
}

func testSite() fstest.MapFS {
	return fstest.MapFS{
		"index.html":           {Data: []byte("<!doctype html><title>Phone</title>")},
		"index.html.gz":        {Data: gzipped("<!doctype html><title>Phone</title>")},
		"index.html.br":        {Data: []byte("brotli of the page")},
		"worker.js":            {Data: []byte("onfetch = null")},
		"manifest.webmanifest": {Data: []byte("{}")},
		program:                {Data: []byte("\x00asm0123456789")},
		program + ".br":        {Data: []byte("brotli of the program")},
		".gitignore":           {Data: []byte("*")},
		"sounds/.secret.wav":   {Data: []byte("no")},
		"sounds/ring.wav":      {Data: []byte("RIFF")},
		"notes":                {Data: []byte("no suffix, no type")},
	}
}

func newTestHandler(t *testing.T, change func(*Options)) http.Handler {
	t.Helper()
	o := Options{Files: testSite()}
	if change != nil {
		change(&o)
	}
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// ask sends one request; headers come as name and value in turn.
func ask(h http.Handler, method, target string, headers ...string) *http.Response {
	address, err := url.ParseRequestURI(target) // as the HTTP server does, without cleaning
	if err != nil {
		panic(err)
	}
	r := &http.Request{Method: method, URL: address, RequestURI: target, Host: "phone.example", Header: http.Header{}}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	content, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestFilesAreServedWithTypeAndLifetime(t *testing.T) {
	h := newTestHandler(t, nil)
	tests := []struct{ path, mediaType, cache string }{
		{"/", "text/html; charset=utf-8", "no-cache"},
		{"/index.html", "text/html; charset=utf-8", "no-cache"},
		{"/?to=tel:600", "text/html; charset=utf-8", "no-cache"},
		{"/worker.js", "text/javascript; charset=utf-8", "no-cache"},
		{"/manifest.webmanifest", "application/manifest+json", "no-cache"},
		{"/" + program, "application/wasm", "public, max-age=31536000, immutable"},
		{"/sounds/ring.wav", "audio/wav", "no-cache"},
		{"/config.json", "application/json", "no-cache"},
		{"/healthz", "text/plain; charset=utf-8", "no-store"},
	}
	for _, test := range tests {
		got := ask(h, "GET", test.path)
		if got.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", test.path, got.StatusCode)
		}
		if mediaType, cache := got.Header.Get("Content-Type"), got.Header.Get("Cache-Control"); mediaType != test.mediaType ||
			cache != test.cache {
			t.Errorf("%s: %q, %q, want %q, %q", test.path, mediaType, cache, test.mediaType, test.cache)
		}
	}
}

func TestWhatIsNotTheSiteIsNotFound(t *testing.T) {
	h := newTestHandler(t, nil)
	for _, target := range []string{
		"/missing.js",
		"/sounds", "/sounds/",
		"/../static.go", "/%2e%2e/static.go", "/..%2fstatic.go", "/%2e%2e%2f%2e%2e%2fetc/passwd", "/sounds/../../static.go",
		"/..%5cstatic.go", "/sounds%5cring.wav", "/%00index.html", "/index.html%00.js",
		"//index.html", "/./index.html", "/index.html/",
		"/.gitignore", "/%2egitignore", "/sounds/.secret.wav",
		"/index.html.br", "/index.html.gz", "/notes",
		"/C:/index.html", "/file:index.html",
	} {
		if got := ask(h, "GET", target); got.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", target, got.StatusCode)
		}
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	h := newTestHandler(t, nil)
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "NONSENSE"} {
		got := ask(h, method, "/")
		if got.StatusCode != http.StatusMethodNotAllowed || got.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: status %d, Allow %q", method, got.StatusCode, got.Header.Get("Allow"))
		}
	}
}

func TestHeadHasTheHeadersOfGet(t *testing.T) {
	h := newTestHandler(t, nil)
	for _, target := range []string{"/", "/" + program, "/config.json", "/healthz"} {
		for _, accept := range []string{"", "br", "gzip"} {
			get, head := ask(h, "GET", target, "Accept-Encoding", accept), ask(h, "HEAD", target, "Accept-Encoding", accept)
			if content := body(t, head); content != "" {
				t.Errorf("HEAD %s: body %q", target, content)
			}
			for _, name := range []string{"Content-Length", "Content-Type", "Content-Encoding", "Etag", "Vary", "Cache-Control"} {
				if got, want := head.Header.Get(name), get.Header.Get(name); got != want {
					t.Errorf("HEAD %s, encoding %q: %s %q, want %q", target, accept, name, got, want)
				}
			}
		}
	}
}

func TestCompressedFormsAreNegotiated(t *testing.T) {
	h := newTestHandler(t, nil)
	tests := []struct{ path, accept, want string }{
		{"/", "gzip, deflate, br, zstd", "br"},
		{"/", "gzip", "gzip"},
		{"/", "x-gzip", "gzip"},
		{"/", "GZIP;Q=1", "gzip"},
		{"/", "br;q=0.5, gzip;q=0.8", "gzip"},
		{"/", "br;q=0, *", "gzip"},
		{"/", "*", "br"},
		{"/", "*;q=0", ""},
		{"/", "identity;q=1, br;q=0.5", ""},
		{"/", "br;q=2", ""},
		{"/", "br;q=x", ""},
		{"/", "deflate", ""},
		{"/", "", ""},
		{"/worker.js", "br, gzip", ""},
		{"/" + program, "gzip, br;q=0.1", "br"},
		{"/" + program, "gzip", ""},
	}
	for _, test := range tests {
		got := ask(h, "GET", test.path, "Accept-Encoding", test.accept)
		if encoding := got.Header.Get("Content-Encoding"); encoding != test.want || got.StatusCode != http.StatusOK {
			t.Errorf("%s, %q: encoding %q, status %d, want %q", test.path, test.accept, encoding, got.StatusCode, test.want)
		}
		if got.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s, %q: a cache would give one client's form to another", test.path, test.accept)
		}
	}
}

func TestEntityTags(t *testing.T) {
	h := newTestHandler(t, nil)
	seen := map[string]string{}
	for _, accept := range []string{"br", "gzip", "identity"} {
		first := ask(h, "GET", "/", "Accept-Encoding", accept)
		tag := first.Header.Get("Etag")
		if other, taken := seen[tag]; taken || tag == "" {
			t.Errorf("%s: tag %q, the same as %s", accept, tag, other)
		}
		seen[tag] = accept
		again := ask(h, "GET", "/", "Accept-Encoding", accept, "If-None-Match", tag)
		if again.StatusCode != http.StatusNotModified || body(t, again) != "" {
			t.Errorf("%s: status %d for the tag just sent", accept, again.StatusCode)
		}
		if again.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: no policy beside 304: a cache keeps the old one", accept)
		}
		if changed := ask(h, "GET", "/", "Accept-Encoding", accept, "If-None-Match",
			`"other"`); changed.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d for another tag", accept, changed.StatusCode)
		}
	}
	if got := ask(h, "GET", "/config.json", "If-None-Match",
		ask(h, "GET", "/config.json").Header.Get("Etag")); got.StatusCode != http.StatusNotModified {
		t.Errorf("config.json: status %d for the tag just sent", got.StatusCode)
	}
}

func TestRanges(t *testing.T) {
	h := newTestHandler(t, nil)
	tests := []struct {
		header, accept string
		status         int
		body, content  string
	}{
		{"bytes=4-7", "", 206, "0123", "bytes 4-7/14"},
		{"bytes=-2", "", 206, "89", "bytes 12-13/14"},
		{"bytes=0-5", "br", 206, "brotli", "bytes 0-5/21"},
		{"bytes=99-", "", 416, "", "bytes */14"},
	}
	for _, test := range tests {
		got := ask(h, "GET", "/"+program, "Range", test.header, "Accept-Encoding", test.accept)
		content := body(t, got)
		if got.StatusCode != test.status || got.Header.Get("Content-Range") != test.content || test.body != "" &&
			content != test.body {
			t.Errorf("%s %s: status %d, %q, %q", test.header, test.accept, got.StatusCode, got.Header.Get("Content-Range"),
				content)
		}
	}
	stale := ask(h, "GET", "/"+program, "Range", "bytes=4-7", "If-Range", `"of an older version"`)
	if stale.StatusCode != http.StatusOK {
		t.Errorf("status %d for a part of another version, want the whole", stale.StatusCode)
	}
}

func TestSecurityHeaders(t *testing.T) {
	h := newTestHandler(t, func(o *Options) {
		o.TLS = true
		o.Configure = func(*http.Request) Configuration {
			return Configuration{JSON: []byte("{}"), Policy: site.Policy{Connect: []string{"wss://sip.example.com:8089"}}}
		}
	})
	for _, target := range []string{"/", "/" + program, "/missing.js", "/config.json"} {
		header := ask(h, "GET", target).Header
		policy := header.Get("Content-Security-Policy")
		for _, want := range []string{
			"default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "connect-src 'self' wss://sip.example.com:8089;",
			"frame-ancestors 'self'", "base-uri 'none'", "require-trusted-types-for 'script'",
		} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: no %q in %q", target, want, policy)
			}
		}
		if strings.Contains(policy, "unsafe-inline") || strings.Contains(policy, "'unsafe-eval'") {
			t.Errorf("%s: policy %q lets text become code", target, policy)
		}
		want := map[string]string{
			"Strict-Transport-Security":    "max-age=63072000",
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "no-referrer",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
		}
		for name, value := range want {
			if got := header.Get(name); got != value {
				t.Errorf("%s: %s %q, want %q", target, name, got, value)
			}
		}
		if !strings.Contains(header.Get("Permissions-Policy"), "microphone=(self)") {
			t.Errorf("%s: Permissions-Policy %q", target, header.Get("Permissions-Policy"))
		}
	}
	if got := ask(newTestHandler(t, nil), "GET", "/").Header.Get("Strict-Transport-Security"); got != "" {
		t.Errorf("plain HTTP promises HTTPS: %q", got)
	}
}

func TestFramesOfOtherOrigins(t *testing.T) {
	h := newTestHandler(t, func(o *Options) {
		o.Configure = func(*http.Request) Configuration {
			return Configuration{Policy: site.Policy{Ancestors: []string{"https://crm.example.com"}}}
		}
	})
	header := ask(h, "GET", "/").Header
	if policy := header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "frame-ancestors https://crm.example.com") {
		t.Errorf("policy %q", policy)
	}
	if got := header.Get("Cross-Origin-Resource-Policy"); got != "cross-origin" {
		t.Errorf("resource policy %q keeps the frame from loading", got)
	}
}

func TestSiteInAFolder(t *testing.T) {
	h := newTestHandler(t, func(o *Options) { o.Base = "/office/phone/" })
	tests := []struct {
		path   string
		status int
	}{
		{"/office/phone/", 200}, {"/office/phone/worker.js", 200}, {"/office/phone/config.json", 200},
		{"/office/phone", 308}, {"/healthz", 200}, {"/office/phone/healthz", 200},
		{"/", 404}, {"/worker.js", 404}, {"/office/", 404}, {"/office/phoneworker.js", 404},
		{"/office/phone/../phone/worker.js", 404},
	}
	for _, test := range tests {
		got := ask(h, "GET", test.path)
		if got.StatusCode != test.status {
			t.Errorf("%s: status %d, want %d", test.path, got.StatusCode, test.status)
		}
		if test.status == 308 && got.Header.Get("Location") != "/office/phone/" {
			t.Errorf("%s: leads to %q", test.path, got.Header.Get("Location"))
		}
	}
	for _, base := range []string{"phone/", "/phone", "/a/../b/", "//"} {
		if _, err := New(Options{Files: testSite(), Base: base}); err == nil {
			t.Errorf("folder %q is accepted", base)
		}
	}
}

func TestNoSiteIsAnError(t *testing.T) {
	for _, files := range []fs.FS{nil, fstest.MapFS{}, fstest.MapFS{"index.html": {Mode: fs.ModeDir}}} {
		if _, err := New(Options{Files: files}); err == nil || !strings.Contains(err.Error(), "make dist") {
			t.Errorf("error %v, want to be told what to do", err)
		}
	}
}

func TestFilesOfAFolderMayChange(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string, at time.Time) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	write("index.html", "first", time.Unix(1, 0))
	outside := filepath.Join(t.TempDir(), "outside.js")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link.js")); err != nil {
		t.Fatal(err)
	}
	files, err := Files(dir)
	if err != nil {
		t.Fatal(err)
	}
	h := newTestHandler(t, func(o *Options) { o.Files = files })
	before := ask(h, "GET", "/")
	write("index.html", "other", time.Unix(2, 0))
	after := ask(h, "GET", "/", "If-None-Match", before.Header.Get("Etag"))
	if after.StatusCode != http.StatusOK || body(t, after) != "other" {
		t.Errorf("status %d after the file has changed", after.StatusCode)
	}
	if got := ask(h, "GET", "/link.js"); got.StatusCode != http.StatusNotFound {
		t.Errorf("a link out of the folder: status %d", got.StatusCode)
	}
}

func TestPublishedConfiguration(t *testing.T) {
	host, err := config.Parse([]byte(`{
		"wsServers": "sip.example.com, wss://b.example.com:8089/ws",
		"css": "https://brand.example/phone.css",
		"frameAncestors": ["https://crm.example.com"],
		"phonebook": "https://book.example/all.json"
	}`))
	if err != nil {
		t.Fatal(err)
	}
	merged, _ := config.Merge(host)
	got, err := Publish(merged)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(got.JSON), "wss://b.example.com:8089/ws") {
		t.Errorf("config.json %s, want the servers", got.JSON)
	}
	policy := site.ContentSecurityPolicy(got.Policy)
	for _, want := range []string{"wss://sip.example.com", "https://book.example", "style-src 'self' https://brand.example;",
		"frame-ancestors https://crm.example.com"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy %q, want %q in it", policy, want)
		}
	}
}
