// Command run measures pkg/ua against other SIP libraries in headless Chromium, on the server of testdata/kamailio:
//
//	go run ./testdata/bench/run [-only features|variants|timing] [-calls 20] [-cases regexp] [library ...]
//
// Libraries are named by their page in web/ (default: jssip, sipjs, webphone). It does three things, or the one of -only:
//
//	features   every case of test/features.mjs, library by library
//	variants   cases again on other servers and paths: SHA-256 digest, TLS, audio through rtpengine, TURN by UDP and TCP
//	timing     calls of all libraries, interleaved, so that only the ratios of one run count, and of a page that does the least
//	           that a call needs (floor); goals of ours against jssip and the floor
//
// It installs the npm packages where they are missing; make bench installs those of Debian. It ends with status 1 when a
// case fails that is not a known failure of a baseline, a call fails, or a goal is missed. Limits: Linux, about a quarter of
// an hour for everything. The figures of every call stay in build/bench.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/gowebphone/webphone/testdata/kamailio"
)

const (
	dir      = "testdata/bench"
	ours     = "webphone"
	floor    = "floor" // it has no features, and takes part in the timing alone
	allCases = "."
)

// parts are the values of -only, in the order in which they run.
var parts = []string{"features", "variants", "timing"}

// plan is what the flags ask for.
type plan struct {
	libraries []string
	parts     []string
	cases     string // of features and variants
	variant   string // regular expression of the variants' names
	calls     int
	algorithm string
}

func main() {
	var p plan
	only := flag.String("only", "", "one of "+strings.Join(parts, ", ")+"; default all")
	flag.IntVar(&p.calls, "calls", 20, "timed calls of each library")
	flag.StringVar(&p.cases, "cases", allCases, "regular expression of the case names")
	flag.StringVar(&p.variant, "variant", ".", "regular expression of the variants' names")
	flag.StringVar(&p.algorithm, "digest", "MD5", "digest algorithm of the server in features and timing, MD5 or SHA-256")
	flag.Parse()
	if p.parts = parts; *only != "" {
		if p.parts = []string{*only}; !slices.Contains(parts, *only) {
			log.Fatalf("-only %s: want one of %s", *only, strings.Join(parts, ", "))
		}
	}
	if p.libraries = flag.Args(); len(p.libraries) == 0 {
		p.libraries = []string{"jssip", "sipjs", ours}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := p.run(ctx); err != nil {
		log.Fatal(err)
	}
}

// run does every part, also when one before has failed.
func (p *plan) run(ctx context.Context) error {
	if err := prepare(ctx, p.libraries); err != nil {
		return err
	}
	var failed error
	for _, part := range p.parts {
		var err error
		switch part {
		case "features":
			err = p.features(ctx)
		case "variants":
			err = p.variants(ctx)
		case "timing":
			err = p.timing(ctx)
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

func (p *plan) features(ctx context.Context) error {
	return withServer(ctx, kamailio.Options{Algorithm: p.algorithm}, func(b *bench) error {
		var failed error
		for _, lib := range p.libraries {
			failed = errors.Join(failed, b.node(ctx, "test/features.mjs", lib, p.cases))
		}
		return failed
	})
}

func (p *plan) timing(ctx context.Context) error {
	return withServer(ctx, kamailio.Options{Algorithm: p.algorithm}, func(b *bench) error {
		return b.node(ctx, "test/timing.mjs", strings.Join(append(slices.Clone(p.libraries), floor), ","), strconv.Itoa(p.calls))
	})
}

// bench is a running server with what the drivers need to know about it.
type bench struct {
	*kamailio.Bench
	env []string
}

// withServer runs f with a server of its own.
func withServer(ctx context.Context, opts kamailio.Options, f func(*bench) error) error {
	server, err := kamailio.Start(ctx, opts)
	if err != nil {
		return err
	}
	defer server.Stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	control, err := listen(ctx, server)
	if err != nil {
		return err
	}
	results, err := filepath.Abs("build/bench")
	if err != nil {
		return err
	}
	return f(&bench{server, append(os.Environ(), "WS_URL="+server.WS, "BENCH_DOMAIN="+server.Domain,
		"AUTH_ALGO="+opts.Algorithm, "CONTROL="+control, "RESULTS="+results)})
}

// node runs a driver.
func (b *bench) node(ctx context.Context, script string, args ...string) error {
	if err := command(ctx, b.env, "node", append([]string{script}, args...)...); err != nil {
		return fmt.Errorf("%s %s: %w", script, strings.Join(args, " "), err)
	}
	return nil
}
