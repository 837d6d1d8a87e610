package screen

import (
	"fmt"
	"strconv"
	"time"

	"github.com/gowebphone/webphone/pwa/text"
)

// StateText is the word for what a call does.
func StateText(l Line) text.Key {
	switch l.State {
	case CallPreparing:
		return text.StatePreparing
	case CallCalling:
		return text.StateCalling
	case CallRinging:
		return text.StateRinging
	case CallConnecting:
		return text.StateConnecting
	case CallEnding:
		return text.StateEnding
	case CallEnded:
		return text.CallEnded
	}
	switch {
	case l.HeldLocal:
		return text.StateOnHold
	case l.HeldRemote:
		return text.StateHeldRemote
	}
	return text.StateOnCall
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
	case l.State == CallEnding || l.State == CallEnded:
		return GlanceIdle
	case l.State < CallConnecting:
		return GlanceRing
	case l.State == CallConnecting:
		return GlanceGo
	case l.HeldLocal || l.HeldRemote:
		return GlanceHold
	}
	return GlanceGo
}

// RegistrationText is the word for whether calls come in, and whether something is wrong.
func RegistrationText(s Snapshot) (key text.Key, bad bool) {
	switch {
	case s.Elsewhere:
		return text.Elsewhere, true
	case s.Connection.State == Disconnected:
		return text.NotRegisteredOffline, true
	case s.Connection.State == Connecting:
		return text.Connecting, true
	}
	switch s.Registration.State {
	case Registered:
		return text.Registered, false
	case Registering:
		return text.Registering, true
	case Unregistering:
		return text.Unregistering, true
	}
	return text.NotRegistered, true
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

// BusyText says why the next try waits: 503 means that the server has no room (RFC 3261 section 21.5.4), another code only that
// it refuses, and no code that it has taken the registration back or did not answer.
func BusyText(s Snapshot) text.Sentence {
	switch code := s.Registration.Code; {
	case code == 503:
		return text.Say(text.ServerBusy)
	case code >= 300:
		return text.Say(text.ServerRefuses, "code", strconv.Itoa(code))
	}
	return text.Say(text.ServerSilent)
}

// RetryTime writes how long until the next try: 0:30.
func RetryTime(s Snapshot) string {
	left := RetrySeconds(s)
	return fmt.Sprintf("%d:%02d", left/60, left%60)
}
