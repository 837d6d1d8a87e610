package ua

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua/internal/recording"
)

// act is a call of a method of the API, with what it was given: the input by which people and programs come in.
type act struct {
	Do      string           `json:"do"`           // which of deeds
	ID      string           `json:"id,omitempty"` // of the call, subscription or publication
	Target  string           `json:"target,omitempty"`
	Code    int              `json:"code,omitempty"`
	On      bool             `json:"on,omitempty"`
	Text    string           `json:"text,omitempty"`
	Body    []byte           `json:"body,omitempty"`
	Invite  inviteArgs       `json:"invite,omitzero"`
	Message MessageOptions   `json:"message,omitzero"`
	Watch   SubscribeOptions `json:"subscribe,omitzero"`
	Publish PublishOptions   `json:"publish,omitzero"`

	token  string       // is not recorded
	answer replier      // takes the outcome to who waits; may be nil
	over   func() error // not nil once he no longer waits; may be nil
	made   string       // ID of what the deed has made; belongs to the loop
}

// replier takes the outcome of an act: once, in the turn of the act or in a later one.
type replier func(value any, err error)

// done replies without a value.
func (r replier) done(err error) { r(nil, err) }

func (a *act) entry(*recorder) recording.Entry {
	return recording.Entry{In: recording.Act, Act: asJSON(a)}
}

// do does the deed. The answer waits for the end of the turn in which it is given.
func (a *act) do(c *core, now time.Time) {
	if a.answer != nil {
		c.agent.waiting[a] = true
	}
	deeds[a.Do](c, now, a, func(value any, err error) { c.agent.answer(a, value, err) })
}

// gone tells that who called has not waited until it was his turn.
func (a *act) gone() bool { return a.over != nil && a.over() != nil }

// decodeAct reads an act of a recording. One that nothing does is refused.
func decodeAct(text []byte) (input, error) {
	a := &act{}
	if err := json.Unmarshal(text, a); err != nil {
		return nil, err
	}
	if deeds[a.Do] == nil {
		return nil, fmt.Errorf("unknown act %q", a.Do)
	}
	return a, nil
}

// inviteArgs are InviteOptions as they are recorded: without what only the media engine sees.
type inviteArgs InviteOptions

type recordedInvite struct {
	DisplayName string   `json:",omitempty"`
	Headers     []Header `json:",omitempty"`
	Privacy     bool     `json:",omitempty"`
	Redirect    bool     `json:",omitempty"` // there is a function
}

// MarshalJSON writes what a replay needs.
func (a inviteArgs) MarshalJSON() ([]byte, error) {
	return json.Marshal(recordedInvite{DisplayName: a.DisplayName, Headers: a.Headers, Privacy: a.Privacy, Redirect: a.Redirect != nil})
}

// UnmarshalJSON reads what MarshalJSON has written.
func (a *inviteArgs) UnmarshalJSON(data []byte) error {
	var r recordedInvite
	if err := json.Unmarshal(data, &r); err != nil {
		return err
	}
	*a = inviteArgs{DisplayName: r.DisplayName, Headers: r.Headers, Privacy: r.Privacy}
	if r.Redirect {
		a.Redirect = never
	}
	return nil
}

// never stands for a function of the application in a replay, where the answers are those of the recording.
func never([]Address) (Address, bool) { return Address{}, false }

// deed does what a method of the API wants.
type deed func(c *core, now time.Time, a *act, reply replier)

