//go:build unix

package ua

import (
	"context"
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/siptest"
	"github.com/gowebphone/webphone/pkg/transport"
)

// silence is a media engine of a user agent that makes no calls.
type silence struct{}

func (silence) NewSession(context.Context, media.Config) (media.Session, error) {
	return nil, media.ErrUnsupported
}

// Benchmark1000Agents runs 1,000 user agents in one process against the server of package siptest over pipes: each
// connects, registers with a digest, and asks its neighbour by OPTIONS what it can do. It reports processor time and memory for
// each agent, with the server's share.
func Benchmark1000Agents(b *testing.B) {
	const agents = 1000
	users := map[string]string{}
	for i := range agents {
		users[fmt.Sprint(100000+i)] = "secret"
	}
	used := time.Duration(0)
	for b.Loop() {
		b.StopTimer()
		srv := siptest.New(siptest.Options{Users: users})
		runtime.GC()
		began := busy(b)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		b.StartTimer()
		ctx, cancel := context.WithCancel(context.Background())
		list := startAgents(b, ctx, srv, agents)
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc+after.StackInuse-before.HeapAlloc-before.StackInuse)/agents/1024, "KiB/agent")
		b.ReportMetric(float64(runtime.NumGoroutine())/agents, "goroutines/agent")
		b.StartTimer()
		gossip(b, ctx, list)
		b.StopTimer()
		used += busy(b) - began
		cancel()
		for _, a := range list {
			a.Close()
		}
		srv.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(used.Microseconds())/float64(b.N)/agents, "µs-CPU/agent")
}

// busy returns the processor time this process has used.
func busy(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func startAgents(b *testing.B, ctx context.Context, srv *siptest.Server, n int) []*UserAgent {
	b.Helper()
	list := make([]*UserAgent, n)
	outcomes := make(chan error, n)
	for i := range list {
		user := fmt.Sprint(100000 + i)
		a, err := New(Config{Account: Account{AOR: "sip:" + user + "@" + srv.Domain, Password: "secret"},
			Servers: []string{"wss://" + srv.Domain + "/ws"}, MediaEngine: silence{}, ConnectTimeout: time.Minute,
			Dial: func(context.Context, string) (transport.Conn, error) {
				here, there := transport.Pipe()
				go srv.ServeConn(there, user)
				return here, nil
			}})
		if err != nil {
			b.Fatal(err)
		}
		list[i] = a
		go a.Run(ctx)
		go func() { outcomes <- a.Register(ctx) }()
	}
	for range list {
		if err := <-outcomes; err != nil {
			b.Fatal(err)
		}
	}
	return list
}

// gossip lets every user agent ask the next one what it can do.
func gossip(b *testing.B, ctx context.Context, list []*UserAgent) {
	b.Helper()
	outcomes := make(chan error, len(list))
	for i, a := range list {
		next := fmt.Sprint(100000 + (i+1)%len(list))
		go func() {
			can, err := a.Capabilities(ctx, next)
			if err == nil && can.Code >= 500 {
				err = fmt.Errorf("OPTIONS: %d", can.Code)
			}
			outcomes <- err
		}()
	}
	for range list {
		if err := <-outcomes; err != nil {
			b.Fatal(err)
		}
	}
}
