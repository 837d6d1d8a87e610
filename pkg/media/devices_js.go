package media

import (
	"context"
	"syscall/js"
)

// Devices lists microphones and speakers. Labels are empty, and the list may be short, until the user has granted the
// microphone once; browsers without choice of speaker list none.
func Devices(ctx context.Context) ([]Device, error) {
	media := js.Global().Get("navigator").Get("mediaDevices")
	if !media.Truthy() {
		return nil, ErrInsecure
	}
	found, err := request(ctx, media, "enumerateDevices")
	if err != nil {
		return nil, err
	}
	var list []Device
	for i := range found.Length() {
		d := found.Index(i)
		kind := DeviceKind(text(d, "kind"))
		if kind == Microphone || kind == Speaker {
			list = append(list, Device{ID: text(d, "deviceId"), Label: text(d, "label"), Kind: kind})
		}
	}
	return list, nil
}

// WatchDevices calls f, in a goroutine of its own, whenever a device comes or goes.
func WatchDevices(f func()) (stop func()) {
	media := js.Global().Get("navigator").Get("mediaDevices")
	if !media.Truthy() {
		return func() {}
	}
	events := listenTo(media)
	events.listen("devicechange", nil, f)
	return events.release
}
