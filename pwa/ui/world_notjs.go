//go:build !js

package ui

import (
	"os"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

func watchWorld(func(screen.Event))                        {}
func watchAddress(func(string) string, func(screen.Event)) {}
func currentPage() screen.Page                             { return screen.PagePhone }
func setPage(screen.Page)                                  {}
func setTitle(string)                                      {}
func dress(screen.Theme, text.Language)                    {}
func brand(string)                                         {}
func startUpdate()                                         {}
func awaitCalls(func())                                    {}
func warn(string)                                          {}
func report(err error, stack []byte)                       { os.Stderr.Write(append([]byte(err.Error()+"\n"), stack...)) }
