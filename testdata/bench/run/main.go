// Command run measures pkg/ua against other SIP libraries in headless Chromium, on the server of testdata/kamailio:
//
//	go run ./testdata/bench/run [-calls 20] [-features] [library ...]
//
// Libraries are named by their page in web/ (default: jssip, sipjs, webphone); all of them run interleaved, so that only
// the ratios of one run count. It installs what is missing (npm packages; Debian packages by testdata/install.sh) and
// ends with the status of the first driver that failed. Limits: Linux, about ten minutes for all three libraries.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gowebphone/webphone/testdata/kamailio"
)

const dir = "testdata/bench"

func main() {
	var opts kamailio.Options
	calls := flag.Int("calls", 20, "timed calls of each library, 0 = no timing")
	features := flag.Bool("features", true, "run the feature cases of each library")
	cases := flag.String("cases", ".", "regular expression of the case names")
	flag.StringVar(&opts.Algorithm, "digest", "MD5", "digest algorithm of the server, MD5 or SHA-256")
	flag.Parse()
	libraries := flag.Args()
	if len(libraries) == 0 {
		libraries = []string{"jssip", "sipjs", "webphone"}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, opts, libraries, *calls, *features, *cases); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, opts kamailio.Options, libraries []string, calls int, features bool, cases string) error {
	if err := prepare(ctx, libraries); err != nil {
		return err
	}
	server, err := kamailio.Start(ctx, opts)
	if err != nil {
		return err
	}
	defer server.Stop()
	control, err := listen(ctx, server)
	if err != nil {
		return err
	}
	env := append(os.Environ(), "WS_URL="+server.WS, "BENCH_DOMAIN="+server.Domain, "AUTH_ALGO="+opts.Algorithm,
		"CONTROL="+control, "RESULTS="+filepath.Join(server.Dir, "results"))
	var failed error
	if features {
		for _, lib := range libraries {
			failed = errors.Join(failed, command(ctx, env, "node", "test/features.mjs", lib, cases))
		}
	}
	if calls > 0 {
		failed = errors.Join(failed, command(ctx, env, "node", "test/timing.mjs", strings.Join(libraries, ","), strconv.Itoa(calls)))
	}
	return failed
}

// prepare installs the npm packages where they are not those of the lock file, bundles the adapters, and builds our page where it takes part.
func prepare(ctx context.Context, libraries []string) error {
	if stale(dir+"/node_modules/.package-lock.json", dir+"/package-lock.json") {
		if err := command(ctx, os.Environ(), "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"); err != nil {
			return err
		}
	}
	if err := command(ctx, os.Environ(), "web/build.sh"); err != nil {
		return err
	}
	if slices.Contains(libraries, "webphone") {
		return buildPage(ctx)
	}
	return nil
}

// buildPage compiles the program of our own page and puts Go's glue beside it.
func buildPage(ctx context.Context) error {
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", dir+"/web/dist/webphone.wasm", "./wasm/bench")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build the page's program: %w", err)
	}
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	glue, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib/wasm/wasm_exec.js"))
	if err != nil {
		return err
	}
	return os.WriteFile(dir+"/web/dist/wasm_exec.js", glue, 0o644)
}

// stale tells that made is missing or older than source.
func stale(made, source string) bool {
	m, err := os.Stat(made)
	s, err2 := os.Stat(source)
	return err != nil || err2 != nil || m.ModTime().Before(s.ModTime())
}

func command(ctx context.Context, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, env, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}

// telephones starts and stops plain telephones for the drivers, which speak to it over HTTP.
type telephones struct {
	server *kamailio.Bench

	mu    sync.Mutex // guards peers and starting
	peers map[string]*kamailio.Peer
}

// listen serves the control requests of the drivers until ctx ends and returns their address.
func listen(ctx context.Context, server *kamailio.Bench) (string, error) {
	l, err := net.Listen("tcp", kamailio.IP+":0")
	if err != nil {
		return "", err
	}
	t := &telephones{server: server, peers: map[string]*kamailio.Peer{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /start/{kind}", t.start)
	mux.HandleFunc("POST /command/{id}", t.command)
	mux.HandleFunc("POST /wait/{id}", t.wait)
	mux.HandleFunc("POST /stop/{id}", t.stop)
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go srv.Serve(l)
	context.AfterFunc(ctx, func() { srv.Close() })
	return "http://" + l.Addr().String(), nil
}

// start makes an "echo" (SIPp that answers), a "caller" (SIPp that calls ?user=) or a "baresip" (user 1005).
func (t *telephones) start(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var (
		p   *kamailio.Peer
		err error
	)
	switch kind := r.PathValue("kind"); kind {
	case "echo":
		p, err = t.server.Echo(r.Context())
	case "caller":
		p, err = t.server.Caller(r.FormValue("user"), 5*time.Second)
	case "baresip":
		p, err = t.server.Baresip(r.Context(), kamailio.Baresip{User: "1005", Codecs: "PCMU"})
	default:
		err = fmt.Errorf("no telephone of kind %q", kind)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	id := strconv.Itoa(len(t.peers))
	t.peers[id] = p
	json.NewEncoder(w).Encode(map[string]string{"id": id, "number": p.Number})
}

func (t *telephones) peer(r *http.Request) *kamailio.Peer {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.peers[r.PathValue("id")]
}

func (t *telephones) command(w http.ResponseWriter, r *http.Request) {
	reply, err := t.peer(r).Command(r.Context(), r.FormValue("command"), r.FormValue("params"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	io.WriteString(w, reply)
}

func (t *telephones) wait(w http.ResponseWriter, r *http.Request) {
	p := t.peer(r)
	if err := p.Wait(r.Context()); err != nil {
		http.Error(w, err.Error()+"\n"+p.Log(), http.StatusBadGateway)
	}
}

// stop ends a telephone and returns what it wrote.
func (t *telephones) stop(w http.ResponseWriter, r *http.Request) {
	p := t.peer(r)
	p.Stop()
	io.WriteString(w, p.Log())
}
