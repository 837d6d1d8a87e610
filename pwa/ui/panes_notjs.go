//go:build !js

package ui

import "github.com/gowebphone/webphone/pwa/screen"

func fieldChecked(string) bool                       { return false }
func setField(_, _ string)                           {}
func rewind(string)                                  {}
func readFile(string, func(screen.Event))            {}
func download(screen.File)                           {}
func meter(screen.Meter, func(screen.Event), func()) {}
func useOutputs(screen.UseOutputs)                   {}
func hear(string, []note, string)                    {}
