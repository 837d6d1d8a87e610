package phone

import (
	"slices"
	"strings"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/reason"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

func (e Told) reduce(s screen.Snapshot) screen.Snapshot {
	s = s.AsOf(e.At)
	switch e := e.Event.(type) {
	case ua.ConnectionEvent:
		return reduceConnection(s, e.ConnectionInfo)
	case ua.RegistrationEvent:
		return reduceRegistration(s, e.RegistrationInfo)
	case ua.IncomingCallEvent:
		return moved(s, e.Info)
	case ua.TransferEvent:
		return reduceTransferEvent(s, e)
	case ua.CallEvent:
		if e.Info.State == ua.CallEnded {
			return ended(s, e.Info)
		}
		return moved(s, e.Info)
	}
	return s
}

// moved puts the new state of a call into its line, or makes one.
func moved(s screen.Snapshot, info ua.CallInfo) screen.Snapshot {
	old, known := s.Line(info.ID)
	line := old
	line = withInfo(s, line, info)
	if info.HeldLocal && !old.HeldLocal {
		line.HeldSince = s.Now
	}
	if !known {
		line.Refused = line.RingsHere() && s.DoNotDisturb
		line.Answering = line.RingsHere() && answersItself(s) && line.AnswersAt.IsZero()
		line.Behind = behind(s.Placed.Target, info)
		s.Calls.All = append(slices.Clip(s.Calls.All), line)
	} else {
		s = s.WithLine(info.ID, func(l *screen.Line) { *l = line })
	}
	s.Live = announced(s, old, line, known)
	if line.Trouble != "" && line.Trouble != old.Trouble {
		s = s.WithProblem(reason.Trouble(line, info.Trouble))
	}
	s = joinTransfer(s, line)
	return staged(s, old, line, known)
}

// withInfo is a line with the news of its call. Who hides the number is called so in the user's language.
func withInfo(s screen.Snapshot, line screen.Line, info ua.CallInfo) screen.Line {
	line.Call, line.Withheld = shownCall(info), ""
	if who, hides := history.Withheld(info.Remote); hides {
		line.Remote, line.Withheld = screen.Address(who), s.Language.Say(text.Hidden)
	}
	return line
}

// staged brings a call to the stage that the user has just made or answered.
func staged(s screen.Snapshot, old, line screen.Line, known bool) screen.Snapshot {
	if line.Successor != "" {
		return s
	}
	joined := !line.RingsHere() && (!known || old.RingsHere())
	if joined {
		s = s.Unexplained()
		s.Active, s.Adding, s.Keypad = line.ID, false, false
		s.Page, s.Transfer.Done = screen.PagePhone, text.Sentence{}
		if s.Transfer.Step == screen.TransferChoosing {
			s.Transfer = s.Transfer.Anew(screen.TransferNone, "")
		}
		return s
	}
	if line.ID == s.Active || line.RingsHere() {
		return s
	}
	if stage, ok := s.Stage(); !ok || stage.HeldLocal && line.Established() && !line.HeldLocal && old.HeldLocal {
		s.Active = line.ID // resumed from elsewhere
	}
	return s
}

// announced is what a screen reader is told about a move of a call.
func announced(s screen.Snapshot, old, line screen.Line, known bool) text.Sentence {
	name := line.Name()
	switch {
	case line.Refused:
		return s.Live
	case line.RingsHere() && !known:
		return text.Say(text.LiveIncoming, "name", name)
	case line.State == screen.CallRinging && old.State != screen.CallRinging:
		return text.Say(text.LiveRinging, "name", name)
	case line.Established() && !old.Established():
		return text.Say(text.LiveConnected, "name", name)
	case known && line.Asserted && line.Remote.User != old.Remote.User:
		return text.Say(text.LiveNowWith, "name", name)
	case line.HeldLocal != old.HeldLocal:
		return text.Say(choose(line.HeldLocal, text.LiveHeld, text.LiveResumed), "name", name)
	case line.HeldRemote != old.HeldRemote:
		return text.Say(choose(line.HeldRemote, text.LiveHeldRemote, text.LiveResumed), "name", name)
	case line.Muted != old.Muted:
		return text.Say(choose(line.Muted, text.Muted, text.Unmuted))
	}
	return s.Live
}

// ended takes a call off the screen.
func ended(s screen.Snapshot, info ua.CallInfo) screen.Snapshot {
	old, _ := s.Line(info.ID)
	line := old
	line = withInfo(s, line, info)
	s.Calls.All = slices.DeleteFunc(slices.Clone(s.Calls.All), func(l screen.Line) bool { return l.ID == info.ID })
	cause := info.Cause
	if missed(line, cause.Kind) {
		s.Missed++
	}
	if why, ok := reason.Call(line, cause); ok {
		s = explained(s, screen.Ended{Line: line, Why: why, Code: cause.Code, Reason: cause.Reason,
			Tone: choose(cause.Kind == ua.CauseBusy, screen.BusyTone, screen.ErrorTone)})
		s.Live = text.Sentence{} // the explanation is an alert of its own
	} else if missed(line, cause.Kind) && !line.Refused {
		s.Live = text.Say(text.LiveMissed, "name", line.Name())
	} else if !line.Refused && cause.Kind != ua.CauseTransferred && line.Successor == "" {
		s.Live = text.Say(text.LiveEnded, "name", line.Name())
	}
	s = unsucceeded(s, info.ID).WithoutHandover(func(h screen.Handover) bool { return h.Call == info.ID })
	if s.Active == info.ID {
		s.Active, s.Keypad = nextStage(s.Lines()), false
	}
	if len(s.Lines()) == 0 {
		s.Adding, s.Audio = false, false
	}
	return endTransfer(endDoubt(s, line, cause.Kind), line, cause)
}

// nextStage is the call that takes the stage when the one on it has ended: one that talks, else the youngest.
func nextStage(lines []screen.Line) string {
	if len(lines) == 0 {
		return ""
	}
	for _, l := range lines {
		if !l.HeldLocal {
			return l.ID
		}
	}
	return lines[len(lines)-1].ID
}

// missed tells whether the call rang here and nobody took it, on this device or another.
func missed(l screen.Line, why ua.CauseKind) bool {
	if l.Direction != screen.Incoming || !l.Answered.IsZero() {
		return false
	}
	return l.Refused || why != ua.CauseAnsweredElsewhere && why != ua.CauseRejectedLocal
}

func (e Failed) reduce(s screen.Snapshot) screen.Snapshot {
	s = s.AsOf(e.At)
	switch c := e.Command.(type) {
	case Accept:
		s = s.WithLine(c.ID, func(l *screen.Line) { l.Answering = false })
	case Start:
		s = loggedOut(s)
		s.Login.Error = reason.Error(e.Err)
		return s
	case HandOver:
		return failedTransfer(s, c.ID, e.Err)
	case Connect:
		return failedTransfer(s, c.ID, e.Err)
	case Tone:
		return toneFailed(s, c)
	case Invite:
		if s.Transfer.Step == screen.TransferAsking && s.Transfer.Other == "" && s.Transfer.Target == c.Target {
			return transferFailed(s, reason.Error(e.Err))
		}
		return explained(s, screen.Ended{Line: lineTo(c.Target, e.At), Why: reason.Error(e.Err), Tone: screen.ErrorTone})
	}
	if harmless(e.Err) {
		return s
	}
	return s.WithProblem(reason.Error(e.Err))
}

// toneFailed takes a digit back that nobody has heard: what is shown was sent.
func toneFailed(s screen.Snapshot, tone Tone) screen.Snapshot {
	line, ok := s.Line(tone.ID)
	at := strings.LastIndex(line.Digits, tone.Digit)
	if !ok || line.State >= screen.CallEnding || at < 0 {
		return s
	}
	s = s.WithLine(tone.ID, func(l *screen.Line) { l.Digits = l.Digits[:at] + l.Digits[at+len(tone.Digit):] })
	return s.WithProblem(text.Say(text.ToneFailed, "digit", tone.Digit))
}

// lineTo stands for a call that could not even be made.
func lineTo(target string, at time.Time) screen.Line {
	return screen.Line{Call: screen.Call{Direction: screen.Outgoing, State: screen.CallEnded, Dialled: target, Started: at}}
}

func (e Tick) reduce(s screen.Snapshot) screen.Snapshot {
	before := s.Now
	s = s.AsOf(e.At)
	return answeredLater(doubted(outlasted(outlived(s))), before)
}

func (e Measured) reduce(s screen.Snapshot) screen.Snapshot {
	s.Doubt = heard(s.Doubt, e)
	stats := statsOf(e.Stats)
	return s.WithLine(e.ID, func(l *screen.Line) {
		if l.Measured {
			l.Quality = followed(l.Quality, l.Stats, stats)
		}
		l.Stats, l.Measured = stats, true
	})

}
