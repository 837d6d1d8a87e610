package transport

import (
	"bytes"
	"context"
	"testing"
	"testing/synctest"
)

// fill pushes messages until one is refused, and returns how many were taken.
func (b *inbox) fill(msg []byte) (n int) {
	for b.push(msg) {
		n++
	}
	return n
}

func message(start string, size int) []byte {
	return append([]byte(start), bytes.Repeat([]byte("x"), size-len(start))...)
}

// TestUnreadMessagesAreBounded: what begins something is lost first, the connection never.
func TestUnreadMessagesAreBounded(t *testing.T) {
	for _, size := range []int{20, 1500, MaxMessage + 1} {
		b := newInbox()
		most := min(maxBacklog, maxUnread/size)
		for _, start := range []string{"INVITE ", "MESSAGE ", "\r\n\r\n", "SIP/2.0", "BYEX "} {
			if n := b.fill(message(start, size)); n != most && start == "INVITE " || n != 0 && start != "INVITE " {
				t.Errorf("%d bytes: %d more of %q, want %d in all", size, n, start, most)
			}
		}
		all := most
		for _, start := range []string{"SIP/2.0 200 ", "BYE ", "CANCEL ", "ACK "} {
			if !b.push(message(start, size)) {
				t.Errorf("%d bytes: no room for %q", size, start)
			}
			all++
		}
		all += b.fill(message("BYE ", size))
		if want := min(2*maxBacklog, 2*maxUnread/size); all != want {
			t.Errorf("%d bytes: %d in all, want %d", size, all, want)
		}
		for range all {
			if _, err := b.pop(); err != nil {
				t.Fatal(err)
			}
		}
		if b.bytes != 0 || b.err() != nil || !b.push(message("INVITE ", size)) {
			t.Errorf("%d bytes: it is empty, and holds %d bytes, %v", size, b.bytes, b.err())
		}
	}
}

// TestSlowReaderKeepsTheWriterWaiting: nothing is lost where the platform can wait, and nobody waits for an end.
func TestSlowReaderKeepsTheWriterWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, over, came := newInbox(), make(chan struct{}), 0
		go func() {
			for b.pushSlowly(over, message("MESSAGE ", 1000)) {
				came++
			}
			close(b.room)
		}()
		synctest.Wait()
		if came != maxBacklog {
			t.Errorf("%d messages were taken, want %d", came, maxBacklog)
		}
		for range 3 {
			if _, err := b.recv(context.Background()); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		if came != maxBacklog+3 {
			t.Errorf("%d messages after three were read", came)
		}
		close(over)
		<-b.room
	})
	synctest.Test(t, func(t *testing.T) {
		b, done := newInbox(), make(chan bool)
		b.fill(message("MESSAGE ", 1000))
		go func() { done <- b.pushSlowly(nil, message("MESSAGE ", 1000)) }()
		synctest.Wait()
		b.end(&CloseError{Code: codeAbnormal})
		if <-done {
			t.Error("taken after the end")
		}
	})
}
