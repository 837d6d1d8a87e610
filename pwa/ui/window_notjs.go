//go:build !js

package ui

import "github.com/gowebphone/webphone/pwa/phone"

func keepAwake(bool)                  {}
func guardLeaving(bool)               {}
func readClipboard(func(phone.Event)) {}
