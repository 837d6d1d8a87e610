package media

import (
	"context"
	"fmt"
	"sync"
	"syscall/js"
	"time"
)

// microphone is a captured track, shared by all peers of a call and of its clones.
type microphone struct {
	mu     sync.Mutex // guards all below; never held while waiting
	audio  AudioConstraints
	stream js.Value
	track  js.Value
	muted  bool
	ended  *listeners // of the track; nil before the microphone is open
	users  int
	peers  map[*browserPeer]bool
}

// newMicrophone makes one that is not open yet.
func newMicrophone(audio AudioConstraints) *microphone {
	audio.SpeakerID = ""
	return &microphone{audio: audio, stream: js.Undefined(), track: js.Undefined(), users: 1, peers: map[*browserPeer]bool{}}
}

// open asks for the microphone, once. A chosen device that is gone is replaced by the default one, so that a call works
// without yesterday's headset. The peers send as soon as their connection lets them.
func (m *microphone) open(ctx context.Context) error {
	if m.current().Truthy() {
		return nil
	}
	stream, err := capture(ctx, m.constraints(), "ideal")
	if err != nil {
		return err
	}
	_, track, peers := m.swap(m.constraints(), stream)
	for _, p := range peers {
		p.send(track)
	}
	return nil
}

// current is the present track, undefined before the microphone is open.
func (m *microphone) current() js.Value {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.track
}

// capture calls getUserMedia and translates its errors.
func capture(ctx context.Context, audio AudioConstraints, strength string) (js.Value, error) {
	devices := js.Global().Get("navigator").Get("mediaDevices")
	if !devices.Truthy() {
		if secure := js.Global().Get("isSecureContext"); secure.Type() == js.TypeBoolean && !secure.Bool() {
			return js.Undefined(), ErrInsecure
		}
		return js.Undefined(), ErrUnsupported
	}
	want := map[string]any{
		"echoCancellation": !audio.NoEchoCancellation,
		"noiseSuppression": !audio.NoNoiseSuppression,
		"autoGainControl":  !audio.NoAutoGainControl,
	}
	if audio.DeviceID != "" {
		want["deviceId"] = map[string]any{strength: audio.DeviceID}
	}
	promise, err := invoke(devices, "getUserMedia", map[string]any{"audio": want, "video": false})
	if err != nil {
		return js.Undefined(), captureError(err)
	}
	stream, err := await(ctx, promise, stopTracks)
	return stream, captureError(err)
}

func captureError(err error) error {
	switch {
	case err == nil:
		return nil
	case isNamed(err, "NotAllowedError", "SecurityError"):
		return fmt.Errorf("%w (%w)", ErrPermission, err)
	case isNamed(err, "NotFoundError", "OverconstrainedError"):
		return fmt.Errorf("%w (%w)", ErrNoDevice, err)
	case isNamed(err, "NotReadableError", "AbortError"):
		return fmt.Errorf("%w (%w)", ErrDeviceBusy, err)
	}
	return err
}

func stopTracks(stream js.Value) {
	tracks := stream.Call("getTracks")
	for i := range tracks.Length() {
		tracks.Index(i).Call("stop")
	}
}

func (m *microphone) acquire() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.users++
}

func (m *microphone) release() {
	m.mu.Lock()
	m.users--
	last, stream, ended := m.users == 0, m.stream, m.ended
	m.mu.Unlock()
	if last && stream.Truthy() {
		ended.release()
		stopTracks(stream)
	}
}

func (m *microphone) setMuted(muted bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.muted = muted
	if m.track.Truthy() {
		m.track.Set("enabled", !muted)
	}
}

// join keeps a peer informed of changes of the track.
func (m *microphone) join(p *browserPeer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.peers[p] = true
}

func (m *microphone) leave(p *browserPeer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.peers, p)
}

// change captures another device, or the same with other processing, and lets every peer send that.
func (m *microphone) change(ctx context.Context, audio AudioConstraints) error {
	wanted := audio
	wanted.SpeakerID = "" // the player's business
	if wanted == m.constraints() || !m.current().Truthy() {
		m.want(wanted)
		return nil
	}
	stream, err := capture(ctx, wanted, "exact")
	if err != nil {
		return err
	}
	old, track, peers := m.swap(wanted, stream)
	for _, p := range peers {
		if err := p.replaceTrack(ctx, track); err != nil {
			return err
		}
	}
	stopTracks(old)
	return nil
}

// constraints are those the present track was asked for with.
func (m *microphone) constraints() AudioConstraints {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.audio
}

// want notes what the microphone is to be opened with.
func (m *microphone) want(audio AudioConstraints) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.audio = audio
}

// swap takes a new stream for the old one, which may be undefined.
func (m *microphone) swap(audio AudioConstraints, stream js.Value) (old, track js.Value, peers []*browserPeer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	old = m.stream
	m.audio, m.stream, m.track = audio, stream, stream.Call("getAudioTracks").Index(0)
	m.track.Set("enabled", !m.muted)
	for p := range m.peers {
		peers = append(peers, p)
	}
	if m.ended != nil {
		m.ended.release()
	}
	m.ended = listenTo(m.track)
	if m.users == 0 { // the session was closed meanwhile
		stopTracks(stream)
	} else {
		m.ended.listen("ended", nil, m.replace)
	}
	return old, m.track, peers
}

// replace captures another device when the present one has been unplugged, which ends its track. When there is none the
// call goes on, and what is plugged in next can be chosen.
func (m *microphone) replace() {
	ctx, cancel := context.WithTimeout(context.Background(), replaceTime)
	defer cancel()
	stream, err := capture(ctx, m.constraints(), "ideal")
	if err != nil {
		return
	}
	_, track, peers := m.swap(m.constraints(), stream)
	for _, p := range peers {
		p.replaceTrack(ctx, track)
	}
}

const replaceTime = 10 * time.Second
