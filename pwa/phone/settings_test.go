package phone

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
	"github.com/gowebphone/webphone/pwa/text/texttest"
)

// editable is the configuration of a phone whose user may change its settings.
func editable(t *testing.T) config.Config {
	t.Helper()
	layer, err := config.Parse([]byte(`{"wsServers":"sip.example.com","displayName":"Reception","flags":["EDIT_SETTINGS"],` +
		`"codec":{"delete":["G722"]}}`))
	if err != nil {
		t.Fatal(err)
	}
	cfg, _ := config.Merge(layer)
	return cfg
}

func TestChoicesMadeOneAfterAnotherAllStay(t *testing.T) {
	s := then(New(Options{Config: editable(t)}).Begin(),
		screen.UseSpeaker{ID: "ear"}, screen.UseRinger{ID: "box"})
	if s.Settings.Speaker != "ear" || s.Settings.Ringer != "box" {
		t.Errorf("speaker %q and ringer %q, want both as chosen", s.Settings.Speaker, s.Settings.Ringer)
	}
}

// TestEachChoiceIsItsOwn makes each choice there is, and takes it back: it changes one field, and nothing else.
func TestEachChoiceIsItsOwn(t *testing.T) {
	begin := New(Options{Config: editable(t)}).Begin()
	for _, c := range []struct {
		field      string
		make, back screen.Event
	}{
		{"Microphone", screen.UseMicrophone{ID: "a"}, screen.UseMicrophone{}},
		{"Speaker", screen.UseSpeaker{ID: "a"}, screen.UseSpeaker{}},
		{"Ringer", screen.UseRinger{ID: "a"}, screen.UseRinger{}}, {"NoEcho", screen.SetEcho{Off: true}, screen.SetEcho{}},
		{"NoNoise", screen.SetNoise{Off: true}, screen.SetNoise{}}, {"NoGain", screen.SetGain{Off: true}, screen.SetGain{}},
		{"Ring", screen.SetRing{Ring: screen.RingSoft}, screen.SetRing{}},
		{"Info", screen.SetKeyTones{Info: true}, screen.SetKeyTones{}},
		{"AutoAnswer", screen.SetAutoAnswer{On: true}, screen.SetAutoAnswer{}},
		{"Name", screen.SetName{Name: "a"}, screen.SetName{}},
	} {
		changed := func(a, b screen.Snapshot) (names []string) {
			x, y := reflect.ValueOf(a.Settings.Choice), reflect.ValueOf(b.Settings.Choice)
			for i := range x.NumField() {
				if !x.Field(i).Equal(y.Field(i)) {
					names = append(names, x.Type().Field(i).Name)
				}
			}
			return names
		}
		made := then(begin, c.make)
		if got := changed(begin, made); !slices.Equal(got, []string{c.field}) {
			t.Errorf("%T changes %v, want %s", c.make, got, c.field)
		}
		if got := changed(made, then(made, c.back)); !slices.Equal(got, []string{c.field}) {
			t.Errorf("%T taken back changes %v, want %s", c.make, got, c.field)
		}
	}
}

func TestCodecsAreOrderedAndSwitched(t *testing.T) {
	s := New(Options{Config: editable(t)}).Begin()
	if got := codecText(s.Settings.CodecList()); got != "opus PCMA PCMU" {
		t.Fatalf("codecs %q, want those the operator leaves", got)
	}
	s = then(s, screen.MoveCodec{Name: "PCMU"}, screen.SwitchCodec{Name: "opus"})
	if got := codecText(s.Settings.CodecList()); got != "-opus PCMU PCMA" {
		t.Errorf("codecs %q", got)
	}
	cfg := tune(s.Settings, media.Config{CodecDelete: []string{"G722"}, CodecPriority: []string{"opus"}})
	if !slices.Equal(cfg.CodecDelete, []string{"G722", "opus$"}) || !slices.Equal(cfg.CodecPriority, []string{"PCMU$", "PCMA$"}) {
		t.Errorf("deleted %q, first %q", cfg.CodecDelete, cfg.CodecPriority)
	}
	s = then(s, screen.SwitchCodec{Name: "PCMU"}, screen.SwitchCodec{Name: "PCMA"})
	if got := codecText(s.Settings.CodecList()); got != "-opus -PCMU PCMA" || s.Setup.Problem.Key != text.NoCodecLeft {
		t.Errorf("codecs %q, problem %v: the last one has to stay on", got, s.Setup.Problem)
	}
	s = then(s, screen.SwitchCodec{Name: "opus"})
	if !s.Setup.Problem.Empty() {
		t.Error("the problem stays after a good choice")
	}
	s = then(s, screen.MoveCodec{Name: "opus"})
	if got := codecText(s.Settings.CodecList()); got != "opus -PCMU PCMA" {
		t.Errorf("codecs %q: the first cannot go up", got)
	}
}

