package ua

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// TransferState is how far a transfer of ours has come.
type TransferState int

const (
	TransferTrying   TransferState = iota // the other side has agreed (Code 202) or tries (Code 100)
	TransferProgress                      // the new call rings (Code 180, 183)
	// done, as the other side tells; ours ends. Without TransferProgress before, it may only have been taken in hand
	TransferSucceeded
	// refused or not answered; our call stays, though some servers have let go of its other side
	TransferFailed
)

// String returns "trying", "progress", "succeeded" or "failed".
func (t TransferState) String() string {
	return name([]string{"trying", "progress", "succeeded", "failed"}, int(t))
}

// TransferEvent tells how Call.Transfer or Call.TransferTo goes on.
type TransferEvent struct {
	Call   *Call
	Info   CallInfo
	State  TransferState
	Code   int    // SIP status of the new call as the other side tells it, or of its answer to our request
	Reason string // its phrase
	Cause  Cause  // set when State is TransferFailed
}

func (TransferEvent) event() {}

// transfer is a REFER of ours and the subscription it makes (RFC 3515).
//
//	REFER --202--> trying --NOTIFY 1xx--> progress --NOTIFY 2xx--> succeeded, BYE
//	   '--4xx-6xx--> failed <--NOTIFY 3xx-6xx----'
type transfer struct {
	target Address
	value  string   // of Refer-To
	other  *session // the call that is to be replaced; nil when the transfer is blind
	reply  func(error)
	limit  alarm
	seq    uint32 // CSeq of the REFER, which names the subscription
}

// Transfer sends the other side to target, a number or address, without talking to it first (RFC 5589 section 6). It
// returns nil when target has answered; then this call ends. When it fails the call goes on as before. The steps between
// come as TransferEvents. When ctx ends earlier the transfer goes on.
func (c *Call) Transfer(ctx context.Context, target string) error {
	return c.do(ctx, act{deed: transferDeed, Target: target})
}

func (s *session) transferBlind(now time.Time, target string, reply func(error)) {
	uri, err := wire.Target(target, s.c.aor.Host)
	if err != nil {
		reply(fmt.Errorf("%w: %w", ErrBadTarget, err))
		return
	}
	s.transferTo(now, &transfer{target: addressOf("", uri), value: "<" + uri.String() + ">", reply: reply})
}

// CancelTransfer takes the call back while a transfer of it is under way: the target does not answer, or the other side tells
// nothing. The call goes on as it was, on hold where it was held, and Transfer or TransferTo returns ErrCanceled. Nothing is
// sent: SIP cannot take a REFER back. The other side may reach the target still; its news are answered with 481, which ends
// its subscription (RFC 6665 section 4.2.2).
func (c *Call) CancelTransfer(ctx context.Context) error {
	return c.do(ctx, act{deed: cancelTransferDeed})
}

func (s *session) cancelTransfer(now time.Time, reply func(error)) {
	if s.transfer == nil {
		reply(ErrState)
		return
	}
	s.transferFailed(now, 0, cause(CauseCancelled, 0, ""), ErrCanceled)
	reply(nil)
}

// TransferTo connects the other side with that of other, an established call of the same user agent (RFC 5589 section 7,
// RFC 3891). The other call is put on hold first. It returns nil when the two are connected; then both calls end. When it
// fails both go on, on hold.
func (c *Call) TransferTo(ctx context.Context, other *Call) error {
	what := act{deed: transferToDeed}
	if other != nil {
		what.Target = other.id
	}
	return c.do(ctx, what)
}

func (s *session) transferAttended(now time.Time, other *session, reply func(error)) {
	if other == nil || other == s || other.info.State != CallEstablished {
		reply(ErrState)
		return
	}
	s.transferTo(now, &transfer{target: other.info.Remote, value: other.referTo(), other: other, reply: reply})
}

// referTo is the Refer-To that lets somebody take our place in this call: the other side with an escaped Replaces. A
// Contact can be called from anywhere only when it is a GRUU (RFC 5627); else the address of record has to do, and the
// devices that do not have the dialog refuse.
func (s *session) referTo() string {
	d := s.dlg
	uri := plain(d.remote.Address)
	if _, gruu := wire.Param(d.target.UriParams, "gr"); gruu {
		uri = plain(d.target)
	}
	replaces := wire.DialogID{CallID: d.id.callID, ToTag: d.id.remote, FromTag: d.id.local}
	return "<" + uri.String() + "?Replaces=" + url.QueryEscape(replaces.String()) + ">"
}

