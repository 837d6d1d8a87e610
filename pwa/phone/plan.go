package phone

import (
	"strconv"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
)

// Plan is what has to be done about an event that led from prev to next.
func Plan(prev, next screen.Snapshot, event Event) []Command {
	switch event.(type) {
	case reconfigured, provisioned, unopened, renewed:
		return planIdle(prev, next) // what the operator has done is not to be kept as the user's choice
	}
	var plan []Command
	if prev.Debug != next.Debug {
		plan = append(plan, Trace{On: next.Debug})
	}
	if prev.Theme != next.Theme {
		plan = append(plan, Keep{KeyTheme, string(next.Theme)})
	}
	if prev.Language != next.Language {
		plan = append(plan, Keep{KeyLanguage, string(next.Language)})
	}
	if prev.DoNotDisturb != next.DoNotDisturb {
		plan = append(plan, Keep{KeyDoNotDisturb, choose(next.DoNotDisturb, "on", "")})
	}
	if prev.Widened != next.Widened {
		plan = append(plan, Keep{KeyListWidth, choose(next.Widened == 0, "", strconv.Itoa(next.Widened))})
	}
	if prev.Login.Busy && !next.Login.Busy && next.Screen == screen.ScreenLogin {
		plan = append(plan, Stop{Forget: true})
	}
	if prev.Screen == screen.ScreenLogin && next.Screen == screen.ScreenPhone {
		plan = append(plan, Keep{KeyUser, next.Login.User},
			Keep{KeyServer, choose(next.Account.Hidden.Server, "", next.Login.Server)})
	}
	if prev.Placed.Count != next.Placed.Count {
		plan = append(plan, planCall(prev, next)...)
	}
	if _, wanted := event.(unseated); wanted {
		plan = append(plan, Stop{}, Restart{}) // the seat is given up, and waited for again
	}
	if next.Updating && !prev.Updating {
		plan = append(plan, KeepOver{})
	}
	plan = append(plan, planTransfer(prev, next, event)...)
	plan = append(plan, planHandover(prev, event)...)
	plan = append(plan, planSuccession(prev, event)...)
	plan = append(plan, planVault(prev, next)...)
	plan = append(plan, planPage(prev, next)...)
	plan = append(plan, planSettings(prev, next, event)...)
	plan = append(plan, planEvent(prev, next, event)...)
	return append(plan, planBehind(prev, next, event)...)
}

// planBehind is what nobody waits for.
func planBehind(prev, next screen.Snapshot, event Event) []Command {
	var plan []Command
	connected := next.Connection.State == screen.Connected
	if told, ok := event.(Told); ok && connected {
		if _, again := told.Event.(ua.ConnectionEvent); again || len(prev.Calls.All) > 0 && len(next.Calls.All) == 0 {
			plan = append(plan, Refresh{})
		}
	}
	if line, ok := next.Stage(); ok && line.Established() {
		if _, ticks := event.(Tick); ticks {
			plan = append(plan, Measure{line.ID})
		}
	}
	return append(plan, planIdle(prev, next)...)
}

func planIdle(prev, next screen.Snapshot) []Command {
	if unneeded(next) && !unneeded(prev) {
		return []Command{WarmUp{}}
	}
	return nil
}

// unneeded tells whether nobody waits for the phone: somebody is at the open login card, who has yet to type, or the registration
// is up.
func unneeded(s screen.Snapshot) bool {
	card := s.Attended && s.Screen == screen.ScreenLogin && !s.Login.Busy && !s.Login.Opening
	return card || s.Registration.State == screen.Registered
}

func planCall(prev, next screen.Snapshot) []Command {
	target, err := number.Dialable(next.Placed.Target)
	if err != nil {
		return nil
	}
	return []Command{Invite{Target: target, Hold: prev.Talking("")}}
}

func planEvent(prev, next screen.Snapshot, event Event) []Command {
	switch e := event.(type) {
	case screen.Login:
		return planEvent(prev, next, signIn{Login: e})
	case signIn:
		if next.Login.Busy && !prev.Login.Busy {
			return []Command{Start{e}}
		}
	case screen.Logout:
		return []Command{Stop{Forget: true}}
	case screen.Left:
		return []Command{Stop{}}
	case screen.Returned:
		return []Command{Restart{}}
	case Tick:
		return planAnswer(prev, next)
	case screen.TakeOver:
		return []Command{AskSeat{}}
	case screen.Prefill:
		if prev.Elsewhere {
			return []Command{GiveNumber{e.Text}}
		}
	case screen.Retry, screen.Woke:
		return []Command{Wake{}}
	case screen.Press:
		if line, ok := prev.ToneLine(); ok && prev.Pressed != next.Pressed {
			return []Command{Tone{line.ID, e.Digit}}
		}
	case screen.SendBehind:
		return planBehindNumber(prev, e.ID)
	case Told:
		switch call := e.Event.(type) {
		case ua.IncomingCallEvent:
			return planIncoming(prev, next, call.Info.ID)
		case ua.CallEvent:
			return planOneVoice(prev, next, call.Info.ID)
		}
	default:
		return planLine(prev, event)
	}
	return nil
}

// planOneVoice keeps two calls from having the microphone: when one is answered while the user talks in another, the one
// that is not on the stage is held.
func planOneVoice(prev, next screen.Snapshot, id string) []Command {
	old, _ := prev.Line(id)
	line, _ := next.Line(id)
	others := next.Talking(id)
	switch {
	case old.Established() || !line.Established() || line.HeldLocal || line.Successor != "" || len(others) == 0:
		return nil
	case next.Active != id:
		return []Command{Hold{id}}
	}
	var plan []Command
	for _, other := range others {
		plan = append(plan, Hold{other})
	}
	return plan
}

func planLine(s screen.Snapshot, event Event) []Command {
	switch e := event.(type) {
	case screen.Answer:
		return planTake(s, Accept{ID: e.ID, Hold: s.Talking(e.ID)})
	case screen.EndAndAnswer:
		return planTake(s, Accept{ID: e.ID, End: joined(s, e.ID)})
	case screen.Decline:
		return []Command{Reject{e.ID, busyHere}}
	case screen.Hangup:
		return []Command{End(e)}
	case screen.ToggleMute:
		if line, ok := s.Line(e.ID); ok {
			return []Command{Mute{e.ID, !line.Muted}}
		}
	case screen.ToggleHold:
		return planHold(s, e.ID)
	case screen.Swap:
		if line, _ := s.Line(e.ID); line.Busy {
			return nil
		}
		return []Command{Resume{ID: e.ID, Hold: s.Talking(e.ID)}}
	}
	return nil
}

// planTake disturbs no call for one that has gone: what asks may be a notification that was left over.
func planTake(s screen.Snapshot, c Accept) []Command {
	if line, _ := s.Line(c.ID); line.RingsHere() {
		return []Command{c}
	}
	return nil
}

func planHold(s screen.Snapshot, id string) []Command {
	switch line, ok := s.Line(id); {
	case !ok || line.Busy || !line.Established():
		return nil
	case line.HeldLocal:
		return []Command{Resume{ID: id, Hold: s.Talking(id)}}
	}
	return []Command{Hold{id}}
}

// joined lists all calls the user takes part in, without one of them.
func joined(s screen.Snapshot, without string) []string {
	var ids []string
	for _, l := range s.Lines() {
		if l.ID != without {
			ids = append(ids, l.ID)
		}
	}
	return ids
}
