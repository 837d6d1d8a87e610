package ua

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// Reliable1xx says how provisional responses travel (RFC 3262, option tag 100rel).
type Reliable1xx int

const (
	ReliableSupported Reliable1xx = iota // reliably where the other side wants it: what it sends so is acknowledged by PRACK
	ReliableOff                          // never; callers that require it are refused with 420
	ReliableRequired                     // always; callers that cannot are refused with 421
)

// String returns "supported", "off" or "required".
func (r Reliable1xx) String() string { return name([]string{"supported", "off", "required"}, int(r)) }

// prack acknowledges a reliable provisional response (RFC 3262 section 4) and reports whether the response counts. One that
// came before does not, and one whose predecessor is missing neither: it will come again.
func (s *session) prack(now time.Time, d *dialog, res *wire.Response) bool {
	if s.c.cfg.Reliable1xx == ReliableOff || !names(res.Require, "100rel") {
		return true
	}
	seq, err := wire.RSeq(res)
	switch {
	case err != nil:
		return true
	case d.rseq != 0 && seq != d.rseq+1:
		return false
	case d.pracks >= maxPracks: // nobody sends the next one before this is acknowledged (RFC 3262 section 3)
		return false
	}
	d.pracks++
	d.rseq = seq
	d.answered = d.answered || len(res.SDP) > 0
	c := s.c
	req := c.dialogRequest(d, sip.PRACK, d.next())
	ack := wire.Ack{RSeq: seq, CSeq: res.CSeq().SeqNo, Method: string(sip.INVITE)}
	req.AppendHeader(sip.NewHeader("RAck", ack.String()))
	c.inDialog(now, d, c.finish(req, "", nil), func(time.Time, *wire.Response, error) { d.pracks-- })
	return true
}

// maxPracks is how many of our PRACKs may wait for their answer in a dialog.
const maxPracks = 4

// reliable is a provisional response of ours that goes out again and again until its PRACK has come (RFC 3262 section 3).
type reliable struct {
	res      *sip.Response
	seq      uint32
	interval time.Duration
	again    alarm
	limit    alarm
	acked    func(now time.Time, prack *txn.Server) // answers the PRACK
}

// preview is the audio of a call before it is accepted: an offer and its answer in a reliable 183.
type preview int

const (
	previewNone preview = iota
	previewSent         // being made, or sent and not acknowledged
	previewDone         // offer and answer are through
)

// reliably reports whether our provisional responses to this call have to be acknowledged.
func (s *session) reliably() bool {
	mode := s.c.cfg.Reliable1xx
	return mode == ReliableRequired || mode == ReliableSupported && names(s.incoming.Require, "100rel")
}

// knows100rel reports whether the sender of a request can acknowledge provisional responses.
func knows100rel(req *wire.Request) bool {
	return names(req.Require, "100rel") || names(req.Supported, "100rel")
}

// provideReliably sends a provisional response until its PRACK is there. The next one waits for that: RFC 3262 section 3
// allows no second one before the first is acknowledged.
func (s *session) provideReliably(now time.Time, res *sip.Response, acked func(time.Time, *txn.Server)) {
	if s.rel != nil {
		s.relNext = append(s.relNext, func(now time.Time) { s.provideReliably(now, res, acked) })
		return
	}
	if s.relSeq == 0 {
		s.relSeq = uint32(s.c.rnd.between(1, 1<<30))
	}
	s.relSeq++
	res.AppendHeader(sip.NewHeader("Require", "100rel"))
	res.AppendHeader(sip.NewHeader("RSeq", fmt.Sprint(s.relSeq)))
	s.rel = &reliable{res: res, seq: s.relSeq, interval: txn.T1, acked: acked}
	s.c.txns.Respond(now, s.stx, res)
	s.c.alarms.start(&s.rel.again, now.Add(txn.T1), s.repeatReliable)
	s.c.alarms.start(&s.rel.limit, now.Add(txn.Timeout), s.unacknowledged)
}

func (s *session) repeatReliable(now time.Time) {
	r := s.rel
	s.c.txns.Respond(now, s.stx, r.res)
	r.interval *= 2
	s.c.alarms.start(&r.again, now.Add(r.interval), s.repeatReliable)
}

// unacknowledged gives the call up: its caller has sent no PRACK for 64*T1.
func (s *session) unacknowledged(now time.Time) {
	s.reject(now, sip.StatusGatewayTimeout, explained(CauseTimeout, 0, "no PRACK",
		"The caller's side did not confirm that the call rings here; call back."))
}

// stopReliable ends the repetitions. A PRACK that is still on its way finds its response.
func (s *session) stopReliable() {
	if s.rel != nil {
		s.c.alarms.stop(&s.rel.again)
		s.c.alarms.stop(&s.rel.limit)
	}
}

