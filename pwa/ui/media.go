package ui

import (
	"context"

	"github.com/gowebphone/webphone/pwa/screen"
)

// Media is what the browser knows of devices and of sound that plays. Whoever lets calls sound in this window has it.
type Media interface {
	// Devices lists microphones and speakers. WatchDevices calls changed when one comes or goes.
	Devices(ctx context.Context) ([]screen.Device, error)
	WatchDevices(changed func())
	// WatchPlayback tells when the rules of the browser begin or cease to keep calls silent. ResumePlayback lets them be heard,
	// at the user's word.
	WatchPlayback(told func(blocked bool))
	ResumePlayback(ctx context.Context)
}

// watchMedia tells which devices there are, now and whenever that changes, and whether calls can be heard.
func (r *Root) watchMedia() {
	if r.opts.Media == nil {
		return
	}
	r.opts.Media.WatchDevices(r.listDevices)
	go r.listDevices()
	r.opts.Media.WatchPlayback(func(blocked bool) { r.do(screen.Sound{Blocked: blocked}) })
}

func (r *Root) listDevices() {
	if r.opts.Media == nil {
		return
	}
	if devices, err := r.opts.Media.Devices(context.Background()); err == nil {
		r.do(screen.DevicesFound{Devices: devices})
	}
}

// allowSound lets calls be heard that the browser keeps silent.
func (r *Root) allowSound() {
	resumeSound()
	if r.opts.Media != nil {
		go r.opts.Media.ResumePlayback(context.Background())
	}
	r.do(screen.Sound{Blocked: false})
}
