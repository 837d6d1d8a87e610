package phone

import (
	"context"
	"errors"
	"iter"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
)

// Agent is what a Phone needs of a SIP user agent. *ua.UserAgent does all of it; tests bring their own.
type Agent interface {
	Run(ctx context.Context) error
	Close() error
	Events(ctx context.Context) iter.Seq[ua.Event]
	Trace(ctx context.Context) iter.Seq[ua.TraceEvent]
	Register(ctx context.Context) error
	Wake()
	Export() ([]byte, error)
	Farewell() ([]ua.Farewell, error)
	Invite(ctx context.Context, target string) error
	Call(id string) Call // nil when there is no such call
	Connect(ctx context.Context, id, other string) error
}

// Call is what a Phone needs of a call.
type Call interface {
	Accept(ctx context.Context) error
	Reject(ctx context.Context, code int, opts ua.RejectOptions) error
	Hangup(ctx context.Context) error
	Hold(ctx context.Context) error
	Resume(ctx context.Context) error
	Mute(muted bool) error
	SendDTMF(ctx context.Context, tones string) error
	Transfer(ctx context.Context, target string) error
	CancelTransfer(ctx context.Context) error
	Stats(ctx context.Context) (media.Stats, error)
}

// NewAgent makes the real user agent.
func NewAgent(cfg ua.Config) (Agent, error) {
	agent, err := ua.New(cfg)
	if err != nil {
		return nil, err
	}
	return userAgent{agent}, nil
}

type userAgent struct{ *ua.UserAgent }

func (a userAgent) Invite(ctx context.Context, target string) error {
	_, err := a.UserAgent.Invite(ctx, target, ua.InviteOptions{})
	return err
}

func (a userAgent) Call(id string) Call {
	if call := a.UserAgent.Call(id); call != nil {
		return call
	}
	return nil
}

// errCallNotFound is what comes of something that is asked of a call which has ended meanwhile.
var errCallNotFound = errors.New("phone: no such call")

var errTooManyTones = errors.New("phone: too many tones wait to be sent")

// Connect hands one call over to the other side of another.
func (a userAgent) Connect(ctx context.Context, id, other string) error {
	call, to := a.UserAgent.Call(id), a.UserAgent.Call(other)
	if call == nil || to == nil {
		return errCallNotFound
	}
	return call.TransferTo(ctx, to)
}

// harmless tells whether an error only means that the call had moved on before the command came: nothing to report.
func harmless(err error) bool {
	for _, known := range []error{ua.ErrState, errCallNotFound, ua.ErrClosed, ua.ErrCanceled, context.Canceled} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}
