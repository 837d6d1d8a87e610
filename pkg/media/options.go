package media

import "context"

// GatherPolicy says when an SDP leaves: how long it waits for ICE candidates, always at most Config.GatherTimeout.
type GatherPolicy string

const (
	// GatherUseful, the default, waits for the first candidates that can work: host candidates when no ICE server is
	// configured, else the first reflexive or relayed one. An SDP then leaves in milliseconds.
	GatherUseful GatherPolicy = ""
	// GatherAll waits for the end of gathering, for networks where only a late candidate works.
	GatherAll GatherPolicy = "all"
	// GatherHost leaves with host candidates even when ICE servers are configured; with the transport policy "relay"
	// it is the same as GatherUseful.
	GatherHost GatherPolicy = "host"
)

// Preparer is an optional ability of an Engine, found by type assertion: it does beforehand what needs no user.
type Preparer interface {
	// Prepare makes a session whose first Offer or Answer opens the microphone, beside its other work; it is there that
	// ErrPermission and ErrNoDevice are found. The session is a Rehearser too.
	Prepare(ctx context.Context, cfg Config) (Session, error)
	// Warm readies what the next session with this configuration will need. It sends nothing, asks for nothing, and
	// returns when it is done.
	Warm(ctx context.Context, cfg Config)
}

// AudioSwitcher is an optional ability of an Engine, found by type assertion: it does what DeviceSwitcher does for all of its
// sessions together. Browser only.
type AudioSwitcher interface {
	// SwitchAudio returns the first error, after trying all sessions.
	SwitchAudio(ctx context.Context, audio AudioConstraints) error
}

// Rehearser makes an answer before it is wanted, while the telephone rings.
type Rehearser interface {
	// Rehearse does all of the Answer to this offer that needs no microphone and tells the other side nothing: not even
	// a connectivity check leaves, because the connection is not told where the other side is. An Answer to the same
	// offer with the same direction then has little left to do; any other goes its usual way. ICE servers are asked.
	Rehearse(ctx context.Context, offer []byte, dir Direction) error
}

// The interfaces below are optional: ask a Session for one with a type assertion.

// DeviceSwitcher changes microphone, its processing and speaker while a session runs, without a new offer. Browser only.
type DeviceSwitcher interface {
	SetAudio(ctx context.Context, audio AudioConstraints) error
}

// Playback tells whether the browser's autoplay rules keep the remote audio silent. ResumePlayback has to be called
// from a click or key press of the user. Browser only; the package functions do it for all sessions together.
type Playback interface {
	PlaybackBlocked() bool
	ResumePlayback(ctx context.Context) error
}

// Restarter moves a running call to another network path. Both are completed by SetAnswer and taken back by Rollback, after
// which Offer has the old credentials and candidates again, for a peer that has half-applied what it refused.
type Restarter interface {
	// OfferRestart offers new ICE credentials on the same peer connection if the path is lost: if ICE says so, or if the
	// other side is to send and no packet of it comes for 600 ms. Else it is Offer, with the credentials and candidates
	// in use: a path that works is never given up, whatever happened to the signalling.
	OfferRestart(ctx context.Context, dir Direction) (sdp []byte, err error)
	// OfferFresh offers a new peer connection with the same certificate: for a peer that lost its own. The old one
	// runs on until the answer is applied.
	OfferFresh(ctx context.Context, dir Direction) (sdp []byte, err error)
}

// Forker answers one offer several times (RFC 3261 section 13.2.2.4): every early dialog gets a session of its own.
type Forker interface {
	// Clone makes a session whose peer connection stands for the same offer, for SetAnswer with another fork's answer.
	// Microphone and mute are shared until one of the two is closed. It fails where the browser does not allow it;
	// then OfferFresh in a re-INVITE helps.
	Clone(ctx context.Context) (Session, error)
}

// DTMFReceiver tells the RFC 4733 tones that arrive, each when it has begun. Native only.
type DTMFReceiver interface {
	// Tones is closed with the session, which owns it. A tone that finds it full is dropped.
	Tones() <-chan rune
}

// DeviceKind is the W3C's word for what a device does.
type DeviceKind string

const (
	Microphone DeviceKind = "audioinput"
	Speaker    DeviceKind = "audiooutput"
)

// Device is a microphone or a speaker. Label is empty until the user has granted the microphone once.
type Device struct {
	ID    string // for AudioConstraints
	Label string
	Kind  DeviceKind
}
