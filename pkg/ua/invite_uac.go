package ua

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// call is UserAgent.Invite on the loop: the call exists from here on, its INVITE leaves when the offer is made.
func (c *core) call(now time.Time, target string, opts InviteOptions) (*session, error) {
	uri, err := wire.Target(target, c.aor.Host)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadTarget, err)
	}
	return c.place(now, uri, target, opts, nil)
}

// place is call for a target that is a URI already, with headers of ours.
func (c *core) place(now time.Time, uri sip.Uri, dialled string, opts InviteOptions, headers []sip.Header) (*session, error) {
	switch {
	case !c.lead().up() || c.stopped != nil:
		return nil, ErrNotConnected
	case c.liveCalls() >= maxCalls:
		return nil, ErrTooManyCalls
	}
	if err := checkHeaders(opts.Headers); err != nil {
		return nil, err
	}
	if strings.ContainsAny(opts.DisplayName, "\r\n\x00") {
		return nil, fmt.Errorf("%w: a line break in the display name", ErrBadConfig)
	}
	cfg := c.cfg.Media
	if opts.Media != nil {
		cfg = *opts.Media
	}
	s := c.newSession(now, Outgoing, cfg, c.lead())
	s.early = map[string]*dialog{}
	s.timer.interval = max(0, c.cfg.SessionExpires)
	s.out = &outgoing{target: uri, tried: []string{uri.String()}, opts: opts, headers: headers}
	s.info.Dialled = dialled
	s.info.CallID = c.rnd.token(22)
	s.info.Remote = addressOf(opts.DisplayName, uri)
	s.changed()
	c.callsChanged(now)
	s.offerCall(now)
	return s, nil
}

// outgoing is what our INVITE is made of, for another try.
type outgoing struct {
	target    sip.Uri
	tried     []string // targets, the first one included
	redirects int
	opts      InviteOptions
	headers   []sip.Header // our own extra ones
	from      *sip.FromHeader
	to        *sip.ToHeader
	seq       uint32
	sdp       []byte
}

// offerCall gets the microphone and sends the INVITE with the offer.
func (s *session) offerCall(time.Time) {
	s.newAudio()
	s.audio.setMuted(s.info.Muted)
	s.audio.offer(media.SendRecv, func(now time.Time, sdp []byte, err error) {
		switch {
		case errors.Is(err, media.ErrLost):
			s.anew = s.offerCall
			return
		case err != nil:
			s.end(now, mediaCause(err))
			return
		}
		s.out.sdp = sdp
		s.sendInvite(now)
	})
}

// sendInvite sends the INVITE, with the next number when it is not the first.
func (s *session) sendInvite(now time.Time) {
	c, out := s.c, s.out
	if !s.flow.up() {
		s.end(now, cause(CauseConnectionLost, 0, ""))
		return
	}
	if out.from == nil {
		s.address()
	}
	out.seq++
	from, to := *out.from, *out.to
	from.Params = out.from.Params.Clone()
	req := s.flow.newRequest(sip.INVITE, out.target, s.flow.reg.serviceRoute, &from, &to, s.info.CallID, out.seq)
	req.AppendHeader(s.contact())
	req.AppendHeader(sip.NewHeader("Allow", c.allow))
	c.announceControl(req)
	req.AppendHeader(c.supportedHeader())
	if c.cfg.Reliable1xx == ReliableRequired {
		req.AppendHeader(sip.NewHeader("Require", "100rel"))
	}
	s.askTimer(req)
	for _, h := range out.headers {
		req.AppendHeader(sip.HeaderClone(h))
	}
	for _, h := range out.opts.Headers {
		req.AppendHeader(sip.NewHeader(h.Name, h.Value))
	}
	c.finish(req, sdpType, out.sdp)
	if s.info.State == CallPreparing {
		s.setState(now, CallCalling)
		c.alarms.start(&s.limit, now.Add(c.cfg.NoAnswer), s.noAnswer)
	}
	c.transact(now, req, &exchange{
		seq:     func() uint32 { out.seq++; return out.seq },
		started: func(tx *txn.Client) { s.tx, s.invite = tx, tx.Request() },
		alive:   func() bool { return !s.over() },
		done:    s.inviteResponse,
	})
}

