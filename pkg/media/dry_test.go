package media

import (
	"errors"
	"testing"
)

// TestDryRun: it goes through to the end under any configuration, and leaves no trace on the session or its peer.
func TestDryRun(t *testing.T) {
	for name, cfg := range map[string]Config{
		"as it is": {}, "another order": {CodecPriority: []string{"PCMA"}}, "relays only": {ICETransportPolicy: "relay"},
		"one codec": {CodecDelete: []string{"opus", "red", "PCMA", "G722"}},
	} {
		s, hw := newFakeSession(t, cfg)
		if err := s.dryRun(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if asked := hw.last().history(); asked != "" {
			t.Errorf("%s: the peer was asked to %s", name, asked)
		}
		if s.tones.Load() || s.negotiated || s.told.version != 0 || s.mid != "" || s.origin.version != 0 {
			t.Errorf("%s: the session has learnt from nobody: %+v", name, s.told)
		}
	}
}

func TestDryRunStopsWhereACallWould(t *testing.T) {
	s, hw := newFakeSession(t, Config{})
	hw.voices = []string{}
	if err := s.dryRun(); !errors.Is(err, ErrNoCommonCodec) {
		t.Errorf("without a codec: %v", err)
	}
}
