//go:build !js

package ui

import (
	"github.com/gowebphone/webphone/pwa/screen"
)

func keepAwake(bool)                   {}
func guardLeaving(bool)                {}
func readClipboard(func(screen.Event)) {}
func watchSystem(func(screen.Event))   {}
func tellSystem(screen.Session)        {}
func setBadge(int)                     {}
func inNextFrame(f func())             { f() }
