//go:build !js

package ui

import "github.com/gowebphone/webphone/pwa/store"

func storage() store.KeyValues { return &store.MemoryValues{} }