// transferTo begins a transfer. The other call is held first, as RFC 5589 section 7 has it; where that fails, the transfer goes
// on all the same. The REFER leaves in a turn of its own, since the hold may have ended one of the calls.
func (s *session) transferTo(now time.Time, t *transfer) {
	switch {
	case s.info.State != CallEstablished || s.transfer != nil:
		t.reply(ErrState)
		return
	case !s.flow.up():
		t.reply(ErrNotConnected)
		return
	}
	s.transfer = t
	s.info.Busy = true
	s.changed()
	s.c.alarms.start(&t.limit, now.Add(s.c.cfg.NoAnswer+txn.Timeout), func(now time.Time) {
		s.transferFailed(now, 0, cause(CauseNoAnswer, 0, "no NOTIFY"), ErrTimeout)
	})
	if t.other != nil && !t.other.info.HeldLocal && t.other.op == nil {
		t.other.hold(now, true, func(error) {
			s.c.later(func(now time.Time) { s.sendRefer(now, t) })
		})
		return
	}
	s.sendRefer(now, t)
}

// sendRefer sends the REFER. Its CSeq names the subscription in NOTIFYs (RFC 3515 section 2.4.6), so it is noted with each try.
// An anonymous call does not say who refers.
func (s *session) sendRefer(now time.Time, t *transfer) {
	switch {
	case s.transfer != t:
		return
	case s.over() || t.other != nil && t.other.over():
		s.transferFailed(now, 0, explained(CauseHangupRemote, 0, "",
			"One of the two calls has ended; call the other side again."), ErrState)
		return
	}
	c, d := s.c, s.dlg
	req := c.dialogRequest(d, sip.REFER, d.next())
	req.AppendHeader(s.contact())
	req.AppendHeader(sip.NewHeader("Refer-To", t.value))
	if s.alias == nil {
		req.AppendHeader(sip.NewHeader("Referred-By", "<"+c.aor.String()+">"))
	}
	req.AppendHeader(sip.NewHeader("Allow", c.allow))
	req.AppendHeader(c.supportedHeader())
	c.finish(req, "", nil)
	c.transact(now, req, &exchange{
		seq:     d.next,
		auth:    d.credentials(),
		started: func(tx *txn.Client) { t.seq = tx.Request().CSeq().SeqNo },
		alive:   func() bool { return s.transfer == t && !s.over() },
		done: func(now time.Time, res *wire.Response, err error) {
			if s.transfer == t && (err != nil || res.StatusCode >= 200) {
				s.referAnswered(now, t, res, err)
			}
		},
	})
}

// referAnswered takes the answer to the REFER, which says only that the other side tries; how it goes comes by NOTIFY.
func (s *session) referAnswered(now time.Time, t *transfer, res *wire.Response, err error) {
	switch {
	case err != nil:
		s.transferFailed(now, 0, cause(CauseTimeout, 0, ""), txnError(err))
	case res.StatusCode >= 300:
		s.transferFailed(now, res.StatusCode, s.c.refusal(sip.REFER, res), s.c.refusedBy(sip.REFER, res))
		if res.StatusCode == sip.StatusCallTransactionDoesNotExists {
			s.leave(now, s.goneCause(opHold, res.StatusCode))
		}
	case noSubscription(res):
		s.transferSucceeded(now, res.StatusCode, res.Reason) // nobody will tell more (RFC 4488)
	default:
		s.tellTransfer(TransferTrying, res.StatusCode, res.Reason, Cause{})
	}
}

// noSubscription reports whether a REFER or its 2xx does without NOTIFY (RFC 4488).
func noSubscription(m wire.Message) bool {
	list := m.GetHeaders("Refer-Sub")
	if len(list) != 1 {
		return false
	}
	value, _, _ := strings.Cut(list[0].Value(), ";")
	return strings.EqualFold(strings.TrimSpace(value), "false")
}

func (s *session) tellTransfer(state TransferState, code int, reason string, why Cause) {
	s.c.emit(TransferEvent{Call: s.handle, Info: s.info, State: state, Code: code, Reason: reason, Cause: why})
}

