package ua

import (
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/media"
)

// unacceptable reports whether it is the other side's description that an engine cannot use, or our own rules that leave nothing
// of it: another try would end the same.
func unacceptable(err error) bool {
	return errors.Is(err, media.ErrBadSDP) || errors.Is(err, media.ErrNoCodec)
}

// rejectOffer refuses an INVITE whose offer cannot be answered, and says what is wrong with it.
func (s *session) rejectOffer(now time.Time, err error) {
	res := s.c.response(s.invite, sip.StatusNotAcceptableHere, "", s.dlg.id.local)
	res.AppendHeader(s.c.warning(err))
	s.refuse(now, res, mediaCause(err))
}

// warning says in a 488 what of a description cannot be used (RFC 3261 section 20.43).
func (c *core) warning(err error) sip.Header {
	code, text := 399, "Session description not usable"
	switch {
	case errors.Is(err, media.ErrNoCommonCodec), errors.Is(err, media.ErrNoCodec):
		code, text = 305, "Incompatible media format"
	case errors.Is(err, media.ErrNoAudio):
		code, text = 304, "Media type not available"
	case errors.Is(err, media.ErrNotSecure):
		code, text = 302, "Incompatible transport protocol: DTLS-SRTP needed"
	case errors.Is(err, media.ErrNoICE):
		code, text = 302, "Incompatible transport protocol: ICE needed"
	case errors.Is(err, media.ErrNoRTCPMux):
		code, text = 306, "Attribute not understood: rtcp-mux needed"
	}
	return sip.NewHeader("Warning", fmt.Sprintf("%d %s %q", code, c.aor.Host, text))
}

// descriptionCause says what is wrong with a description of the other side.
func descriptionCause(err error) Cause {
	explanation := ""
	switch {
	case errors.Is(err, media.ErrNotSecure):
		explanation = "The other side does not encrypt its audio as a browser demands (DTLS-SRTP); tell your operator which " +
			"number it was."
	case errors.Is(err, media.ErrNoICE):
		explanation = "The other side does not speak ICE, which a browser needs; tell your operator which number it was."
	case errors.Is(err, media.ErrNoRTCPMux):
		explanation = "The other side wants a second port for RTCP, which a browser does not have; tell your operator which " +
			"number it was."
	case errors.Is(err, media.ErrNoAudio):
		explanation = "The other side offers no audio, only other media."
	case !errors.Is(err, media.ErrNoCommonCodec):
		explanation = "The other side's description of the audio cannot be understood; tell your operator which number it was."
	}
	if explanation == "" {
		return cause(CauseNotAcceptable, 0, "")
	}
	return explained(CauseNotAcceptable, 0, "", explanation)
}
