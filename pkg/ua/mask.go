package ua

import "github.com/gowebphone/webphone/pkg/ua/internal/wire"

// Mask returns a copy of a SIP message in which credentials, nonces and media keys are replaced by asterisks, so that it can be
// shown, logged or saved. It works on malformed messages too.
func Mask(msg []byte) []byte { return wire.Mask(msg) }
