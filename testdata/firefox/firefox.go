//lint:file-ignore SA1019 nhooyr.io/websocket is frozen, not broken; the swap to github.com/coder/websocket is one line

// Package firefox drives Firefox in tests: call Start, then Command with methods of WebDriver BiDi, and Hear for what a page's
// console says. FIREFOX names the program, firefox-esr without.
package firefox

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"nhooyr.io/websocket"
)

// Browser is a Firefox spoken to by WebDriver BiDi, which Firefox serves itself: no driver program is needed.
type Browser struct {
	conn *websocket.Conn
	done chan struct{} // closed when the connection has ended

	mu      sync.Mutex // guards what follows
	last    int
	waiting map[int]chan reply
	console map[string]func(kind, text string) // by browsing context
}

// reply is the answer to a command, or an event.
type reply struct {
	ID      int
	Type    string // "success", "error", "event"
	Result  json.RawMessage
	Error   string
	Message string
	Params  json.RawMessage // of an event
}

// prefs make Firefox quiet, and give it a microphone that sounds and may be used on loopback.
var prefs = map[string]any{
	"media.navigator.streams.fake":                      true,
	"media.navigator.permission.disabled":               true,
	"media.peerconnection.ice.loopback":                 true,
	"media.peerconnection.ice.obfuscate_host_addresses": false,
	"media.autoplay.default":                            0,
	"remote.active-protocols":                           1, // BiDi only
	"dom.ipc.processPrelaunch.enabled":                  false,
	"app.update.enabled":                                false,
	"app.normandy.enabled":                              false,
	"datareporting.healthreport.uploadEnabled":          false,
	"datareporting.policy.dataSubmissionEnabled":        false,
	"toolkit.telemetry.enabled":                         false,
	"browser.safebrowsing.malware.enabled":              false,
	"browser.safebrowsing.phishing.enabled":             false,
	"network.captive-portal-service.enabled":            false,
	"network.connectivity-service.enabled":              false,
	"network.dns.disablePrefetch":                       true,
	"extensions.update.enabled":                         false,
	"extensions.getAddons.cache.enabled":                false,
	"services.settings.server":                          "data:,",
	"browser.shell.checkDefaultBrowser":                 false,
	"browser.startup.page":                              0,
	"browser.aboutwelcome.enabled":                      false,
}

// Start starts Firefox with a profile of its own until the end of the test.
func Start(t *testing.T) *Browser {
	t.Helper()
	profile := t.TempDir()
	var lines strings.Builder
	for name, value := range prefs {
		text, _ := json.Marshal(value)
		fmt.Fprintf(&lines, "user_pref(%q, %s);\n", name, text)
	}
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	program := os.Getenv("FIREFOX")
	if program == "" {
		program = "firefox-esr"
	}
	cmd := exec.Command(program, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0")
	cmd.Env = append(os.Environ(), "HOME="+profile, "MOZ_CRASHREPORTER_DISABLE=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start Firefox: %v (testdata/install.sh installs it)", err)
	}
	t.Cleanup(func() { endGroup(cmd) })
	b, err := connectBiDi(t.Context(), out)
	if err != nil {
		t.Fatal("Firefox:", err)
	}
	return b
}

// endGroup ends the browser with all its processes.
func endGroup(cmd *exec.Cmd) {
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	cmd.Wait()
}

// patience is how long Firefox may take to start.
const patience = time.Minute

var bidiAddress = regexp.MustCompile(`WebDriver BiDi listening on (ws://\S+)`)

// connectBiDi connects to the address that the browser prints, and begins a session.
func connectBiDi(ctx context.Context, out io.Reader) (*Browser, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	address := make(chan string, 1)
	go func() {
		defer close(address)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if m := bidiAddress.FindStringSubmatch(lines.Text()); m != nil {
				address <- m[1]
			}
		}
	}()
	select {
	case url, ok := <-address:
		if !ok {
			return nil, errors.New("it ended before it listened")
		}
		return dialBiDi(ctx, url)
	case <-ctx.Done():
		return nil, fmt.Errorf("wait until it listens: %w", ctx.Err())
	}
}

func dialBiDi(ctx context.Context, url string) (*Browser, error) {
	conn, _, err := websocket.Dial(ctx, url+"/session", nil)
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(1 << 26)
	b := &Browser{conn: conn, done: make(chan struct{}), waiting: map[int]chan reply{},
		console: map[string]func(string, string){}}
	go b.read()
	if _, err := Command[any](ctx, b, "session.new", map[string]any{"capabilities": map[string]any{}}); err != nil {
		return nil, err
	}
	_, err = Command[any](ctx, b, "session.subscribe", map[string]any{"events": []string{"log.entryAdded"}})
	return b, err
}

// read hands out what comes in until the connection ends.
func (b *Browser) read() {
	defer close(b.done)
	for {
		_, data, err := b.conn.Read(context.Background())
		if err != nil {
			return
		}
		var r reply
		if json.Unmarshal(data, &r) != nil {
			continue
		}
		b.mu.Lock()
		waiting := b.waiting[r.ID]
		delete(b.waiting, r.ID)
		b.mu.Unlock()
		switch {
		case r.Type == "event":
			b.event(r.Params)
		case waiting != nil:
			waiting <- r
		}
	}
}

// Hear gives what the console of a browsing context says to note: kind is "console" or "javascript", an uncaught error.
func (b *Browser) Hear(context string, note func(kind, text string)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.console[context] = note
}

// event takes a log.entryAdded, the only event asked for.
func (b *Browser) event(params json.RawMessage) {
	var e struct {
		Type, Text string
		Source     struct{ Context string }
	}
	if json.Unmarshal(params, &e) != nil {
		return
	}
	b.mu.Lock()
	note := b.console[e.Source.Context]
	b.mu.Unlock()
	if note != nil {
		note(e.Type, e.Text)
	}
}

// Command runs one command of WebDriver BiDi and returns its result.
func Command[T any](ctx context.Context, b *Browser, method string, params any) (result T, err error) {
	answer := make(chan reply, 1)
	b.mu.Lock()
	b.last++
	id := b.last
	b.waiting[id] = answer
	b.mu.Unlock()
	data, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	if err != nil {
		return result, err
	}
	if err := b.conn.Write(ctx, websocket.MessageText, data); err != nil {
		return result, fmt.Errorf("%s: %w", method, err)
	}
	select {
	case r := <-answer:
		if r.Type != "success" {
			return result, fmt.Errorf("%s: %s: %s", method, r.Error, r.Message)
		}
		return result, json.Unmarshal(r.Result, &result)
	case <-b.done:
		return result, fmt.Errorf("%s: the browser has gone", method)
	case <-ctx.Done():
		return result, fmt.Errorf("%s: %w", method, ctx.Err())
	}
}
