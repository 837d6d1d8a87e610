package phone

import (
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/number"
)

// How much of what strangers write is shown and kept, in characters.
const (
	maxShownName   = 80
	maxShownNumber = 128
	maxShownReason = 120
)

// presentable is an event of the user agent whose texts can be shown anywhere: on one line, cut, and without what turns a
// line round. Whoever calls, and each server on the way, writes what it likes into them.
func presentable(event ua.Event) ua.Event {
	switch e := event.(type) {
	case ua.IncomingCallEvent:
		e.Info = presentableCall(e.Info)
		return e
	case ua.CallEvent:
		e.Info = presentableCall(e.Info)
		return e
	case ua.ConnectionEvent:
		e.Cause.Reason = number.OneLine(e.Cause.Reason, maxShownReason)
		return e
	case ua.RegistrationEvent:
		e.Cause.Reason = number.OneLine(e.Cause.Reason, maxShownReason)
		return e
	}
	return event
}

func presentableCall(call ua.CallInfo) ua.CallInfo {
	for _, a := range []*ua.Address{&call.Remote, &call.DivertedFrom, &call.ReferredBy, &call.MovedTo} {
		*a = presentableAddress(*a)
	}
	call.AlertInfo = number.OneLine(call.AlertInfo, maxShownReason)
	call.Cause.Reason = number.OneLine(call.Cause.Reason, maxShownReason)
	call.Trouble.Reason = number.OneLine(call.Trouble.Reason, maxShownReason)
	return call
}

func presentableAddress(a ua.Address) ua.Address {
	return ua.Address{
		DisplayName: number.OneLine(a.DisplayName, maxShownName),
		URI:         number.OneLine(a.URI, 2*maxShownNumber),
		User:        number.OneLine(a.User, maxShownNumber),
		Host:        number.OneLine(a.Host, maxShownNumber),
	}
}
