package screen

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gowebphone/webphone/pwa/text"
)

// Choice is what the user chose in the settings. The zero value is the system's and the operator's choice.
type Choice struct {
	Microphone string `json:"microphone,omitempty"` // IDs of devices
	Speaker    string `json:"speaker,omitempty"`
	Ringer     string `json:"ringer,omitempty"`
	NoEcho     bool   `json:"noEchoCancellation,omitempty"`
	NoNoise    bool   `json:"noNoiseSuppression,omitempty"`
	NoGain     bool   `json:"noAutoGain,omitempty"`
	Codecs     string `json:"codecs,omitempty"` // names in order, with a "-" in front of those that are off
	Ring       Loop   `json:"ring,omitempty"`
	Info       bool   `json:"dtmfInfo,omitempty"`
	AutoAnswer string `json:"autoAnswer,omitempty"` // "on", "off", or what the operator says
	Name       string `json:"name,omitempty"`       // shown to others
}

// Settings is what the settings show.
type Settings struct {
	Choice
	May             May
	Devices         []Device
	Offered         []string // codecs the operator leaves, in his order
	OperatorAnswers bool     // the operator lets calls be answered at once
	OperatorName    string
	LinkedName      bool // it comes from the link, which counts more than what was chosen before
}

// SettingsPane is what a window does with the settings.
type SettingsPane struct {
	Metering bool          // the microphone's level shows
	Erasing  bool          // waits for the word to erase everything
	Problem  text.Sentence // of the last choice
}

// May says which settings the user may change. The others show what the operator has set.
type May struct{ Name, Codecs, AutoAnswer, Theme, Language bool }

// Codec is a line of the list of codecs.
type Codec struct {
	Name string
	Off  bool
}

// Ringtones lists what may ring; the first is the default.
func Ringtones() []Loop { return []Loop{Ringtone, RingSoft, RingClassic, RingPulse} }

// CodecList is the codecs in the order they are offered.
func (s Settings) CodecList() []Codec {
	var list []Codec
	for _, name := range strings.Fields(s.Codecs) {
		bare := strings.TrimPrefix(name, "-")
		if slices.Contains(s.Offered, bare) && !slices.ContainsFunc(list, func(c Codec) bool { return c.Name == bare }) {
			list = append(list, Codec{bare, bare != name})
		}
	}
	for _, name := range s.Offered {
		if !slices.ContainsFunc(list, func(c Codec) bool { return c.Name == name }) {
			list = append(list, Codec{Name: name})
		}
	}
	if !slices.ContainsFunc(list, func(c Codec) bool { return !c.Off }) { // the operator has taken away what the user had left on
		for i := range list {
			list[i].Off = false
		}
	}
	return list
}

// Audio is how the microphone and the speaker are used. What is chosen and not plugged in is replaced by the system's
// device, and used again when it is back.
func (s Settings) Audio() Audio {
	return Audio{DeviceID: s.plugged(Microphone, s.Choice.Microphone), SpeakerID: s.plugged(Speaker, s.Speaker),
		NoEchoCancellation: s.NoEcho, NoNoiseSuppression: s.NoNoise, NoAutoGainControl: s.NoGain}
}

// plugged is a device that is there, or "". Before the microphone was granted no device has a name: then nobody knows.
func (s Settings) plugged(kind DeviceKind, id string) string {
	known := slices.ContainsFunc(s.Devices, func(d Device) bool { return d.Kind == kind && d.ID != "" })
	if known && !slices.ContainsFunc(s.Devices, func(d Device) bool { return d.Kind == kind && d.ID == id }) {
		return ""
	}
	return id
}

// Ringtone is what rings for a call.
func (s Settings) Ringtone() Loop { return cmp.Or(s.Ring, Ringtone) }

// Sections of the settings, as they stand in Snapshot.Detail.
const (
	SectionAccount    = "account"
	SectionAudio      = "audio"
	SectionCalls      = "calls"
	SectionAppearance = "appearance"
	SectionData       = "data"
	SectionAbout      = "about"
)

// Sections lists the sections of the settings in their order.
func Sections() []string {
	return []string{SectionAccount, SectionAudio, SectionCalls, SectionAppearance, SectionData, SectionAbout}
}