// address makes From and To, which stay the same for every try.
func (s *session) address() {
	c, out := s.c, s.out
	out.from = c.newAccountFrom(c.cfg.Account.CLI)
	if out.opts.Privacy {
		for _, h := range s.anonymous(out.from) {
			out.headers = append(out.headers, sip.NewHeader(h.Name, h.Value))
		}
	}
	out.to = &sip.ToHeader{DisplayName: out.opts.DisplayName, Address: *out.target.Clone()}
	out.to.Address.UriParams = nil
}

func (s *session) noAnswer(now time.Time) {
	why := byeReason(q850NoAnswer, 0, "no answer")
	if s.info.State != CallRinging {
		why = byeReason(q850NoUser, 0, "nobody was reached")
	}
	s.cancel(now, cause(CauseNoAnswer, 0, ""), why)
}

// cancel gives up our INVITE (RFC 3261 section 9.1). The call ends with its final response.
func (s *session) cancel(now time.Time, why Cause, headers ...sip.Header) {
	if s.over() {
		return
	}
	s.why = why
	s.c.alarms.stop(&s.limit)
	s.setState(now, CallEnding)
	s.release()
	if !s.c.txns.Cancel(now, s.tx, headers...) {
		s.end(now, why)
	}
}

func (s *session) inviteResponse(now time.Time, res *wire.Response, err error) {
	switch {
	case err != nil:
		s.inviteFailed(now, err)
	case res.StatusCode < 200:
		s.provisional(now, res)
	case res.StatusCode < 300:
		s.answered(now, res)
	default:
		s.inviteRefused(now, res)
	}
}

func (s *session) inviteFailed(now time.Time, err error) {
	switch {
	case errors.Is(err, txn.ErrTransport) && !s.flow.up():
		s.inviteCut(now)
	case s.why.Kind != CauseNone:
		s.end(now, s.why)
	case errors.Is(err, txn.ErrTransport):
		s.end(now, cause(CauseConnectionLost, 0, ""))
	default:
		s.end(now, cause(CauseTimeout, 0, ""))
	}
}

// inviteRefused takes a final refusal of our INVITE. What we have done ourselves (a hang-up, a time-out) is the cause, whatever
// the server answers to our CANCEL. A 480 after ringing, and 408, say that nobody has answered.
func (s *session) inviteRefused(now time.Time, res *wire.Response) {
	if s.dlg != nil {
		return // a fork that lost; its 487 says nothing about the call
	}
	if res.StatusCode == 422 && !s.over() && s.raiseTimer(res) {
		s.newAttempt(now)
		return
	}
	if s.redirected(now, res) {
		return
	}
	s.info.Code = res.StatusCode
	why := s.why
	if why.Kind == CauseNone {
		why = s.refusal(res)
	}
	s.end(now, why)
}

// refusal says why our INVITE was refused. Where nothing tells why, a telephone that has rung was not answered.
func (s *session) refusal(res *wire.Response) Cause {
	why := s.c.refusal(sip.INVITE, res)
	_, told := reasonKind(res)
	if res.StatusCode >= 300 && res.StatusCode < 400 {
		s.info.MovedTo = movedTo(res)
	}
	if !told && res.StatusCode == sip.StatusTemporarilyUnavailable && s.info.State == CallRinging {
		why = cause(CauseNoAnswer, why.Code, why.Reason)
	}
	return why
}

// provisional follows a 1xx: an early dialog for each To tag (RFC 3261 section 13.2.2.1), ringing, early media.
func (s *session) provisional(now time.Time, res *wire.Response) {
	tag := res.ToTag
	if s.info.State == CallEnded || s.dlg != nil || res.StatusCode == 100 || tag == "" {
		s.ring(now, res)
		return
	}
	d := s.early[tag]
	if d == nil {
		d = s.newFork(now, tag, res)
	} else {
		d.learn(res)
	}
	if !s.prack(now, d, res) {
		return
	}
	s.learnMethods(&res.Head)
	if s.learnIdentity(res) && s.info.Code == res.StatusCode && !s.over() {
		s.changed() // else the ringing tells
	}
	s.ring(now, res)
	if len(res.SDP) > 0 && !s.over() {
		s.earlyMedia(now, d, res.SDP)
	}
}