// deeds are all of them, by the name that stands in recordings.
var deeds = map[string]deed{
	"run": func(c *core, now time.Time, _ *act, reply replier) {
		c.start(now)
		reply.done(nil)
	},
	"stop":       func(c *core, now time.Time, _ *act, reply replier) { c.stop(now, func() { reply.done(nil) }) },
	"close":      func(c *core, now time.Time, _ *act, _ replier) { c.shut(now) },
	"register":   func(c *core, now time.Time, _ *act, reply replier) { c.registerNow(now, reply.done) },
	"unregister": func(c *core, now time.Time, _ *act, reply replier) { c.unregister(now, reply.done) },
	"wake":       func(c *core, now time.Time, _ *act, _ replier) { c.wake(now) },
	"token": func(c *core, _ time.Time, a *act, _ replier) {
		c.setToken(cmp.Or(a.token, c.cfg.Account.Token)) // a recording has none
	},
	"export": func(c *core, now time.Time, _ *act, reply replier) { reply(c.export(now)) },
	"invite": func(c *core, now time.Time, a *act, reply replier) {
		s, err := c.call(now, a.Target, InviteOptions(a.Invite))
		if err != nil {
			reply.done(err)
			return
		}
		reply(s.handle, nil)
	},
	"capabilities": func(c *core, now time.Time, a *act, reply replier) {
		c.query(now, a.Target, func(can Capabilities, err error) { reply(can, err) })
	},
	"message": func(c *core, now time.Time, a *act, reply replier) {
		c.message(now, a.Target, a.Message, func(code int, err error) { reply(code, err) })
	},
	"subscribe":   doSubscribe,
	"unsubscribe": doUnsubscribe,
	"publish":     doPublish,
	"update":      doUpdate,
	"remove":      doRemove,

	"hangup": func(c *core, now time.Time, a *act, reply replier) {
		if s := c.sessionByID(a.ID); s != nil {
			s.hangup(now)
		}
		reply.done(nil)
	},
	"accept": inCall(func(s *session, now time.Time, _ *act, reply replier) { s.accept(now, reply.done) }),
	"reject": inCall(func(s *session, now time.Time, a *act, reply replier) {
		reply.done(s.decline(now, a.Code, RejectOptions{Reason: a.Text, Target: a.Target}))
	}),
	"hold":     inCall(func(s *session, now time.Time, _ *act, reply replier) { s.hold(now, true, reply.done) }),
	"resume":   inCall(func(s *session, now time.Time, _ *act, reply replier) { s.hold(now, false, reply.done) }),
	"progress": inCall(func(s *session, now time.Time, _ *act, reply replier) { s.progress(now, reply.done) }),
	"mute": inCall(func(s *session, _ time.Time, a *act, reply replier) {
		s.mute(a.On)
		reply.done(nil)
	}),
	"DTMF":         inCall(func(s *session, now time.Time, a *act, reply replier) { s.sendDTMF(now, a.Text, reply.done) }),
	"DTMF by INFO": inCall(func(s *session, now time.Time, a *act, reply replier) { s.sendInfoDTMF(now, a.Text, reply.done) }),
	"options": inCall(func(s *session, now time.Time, _ *act, reply replier) {
		s.query(now, func(can Capabilities, err error) { reply(can, err) })
	}),
	"stats": inCall(func(s *session, _ time.Time, _ *act, reply replier) {
		s.stats(func(stats media.Stats, err error) { reply(stats, err) })
	}),
	"transfer":        inCall(func(s *session, now time.Time, a *act, reply replier) { s.transferBlind(now, a.Target, reply.done) }),
	"cancel transfer": inCall(func(s *session, now time.Time, _ *act, reply replier) { s.cancelTransfer(now, reply.done) }),
	"transfer to": inCall(func(s *session, now time.Time, a *act, reply replier) {
		s.transferAttended(now, s.c.sessionByID(a.Target), reply.done)
	}),
}

// inCall makes the deed of a method of Call. A call that has ended takes nothing more.
func inCall(f func(s *session, now time.Time, a *act, reply replier)) deed {
	return func(c *core, now time.Time, a *act, reply replier) {
		s := c.sessionByID(a.ID)
		if s == nil || s.info.State == CallEnded {
			reply.done(ErrState)
			return
		}
		f(s, now, a, reply)
	}
}

func (c *core) sessionByID(id string) *session {
	i := slices.IndexFunc(c.sessions, func(s *session) bool { return s.info.ID == id })
	if i < 0 {
		return nil
	}
	return c.sessions[i]
}

// undo is the act that takes back what another one has made, because nobody waits for it any more.
type undo struct {
	of *act
	by string // the deed
}

func (u undo) act() *act                         { return &act{Do: u.by, ID: u.of.made} }
func (u undo) do(c *core, now time.Time)         { u.act().do(c, now) }
func (u undo) entry(r *recorder) recording.Entry { return u.act().entry(r) }