// recvNotify takes a NOTIFY inside the dialog: the news of our REFER (RFC 3515 section 2.4.4).
func (s *session) recvNotify(now time.Time, d *dialog, stx *txn.Server) {
	req, t := stx.Request(), s.transfer
	event, err := wire.Event(req)
	state, err2 := wire.SubscriptionState(req)
	if t != nil && unreadable(err) && len(req.GetHeaders("Event")) == 1 {
		event.Package, err = referEvent, nil // there is no other in the dialog of a call
	}
	switch {
	case err != nil:
		s.c.reply(now, stx, statusBadEvent, s.c.allowEvents(referEvent))
	case isControl(event.Package) && s.c.cfg.AcceptControl != nil && d == s.dlg:
		s.recvControl(now, stx, event.Package)
	case event.Package != referEvent:
		s.c.reply(now, stx, statusBadEvent, s.c.allowEvents(referEvent))
	case t == nil || d != s.dlg || event.ID != "" && event.ID != fmt.Sprint(t.seq):
		s.c.reply(now, stx, sip.StatusCallTransactionDoesNotExists)
	case errors.Is(err2, wire.ErrAbsent):
		s.c.reply(now, stx, sip.StatusBadRequest)
	default: // a state that cannot be read says nothing, the fragment does
		s.c.reply(now, stx, sip.StatusOK)
		code, reason := fragment(req.Body())
		s.transferNews(now, code, reason, state)
	}
}

// transferNews takes the status line of a NOTIFY. A subscription that ends without a final status has told nothing: the transfer
// counts as failed, because the call goes on and nobody will say more.
func (s *session) transferNews(now time.Time, code int, reason string, state wire.SubState) {
	switch {
	case code >= 200 && code < 300:
		s.transferSucceeded(now, code, reason)
	case code >= 300:
		res := &wire.Response{Response: *sip.NewResponse(code, reason)}
		s.transferFailed(now, code, responseCause(sip.INVITE, res), refused(sip.INVITE, res))
	case state.State == "terminated":
		s.transferFailed(now, code, explained(CauseOther, code, state.Reason,
			"The other side stopped telling how the transfer goes; ask it, or transfer again."), ErrTimeout)
	case code == 100:
		s.tellTransfer(TransferTrying, code, reason, Cause{})
	case code > 100:
		s.tellTransfer(TransferProgress, code, reason, Cause{})
	}
}

// fragment reads the status line of a message/sipfrag (RFC 3420). Code 0 is none.
func fragment(body []byte) (code int, reason string) {
	line, _, _ := strings.Cut(strings.TrimLeft(string(body), "\r\n"), "\n")
	rest, ok := strings.CutPrefix(strings.TrimRight(line, "\r "), "SIP/2.0 ")
	if !ok {
		return 0, ""
	}
	number, reason, _ := strings.Cut(rest, " ")
	if code, err := strconv.Atoi(number); err == nil && len(number) == 3 && code >= 100 && code <= 699 {
		return code, reason
	}
	return 0, ""
}

// takeTransfer ends the transfer and returns it, or nil when there is none.
func (s *session) takeTransfer() *transfer {
	t := s.transfer
	if t != nil {
		s.transfer = nil
		s.c.alarms.stop(&t.limit)
		s.info.Busy = s.op != nil && !s.op.quiet()
	}
	return t
}

// transferSucceeded ends our call, and the other one when its far end does not.
func (s *session) transferSucceeded(now time.Time, code int, reason string) {
	t := s.takeTransfer()
	s.tellTransfer(TransferSucceeded, code, reason, Cause{})
	if !s.over() {
		s.leave(now, cause(CauseTransferred, 0, ""))
	}
	if other := t.other; other != nil && !other.over() {
		s.c.alarms.start(&other.away, now.Add(2*time.Second), func(now time.Time) {
			if !other.over() {
				other.leave(now, cause(CauseTransferred, 0, ""))
			}
		})
	}
	t.reply(nil)
}

// transferFailed leaves the call as it was.
func (s *session) transferFailed(now time.Time, code int, why Cause, err error) {
	t := s.takeTransfer()
	if t == nil {
		return
	}
	s.tellTransfer(TransferFailed, code, why.Reason, why)
	if !s.over() {
		s.changed()
		s.tend(now) // what had to wait for it
	}
	t.reply(err)
}

// failTransfer is transferFailed for a call that has ended.
func (s *session) failTransfer(now time.Time) {
	s.transferFailed(now, 0, explained(CauseHangupRemote, 0, "",
		"The call ended before the other side told how the transfer went."), ErrState)
}