func TestCodecsTheOperatorTakesAwayLeaveOthers(t *testing.T) {
	keep := &store.MemoryValues{}
	keep.Save(KeySettings, encode(screen.Choice{Codecs: "G722 -opus -PCMA -PCMU"}))
	s := New(Options{Config: editable(t), Keep: keep}).Begin() // G722 is the operator's to delete
	if got := codecText(s.Settings.CodecList()); got != "opus PCMA PCMU" {
		t.Errorf("codecs %q, want all that are left: with none there is no call", got)
	}
	if cfg := tune(s.Settings, media.Config{CodecDelete: []string{"G722"}}); !slices.Equal(cfg.CodecDelete, []string{"G722"}) {
		t.Errorf("a call is made without %q", cfg.CodecDelete)
	}
}

func TestKeyTonesByMessage(t *testing.T) {
	s := then(New(Options{Config: editable(t)}).Begin(), screen.SetKeyTones{Info: true})
	if got := tune(s.Settings, media.Config{}).CodecDelete; !slices.Equal(got, []string{"telephone-event$"}) {
		t.Errorf("deleted %q", got)
	}
}

// TestToneThatIsNotSent: the digits shown are those that were sent.
func TestToneThatIsNotSent(t *testing.T) {
	failed := Failed{Command: Tone{"1", "2"}, Err: ua.ErrState}
	s := then(onCall(), screen.Press{Digit: "1"}, screen.Press{Digit: "2"}, screen.Press{Digit: "3"}, failed)
	if line, _ := s.Line("1"); line.Digits != "13" || s.Problem.Text.Key != text.ToneFailed {
		t.Errorf("digits %q, told %+v", line.Digits, s.Problem)
	}
	texttest.WantSentence(t, "tone", s.Problem.Text)
	if s = then(s, failed); s.Problem.Count != 1 {
		t.Error("told twice")
	}
	over := then(onCall(), screen.Press{Digit: "2"}, out("1", ua.CallEnded, because(ua.CauseHangupRemote, 0)), failed)
	if !over.Problem.Text.Empty() {
		t.Errorf("told %+v after the call", over.Problem)
	}
}

func TestSettingsAreReadOnlyWithoutTheFlag(t *testing.T) {
	s := New(Options{Config: oneServerConfig()}).Begin()
	s = then(s, screen.MoveCodec{Name: "PCMU"}, screen.SetKeyTones{Info: true}, screen.SetAutoAnswer{On: true},
		screen.UseMicrophone{ID: "mic"}, screen.SetEcho{Off: true}, screen.SetRing{Ring: "rm -rf"},
		screen.SwitchCodec{Name: "opus"})
	if want := (screen.Choice{Microphone: "mic", NoEcho: true}); s.Settings.Choice != want {
		t.Errorf("got %+v, want only what is the user's own affair", s.Settings.Choice)
	}
	if s.AutoAnswer {
		t.Error("calls are answered without the operator's leave")
	}
}

func TestChoicesAreKeptAndCarriedOut(t *testing.T) {
	keep := &store.MemoryValues{}
	storyWith(t, Options{Config: editable(t), Keep: keep}, func(h *harness) {
		h.login()
		h.do(screen.SetAutoAnswer{On: true}, screen.SetName{Name: `Front <Desk>"`}, screen.SetRing{Ring: screen.RingSoft})
		s := h.now()
		if !s.AutoAnswer || s.Account.DisplayName != "Front Desk" || then(s, comes("9")).Loop() != screen.RingSoft {
			h.Errorf("answers %v, name %q", s.AutoAnswer, s.Account.DisplayName)
		}
		synctest.Wait()
		if len(h.agents) != 2 || h.agent().cfg.Account.DisplayName != "Front Desk" {
			h.Errorf("%d user agents, want another one with the new name", len(h.agents))
		}
	})
	s := New(Options{Config: editable(t), Keep: keep}).Begin()
	if !s.AutoAnswer || s.Settings.Ring != screen.RingSoft {
		t.Errorf("the next time: %+v", s.Settings.Choice)
	}
	keep.Save(KeySettings, "{damaged")
	if s := New(Options{Config: editable(t), Keep: keep}).Begin(); s.Settings.Choice != (screen.Choice{}) {
		t.Errorf("damaged choices: %+v", s.Settings.Choice)
	}
}

// engine writes down how sessions are asked for.
type engine struct{ asked []media.Config }

