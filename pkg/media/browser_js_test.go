//go:build browser

package media_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
)

// What only a browser has. Faults are played by replacing the browser's functions for the length of a test.

// concurrently does nothing: tests here replace functions of the one browser.
func concurrently(*testing.T) {}

// farHere chooses from the contract what is tested at a distance: the engine is the same, and here one test waits for the other.
func farHere(name string) bool {
	return slices.Contains([]string{"CallCarriesSoundBothWays", "ForksSoundInParallel", "DTMFNeedsTelephoneEvent",
		"RehearsedAnswerCarriesSound"}, name)
}

// atOnce is how many calls are made at once where there are many.
const atOnce = 4

// replace puts a JavaScript function in the place of a property until the test ends.
func replace(t *testing.T, object js.Value, name string, f func(args []js.Value) any) {
	t.Helper()
	t.Cleanup(patch(object, name, f))
}

// patch puts a JavaScript function in the place of a property until undo is called.
func patch(object js.Value, name string, f func(args []js.Value) any) (undo func()) {
	own := object.Call("hasOwnProperty", name).Bool()
	old := object.Get(name)
	fn := js.FuncOf(func(_ js.Value, args []js.Value) any { return f(args) })
	object.Set(name, fn)
	return func() {
		if own {
			object.Set(name, old)
		} else {
			object.Delete(name)
		}
		fn.Release()
	}
}

func mediaDevices() js.Value { return js.Global().Get("navigator").Get("mediaDevices") }

func rejection(name string) js.Value {
	return js.Global().Get("Promise").Call("reject", js.Global().Get("DOMException").New("refused by the test", name))
}

func TestMicrophoneErrors(t *testing.T) {
	for name, want := range map[string]error{
		"NotAllowedError": media.ErrPermission, "NotFoundError": media.ErrNoDevice,
		"OverconstrainedError": media.ErrNoDevice, "NotReadableError": media.ErrDeviceBusy,
	} {
		t.Run(name, func(t *testing.T) {
			replace(t, mediaDevices(), "getUserMedia", func([]js.Value) any { return rejection(name) })
			if _, err := media.Default().NewSession(t.Context(), media.Config{}); !errors.Is(err, want) {
				t.Errorf("got %v, want %v", err, want)
			}
		})
	}
}

func TestPreparedSessionTellsMicrophoneErrorsLate(t *testing.T) {
	a, b := open(t, media.Config{}), prepare(t)
	sdp := offer(t, a, media.SendRecv)
	rehearse(t, b, sdp, media.SendRecv)
	denied := func() {
		defer patch(mediaDevices(), "getUserMedia", func([]js.Value) any { return rejection("NotAllowedError") })()
		if _, err := b.Answer(t.Context(), sdp, media.SendRecv); !errors.Is(err, media.ErrPermission) {
			t.Errorf("answer: %v, want ErrPermission", err)
		}
		if _, err := prepare(t).Offer(t.Context(), media.SendRecv); !errors.Is(err, media.ErrPermission) {
			t.Errorf("offer: %v, want ErrPermission", err)
		}
	}
	denied()
	apply(t, a, answer(t, b, sdp, media.SendRecv))
	awaitSound(t, "once the permission is given the call can be answered", a)
}

// TestRehearsalTellsNobody looks for what a connectivity check needs: a pair of candidates.
func TestRehearsalTellsNobody(t *testing.T) {
	var made []js.Value
	prototype := js.Global().Get("RTCPeerConnection").Get("prototype")
	original := prototype.Get("setRemoteDescription")
	spy := js.FuncOf(func(this js.Value, args []js.Value) any {
		made = append(made, this)
		return original.Call("apply", this, []any{args[0]})
	})
	defer spy.Release()
	prototype.Set("setRemoteDescription", spy)
	defer prototype.Set("setRemoteDescription", original)
	a, b := open(t, media.Config{}), prepare(t)
	sdp := offer(t, a, media.SendRecv)
	rehearse(t, b, sdp, media.SendRecv)
	pairs := func() (n int) {
		report, err := fulfilled(t, made[0].Call("getStats"))
		if err != nil {
			t.Fatal(err)
		}
		entries := js.Global().Get("Array").Call("from", report.Call("values"))
		for i := range entries.Length() {
			if entries.Index(i).Get("type").String() == "candidate-pair" {
				n++
			}
		}
		return n
	}
	gathered := func() bool { return made[0].Get("iceGatheringState").String() == "complete" }
	await(t, "gathering ends", gathered)
	if n := pairs(); n != 0 {
		t.Errorf("%d pairs of candidates before the answer: a check may have told the caller our address", n)
	}
	answer(t, b, sdp, media.SendRecv)
	await(t, "after the answer checks begin", func() bool { return pairs() > 0 })
}

