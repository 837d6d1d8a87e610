//go:build !js

package ui

import "github.com/gowebphone/webphone/pwa/phone"

func storage() phone.KeyValues { return &phone.Memory{} }
