package phone

import (
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
)

// A Snapshot is plain data, which does not know the user agent. What that tells is put into its words here, as pwa/books does
// with contacts and history.

// shownCall is a call as the user agent tells of it. The words for its states are the same ones.
func shownCall(c ua.CallInfo) screen.Call {
	shown := screen.Call{
		ID: c.ID, CallID: c.CallID, State: screen.CallState(c.State), Direction: screen.Direction(c.Direction),
		Remote: screen.Address(c.Remote), Asserted: c.Asserted, Dialled: c.Dialled, Started: c.Started, Answered: c.Answered,
		EarlyMedia: c.EarlyMedia, HeldLocal: c.HeldLocal, HeldRemote: c.HeldRemote, Muted: c.Muted, Busy: c.Busy,
		MovedTo: screen.Address(c.MovedTo), DivertedFrom: screen.Address(c.DivertedFrom),
		ReferredBy: screen.Address(c.ReferredBy),
	}
	if c.AutoAnswer && c.AnswerAfter > 0 {
		shown.AnswersAt = c.Started.Add(c.AnswerAfter)
	}
	if c.Trouble.Kind != ua.CauseNone {
		shown.Trouble = c.Trouble.Error()
	}
	return shown
}

func shownConnection(c ua.ConnectionInfo) screen.Connection {
	return screen.Connection{State: screen.ConnectionState(c.State), Server: c.Server, RetryAt: c.RetryAt,
		Failed: c.Cause.Kind != ua.CauseNone}
}

func shownRegistration(r ua.RegistrationInfo) screen.Registration {
	return screen.Registration{
		State: screen.RegistrationState(r.State), RetryAt: r.RetryAt, Failed: r.Cause.Kind != ua.CauseNone, Code: r.Cause.Code}
}
