package ua

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// savedState is what Export writes: enough to go on with answered calls after a reload of the page. It has no credentials.
type savedState struct {
	Version  int
	At       time.Time
	AOR      string
	Host     string   // of our Contact
	Hosts    []string `json:",omitempty"` // of the flows after the first
	Instance string
	CallID   string // of the registration
	FromTag  string
	Seq      uint32
	Calls    []savedCall
}

// savedCall is one answered call.
type savedCall struct {
	ID                            string
	Direction                     Direction
	Remote                        Address
	Asserted                      bool    `json:",omitempty"`
	Dialled                       text    `json:",omitempty"`
	DivertedFrom, ReferredBy      Address `json:",omitzero"`
	Started, Answered             time.Time
	HeldLocal, HeldRemote, Muted  bool          `json:",omitempty"`
	CallID, LocalTag, RemoteTag   text          // of the dialog
	LocalName, LocalURI           text          // From of our requests
	RemoteName, RemoteURI, Target text          // To of our requests, and where they go
	Routes                        []text        `json:",omitempty"`
	LocalSeq, RemoteSeq           uint32        // of the last requests
	Caller                        bool          `json:",omitempty"`
	RegID                         int           `json:",omitempty"` // of its flow, when it is not the first
	Alias                         text          `json:",omitempty"` // Contact of an anonymous call
	Timer                         time.Duration `json:",omitempty"` // session timer
	TimerOurs, Updates            bool          `json:",omitempty"`
}

// text is what others have written, byte by byte: JSON would put something else in the place of what is not UTF-8, and a
// dialog whose name has changed is lost.
type text string

// MarshalText writes it as a string of Go.
func (t text) MarshalText() ([]byte, error) { return []byte(strconv.QuoteToASCII(string(t))), nil }

// UnmarshalText reads that, and what is not quoted as it stands.
func (t *text) UnmarshalText(data []byte) error {
	s, err := strconv.Unquote(string(data))
	if err != nil {
		s = string(data)
	}
	*t = text(s)
	return nil
}

// nameText is a display name as it is saved: text of one line, because it is only shown.
func nameText(name string) text {
	return text(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(name, "\uFFFD")))
}

// uriText is a URI as it is saved. One that could not be read again, because it cannot be written, leads nowhere; the rest of
// the state is as good without it.
func uriText(uri sip.Uri) text {
	s := uri.String()
	if _, err := wire.ParseURI(s); err != nil {
		return "sip:unreadable.invalid"
	}
	return text(s)
}

const (
	savedVersion = 1
	// restoreLimit is how old a state may be: nobody waits longer for a call that is silent.
	restoreLimit = lostLimit
	// seqGap is left for requests that were sent after the state was saved (RFC 3261 section 12.2.1.1 wants numbers to
	// grow, not to be complete).
	seqGap = 100
)

// Export returns what is needed to go on with the answered calls after a reload of the page: give it to Config.Restore within a
// minute. It is sealed with Config.StateKey, without which there is an error. A page that goes away has no time to wait, so
// call it, and store the result, after every CallEvent.
func (a *UserAgent) Export() ([]byte, error) {
	sealed, err := a.ask(context.Background(), &act{deed: exportDeed})
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	return sealed.([]byte), nil
}

func (c *core) export(now time.Time) ([]byte, error) {
	nonce := c.rnd.bytes(12)
	if len(c.cfg.StateKey) == 0 {
		return nil, fmt.Errorf("%w: no StateKey to seal the state with", ErrBadConfig)
	}
	plain, err := json.Marshal(c.saved(now))
	if err != nil {
		return nil, err
	}
	return seal(c.cfg.StateKey, c.aor.String(), nonce, plain)
}

func (c *core) saved(now time.Time) savedState {
	st := savedState{Version: savedVersion, At: now, AOR: c.aor.String(), Host: c.flows[0].host, Instance: c.local.instance,
		CallID: c.head.callID, FromTag: c.head.fromTag, Seq: c.head.seq}
	for _, f := range c.flows[1:] {
		st.Hosts = append(st.Hosts, f.host)
	}
	for _, s := range c.sessions {
		if s.info.State == CallEstablished && s.dlg != nil {
			st.Calls = append(st.Calls, s.saved())
		}
	}
	return st
}

