package screen

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pwa/text"
)

// TestWhatStaysHasNoEffect shows any phone twice: nothing rings, and nothing is told again.
func TestWhatStaysHasNoEffect(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		s := anyPhone(r)
		if got := Effects(s, s); len(got) > 0 {
			t.Fatalf("%+v: %v", s, got)
		}
		if Opens(s, s) || Rewinds(s, s) {
			t.Fatalf("%+v: opens %v, rewinds %v", s, Opens(s, s), Rewinds(s, s))
		}
	}
}

// TestEffectsLeadFromAnyPhoneToAnyOther follows what a page would sound and look like: carried out one after another, the
// effects of each step leave it as if it had begun with the last snapshot.
func TestEffectsLeadFromAnyPhoneToAnyOther(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	type page struct {
		loop   Loop
		title  string
		badge  int
		awake  bool
		guard  bool
		dress  Dress
		meter  Meter
		dialed string
		told   map[string]bool // notifications that stand
		system string
	}
	var prev Snapshot
	p := page{title: TitleOf(prev), told: map[string]bool{}}
	for range 3000 {
		next := anyPhone(r)
		next.Follows, next.Accompanied = r.IntN(3) == 0, r.IntN(3) == 0
		for _, e := range Effects(prev, next) {
			switch e := e.(type) {
			case Play:
				p.loop = e.Loop
			case Title:
				p.title = e.Text
			case Badge:
				p.badge = e.Count
			case KeepAwake:
				p.awake = e.On
			case Guard:
				p.guard = e.On
			case Dress:
				p.dress = e
			case Meter:
				p.meter = e
			case FillDial:
				p.dialed = e.Text
			case Session:
				p.system = e.ID
			case Notify:
				if p.told[e.ID] || e.Answer == "" || e.Decline == "" || e.Body == "" {
					t.Fatalf("told again, or by half: %+v", e)
				}
				p.told[e.ID] = true
			case Retract:
				delete(p.told, e.ID)
			}
		}
		rings := map[string]bool{}
		for _, l := range next.Incoming() {
			if !next.Follows {
				rings[l.ID] = true
			}
		}
		for id := range p.told {
			if !rings[id] {
				t.Fatalf("a notification of %s stands, which rings no more", id)
			}
		}
		if len(p.told) != len(rings) {
			t.Fatalf("%d calls ring, and %d are told", len(rings), len(p.told))
		}
		stage, _ := next.Stage()
		if next.Follows {
			stage.ID = ""
		}
		if p.loop != next.Loop() || p.title != TitleOf(next) || p.badge != next.Missed ||
			p.awake != (next.InCall() && !next.Follows) || p.guard != (next.InCall() && !next.Accompanied) ||
			p.dress.Theme != next.Theme || p.dialed != next.Dial || p.system != stage.ID ||
			p.meter.On != (meterOf(next) != Meter{}) {
			t.Fatalf("%+v after %+v", p, next)
		}
		prev = next
	}
}

// TestOneChangeHasOneEffect changes one thing.
func TestOneChangeHasOneEffect(t *testing.T) {
	rings := func(id string) Line { return line(id, Incoming, CallRinging) }
	talks := line("1", Outgoing, CallEstablished)
	for _, test := range []struct {
		why    string
		from   Snapshot
		change func(*Snapshot)
		want   []Effect
	}{
		{"a key", phone(), func(s *Snapshot) { s.Pressed = KeyPress{"5", 1} }, []Effect{KeyTone{"5"}}},
		{"a missed call", phone(), func(s *Snapshot) { s.Missed = 2 }, []Effect{Title{"2 missed · Desk"}, Badge{2}}},
		{"the number field", phone(), func(s *Snapshot) { s.Dial = "600" }, []Effect{FillDial{"600"}}},
		{"a style sheet", phone(), func(s *Snapshot) { s.CSS = "a{}" }, []Effect{Brand{"a{}"}}},
		{"a theme", phone(), func(s *Snapshot) { s.Theme = ThemeDark }, []Effect{Dress{ThemeDark, ""}}},
		{"a file", phone(), func(s *Snapshot) { s.File = File{Name: "a", Count: 1} },
			[]Effect{Download{File{Name: "a", Count: 1}}}},
		{"a device that rings", phone(), func(s *Snapshot) { s.Settings.Ringer = "x" }, []Effect{UseOutputs{"x", ""}}},
		{"muting", phone(talks), func(s *Snapshot) {
			s.All = []Line{line("1", Outgoing, CallEstablished, func(l *Line) { l.Muted = true })}
		},
			[]Effect{Session{"1", "101", true}}},
		{"a busy line", phone(), func(s *Snapshot) {
			s.Ended = &Ended{Tone: BusyTone}
		},
			[]Effect{Beep{BusyTone}}},
		{"a failure", phone(), func(s *Snapshot) { s.Ended = &Ended{Tone: ErrorTone} }, []Effect{Beep{ErrorTone}}},
		{"an explanation that is closed", func() Snapshot { s := phone(); s.Ended = &Ended{}; return s }(),
			func(s *Snapshot) { s.Ended = nil }, nil},
		{"a page", phone(), func(s *Snapshot) { s.Page = PageSettings }, nil},
		{"a second caller", phone(talks), func(s *Snapshot) { s.All = append(slices.Clone(s.All), rings("9")) },
			[]Effect{Play{CallWaiting}, Title{"Call from 109 · Desk"}, Notify{"9", "109", "Incoming call", "Answer", "Decline"}}},
	} {
		next := test.from
		test.change(&next)
		got := Effects(test.from, next)
		if test.why == "a second caller" && len(got) > 1 {
			got[1] = test.want[1] // its words are those of the catalogue
		}
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %v, want %v", test.why, got, test.want)
		}
	}
}

