package screen

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gowebphone/webphone/pwa/text"
)

// Effect is something heard or seen outside the page. Effects makes them; the user interface carries them out.
type Effect interface{ isEffect() }

// Loop is a sound that goes on until it is changed.
type Loop string

const (
	Silence     Loop = ""
	Ringtone    Loop = "ringtone"     // a call comes in
	CallWaiting Loop = "call-waiting" // one comes in during another, or a question waits
	Ringback    Loop = "ringback"     // the other side rings and sends no sound of its own

	RingSoft    Loop = "ring-soft" // other sounds for a call that comes in
	RingClassic Loop = "ring-classic"
	RingPulse   Loop = "ring-pulse"
)

// Signal is a sound that ends by itself.
type Signal string

const (
	BusyTone  Signal = "busy"
	ErrorTone Signal = "error"
)

// The effects.
type (
	// Play changes the sound that goes on.
	Play struct{ Loop Loop }
	// Beep plays a sound that ends.
	Beep struct{ Signal Signal }
	// KeyTone plays the tone of a key.
	KeyTone struct{ Digit string }
	// Title sets the title of the window.
	Title struct{ Text string }
	// Brand lays a style sheet over ours, in the place of the last one.
	Brand struct{ CSS string }
	// Badge puts a number on the sign of the installed phone; 0 takes it away.
	Badge struct{ Count int }
	// Session tells the system of the call on the stage, for its keys and its lock screen; without ID there is none.
	Session struct {
		ID, Name string
		Muted    bool
	}
	// Notify tells of an incoming call outside the page, Retract takes that back.
	Notify  struct{ ID, Title, Body, Answer, Decline string }
	Retract struct{ ID string }
	// KeepAwake keeps the screen on, or no longer. Guard asks before the page is left.
	KeepAwake struct{ On bool }
	Guard     struct{ On bool }
	// Restart loads the page anew, with the version that waits.
	Restart struct{}
	// Dress sets theme, language and direction of the page.
	Dress struct {
		Theme    Theme
		Language text.Language
	}
	// FillDial puts text into the number field, which holds what the user typed otherwise.
	FillDial struct{ Text string }
	// Widen gives the list of a wide window its width.
	Widen struct{ Width int }
	// Download saves a file.
	Download struct{ File File }
	// Meter shows the level of a microphone, or no longer.
	Meter struct {
		On    bool
		Audio Audio
	}
	// UseOutputs chooses the devices for what rings and for all else the phone plays.
	UseOutputs struct{ Ringer, Speaker string }
)

func (Play) isEffect()       {}
func (Beep) isEffect()       {}
func (KeyTone) isEffect()    {}
func (Title) isEffect()      {}
func (Brand) isEffect()      {}
func (Badge) isEffect()      {}
func (Session) isEffect()    {}
func (Notify) isEffect()     {}
func (Retract) isEffect()    {}
func (KeepAwake) isEffect()  {}
func (Guard) isEffect()      {}
func (Restart) isEffect()    {}
func (Dress) isEffect()      {}
func (FillDial) isEffect()   {}
func (Widen) isEffect()      {}
func (Download) isEffect()   {}
func (Meter) isEffect()      {}
func (UseOutputs) isEffect() {}

// Effects is what is heard and seen when prev becomes next. Equal snapshots have none, so that showing one twice
// cannot ring twice. Of several windows the one that leads is heard, and tells the system: when another one comes to lead, the
// sound and the notifications that last go over to it.
func Effects(prev, next Snapshot) []Effect {
	var list []Effect
	if loop := next.Loop(); loop != prev.Loop() {
		list = append(list, Play{loop})
	}
	if signal, ok := signalOf(prev, next); ok {
		list = append(list, Beep{signal})
	}
	if next.Pressed.Count > prev.Pressed.Count {
		list = append(list, KeyTone{next.Pressed.Digit})
	}
	if title := TitleOf(next); title != TitleOf(prev) {
		list = append(list, Title{title})
	}
	if prev.CSS != next.CSS {
		list = append(list, Brand{next.CSS})
	}
	if prev.Missed != next.Missed {
		list = append(list, Badge{next.Missed})
	}
	list = append(list, leaderEffects(prev.led(), next.led())...)
	if guard := next.guarded(); guard != prev.guarded() {
		list = append(list, Guard{guard})
	}
	if prev.Theme != next.Theme || prev.Language != next.Language {
		list = append(list, Dress{next.Theme, next.Language})
	}
	if prev.Dial != next.Dial {
		list = append(list, FillDial{next.Dial})
	}
	if prev.Restarts != next.Restarts {
		list = append(list, Restart{})
	}
	return append(list, paneEffects(prev, next)...)
}

// leaderEffects are those that only the leading window has, beside its sounds.
func leaderEffects(prev, next Snapshot) []Effect {
	var list []Effect
	if session := sessionOf(next); session != sessionOf(prev) {
		list = append(list, session)
	}
	list = append(list, notifications(prev, next)...)
	if busy := next.InCall(); busy != prev.InCall() {
		list = append(list, KeepAwake{busy})
	}
	return list
}

// led is the snapshot with the calls that this window is the one to tell of.
func (s Snapshot) led() Snapshot {
	if s.Follows {
		s.Calls = Calls{}
	}
	return s
}

// guarded tells whether a call would end with this window.
func (s Snapshot) guarded() bool { return s.InCall() && !s.Accompanied }

