package ua

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// ReferRequest is a wish that a call goes on with somebody else: the other side asks us to call Target (Config.AcceptRefer), or
// Target calls and asks to take the place of the other side (Config.AcceptReplaces). All of it is what the network says, verified
// by nobody.
type ReferRequest struct {
	Call       *Call
	Info       CallInfo
	Target     Address // its URI is what would be called, with what exchanges hang on a number; User is the number alone
	ReferredBy Address // who arranges it (RFC 3892); zero when that is not said
	Attended   bool    // the other side has talked to Target; always so where Target calls
}

// ReferEvent tells that we have followed such a wish: New is the call to Target. The old call goes on until its other side
// ends it.
type ReferEvent struct {
	Call   *Call
	Info   CallInfo
	Target Address
	New    *Call
}

func (ReferEvent) event() {}

// referral is the subscription a REFER to us makes (RFC 3515). It outlives the call it came in (RFC 5057).
type referral struct {
	call   *session // it came in
	d      *dialog
	id     uint32 // CSeq of the REFER; 0 when it was the first in its dialog
	code   int    // last one told
	closed bool
	open   int // NOTIFYs that are not answered
}

// maxNews is how many NOTIFYs may wait for their answer: a new call whose ringing changes without end is not worth more. How it
// ends is told anyhow.
const maxNews = 4

// recvRefer takes a REFER inside the dialog.
func (s *session) recvRefer(now time.Time, d *dialog, stx *txn.Server) {
	c, req := s.c, stx.Request()
	to, err := wire.ReferTo(req)
	uri, callable := c.callable(to.Address.URI)
	switch {
	case err != nil:
		c.reply(now, stx, sip.StatusBadRequest)
		return
	case d != s.dlg || s.info.State != CallEstablished:
		s.replyLater(now, stx)
		return
	case s.referred != nil && !s.referred.over(): // one call at a time is placed for another
		c.reply(now, stx, sip.StatusRequestPending)
		return
	case c.liveCalls() >= maxTheirs:
		c.reply(now, stx, sip.StatusBusyHere)
		return
	case to.Method != string(sip.INVITE):
		c.reply(now, stx, sip.StatusForbidden)
		return
	case !isSIP(to.Address.URI) && to.Address.URI.Scheme != "tel":
		c.reply(now, stx, 416)
		return
	case !callable:
		c.reply(now, stx, sip.StatusBadRequest)
		return
	}
	ask := ReferRequest{Call: s.handle, Info: s.info, Target: addressOf(to.Address.DisplayName, to.Address.URI),
		ReferredBy: c.referredBy(req), Attended: to.Replaces != nil}
	if text, err := wire.URIString(&uri); err == nil && isSIP(to.Address.URI) {
		ask.Target.URI = text // not that of the number without its context, which is somebody else
	}
	s.ask(now, stx, aboutTransfer, referLimit, c.policy(c.cfg.AcceptRefer, ask), func(now time.Time) {
		s.followRefer(now, stx, to, uri, ask.Target)
	})
}

// policy is a function of the application with what it is asked about; nil where there is none.
func (c *core) policy(decide func(context.Context, ReferRequest) bool, about ReferRequest) func(context.Context) bool {
	if decide == nil {
		return nil
	}
	return func(ctx context.Context) bool { return decide(ctx, about) }
}

// referredBy is who is said to have sent somebody here (RFC 3892).
func (c *core) referredBy(req *wire.Request) Address {
	if list := people(req, "Referred-By"); len(list) > 0 {
		return c.identityOf(list[0])
	}
	return Address{}
}

// followRefer accepts the REFER and places the call.
func (s *session) followRefer(now time.Time, stx *txn.Server, to wire.Referral, uri sip.Uri, target Address) {
	c, req := s.c, stx.Request()
	var headers []sip.Header
	if by := req.GetHeader("Referred-By"); by != nil {
		headers = append(headers, sip.HeaderClone(by))
	}
	if to.Replaces != nil {
		headers = append(headers, sip.NewHeader("Replaces", to.Replaces.String()))
	}
	call, err := c.place(now, uri, target.URI, InviteOptions{DisplayName: target.DisplayName, Privacy: s.alias != nil}, headers)
	switch {
	case errors.Is(err, ErrTooManyCalls):
		c.reply(now, stx, sip.StatusBusyHere)
		return
	case err != nil:
		c.reply(now, stx, sip.StatusServiceUnavailable)
		return
	}
	s.referred = call
	if noSubscription(req) {
		c.reply(now, stx, sip.StatusAccepted, s.contact(), sip.NewHeader("Refer-Sub", "false"))
	} else {
		c.reply(now, stx, sip.StatusAccepted, s.contact())
		call.referral = &referral{call: s, d: s.dlg}
		if s.refers > 0 {
			call.referral.id = req.CSeq().SeqNo
		}
		s.refers++
		call.report(now, 100, "", false)
	}
	c.emit(ReferEvent{Call: s.handle, Info: s.info, Target: target, New: call.handle})
}

// report tells who referred us how the new call goes on.
func (s *session) report(now time.Time, code int, reason string, final bool) {
	r, c := s.referral, s.c
	if r == nil || r.closed || r.code == code || !final && r.open >= maxNews {
		return
	}
	r.code, r.closed = code, final
	if reason == "" {
		reason = phrase(code)
	}
	event, state := "refer", "active;expires="+seconds(c.cfg.NoAnswer+txn.Timeout)
	if r.id != 0 {
		event += fmt.Sprintf(";id=%d", r.id)
	}
	if final {
		state = "terminated;reason=noresource"
	}
	req := c.dialogRequest(r.d, sip.NOTIFY, r.d.next())
	req.AppendHeader(r.call.contact())
	req.AppendHeader(sip.NewHeader("Event", event))
	req.AppendHeader(sip.NewHeader("Subscription-State", state))
	body := fmt.Appendf(nil, "SIP/2.0 %d %s\r\n", code, reason)
	r.open++
	c.inDialog(now, r.d, c.finish(req, "message/sipfrag;version=2.0", body), func(_ time.Time, res *wire.Response, err error) {
		r.open--
		r.closed = r.closed || err != nil || res.StatusCode == sip.StatusCallTransactionDoesNotExists
	})
}

// reportEnd tells how a call ended that was not answered.
func (s *session) reportEnd(now time.Time, why Cause) {
	code, reason := why.Code, why.Reason
	switch {
	case code >= 300:
	case why.Kind == CauseCancelled, why.Kind == CauseHangupLocal:
		code, reason = sip.StatusRequestTerminated, ""
	case why.Kind == CauseNoAnswer, why.Kind == CauseTimeout:
		code, reason = sip.StatusRequestTimeout, ""
	default:
		code, reason = sip.StatusServiceUnavailable, ""
	}
	s.report(now, code, reason, true)
}
