package phone

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// KeySettings is where the choices of the settings are kept.
const KeySettings = "webphone.settings"

var voiceCodecs = []string{"opus", "G722", "PCMA", "PCMU"}

// settingsOf is what the settings begin with.
func settingsOf(cfg config.Config, keep store.KeyValues) screen.Settings {
	s := screen.Settings{
		May: screen.May{
			Name: cfg.May("displayName"), Codecs: cfg.May("codec.priority") && cfg.May("codec.delete"),
			AutoAnswer: cfg.Has(config.EditSettings),
			Theme:      cfg.May("theme"), Language: cfg.May("language"),
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

// shownName is the name that others see.
func shownName(s screen.Settings) string {
	if s.LinkedName {
		return s.OperatorName
	}
	return cmp.Or(s.Name, s.OperatorName)
}

// fromLink tells whether a key has the value of the link that opened the page.
func fromLink(cfg config.Config, key string) bool { return cfg.Source(key) == config.Fragment }
