//go:build !js

package ui

import "github.com/gowebphone/webphone/pwa/phone"

func watchKeys(func(phone.Key) bool)            {}
func fieldText(string) string                   { return "" }
func fillDial(string)                           {}
func focusNumber(phone.Snapshot) bool           { return false }
func leaveControl()                             {}
func focus(string)                              {}
func settleFocus(_, _ phone.Snapshot)           {}
func watchPaste(func() bool, func(phone.Event)) {}
func touch() bool                               { return false }
