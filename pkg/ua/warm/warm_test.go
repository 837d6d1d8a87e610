package warm

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
		if err := Up(t.Context()); err != nil {
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
		if err := Up(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want what the context says", err)
		}
	})
}

// A page may be left at any step of it.
func TestWarmUpEndsWithItsContextAtAnyStep(t *testing.T) {
	ended := 0
	for after := range 20 {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(after)*time.Millisecond)
			defer cancel()
			began := time.Now()
			err := Up(ctx)
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("ended after %v: took %v", after, took)
			}
			if err != nil {
				ended++
			}
		})
	}
	if ended < 3 || ended == 20 {
		t.Errorf("%d of 20 were cut short, want some of them", ended)
	}
}
