package remote

import (
	"bytes"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
)

// fill gives every field a value of its own, those to come too.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(v.Index(i), n)
		}
	case reflect.String:
		v.SetString(string(rune('a'+*n%26)) + "\x00\xff")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint64, reflect.Uint8:
		v.SetUint(uint64(*n))
	case reflect.Int64:
		v.SetInt(-int64(*n) << 30)
	case reflect.Float64:
		v.SetFloat(float64(*n) / 7)
	default:
		panic("no value for a " + v.Type().String())
	}
}

func full[T any]() T {
	var v T
	n := 0
	fill(reflect.ValueOf(&v).Elem(), &n)
	return v
}

// everyMessage has one of each kind, with all it can have.
func everyMessage() []message {
	sdp := []byte("v=0\r\n\x00")
	return []message{
		{kind: kindOpen, session: 1, request: 1 << 40, prepared: true, config: full[media.Config]()},
		{kind: kindClone, session: 1, request: 2, origin: 3},
		{kind: kindOffer, session: 1, request: 4, dir: media.Inactive, renewal: freshConnection},
		{kind: kindAnswer, session: 1, request: 5, dir: media.RecvOnly, sdp: sdp},
		{kind: kindRehearse, session: 1, request: 6, dir: media.SendRecv, sdp: sdp},
		{kind: kindApply, session: 1, request: 7, sdp: sdp},
		{kind: kindRollback, session: 1, request: 8},
		{kind: kindStats, session: 1, request: 9},
		{kind: kindAudio, session: 1, request: 10, audio: full[media.AudioConstraints]()},
		{kind: kindMute, session: 1, muted: true},
		{kind: kindTones, session: 1, text: "12#"},
		{kind: kindClose, session: 1},
		{kind: kindCancel, request: 10},
		{kind: kindWarm, request: 11, config: full[media.Config]()},
		{kind: kindSwitch, request: 12, audio: full[media.AudioConstraints]()},
		{kind: kindDone, request: 12, tones: true, sdp: sdp, stats: full[media.Stats]()},
		{kind: kindFailed, request: 13, causes: 1<<17 + 1, text: "why"},
		{kind: kindStates, session: 1, state: media.StateLost},
	}
}

func TestMessagesComeAsTheyWent(t *testing.T) {
	all := everyMessage()
	if got, want := len(all), int(kindEnd)-1; got != want {
		t.Fatalf("%d kinds are tested of %d", got, want)
	}
	data, err := encode(all...)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decode(data)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		if !reflect.DeepEqual(got[i], all[i]) {
			t.Errorf("%+v\nbecame %+v", all[i], got[i])
		}
	}
}

// TestEachByteOfAMessageIsNeeded cuts every message everywhere.
func TestEachByteOfAMessageIsNeeded(t *testing.T) {
	for _, m := range everyMessage() {
		data, err := encode(m)
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; n < len(data); n++ {
			if got, err := decode(data[:n]); !errors.Is(err, errMessage) || got != nil {
				t.Errorf("kind %d cut at %d of %d: %v", m.kind, n, len(data), err)
			}
		}
	}
}

func TestWordsThatAreNone(t *testing.T) {
	for _, m := range []message{{kind: kindOffer, dir: "sideways"}, {kind: kindStates, state: "odd"}, {kind: kindEnd}, {}} {
		if data, err := encode(m); !errors.Is(err, errMessage) || data != nil {
			t.Errorf("%+v became %q, %v", m, data, err)
		}
	}
	for _, data := range []string{"\x00", "\x13\x01", "\xff", "\x03\x01\x02\x04\x00", "\x12\x01\x07", "\x0a\x01\x02",
		"\x0b\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\x01\x01\x02\x01\xff\xff\xff\xff\x0f\x00",
		"\x0d\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"} {
		if got, err := decode([]byte(data)); !errors.Is(err, errMessage) {
			t.Errorf("%q became %+v, %v", data, got, err)
		}
	}
	s := &session{conn: &Conn{send: func([]byte) { t.Error("it was sent") }, waiting: map[uint64]*request{}}}
	if _, err := s.Offer(t.Context(), "sideways"); !errors.Is(err, errMessage) || len(s.conn.waiting) != 0 {
		t.Errorf("an offer to nowhere: %v", err)
	}
}

