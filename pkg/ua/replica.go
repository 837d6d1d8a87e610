package ua

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gowebphone/webphone/pkg/ua/internal/recording"
)

// Replica makes a user agent without its loop, which a recording drives. It is for package uatrace alone: nobody else can make a
// World, because that is internal to this directory. first is the first entry of the recording; of cfg it takes the credentials.
func Replica(w *recording.World, first recording.Entry, cfg Config) (*UserAgent, *recording.Driver, error) {
	var s setup
	if err := json.Unmarshal(first.Setup, &s); err != nil {
		return nil, nil, err
	}
	cfg, err := s.config(w, cfg.Account)
	if err != nil {
		return nil, nil, err
	}
	now := time.Unix(0, first.At)
	cfg.Now = func() time.Time { return now }
	a, err := newAgent(cfg)
	if err != nil {
		return nil, nil, err
	}
	a.core.proved = w.Proved
	take := func(e recording.Entry) error {
		in, err := decode(e, w)
		if err == nil {
			err = a.core.waitsFor(in)
		}
		if err == nil {
			now = time.Unix(0, e.At)
			a.enter(in)
		}
		return err
	}
	return a, &recording.Driver{Take: take, Close: a.wither}, nil
}

// wither ends a user agent without a loop at once.
func (a *UserAgent) wither() {
	a.enter(&act{deed: closeDeed})
	a.mailbox.close()
	a.events.close()
	close(a.done)
}

// waitsFor refuses the outcome of what the core has not begun.
func (c *core) waitsFor(in input) error {
	audio := 0
	switch in := in.(type) {
	case opened:
		audio = in.audio + 1
	case jobDone:
		audio = in.audio + 1
	case audioState:
		audio = in.audio + 1
	case consulted:
		if in.question < 0 || in.question >= c.consults {
			return errors.New("nobody was asked")
		}
	case later:
		if len(c.putOff) == 0 {
			return errors.New("nothing was put off")
		}
	}
	if audio < 0 || audio > c.audioCount {
		return fmt.Errorf("no audio %d", audio-1)
	}
	return nil
}
