//go:build !js

package ua_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/gowebphone/webphone/pkg/siptest"
	"github.com/gowebphone/webphone/pkg/ua"
)

// answering accepts every call to agent until ctx ends.
func answering(ctx context.Context, agent *ua.UserAgent) {
	events := agent.Events(ctx)
	go func() {
		for ev := range events {
			if in, ok := ev.(ua.IncomingCallEvent); ok {
				go in.Call.Accept(ctx)
			}
		}
	}()
}

// talk calls target and returns the call when it is answered.
func talk(ctx context.Context, agent *ua.UserAgent, target string) *ua.Call {
	call, err := agent.Invite(ctx, target, ua.InviteOptions{})
	if err != nil {
		log.Fatal(err)
	}
	if err := call.Wait(ctx); err != nil {
		log.Fatal(err)
	}
	return call
}

// Send the other side to the echo, and follow how it goes there.
func ExampleCall_Transfer() {
	srv := siptest.NewServer()
	defer srv.Close()
	a, b := ready(srv, "1001"), ready(srv, "1002")
	defer a.Close()
	defer b.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	answering(ctx, b)
	call := talk(ctx, a, "1002")
	events := a.Events(ctx)
	go call.Transfer(ctx, "600")
	for ev := range events {
		if t, ok := ev.(ua.TransferEvent); ok {
			fmt.Println(t.State, t.Code)
			if t.State == ua.TransferSucceeded || t.State == ua.TransferFailed {
				break
			}
		}
	}
	// Output:
	// trying 202
	// trying 100
	// succeeded 200
}

// Take the call back when nobody answers where it was sent to.
func ExampleCall_CancelTransfer() {
	srv := siptest.NewServer()
	defer srv.Close()
	a, b, c := ready(srv, "1001"), ready(srv, "1002"), ready(srv, "1003")
	defer a.Close()
	defer b.Close()
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	answering(ctx, b)
	call := talk(ctx, a, "1002")
	events := a.Events(ctx)
	go call.Transfer(ctx, "1003")
	for ev := range events {
		t, ok := ev.(ua.TransferEvent)
		if ok && t.State == ua.TransferProgress {
			fmt.Println("it rings at 1003")
			call.CancelTransfer(ctx)
		}
		if ok && t.State == ua.TransferFailed {
			fmt.Println(t.Cause.Kind, call.Info().State)
			break
		}
	}
	// Output:
	// it rings at 1003
	// cancelled established
}

// Ask 1003 while 1002 waits, then connect the two.
func ExampleCall_TransferTo() {
	srv := siptest.NewServer()
	defer srv.Close()
	a, b, c := ready(srv, "1001"), ready(srv, "1002"), ready(srv, "1003")
	defer a.Close()
	defer b.Close()
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	answering(ctx, b)
	answering(ctx, c)
	events := c.Events(ctx)
	first := talk(ctx, a, "1002")
	if err := first.Hold(ctx); err != nil {
		log.Fatal(err)
	}
	second := talk(ctx, a, "1003")
	if err := first.TransferTo(ctx, second); err != nil {
		log.Fatal(err)
	}
	for ev := range events {
		if r, ok := ev.(ua.ReplacedEvent); ok {
			fmt.Println("1003 talks to", r.Info.Remote.User)
			break
		}
	}
	// Output: 1003 talks to 1002
}

// Decide who may send us to whom, and where a diverted call may go.
func ExampleConfig() {
	sameDomain := func(a ua.Address) bool { return a.Host == "example.com" }
	agent, err := ua.New(ua.Config{
		Account:     ua.Account{AOR: "sip:1001@example.com", Password: "secret"},
		Servers:     []string{"wss://a.example.com/ws"},
		AcceptRefer: func(_ context.Context, r ua.ReferRequest) bool { return sameDomain(r.Target) },
		// Target says itself who it is: only a server that checks it makes this safe.
		AcceptReplaces: func(_ context.Context, r ua.ReferRequest) bool { return sameDomain(r.Target) },
		Redirect: func(to []ua.Address) (ua.Address, bool) {
			for _, a := range to {
				if sameDomain(a) {
					return a, true
				}
			}
			return ua.Address{}, false
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer agent.Close()
	fmt.Println(agent.State().Registration.State)
	// Output: unregistered
}
