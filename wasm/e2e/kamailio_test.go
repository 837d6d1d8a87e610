//go:build e2e

package e2e

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gowebphone/webphone/testdata/kamailio"
)

// The real server of the run, started by the first test that asks for it. Its tests share it, each with users of its own.
var bench struct {
	sync.Once
	*kamailio.Bench
	err error
}

func realServer(t *testing.T) *kamailio.Bench {
	t.Helper()
	bench.Do(func() { bench.Bench, bench.err = kamailio.Start(context.Background(), kamailio.Options{}) })
	if bench.err != nil {
		t.Fatal(bench.err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			bench.Keep()
			t.Log("logs of Kamailio and the telephones:", bench.Dir)
		}
	})
	return bench.Bench
}

func stopBench() {
	if bench.Bench != nil {
		bench.Stop()
	}
}

// atKamailio logs a phone in at the real server.
func atKamailio(t *testing.T, n int, opts pageOptions) (Phone, *kamailio.Bench) {
	t.Helper()
	b := realServer(t)
	a := account{user: user(n), password: b.Users[user(n)]}
	return logIn(t, staticServer(t, b.WS), a, opts), b
}

func TestKamailioBrowserCallsBrowser(t *testing.T) {
	t.Parallel()
	a, _ := atKamailio(t, 1, pageOptions{})
	b, _ := atKamailio(t, 2, pageOptions{window: desktopWindow})
	connect(a, b, user(2))
	b.Click("Hang up")
	a.WaitIdle()
	b.WaitIdle()
}

func TestKamailioBrowserCallsTelephone(t *testing.T) {
	t.Parallel()
	a, b := atKamailio(t, 3, pageOptions{})
	echo, err := b.Echo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a.Dial(echo.Number)
	a.WaitOnCall()
	a.WaitAudio()
	a.Click("Hang up")
	a.WaitIdle()
	waitEnd(t, echo)
}

func TestKamailioTelephoneCallsBrowser(t *testing.T) {
	t.Parallel()
	a, b := atKamailio(t, 4, pageOptions{})
	caller, err := b.Caller(user(4), 8*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	a.WaitText(saysIncoming)
	a.WaitText(`15550100`)
	a.Click("Answer")
	a.WaitOnCall()
	a.WaitAudio()
	a.WaitIdle()
	waitEnd(t, caller)
}

func waitEnd(t *testing.T, p *kamailio.Peer) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := p.Wait(ctx); err != nil {
		t.Error("the telephone's side of the call:", err)
	}
}

func TestKamailioBaresipBothWays(t *testing.T) {
	t.Parallel()
	a, b := atKamailio(t, 6, pageOptions{})
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	phone, err := b.Baresip(ctx, kamailio.Baresip{User: user(5)})
	if err != nil {
		t.Fatal(err)
	}
	a.Dial(user(5))
	a.WaitOnCall()
	a.WaitAudio()
	a.Click("Hang up")
	a.WaitIdle()

	if err := phone.Dial(ctx, user(6), b.Domain); err != nil {
		t.Fatal(err)
	}
	a.WaitText(saysIncoming)
	a.Click("Answer")
	a.WaitOnCall()
	a.WaitAudio()
	if _, err := phone.Command(ctx, "hangup", ""); err != nil {
		t.Fatal(err)
	}
	a.WaitIdle()
}

// TestKamailioReloadKeepsTheCall loads the page anew in a call with a telephone, through the real server and its relay.
func TestKamailioReloadKeepsTheCall(t *testing.T) {
	t.Parallel()
	b := realServer(t)
	a := logIn(t, staticServer(t, b.WS), account{user: user(8), password: b.Users[user(8)]}, pageOptions{script: firstPacket})
	a.leaves()
	waitEval(a.Page, "have a service worker", workerReady, true)
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	phone, err := b.Baresip(ctx, kamailio.Baresip{User: user(7)})
	if err != nil {
		t.Fatal(err)
	}
	a.Dial(user(7))
	a.WaitOnCall()
	a.WaitAudio()
	var took []int
	for range 3 {
		a.reload()
		a.WaitOnCall()
		a.WaitAudio()
		first, err := eval[int](a.Page, `firstPacket`)
		if err != nil {
			t.Fatal(err)
		}
		took = append(took, first)
	}
	slices.Sort(took)
	t.Logf("first packet after %d ms in the median of %v; the goal is %v", took[1], took, firstInChromium)
	if _, err := phone.Command(ctx, "hangup", ""); err != nil {
		t.Fatal(err)
	}
	a.WaitIdle()
}
