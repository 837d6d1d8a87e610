// Command trace collects garbage in the depth of calls with pointers in them, and writes where it is on its error output.
package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

type node struct {
	next  *node
	place [64]byte
}

func main() {
	done := make(chan int)
	go func() {
		defer func() {
			recover()
			_, _ = os.Stderr.Write(debug.Stack())
			close(done)
		}()
		deep(nil, 500)
	}()
	<-done
}

// deep grows the stack, which moves every pointer on it, and faults at its end.
func deep(up *node, more int) int {
	own := node{next: up}
	if more > 0 {
		return deep(&own, more-1) + 1
	}
	runtime.GC()
	count := generic(&own)
	var none []int
	return none[count]
}

func generic[T any](from *T) int {
	if any(from).(*node).next == nil {
		panic("lost")
	}
	return 501
}