func (e *engine) NewSession(_ context.Context, cfg media.Config) (media.Session, error) {
	e.asked = append(e.asked, cfg)
	return nil, media.ErrNoDevice
}

// switching is an engine whose calls can change their devices; one that is gone it cannot have.
type switching struct {
	engine
	used chan media.AudioConstraints
}

func (s *switching) SwitchAudio(_ context.Context, audio media.AudioConstraints) error {
	s.used <- audio
	if audio.DeviceID == "gone" {
		return media.ErrNoDevice
	}
	return nil
}

func TestCallsThatRunChangeTheirDevices(t *testing.T) {
	e := &switching{used: make(chan media.AudioConstraints, 1)}
	storyWith(t, Options{Config: editable(t), Engine: e}, func(h *harness) {
		h.login()
		h.do(screen.UseMicrophone{ID: "headset"})
		if got := <-e.used; got.DeviceID != "headset" || !h.now().Problem.Text.Empty() {
			h.Errorf("used %+v, problem %v", got, h.now().Problem.Text)
		}
		h.do(screen.UseMicrophone{ID: "gone"})
		if <-e.used; h.now().Problem.Text.Empty() {
			h.Error("nobody was told that the microphone cannot be had")
		}
	})
	storyWith(t, Options{Config: editable(t), Engine: &engine{}}, func(h *harness) {
		h.login()
		h.do(screen.UseMicrophone{ID: "headset"})
		if s := h.now(); !s.Problem.Text.Empty() || s.Settings.Microphone != "headset" {
			h.Errorf("an engine without choice: problem %v, microphone %q", s.Problem.Text, s.Settings.Microphone)
		}
	})
}

func TestEachCallHasTheSettingsOfItsMoment(t *testing.T) {
	e := &engine{}
	storyWith(t, Options{Config: editable(t), Engine: e}, func(h *harness) {
		h.login()
		used := h.agent().cfg.MediaEngine
		used.NewSession(t.Context(), media.Config{})
		h.do(screen.UseMicrophone{ID: "headset"}, screen.SetGain{Off: true})
		used.NewSession(t.Context(), media.Config{})
		if len(e.asked) != 2 || e.asked[0].Audio.DeviceID != "" || e.asked[1].Audio.DeviceID != "headset" ||
			!e.asked[1].Audio.NoAutoGainControl {
			h.Errorf("asked %+v", e.asked)
		}
	})
}

// chest is a vault in memory.
type chest struct {
	mu     sync.Mutex // guards all below; a story reads them when every goroutine waits
	secret store.Secret
	full   bool
}

func (c *chest) Open(context.Context) (store.Secret, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.full {
		return store.Secret{}, store.ErrNotStored
	}
	return c.secret, nil
}

func (c *chest) Lock(_ context.Context, s store.Secret) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.secret, c.full = s, true
	return nil
}

func (c *chest) Empty(context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.secret, c.full = store.Secret{}, false
	return nil
}

func TestStayingLoggedIn(t *testing.T) {
	vault, keep := &chest{}, &store.MemoryValues{}
	opts := Options{Config: oneServerConfig(), Keep: keep, Vault: vault}
	stay := typed
	stay.Stay = true
	storyWith(t, opts, func(h *harness) {
		if s := h.now(); !s.Login.CanStay || s.Login.Opening {
			h.Errorf("login %+v", s.Login)
		}
		h.login()
		if vault.full {
			h.Error("the password is kept although nobody asked for that")
		}
		h.do(screen.Logout{}, stay)
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		synctest.Wait()
		if want := (store.Secret{User: "1001", Password: "secret", Server: "sip.example.com"}); vault.secret != want {
			h.Errorf("kept %+v, want %+v", vault.secret, want)
		}
	})
	storyWith(t, opts, func(h *harness) {
		synctest.Wait()
		if len(h.agents) != 1 || h.agent().cfg.Account.Password != "secret" {
			h.Fatalf("%d user agents, want to be logged in by itself", len(h.agents))
		}
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		h.do(screen.Logout{})
		if synctest.Wait(); vault.full || keep.Load(KeyStay) != "" {
			h.Error("logging out leaves the password")
		}
	})
	keep.Save(KeyStay, "on") // as after the browser has cleared its database
	storyWith(t, opts, func(h *harness) {
		if s := h.now(); s.Login.Opening || s.Screen != screen.ScreenLogin || len(h.agents) != 0 {
			h.Errorf("login %+v, %d user agents; want the card", s.Login, len(h.agents))
		}
	})
}

