//go:build !js

package ui

func watchHands(*hands, func() bool) {}
func spots() []spot                  { return nil }
func clock() float64                 { return 0 }
func tellDeaf(*hands)                {}
func expectChange()                  {}