// saved is what another user agent needs to go on with this call: its dialog, and what the person sees of it.
func (s *session) saved() savedCall {
	d := s.dlg
	call := savedCall{ID: s.info.ID, Direction: s.info.Direction, Remote: s.info.Remote, Asserted: s.info.Asserted,
		Dialled: text(s.info.Dialled), DivertedFrom: s.info.DivertedFrom, ReferredBy: s.info.ReferredBy,
		Started: s.info.Started, Answered: s.info.Answered, HeldLocal: s.info.HeldLocal,
		HeldRemote: s.info.HeldRemote, Muted: s.info.Muted, CallID: text(d.id.callID), LocalTag: text(d.id.local),
		RemoteTag: text(d.id.remote), LocalName: nameText(d.local.DisplayName), LocalURI: uriText(d.local.Address),
		RemoteName: nameText(d.remote.DisplayName), RemoteURI: uriText(d.remote.Address), Target: uriText(d.target),
		LocalSeq: d.localSeq, RemoteSeq: d.remoteSeq, Caller: d.caller, Timer: s.timer.interval, TimerOurs: s.timer.ours,
		Updates: s.peerUpdates}
	if s.flow.id > 1 {
		call.RegID = s.flow.id
	}
	for _, r := range d.routes {
		call.Routes = append(call.Routes, uriText(r))
	}
	if s.alias != nil {
		call.Alias = uriText(*s.alias)
	}
	return call
}

// openState opens and checks Config.Restore.
func openState(cfg Config, aor sip.Uri) (*savedState, error) {
	if len(cfg.StateKey) == 0 {
		return nil, fmt.Errorf("%w: no StateKey to open it with", ErrBadState)
	}
	plain, err := unseal(cfg.StateKey, aor.String(), cfg.Restore)
	if err != nil {
		return nil, err
	}
	st, err := decodeState(plain)
	if err != nil {
		return nil, err
	}
	age := cfg.Now().Sub(st.At)
	switch {
	case st.AOR != aor.String():
		return nil, fmt.Errorf("%w: of another account", ErrBadState)
	case cfg.InstanceID != "" && cfg.InstanceID != st.Instance:
		return nil, fmt.Errorf("%w: of another InstanceID", ErrBadState)
	case age > restoreLimit || age < -restoreLimit:
		return nil, fmt.Errorf("%w: saved %v ago, its calls are over", ErrBadState, age.Round(time.Second))
	}
	return st, nil
}

func (st *savedState) encode() []byte {
	text, _ := json.Marshal(st)
	return text
}

// decodeState reads a state. Whatever it holds may stand in a header afterwards, so all of it is checked.
func decodeState(plain []byte) (*savedState, error) {
	var st savedState
	if err := json.Unmarshal(plain, &st); err != nil {
		return nil, fmt.Errorf("%w: not readable", ErrBadState)
	}
	ok := st.Version == savedVersion && isWord(text(st.Host)) && isWord(text(st.CallID)) && isWord(text(st.FromTag)) &&
		st.Seq < maxSeq &&
		isPlain(st.Instance) && !strings.ContainsAny(st.Instance, `<>"`) && len(st.Calls) <= maxCalls &&
		!slices.ContainsFunc(st.Hosts, func(host string) bool { return !isWord(text(host)) })
	if !ok {
		return nil, fmt.Errorf("%w: not of this version", ErrBadState)
	}
	seen := map[string]bool{}
	for i := range st.Calls {
		call := &st.Calls[i]
		if !call.valid() || seen[call.ID] || seen[call.name()] {
			return nil, fmt.Errorf("%w: call %d is damaged", ErrBadState, i)
		}
		seen[call.ID], seen[call.name()] = true, true
	}
	return &st, nil
}

// maxSeq leaves room below the largest CSeq (RFC 3261 section 8.1.1.5).
const maxSeq = 1<<31 - 1<<16

// name tells the dialog of a call from those of others.
func (call *savedCall) name() string {
	return "\n" + strconv.Quote(string(call.CallID)) + strconv.Quote(string(call.LocalTag))
}

// valid checks what will stand in a header, and what the core counts on. The seal says that the state is ours, so whatever a
// core can hold is taken: the other side chooses names, numbers and intervals, and has kept no limit that this one could
// know.
func (call *savedCall) valid() bool {
	for _, word := range []text{text(call.ID), call.CallID, call.LocalTag} {
		if !isWord(word) {
			return false
		}
	}
	if call.RemoteTag != "" && !isWord(call.RemoteTag) || !isPlain(string(call.LocalName)) || !isPlain(string(call.RemoteName)) {
		return false // a peer of RFC 2543 has no tag
	}
	uris := append([]text{call.LocalURI, call.RemoteURI, call.Target}, call.Routes...)
	if call.Alias != "" {
		uris = append(uris, call.Alias)
	}
	for _, uri := range uris {
		if _, err := wire.ParseURI(string(uri)); err != nil {
			return false
		}
	}
	return (call.Direction == Outgoing || call.Direction == Incoming) && call.LocalSeq < maxSeq && !call.Answered.IsZero() &&
		call.Timer >= 0
}

// isWord reports whether s can be a tag, Call-ID or host in a message of ours.
func isWord(s text) bool { return s != "" && !strings.ContainsAny(string(s), "\r\n\x00") }

