//go:build !js

package ui

import "github.com/gowebphone/webphone/pwa/phone"

func watchSound(func(phone.Event)) {}
func resumeSound()                 {}
func play(phone.Loop)              {}
func beep(phone.Signal)            {}
func keyTone(string)               {}
