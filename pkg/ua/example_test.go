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

// ready makes and runs a user agent at a server on loopback, and returns it registered.
func ready(srv *siptest.Server, user string) *ua.UserAgent {
	agent, err := ua.New(ua.Config{
		Account:      ua.Account{AOR: "sip:" + user + "@" + srv.Domain, Password: srv.Password(user)},
		Servers:      []string{srv.URL},
		MessageTypes: []string{"text/plain"}, // which are read by whoever ranges over Events
		// Whoever is on the line may send us to somebody else.
		AcceptRefer:    func(context.Context, ua.ReferRequest) bool { return true },
		AcceptReplaces: func(context.Context, ua.ReferRequest) bool { return true },
	})
	if err != nil {
		log.Fatal(err)
	}
	go agent.Run(context.Background())
	if err := agent.Register(context.Background()); err != nil {
		log.Fatal(err)
	}
	return agent
}

func ExampleNew() {
	agent, err := ua.New(ua.Config{
		Account: ua.Account{AOR: "sip:1001@example.com", Password: "secret", DisplayName: "Demo 1001"},
		Servers: []string{"wss://a.example.com/ws", "wss://b.example.com/ws"},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer agent.Close()
	fmt.Println(agent.State().Connection.State, agent.State().Registration.State)
	// Output: disconnected unregistered
}

func ExampleUserAgent_Run() {
	srv := siptest.NewServer()
	defer srv.Close()
	agent, err := ua.New(ua.Config{
		Account: ua.Account{AOR: "sip:1001@" + srv.Domain, Password: srv.Password("1001")},
		Servers: []string{srv.URL},
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error)
	go func() { ran <- agent.Run(ctx) }() // connects, registers, keeps both up
	if err := agent.Register(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(srv.Bindings("1001")), "binding")
	cancel() // hangs up, unregisters, closes
	fmt.Println(<-ran, len(srv.Bindings("1001")), "bindings")
	// Output:
	// 1 binding
	// <nil> 0 bindings
}

func ExampleUserAgent_Ready() {
	srv := siptest.NewServer()
	defer srv.Close()
	agent, err := ua.New(ua.Config{
		Account: ua.Account{AOR: "sip:1001@" + srv.Domain, Password: srv.Password("1001")},
		Servers: []string{srv.URL},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer agent.Close()
	go agent.Run(context.Background())
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := agent.Ready(ctx); err != nil { // says what was in the way: the server, its certificate, the password
		log.Fatal(err)
	}
	fmt.Println(agent.State().Registration.State)
	// Output: registered
}

func ExampleUserAgent_Events() {
	srv := siptest.NewServer()
	defer srv.Close()
	agent, err := ua.New(ua.Config{
		Account: ua.Account{AOR: "sip:1001@" + srv.Domain, Password: srv.Password("1001")},
		Servers: []string{srv.URL},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer agent.Close()
	events := agent.Events(context.Background()) // subscribed from here on
	go agent.Run(context.Background())
	for ev := range events {
		switch ev := ev.(type) {
		case ua.ConnectionEvent:
			fmt.Println(ev.State)
		case ua.RegistrationEvent:
			fmt.Println(ev.State)
			if ev.State == ua.Registered {
				return
			}
		}
	}
	// Output:
	// connecting
	// connected
	// registering
	// registered
}

func ExampleUserAgent_Invite() {
	srv := siptest.NewServer()
	defer srv.Close()
	agent := ready(srv, "1001")
	defer agent.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	call, err := agent.Invite(ctx, "600", ua.InviteOptions{}) // the echo
	if err != nil {
		log.Fatal(err)
	}
	if err := call.Wait(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.Info().State, "with", call.Info().Remote.User)
	if err := call.Hangup(ctx); err != nil {
		log.Fatal(err)
	}
	// Output: established with 600
}

func ExampleCall_Accept() {
	srv := siptest.NewServer()
	defer srv.Close()
	alice, bot := ready(srv, "1001"), ready(srv, "1002")
	defer alice.Close()
	defer bot.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	events := bot.Events(ctx)
	out, err := alice.Invite(ctx, "1002", ua.InviteOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for ev := range events {
		if in, ok := ev.(ua.IncomingCallEvent); ok {
			fmt.Println("call of", in.Info.Remote.User)
			if err := in.Call.Accept(ctx); err != nil {
				log.Fatal(err)
			}
			break
		}
	}
	fmt.Println(out.Wait(ctx))
	// Output:
	// call of 1001
	// <nil>
}

func ExampleCall_Wait() {
	srv := siptest.NewServer(siptest.Options{RingTime: time.Millisecond})
	defer srv.Close()
	agent := ready(srv, "1001")
	defer agent.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	call, err := agent.Invite(ctx, "601", ua.InviteOptions{}) // is always busy
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.Wait(ctx))
	fmt.Println(call.Info().Cause.Explanation)
	// Output:
	// INVITE refused: 486 Busy Here
	// The line is busy; try again in a few minutes.
}