// isPlain reports whether s is text of one line.
func isPlain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// restore goes on with a saved state. The calls wait for Run.
func (c *core) restore(st *savedState) {
	c.local.instance = st.Instance
	c.head = registerHead{callID: st.CallID, fromTag: st.FromTag, seq: st.Seq + seqGap}
	for i, host := range append([]string{st.Host}, st.Hosts...) {
		if i < len(c.flows) {
			c.flows[i].host = host
		}
	}
	for i := range st.Calls {
		c.restoreCall(&st.Calls[i])
	}
}

// restoreCall makes the session of a saved call, established and broken: what repairs a call that has lost its connection repairs
// it too. It keeps its ID, by which the application knows it.
func (c *core) restoreCall(call *savedCall) {
	s := c.newSession(call.Started, call.Direction, c.cfg.Media, c.flows[max(0, min(call.RegID, len(c.flows))-1)])
	c.agent.calls.Delete(s.info.ID)
	s.info = CallInfo{ID: call.ID, CallID: string(call.CallID), Direction: call.Direction, State: CallEstablished,
		Remote: call.Remote, Asserted: call.Asserted, Dialled: string(call.Dialled), Started: call.Started,
		DivertedFrom: call.DivertedFrom, ReferredBy: call.ReferredBy,
		Answered: call.Answered, HeldLocal: call.HeldLocal, HeldRemote: call.HeldRemote, Muted: call.Muted}
	s.handle.id = call.ID
	c.agent.calls.Store(call.ID, s.handle)
	s.restored, s.broken = true, true
	s.timer.interval, s.timer.ours, s.peerUpdates = call.Timer, call.TimerOurs, call.Updates
	s.dlg = call.dialog()
	s.dlg.session, s.dlg.flow = s, s.flow
	c.dialogs[s.dlg.id] = s.dlg
	if call.Alias != "" {
		alias, _ := wire.ParseURI(string(call.Alias))
		s.alias = &alias
	}
	info := s.info
	s.handle.info.Store(&info)
	close(s.handle.settled)
}

// tagged makes the parameters of From or To; a peer of RFC 2543 has none.
func tagged(tag text) sip.HeaderParams {
	if tag == "" {
		return nil
	}
	return sip.HeaderParams{{K: "tag", V: string(tag)}}
}

// dialog is the dialog of a saved call. Our number goes on higher than it was saved, because requests may have left since.
func (call *savedCall) dialog() *dialog {
	local, _ := wire.ParseURI(string(call.LocalURI)) // valid has checked them
	remote, _ := wire.ParseURI(string(call.RemoteURI))
	target, _ := wire.ParseURI(string(call.Target))
	d := &dialog{id: dialogID{string(call.CallID), string(call.LocalTag), string(call.RemoteTag)}, target: target,
		caller: call.Caller, local: sip.FromHeader{DisplayName: string(call.LocalName), Address: local,
			Params: tagged(call.LocalTag)},
		remote: sip.ToHeader{DisplayName: string(call.RemoteName), Address: remote, Params: tagged(call.RemoteTag)},
		// A number of zero stays zero: the other side has sent no request yet.
		localSeq: call.LocalSeq + seqGap, remoteSeq: call.RemoteSeq}
	for _, r := range call.Routes {
		uri, _ := wire.ParseURI(string(r))
		d.routes = append(d.routes, uri)
	}
	return d
}

// resume begins with Run: the restored calls wait for the connection as those do that have lost it, and get new audio.
func (c *core) resume(now time.Time) {
	for _, s := range c.snapshotSessions() {
		if s.restored && !s.over() {
			s.audio = c.openAudio(s.cfg, s.mediaState)
			s.hush()
			s.unreachable(now)
			s.changed()
		}
	}
}

// takeBack calls the other side anew in place of a call whose dialog can no longer be reached (RFC 3891): its route may
// be gone while the call is still there. The new call has the mute and hold state of the old one.
func (s *session) takeBack(now time.Time) {
	c, d := s.c, s.dlg
	id := wire.DialogID{CallID: d.id.callID, ToTag: d.id.remote, FromTag: d.id.local}
	over := explained(CauseConnectionLost, sip.StatusCallTransactionDoesNotExists, "",
		"The call did not survive the reload of the page; call again.")
	next, err := c.place(now, plain(d.remote.Address), s.info.Dialled, InviteOptions{DisplayName: d.remote.DisplayName,
		Privacy: s.alias != nil},
		[]sip.Header{sip.NewHeader("Replaces", id.String()), sip.NewHeader("Require", "replaces")})
	if err != nil {
		s.end(now, over)
		return
	}
	next.info.Muted, next.info.HeldLocal, next.info.Remote, next.info.Asserted = s.info.Muted, s.info.HeldLocal, s.info.Remote,
		s.info.Asserted
	next.hush()
	next.changed()
	c.emit(ReplacedEvent{Old: s.handle, New: next.handle, Info: next.info})
	s.end(now, cause(CauseTransferred, 0, ""))
}
