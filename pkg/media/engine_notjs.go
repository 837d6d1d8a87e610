//go:build !js

package media

import "context"

// Default returns the native engine: a tone as microphone, a meter as speaker.
func Default() Engine { return Native{} }

// Native makes sessions outside a browser.
type Native struct{}

// NewSession is Engine.NewSession.
func (Native) NewSession(context.Context, Config) (Session, error) { return nil, ErrUnsupported }
