// Package site is the static web site of the phone: call Files for the built pages that a server hands out, and
// ContentSecurityPolicy for the policy they are written for.
//
// The pages themselves are made by the build package below this one ("make dist" writes them into dist/, from where
// they are embedded). Limits: a program compiled before the site was built embeds an empty site; Built tells.
package site

import (
	"embed"
	"io/fs"
	"slices"
	"strings"

	"github.com/gowebphone/webphone/pwa/config"
)

// Names of the files that have a role of their own. All others carry what the page or the style sheets call them.
const (
	Index    = "index.html"           // the page
	Loader   = "loader.js"            // fetches and runs the WebAssembly program
	Worker   = "worker.js"            // service worker
	Timers   = "timers.js"            // dedicated worker that keeps time while the tab is hidden
	Manifest = "manifest.webmanifest" // what is installed
	Config   = "config.json"          // made by the server, or written by hand beside the other files
)

//go:embed all:dist
var dist embed.FS

// Files returns the embedded site.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the name is a constant of this file
	}
	return files
}

// Secrets names the keys of Config that may not be kept in the browser.
func Secrets() []string {
	return slices.DeleteFunc(config.Names(), func(key string) bool { return config.Config{}.Marks(key)&config.Protected == 0 })
}

// Built reports whether files holds a site that can be served.
func Built(files fs.FS) bool {
	info, err := fs.Stat(files, Index)
	return err == nil && info.Mode().IsRegular()
}

// Policy is what varies in the content security policy of the page: sources besides the page's own origin.
type Policy struct {
	Connect   []string // servers, such as wss://sip.example.com
	Style     []string // style sheets of a brand
	Image     []string // signs of the menu
	Frame     []string // pages of the menu
	Ancestors []string // who may show the page in a frame; nil means the page's own origin
}

// ContentSecurityPolicy returns the policy as it stands in the header. The page needs neither inline script nor
// inline style, and only the two workers pass its one Trusted Types policy.
func ContentSecurityPolicy(p Policy) string {
	ancestors := p.Ancestors
	if len(ancestors) == 0 {
		ancestors = []string{"'self'"}
	}
	return directives(p) + "; " + directive("frame-ancestors", ancestors)
}

// MetaPolicy returns what may stand in the page itself, for hosts that send no headers. The page cannot know how it
// will be configured, so connections, styles and pictures are open to every encrypted source, and to this machine, which
// a configuration may name without encryption; scripts are not. A browser obeys both, so the header stays the stricter one.
func MetaPolicy() string {
	secure := []string{"https:", "http://127.0.0.1:*", "http://localhost:*"}
	return directives(Policy{Connect: append([]string{"wss:", "ws:"}, secure...), Style: secure, Image: secure, Frame: secure})
}

func directives(p Policy) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self' 'wasm-unsafe-eval'",
		directive("style-src 'self'", p.Style),
		directive("img-src 'self' data:", p.Image),
		"media-src 'self' blob:",
		directive("connect-src 'self'", p.Connect),
		directive("frame-src 'self'", p.Frame),
		"worker-src 'self'",
		"manifest-src 'self'",
		"base-uri 'none'",
		"form-action 'self'",
		"require-trusted-types-for 'script'",
		"trusted-types default",
	}, "; ")
}

func directive(name string, sources []string) string {
	return strings.Join(append([]string{name}, sources...), " ")
}
