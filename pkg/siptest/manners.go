//go:build !js

package siptest

import (
	"errors"
	"strings"
	"sync/atomic"
)

// manners are how servers in the field treat an offer that is not as they expect it.
type manners struct {
	needsCandidates bool // an offer without candidates is refused
	noRestart       bool // new ICE credentials are answered without ICE, recvonly; so is an offer without candidates
	refusesRestart  bool // new ICE credentials are refused
	halfApplies     bool // what was refused counts nevertheless: deaf and mute until an offer comes with what was in use
	zeroIsHold      bool // c=0.0.0.0 is the hold of RFC 2543, whatever else the offer says
	firstConnection bool // what it sends goes to the connection the call began on, alive or not
}

// mannersOf are those of the numbers. The echo takes everything.
var mannersOf = map[string]manners{
	restartNumber: {noRestart: true, zeroIsHold: true},
	strictNumber:  {needsCandidates: true},
	halfNumber:    {needsCandidates: true, refusesRestart: true, halfApplies: true, firstConnection: true},
}

var errRefused = errors.New("siptest: an offer that this number does not take")

// inUse is what an offer is compared with.
type inUse struct {
	ufrag string // of the other side, in the last offer that was answered
	local []byte // the last answer
	deaf  atomic.Bool
}

// judge decides on an offer in a running call. A nil answer means that it is to be taken as usual.
func (c *peerCall) judge(info offerInfo) (answer []byte, err error) {
	m, use := mannersOf[c.info.Number], &c.inUse
	restart := use.ufrag != "" && info.ufrag != use.ufrag
	switch {
	case m.needsCandidates && info.candidates == 0, m.refusesRestart && restart:
		use.deaf.Store(m.halfApplies && use.ufrag != "")
		return nil, errRefused
	case m.noRestart && use.local != nil && (restart || info.candidates == 0):
		c.media.setDirection("recvonly")
		return withoutICE(withDirection(use.local, "recvonly")), nil
	}
	use.deaf.Store(false)
	return nil, nil
}

// settle notes what was agreed on.
func (c *peerCall) settle(info offerInfo, answer []byte) {
	c.inUse.ufrag, c.inUse.local = info.ufrag, answer
}

// withoutICE takes everything about ICE out of a description.
func withoutICE(description []byte) []byte {
	var kept strings.Builder
	for line := range strings.Lines(string(description)) {
		name, _, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		switch name {
		case "a=ice-ufrag", "a=ice-pwd", "a=ice-options", "a=candidate", "a=end-of-candidates":
		default:
			kept.WriteString(line)
		}
	}
	return []byte(kept.String())
}