// FuzzDecode reads whatever comes without harm. What it reads it writes, and reads again, as the same.
func FuzzDecode(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := decode(data)
		if err != nil {
			return
		}
		once, err := encode(list...)
		if err != nil {
			t.Fatal(err)
		}
		again, err := decode(once)
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := encode(again...); err != nil || !bytes.Equal(once, twice) {
			t.Errorf("%x became %x, %v", once, twice, err)
		}
	})
}

func seed(f *testing.F) {
	for _, m := range everyMessage() {
		data, err := encode(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	all, _ := encode(everyMessage()...)
	f.Add(all)
}

// FuzzEngine gives an Engine what a hostile host says. Who waits gets an answer at the end.
func FuzzEngine(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		e := &Engine{}
		conn := e.Connect(func([]byte) {})
		done := make(chan error, 1)
		s, _ := e.Prepare(t.Context(), media.Config{})
		go func() {
			_, err := s.Offer(t.Context(), media.SendRecv)
			done <- err
		}()
		conn.Receive(data)
		conn.Receive(data)
		conn.Close()
		select {
		case <-done:
		case <-time.After(time.Minute):
			t.Error("somebody waits for ever")
		}
		for range s.States() {
		}
	})
}

// FuzzHost gives a host what a hostile engine says. Nothing is left once it is closed.
func FuzzHost(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, e := range []media.Engine{&fakeEngine{}, fakePreparer{&fakeEngine{}}} {
			host := NewHost(e, func([]byte) {})
			for range 3 {
				if host.Receive(data) != nil {
					break
				}
			}
			host.Close()
			if len(host.sessions) != 0 {
				t.Errorf("%d sessions are left", len(host.sessions))
			}
		}
	})
}

func TestTooMuchIsRefused(t *testing.T) {
	e := &fakeEngine{}
	e.hold("new")
	host := NewHost(e, func([]byte) {})
	defer host.Close()
	ask := func(m message) error {
		data, _ := encode(m)
		return host.Receive(data)
	}
	var err error
	sessions := 0
	for ; err == nil; sessions++ {
		err = ask(message{kind: kindOpen, session: uint64(sessions), request: uint64(sessions + 1)})
	}
	if !errors.Is(err, errTooMuch) || sessions != maxSessions+1 {
		t.Errorf("session %d: %v", sessions, err)
	}
	jobs := 0
	for err = nil; err == nil; jobs++ {
		err = ask(message{kind: kindStats, session: 1, request: uint64(1000 + jobs)})
	}
	if !errors.Is(err, errTooMuch) || jobs > maxJobs+1 {
		t.Errorf("job %d: %v", jobs, err)
	}
	for _, m := range []message{{kind: kindStats, session: 2, request: 1}, {kind: kindStats, session: 2},
		{kind: kindOpen, session: 2, request: 5000}, {kind: kindClone, session: 3, request: 5001, origin: 2}} {
		if err := ask(m); !errors.Is(err, errTooMuch) {
			t.Errorf("a number that is in use, or none: %+v: %v", m, err)
		}
	}
	for _, m := range []message{{kind: kindDone}, {kind: kindFailed}, {kind: kindStates, state: media.StateNew}} {
		if err := ask(m); !errors.Is(err, errMessage) {
			t.Errorf("a message of a host: %v", err)
		}
	}
	conn := (&Engine{}).Connect(func([]byte) {})
	data, _ := encode(message{kind: kindStates, state: media.StateNew}, message{kind: kindClose})
	if err := conn.Receive(data); !errors.Is(err, errMessage) {
		t.Errorf("a message of an engine: %v", err)
	}
}
