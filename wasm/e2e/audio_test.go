//go:build e2e

package e2e

import (
	"fmt"
	"time"
)

// audio is what the open peer connections of a page have counted (getStats).
type audio struct {
	PacketsIn   uint64  `json:"packetsIn"`
	EnergyIn    float64 `json:"energyIn"` // sum of squared samples times duration: silence adds next to nothing
	PacketsOut  uint64  `json:"packetsOut"`
	Connections int     `json:"connections"`
}

const (
	somePackets = 25   // half a second of audio
	audible     = 1e-3 // what one beep of the fake microphone or a short piece of a tone adds at least
	inaudible   = 1e-4
)

// Audio reads the counters.
func (p *Page) Audio() audio {
	p.t.Helper()
	a, err := eval[audio](p, `__e2e.stats()`)
	if err != nil {
		p.t.Fatalf("%s: read statistics: %v", p.name, err)
	}
	return a
}

// WaitAudio waits until audio that is not silence comes in and audio goes out, from now on.
func (p *Page) WaitAudio() {
	p.t.Helper()
	start := p.Audio()
	p.until("audio in both directions", func() error {
		now := p.Audio()
		if now.PacketsIn >= start.PacketsIn+somePackets && now.EnergyIn > start.EnergyIn+audible &&
			now.PacketsOut >= start.PacketsOut+somePackets {
			return nil
		}
		if now.PacketsIn < start.PacketsIn { // another connection took over
			start = now
		}
		return fmt.Errorf("it went from %+v to %+v", start, now)
	})
}

// WaitHears waits until audio that is not silence comes in, from now on.
func (p *Page) WaitHears() {
	p.t.Helper()
	start := p.Audio()
	p.until("hear something", func() error {
		now := p.Audio()
		if now.PacketsIn >= start.PacketsIn+somePackets && now.EnergyIn > start.EnergyIn+audible {
			return nil
		}
		return fmt.Errorf("it went from %+v to %+v", start, now)
	})
}

// WaitSilence waits until nothing audible has come in for longer than the fake microphone is ever silent.
func (p *Page) WaitSilence() {
	p.t.Helper()
	const longer = 1500 * time.Millisecond
	start, since := p.Audio(), time.Now()
	p.until("hear nothing", func() error {
		now := p.Audio()
		if grown := now.EnergyIn - start.EnergyIn; grown > inaudible {
			start, since = now, time.Now()
			return fmt.Errorf("energy grew by %g", grown)
		}
		if time.Since(since) < longer {
			return fmt.Errorf("silent for %v only", time.Since(since))
		}
		return nil
	})
}

// WaitSendsNothing waits until no packet has left for half a second.
func (p *Page) WaitSendsNothing() {
	p.t.Helper()
	start, since := p.Audio(), time.Now()
	p.until("send nothing", func() error {
		now := p.Audio()
		if now.PacketsOut != start.PacketsOut {
			start, since = now, time.Now()
			return fmt.Errorf("packets sent: %d", now.PacketsOut)
		}
		if time.Since(since) < 500*time.Millisecond {
			return fmt.Errorf("nothing sent for %v only", time.Since(since))
		}
		return nil
	})
}

// WaitNoAudio waits until no peer connection is open.
func (p *Page) WaitNoAudio() {
	p.t.Helper()
	p.until("close the peer connection", func() error {
		if a := p.Audio(); a.Connections != 0 {
			return fmt.Errorf("%d open", a.Connections)
		}
		return nil
	})
}
