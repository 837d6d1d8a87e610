package ua

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// receive takes one frame from the connection.
func (c *core) receive(now time.Time, gen int, data []byte) {
	f := c.flowByGen(gen)
	if f == nil || !f.up() {
		return
	}
	f.alive(now)
	if f.keepalive(now, data) {
		f.trace(now, false, "", data)
		return
	}
	msg, err := wire.Parse(data)
	if msg == nil {
		f.trace(now, false, "", data)
		c.malformed(now, f, err)
		return
	}
	f.trace(now, false, callIDOf(msg), data)
	msg.SetSource(f.host)
	if bad := (*wire.Error)(nil); errors.As(err, &bad) && !c.obeyed(msg, bad) {
		c.malformed(now, f, err)
		return
	}
	in := c.txns.Receive(now, msg)
	switch {
	case in.Stray != nil:
		c.stray(now, in.Stray)
	case in.Request == nil: // absorbed
	case in.Request.Method == sip.ACK:
		c.recvAck(now, in.Request)
	case in.Request.Method == sip.CANCEL:
		c.recvCancel(now, in.Server, in.Cancels)
	case in.Merged:
		c.reply(now, in.Server, 482)
	default:
		c.route(now, in.Server)
	}
}

// malformed answers what can be answered and reports the rest.
func (c *core) malformed(now time.Time, f *flow, err error) {
	var bad *wire.Error
	known := errors.As(err, &bad)
	if known {
		light := *bad
		light.Request = nil // the event must not keep the message
		err = &light
	}
	c.fault(now, fmt.Errorf("ua: message refused: %w", err))
	if !known || bad.Request != nil && bad.Request.Method == sip.ACK {
		return
	}
	if res := bad.Response(); res != nil {
		res.SetSource(f.host)
		c.send(res)
	}
}

// stray is a response without transaction. A 2xx to an INVITE that comes so late still wants its ACK, and when no call
// wants it any more, its end.
func (c *core) stray(now time.Time, res *wire.Response) {
	via := res.Via()
	if res.StatusCode < 200 || res.StatusCode > 299 || res.CSeq().MethodName != sip.INVITE || via == nil ||
		c.flowAt(via.Host) == nil {
		return
	}
	invite := sip.NewRequest(sip.INVITE, res.To().Address)
	for _, name := range []string{"From", "Call-ID", "CSeq"} {
		invite.AppendHeader(sip.HeaderClone(res.GetHeader(name)))
	}
	d := c.newDialogUAC(invite, res)
	known := c.dialogs[d.id]
	if known == nil {
		c.ackDialog(d, invite, nil)
		c.dismiss(now, d)
		return
	}
	for _, ack := range []*sip.Request{known.ack, known.reack} {
		if ack != nil && ack.CSeq().SeqNo == res.CSeq().SeqNo {
			c.send(ack)
			return
		}
	}
	c.ackDialog(known, invite, nil) // of a re-INVITE that was given up
}

func (c *core) recvAck(now time.Time, req *wire.Request) {
	if s := c.ackedBy(req); s != nil {
		s.recvAck(now, req)
	}
}

// route inspects a new request (RFC 3261 section 8.2) and hands it to its dialog or to what begins one. A BYE that finds its
// dialog is not inspected: nothing it requires or contains could be a reason to keep the call up.
func (c *core) route(now time.Time, stx *txn.Server) {
	req := stx.Request()
	if req.Method == sip.BYE && c.dialogFor(req) != nil {
		c.routeInDialog(now, stx)
		return
	}
	if code, headers := c.inspect(req); code != 0 {
		c.reply(now, stx, code, headers...)
		return
	}
	if req.Method == sip.NOTIFY && c.recvNotify(now, stx) {
		return
	}
	if req.ToTag != "" {
		c.routeInDialog(now, stx)
		return
	}
	switch req.Method {
	case sip.INVITE:
		c.incoming(now, stx)
	case sip.OPTIONS:
		c.options(now, stx, c.flowOf(stx.Request()).contact())
	case sip.MESSAGE:
		c.recvMessage(now, stx, nil)
	case sip.REFER: // nobody outside a call may tell us whom to call
		c.reply(now, stx, sip.StatusForbidden)
	default: // BYE, INFO and UPDATE have no meaning outside a dialog
		c.reply(now, stx, sip.StatusCallTransactionDoesNotExists)
	}
}

// inspect checks method, scheme, required extensions and content (RFC 3261 section 8.2.1 to 8.2.3). Code 0 is all right.
func (c *core) inspect(req *wire.Request) (int, []sip.Header) {
	switch {
	case !knownMethod(req.Method):
		return sip.StatusNotImplemented, nil
	case !c.takes(req.Method):
		return sip.StatusMethodNotAllowed, []sip.Header{sip.NewHeader("Allow", c.allow)}
	case !strings.EqualFold(req.Recipient.Scheme, "sip") && !strings.EqualFold(req.Recipient.Scheme, "sips") &&
		!strings.EqualFold(req.Recipient.Scheme, "tel"):
		return 416, nil
	}
	if unknown := c.unsupported(req); len(unknown) > 0 {
		return sip.StatusBadExtension, []sip.Header{sip.NewHeader("Unsupported", strings.Join(unknown, ", "))}
	}
	if req.Method == sip.INVITE && !acceptsSDP(req) {
		return sip.StatusNotAcceptable, nil
	}
	return c.inspectBody(req)
}

