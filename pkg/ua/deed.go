package ua

import (
	"cmp"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
)

// deed does what a method of the API wants. There is one for each, a variable of its own: what a program does not call is not
// linked.
type deed struct {
	name string // as it stands in recordings
	do   func(c *core, now time.Time, a *act, reply replier)
	// call stands in place of do for the methods of Call: a call that has ended takes nothing more.
	call func(s *session, now time.Time, a *act, reply replier)
	undo *deed // takes back what was begun when nobody waits for it any more; nil: it goes on
}

func (d *deed) perform(c *core, now time.Time, a *act, reply replier) {
	if d.do != nil {
		d.do(c, now, a, reply)
		return
	}
	s := c.sessionByID(a.ID)
	if s == nil || s.info.State == CallEnded {
		reply.done(ErrState)
		return
	}
	d.call(s, now, a, reply)
}

var (
	runDeed = &deed{name: "run", do: func(c *core, now time.Time, _ *act, reply replier) {
		c.start(now)
		reply.done(nil)
	}}
	stopDeed = &deed{name: "stop", do: func(c *core, now time.Time, _ *act, reply replier) {
		c.stop(now, func() { reply.done(nil) })
	}}
	closeDeed    = &deed{name: "close", do: func(c *core, now time.Time, _ *act, _ replier) { c.shut(now) }}
	registerDeed = &deed{name: "register", do: func(c *core, now time.Time, _ *act, reply replier) {
		c.registerNow(now, reply.done)
	}}
	unregisterDeed = &deed{name: "unregister", do: func(c *core, now time.Time, _ *act, reply replier) {
		c.unregister(now, reply.done)
	}}
	wakeDeed  = &deed{name: "wake", do: func(c *core, now time.Time, _ *act, _ replier) { c.wake(now) }}
	tokenDeed = &deed{name: "token", do: func(c *core, _ time.Time, a *act, _ replier) {
		c.setToken(cmp.Or(a.token, c.cfg.Account.Token)) // a recording has none
	}}
	renewMediaDeed = &deed{name: "renew media", do: func(c *core, now time.Time, _ *act, _ replier) { c.renewMedia(now) }}
	exportDeed     = &deed{name: "export", do: func(c *core, now time.Time, _ *act, reply replier) { reply(c.export(now)) }}
	farewellDeed   = &deed{name: "farewell", do: func(c *core, now time.Time, _ *act, reply replier) {
		reply(c.farewell(now), nil)
	}}
	inviteDeed = &deed{name: "invite", undo: hangupDeed, do: func(c *core, now time.Time, a *act, reply replier) {
		s, err := c.call(now, a.Target, InviteOptions(a.Invite))
		if err != nil {
			reply.done(err)
			return
		}
		a.made = s.info.ID
		reply(s.handle, nil)
	}}
	capabilitiesDeed = &deed{name: "capabilities", do: func(c *core, now time.Time, a *act, reply replier) {
		c.query(now, a.Target, func(can Capabilities, err error) { reply(can, err) })
	}}
	messageDeed = &deed{name: "message", do: func(c *core, now time.Time, a *act, reply replier) {
		c.message(now, a.Target, a.Message, func(code int, err error) { reply(code, err) })
	}}
	subscribeDeed   = &deed{name: "subscribe", do: doSubscribe, undo: unsubscribeDeed}
	unsubscribeDeed = &deed{name: "unsubscribe", do: doUnsubscribe}
	publishDeed     = &deed{name: "publish", do: doPublish, undo: removeDeed}
	updateDeed      = &deed{name: "update", do: doUpdate}
	removeDeed      = &deed{name: "remove", do: doRemove}
	hangupDeed      = &deed{name: "hangup", do: func(c *core, now time.Time, a *act, reply replier) {
		if s := c.sessionByID(a.ID); s != nil {
			s.hangup(now)
		}
		reply.done(nil)
	}}
	acceptDeed = &deed{name: "accept", undo: unacceptDeed, call: func(s *session, now time.Time, _ *act, reply replier) {
		s.accept(now, reply.done)
	}}
	unacceptDeed = &deed{name: "accept no more", call: func(s *session, _ time.Time, _ *act, reply replier) {
		s.unaccept()
		reply.done(nil)
	}}
	rejectDeed = &deed{name: "reject", call: func(s *session, now time.Time, a *act, reply replier) {
		reply.done(s.decline(now, a.Code, RejectOptions{Reason: a.Text, Target: a.Target}))
	}}
	holdDeed = &deed{name: "hold", call: func(s *session, now time.Time, _ *act, reply replier) {
		s.hold(now, true, reply.done)
	}}
	resumeDeed = &deed{name: "resume", call: func(s *session, now time.Time, _ *act, reply replier) {
		s.hold(now, false, reply.done)
	}}
	unprogressDeed = &deed{name: "progress no more", call: func(s *session, _ time.Time, _ *act, reply replier) {
		s.unprogress()
		reply.done(nil)
	}}
	progressDeed = &deed{name: "progress", undo: unprogressDeed, call: func(s *session, now time.Time, _ *act, reply replier) {
		s.progress(now, reply.done)
	}}
	muteDeed = &deed{name: "mute", call: func(s *session, _ time.Time, a *act, reply replier) {
		s.mute(a.On)
		reply.done(nil)
	}}
	dtmfDeed = &deed{name: "DTMF", call: func(s *session, now time.Time, a *act, reply replier) {
		s.sendDTMF(now, a.Text, reply.done)
	}}
	infoDTMFDeed = &deed{name: "DTMF by INFO", call: func(s *session, now time.Time, a *act, reply replier) {
		s.sendInfoDTMF(now, a.Text, reply.done)
	}}
	optionsDeed = &deed{name: "options", call: func(s *session, now time.Time, _ *act, reply replier) {
		s.query(now, func(can Capabilities, err error) { reply(can, err) })
	}}
	statsDeed = &deed{name: "stats", call: func(s *session, _ time.Time, _ *act, reply replier) {
		s.stats(func(stats media.Stats, err error) { reply(stats, err) })
	}}
	transferDeed = &deed{name: "transfer", call: func(s *session, now time.Time, a *act, reply replier) {
		s.transferBlind(now, a.Target, reply.done)
	}}
	cancelTransferDeed = &deed{name: "cancel transfer", call: func(s *session, now time.Time, _ *act, reply replier) {
		s.cancelTransfer(now, reply.done)
	}}
	transferToDeed = &deed{name: "transfer to", call: func(s *session, now time.Time, a *act, reply replier) {
		s.transferAttended(now, s.c.sessionByID(a.Target), reply.done)
	}}
)

// deeds are all of them, for a replay; a test finds one that is missing.
func deeds() []*deed {
	return []*deed{
		runDeed, stopDeed, closeDeed, registerDeed, unregisterDeed, wakeDeed, renewMediaDeed, tokenDeed, exportDeed,
		farewellDeed, inviteDeed,
		capabilitiesDeed, messageDeed, subscribeDeed, unsubscribeDeed, publishDeed, updateDeed, removeDeed, hangupDeed,
		acceptDeed, unacceptDeed, rejectDeed, holdDeed, resumeDeed, progressDeed, unprogressDeed,
		muteDeed, dtmfDeed, infoDTMFDeed, optionsDeed, statsDeed,
		transferDeed, cancelTransferDeed, transferToDeed,
	}
}

// deedNamed finds a deed by its name in a recording, nil when there is none.
func deedNamed(name string) *deed {
	for _, d := range deeds() {
		if d.name == name {
			return d
		}
	}
	return nil
}
