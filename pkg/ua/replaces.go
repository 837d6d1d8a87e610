package ua

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// ReplacedEvent tells that an incoming call takes the place of one we have (RFC 3891), usually because the other side
// transferred it. Config.AcceptReplaces has agreed. New is answered by itself with the mute and hold state of Old, and Old ends.
// Info is that of New; no IncomingCallEvent comes for it. After a reload of the page (Config.Restore) New may also be a call of
// ours that takes the place of one whose dialog could not be reached.
type ReplacedEvent struct {
	Old, New *Call
	Info     CallInfo
}

func (ReplacedEvent) event() {}

// recentlyEnded is how many dialogs that have ended are remembered, to be able to say 603 to who wants to replace one.
const recentlyEnded = 32

// maxDismissing is how many dialogs that no call wants may be ended at a time with care for the answer. Of a flood of 2xx the
// others get a BYE that nobody follows up.
const maxDismissing = 16

// dismiss ends a dialog that no call wants, unless it has ended before.
func (c *core) dismiss(now time.Time, d *dialog) {
	if !slices.Contains(c.gone, d.id) {
		c.remember(d.id)
		if c.dismissing >= maxDismissing {
			c.send(c.finish(c.dialogRequest(d, sip.BYE, d.next()), "", nil))
			return
		}
		c.dismissing++
		c.sendBye(now, d, func(time.Time, *wire.Response, error) { c.dismissing-- })
	}
}

// remember keeps the name of a dialog that has ended. The strings are copies: parts of a message would keep all of it.
func (c *core) remember(id dialogID) {
	if len(c.gone) >= recentlyEnded {
		c.gone = slices.Delete(c.gone, 0, 1)
	}
	c.gone = append(c.gone, dialogID{strings.Clone(id.callID), strings.Clone(id.local), strings.Clone(id.remote)})
}

// replaced looks for the call an INVITE with Replaces wants to take over (RFC 3891 section 3). Code 0 with no call means that
// the INVITE has no such wish.
func (c *core) replaced(req *wire.Request) (old *session, code int) {
	id, err := wire.Replaces(req)
	if errors.Is(err, wire.ErrAbsent) {
		return nil, 0
	}
	if err != nil || req.GetHeader("Join") != nil {
		return nil, sip.StatusBadRequest
	}
	key := dialogID{id.CallID, id.ToTag, id.FromTag}
	d := c.dialogs[key]
	if d == nil || d.session == nil {
		if slices.Contains(c.gone, key) {
			return nil, sip.StatusGlobalDecline
		}
		return nil, sip.StatusCallTransactionDoesNotExists
	}
	s := d.session
	confirmed := s.dlg == d && s.stx == nil
	switch {
	case s.over():
		return nil, sip.StatusGlobalDecline
	case confirmed && id.EarlyOnly:
		return nil, sip.StatusBusyHere
	case !confirmed && s.info.Direction == Incoming: // only who sent the INVITE may give up an early dialog
		return nil, sip.StatusCallTransactionDoesNotExists
	case s.successor != nil:
		return nil, sip.StatusBusyHere
	}
	return s, 0
}

// askReplace asks whether an incoming call may take the place of old, and takes over when it may. Until then only a 100 goes
// back: it does not ring.
func (c *core) askReplace(now time.Time, stx *txn.Server, old *session) {
	req := stx.Request()
	from := req.From()
	about := ReferRequest{Call: old.handle, Info: old.info, Target: addressOf(from.DisplayName, from.Address),
		ReferredBy: c.referredBy(req), Attended: true}
	old.ask(now, stx, aboutTransfer, ringingLimit(req), c.policy(c.cfg.AcceptReplaces, about), func(now time.Time) {
		again, code := c.replaced(req) // the answer may have taken its time
		switch {
		case again != old:
			c.reply(now, stx, cmp.Or(code, sip.StatusCallTransactionDoesNotExists))
		case c.liveCalls() >= maxCalls:
			c.reply(now, stx, sip.StatusBusyHere)
		default:
			c.takeOver(now, stx, old)
		}
	})
}

// takeOver answers an incoming call in the place of old.
func (c *core) takeOver(now time.Time, stx *txn.Server, old *session) {
	s := c.newIncoming(now, stx)
	s.predecessor, old.successor = old, s
	s.info.Muted, s.info.HeldLocal = old.info.Muted, old.info.HeldLocal
	s.info.State = CallRinging
	s.cfg = old.cfg
	s.expires(now, stx.Request())
	info := s.info
	s.handle.info.Store(&info)
	c.emit(ReplacedEvent{Old: old.handle, New: s.handle, Info: info})
	s.accept(now, func(error) {})
	c.callsChanged(now)
}

// retire ends the call that this one has replaced.
func (s *session) retire(now time.Time) {
	if old := s.predecessor; old != nil {
		s.predecessor = nil
		old.terminate(now, cause(CauseTransferred, 0, ""))
	}
}
