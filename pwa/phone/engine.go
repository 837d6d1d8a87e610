package phone

import (
	"context"
	"slices"
	"sync"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pwa/screen"
)

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
