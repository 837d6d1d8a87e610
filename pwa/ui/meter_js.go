package ui

import (
	"context"
	"math"
	"syscall/js"
	"time"
	"unsafe"

	"github.com/gowebphone/webphone/pwa/screen"
)

const meterStep = 80 * time.Millisecond

// stopMeter ends the meter that runs; the phone's goroutine owns it.
var stopMeter context.CancelFunc

// meter shows the level of a microphone in the page's meter, or no longer. It writes into the page itself: the page is
// not drawn anew for every reading. Once the microphone is granted, devices have their names.
func meter(m screen.Meter, do func(screen.Event), granted func()) {
	if stopMeter != nil {
		stopMeter()
		stopMeter = nil
	}
	if !m.On {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	stopMeter = cancel
	go runMeter(ctx, m, do, granted)
}

func runMeter(ctx context.Context, m screen.Meter, do func(screen.Event), granted func()) {
	want := map[string]any{"echoCancellation": !m.Audio.NoEchoCancellation, "noiseSuppression": !m.Audio.NoNoiseSuppression,
		"autoGainControl": !m.Audio.NoAutoGainControl}
	if m.Audio.DeviceID != "" {
		want["deviceId"] = map[string]any{"ideal": m.Audio.DeviceID}
	}
	devices := js.Global().Get("navigator").Get("mediaDevices")
	if !devices.Truthy() {
		do(screen.MeterFailed{})
		return
	}
	// Not given up with ctx: a stream that comes late has to be stopped.
	stream, err := await(context.Background(), devices.Call("getUserMedia", map[string]any{"audio": want}))
	if err != nil {
		do(screen.MeterFailed{})
		return
	}
	defer stopStream(stream)
	granted()
	graph := js.Global().Get("AudioContext").New()
	defer graph.Call("close")
	analyser := graph.Call("createAnalyser")
	analyser.Set("fftSize", 1024)
	graph.Call("createMediaStreamSource", stream).Call("connect", analyser)
	samples := make([]float32, 1024)
	array := js.Global().Get("Float32Array").New(len(samples))
	view := js.Global().Get("Uint8Array").New(array.Get("buffer"))
	ticker := time.NewTicker(meterStep)
	defer ticker.Stop()
	defer setMeter(0)
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			analyser.Call("getFloatTimeDomainData", array)
			js.CopyBytesToGo(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(samples))), 4*len(samples)), view)
			setMeter(level(samples))
		}
	}
}

func setMeter(value float64) {
	if m := elementByID("meter"); m.Truthy() {
		m.Set("value", value)
	}
}

// level is how loud samples are, from -60 dB as 0 to full scale as 1.
func level(samples []float32) float64 {
	var sum float64
	for _, s := range samples {
		sum += float64(s) * float64(s)
	}
	if sum == 0 {
		return 0
	}
	return max(0, 1+10*math.Log10(2*sum/float64(len(samples)))/60)
}

func stopStream(stream js.Value) {
	tracks := stream.Call("getTracks")
	for i := range tracks.Length() {
		tracks.Index(i).Call("stop")
	}
}

// useOutputs chooses the devices for what the phone plays itself.
func useOutputs(o screen.UseOutputs) { outputs = o }

var outputs screen.UseOutputs

// aim sends a sound to its device, where the browser lets one choose.
func aim(context js.Value, device string) {
	if context.Get("setSinkId").Type() == js.TypeFunction && context.Get("sinkId").String() != device {
		promise := context.Call("setSinkId", device)
		go await(background, promise) // a device that is gone leaves the last one
	}
}

var background = context.Background()

// hear plays notes once on a device, whatever else is heard.
func hear(name string, notes []note, device string) {
	if context, ok := audio(); ok {
		aim(context, device)
		source(context, name, notes).Call("start")
	}
}

// outputFor is where a loop is heard.
func outputFor(loop screen.Loop) string {
	switch loop {
	case screen.CallWaiting, screen.Ringback:
		return outputs.Speaker
	}
	return outputs.Ringer
}
