package phone

import (
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// TestServerInUseIsNamed is connected to another server of the service than the one that was chosen.
func TestServerInUseIsNamed(t *testing.T) {
	s := screen.Snapshot{}
	s.Account.Server = "a.example.com"
	s.Login.Servers = []screen.Server{{URL: "wss://a.example.com/ws", Label: "a.example.com"},
		{URL: "wss://b.example.com/ws", Label: "b.example.com"}}
	s.Connection = screen.Connection{State: screen.Connected, Server: "wss://b.example.com/ws"}
	if got := s.ServerInUse(); got != "b.example.com" {
		t.Errorf("connected: %q, want the one that took over", got)
	}
	s.Connection.State = screen.Disconnected
	if got := s.ServerInUse(); got != "a.example.com" {
		t.Errorf("disconnected: %q, want the chosen one", got)
	}
	s.Connection.State, s.Account.Hidden.Server = screen.Connected, true
	if got := s.ServerInUse(); got != "" {
		t.Errorf("protected: %q", got)
	}
}

// TestProtectedServerHasANameInSentences has every cause of a refused login: each sentence says who, and none the server.
func TestProtectedServerHasANameInSentences(t *testing.T) {
	s := screen.Snapshot{}
	s.Brand, s.Account.Server, s.Account.Hidden.Server = "Example Clinic", "sip.example.com", true
	for kind := ua.CauseNone; kind < 64; kind++ {
		for _, code := range []int{0, 403, 500} {
			why := refusedSentence(s, ua.Cause{Kind: kind, Code: code})
			for _, l := range text.Languages() {
				if said := l.Tell(why); !strings.Contains(said, "Example Clinic") || strings.Contains(said, "sip.example.com") ||
					strings.Contains(said, "https://") {
					t.Errorf("%v %d, %s: %q", kind, code, l, said)
				}
			}
		}
	}
}
