//go:build !js

package ui

import "github.com/gowebphone/webphone/pwa/phone"

func seats() phone.Seats { return nil }