func TestMicrophoneConstraints(t *testing.T) {
	var asked string
	replace(t, mediaDevices(), "getUserMedia", func(args []js.Value) any {
		asked = js.Global().Get("JSON").Call("stringify", args[0].Get("audio")).String()
		return rejection("NotFoundError")
	})
	cfg := media.Config{Audio: media.AudioConstraints{DeviceID: "headset", NoNoiseSuppression: true}}
	if _, err := media.Default().NewSession(t.Context(), cfg); err == nil {
		t.Fatal("the microphone was refused")
	}
	for _, want := range []string{`"deviceId":{"ideal":"headset"}`, `"noiseSuppression":false`, `"echoCancellation":true`} {
		if !strings.Contains(asked, want) {
			t.Errorf("asked for %s, want %s in it", asked, want)
		}
	}
}

// TestCodecRulesReachTheBrowser looks at what the browser itself is told: it must not offer what is cut from the description
// later.
func TestCodecRulesReachTheBrowser(t *testing.T) {
	undo := js.Global().Get("Function").New(`const own = RTCRtpTransceiver.prototype, original = own.setCodecPreferences;
		own.setCodecPreferences = function (list) {
			globalThis.preferred = list.map(c => c.mimeType).join(' ');
			return original.call(this, list);
		};
		return () => { own.setCodecPreferences = original; };`).Invoke()
	t.Cleanup(func() { undo.Invoke() })
	s := open(t, media.Config{CodecDelete: []string{"opus", "G722", "CN", "telephone.*"}, CodecPriority: []string{"PCMA"}})
	offered := string(offer(t, s, media.SendRecv))
	if got := js.Global().Get("preferred").String(); got != "audio/PCMA audio/PCMU" {
		t.Errorf("the browser is to offer %q, want what the rules leave, without the redundancy of opus", got)
	}
	if line, _, _ := strings.Cut(offered[strings.Index(offered, "m=audio"):], "\r\n"); !strings.HasSuffix(line, " 8 0") {
		t.Errorf("it offers %q, want PCMA before PCMU", line)
	}
}

