//go:build e2e && !js

package media_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/testdata/firefox"
)

// A browser has no directory of seeds for the fuzz targets; they run natively and under Node.
const page = `<!doctype html><meta charset="utf-8"><title>contract test</title>
<script src="/wasm_exec.js"></script>
<script>
const go = new Go();
const flags = new URLSearchParams(location.search).getAll("flag");
go.argv = ["media.test", "-test.v", "-test.timeout=9m", "-test.skip=^Fuzz", ...flags];
go.exit = code => console.log("EXIT " + code);
WebAssembly.instantiateStreaming(fetch("/media.wasm"), go.importObject).then(r => go.run(r.instance));
</script>`

// serve returns the address of the page with the tests, of which a short run has a part of the long tables. MEDIA_RUN is a
// pattern of those to run, where not all.
func serve(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(files(t))
	t.Cleanup(server.Close)
	flags := []string{fmt.Sprint("-test.short=", testing.Short()), "-test.run=" + os.Getenv("MEDIA_RUN")}
	return server.URL + "/?" + url.Values{"flag": flags}.Encode()
}

// ended reports whether a line of the console ends the tests in the browser. It fails with them.
func ended(t *testing.T, line string) bool {
	t.Helper()
	t.Log(line)
	code, done := strings.CutPrefix(line, "EXIT ")
	if done && code != "0" {
		t.Fatalf("the tests in the browser ended with code %s", code)
	}
	return done
}

// TestContractInChromium runs the tests of this package as WebAssembly in a real browser with a fake microphone.
func TestContractInChromium(t *testing.T) {
	address := serve(t)
	browser := startBrowser(t)
	console := chromedp.Console(browser)
	if err := chromedp.Do(browser, chromedp.Navigate(address)); err != nil {
		t.Fatalf("browser: %v", err)
	}
	for message, err := range console {
		if err != nil {
			t.Fatalf("the tests in the browser did not end: %v", err)
		}
		if message.Type == chromedp.ConsoleException {
			t.Fatalf("the page threw an exception: %s", message.Text)
		}
		if ended(t, message.Text) {
			return
		}
	}
}

// TestContractInFirefox runs the same tests in Firefox.
func TestContractInFirefox(t *testing.T) {
	address := serve(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	lines := make(chan [2]string, 1000)
	if err := openInFirefox(ctx, firefox.Start(t), address, func(kind, text string) {
		lines <- [2]string{kind, text}
	}); err != nil {
		t.Fatalf("browser: %v", err)
	}
	for {
		select {
		case line := <-lines:
			if line[0] == "javascript" {
				t.Fatalf("the page threw an exception: %s", line[1])
			}
			if ended(t, line[1]) {
				return
			}
		case <-ctx.Done():
			t.Fatalf("the tests in the browser did not end: %v", ctx.Err())
		}
	}
}

// openInFirefox opens an address in a new window and gives all that its console says to note.
func openInFirefox(ctx context.Context, b *firefox.Browser, address string, note func(kind, text string)) error {
	window, err := firefox.Command[struct{ Context string }](ctx, b, "browsingContext.create", map[string]any{"type": "window"})
	if err != nil {
		return err
	}
	b.Hear(window.Context, note)
	_, err = firefox.Command[any](ctx, b, "browsingContext.navigate", map[string]any{"context": window.Context, "url": address})
	return err
}

// files builds the test binary and serves it with its loader.
func files(t *testing.T) http.Handler {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "media.wasm")
	build := exec.Command("go", "test", "-c", "-tags", "browser", "-o", binary, ".")
	build.Env = append(build.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, page)
	})
	native := &nativeSide{t: t}
	mux.HandleFunc("POST /native/answer", native.answer)
	mux.HandleFunc("POST /native/tones", native.tones)
	mux.HandleFunc("/media.wasm", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/wasm")
		http.ServeFile(w, r, binary)
	})
	mux.HandleFunc("/wasm_exec.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	})
	return mux
}

// nativeSide is a native session that the browser calls.
type nativeSide struct {
	t *testing.T

	mu      sync.Mutex // guards session
	session media.Session
}

// answer answers the offer in the body.
func (n *nativeSide) answer(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	offer, err := io.ReadAll(r.Body)
	if err == nil && n.session == nil {
		n.session, err = media.Default().NewSession(r.Context(), media.Config{})
		if err == nil {
			n.t.Cleanup(n.session.Close)
		}
	}
	var sdp []byte
	if err == nil {
		sdp, err = n.session.Answer(r.Context(), offer, media.SendRecv)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Write(sdp)
}

// tones tells the tones that have arrived, once there are as many as the body names.
func (n *nativeSide) tones(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	want, _ := io.ReadAll(r.Body)
	for range want {
		select {
		case tone := <-n.session.(media.DTMFReceiver).Tones():
			fmt.Fprint(w, string(tone))
		case <-time.After(patience):
			return
		}
	}
}

// startBrowser starts Chromium for at most ten minutes.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.Flag("use-fake-device-for-media-stream", true),
		chromedp.Flag("use-fake-ui-for-media-stream", true),
		chromedp.Flag("allow-loopback-in-peer-connection", true),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	limited, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	t.Cleanup(cancel)
	alloc, cancelAlloc := chromedp.NewExecAllocator(limited, options...)
	t.Cleanup(cancelAlloc)
	browser, cancelBrowser := chromedp.NewContext(alloc)
	t.Cleanup(cancelBrowser)
	return browser
}
