//go:build !js

package ui

import "github.com/gowebphone/webphone/pwa/phone"

func watchNotifications(func(phone.Event)) {}
func notify(phone.Notify)                  {}
func retract(string)                       {}
func canAskToNotify() bool                 { return false }
func askToNotify()                         {}
