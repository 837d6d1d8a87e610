package contacts

import (
	"fmt"
	"syscall"
	"testing"
	"time"
)

// worked is how long this process has worked, whatever else the machine has to do.
func worked() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano())
}

// TestImportIsLinear gives a book the extensions of one main number, all of whose rows share a tail, and then the same with
// more known of each.
func TestImportIsLinear(t *testing.T) {
	file := func(n int, more string) []Contact {
		list := make([]Contact, n)
		for i := range list {
			list[i] = Contact{Name: fmt.Sprint("Desk ", i), Category: more,
				Numbers: []Number{{Number: "+44 20 7946 0000", Extension: fmt.Sprint(1000 + i)}}}
		}
		return list
	}
	took := func(n int) time.Duration {
		b, began := bookOf(t), worked()
		if done, _ := b.Import(file(n, ""), Skip, nil); done.Added != n {
			t.Fatalf("%+v of %d", done, n)
		}
		if done, change := b.Import(file(n, "ward"), Merge, nil); done.Merged != n || len(change.Before) != n ||
			len(change.After) != n {
			t.Fatalf("%+v of %d", done, n)
		}
		return worked() - began
	}
	took(2000)
	few, many := took(2000), took(20000)
	if many > 40*few+500*time.Millisecond {
		t.Errorf("2,000 take %v, 20,000 take %v: want about ten times as long", few, many)
	}
}
