//go:build !js

package ui

import (
	"github.com/gowebphone/webphone/pwa/screen"
)

func watchSound(func(screen.Event)) {}
func resumeSound()                  {}
func play(screen.Loop)              {}
func beep(screen.Signal)            {}
func keyTone(string)                {}
