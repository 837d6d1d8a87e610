package ua_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
)

// deaf is a media engine of a user agent that makes no calls.
type deaf struct{}

func (deaf) NewSession(context.Context, media.Config) (media.Session, error) {
	return nil, media.ErrUnsupported
}

// BenchmarkAgents runs 1,000 user agents in one process, each with a pipe to a server of a few lines: it connects, registers with
// a digest, publishes its presence and watches a lamp. It is the same as WebAssembly, where there is one thread and the time is
// that of the processor; Benchmark1000Agents has the processor's time natively.
func BenchmarkAgents(b *testing.B) {
	const agents = 1000
	srv := tiny{map[string]string{"dialog": lamp}}
	for b.Loop() {
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		ctx, cancel := context.WithCancel(context.Background())
		began := time.Now()
		list := make([]*ua.UserAgent, agents)
		outcomes := make(chan error, agents)
		for i := range list {
			a, err := ua.New(ua.Config{Account: ua.Account{AOR: fmt.Sprintf("sip:%d@example.com", 100000+i), Password: "secret"},
				Servers: []string{"wss://a.example.com/ws"}, MediaEngine: deaf{}, ConnectTimeout: time.Minute, Dial: srv.dial})
			if err != nil {
				b.Fatal(err)
			}
			list[i] = a
			go a.Run(ctx)
			go func() { outcomes <- work(ctx, a) }()
		}
		for range list {
			if err := <-outcomes; err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(time.Since(began).Microseconds())/agents, "µs/agent")
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc+after.StackInuse-before.HeapAlloc-before.StackInuse)/agents/1024, "KiB/agent")
		b.ReportMetric(float64(runtime.NumGoroutine())/agents, "goroutines/agent")
		for _, a := range list {
			a.Close()
		}
		cancel()
	}
}

// work is what each user agent does.
func work(ctx context.Context, a *ua.UserAgent) error {
	if err := a.Register(ctx); err != nil {
		return err
	}
	if _, err := a.Publish(ctx, ua.PublishOptions{Body: []byte("<presence/>")}); err != nil {
		return err
	}
	_, err := a.Subscribe(ctx, "1002", ua.SubscribeOptions{Event: "dialog"})
	return err
}
