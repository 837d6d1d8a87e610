//go:build !js

package ui

import "github.com/gowebphone/webphone/pwa/phone"

func keepAwake(bool)                  {}
func guardLeaving(bool)               {}
func readClipboard(func(phone.Event)) {}
func watchSystem(func(phone.Event))   {}
func tellSystem(phone.Session)        {}
func setBadge(int)                    {}
