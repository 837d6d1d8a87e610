package ui

import (
	"context"
	"errors"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/screen"
)

// plugs is a window's media with devices that a test plugs in, and a browser that blocks sound at its word.
type plugs struct {
	devices []screen.Device
	failed  error
	changed func()
	blocked func(bool)
	resumed chan struct{}
}

func (p *plugs) Devices(context.Context) ([]screen.Device, error) { return p.devices, p.failed }
func (p *plugs) WatchDevices(changed func())                      { p.changed = changed }
func (p *plugs) WatchPlayback(told func(bool))                    { p.blocked = told }
func (p *plugs) ResumePlayback(context.Context)                   { p.resumed <- struct{}{} }

func TestWindowTellsOfItsMedia(t *testing.T) {
	p := &plugs{devices: []screen.Device{{ID: "a", Label: "Headset", Kind: "audioinput"}}, resumed: make(chan struct{}, 1)}
	r := New(phone.New(phone.Options{Config: config.Defaults()}), Options{Media: p})
	engine := app.NewTestEngine()
	if err := engine.Load(&mounting{r}); err != nil {
		t.Fatal(err)
	}
	until := func(reached func(screen.Snapshot) bool) {
		for !reached(r.snapshot) {
			engine.ConsumeNext() // what the phone publishes, in order
		}
	}
	until(func(s screen.Snapshot) bool { return len(s.Settings.Devices) == 1 })
	p.devices = append(p.devices, screen.Device{ID: "b", Label: "Desk", Kind: "audiooutput"})
	p.changed()
	until(func(s screen.Snapshot) bool { return len(s.Settings.Devices) == 2 })
	p.devices, p.failed = nil, errors.New("no list")
	p.changed() // a list that cannot be had takes none away
	p.blocked(true)
	until(func(s screen.Snapshot) bool { return s.SoundBlocked })
	if len(r.snapshot.Settings.Devices) != 2 {
		t.Errorf("%d devices, want those that were found last", len(r.snapshot.Settings.Devices))
	}
	r.act(allowSound{})
	until(func(s screen.Snapshot) bool { return !s.SoundBlocked })
	<-p.resumed
}

func TestWindowWithoutMediaStaysUsable(t *testing.T) {
	r := New(phone.New(phone.Options{Config: config.Defaults()}), Options{})
	r.watchMedia()
	r.listDevices()
	r.act(allowSound{})
}
