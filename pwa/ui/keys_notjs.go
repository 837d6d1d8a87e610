//go:build !js

package ui

import (
	"github.com/gowebphone/webphone/pwa/screen"
)

func watchKeys(func(screen.Key) bool)            {}
func fieldText(string) string                    { return "" }
func fillDial(string)                            {}
func focusNumber(screen.Snapshot) bool           { return false }
func leaveControl()                              {}
func focus(string)                               {}
func settleFocus(_, _ screen.Snapshot)           {}
func settleCover(screen.Snapshot)                {}
func focusCard() bool                            { return false }
func uncover()                                   {}
func watchSize(func())                           {}
func watchReturn(func())                         {}
func inSight(string) bool                        { return false }
func watchPaste(func() bool, func(screen.Event)) {}
func touch() bool                                { return false }
