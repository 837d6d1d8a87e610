//go:build e2e && speed

package e2e

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
)

// traceEvent is one of the browser's trace (Trace Event Format): a task, or the name of a thread.
type traceEvent struct {
	Name     string
	Pid, Tid int
	Dur      float64 // µs
	Tdur     float64 // µs that the thread has worked, without what other programs took; its clock may jump
	Args     struct{ Name string }
}

// longestTask is how long the page has worked in one piece while act went on, in milliseconds of its own time: a key that is
// pressed meanwhile waits for it.
func (p Phone) longestTask(act func()) float64 {
	p.t.Helper()
	var mu sync.Mutex // guards events
	var events []traceEvent
	var ended sync.Once
	over := make(chan struct{})
	err := chromedp.ListenBrowser(p.ctx, func(ev any) {
		switch e := ev.(type) {
		case *tracing.EventDataCollected:
			mu.Lock()
			defer mu.Unlock()
			for _, raw := range e.Value {
				var one traceEvent
				if json.Unmarshal(raw, &one) == nil {
					events = append(events, one)
				}
			}
		case *tracing.EventTracingComplete:
			ended.Do(func() { close(over) }) // a later trace is heard here too
		}
	})
	if err != nil {
		p.t.Fatal(err)
	}
	config := tracing.TraceConfig{RecordMode: "recordContinuously", IncludedCategories: []string{"toplevel", "__metadata"},
		ExcludedCategories: []string{"*"}}
	if _, err := chromedp.CallBrowser(p.ctx, tracing.Start, tracing.StartParams{TraceConfig: &config}); err != nil {
		p.t.Fatal(err)
	}
	act()
	if _, err := chromedp.CallBrowser(p.ctx, tracing.End, cdp.Empty{}); err != nil {
		p.t.Fatal(err)
	}
	select {
	case <-over:
	case <-time.After(3 * patience):
		p.t.Fatal("the trace does not end")
	}
	mu.Lock()
	defer mu.Unlock()
	return longestOf(events, "CrRendererMain") / 1000
}

// longestOf is the longest event on threads of that name.
func longestOf(events []traceEvent, thread string) (longest float64) {
	type place struct{ pid, tid int }
	named := map[place]bool{}
	for _, e := range events {
		if e.Name == "thread_name" && e.Args.Name == thread {
			named[place{e.Pid, e.Tid}] = true
		}
	}
	for _, e := range events {
		if named[place{e.Pid, e.Tid}] {
			longest = max(longest, min(e.Tdur, e.Dur))
		}
	}
	return longest
}
