package screen

import "time"

// DeviceKind is the W3C's word for what a device does.
type DeviceKind string

const (
	Microphone DeviceKind = "audioinput"
	Speaker    DeviceKind = "audiooutput"
)

// Device is a microphone or a speaker. Label is empty until the user has granted the microphone once.
type Device struct {
	ID    string
	Label string
	Kind  DeviceKind
}

// Audio is how microphone and speaker are used: IDs of devices, "" for the system's, and what is done to the voice.
type Audio struct {
	DeviceID           string // microphone
	SpeakerID          string
	NoEchoCancellation bool
	NoNoiseSuppression bool
	NoAutoGainControl  bool
}

// Stats are the counters of a call, as far as somebody looks at them.
type Stats struct {
	Codec             string // "opus", "PCMU", ...
	PacketsReceived   uint64
	PacketsLost       int64
	Jitter            time.Duration
	RoundTripTime     time.Duration
	TotalSamples      uint64        // played
	JitterBufferDelay time.Duration // mean time a sample waited before it was played
}