func TestRefusedPasswordIsForgotten(t *testing.T) {
	vault, keep := &chest{secret: store.Secret{User: "1001", Password: "old", Server: "sip.example.com"}, full: true},
		&store.MemoryValues{}
	keep.Save(KeyStay, "on")
	storyWith(t, Options{Config: oneServerConfig(), Keep: keep, Vault: vault}, func(h *harness) {
		synctest.Wait()
		h.tell(connected(), registration(ua.RegistrationFailed, ua.CauseAuth, 403))
		if synctest.Wait(); vault.full {
			h.Error("a password that the server refuses is kept")
		}
	})
}

func TestEraseLeavesNothing(t *testing.T) {
	vault, keep, store := &chest{}, &store.MemoryValues{}, &store.Memory{}
	storyWith(t, Options{Config: editable(t), Keep: keep, Vault: vault, Store: store}, func(h *harness) {
		stay := typed
		stay.Stay = true
		h.do(stay)
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		h.missedCall("1", "2001")
		h.do(screen.SetTheme{Theme: screen.ThemeDark}, screen.SetRing{Ring: screen.RingPulse}, screen.ExportAll{})
		if f := h.now().File; !strings.Contains(string(f.Data), "2001") || strings.Contains(string(f.Data), typed.Password) {
			h.Errorf("exported %s", f.Data)
		}
		h.do(screen.AskErase{On: true}, screen.Erase{})
		synctest.Wait()
		if s := h.now(); s.Screen != screen.ScreenLogin || s.Theme != screen.ThemeSystem ||
			s.Settings.Choice != (screen.Choice{}) || s.Login.User != "" {
			h.Errorf("after erasing: %+v", s)
		}
		for key, value := range keep.Values {
			if value != "" {
				h.Errorf("%s is still %q", key, value)
			}
		}
		if vault.full || len(store.Data) != 0 {
			h.Errorf("vault %v, %d documents", vault.full, len(store.Data))
		}
	})
}

func TestUnpluggedDeviceIsReplacedAndComesBack(t *testing.T) {
	headset := []screen.Device{{ID: "mic", Kind: screen.Microphone}, {ID: "ear", Kind: screen.Speaker},
		{ID: "built-in", Kind: screen.Microphone}, {ID: "box", Kind: screen.Speaker}}
	alone := headset[2:]
	chosen := then(onCall(), screen.DevicesFound{Devices: headset}, screen.UseMicrophone{ID: "mic"}, screen.UseSpeaker{ID: "ear"},
		screen.UseRinger{ID: "box"})
	gone := then(chosen, screen.DevicesFound{Devices: alone})
	if got, want := Plan(chosen, gone, screen.DevicesFound{Devices: alone}),
		[]Command{UseAudio{}}; !reflect.DeepEqual(got, want) {
		t.Errorf("unplugged: %+v, want the call to go on with the system's devices", got)
	}
	if gone.Problem.Text.Key != text.DeviceLost || gone.Settings.Microphone != "mic" {
		t.Errorf("said %v, chosen %q; want it said, and the choice kept", gone.Problem.Text, gone.Settings.Microphone)
	}
	back := then(gone, screen.DevicesFound{Devices: headset})
	want := UseAudio{screen.Audio{DeviceID: "mic", SpeakerID: "ear"}}
	if got := Plan(gone, back, screen.DevicesFound{Devices: headset}); !reflect.DeepEqual(got, []Command{want}) {
		t.Errorf("plugged in again: %+v, want %+v", got, want)
	}
	nameless := []screen.Device{{Kind: screen.Microphone}}
	if got := Plan(chosen, then(chosen, screen.DevicesFound{Devices: nameless}),
		screen.DevicesFound{Devices: nameless}); len(got) != 0 {
		t.Errorf("devices without names: %+v, want nothing done, since nobody knows", got)
	}
	if a, b := screen.OutputsOf(gone), screen.OutputsOf(chosen); a.Ringer != "box" || a.Speaker != "" || b.Speaker != "ear" {
		t.Errorf("sounds go to %+v, before that to %+v", a, b)
	}
	if quiet := then(idle(), screen.DevicesFound{Devices: headset}, screen.UseMicrophone{ID: "mic"},
		screen.DevicesFound{Devices: alone}); !quiet.Problem.Text.Empty() {
		t.Error("a device that is gone is reported although nobody is talking")
	}
}