// ring tells what the other side says while it has not answered.
func (s *session) ring(now time.Time, res *wire.Response) {
	if s.over() || s.dlg != nil || res.StatusCode == 100 {
		return
	}
	again := s.info.Code == res.StatusCode
	s.info.Code = res.StatusCode
	s.report(now, res.StatusCode, res.Reason, false)
	if res.StatusCode == sip.StatusRinging && s.info.State == CallCalling {
		s.setState(now, CallRinging)
		return
	}
	if !again {
		s.changed()
	}
}

// earlyMedia applies the SDP of an 18x as the answer. A second fork gets a clone of the audio, because one peer
// connection takes one answer only; the same SDP is not applied again.
func (s *session) earlyMedia(now time.Time, d *dialog, sdp []byte) {
	switch {
	case d.sdp != nil || s.unagreed:
		return
	case s.earlySDP == nil:
		s.earlySDP, d.audio = d, s.audio
	case sameMedia(s.earlySDP.sdp, sdp):
		d.sdp, d.audio = sdp, s.earlySDP.audio
		return
	case s.clones >= maxForks-1:
		d.sdp, d.answered = []byte{}, false // should it answer, a re-INVITE brings the audio
		return
	default:
		s.clones++
		d.audio = s.audio.clone(s.mediaStateOf(d))
	}
	d.sdp = sdp
	d.audio.setAnswer(now, sdp, func(now time.Time, err error) {
		switch {
		case errors.Is(err, media.ErrLost):
			return
		case err != nil:
			s.c.fault(now, fmt.Errorf("ua: early media: %w", err))
			if d.audio != s.audio {
				d.audio.close() // a clone of no use
			}
			d.audio, d.sdp, d.answered = nil, []byte{}, false
			if s.dlg == d {
				s.failMedia(now, mediaCause(err)) // answered with the same description meanwhile
			}
			return
		}
		if !s.info.EarlyMedia && !s.over() && s.dlg == nil {
			s.info.EarlyMedia = true
			s.changed()
		}
	})
}

// mediaStateOf follows a clone only when its dialog has become the call.
func (s *session) mediaStateOf(d *dialog) func(time.Time, media.State) {
	return func(now time.Time, st media.State) {
		switch {
		case s.dlg == d:
			s.mediaState(now, st)
		case st == media.StateLost:
			d.dropAudio(now)
		}
	}
}

// answered follows every 2xx (RFC 3261 section 13.2.2.4): the first makes the call, each repetition of it is ACKed
// again, and those of other forks are ACKed and ended at once. A 200 that crossed our CANCEL is ended too.
func (s *session) answered(now time.Time, res *wire.Response) {
	c, tag := s.c, res.ToTag
	if s.dlg != nil && s.dlg.id.remote == tag && s.dlg.ack != nil {
		c.send(s.dlg.ack)
		return
	}
	d := s.early[tag]
	if d == nil {
		d = s.c.newDialogUAC(s.invite, res)
	}
	d.learn(res)
	d.flow = c.flowOf(res)
	d.localSeq = max(d.localSeq, s.invite.CSeq().SeqNo)
	if s.dlg != nil || s.info.State == CallEnded {
		s.surplus(now, d)
		return
	}
	c.alarms.stop(&s.limit)
	d.session = s
	s.dlg = d
	c.dialogs[d.id] = d
	d.ack = c.ackDialog(d, s.invite, nil)
	s.ackUntil = now.Add(txn.Timeout)
	if s.info.State == CallEnding {
		s.sendBye(now, s.why)
		return
	}
	s.info.Code = res.StatusCode
	s.learnMethods(&res.Head)
	s.learnIdentity(res)
	s.timerAgreed(now, res)
	s.report(now, res.StatusCode, res.Reason, true)
	if s.pending != nil && c.dialogFor(s.pending.Request()) != d {
		s.rejectPending(now) // of a fork that lost
	}
	s.setState(now, CallConnecting)
	s.takeAnswer(now, d, res.SDP)
}