// recvPrack takes a PRACK (RFC 3262 section 3). Where its RAck cannot be read it is for the one response that waits for it.
func (s *session) recvPrack(now time.Time, d *dialog, stx *txn.Server) {
	ack, err := wire.RAck(stx.Request())
	r := s.rel
	if r != nil && unreadable(err) {
		ack, err = wire.Ack{RSeq: r.seq, CSeq: s.incoming.CSeq().SeqNo, Method: string(sip.INVITE)}, nil
	}
	if r == nil || err != nil || d != s.dlg || ack.RSeq != r.seq || ack.CSeq != s.incoming.CSeq().SeqNo ||
		ack.Method != string(sip.INVITE) {
		s.c.reply(now, stx, sip.StatusCallTransactionDoesNotExists)
		return
	}
	s.stopReliable()
	s.rel = nil
	if r.acked == nil {
		s.c.reply(now, stx, sip.StatusOK)
	} else {
		r.acked(now, stx)
	}
	if len(s.relNext) > 0 && s.stx != nil {
		next := s.relNext[0]
		s.relNext = s.relNext[1:]
		next(now)
	}
}

// Progress lets audio flow before an incoming call is accepted: it gets the microphone and sends a reliable 183 with our
// session description. It returns once the caller has acknowledged it. ErrState means that the caller does not know reliable
// provisional responses (RFC 3262), or that the call does not ring here. When ctx ends before the 183 has left, none is sent.
func (c *Call) Progress(ctx context.Context) error {
	return c.do(ctx, act{deed: progressDeed})
}

// progress makes the description for a reliable 183: an answer, or an offer where the INVITE had none. One at a time, and none
// once the call is being accepted, because a session description is negotiated once (RFC 3262 section 5).
func (s *session) progress(now time.Time, reply func(error)) {
	if s.info.Direction != Incoming || s.stx == nil || s.info.State != CallRinging || s.preview != previewNone ||
		len(s.accepts) > 0 ||
		s.c.cfg.Reliable1xx == ReliableOff || !knows100rel(s.incoming) {
		reply(ErrState)
		return
	}
	s.preview = previewSent
	s.previews = append(s.previews, reply)
	s.openPreview(now)
}

// openPreview gets the microphone and the session description of our 183.
func (s *session) openPreview(time.Time) {
	s.answerAudio()
	s.audio.setMuted(s.info.Muted)
	offer := s.incoming.SDP
	done := func(now time.Time, sdp []byte, err error) { s.previewMade(now, offer, sdp, err) }
	if len(offer) == 0 {
		s.audio.offer(media.SendRecv, done)
		return
	}
	s.audio.answer(offer, media.SendRecv, done)
}

// unprogress takes Progress back as long as nothing was sent.
func (s *session) unprogress() {
	if s.stx == nil || s.preview != previewSent || len(s.audio.waiting) == 0 && s.anew == nil || len(s.accepts) > 0 {
		return
	}
	s.audio.close()
	s.audio, s.anew, s.preview, s.previews = nil, nil, previewNone, nil
}

func (s *session) previewMade(now time.Time, offer, sdp []byte, err error) {
	switch {
	case s.stx == nil:
		return
	case errors.Is(err, media.ErrLost):
		s.anew = s.openPreview
		return
	case err != nil:
		s.previewFailed(now, err)
		return
	}
	res, a := s.provisionalResponse(sip.StatusSessionInProgress, sdp), s.audio
	s.provideReliably(now, res, func(now time.Time, prack *txn.Server) { s.previewAcked(now, a, offer, prack) })
}

// previewFailed lets the call ring on without audio, unless the offer itself is the trouble.
func (s *session) previewFailed(now time.Time, err error) {
	s.audio.close()
	s.audio, s.anew, s.preview = nil, nil, previewNone
	answerAll(&s.previews, mediaError(err))
	switch {
	case unacceptable(err):
		s.rejectOffer(now, err)
	case len(s.accepts) > 0:
		s.openForAccept(now)
	}
}

// previewAcked takes the PRACK to our 183, whose description was made by a. It carries the answer when the offer was ours, and
// may carry a new offer when it was theirs (RFC 3262 section 5).
func (s *session) previewAcked(now time.Time, a *audio, offer []byte, prack *txn.Server) {
	body := prack.Request().SDP
	switch {
	case len(offer) > 0 && len(body) > 0:
		s.previewed(now, offer)
		s.pending = prack
		s.answerOffer(prack)
	case len(offer) > 0:
		s.c.reply(now, prack, sip.StatusOK)
		s.previewed(now, offer)
	case len(body) == 0:
		s.c.reply(now, prack, sip.StatusOK)
		s.reject(now, sip.StatusNotAcceptableHere, cause(CauseProtocol, 0, "PRACK without SDP"))
	default:
		s.c.reply(now, prack, sip.StatusOK)
		a.setAnswer(now, body, func(now time.Time, err error) {
			if err == nil || errors.Is(err, media.ErrLost) {
				s.previewed(now, body)
			} else if s.stx != nil {
				s.rejectOffer(now, err)
			}
		})
	}
}

// previewed notes that audio flows. remote is the caller's session description.
func (s *session) previewed(now time.Time, remote []byte) {
	if s.stx == nil {
		return
	}
	s.preview, s.remote = previewDone, mirrored(remote)
	s.info.EarlyMedia = true
	s.changed()
	answerAll(&s.previews, nil)
	if len(s.accepts) > 0 {
		s.sendAnswer(now, nil, false)
	}
}
