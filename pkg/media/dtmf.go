package media

import "encoding/binary"

const (
	frameSamples = 160 // 20 ms at 8 kHz

	toneFrames = 5 // 100 ms of tone
	toneEnds   = 3 // the end is sent three times (RFC 4733 section 2.5.1.4)
	gapFrames  = 4 // 80 ms between tones
	toneVolume = 10
)

// toneSender spells queued tones as telephone-event payloads, one call of next for each 20 ms.
type toneSender struct {
	queue []byte // event codes
	frame int    // of the tone at the head
}

// tonePacket is what leaves in place of an audio frame.
type tonePacket struct {
	payload []byte
	first   bool // begins a tone: marker bit, and its time stamp stays for the whole tone
	silent  bool // a gap: nothing leaves
}

func (t *toneSender) add(tones string) {
	for _, r := range tones {
		for code, known := range toneEvents {
			if r == known {
				t.queue = append(t.queue, byte(code))
			}
		}
	}
}

// next returns false when audio may be sent.
func (t *toneSender) next() (tonePacket, bool) {
	if len(t.queue) == 0 {
		return tonePacket{}, false
	}
	n := t.frame
	t.frame++
	if n >= toneFrames+toneEnds {
		if n >= toneFrames+toneEnds+gapFrames-1 {
			t.queue, t.frame = t.queue[1:], 0
		}
		return tonePacket{silent: true}, true
	}
	payload := []byte{t.queue[0], toneVolume, 0, 0}
	if n >= toneFrames {
		payload[1] |= 0x80
	}
	binary.BigEndian.PutUint16(payload[2:], uint16(frameSamples*min(n+1, toneFrames)))
	return tonePacket{payload: payload, first: n == 0}, true
}

// toneReader finds where tones begin among the telephone-event packets that arrive.
type toneReader struct {
	last    uint32 // time stamp of the tone heard last
	started bool
}

// read returns the tone that begins with this packet, if one does.
func (t *toneReader) read(timestamp uint32, payload []byte) (rune, bool) {
	if len(payload) < 4 || int(payload[0]) >= len(toneEvents) || t.started && timestamp == t.last {
		return 0, false
	}
	t.last, t.started = timestamp, true
	return rune(toneEvents[payload[0]]), true
}
