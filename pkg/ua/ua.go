package ua

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
)

// UserAgent is a SIP user agent with one account. Its methods may be called from any goroutine.
type UserAgent struct{}

var errUnbuilt = errors.New("ua: not built yet")

// New checks cfg and makes a user agent. Nothing is sent before Run.
func New(cfg Config) (*UserAgent, error) { return nil, errUnbuilt }

// Run connects and registers, keeps both up, and returns when ctx ends or Close is called.
// When ctx ends it hangs up, unregisters and closes the connection within a short time.
func (a *UserAgent) Run(ctx context.Context) error { return errUnbuilt }

// Close ends the user agent at once, without telling the server. Run returns.
func (a *UserAgent) Close() error { return errUnbuilt }

// Events yields every event from the call of Events on, in order, until ctx ends or the user agent closes.
// Subscription starts when Events is called, not when the loop starts.
func (a *UserAgent) Events(ctx context.Context) iter.Seq[Event] { return nil }

// State returns a snapshot.
func (a *UserAgent) State() State { return State{} }

// Register registers now: after NoRegister, Unregister or RegistrationFailed. It waits for the outcome.
func (a *UserAgent) Register(ctx context.Context) error { return errUnbuilt }

// Unregister removes the binding and stays connected.
func (a *UserAgent) Unregister(ctx context.Context) error { return errUnbuilt }

// Wake tells the user agent that the world may have changed (online, visible, resumed): timers are
// checked, the connection is probed, and a waiting retry starts at once.
func (a *UserAgent) Wake() {}

// InviteOptions shape one call.
type InviteOptions struct {
	DisplayName string   // of the callee, for the To header
	Headers     []Header // extra headers of the INVITE
	Media       *media.Config
}

// Invite calls target: a number, "user@host" or a sip: or sips: URI. It returns as soon as the call exists,
// before the microphone is ready; follow it by events or Wait.
func (a *UserAgent) Invite(ctx context.Context, target string, opts InviteOptions) (*Call, error) {
	return nil, errUnbuilt
}

// Call returns the call with that CallInfo.ID, or nil.
func (a *UserAgent) Call(id string) *Call { return nil }

// Options sends OPTIONS to target (RFC 3261 section 11) and returns the status code.
func (a *UserAgent) Options(ctx context.Context, target string) (int, error) { return 0, errUnbuilt }

// TraceEvent is one message on the wire, or a move of the connection.
type TraceEvent struct {
	At     time.Time
	Sent   bool   // false: received
	Server string // URL of the connection
	CallID string // of the message, if it has one
	Data   []byte // masked: credentials, nonces, responses and keys are replaced (see Mask)
}

// Trace yields every message sent and received from now on, masked, until ctx ends or the user agent closes.
func (a *UserAgent) Trace(ctx context.Context) iter.Seq[TraceEvent] { return nil }

// Call is a handle of one call. Its methods may be called from any goroutine.
type Call struct{}

// ID returns CallInfo.ID.
func (c *Call) ID() string { return "" }

// Info returns the call as it is now, or as it ended.
func (c *Call) Info() CallInfo { return CallInfo{} }

// Accept answers an incoming call. It gets the microphone first; when that fails the call goes on ringing.
func (c *Call) Accept(ctx context.Context) error { return errUnbuilt }

// Reject refuses an incoming call with a final status code of 4xx, 5xx or 6xx, usually 486 or 603.
func (c *Call) Reject(ctx context.Context, code int) error { return errUnbuilt }

// Hangup ends the call in whatever state it is: CANCEL, BYE, or 603 for one that rings here.
// It returns when the request is on its way; the call is CallEnded when the other side has replied or time is up.
func (c *Call) Hangup(ctx context.Context) error { return errUnbuilt }

// Hold sends a re-INVITE with sendonly (or inactive) and waits for its final response.
func (c *Call) Hold(ctx context.Context) error { return errUnbuilt }

// Resume takes the call back from hold.
func (c *Call) Resume(ctx context.Context) error { return errUnbuilt }

// Mute stops or starts our microphone; nothing is sent to the other side.
func (c *Call) Mute(muted bool) error { return errUnbuilt }

// SendDTMF sends tones "0-9A-D*#" by RFC 4733, or by INFO (application/dtmf-relay) where that was not negotiated.
func (c *Call) SendDTMF(ctx context.Context, tones string) error { return errUnbuilt }

// Stats reads the media counters.
func (c *Call) Stats(ctx context.Context) (media.Stats, error) { return media.Stats{}, errUnbuilt }

// Wait returns when the call is established (nil) or has ended (a *ResponseError or an error of this package).
func (c *Call) Wait(ctx context.Context) error { return errUnbuilt }
