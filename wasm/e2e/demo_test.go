//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/siptest"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/server/static"
)

// built is the site under test, compiled from the source as it is now.
var built fs.FS

func buildSite(dir string) error {
	out, err := exec.Command("go", "run", "../../pwa/site/mkdist", "-fast", "-o", dir).CombinedOutput()
	if err != nil {
		return fmt.Errorf("build the site: %w:\n%s", err, out)
	}
	built = os.DirFS(dir)
	return nil
}

// staticServer serves the phone, set up for these SIP servers; without any the user types one.
func staticServer(t *testing.T, servers ...string) string {
	t.Helper()
	srv := httptest.NewServer(pageHandler(t, servers))
	t.Cleanup(srv.Close)
	return srv.URL + "/"
}

func pageHandler(t *testing.T, servers []string) http.Handler {
	t.Helper()
	return configuredHandler(t, map[string]any{"wsServers": append([]string{}, servers...)})
}

// configuredHandler serves the phone with a config.json.
func configuredHandler(t *testing.T, host map[string]any) http.Handler {
	t.Helper()
	content, err := json.Marshal(host)
	if err != nil {
		t.Fatal(err)
	}
	layer, err := config.Parse(content)
	if err != nil {
		t.Fatal(err)
	}
	merged, _ := config.Merge(layer)
	published, err := static.Publish(merged)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Contains(published.Policy.Connect, "wss:") { // what users type here is unencrypted: there are no certificates
		published.Policy.Connect = append(published.Policy.Connect, "ws:", "http:")
	}
	h, err := static.New(static.Options{Files: built, Configure: func(*http.Request) static.Configuration {
		return published
	}})
	if err != nil {
		t.Fatal(err)
	}
	return watched(t, h)
}

// demo is the phone and a test server on one origin, as server/demo has them.
type demo struct {
	URL  string
	sip  *siptest.Server
	stop func() // ends both: nobody answers any more
}

func startDemo(t *testing.T) *demo {
	t.Helper()
	return startConfigured(t, nil, nil)
}

// startConfigured starts a demo with more in its config.json than the server, and with other files on its origin.
func startConfigured(t *testing.T, host map[string]any, files map[string]http.Handler) *demo {
	t.Helper()
	sip := siptest.New(siptest.Options{AnyDomain: true, RingTime: time.Second, TalkTime: 2 * time.Second})
	t.Cleanup(sip.Close)
	srv := httptest.NewUnstartedServer(nil)
	own := map[string]any{"wsServers": []string{"ws://" + srv.Listener.Addr().String() + "/ws"}}
	maps.Copy(own, host)
	mux := http.NewServeMux()
	mux.Handle("/ws", sip)
	for path, h := range files {
		mux.Handle(path, h)
	}
	mux.Handle("/", configuredHandler(t, own))
	srv.Config.Handler = mux
	srv.Start()
	t.Cleanup(srv.Close)
	d := &demo{URL: srv.URL + "/", sip: sip, stop: func() {
		srv.CloseClientConnections()
		sip.Close()
		srv.Close()
	}}
	t.Cleanup(func() { d.leave(t) })
	return d
}

// leave writes the messages of a failed test.
func (d *demo) leave(t *testing.T) {
	if !t.Failed() {
		return
	}
	var log bytes.Buffer
	for _, m := range d.sip.Messages() {
		fmt.Fprintf(&log, "%s %s connection %d %s\n%s\n\n", m.Time.Format("15:04:05.000"), m.Direction, m.Conn, m.User, m.Data)
	}
	path := filepath.Join(artifacts, strings.ReplaceAll(t.Name(), "/", "-")+"-sip.txt")
	if err := os.WriteFile(path, log.Bytes(), 0o600); err == nil {
		t.Log("SIP messages:", path)
	}
}

// account is one of the users of the test server.
func (d *demo) account(n int) account {
	return account{user: user(n), password: d.sip.Password(user(n))}
}

// requests returns the requests with that method that the server has received.
func (d *demo) requests(method string) []string {
	var found []string
	for _, m := range d.sip.Messages() {
		if m.Direction == siptest.Received && strings.HasPrefix(m.StartLine(), method+" ") {
			found = append(found, string(m.Data))
		}
	}
	return found
}

// moreRequests returns nil when more than n requests with that method have come.
func (d *demo) moreRequests(method string, n int) error {
	if got := len(d.requests(method)); got <= n {
		return fmt.Errorf("got %d %s, want more than %d", got, method, n)
	}
	return nil
}

// waitDTMF waits until the echo has received exactly these tones.
func (d *demo) waitDTMF(t *testing.T, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := d.sip.WaitDTMF(ctx, "", want); err != nil {
		t.Errorf("wait for the tones %s at the server: %v; it has %+v", want, err, d.sip.DTMF())
	}
	for _, tone := range d.sip.DTMF() {
		if tone.Source != "rtp" {
			t.Errorf("tone %s came as %s, want it in the audio stream (RFC 4733)", tone.Digit, tone.Source)
		}
	}
}

var secretParameter = regexp.MustCompile(`(?i)\b(?:response|nonce|cnonce|nextnonce)="([^"]+)"`)

// wantNoSecrets checks that lines hold neither the password nor any digest response or nonce that really went over the
// page's WebSocket.
func (p Phone) wantNoSecrets(password string, lines []string) {
	p.t.Helper()
	secrets := []string{password}
	for _, frame := range p.Frames() {
		for _, m := range secretParameter.FindAllStringSubmatch(frame, -1) {
			secrets = append(secrets, m[1])
		}
	}
	if len(secrets) < 3 {
		p.t.Fatalf("%s: no digest went over the WebSocket: nothing to look for", p.name)
	}
	for _, s := range secrets {
		for _, l := range lines {
			if strings.Contains(l, s) {
				p.t.Errorf("%s: a secret of %d characters stands in %s", p.name, len(s), strings.ReplaceAll(l, s, "…"))
			}
		}
	}
}

// served serves the phone with a config.json, without a SIP server.
func served(t *testing.T, host map[string]any) string {
	t.Helper()
	srv := httptest.NewServer(configuredHandler(t, host))
	t.Cleanup(srv.Close)
	return srv.URL + "/"
}
