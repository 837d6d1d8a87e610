package phone

import (
	"fmt"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
)

// StateText is the word for what a call does.
func StateText(l Line) TextKey {
	switch l.State {
	case ua.CallPreparing:
		return TextStatePreparing
	case ua.CallCalling:
		return TextStateCalling
	case ua.CallRinging:
		return TextStateRinging
	case ua.CallConnecting:
		return TextStateConnecting
	case ua.CallEnding:
		return TextStateEnding
	case ua.CallEnded:
		return TextCallEnded
	}
	switch {
	case l.HeldLocal:
		return TextStateOnHold
	case l.HeldRemote:
		return TextStateHeldRemote
	}
	return TextStateOnCall
}

// Glance is the colour of a state: what a call is at a glance.
type Glance string

const (
	GlanceIdle Glance = "idle"
	GlanceRing Glance = "ring" // being set up
	GlanceGo   Glance = "go"   // talking
	GlanceHold Glance = "hold" // held by either side
)

// Glance is what the call is at a glance.
func (l Line) Glance() Glance {
	switch {
	case l.State == ua.CallEnding || l.State == ua.CallEnded:
		return GlanceIdle
	case l.State < ua.CallConnecting:
		return GlanceRing
	case l.State == ua.CallConnecting:
		return GlanceGo
	case l.HeldLocal || l.HeldRemote:
		return GlanceHold
	}
	return GlanceGo
}

// RegistrationText is the word for whether calls come in, and whether something is wrong.
func RegistrationText(s Snapshot) (key TextKey, bad bool) {
	switch {
	case s.Connection.State == ua.Disconnected:
		return TextNotRegisteredOffline, true
	case s.Connection.State == ua.Connecting:
		return TextConnecting, true
	}
	switch s.Registration.State {
	case ua.Registered:
		return TextRegistered, false
	case ua.Registering:
		return TextRegistering, true
	case ua.Unregistering:
		return TextUnregistering, true
	}
	return TextNotRegistered, true
}

// ClockTime writes a call time: 00:00:43.
func ClockTime(d time.Duration) string {
	s := int(d / time.Second)
	return fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60)
}

// ShortTime writes a time that is seldom long: 02:10, or 1:02:10.
func ShortTime(d time.Duration) string {
	s := int(d / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}

// RetrySeconds is how long until the next try to connect or to register, at least 0.
func RetrySeconds(s Snapshot) int {
	at := s.Connection.RetryAt
	if s.ServerBusy() {
		at = s.Registration.RetryAt
	}
	if at.IsZero() {
		return 0
	}
	return max(0, int((at.Sub(s.Now)+time.Second-1)/time.Second))
}

// BusyText is the word for why the next try waits: the server said so by a code, or has taken the registration back.
func BusyText(s Snapshot) TextKey {
	if s.Registration.Cause.Code >= 400 {
		return TextServerBusy
	}
	return TextNotRegistered
}

// RetryTime writes how long until the next try: 0:30.
func RetryTime(s Snapshot) string {
	left := RetrySeconds(s)
	return fmt.Sprintf("%d:%02d", left/60, left%60)
}
