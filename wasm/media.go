//go:build js && wasm

package main

import (
	"context"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pwa/screen"
)

// sound is the package media in the words of a window: the calls are heard in the one that is the phone.
type sound struct{}

func (sound) Devices(ctx context.Context) ([]screen.Device, error) {
	found, err := media.Devices(ctx)
	var devices []screen.Device
	for _, d := range found {
		devices = append(devices, screen.Device{ID: d.ID, Label: d.Label, Kind: screen.DeviceKind(d.Kind)})
	}
	return devices, err
}

func (sound) WatchDevices(changed func())           { media.WatchDevices(changed) }
func (sound) WatchPlayback(told func(blocked bool)) { media.WatchPlayback(told) }
func (sound) ResumePlayback(ctx context.Context)    { media.ResumePlayback(ctx) } // what stays silent is told by WatchPlayback
