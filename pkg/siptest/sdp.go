//go:build !js

package siptest

import (
	"bytes"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

var (
	errNoAudio = errors.New("siptest: the offer has no audio in a codec of ours")
	errBusy    = errors.New("siptest: too many offers at once")
)

// codec is one payload format of an offer.
type codec struct {
	name        string // "opus", "G722", "PCMU", "PCMA" or "telephone-event"
	payloadType uint8
	rate        uint32
	channels    uint16
	fmtp        string
}

// staticCodecs need no rtpmap (RFC 3551 section 6).
var staticCodecs = map[string]string{"0": "PCMU/8000", "8": "PCMA/8000", "9": "G722/8000"}

var supported = map[string]string{
	"opus": "opus", "g722": "G722", "pcmu": "PCMU", "pcma": "PCMA", "telephone-event": "telephone-event",
}

// offerInfo is what the server wants to know of an offer before it answers.
type offerInfo struct {
	codecs      []codec // the audio formats it supports, in the offer's order, telephone-event among them
	direction   direction
	session     string // session identifier of the o= line
	fingerprint string
	ufrag       string // ICE user fragment
	candidates  int
	zero        bool // its connection address is 0.0.0.0
}

// direction is an SDP direction attribute (RFC 8866 section 6.7).
type direction string

func readOffer(offer []byte) (offerInfo, error) {
	var parsed sdp.SessionDescription
	if err := parsed.Unmarshal(offer); err != nil {
		return offerInfo{}, err
	}
	for _, media := range parsed.MediaDescriptions {
		if media.MediaName.Media != "audio" || media.MediaName.Port.Value == 0 {
			continue
		}
		info := offerInfo{codecs: codecsOf(media), direction: "sendrecv", session: strconv.FormatUint(parsed.Origin.SessionID,
			10)}
		for _, name := range []string{"sendrecv", "sendonly", "recvonly", "inactive"} {
			_, session := parsed.Attribute(name)
			_, own := media.Attribute(name)
			if session || own {
				info.direction = direction(name)
			}
			if own {
				break
			}
		}
		if info.fingerprint, _ = media.Attribute("fingerprint"); info.fingerprint == "" {
			info.fingerprint, _ = parsed.Attribute("fingerprint")
		}
		info.readICE(&parsed, media)
		return info, nil
	}
	return offerInfo{}, errNoAudio
}

func (o *offerInfo) readICE(parsed *sdp.SessionDescription, media *sdp.MediaDescription) {
	if o.ufrag, _ = media.Attribute("ice-ufrag"); o.ufrag == "" {
		o.ufrag, _ = parsed.Attribute("ice-ufrag")
	}
	for _, a := range media.Attributes {
		if a.Key == "candidate" {
			o.candidates++
		}
	}
	address := parsed.ConnectionInformation
	if media.ConnectionInformation != nil {
		address = media.ConnectionInformation
	}
	o.zero = address != nil && address.Address != nil && address.Address.Address == "0.0.0.0"
}

func codecsOf(media *sdp.MediaDescription) (codecs []codec) {
	for _, format := range media.MediaName.Formats {
		encoding := staticCodecs[format]
		if mapped := formatAttribute(media, "rtpmap", format); mapped != "" {
			encoding = mapped
		}
		parts := strings.Split(encoding, "/")
		name, known := supported[strings.ToLower(parts[0])]
		number, err := strconv.ParseUint(format, 10, 7)
		if !known || err != nil || len(parts) < 2 {
			continue
		}
		rate, _ := strconv.ParseUint(parts[1], 10, 32)
		c := codec{name: name, payloadType: uint8(number), rate: uint32(rate), fmtp: formatAttribute(media, "fmtp", format)}
		if len(parts) > 2 {
			channels, _ := strconv.ParseUint(parts[2], 10, 16)
			c.channels = uint16(channels)
		}
		codecs = append(codecs, c)
	}
	return codecs
}

// formatAttribute is the value of a=rtpmap or a=fmtp for one format.
func formatAttribute(media *sdp.MediaDescription, name, format string) string {
	for _, a := range media.Attributes {
		if of, value, ok := strings.Cut(a.Value, " "); ok && a.Key == name && of == format {
			return value
		}
	}
	return ""
}

// choose is the first audio codec that ok accepts.
func (o offerInfo) choose(ok func(codec) bool) (codec, bool) {
	for _, c := range o.codecs {
		if c.name != "telephone-event" && ok(c) {
			return c, true
		}
	}
	return codec{}, false
}

func (o offerInfo) has(want codec) bool {
	_, ok := o.choose(func(c codec) bool { return c.name == want.name && c.payloadType == want.payloadType })
	return ok
}

func (c codec) capability() webrtc.RTPCodecCapability {
	return webrtc.RTPCodecCapability{MimeType: "audio/" + c.name, ClockRate: c.rate, Channels: c.channels, SDPFmtpLine: c.fmtp}
}

// mirror is the answer to the other side's direction by one that would do everything.
func (d direction) mirror() direction {
	switch d {
	case "sendonly":
		return "recvonly"
	case "recvonly":
		return "sendonly"
	}
	return d
}

func (d direction) sends() bool { return d == "sendrecv" || d == "sendonly" }

var directionLine = regexp.MustCompile(`(?m)^a=(sendrecv|sendonly|recvonly|inactive)\r?$`)

// withDirection sets every direction of a description. The peer connection underneath is always told sendrecv: it
// would end the stream for good at "inactive".
func withDirection(description []byte, d direction) []byte {
	return directionLine.ReplaceAllFunc(description, func(line []byte) []byte {
		replaced := []byte("a=" + string(d))
		if bytes.HasSuffix(line, []byte("\r")) {
			replaced = append(replaced, '\r')
		}
		return replaced
	})
}
