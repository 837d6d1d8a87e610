package ua

import (
	"context"
	"fmt"
	"slices"
)

// Error is Explanation, or the name of the kind. A Cause is an error, so that errors.As finds in what a method returns why it did
// not work.
func (c Cause) Error() string {
	if c.Explanation != "" {
		return c.Explanation
	}
	return c.Kind.String()
}

// Ready waits until we can be reached: until the registrar has our binding, or with Config.NoRegister until there is a
// connection. It asks for nothing: Run and Register do that. A registration that is refused for good ends it by a *ResponseError
// or a Cause; when ctx ends first the error wraps the Cause of what has been in the way.
func (a *UserAgent) Ready(ctx context.Context) error {
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	events := a.Events(waiting)
	if ready, err := a.ready(); ready {
		return err
	}
	for range events {
		if ready, err := a.ready(); ready {
			return err
		}
	}
	if ctx.Err() == nil {
		return fmt.Errorf("ready: %w", ErrClosed)
	}
	return fmt.Errorf("ready: %w", a.because(context.Cause(ctx)))
}

// ready tells whether the waiting of Ready is over, and how.
func (a *UserAgent) ready() (bool, error) {
	st := a.state.Load()
	switch reg := st.Registration; {
	case reg.State == Registered, a.cfg.NoRegister && reg.State == Unregistered && st.Connection.State == Connected &&
		reg.Cause == Cause{}:
		return true, nil
	case slices.ContainsFunc(st.Flows, func(f FlowInfo) bool { return f.Registration.State != RegistrationFailed }):
		return false, nil
	case reg.Cause.Code >= 300:
		return true, fmt.Errorf("ready: %w", &ResponseError{Method: "REGISTER", Code: reg.Cause.Code, Reason: reg.Cause.Reason,
			Cause: reg.Cause})
	default:
		return true, fmt.Errorf("ready: %w", reg.Cause)
	}
}

// because adds to the end of a context what has been in the way of a registration: that of the connection, or of the last try.
func (a *UserAgent) because(err error) error {
	st := a.state.Load()
	for _, why := range []Cause{st.Connection.Cause, st.Registration.Cause} {
		if why.Kind != CauseNone {
			return fmt.Errorf("%w: %w", err, why)
		}
	}
	return err
}