func TestPhoneOpensWithoutItsServer(t *testing.T) {
	vault, keep, store := &chest{}, &store.MemoryValues{}, &store.Memory{}
	opts := Options{Config: oneServerConfig(), Keep: keep, Vault: vault, Store: store}
	storyWith(t, opts, func(h *harness) {
		stay := typed
		stay.Stay = true
		h.do(stay)
		h.tell(connection(ua.Disconnected, ua.CauseUnreachable))
		if h.now().Screen != screen.ScreenLogin {
			h.Error("a server that was just typed and cannot be reached has to be said at the card")
		}
		h.do(stay)
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		h.missedCall("1", "2001")
		h.do(screen.EditContact{}, screen.SaveContact{Contact: screen.Contact{Name: "Front Desk"}})
	})
	storyWith(t, opts, func(h *harness) {
		synctest.Wait()
		h.tell(connection(ua.Disconnected, ua.CauseUnreachable))
		s := h.now()
		if s.Screen != screen.ScreenPhone || !s.Offline() || s.CanDial() || lines(s) != "2001" || s.Contacts.Total != 1 {
			h.Fatalf("screen %v, offline %v, history %q, %d contacts; want both to be read", s.Screen, s.Offline(), lines(s),
				s.Contacts.Total)
		}
		h.wantDone("the phone goes on trying", "run")
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		if s := h.now(); !s.Registered() || !s.Login.Kept || !vault.full {
			h.Errorf("ready %v, kept %v: want the phone to be there when its server is", s.Registered(), s.Login.Kept)
		}
	})
}

// fullMemory keeps nothing.
type fullMemory struct{ store.MemoryValues }

func (*fullMemory) Save(string, string) error { return errors.New("full") }

func TestSettingThatCannotBeKeptIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s screen.Snapshot
		p := New(Options{Config: oneServerConfig(), Keep: &fullMemory{}})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { p.Run(ctx, func(_, next screen.Snapshot) { s = next }); close(done) }()
		p.Do(screen.SetTheme{Theme: screen.ThemeDark})
		synctest.Wait()
		if s.Theme != screen.ThemeDark || s.Problem.Text.Key != text.SettingNotKept {
			t.Errorf("theme %q, problem %v; want the setting used, and told that it does not last", s.Theme, s.Problem.Text)
		}
		cancel()
		<-done
	})
}

// slowChest is a vault whose locking waits at a gate.
type slowChest struct {
	chest
	gate chan struct{}
}

func (c *slowChest) Lock(ctx context.Context, s store.Secret) error {
	<-c.gate
	return c.chest.Lock(ctx, s)
}

func TestErasedPasswordDoesNotComeBack(t *testing.T) {
	vault := &slowChest{}
	storyWith(t, Options{Config: editable(t), Vault: vault, Store: &store.Memory{}}, func(h *harness) {
		vault.gate = make(chan struct{})
		stay := typed
		stay.Stay = true
		h.do(stay)
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		h.do(screen.AskErase{On: true}, screen.Erase{})
		synctest.Wait()
		close(vault.gate)
		if synctest.Wait(); vault.full {
			h.Error("the password that was being locked while everything was erased is there")
		}
	})
}

func TestErasedPhonebookDoesNotComeBack(t *testing.T) {
	cfg := editable(t)
	cfg.Phonebook = "/phonebook.json"
	var gate chan struct{}
	medium := &store.Memory{}
	get := func(context.Context, string, string) (fetch.Document, error) {
		<-gate
		return fetch.Document{Data: []byte(`[{"name":"Billing","number":"1022"}]`), ETag: "v1"}, nil
	}
	storyWith(t, Options{Config: cfg, Store: medium, Fetch: get}, func(h *harness) {
		gate = make(chan struct{})
		h.login()
		h.do(screen.AskErase{On: true}, screen.Erase{})
		synctest.Wait()
		close(gate)
		if synctest.Wait(); len(medium.Data) != 0 {
			h.Errorf("%d documents after erasing, of a phonebook that came late", len(medium.Data))
		}
	})
}

func TestSettingsComeBack(t *testing.T) {
	keep := &store.MemoryValues{}
	for key, value := range map[string]string{KeyTheme: "dark", KeyLanguage: "de", KeyDoNotDisturb: "on", KeyUser: "1001",
		KeyServer: "b.example.com"} {
		keep.Save(key, value)
	}
	cfg := config.Config{WSServers: servers(t, "a.example.com b.example.com"), Theme: "light", Language: "es"}
	s := New(Options{Config: cfg, Keep: keep}).Begin()
	if s.Theme != screen.ThemeDark || s.Language != text.German || !s.DoNotDisturb || s.Login.User != "1001" ||
		s.Login.Server != "b.example.com" {
		t.Errorf("got %+v, want what was kept", s)
	}
	s = New(Options{Config: cfg}).Begin()
	if s.Theme != screen.ThemeLight || s.Language != text.Spanish || s.Login.Server != "a.example.com" {
		t.Errorf("got %+v, want what the operator configured", s)
	}
}
