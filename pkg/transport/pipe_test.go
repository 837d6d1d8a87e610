package transport_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gowebphone/webphone/pkg/transport"
)

func TestPipeInsideABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := transport.Pipe()
		go func() {
			time.Sleep(time.Hour) // of the bubble
			a.Send([]byte("late"))
		}()
		begin := time.Now()
		if msg, err := b.Recv(t.Context()); err != nil || string(msg) != "late" || time.Since(begin) != time.Hour {
			t.Errorf("%q, %v after %v", msg, err, time.Since(begin))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := b.Recv(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the deadline", err)
		}
	})
}

func TestPipeNobodyReads(t *testing.T) {
	a, b := transport.Pipe()
	var err error
	sent := 0
	for ; err == nil && sent < 1e6; sent++ {
		err = a.Send([]byte("x"))
	}
	if !errors.Is(err, transport.ErrQueueFull) {
		t.Fatalf("after %d messages: %v, want ErrQueueFull", sent, err)
	}
	if _, err := b.Recv(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := a.Send([]byte("x")); err != nil {
		t.Errorf("there is room again, got %v", err)
	}
}

func ExamplePipe() {
	client, server := transport.Pipe()
	client.Send([]byte("\r\n\r\n")) // keep-alive, RFC 5626 section 3.5.1
	ping, _ := server.Recv(context.Background())
	server.Close(1000, "bye")
	_, err := client.Recv(context.Background())
	fmt.Printf("%q\n%v\n", ping, err)
	// Output:
	// "\r\n\r\n"
	// websocket closed with code 1000 "bye"
}

func ExampleDial() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	conn, err := transport.Dial(ctx, "http://sip.example.com")
	var failed *transport.DialError
	if errors.As(err, &failed) {
		fmt.Println(failed.Kind)
		return
	}
	defer conn.Close(1000, "")
	// Output: bad URL
}
