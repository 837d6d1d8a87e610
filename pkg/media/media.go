package media

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Direction is what one side does with its audio stream, as in SDP (RFC 8866 section 6.7).
type Direction string

const (
	SendRecv Direction = "sendrecv"
	SendOnly Direction = "sendonly"
	RecvOnly Direction = "recvonly"
	Inactive Direction = "inactive"
)

// ICEServer is a STUN or TURN server, as in RTCIceServer of the W3C.
type ICEServer struct {
	URLs       []string
	Username   string
	Credential string
}

// Config says how a session is made. The zero value works.
type Config struct {
	ICEServers         []ICEServer
	ICETransportPolicy string        // "all" (default) or "relay"
	GatherTimeout      time.Duration // longest wait for more ICE candidates than one before the SDP leaves; default 2 s
	GatherPolicy       GatherPolicy  // what is waited for; the default leaves as soon as the SDP can work
	Audio              AudioConstraints

	// CodecDelete and CodecPriority are regular expressions matched case-insensitively from the start of the codec's
	// name ("PC.*", "telephone.*"): what is removed from offers and answers, and what stands first.
	CodecDelete   []string
	CodecPriority []string
}

// AudioConstraints selects and shapes the microphone.
type AudioConstraints struct {
	DeviceID           string // microphone, "" = the system's default
	SpeakerID          string // output device of the remote audio, "" = the system's default
	NoEchoCancellation bool
	NoNoiseSuppression bool
	NoAutoGainControl  bool
}

// Engine makes sessions. Default returns the real one of the platform.
type Engine interface {
	// NewSession gets the microphone and a peer connection. It may wait for the user's permission; it fails with
	// ErrPermission or ErrNoDevice before anything was sent to the other side.
	NewSession(ctx context.Context, cfg Config) (Session, error)
}

// Session is the audio of one call: one peer connection, one microphone track, one remote stream.
// Methods that take a context may wait; none of them may be called while another of them runs (the owner serialises).
// SetMuted, SendDTMF and Close may be called at any time.
type Session interface {
	// Offer makes a local offer (first or re-offer) that asks for dir, and waits for candidates at most GatherTimeout.
	Offer(ctx context.Context, dir Direction) (sdp []byte, err error)
	// SetAnswer applies the other side's answer to our offer.
	SetAnswer(ctx context.Context, sdp []byte) error
	// Answer applies the other side's offer and makes the answer; the answer's direction is what dir and the offer allow.
	Answer(ctx context.Context, offer []byte, dir Direction) (sdp []byte, err error)
	// Rollback takes back an offer that was refused (488, 491) so that the session goes on as before.
	Rollback(ctx context.Context) error

	// SetMuted stops or starts what the microphone sends, with silence in its place.
	SetMuted(muted bool)
	// SendDTMF sends RFC 4733 tones "0-9A-D*#". It fails with ErrNoTelephoneEvent when that was not negotiated. No tones send
	// nothing, and fail as others would.
	SendDTMF(tones string) error
	// Stats reads the counters. Native sessions fill the fields they know.
	Stats(ctx context.Context) (Stats, error)
	// Done is closed when the session has ended by itself or by Close.
	States() <-chan State // newest state; closed after Close. The session owns and closes it.
	// Close frees microphone and connection. It does not wait.
	Close()
}

// State is the connection state of a session, as in RTCPeerConnectionState.
type State string

const (
	StateNew          State = "new"
	StateConnecting   State = "connecting"
	StateConnected    State = "connected"
	StateDisconnected State = "disconnected"
	StateFailed       State = "failed"
	StateClosed       State = "closed"
	// StateLost is not of the W3C: the place that carried the audio is gone, and the session with it (ErrLost). The call is not:
	// another session can take its place. Nothing comes after it.
	StateLost State = "lost"
)

// Stats are the counters of the audio stream, as in RTCInboundRtpStreamStats and RTCOutboundRtpStreamStats.
type Stats struct {
	Codec            string // "opus", "PCMU", ...
	PacketsSent      uint64
	PacketsReceived  uint64
	PacketsLost      int64
	BytesSent        uint64
	BytesReceived    uint64
	Jitter           time.Duration
	RoundTripTime    time.Duration
	AudioLevelIn     float64 // remote audio, 0..1
	AudioLevelOut    float64 // microphone, 0..1
	TotalAudioEnergy float64 // of the remote audio

	// What the other side reports of our stream (RFC 3550 section 6.4.1), where it does.
	RemotePacketsLost int64
	RemoteJitter      time.Duration

	ConcealedSamples   uint64        // samples that had to be made up at playing
	TotalSamples       uint64        // samples played
	JitterBufferDelay  time.Duration // mean time a sample waited before it was played
	LocalCandidate     string        // type of the candidate in use: "host", "srflx", "prflx", "relay"
	RemoteCandidate    string
	CandidateTransport string // "udp", "tcp"
}

var (
	ErrPermission       = errors.New("media: microphone permission denied")
	ErrNoDevice         = errors.New("media: no microphone found")
	ErrDeviceBusy       = errors.New("media: microphone in use by another program")
	ErrInsecure         = errors.New("media: no microphone access outside a secure context (https or localhost)")
	ErrUnsupported      = errors.New("media: WebRTC is not available")
	ErrNoTelephoneEvent = errors.New("media: telephone-event was not negotiated (RFC 4733)")
	ErrNoCodec          = errors.New("media: no codec left to offer")
	ErrNoCandidate      = errors.New("media: no network address found for the audio (no ICE candidate)")
	ErrBadSDP           = errors.New("media: session description not usable")
	ErrClosed           = errors.New("media: session closed")
	// ErrLost is an ErrClosed of a session that is StateLost.
	ErrLost = fmt.Errorf("%w: what carried its audio is gone", ErrClosed)
)

// Why a description of the other side is not usable. Each is an ErrBadSDP too.
var (
	ErrNoAudio       = fmt.Errorf("%w: no audio in it", ErrBadSDP)
	ErrNotSecure     = fmt.Errorf("%w: no DTLS fingerprint, so the audio would not be encrypted as WebRTC demands", ErrBadSDP)
	ErrNoICE         = fmt.Errorf("%w: no ICE credentials", ErrBadSDP)
	ErrNoRTCPMux     = fmt.Errorf("%w: no a=rtcp-mux, and a browser has no second port for RTCP", ErrBadSDP)
	ErrNoCommonCodec = fmt.Errorf("%w: no audio codec that is spoken here", ErrBadSDP)
)