func TestMicrophoneGrantedTooLateIsStopped(t *testing.T) {
	stream, err := fulfilled(t, mediaDevices().Call("getUserMedia", map[string]any{"audio": true}))
	if err != nil {
		t.Fatal(err)
	}
	var grant js.Value
	executor := js.FuncOf(func(_ js.Value, args []js.Value) any { grant = args[0]; return nil })
	defer executor.Release()
	pending := js.Global().Get("Promise").New(executor)
	replace(t, mediaDevices(), "getUserMedia", func([]js.Value) any { return pending })
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := media.Default().NewSession(ctx, media.Config{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v, want the end of the context", err)
	}
	grant.Invoke(stream)
	track := stream.Call("getAudioTracks").Index(0)
	await(t, "a microphone nobody waits for must be stopped", func() bool { return track.Get("readyState").String() == "ended" })
}

// fulfilled waits for a promise.
func fulfilled(t *testing.T, promise js.Value) (js.Value, error) {
	t.Helper()
	got, failed := make(chan js.Value, 1), make(chan string, 1)
	then := js.FuncOf(func(_ js.Value, args []js.Value) any { got <- args[0]; return nil })
	fail := js.FuncOf(func(_ js.Value, args []js.Value) any { failed <- args[0].Call("toString").String(); return nil })
	defer then.Release()
	defer fail.Release()
	promise.Call("then", then, fail)
	select {
	case value := <-got:
		return value, nil
	case why := <-failed:
		return js.Undefined(), errors.New(why)
	case <-time.After(2 * patience):
		return js.Undefined(), errors.New("the promise is not settled")
	}
}

// post asks the native side, which runs in the process that serves this page.
func post(t *testing.T, path, body string) string {
	t.Helper()
	response, err := fulfilled(t, js.Global().Call("fetch", path, map[string]any{"method": "POST", "body": body}))
	if err != nil {
		t.Fatal(err)
	}
	text, err := fulfilled(t, response.Call("text"))
	if err != nil || !response.Get("ok").Bool() {
		t.Fatalf("%s: %v %v", path, err, text)
	}
	return text.String()
}

func TestBrowserCallsNative(t *testing.T) {
	a := open(t, media.Config{})
	apply(t, a, []byte(post(t, "/native/answer", string(offer(t, a, media.SendRecv)))))
	awaitSound(t, "the native side must be heard", a)
	if got := stats(t, a).Codec; got != "PCMU" {
		t.Errorf("codec %s, want the first that both speak: PCMU", got)
	}
	if err := a.SendDTMF("12"); err != nil {
		t.Fatal(err)
	}
	if err := a.SendDTMF("#d"); err != nil {
		t.Fatal(err)
	}
	if got := post(t, "/native/tones", "12#D"); got != "12#D" {
		t.Errorf("tones %q arrived, want 12#D", got)
	}

	held := post(t, "/native/answer", string(offer(t, a, media.SendOnly)))
	wantLine(t, "the native side may only receive", []byte(held), "a=recvonly")
	apply(t, a, []byte(held))
	awaitNoPackets(t, "the native side is held", a)
	apply(t, a, []byte(post(t, "/native/answer", string(offer(t, a, media.SendRecv)))))
	awaitSound(t, "resumed", a)

	apply(t, a, []byte(post(t, "/native/answer", string(restart(t, a)))))
	awaitSound(t, "after an ICE restart", a)
}

func TestDevicesAndSwitching(t *testing.T) {
	a, b := open(t, media.Config{}), open(t, media.Config{})
	call(t, a, b)
	devices, err := media.Devices(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(devices, func(d media.Device) bool { return d.Kind == media.Microphone && d.ID != "default" })
	if i < 0 {
		t.Fatalf("no microphone in %+v", devices)
	}
	s := a.(media.DeviceSwitcher)
	if err := s.SetAudio(t.Context(), media.AudioConstraints{DeviceID: devices[i].ID, NoAutoGainControl: true}); err != nil {
		t.Fatalf("switch to %+v: %v", devices[i], err)
	}
	awaitSound(t, "the other microphone must be heard", b)
	if err := s.SetAudio(t.Context(), media.AudioConstraints{DeviceID: "gone"}); !errors.Is(err, media.ErrNoDevice) {
		t.Errorf("unknown microphone: %v, want ErrNoDevice", err)
	}
	awaitSound(t, "a failed switch must not end the call", b)
	a.SetMuted(true)
	if err := media.Default().(media.AudioSwitcher).SwitchAudio(t.Context(), media.AudioConstraints{}); err != nil {
		t.Fatal(err)
	}
	awaitQuiet(t, "another microphone must stay muted", b)
}

// TestUnpluggedMicrophoneIsReplaced calls who listens for the end of a track: Firefox delivers no such event that a page makes.
func TestUnpluggedMicrophoneIsReplaced(t *testing.T) {
	undo := js.Global().Get("Function").New(`const own = MediaStreamTrack.prototype;
		globalThis.unplugged = [];
		own.addEventListener = function (name, listener) {
			if (name === 'ended') unplugged.push(listener);
			return EventTarget.prototype.addEventListener.call(this, name, listener);
		};
		return () => { delete own.addEventListener; };`).Invoke()
	t.Cleanup(func() { undo.Invoke() })
	var streams []js.Value
	capture := mediaDevices().Get("getUserMedia")
	var keep js.Func
	keep = js.FuncOf(func(_ js.Value, args []js.Value) any { streams = append(streams, args[0]); return args[0] })
	t.Cleanup(keep.Release)
	replace(t, mediaDevices(), "getUserMedia", func(args []js.Value) any {
		return capture.Call("call", mediaDevices(), args[0]).Call("then", keep)
	})
	a, b := open(t, media.Config{}), open(t, media.Config{})
	call(t, a, b)
	if len(streams) != 2 {
		t.Fatalf("%d microphones were opened for two sessions", len(streams))
	}
	track := streams[0].Call("getAudioTracks").Index(0)
	track.Call("stop") // pulling the plug does this, and tells it
	awaitQuiet(t, "an unplugged microphone is not heard", b)
	js.Global().Get("unplugged").Index(0).Invoke(js.Global().Get("Event").New("ended"))
	awaitSound(t, "the next microphone must be heard", b)
	if len(streams) != 3 {
		t.Errorf("%d microphones were opened, want one for the other that is gone", len(streams))
	}
}

func TestBlockedPlayback(t *testing.T) {
	prototype := js.Global().Get("HTMLMediaElement").Get("prototype")
	blocked := true
	play := prototype.Get("play")
	var element js.Value
	fn := js.FuncOf(func(this js.Value, _ []js.Value) any {
		element = this
		if blocked {
			return rejection("NotAllowedError")
		}
		return play.Call("call", this)
	})
	prototype.Set("play", fn)
	t.Cleanup(func() { prototype.Set("play", play); fn.Release() })

	reports := make(chan bool, 8)
	t.Cleanup(media.WatchPlayback(func(blocked bool) { reports <- blocked }))
	want := func(why string, want bool) {
		t.Helper()
		select {
		case got := <-reports:
			if got != want {
				t.Fatalf("%s: reported %v", why, got)
			}
		case <-time.After(patience):
			t.Fatalf("%s: nothing reported", why)
		}
	}
	a, b := open(t, media.Config{}), open(t, media.Config{})
	negotiate(t, a, b, media.SendRecv, media.SendRecv)
	want("autoplay was refused", true)
	await(t, "both sessions are blocked", func() bool {
		return a.(media.Playback).PlaybackBlocked() && b.(media.Playback).PlaybackBlocked()
	})
	blocked = false
	if err := media.ResumePlayback(t.Context()); err != nil {
		t.Fatal(err)
	}
	want("the user allowed sound", false)
	a.Close()
	b.Close()
	if element.Get("isConnected").Bool() {
		t.Error("the audio element must leave the document with its session")
	}
}

// TestRefusedRestartLeavesTheOldMedia: what is refused is as if it had never been offered. (Natively new credentials end the path
// at once.)
func TestRefusedRestartLeavesTheOldMedia(t *testing.T) {
	a, b := open(t, media.Config{}), open(t, media.Config{})
	first := offer(t, a, media.SendRecv)
	apply(t, a, answer(t, b, first, media.SendRecv))
	awaitSound(t, "before", a)
	for range 2 {
		restart(t, a)
		if err := a.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		awaitSound(t, "nothing was agreed, so all goes on", a)
		awaitSound(t, "nothing was agreed, so all goes on", b)
	}
	again := offer(t, a, media.SendRecv)
	if got, want := all(credentialLine, again), all(credentialLine, first); got != want {
		t.Errorf("after a refused restart we offer\n%s\nwant as before\n%s", got, want)
	}
	for _, candidate := range candidateLine.FindAll(first, -1) { // others may have been found since
		if !bytes.Contains(again, candidate) {
			t.Errorf("after a refused restart we do not offer %s:\n%s", candidate, again)
		}
	}
	apply(t, a, answer(t, b, again, media.SendRecv))
	awaitSound(t, "agreed again", a)
	awaitSound(t, "agreed again", b)
}
