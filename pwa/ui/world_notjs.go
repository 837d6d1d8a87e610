//go:build !js

package ui

import (
	"os"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

func watchWorld(func(screen.Event))     {}
func watchAddress(func(screen.Event))   {}
func currentPage() screen.Page          { return screen.PagePhone }
func setPage(screen.Page)               {}
func setTitle(string)                   {}
func dress(screen.Theme, text.Language) {}
func brand(string)                      {}
func startUpdate()                      {}
func awaitCalls(func())                 {}
func warn(string)                       {}
func trace(ua.TraceEvent)               {}
func report(err error, stack []byte)    { os.Stderr.Write(append([]byte(err.Error()+"\n"), stack...)) }

// Languages are what the user prefers, best first. Natively there are none.
func Languages() []string { return nil }

// Config is the text of config.json. Natively there is none.
func Config() string { return "" }

// Fragment is what stands in the address after "#".
func Fragment() string { return "" }

// Query tells whether a name stands in the query of the address.
func Query(string) bool { return false }
