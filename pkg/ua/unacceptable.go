package ua

import (
	"errors"
	"fmt"
	"slices"
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
	res := s.c.response(s.incoming, sip.StatusNotAcceptableHere, "", s.dlg.id.local)
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

// flaw is what may be wrong with a description of the other side, as its sentences begin.
type flaw struct {
	err      error
	unusable string // of one that begins a call
	change   string // of one that would change it
}

// flaws are those that can be told apart, the last is all the others.
var flaws = []flaw{
	{media.ErrNoCommonCodec, "The two sides have no audio format in common",
		"The other side wanted to change to an audio format that is not spoken here"},
	{media.ErrNotSecure, "The other side does not encrypt its audio as a browser demands (DTLS-SRTP)",
		"The other side wanted to go on without the encryption that a browser demands (DTLS-SRTP)"},
	{media.ErrNoICE, "The other side does not speak ICE, which a browser needs",
		"The other side wanted to go on without ICE, which a browser needs"},
	{media.ErrNoRTCPMux, "The other side wants a second port for RTCP, which a browser does not have",
		"The other side wanted to go on with a second port for RTCP, which a browser does not have"},
	{media.ErrNoAudio, "The other side offers no audio, only other media",
		"The other side wanted to go on without audio"},
	{errNoSDP, "The other side does not describe its audio",
		"The other side answered a change of the call without a description of its audio"},
	{media.ErrBadSDP, "The other side's description of the audio cannot be understood",
		"The other side's new description of the audio cannot be understood"},
}

// flawIn tells what is wrong with a description.
func flawIn(err error) flaw {
	if i := slices.IndexFunc(flaws, func(f flaw) bool { return errors.Is(err, f.err) }); i >= 0 {
		return flaws[i]
	}
	return flaws[len(flaws)-1]
}
