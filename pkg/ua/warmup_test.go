package ua

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestWarmUpPlaysAWholeCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if err := WarmUp(t.Context()); err != nil {
			t.Errorf("%v: the call in memory must be answered and ended", err)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("took %v of pauses, want no time-out waited for", took)
		}
	})
}

func TestWarmUpEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := WarmUp(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want what the context says", err)
		}
	})
}
