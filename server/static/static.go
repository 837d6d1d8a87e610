// Package static serves the site of the phone over HTTP: call New for the handler and Serve to run it.
//
//	handler, err := static.New(static.Options{Files: site.Files()})
//	err = static.Serve(ctx, listener, handler, static.Limits{})
//
// The handler answers GET and HEAD alone, hands out the compressed form a client asks for, sends the security headers
// the page is written for, and makes /config.json. It opens no connection. Limits: no directory listings, no
// redirects but from the bare folder name, no files that begin with a dot, and a page for the root only.
package static

import (
	"cmp"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/site"
)

// Options says what to serve.
type Options struct {
	Files     fs.FS                             // the built site
	Base      string                            // folder of the site on the host, such as /phone/; default: /
	Configure func(*http.Request) Configuration // default: an empty configuration
	TLS       bool                              // the clients use HTTPS: promise that it stays so (Strict-Transport-Security)
	Log       *slog.Logger
}

// Configuration is what the phone is told, and the policy that goes with it. It may differ between requests.
type Configuration struct {
	JSON   []byte // what /config.json answers
	Policy site.Policy
}

// Publish makes the two out of a merged configuration.
func Publish(c config.Config) (Configuration, error) {
	public, err := c.Public()
	if err != nil {
		return Configuration{}, err
	}
	return Configuration{JSON: public, Policy: site.Policy{
		Connect: c.CSPConnect(), Style: c.CSPStyle(), Image: c.CSPImage(), Frame: c.CSPFrame(), Ancestors: c.FrameAncestors,
	}}, nil
}

// Files returns the site in dir, or the embedded one when dir is empty.
func Files(dir string) (fs.FS, error) {
	if dir == "" {
		return site.Files(), nil
	}
	root, err := os.OpenRoot(dir) // a symbolic link cannot lead out of the folder
	if err != nil {
		return nil, err
	}
	return root.FS(), nil
}

type handler struct {
	Options
	prefix string // Base without the last slash
	sums   sums
}

// New returns the handler. It fails when there is no site among the files.
func New(o Options) (http.Handler, error) {
	if o.Files == nil || !site.Built(o.Files) {
		return nil, errors.New(`there is no site to serve: build it with "make dist"`)
	}
	if o.Configure == nil {
		o.Configure = func(*http.Request) Configuration { return Configuration{JSON: []byte("{}")} }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Base = cmp.Or(o.Base, "/")
	if o.Base != "/" && !folder(o.Base) {
		return nil, errors.New("the folder of the site must begin and end with a slash, as in /phone/")
	}
	return &handler{Options: o, prefix: strings.TrimSuffix(o.Base, "/")}, nil
}

func folder(base string) bool {
	inner, begins := strings.CutPrefix(base, "/")
	inner, ends := strings.CutSuffix(inner, "/")
	return begins && ends && fs.ValidPath(inner)
}

// ServeHTTP answers one request.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begin := time.Now()
	counted := &counter{ResponseWriter: w}
	config := h.Configure(r)
	h.setHeaders(counted.Header(), config)
	h.answer(counted, r, config)
	// Neither query nor headers: what users type may stand in them.
	h.Log.Debug("request", "method", r.Method, "path", r.URL.Path, "status", counted.status, "bytes", counted.bytes, "took",
		time.Since(begin))
}

func (h *handler) answer(w http.ResponseWriter, r *http.Request, config Configuration) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed)
		return
	}
	if r.URL.Path == "/healthz" {
		h.serveBytes(w, r, "text/plain; charset=utf-8", "no-store", []byte("ok\n"))
		return
	}
	if h.prefix != "" && r.URL.Path == h.prefix {
		http.Redirect(w, r, h.Base, http.StatusPermanentRedirect)
		return
	}
	name, ok := strings.CutPrefix(r.URL.Path, h.Base)
	switch {
	case !ok:
		refuse(w, http.StatusNotFound)
	case name == "healthz":
		h.serveBytes(w, r, "text/plain; charset=utf-8", "no-store", []byte("ok\n"))
	case name == site.Config:
		h.serveBytes(w, r, "application/json", "no-cache", config.JSON)
	case name == "":
		h.serveFile(w, r, site.Index)
	default:
		h.serveFile(w, r, name)
	}
}

// refuse answers with the bare status: nothing of the request comes back.
func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, http.StatusText(status), status)
}

// counter remembers what was answered, for the log.
type counter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader passes the status on.
func (c *counter) WriteHeader(status int) {
	c.status = cmp.Or(c.status, status)
	c.ResponseWriter.WriteHeader(status)
}

// Write passes the body on.
func (c *counter) Write(p []byte) (int, error) {
	c.status = cmp.Or(c.status, http.StatusOK)
	n, err := c.ResponseWriter.Write(p)
	c.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (c *counter) Unwrap() http.ResponseWriter { return c.ResponseWriter }
