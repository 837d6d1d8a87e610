package site

import (
	"slices"
	"testing"

	"github.com/gowebphone/webphone/pwa/config"
)

// TestSecretsAreWhatIsSecret compares what the worker leaves out of its copy of the configuration. A key too few is a
// password in the cache, one too many a phone that starts offline without its servers.
func TestSecretsAreWhatIsSecret(t *testing.T) {
	got := Secrets()
	slices.Sort(got)
	if want := []string{"iceServers", "password"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, key := range got {
		if !slices.Contains(config.Names(), key) {
			t.Errorf("%s is no key", key)
		}
	}
}