// surplus ends the dialog of another fork, or one that came after the end. Its 2xx may come again: ACK only.
func (s *session) surplus(now time.Time, d *dialog) {
	known := s.early[d.id.remote]
	if known != nil && known.ack != nil {
		s.c.send(known.ack)
		return
	}
	if s.early == nil {
		s.early = map[string]*dialog{}
	}
	if len(s.early) < 2*maxForks {
		s.early[d.id.remote] = d
	}
	d.session = nil
	delete(s.c.dialogs, d.id)
	d.ack = s.c.ackDialog(d, s.invite, nil)
	s.c.dismiss(now, d)
}

// takeAnswer brings the audio up with the answer of the 200. It keeps the audio of the dialog that won.
func (s *session) takeAnswer(now time.Time, d *dialog, sdp []byte) {
	chosen := d.audio
	for _, other := range s.early {
		if other != d && other.audio != chosen && other.audio != s.audio {
			other.audio.close()
		}
	}
	if len(sdp) == 0 || d.answered {
		sdp = d.sdp
	}
	switch {
	case s.unagreed:
		s.remote = mirrored(sdp)
		s.establish(now)
	case len(sdp) == 0 && (d.sdp != nil || s.forks > maxForks && s.early[d.id.remote] != d): // it may have had one before
		s.establishWith(now, &offerOp{kind: opFresh, hold: s.info.HeldLocal})
	case len(sdp) == 0:
		s.leave(now, cause(CauseProtocol, 200, "answer without SDP"), incompatible("no session description"))
	case chosen != nil && sameMedia(d.sdp, sdp):
		s.keepAudio(chosen)
		s.remote = mirrored(sdp)
		s.establish(now)
	case s.earlySDP == nil:
		s.audio.setAnswer(now, sdp, func(now time.Time, err error) { s.answerApplied(now, sdp, err) })
	default:
		// The audio has another answer already, and takes no second one: renew it inside the dialog.
		s.establishWith(now, &offerOp{kind: opFresh, hold: s.info.HeldLocal})
	}
}

func (s *session) keepAudio(a *audio) {
	if a != s.audio {
		a.setMuted(s.info.Muted)
		s.audio.close()
		s.audio = a
	}
}

func (s *session) answerApplied(now time.Time, sdp []byte, err error) {
	if s.over() {
		return
	}
	if err != nil && !errors.Is(err, media.ErrLost) {
		s.failMedia(now, mediaCause(err))
		return
	}
	s.remote = mirrored(sdp)
	s.establish(now)
}

// establish completes the call.
func (s *session) establish(now time.Time) { s.establishWith(now, nil) }

// establishWith is establish for a call that needs another offer at once; nil when it does not.
func (s *session) establishWith(now time.Time, op *offerOp) {
	if s.info.State != CallConnecting {
		return
	}
	if op == nil && s.info.Direction == Outgoing && s.info.HeldLocal { // it has taken the place of a call on hold
		op = &offerOp{kind: opHold, hold: true}
	}
	s.info.Answered, s.info.EarlyMedia = now, false
	s.info.HeldRemote = heldBy(s.remote)
	s.setState(now, CallEstablished)
	if op != nil {
		s.afterOp(now, op)
	}
	s.tend(now) // what had to wait for the answer
}

// addressOf shows a URI as plain text. What exchanges add to a telephone number is not the number (wire.Number): it is neither
// shown nor called back.
func addressOf(name string, uri sip.Uri) Address {
	if !isSIP(uri) {
		text := uri.String()
		user, _ := wire.Number(strings.TrimPrefix(text, "tel:"))
		return Address{DisplayName: name, URI: text, User: user}
	}
	user, phone := wire.Number(uri.User)
	if phone {
		uri.User = user
	}
	text, err := wire.URIString(&uri)
	if err != nil {
		text = uri.String()
	}
	return Address{DisplayName: name, URI: text, User: user, Host: uri.Host}
}
