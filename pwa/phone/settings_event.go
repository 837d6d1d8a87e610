package phone

import (
	"slices"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// Commands of the settings.
type (
	// UseAudio changes microphone, processing and speaker of the calls there are.
	UseAudio struct{ Audio screen.Audio }
	// Remember locks the password in the vault, Forget empties the vault, EraseAll forgets everything.
	Remember struct{}
	Forget   struct{}
	EraseAll struct{}
)

func (UseAudio) isCommand() {}
func (Remember) isCommand() {}
func (Forget) isCommand()   {}
func (EraseAll) isCommand() {}

// reduceChoice follows what the user chooses, as far as the operator lets it be chosen.
func reduceChoice(s screen.Snapshot, event screen.Event) screen.Snapshot {
	set := &s.Settings
	c := set.Choice
	switch e := event.(type) {
	case screen.UseMicrophone:
		c.Microphone = e.ID
	case screen.UseSpeaker:
		c.Speaker = e.ID
	case screen.UseRinger:
		c.Ringer = e.ID
	case screen.SetEcho:
		c.NoEcho = e.Off
	case screen.SetNoise:
		c.NoNoise = e.Off
	case screen.SetGain:
		c.NoGain = e.Off
	case screen.SetRing:
		c.Ring = e.Ring
	case screen.SetKeyTones:
		c.Info = e.Info
	case screen.SetAutoAnswer:
		c.AutoAnswer = choose(e.On, "on", "off")
	case screen.SetName:
		c.Name = e.Name
	}
	set.LinkedName = set.LinkedName && set.Name == c.Name
	set.Choice, s.Setup.Problem = permitted(*set, c), text.Sentence{}
	return chosen(s)
}

// chosen lets choices show in what they change.
func chosen(s screen.Snapshot) screen.Snapshot {
	s.AutoAnswer = answersAtOnce(s.Settings)
	s.Account.DisplayName = shownName(s.Settings)
	return s
}

func reduceSettings(s screen.Snapshot, event screen.Event) screen.Snapshot {
	set := &s.Settings
	switch e := event.(type) {
	case screen.MoveCodec, screen.SwitchCodec:
		return reduceCodecs(s, event)
	case screen.ToggleMeter:
		s.Setup.Metering = !s.Setup.Metering
	case screen.MeterFailed:
		s.Setup.Metering = false
		return s.WithProblem(text.Say(text.CauseMicPermission))
	case screen.SetTheme:
		s.Theme = choose(set.May.Theme, e.Theme, s.Theme)
	case screen.SetLanguage:
		s.Language = choose(set.May.Language, e.Language, s.Language)
	case screen.ToggleDoNotDisturb:
		s.DoNotDisturb = !s.DoNotDisturb
		s.Live = text.Say(choose(s.DoNotDisturb, text.DoNotDisturbOn, text.DoNotDisturbOff))
	case screen.ToggleDebug:
		return debugged(s)
	case screen.AskErase:
		s.Setup.Erasing = e.On
	case screen.DevicesFound:
		before := set.Audio()
		set.Devices = e.Devices
		if now := set.Audio(); s.InCall() && (before.DeviceID != "" && now.DeviceID == "" || before.SpeakerID != "" &&
			now.SpeakerID == "") {
			return s.WithProblem(text.Say(text.DeviceLost))
		}
	case screen.Erase:
		s = loggedOut(s)
		s.Settings.Choice, s.Theme, s.DoNotDisturb, s.Placed = screen.Choice{}, screen.ThemeSystem, false,
			screen.Placed{Count: s.Placed.Count}
		s.Login.User, s.Login.Kept, s.Widened = "", false, 0
	}
	return chosen(s)
}

func reduceCodecs(s screen.Snapshot, event screen.Event) screen.Snapshot {
	set := &s.Settings
	if !set.May.Codecs {
		return s
	}
	list := set.CodecList()
	s.Setup.Problem = text.Sentence{}
	switch e := event.(type) {
	case screen.MoveCodec:
		i := slices.IndexFunc(list, func(c screen.Codec) bool { return c.Name == e.Name })
		j := choose(e.Down, i+1, i-1)
		if i < 0 || j < 0 || j >= len(list) {
			return s
		}
		list[i], list[j] = list[j], list[i]
	case screen.SwitchCodec:
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
			s.Setup.Problem = text.Say(text.NoCodecLeft)
			return s
		}
	}
	set.Codecs = codecText(list)
	return s
}

// planSettings is what has to be done about choices.
func planSettings(prev, next screen.Snapshot, event Event) []Command {
	var plan []Command
	if _, ok := event.(screen.Erase); ok {
		return []Command{Stop{Forget: true}, EraseAll{}}
	}
	before, after := prev.Settings.Choice, next.Settings.Choice
	if before != after {
		plan = append(plan, Keep{KeySettings, encode(after)})
	}
	if audio := next.Settings.Audio(); audio != prev.Settings.Audio() {
		plan = append(plan, UseAudio{audio})
	}
	if before.Name != after.Name && next.Screen == screen.ScreenPhone && len(next.Calls.All) == 0 {
		plan = append(plan, Stop{}, Restart{}) // with the new name
	}
	return plan
}

// planVault is what has to be done about a stored password.
func planVault(prev, next screen.Snapshot) []Command {
	switch {
	case prev.Screen == screen.ScreenLogin && next.Screen == screen.ScreenPhone && next.Login.Stay:
		return []Command{Remember{}, Keep{KeyStay, "on"}}
	case prev.Login.Kept && !next.Login.Kept:
		return []Command{Forget{}, Keep{KeyStay, ""}}
	}
	return nil
}

// debugged switches the trace of the SIP messages.
func debugged(s screen.Snapshot) screen.Snapshot {
	s.Debug, s.Menu = !s.Debug, false
	s.Live = text.Say(choose(s.Debug, text.DebugOn, text.DebugOff))
	return s
}
