package remote

import (
	"slices"

	"github.com/gowebphone/webphone/pkg/media"
)

// kind is what a message wants or tells.
type kind byte

const (
	// Of the engine.
	kindOpen     kind = 1 + iota // makes a session, at once or with its first offer or answer
	kindClone                    // makes a session that stands for the same offer
	kindOffer                    // wants an offer
	kindAnswer                   // brings an offer and wants the answer
	kindRehearse                 // brings an offer whose answer will be wanted
	kindApply                    // brings the answer to an offer
	kindRollback
	kindStats
	kindAudio  // changes microphone and speaker of a session
	kindMute   // needs no reply, as those below
	kindTones  // brings tones to send
	kindClose  // ends a session
	kindCancel // nobody waits any more for what was asked
	kindWarm   // is for no session
	kindSwitch // changes microphone and speaker of all sessions

	// Of the host.
	kindDone   // is the reply to what went well
	kindFailed // is the reply to what did not
	kindStates // tells the state of a session
	kindEnd    // no kind
)

// renewal says what an offer keeps of the connection: see media.Restarter.
type renewal byte

const (
	keepConnection renewal = iota
	restartPath
	freshConnection
)

// message is one of either side. Which of the fields it has says its kind.
type message struct {
	kind    kind
	session uint64
	request uint64 // number of what is asked, or was; 0 where no reply is wanted

	origin   uint64 // session that is cloned
	prepared bool   // the session is made beforehand: see media.Preparer
	renewal  renewal
	dir      media.Direction
	sdp      []byte
	tones    bool // telephone-event is negotiated
	muted    bool
	text     string // tones; what an error says
	state    media.State
	causes   uint64 // errors that an error is
	config   media.Config
	audio    media.AudioConstraints
	stats    media.Stats
}

// code writes or reads a message.
func (m *message) code(c *coder) {
	c.octet((*byte)(&m.kind))
	switch m.kind {
	case kindStates:
		c.number(&m.session)
		word(c, &m.state, states)
	case kindDone:
		c.number(&m.request)
		c.flag(&m.tones)
		c.octets(&m.sdp)
		c.stats(&m.stats)
	case kindFailed:
		c.number(&m.request)
		c.number(&m.causes)
		text(c, &m.text)
	case kindWarm:
		c.number(&m.request)
		c.config(&m.config)
	case kindSwitch:
		c.number(&m.request)
		c.audio(&m.audio)
	case kindCancel:
		c.number(&m.request)
	default:
		c.number(&m.session)
		m.codeOf(c)
	}
}

// codeOf codes what is asked of a session.
func (m *message) codeOf(c *coder) {
	switch m.kind {
	case kindClose:
		return
	case kindMute:
		c.flag(&m.muted)
		return
	case kindTones:
		text(c, &m.text)
		return
	}
	c.number(&m.request)
	switch m.kind {
	case kindOpen:
		c.flag(&m.prepared)
		c.config(&m.config)
	case kindClone:
		c.number(&m.origin)
	case kindOffer:
		word(c, &m.dir, directions)
		c.octet((*byte)(&m.renewal))
	case kindAnswer, kindRehearse:
		word(c, &m.dir, directions)
		c.octets(&m.sdp)
	case kindApply:
		c.octets(&m.sdp)
	case kindRollback, kindStats:
	case kindAudio:
		c.audio(&m.audio)
	default:
		c.fail()
	}
}

var directions = []media.Direction{media.SendRecv, media.SendOnly, media.RecvOnly, media.Inactive}

var states = []media.State{media.StateNew, media.StateConnecting, media.StateConnected, media.StateDisconnected,
	media.StateFailed, media.StateClosed, media.StateLost}

// word codes one of a few words by its place.
func word[T ~string](c *coder, v *T, words []T) {
	i := byte(slices.Index(words, *v))
	if c.octet(&i); int(i) >= len(words) {
		c.fail()
		return
	}
	*v = words[i]
}

func (c *coder) config(v *media.Config) {
	list(c, &v.ICEServers, (*coder).server)
	text(c, &v.ICETransportPolicy)
	c.duration(&v.GatherTimeout)
	text(c, &v.GatherPolicy)
	c.audio(&v.Audio)
	list(c, &v.CodecDelete, text)
	list(c, &v.CodecPriority, text)
}

func (c *coder) server(v *media.ICEServer) {
	list(c, &v.URLs, text)
	text(c, &v.Username)
	text(c, &v.Credential)
}

func (c *coder) audio(v *media.AudioConstraints) {
	text(c, &v.DeviceID)
	text(c, &v.SpeakerID)
	c.flag(&v.NoEchoCancellation)
	c.flag(&v.NoNoiseSuppression)
	c.flag(&v.NoAutoGainControl)
}

func (c *coder) stats(v *media.Stats) {
	text(c, &v.Codec)
	for _, n := range []*uint64{&v.PacketsSent, &v.PacketsReceived, &v.BytesSent, &v.BytesReceived, &v.ConcealedSamples,
		&v.TotalSamples} {
		c.number(n)
	}
	for _, n := range []*int64{&v.PacketsLost, &v.RemotePacketsLost} {
		c.integer(n)
	}
	c.duration(&v.Jitter)
	c.duration(&v.RoundTripTime)
	c.duration(&v.RemoteJitter)
	c.duration(&v.JitterBufferDelay)
	for _, f := range []*float64{&v.AudioLevelIn, &v.AudioLevelOut, &v.TotalAudioEnergy} {
		c.float(f)
	}
	text(c, &v.LocalCandidate)
	text(c, &v.RemoteCandidate)
	text(c, &v.CandidateTransport)
}

// encode writes messages one behind the other. It fails with a word that is none.
func encode(list ...message) ([]byte, error) {
	c := &coder{}
	for i := range list {
		list[i].code(c)
	}
	if c.err != nil {
		return nil, c.err
	}
	return c.buf, nil
}

// decode reads all of the messages, or none.
func decode(data []byte) ([]message, error) {
	c := &coder{buf: data, reading: true}
	var found []message
	for len(c.buf) > 0 {
		var m message
		if m.code(c); c.err != nil {
			return nil, c.err
		}
		found = append(found, m)
	}
	return found, nil
}
