//go:build !js

package ui

import (
	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/screen"
)

func seats(func(screen.Event)) phone.Seats { return nil }
func giveNumber(string)                    {}