// paneEffects are those of the panes beside the phone.
func paneEffects(prev, next Snapshot) []Effect {
	var list []Effect
	if prev.File.Count != next.File.Count {
		list = append(list, Download{next.File})
	}
	if prev.ListWidth() != next.ListWidth() {
		list = append(list, Widen{next.ListWidth()})
	}
	if m := meterOf(next); m != meterOf(prev) {
		list = append(list, m)
	}
	if sounds := OutputsOf(next); sounds != OutputsOf(prev) {
		list = append(list, sounds)
	}
	return list
}

// Loop is the sound that goes on.
func (s Snapshot) Loop() Loop {
	s = s.led()
	if len(s.Incoming()) > 0 {
		return choose(s.InCall(), CallWaiting, s.Settings.Ringtone())
	}
	if _, _, asked := s.Asked(); asked {
		return CallWaiting // it does not wait long, and the page may lie behind another
	}
	if line, ok := s.Stage(); ok && line.Direction == Outgoing && line.State == CallRinging && !line.EarlyMedia {
		return Ringback
	}
	return Silence
}

// signalOf is the sound of a failure: a call that has just got an explanation.
func signalOf(prev, next Snapshot) (Signal, bool) {
	if next.Follows {
		return "", false
	}
	if next.Transfer.Returned > prev.Transfer.Returned && !next.Problem.Text.Empty() {
		return ErrorTone, true
	}
	if next.Ended == nil || prev.Ended != nil && prev.Ended.ID == next.Ended.ID && prev.Ended.Started.Equal(next.Ended.Started) {
		return "", false
	}
	return next.Ended.Tone, true
}

// InCall tells whether the user takes part in a call, so that leaving would end it.
func (s Snapshot) InCall() bool { return len(s.Lines()) > 0 }

// TitleOf is the title of the window.
func TitleOf(s Snapshot) string {
	if incoming := s.Incoming(); len(incoming) > 0 {
		name := incoming[0].Name()
		if more := len(incoming) - 1; more > 0 {
			name += " +" + strconv.Itoa(more)
		}
		return s.Language.Say(text.TitleIncoming, "name", name) + " · " + s.Heading()
	}
	if h, line, asked := s.Asked(); asked {
		return s.Language.Say(text.HandsOver, "name", line.Name(), "target", h.To) + " · " + s.Heading()
	}
	if line, ok := s.Stage(); ok {
		return s.Language.Say(text.TitleCall, "state", s.Language.Say(StateText(line)), "name", line.Name()) + " · " + s.Heading()
	}
	if s.Missed > 0 && s.Screen == ScreenPhone {
		return s.Language.Say(text.MissedCount, "count", strconv.Itoa(s.Missed)) + " · " + s.Heading()
	}
	return s.Heading()
}

func sessionOf(s Snapshot) Session {
	if line, ok := s.Stage(); ok {
		return Session{line.ID, line.Name(), line.Muted}
	}
	return Session{}
}

func notifications(prev, next Snapshot) []Effect {
	var list []Effect
	for _, l := range prev.Incoming() {
		if !rings(next, l.ID) {
			list = append(list, Retract{l.ID})
		}
	}
	for _, l := range next.Incoming() {
		if !rings(prev, l.ID) {
			say := next.Language.Say
			body := []string{say(text.IncomingCall)}
			for _, step := range l.Route() {
				body = append(body, next.Language.Tell(step))
			}
			list = append(list, Notify{l.ID, l.Name(), strings.Join(body, " · "), say(text.Answer), say(text.Decline)})
		}
	}
	return list
}

// rings tells whether a call asks for an answer.
func rings(s Snapshot, id string) bool {
	return slices.ContainsFunc(s.Incoming(), func(l Line) bool { return l.ID == id })
}

func meterOf(s Snapshot) Meter {
	if s.Follows || !s.Setup.Metering || s.Screen != ScreenPhone || s.List != PageSettings || s.Detail != SectionAudio {
		return Meter{}
	}
	return Meter{true, s.Settings.Audio()}
}

// Opens tells whether next shows a form or a search that prev did not show, whose fields are to be filled once.
func Opens(prev, next Snapshot) bool {
	return prev.List != next.List || prev.Screen != next.Screen || formCount(prev) != formCount(next) ||
		prev.History.Searching != next.History.Searching || searchOf(prev) != searchOf(next) ||
		next.List == PageSettings && prev.Detail != next.Detail
}

// searchOf is the list whose search field shows, "" for none: a list that is empty, or not here yet, has none.
func searchOf(s Snapshot) Page {
	switch {
	case s.List == PageHistory && s.History.Searching && s.History.Total > 0, s.List == PageContacts && s.Contacts.Total > 0:
		return s.List
	}
	return ""
}

// Rewinds tells whether the contacts found for next are others than for prev, so that the best of them are to be seen.
func Rewinds(prev, next Snapshot) bool {
	return prev.Contacts.Query != next.Contacts.Query || prev.Contacts.Favourites != next.Contacts.Favourites
}

func formCount(s Snapshot) int {
	if s.Contacts.Edit == nil {
		return 0
	}
	return s.Contacts.Edit.Count
}

// OutputsOf is where the phone plays what it plays itself.
func OutputsOf(s Snapshot) UseOutputs {
	set := s.Settings
	return UseOutputs{set.plugged(Speaker, set.Ringer), set.plugged(Speaker, set.Speaker)}
}
