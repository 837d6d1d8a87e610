package ua

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/gowebphone/webphone/pkg/ua/internal/recording"
)

// act is a call of a method of the API, with what it was given: the input by which people and programs come in.
type act struct {
	Name    string           `json:"do"`           // of the deed, in a recording
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

	deed   *deed
	token  string       // is not recorded
	answer replier      // takes the outcome to who waits; may be nil
	over   func() error // not nil once he no longer waits; may be nil
	taken  *atomic.Bool // by the loop, or by who has called and waits no more: whoever is first; nil as over is
	made   string       // ID of what the deed has made; belongs to the loop
}

// replier takes the outcome of an act: once, in the turn of the act or in a later one.
type replier func(value any, err error)

// done replies without a value.
func (r replier) done(err error) { r(nil, err) }

func (a *act) entry(*recorder) recording.Entry {
	a.Name = a.deed.name
	return recording.Entry{In: recording.Act, Act: asJSON(a)}
}

// do does the deed. The answer waits for the end of the turn in which it is given.
func (a *act) do(c *core, now time.Time) {
	if a.answer != nil {
		c.agent.waiting[a] = true
	}
	a.deed.perform(c, now, a, func(value any, err error) { c.agent.answer(a, value, err) })
}

// wanted takes the act for the loop, unless who called has not waited until it was his turn.
func (a *act) wanted(*UserAgent) bool { return a.over == nil || a.over() == nil && a.take() }

// take decides who has the act, once.
func (a *act) take() bool { return a.taken.CompareAndSwap(false, true) }

// decodeAct reads an act of a recording. One that nothing does is refused.
func decodeAct(text []byte) (input, error) {
	a := &act{}
	if err := json.Unmarshal(text, a); err != nil {
		return nil, err
	}
	if a.deed = deedNamed(a.Name); a.deed == nil {
		return nil, fmt.Errorf("unknown act %q", a.Name)
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
	return json.Marshal(recordedInvite{DisplayName: a.DisplayName, Headers: a.Headers, Privacy: a.Privacy,
		Redirect: a.Redirect != nil})
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

func (c *core) sessionByID(id string) *session {
	i := slices.IndexFunc(c.sessions, func(s *session) bool { return s.info.ID == id })
	if i < 0 {
		return nil
	}
	return c.sessions[i]
}

// undo is the act that takes back what another one has begun, because nobody waits for it any more. What has its answer already
// stays as it is.
type undo struct{ of *act }

// errUndone is the answer of an act that was taken back.
var errUndone = errors.New("ua: taken back")

func (u undo) wanted(a *UserAgent) bool          { return a.waiting[u.of] }
func (u undo) act() *act                         { return &act{deed: u.of.deed.undo, ID: cmp.Or(u.of.made, u.of.ID)} }
func (u undo) entry(r *recorder) recording.Entry { return u.act().entry(r) }
func (u undo) do(c *core, now time.Time) {
	c.agent.answer(u.of, nil, errUndone)
	u.act().do(c, now)
}
