package media

import "context"

// Default returns the engine of the browser.
func Default() Engine { return browserEngine{} }

type browserEngine struct{}

// NewSession is Engine.NewSession.
func (browserEngine) NewSession(context.Context, Config) (Session, error) { return nil, ErrUnsupported }
