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

// toneJob is what one SendDTMF still has to send by INFO.
type toneJob struct {
	tones string
	reply func(error)
}

const tones = "0123456789ABCDabcd*#"

// sendDTMF sends tones in the audio, or by INFO where telephone-event was not negotiated.
func (s *session) sendDTMF(now time.Time, digits string, reply func(error)) {
	switch {
	case digits == "" || strings.Trim(digits, tones) != "":
		reply(ErrUnknownTone)
		return
	case s.over() || s.dlg == nil && s.earlySDP == nil || s.audio == nil || s.audio.session == nil ||
		s.info.State == CallRinging && s.stx != nil:
		reply(ErrState)
		return
	}
	digits = strings.ToUpper(digits)
	err := s.audio.sendDTMF(digits)
	switch {
	case err == nil:
		reply(nil)
	case !errors.Is(err, media.ErrNoTelephoneEvent):
		reply(mediaError(err))
	case s.info.State != CallEstablished:
		reply(ErrState)
	default:
		s.queueTones(now, digits, reply)
	}
}

// sendInfoDTMF sends tones by INFO whatever the audio can.
func (s *session) sendInfoDTMF(now time.Time, digits string, reply func(error)) {
	switch {
	case digits == "" || strings.Trim(digits, tones) != "":
		reply(ErrUnknownTone)
	case s.info.State != CallEstablished:
		reply(ErrState)
	default:
		s.queueTones(now, strings.ToUpper(digits), reply)
	}
}

func (s *session) queueTones(now time.Time, digits string, reply func(error)) {
	s.tones = append(s.tones, &toneJob{digits, reply})
	if len(s.tones) == 1 {
		s.nextTone(now)
	}
}

// nextTone sends one INFO, and the next one after its response, so that the tones keep their order.
func (s *session) nextTone(now time.Time) {
	if len(s.tones) == 0 || s.over() {
		return
	}
	t := s.tones[0]
	if t.tones == "" {
		s.toneDone(now, nil)
		return
	}
	body := fmt.Sprintf("Signal=%c\r\nDuration=160\r\n", t.tones[0])
	t.tones = t.tones[1:]
	c := s.c
	req := c.dialogRequest(s.dlg, sip.INFO, s.dlg.next())
	req.AppendHeader(s.contact())
	c.inDialog(now, s.dlg, c.finish(req, relayType, []byte(body)), func(now time.Time, res *wire.Response, err error) {
		switch {
		case len(s.tones) == 0 || s.tones[0] != t:
		case err != nil:
			s.toneDone(now, txnError(err))
		case res.StatusCode == sip.StatusCallTransactionDoesNotExists:
			s.toneDone(now, s.c.refusedBy(sip.INFO, res))
			s.leave(now, explained(CauseConnectionLost, res.StatusCode, res.Reason,
				"The other side no longer knows this call; call again."))
		case res.StatusCode >= 300:
			s.toneDone(now, s.c.refusedBy(sip.INFO, res))
		default:
			s.nextTone(now)
		}
	})
}

func (s *session) toneDone(now time.Time, err error) {
	t := s.tones[0]
	s.tones = s.tones[1:]
	t.reply(err)
	s.nextTone(now)
}

func (s *session) failTones(err error) {
	list := s.tones
	s.tones = nil
	for _, t := range list {
		t.reply(err)
	}
}

// recvInfo takes tones that come by INFO in the two forms in use; RFC 6086 packages we have none.
func (s *session) recvInfo(now time.Time, stx *txn.Server) {
	req := stx.Request()
	if req.GetHeader("Info-Package") != nil {
		s.c.reply(now, stx, 469, sip.NewHeader("Recv-Info", ""))
		return
	}
	if len(req.Body()) == 0 {
		s.c.reply(now, stx, sip.StatusOK)
		return
	}
	tone, known := toneOf(req)
	switch {
	case !known:
		s.c.reply(now, stx, sip.StatusUnsupportedMediaType, sip.NewHeader("Accept", relayType+", "+dtmfType))
	case tone == "":
		s.c.reply(now, stx, sip.StatusBadRequest)
	default:
		s.c.reply(now, stx, sip.StatusOK)
		s.c.emit(DTMFEvent{Call: s.handle, Info: s.info, Tone: tone})
	}
}

// toneOf reads the tone of an INFO; known is false for content of another type, tone empty for one that is none.
func toneOf(req *wire.Request) (tone string, known bool) {
	ct := req.ContentType()
	if ct == nil {
		return "", false
	}
	kind, _, _ := strings.Cut(strings.ToLower(ct.Value()), ";")
	body := strings.TrimSpace(string(req.Body()))
	switch strings.TrimSpace(kind) {
	case relayType:
		for line := range strings.Lines(body) {
			if name, value, ok := strings.Cut(line, "="); ok && strings.EqualFold(strings.TrimSpace(name), "signal") {
				return oneTone(value), true
			}
		}
		return "", true
	case dtmfType:
		return oneTone(body), true
	}
	return "", false
}

// oneTone accepts a tone by its sign or by its event number (RFC 4733 section 3.2), where 10 is * and 11 is #.
func oneTone(s string) string {
	s = strings.ToUpper(strings.TrimSpace(s))
	switch {
	case len(s) == 1 && strings.Contains(tones, s):
		return s
	case len(s) == 2 && s >= "10" && s <= "15":
		return "*#ABCD"[s[1]-'0' : s[1]-'0'+1]
	}
	return ""
}
