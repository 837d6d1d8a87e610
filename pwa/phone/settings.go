package phone

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// KeySettings is where the choices of the settings are kept.
const KeySettings = "webphone.settings"

var voiceCodecs = []string{"opus", "G722", "PCMA", "PCMU"}

// settingsOf is what the settings begin with.
func settingsOf(cfg config.Config, keep store.KeyValues) screen.Settings {
	s := screen.Settings{
		May: screen.May{
			Name: cfg.May("displayName"), Codecs: cfg.May("codec.priority") && cfg.May("codec.delete"), AutoAnswer: cfg.Has(config.EditSettings),
			Theme: cfg.May("theme"), Language: cfg.May("language"),
		},
		OperatorAnswers: cfg.Has(config.AutoAnswer), OperatorName: cfg.DisplayName, LinkedName: fromLink(cfg, "displayName"),
	}
	s.Offered, _ = cfg.Codec.Apply(voiceCodecs)
	var c screen.Choice
	if json.Unmarshal([]byte(keep.Load(KeySettings)), &c) == nil {
		s.Choice = permitted(s, c)
	}
	return s
}

// permitted is a choice without what the user may not choose.
func permitted(s screen.Settings, c screen.Choice) screen.Choice {
	if !s.May.Name {
		c.Name = ""
	}
	if !s.May.Codecs {
		c.Codecs, c.Info = "", false
	}
	if !s.May.AutoAnswer {
		c.AutoAnswer = ""
	}
	if !slices.Contains(screen.Ringtones(), c.Ring) {
		c.Ring = screen.Silence
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

func encode(c screen.Choice) string {
	if c == (screen.Choice{}) {
		return ""
	}
	text, _ := json.Marshal(c) // strings and switches always marshal
	return string(text)
}

func codecText(list []screen.Codec) string {
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = choose(c.Off, "-", "") + c.Name
	}
	return strings.Join(names, " ")
}

// answersItself tells whether calls are answered at once.
func answersAtOnce(s screen.Settings) bool {
	return s.AutoAnswer == "on" || s.AutoAnswer == "" && s.OperatorAnswers
}

// tune lays the choices over what the operator says about audio.
func tune(s screen.Settings, cfg media.Config) media.Config {
	cfg.Audio = media.AudioConstraints(s.Audio())
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
	settings screen.Settings
}

func (t *tuned) set(s screen.Settings) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.settings = s
}

// NewSession implements media.Engine.
func (t *tuned) NewSession(ctx context.Context, cfg media.Config) (media.Session, error) {
	t.mu.Lock()
	s := t.settings
	t.mu.Unlock()
	return t.Engine.NewSession(ctx, tune(s, cfg))
}

// closed is the settings after logging out.
func closed(s screen.Settings) screen.Settings {
	s.Metering, s.Erasing, s.Problem = false, false, text.Sentence{}
	return s
}

// shownName is the name that others see.
func shownName(s screen.Settings) string {
	if s.LinkedName {
		return s.OperatorName
	}
	return cmp.Or(s.Name, s.OperatorName)
}

func (p *Phone) useAudio(c UseAudio) {
	go func() {
		if err := media.SwitchAudio(context.Background(), media.AudioConstraints(c.Audio)); err != nil && len(c.Audio.DeviceID+c.Audio.SpeakerID) > 0 {
			p.post(Failed{Command: c, Err: err, At: p.opts.Now()})
		}
	}()
}

// erase forgets everything that is kept.
func (p *Phone) erase() {
	for _, key := range []string{KeyInstance, KeyUser, KeyServer, KeyTheme, KeyLanguage, KeyDoNotDisturb, KeyListWidth,
		KeySettings, KeyStay,
		KeyTyped, books.LeftKey} {
		p.opts.Keep.Save(key, "")
	}
	p.forget()
	go func() {
		if err := p.books.Erase(context.Background()); err != nil {
			p.Do(screen.NotKept{Err: err})
		}
	}()
}
