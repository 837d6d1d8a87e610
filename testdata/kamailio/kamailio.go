// Package kamailio starts a real SIP server for tests: Kamailio as registrar, proxy and presence server, rtpengine between
// WebRTC and plain RTP, SIPp and baresip as ordinary telephones. Call Start, use Bench.WS as the server of a phone and
// Bench.Users as its accounts, and Stop at the end:
//
//	bench, err := kamailio.Start(ctx, kamailio.Options{})
//	if err != nil {
//		return err
//	}
//	defer bench.Stop()
//
// Every run takes free ports and a directory of its own, so several may run side by side; everything binds to loopback.
// Stop ends the processes of this run and no others, and they end with the calling process, however that ends. Numbers:
// a user of Options.Users rings that user, "7" and a five-digit port the plain telephone on that UDP port (Peer.Number),
// "6", five digits of seconds and four of a user that user behind a minimum session timer (RFC 4028). Calls over UDP from
// users that are not ours need no password, as from a carrier.
//
// Limits: Linux with the Debian packages that testdata/install.sh installs (with the argument coturn for Options.TURN); no IPv6.
package kamailio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// IP is the address everything binds to.
const IP = "127.0.0.1"

// startTime is what the servers have to come up.
const startTime = 20 * time.Second

// Options configures a Bench. The zero value works.
type Options struct {
	Domain     string            // SIP domain and digest realm; default "sip.test"
	Users      map[string]string // user name to password; default 1001 to 1010 with "pw" and the user name
	Algorithm  string            // digest: "MD5" (default) or "SHA-256"
	MediaRelay bool              // audio between two browsers goes through rtpengine too
	NoTrunk    bool              // calls over UDP from unknown users are refused
	TURN       bool              // a TURN server too, see Bench.TURN
	MinSE      int               // smallest session timer in seconds the proxy lets through (RFC 4028); default 90
	Debug      int               // Kamailio's log level; default 2, 3 shows every step
}

// Bench is a running server. Its methods may be called from several goroutines.
type Bench struct {
	Domain string
	Users  map[string]string // user name to password
	WS     string            // WebSocket URL, "ws://127.0.0.1:20003"
	WSS    string            // the same with TLS and a certificate of its own making
	SIP    string            // UDP and TCP address, "127.0.0.1:20001"
	TURN   string            // "turn:127.0.0.1:20006", UDP and TCP, for TURNUser and TURNPassword; "" without Options.TURN
	Dir    string            // rendered configuration and logs; removed by Stop unless Keep was called

	ports Ports

	mu    sync.Mutex // guards what follows
	block *block
	procs []*process // in the order of their start
	proxy *process   // Kamailio, one of procs
	peers int        // telephones started so far
	keep  bool
}

// Start starts the server and returns when it answers. When it fails nothing is left running, and the error names the
// directory with the logs.
func Start(ctx context.Context, opts Options) (*Bench, error) {
	if err := installed("kamailio", "rtpengine", "sqlite3"); err != nil {
		return nil, err
	}
	b, err := prepare(opts)
	if err != nil {
		return nil, fmt.Errorf("start kamailio: %w", err)
	}
	if err := b.start(ctx); err != nil {
		b.Keep()
		b.Stop()
		return nil, fmt.Errorf("start kamailio: %w (logs in %s)", err, b.Dir)
	}
	return b, nil
}

// Keep leaves the directory with configuration and logs when Stop is called: for a test that failed.
func (b *Bench) Keep() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.keep = true
}

// Stop ends every process this Bench started, the telephones too, waits for them, and removes the directory.
func (b *Bench) Stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := len(b.procs) - 1; i >= 0; i-- {
		b.procs[i].stop()
	}
	b.block.release()
	if !b.keep {
		os.RemoveAll(b.Dir)
	}
}

func prepare(opts Options) (*Bench, error) {
	opts = withDefaults(opts)
	blk, err := takeBlock()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "kamailio") // short: it holds a Unix socket
	if err != nil {
		blk.release()
		return nil, err
	}
	p := blk.ports
	b := &Bench{
		Domain: opts.Domain,
		Users:  maps.Clone(opts.Users),
		WS:     fmt.Sprintf("ws://%s:%d", IP, p.WS),
		WSS:    fmt.Sprintf("wss://%s:%d", IP, p.WSS),
		SIP:    fmt.Sprintf("%s:%d", IP, p.SIP),
		Dir:    dir,
		ports:  p,
		block:  blk,
	}
	if opts.TURN {
		b.TURN = fmt.Sprintf("turn:%s:%d", IP, p.TURN)
	}
	if err := b.render(opts); err != nil {
		b.Stop()
		return nil, err
	}
	return b, nil
}

