package phone

import (
	"slices"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pwa/text"
)

// What the user does in the settings, and what the world tells about devices.
type (
	// Configure changes what is chosen now.
	Configure struct{ Change func(*Choice) }
	// MoveCodec moves a codec up or down, SwitchCodec switches it.
	MoveCodec struct {
		Name string
		Down bool
	}
	SwitchCodec struct{ Name string }
	// ToggleMeter shows the level of the microphone, or no longer.
	ToggleMeter struct{}
	// MeterFailed tells that there is no microphone to show the level of.
	MeterFailed struct{}
	// ExportAll saves everything that is kept.
	ExportAll struct{}
	// AskErase asks whether to erase everything, Erase does it.
	AskErase struct{ On bool }
	Erase    struct{}
	// DevicesFound tells which microphones and speakers there are.
	DevicesFound struct{ Devices []media.Device }
)

func (Configure) isEvent()    {}
func (MoveCodec) isEvent()    {}
func (SwitchCodec) isEvent()  {}
func (ToggleMeter) isEvent()  {}
func (MeterFailed) isEvent()  {}
func (ExportAll) isEvent()    {}
func (AskErase) isEvent()     {}
func (Erase) isEvent()        {}
func (DevicesFound) isEvent() {}

// Commands of the settings.
type (
	// UseAudio changes microphone, processing and speaker of the calls there are.
	UseAudio struct{ Audio media.AudioConstraints }
	// Remember locks the password in the vault, Forget empties the vault, EraseAll forgets everything.
	Remember struct{}
	Forget   struct{}
	EraseAll struct{}
)

func (UseAudio) isCommand() {}
func (Remember) isCommand() {}
func (Forget) isCommand()   {}
func (EraseAll) isCommand() {}

func reduceSettings(s Snapshot, event Event) Snapshot {
	set := &s.Settings
	switch e := event.(type) {
	case Configure:
		choice := set.Choice
		e.Change(&choice)
		set.linkedName = set.linkedName && set.Name == choice.Name
		set.Choice, set.Problem = set.permitted(choice), text.Sentence{}
	case MoveCodec, SwitchCodec:
		return reduceCodecs(s, event)
	case ToggleMeter:
		set.Metering = !set.Metering
	case MeterFailed:
		set.Metering = false
		return withProblem(s, text.Say(text.CauseMicPermission))
	case AskErase:
		set.Erasing = e.On
	case DevicesFound:
		before := set.audio()
		set.Devices = e.Devices
		if now := set.audio(); inCall(s) && (before.DeviceID != "" && now.DeviceID == "" || before.SpeakerID != "" && now.SpeakerID == "") {
			return withProblem(s, text.Say(text.DeviceLost))
		}
	case Erase:
		s = loggedOut(s)
		s.Settings.Choice, s.Theme, s.DoNotDisturb, s.Placed = Choice{}, ThemeSystem, false, Placed{Count: s.Placed.Count}
		s.Login.User, s.Login.Kept = "", false
	}
	s.AutoAnswer = s.Settings.answersItself()
	s.Account.DisplayName = s.Settings.shownName()
	return s
}

func reduceCodecs(s Snapshot, event Event) Snapshot {
	set := &s.Settings
	if !set.May.Codecs {
		return s
	}
	list := set.CodecList()
	set.Problem = text.Sentence{}
	switch e := event.(type) {
	case MoveCodec:
		i := slices.IndexFunc(list, func(c Codec) bool { return c.Name == e.Name })
		j := choose(e.Down, i+1, i-1)
		if i < 0 || j < 0 || j >= len(list) {
			return s
		}
		list[i], list[j] = list[j], list[i]
	case SwitchCodec:
		left := 0
		for i, c := range list {
			if c.Name == e.Name {
				list[i].Off = !c.Off
			}
			if !list[i].Off {
				left++
			}
		}
		if left == 0 {
			set.Problem = text.Say(text.NoCodecLeft)
			return s
		}
	}
	set.Codecs = codecText(list)
	return s
}

// planSettings is what has to be done about choices.
func planSettings(prev, next Snapshot, event Event) []Command {
	var plan []Command
	if _, ok := event.(Erase); ok {
		return []Command{Stop{Forget: true}, EraseAll{}}
	}
	before, after := prev.Settings.Choice, next.Settings.Choice
	if before != after {
		plan = append(plan, Keep{KeySettings, after.encode()})
	}
	if audio := next.Settings.audio(); audio != prev.Settings.audio() {
		plan = append(plan, UseAudio{audio})
	}
	if before.Name != after.Name && next.Screen == ScreenPhone && len(next.Calls) == 0 {
		plan = append(plan, Stop{}, Restart{}) // with the new name
	}
	return plan
}

// planVault is what has to be done about a stored password.
func planVault(prev, next Snapshot) []Command {
	switch {
	case prev.Screen == ScreenLogin && next.Screen == ScreenPhone && next.Login.Stay:
		return []Command{Remember{}, Keep{KeyStay, "on"}}
	case prev.Login.Kept && !next.Login.Kept:
		return []Command{Forget{}, Keep{KeyStay, ""}}
	}
	return nil
}
