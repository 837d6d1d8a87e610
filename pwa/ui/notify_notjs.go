//go:build !js

package ui

import (
	"github.com/gowebphone/webphone/pwa/screen"
)

func watchNotifications(func(screen.Event)) {}
func notify(screen.Notify)                  {}
func retract(string)                        {}
func canAskToNotify() bool                  { return false }
func askToNotify()                          {}