func withDefaults(o Options) Options {
	if o.Domain == "" {
		o.Domain = "sip.test"
	}
	if o.Algorithm == "" {
		o.Algorithm = "MD5"
	}
	if o.MinSE == 0 {
		o.MinSE = 90
	}
	if o.Debug == 0 {
		o.Debug = 2
	}
	if o.Users == nil {
		o.Users = map[string]string{}
		for n := 1001; n <= 1010; n++ {
			o.Users[fmt.Sprint(n)] = fmt.Sprint("pw", n)
		}
	}
	return o
}

// start brings up rtpengine before Kamailio: Kamailio asks for it once at its own start and does without it for a while
// when there is no answer.
func (b *Bench) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	rtpengine, err := b.run("rtpengine", "rtpengine", "--foreground", "--log-stderr", "--table=-1", "--interface="+IP,
		fmt.Sprintf("--listen-ng=%s:%d", IP, b.ports.NG),
		fmt.Sprintf("--port-min=%d", b.ports.RelayMin), fmt.Sprintf("--port-max=%d", b.ports.RelayMax),
		"--log-level=6", "--config-file=none", "--delete-delay=0", "--dtls-passive", "--num-threads=2", "--timeout=120")
	if err != nil {
		return err
	}
	if err := rtpengine.waitLog(ctx, "Startup complete"); err != nil {
		return err
	}
	if b.TURN != "" {
		if err := b.startTURN(ctx); err != nil {
			return err
		}
	}
	return b.startProxy(ctx)
}

func (b *Bench) startProxy(ctx context.Context) error {
	proxy, err := b.run("kamailio", "kamailio", "-DD", "-E", "-m", "64", "-M", "8",
		"-f", filepath.Join(b.Dir, "kamailio.cfg"), "-Y", b.Dir, "-P", filepath.Join(b.Dir, "kamailio.pid"))
	if err != nil {
		return err
	}
	b.mu.Lock()
	b.proxy = proxy
	b.mu.Unlock()
	for _, port := range []int{b.ports.WS, b.ports.WSS, b.ports.SIP} {
		if err := proxy.waitTCP(ctx, port); err != nil {
			return err
		}
	}
	return nil
}

// Halt ends Kamailio as a crash does, in the middle of whatever it is doing: its connections end, new ones are refused, and
// registrations are forgotten. rtpengine and the telephones go on.
func (b *Bench) Halt() {
	b.mu.Lock()
	proxy := b.proxy
	b.mu.Unlock()
	proxy.crash()
}

// Resume starts Kamailio again after Halt, on the same ports, and returns when it answers.
func (b *Bench) Resume(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	if err := os.Remove(filepath.Join(b.Dir, "kamailio_ctl")); err != nil {
		return fmt.Errorf("resume kamailio: %w", err)
	}
	if err := b.startProxy(ctx); err != nil {
		return fmt.Errorf("resume kamailio: %w", err)
	}
	return nil
}

// RPC asks the running Kamailio for its state with kamcmd: "ul.dump", "ws.dump", "dlg.list", "htable.dump users".
func (b *Bench) RPC(ctx context.Context, command ...string) (string, error) {
	args := append([]string{"-s", "unix:" + filepath.Join(b.Dir, "kamailio_ctl")}, command...)
	out, err := exec.CommandContext(ctx, program("kamcmd"), args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("kamcmd %v: %w: %s", command, err, out)
	}
	if text, failed := bytes.CutPrefix(out, []byte("error: ")); failed { // kamcmd itself ends well then
		return "", fmt.Errorf("kamcmd %v: %s", command, bytes.TrimSpace(text))
	}
	return string(out), nil
}

// Log returns what the process of that name ("kamailio", "rtpengine") has written so far.
func (b *Bench) Log(name string) string {
	text, err := os.ReadFile(filepath.Join(b.Dir, name+".log"))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func installed(names ...string) error {
	var missing []string
	for _, n := range names {
		if _, err := exec.LookPath(program(n)); err != nil {
			missing = append(missing, n)
		}
	}
	if len(missing) > 0 {
		return errors.New("not installed: " + fmt.Sprint(missing) + "; run testdata/install.sh as root")
	}
	return nil
}

// program finds a program also where Debian keeps servers, which is not in every user's PATH.
func program(name string) string {
	if _, err := exec.LookPath(name); err != nil {
		return filepath.Join("/usr/sbin", name)
	}
	return name
}