func TestTitleNamesWhoMattersMost(t *testing.T) {
	ann := line("1", Incoming, CallRinging, func(l *Line) { l.Remote.DisplayName = "Ann" })
	for _, test := range []struct {
		s    Snapshot
		want []string
	}{
		{phone(), []string{"Desk"}},
		{phone(ann), []string{"Ann", "Desk"}},
		{phone(ann, line("2", Incoming, CallRinging), line("3", Incoming, CallRinging)), []string{"Ann +2", "Desk"}},
		{phone(line("1", Outgoing, CallEstablished), ann), []string{"Ann", "Desk"}},
		{phone(line("1", Outgoing, CallEstablished)), []string{"On call", "101", "Desk"}},
	} {
		got, at := TitleOf(test.s), -1
		for _, want := range test.want {
			i := strings.Index(got, want)
			if i <= at {
				t.Errorf("%q, want %q in it, in their order", got, test.want)
			}
			at = i
		}
	}
}

// TestQuestionIsHeard: whoever has the page behind another has half a minute to answer it.
func TestQuestionIsHeard(t *testing.T) {
	before := phone(line("1", Outgoing, CallEstablished))
	asked := before
	asked.Handovers = []Handover{{ID: 1, Call: "1", To: "1003"}}
	got := Effects(before, asked)
	if len(got) != 2 || got[0] != (Play{CallWaiting}) {
		t.Fatalf("%v, want a sound and a title", got)
	}
	if title, ok := got[1].(Title); !ok || !strings.Contains(title.Text, "101") || !strings.Contains(title.Text, "1003") {
		t.Errorf("%v, want a title that says who is handed to whom", got[1])
	}
	if got := Effects(asked, before); len(got) != 2 || got[0] != (Play{Silence}) {
		t.Errorf("%v, want it quiet again", got)
	}
	asked.All = append(asked.All, line("2", Incoming, CallRinging))
	if !strings.Contains(TitleOf(asked), "102") || asked.Loop() != CallWaiting {
		t.Errorf("%q, %q: a call that comes in matters more", TitleOf(asked), asked.Loop())
	}
	gone := before
	gone.Handovers = []Handover{{ID: 1, Call: "gone", To: "1003"}}
	if len(Effects(before, gone)) != 0 {
		t.Error("a question about no call is heard")
	}
}

func TestLoopIsWhatTheUserChose(t *testing.T) {
	for _, ring := range Ringtones() {
		s := phone(line("1", Incoming, CallRinging))
		if s.Settings.Ring = ring; s.Loop() != ring {
			t.Errorf("%s rings, want %s", s.Loop(), ring)
		}
	}
	for _, test := range []struct {
		l    Line
		want Loop
	}{
		{line("1", Outgoing, CallRinging), Ringback},
		{line("1", Outgoing, CallRinging, func(l *Line) { l.EarlyMedia = true }), Silence},
		{line("1", Outgoing, CallCalling), Silence},
		{line("1", Outgoing, CallEstablished), Silence},
		{line("1", Incoming, CallRinging), Ringtone},
		{line("1", Incoming, CallRinging, func(l *Line) { l.Refused = true }), Silence},
	} {
		if got := phone(test.l).Loop(); got != test.want {
			t.Errorf("%+v: %q, want %q", test.l, got, test.want)
		}
	}
}

