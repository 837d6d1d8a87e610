//go:build !js

package ui

import (
	"context"
	"errors"
	"runtime"

	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/screen"
)

func fieldChecked(string) bool               { return false }
func setField(_, _ string)                   {}
func rewind(string)                          {}
func readFile(string, func(screen.Event))    {}
func download(screen.File)                   {}
func watchDevices(func(screen.Event))        {}
func meter(screen.Meter, func(screen.Event)) {}
func useOutputs(screen.UseOutputs)           {}
func pause()                                 { runtime.Gosched() }

func fetchDocument(context.Context, string, string) (phone.Fetched, error) {
	return phone.Fetched{}, errors.ErrUnsupported
}

func hear(string, []note, string) {}
