package ua

import (
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// q850 sorts the causes of the telephone network (ITU-T Q.850, in Reason by RFC 3326 and RFC 6432) that say more than a status
// code does. 16 and 31, a normal end, say less.
var q850 = map[int]CauseKind{
	1: CauseNotFound, 2: CauseNotFound, 3: CauseNotFound, 22: CauseNotFound, 23: CauseNotFound, 28: CauseNotFound,
	17: CauseBusy,
	18: CauseNoAnswer, 19: CauseNoAnswer, 102: CauseNoAnswer,
	20: CauseUnavailable, 27: CauseUnavailable,
	21: CauseRejected, 24: CauseRejected,
	34: CauseServer, 38: CauseServer, 41: CauseServer, 42: CauseServer, 43: CauseServer, 44: CauseServer, 47: CauseServer,
	58: CauseServer,
	63: CauseServer,
	65: CauseNotAcceptable, 79: CauseNotAcceptable, 88: CauseNotAcceptable,
}

// freeSWITCH sorts the causes that FreeSWITCH numbers by itself, beyond those of SIP, and sends as SIP;cause=.
var freeSWITCH = map[int]CauseKind{
	806: CauseUnavailable, 807: CauseNoAnswer, 812: CauseNoAnswer, 815: CauseBusy, 816: CauseRejected, 817: CauseNotFound,
	818: CauseNotAcceptable,
	819: CauseRejected,
}

// selected is the Q.850 cause of a call that another telephone has taken ("non-selected user clearing").
const selected = 26

// told is what a Reason header says. It is exact where it is a cause of the telephone network: a SIP status in it says no more
// than one in a response does.
type told struct {
	kind  CauseKind
	exact bool
}

// reasonKind sorts a message by its Reason headers, the first that says something. It is not ok without one.
func reasonKind(m wire.Message) (told, bool) {
	for _, r := range reasons(m) {
		switch kind, known := kindOf(r); {
		case takenElsewhere(r):
			return told{CauseAnsweredElsewhere, true}, true
		case known:
			return told{kind, r.Protocol == "Q.850" || r.Cause > 699}, true
		}
	}
	return told{}, false
}

func kindOf(r wire.ReasonValue) (kind CauseKind, known bool) {
	switch {
	case r.Protocol == "Q.850":
		kind, known = q850[r.Cause]
	case r.Protocol != "SIP":
	case r.Cause >= 500 && r.Cause < 600:
		return CauseServer, true
	case r.Cause > 699:
		kind, known = freeSWITCH[r.Cause]
	default:
		kind, known = kinds[r.Cause]
	}
	return kind, known && kind != CauseAuth && kind != CauseCancelled
}

// takenElsewhere tells of a call that another device of the same user has answered.
func takenElsewhere(r wire.ReasonValue) bool {
	return r.Protocol == "SIP" && r.Cause == 200 || r.Protocol == "Q.850" && r.Cause == selected
}

// reasons are those that can be read.
func reasons(m wire.Message) []wire.ReasonValue {
	list, _ := wire.Reasons(m)
	return list
}
