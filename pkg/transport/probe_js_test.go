package transport_test

import (
	"slices"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/transport"
)

// TestWhatABrowserDoesNotTell: all of these are one error to a page.
func TestWhatABrowserDoesNotTell(t *testing.T) {
	ask := map[string]string{"local-network": "prompt", "loopback-network": "prompt"}
	denied, granted := map[string]string{"local-network": "denied"}, map[string]string{"local-network": "granted"}
	machine := map[string]string{"local-network": "granted", "loopback-network": "denied"}
	for _, test := range []struct {
		why, url    string
		web         bool
		permissions map[string]string
		takes       time.Duration // until the WebSocket fails
		want        transport.DialErrorKind
	}{
		{"a web server refuses the WebSocket", "wss://a1.example.com/sip", true, nil, 0, transport.DialHTTPStatus},
		{"and local networks are asked for", "wss://a2.example.com/sip", true, ask, 0, transport.DialHTTPStatus},
		{"nobody answers", "wss://a3.example.com/sip", false, nil, 0, transport.DialUnreachable},
		{"the browser has not asked yet", "wss://a4.example.com/sip", false, ask, 0, transport.DialLocalNetwork},
		{"its user has refused", "wss://a5.example.com/sip", false, denied, 0, transport.DialLocalNetwork},
		{"its user has allowed it", "wss://a6.example.com/sip", false, granted, 0, transport.DialUnreachable},
		{"something was sent before", "wss://a7.example.com/sip", false, ask, 150 * time.Millisecond, transport.DialUnreachable},
		{"this machine has a permission of its own", "ws://localhost:5066/sip", false, machine, 0, transport.DialLocalNetwork},
		{"which counts for nobody else", "wss://192.0.2.7/sip", false, machine, 0, transport.DialUnreachable},
	} {
		t.Run(test.why, func(t *testing.T) {
			install(t, func(f *fakeSocket) { time.AfterFunc(test.takes, f.cut) })
			answer(t, test.web, test.permissions)
			_, err := transport.Dial(t.Context(), test.url)
			wantKind(t, err, test.want)
		})
	}
}

// TestPageInTheLocalNetworkIsNotKeptFromIt: from there the browser lets everything pass, whatever its permissions say.
func TestPageInTheLocalNetworkIsNotKeptFromIt(t *testing.T) {
	const kept, free = transport.DialLocalNetwork, transport.DialUnreachable
	for host, want := range map[string]transport.DialErrorKind{"phone.example.com": kept, "[2001:db8::1]": kept,
		"192.168.1.5": free, "localhost": free, "[fd00::1]": free} {
		t.Run(host, func(t *testing.T) {
			install(t, func(f *fakeSocket) { f.cut() })
			answer(t, false, map[string]string{"local-network": "prompt"})
			replace(t, "location", js.ValueOf(map[string]any{"hostname": host}))
			_, err := transport.Dial(t.Context(), "wss://b.example.com/sip")
			wantKind(t, err, want)
		})
	}
}

// TestWebServerIsAskedWithoutSecrets: the probe goes to the address of the WebSocket and takes no user information along.
func TestWebServerIsAskedWithoutSecrets(t *testing.T) {
	install(t, func(f *fakeSocket) { f.cut() })
	asked := answer(t, true, nil)
	_, err := transport.Dial(t.Context(), "wss://ann:hunter2@c.example.com:8089/sip")
	wantKind(t, err, transport.DialHTTPStatus)
	if want := []string{"https://c.example.com:8089/sip"}; !slices.Equal(*asked, want) {
		t.Errorf("asked %q, want %q", *asked, want)
	}
}

// TestMissingPathIsFound: an address without a path is tried at /ws, and the next time there first.
func TestMissingPathIsFound(t *testing.T) {
	var dialled []string
	install(t, func(f *fakeSocket) {
		if dialled = append(dialled, f.url); strings.HasSuffix(f.url, "/ws") {
			f.open("sip")
		} else {
			f.cut()
		}
	})
	answer(t, true, nil)
	for range 2 {
		conn, err := transport.Dial(t.Context(), "wss://d.example.com:8089")
		if err != nil {
			t.Fatal(err)
		}
		conn.Abandon()
	}
	if n := len(dialled); n < 3 || dialled[n-1] != "wss://d.example.com:8089/ws" || dialled[n-2] != dialled[n-1] {
		t.Errorf("dialled %q, want the common path, and then at once", dialled)
	}
	dialled = nil
	_, err := transport.Dial(t.Context(), "wss://d.example.com:8089/other")
	if err == nil || slices.ContainsFunc(dialled, func(u string) bool { return strings.HasSuffix(u, "/ws") }) {
		t.Errorf("a path that was given is looked for elsewhere: %v, %q", err, dialled)
	}
}