// acceptsSDP reports whether a description may come back (RFC 3261 section 20.1; without Accept it may).
func acceptsSDP(req *wire.Request) bool {
	ranges, err := wire.Accept(req)
	if err != nil {
		return true
	}
	for _, r := range ranges {
		if r.Q > 0 && (r.Type == sdpType || r.Type == "application/*" || r.Type == "*/*") {
			return true
		}
	}
	return false
}

func knownMethod(m sip.RequestMethod) bool {
	switch m {
	case sip.INVITE, sip.ACK, sip.CANCEL, sip.BYE, sip.REGISTER, sip.OPTIONS, sip.SUBSCRIBE, sip.NOTIFY, sip.REFER, sip.INFO,
		sip.MESSAGE, sip.PRACK, sip.UPDATE, sip.PUBLISH:
		return true
	}
	return false
}

func (c *core) takes(m sip.RequestMethod) bool {
	for name := range strings.SplitSeq(c.allow, ", ") {
		if name == string(m) {
			return true
		}
	}
	return false
}

func (c *core) unsupported(req *wire.Request) []string {
	var list []string
	for _, tag := range req.Require {
		known := false
		for _, s := range c.supported() {
			known = known || strings.EqualFold(s, tag)
		}
		if !known {
			list = append(list, tag)
		}
	}
	return list
}

// inspectBody refuses content that a request cannot be understood without.
func (c *core) inspectBody(req *wire.Request) (int, []sip.Header) {
	if len(req.Body()) == 0 || req.Method != sip.INVITE && req.Method != sip.UPDATE {
		return 0, nil
	}
	if enc := req.GetHeader("Content-Encoding"); enc != nil && !strings.EqualFold(enc.Value(), "identity") {
		return sip.StatusUnsupportedMediaType, []sip.Header{sip.NewHeader("Accept-Encoding", "identity")}
	}
	if len(req.SDP) == 0 && !optionalBody(req) {
		return sip.StatusUnsupportedMediaType, []sip.Header{sip.NewHeader("Accept", sdpType)}
	}
	return 0, nil
}

// optionalBody reports whether the sender lets us ignore the content (RFC 3261 section 20.11).
func optionalBody(req *wire.Request) bool {
	h := req.GetHeader("Content-Disposition")
	return h != nil && strings.Contains(strings.ToLower(h.Value()), "handling=optional")
}

// routeInDialog checks the order of requests (RFC 3261 section 12.2.2) and hands them on.
func (c *core) routeInDialog(now time.Time, stx *txn.Server) {
	req := stx.Request()
	d := c.dialogFor(req)
	if d == nil || d.session == nil || d.session.info.State == CallEnded {
		c.reply(now, stx, sip.StatusCallTransactionDoesNotExists)
		return
	}
	seq := req.CSeq().SeqNo
	if d.remoteSeq != 0 && seq <= d.remoteSeq && (seq != 0 || req.Method != sip.BYE) { // 0: of a BYE whose number cannot be read
		c.reply(now, stx, sip.StatusInternalServerError)
		return
	}
	d.remoteSeq = max(seq, d.remoteSeq)
	d.session.request(now, d, stx)
}

// request takes a request inside one of the dialogs of this call.
func (s *session) request(now time.Time, d *dialog, stx *txn.Server) {
	switch stx.Request().Method {
	case sip.BYE:
		s.recvBye(now, d, stx)
	case sip.INVITE, sip.UPDATE:
		s.recvTargetRefresh(now, d, stx)
	case sip.INFO:
		s.recvInfo(now, stx)
	case sip.PRACK:
		s.recvPrack(now, d, stx)
	case sip.REFER:
		s.recvRefer(now, d, stx)
	case sip.NOTIFY:
		s.recvNotify(now, d, stx)
	case sip.OPTIONS:
		s.c.options(now, stx, s.contact())
	case sip.MESSAGE:
		s.c.recvMessage(now, stx, s.handle)
	default:
		s.c.reply(now, stx, sip.StatusMethodNotAllowed, sip.NewHeader("Allow", s.c.allow))
	}
}

// recvBye ends the call (RFC 3261 section 15.1.2). What still waits for an answer of ours gets 487.
func (s *session) recvBye(now time.Time, d *dialog, stx *txn.Server) {
	res := s.c.response(stx.Request(), sip.StatusOK, "", "")
	s.c.txns.Respond(now, stx, res)
	d.over = true
	if d != s.dlg {
		delete(s.c.dialogs, d.id) // one early dialog of a forked INVITE; the others go on
		return
	}
	for _, open := range []*txn.Server{s.stx, s.pending} {
		if open != nil {
			res := s.c.response(open.Request(), sip.StatusRequestTerminated, "", s.dlg.id.local)
			s.c.txns.Respond(now, open, res)
		}
	}
	s.stx, s.pending = nil, nil
	s.end(now, s.byeCause(stx.Request()))
}

func (s *session) byeCause(req *wire.Request) Cause {
	if s.info.State == CallEnding {
		return s.why
	}
	why := cause(CauseHangupRemote, 0, "")
	for _, r := range reasons(req) {
		why.Reason = r.Text
		if r.Protocol == "SIP" && r.Cause >= 200 && r.Cause < 700 {
			why.Code = r.Cause // that of Q.850 is no status
		}
	}
	return why
}