func TestStateOfACallInAWord(t *testing.T) {
	words := map[text.Key]bool{}
	for state := CallPreparing; state <= CallEnded; state++ {
		l := line("1", Outgoing, state)
		key := StateText(l)
		if words[key] || text.English.Say(key) == "" {
			t.Errorf("%v: %q is said of another state, too", state, key)
		}
		words[key] = true
		want := GlanceRing
		switch {
		case state >= CallEnding:
			want = GlanceIdle
		case state >= CallConnecting:
			want = GlanceGo
		}
		if got := l.Glance(); got != want {
			t.Errorf("%v: %v, want %v", state, got, want)
		}
	}
	for _, hold := range []func(*Line){heldHere, heldThere} {
		l := line("1", Outgoing, CallEstablished, hold)
		if l.Glance() != GlanceHold || StateText(l) == text.StateOnCall {
			t.Errorf("%+v: %v, %q", l, l.Glance(), StateText(l))
		}
	}
}

func TestQualityInAWord(t *testing.T) {
	for mos, want := range map[float64]Grade{1: Poor, 3.0: Poor, 3.1: Fair, 3.7: Fair, 3.8: Good, 4.5: Good} {
		if got := (Quality{MOS: mos}).Grade(); got != want || !(Quality{MOS: mos}).Known() {
			t.Errorf("%v: %v, want %v", mos, got, want)
		}
	}
	if (Quality{}).Known() {
		t.Error("nothing measured is known")
	}
}

// TestCodecListIsWhole tries every text a list of codecs can be kept as: each codec the operator leaves comes once, and one is
// on.
func TestCodecListIsWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	names := []string{"opus", "G722", "PCMA", "PCMU", "-opus", "-G722", "-PCMA", "-PCMU", "speex", "-", ""}
	for range 3000 {
		var set Settings
		set.Offered = []string{"opus", "G722", "PCMA", "PCMU"}[:1+r.IntN(4)]
		var kept []string
		for range r.IntN(6) {
			kept = append(kept, names[r.IntN(len(names))])
		}
		set.Codecs = strings.Join(kept, " ")
		var got []string
		on := 0
		for _, c := range set.CodecList() {
			got = append(got, c.Name)
			if !c.Off {
				on++
			}
		}
		sorted, want := slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(set.Offered))
		if !slices.Equal(sorted, want) || on == 0 {
			t.Fatalf("%q of %q: %v, %d are on", set.Codecs, set.Offered, got, on)
		}
		for i, name := range kept {
			if bare := strings.TrimPrefix(name, "-"); i == 0 && slices.Contains(set.Offered, bare) && got[0] != bare {
				t.Fatalf("%q: %v, want the order of the user", set.Codecs, got)
			}
		}
	}
}

func TestDeviceThatIsNotThereIsNotUsed(t *testing.T) {
	var set Settings
	set.Microphone, set.Choice.Speaker, set.NoEcho = "mic", "ear", true
	for _, test := range []struct {
		devices []Device
		want    Audio
	}{
		{nil, Audio{DeviceID: "mic", SpeakerID: "ear", NoEchoCancellation: true}},
		{[]Device{{Kind: Microphone}}, Audio{DeviceID: "mic", SpeakerID: "ear", NoEchoCancellation: true}},
		{[]Device{{ID: "other", Kind: Microphone}}, Audio{SpeakerID: "ear", NoEchoCancellation: true}},
		{[]Device{{ID: "mic", Kind: Speaker}, {ID: "x", Kind: Microphone}}, Audio{NoEchoCancellation: true}},
		{[]Device{{ID: "mic", Kind: Microphone}, {ID: "ear", Kind: Speaker}},
			Audio{DeviceID: "mic", SpeakerID: "ear", NoEchoCancellation: true}},
	} {
		if set.Devices = test.devices; set.Audio() != test.want {
			t.Errorf("%v: %+v, want %+v", test.devices, set.Audio(), test.want)
		}
	}
}

