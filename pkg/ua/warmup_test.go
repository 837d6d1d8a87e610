package ua

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

func TestWarmUpPlaysAWholeCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if err := WarmUp(t.Context()); err != nil {
			t.Errorf("%v: the call in memory must be answered and ended", err)
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
