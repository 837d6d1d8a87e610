package ui

import (
	"syscall/js"
	"unsafe"

	"github.com/gowebphone/webphone/pwa/screen"
)

// sound plays what the phone itself has to say. All its functions run on goroutines of one thread.
var sound struct {
	context js.Value // AudioContext, made at the first sound
	looping js.Value // source of the loop that plays
	buffers map[string]js.Value
	blocked bool
	tell    func(screen.Event)
}

// watchSound lets the browser's rule go by: sound needs a gesture of the user first, so every one is used.
func watchSound(do func(screen.Event)) {
	sound.tell = do
	for _, gesture := range []string{"pointerdown", "keydown"} {
		listen(document(), gesture, map[string]any{"capture": true, "passive": true}, func(js.Value) {
			if sound.blocked {
				resumeSound()
			}
		})
	}
}

// audio is the context, made when first needed; not ok where the browser has none.
func audio() (context js.Value, ok bool) {
	if !sound.context.Truthy() {
		constructor := js.Global().Get("AudioContext")
		if !constructor.Truthy() {
			return js.Undefined(), false
		}
		sound.context = constructor.New()
		sound.buffers = map[string]js.Value{}
		listen(sound.context, "statechange", nil, func(js.Value) { checkSound() })
	}
	if sound.context.Get("state").String() != "running" {
		sound.context.Call("resume")
	}
	return sound.context, true
}

// checkSound tells when a loop should be heard and is not, and when that is over.
func checkSound() {
	silent := sound.context.Get("state").String() != "running" && sound.looping.Truthy()
	if silent != sound.blocked {
		sound.blocked = silent
		sound.tell(screen.Sound{Blocked: silent})
	}
}

// resumeSound needs the gesture that it is called from.
func resumeSound() {
	if sound.context.Truthy() {
		sound.context.Call("resume")
	}
}

// play replaces the loop that is heard.
func play(loop screen.Loop) {
	if sound.looping.Truthy() {
		sound.looping.Call("stop")
		sound.looping = js.Undefined()
	}
	if loop == screen.Silence {
		if sound.context.Truthy() {
			checkSound()
		}
		return
	}
	if context, ok := audio(); ok {
		aim(context, outputFor(loop))
		sound.looping = source(context, string(loop), loops[loop])
		sound.looping.Set("loop", true)
		sound.looping.Call("start")
		checkSound()
	}
}

func beep(signal screen.Signal) { once(string(signal), signals[signal]) }

func keyTone(digit string) {
	if notes := keyNote(digit); notes != nil {
		once("key"+digit, notes)
	}
}

func once(name string, notes []note) {
	if context, ok := audio(); ok && context.Get("state").String() == "running" {
		if !sound.looping.Truthy() {
			aim(context, outputs.Speaker)
		}
		source(context, name, notes).Call("start")
	}
}

// source makes a player of notes. Their samples are made once.
func source(context js.Value, name string, notes []note) js.Value {
	buffer, ok := sound.buffers[name]
	if !ok {
		buffer = fill(context, render(notes))
		sound.buffers[name] = buffer
	}
	player := context.Call("createBufferSource")
	player.Set("buffer", buffer)
	player.Call("connect", context.Get("destination"))
	return player
}

func fill(context js.Value, samples []float32) js.Value {
	buffer := context.Call("createBuffer", 1, len(samples), sampleRate)
	data := buffer.Call("getChannelData", 0)
	view := js.Global().Get("Uint8Array").New(data.Get("buffer"), data.Get("byteOffset"), data.Get("byteLength"))
	js.CopyBytesToJS(view, unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(samples))), 4*len(samples))) // both little-endian
	return buffer
}