func TestPagesAndTheirAddresses(t *testing.T) {
	for _, page := range Pages() {
		if PageOf("#"+string(page)) != page || PageOf(string(page)) != page || page.Own() {
			t.Errorf("%q: %q, own %v", page, PageOf("#"+string(page)), page.Own())
		}
	}
	for _, fragment := range []string{"#nowhere", "#number=600", "##", "#contacts2"} {
		if got := PageOf(fragment); got != PagePhone {
			t.Errorf("%q leads to %q", fragment, got)
		}
	}
	s := phone()
	help := RowPage("help")
	s.Rows, s.List, s.Fills = []MenuItem{{Page: PagePhone}, {Page: help, URL: "help.html"}}, help, []Page{help}
	if item, ok := s.OwnPage(); !ok || item.URL != "help.html" || !help.Own() || PageOf("#"+string(help)) != help ||
		!s.Filled(help) {
		t.Errorf("own page %+v, %v", item, ok)
	}
	if _, ok := s.Own(PagePhone); ok || s.Filled(PageHistory) {
		t.Error("a page of ours is the operator's own")
	}
}

func TestHeadingIsTheBrandOrTheUser(t *testing.T) {
	s := phone()
	s.Account.User = "1001"
	for _, test := range []struct {
		title, hidden bool
		screen        Screen
		want          string
	}{{false, false, ScreenPhone, "Desk"}, {true, false, ScreenPhone, "1001"}, {true, false, ScreenLogin, "Desk"},
		{true, true, ScreenPhone, "Desk"}} {
		if s.TitleUser, s.Account.Hidden.User, s.Screen = test.title, test.hidden, test.screen; s.Heading() != test.want {
			t.Errorf("%+v: %q", test, s.Heading())
		}
	}
}

// TestAKeyMeansOneThing presses keys at any phone: who types into a field is left alone but for Alt and Escape, at the login card
// no key means anything, and what a key does to a call concerns a call there is.
func TestAKeyMeansOneThing(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 5000 {
		s := anyPhone(r)
		k := Key{Key: []string{"5", "*", "a", "ä", "Enter", "Escape", "Backspace", "Tab", "?", " "}[r.IntN(10)],
			Code: []string{"KeyA", "KeyX", "KeyM", "KeyT", "KeyH", "KeyQ"}[r.IntN(6)], Alt: r.IntN(2) == 0,
			Typing: r.IntN(2) == 0, Control: r.IntN(2) == 0}
		e, ok := Shortcut(s, k)
		if !ok {
			continue
		}
		if s.Screen != ScreenPhone {
			t.Fatalf("%+v means %T at the login card", k, e)
		}
		if k.Typing && !k.Alt && k.Key != "Escape" {
			t.Fatalf("%+v means %T while somebody types", k, e)
		}
		id := reflect.ValueOf(e).FieldByName("ID")
		if _, known := s.Line(fmt.Sprint(id)); id.IsValid() && !known {
			t.Fatalf("%+v: %T of call %v, which there is not", k, e, id)
		}
		if d, dials := e.(Dial); dials && (d.Text != s.Dial || d.Text == "" || !s.ShowsDialPad()) {
			t.Fatalf("%+v calls %q, and %q is to be seen", k, d.Text, s.Dial)
		}
	}
	for _, h := range ShortcutHelp() {
		if h.Keys == "" || text.English.Say(h.Does) == "" {
			t.Errorf("%+v helps nobody", h)
		}
	}
}

// TestFieldsAreFilledWhenTheyOpen tells an opening from a change of what is open already: that would overwrite what is being
// typed.
func TestFieldsAreFilledWhenTheyOpen(t *testing.T) {
	edits := func(s *Snapshot) { s.Contacts.Edit = &ContactForm{Count: 1} }
	for _, test := range []struct {
		why    string
		change func(*Snapshot)
		want   bool
	}{
		{"a list", func(s *Snapshot) { s.List = PageContacts }, true},
		{"a search", func(s *Snapshot) { s.History.Searching = true }, true},
		{"a form", edits, true},
		{"the phone", func(s *Snapshot) { s.Screen = ScreenLogin }, true},
		{"an entry of a list", func(s *Snapshot) { s.Detail = "1" }, false},
		{"a search that goes on", func(s *Snapshot) { s.History.Query = "a" }, false},
		{"a call", func(s *Snapshot) { s.All = []Line{line("9", Incoming, CallRinging)} }, false},
	} {
		from := phone()
		next := from
		test.change(&next)
		if got := Opens(from, next); got != test.want {
			t.Errorf("%s: opens %v", test.why, got)
		}
		if Opens(next, next) {
			t.Errorf("%s: opens twice", test.why)
		}
	}
	s := phone()
	s.List = PageSettings
	next := s
	if next.Detail = SectionAudio; !Opens(s, next) {
		t.Error("the fields of a section stay empty")
	}
	found := s
	if found.Contacts.Query = "a"; !Rewinds(s, found) || Rewinds(found, found) {
		t.Error("what is found first is not to be seen")
	}
}
