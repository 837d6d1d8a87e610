package phone

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// KeySettings is where the choices of the settings are kept.
const KeySettings = "webphone.settings"

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
	May          May
	Devices      []media.Device
	Metering     bool          // the microphone's level shows
	Erasing      bool          // waits for the word to erase everything
	Problem      text.Sentence // of the last choice
	offered      []string      // codecs the operator leaves, in his order
	answer       bool          // the operator lets calls be answered at once
	operatorName string
	linkedName   bool // it comes from the link, which counts more than what was chosen before
}

// May says which settings the user may change. The others show what the operator has set.
type May struct{ Name, Codecs, AutoAnswer, Theme, Language bool }

// Codec is a line of the list of codecs.
type Codec struct {
	Name string
	Off  bool
}

var voiceCodecs = []string{"opus", "G722", "PCMA", "PCMU"}

// Ringtones lists what may ring; the first is the default.
func Ringtones() []Loop { return []Loop{Ringtone, RingSoft, RingClassic, RingPulse} }

// settingsOf is what the settings begin with.
func settingsOf(cfg config.Config, keep store.KeyValues) Settings {
	s := Settings{
		May: May{
			Name: cfg.May("displayName"), Codecs: cfg.May("codec.priority") && cfg.May("codec.delete"), AutoAnswer: cfg.Has(config.EditSettings),
			Theme: cfg.May("theme"), Language: cfg.May("language"),
		},
		answer: cfg.Has(config.AutoAnswer), operatorName: cfg.DisplayName, linkedName: fromLink(cfg, "displayName"),
	}
	s.offered, _ = cfg.Codec.Apply(voiceCodecs)
	var c Choice
	if json.Unmarshal([]byte(keep.Load(KeySettings)), &c) == nil {
		s.Choice = s.permitted(c)
	}
	return s
}

// permitted is a choice without what the user may not choose.
func (s Settings) permitted(c Choice) Choice {
	if !s.May.Name {
		c.Name = ""
	}
	if !s.May.Codecs {
		c.Codecs, c.Info = "", false
	}
	if !s.May.AutoAnswer {
		c.AutoAnswer = ""
	}
	if !slices.Contains(Ringtones(), c.Ring) {
		c.Ring = Silence
	}
	c.Name = number.OneLine(strings.Map(plainName, c.Name), 64)
	return c
}

func plainName(r rune) rune {
	if r == '<' || r == '>' || r == '"' {
		return -1
	}
	return r
}

func (c Choice) encode() string {
	if c == (Choice{}) {
		return ""
	}
	text, _ := json.Marshal(c) // strings and switches always marshal
	return string(text)
}

// CodecList is the codecs in the order they are offered.
func (s Settings) CodecList() []Codec {
	var list []Codec
	for _, name := range strings.Fields(s.Codecs) {
		bare := strings.TrimPrefix(name, "-")
		if slices.Contains(s.offered, bare) && !slices.ContainsFunc(list, func(c Codec) bool { return c.Name == bare }) {
			list = append(list, Codec{bare, bare != name})
		}
	}
	for _, name := range s.offered {
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

func codecText(list []Codec) string {
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = choose(c.Off, "-", "") + c.Name
	}
	return strings.Join(names, " ")
}

// answersItself tells whether calls are answered at once.
func (s Settings) answersItself() bool { return s.AutoAnswer == "on" || s.AutoAnswer == "" && s.answer }

// audio is how the microphone and the speaker are used. What is chosen and not plugged in is replaced by the system's
// device, and used again when it is back.
func (s Settings) audio() media.AudioConstraints {
	return media.AudioConstraints{DeviceID: s.plugged(media.Microphone, s.Microphone), SpeakerID: s.plugged(media.Speaker, s.Speaker),
		NoEchoCancellation: s.NoEcho, NoNoiseSuppression: s.NoNoise, NoAutoGainControl: s.NoGain}
}

// plugged is a device that is there, or "". Before the microphone was granted no device has a name: then nobody knows.
func (s Settings) plugged(kind media.DeviceKind, id string) string {
	known := slices.ContainsFunc(s.Devices, func(d media.Device) bool { return d.Kind == kind && d.ID != "" })
	if known && !slices.ContainsFunc(s.Devices, func(d media.Device) bool { return d.Kind == kind && d.ID == id }) {
		return ""
	}
	return id
}

// tune lays the choices over what the operator says about audio.
func (s Settings) tune(cfg media.Config) media.Config {
	cfg.Audio = s.audio()
	if s.Codecs != "" {
		cfg.CodecPriority = nil
		cfg.CodecDelete = slices.Clone(cfg.CodecDelete)
		for _, c := range s.CodecList() {
			if c.Off {
				cfg.CodecDelete = append(cfg.CodecDelete, c.Name+"$")
			} else {
				cfg.CodecPriority = append(cfg.CodecPriority, c.Name+"$")
			}
		}
	}
	if s.Info {
		cfg.CodecDelete = append(slices.Clip(cfg.CodecDelete), "telephone-event$")
	}
	return cfg
}

// tuned is the engine of the calls: each new one has the settings of its moment.
type tuned struct {
	media.Engine

	mu       sync.Mutex // guards settings
	settings Settings
}

func (t *tuned) set(s Settings) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.settings = s
}

// NewSession implements media.Engine.
func (t *tuned) NewSession(ctx context.Context, cfg media.Config) (media.Session, error) {
	t.mu.Lock()
	s := t.settings
	t.mu.Unlock()
	return t.Engine.NewSession(ctx, s.tune(cfg))
}

// closed is the settings after logging out.
func (s Settings) closed() Settings {
	s.Metering, s.Erasing, s.Problem = false, false, text.Sentence{}
	return s
}

// RingChosen is what rings for a call.
func RingChosen(s Snapshot) Loop { return s.Settings.ringtone() }

func (s Settings) ringtone() Loop { return Loop(first(string(s.Ring), string(Ringtone))) }

// shownName is the name that others see.
func (s Settings) shownName() string {
	if s.linkedName {
		return s.operatorName
	}
	return first(s.Name, s.operatorName)
}

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

func (p *Phone) useAudio(c UseAudio) {
	go func() {
		if err := media.SwitchAudio(background, c.Audio); err != nil && len(c.Audio.DeviceID+c.Audio.SpeakerID) > 0 {
			p.Do(Failed{Command: c, Err: err, At: p.opts.Now()})
		}
	}()
}

// erase forgets everything that is kept.
func (p *Phone) erase() {
	for _, key := range []string{KeyInstance, KeyUser, KeyServer, KeyTheme, KeyLanguage, KeyDoNotDisturb, KeySettings, KeyStay, KeyLeft} {
		p.opts.Keep.Save(key, "")
	}
	p.forget()
	go func() {
		if err := p.books.store.Erase(background); err != nil {
			p.Do(NotKept{err})
		}
	}()
}
