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

// answer is a whole program: it registers, takes every call, says who talked, and hangs up after a while, until ctx ends. A main
// function would call it with the context of signal.NotifyContext, the account from its flags, and fmt.Println.
func answer(ctx context.Context, cfg ua.Config, talk time.Duration, say func(...any) (int, error)) error {
	agent, err := ua.New(cfg)
	if err != nil {
		return err
	}
	events := agent.Events(ctx)
	ran := make(chan error, 1)
	go func() { ran <- agent.Run(ctx) }() // connects, registers, keeps both up
	for ev := range events {
		switch ev := ev.(type) {
		case ua.RegistrationEvent:
			say(ev.State)
		case ua.IncomingCallEvent:
			go func() {
				if err := ev.Call.Accept(ctx); err != nil {
					log.Println("cannot answer:", err)
					return
				}
				time.AfterFunc(talk, func() { ev.Call.Hangup(ctx) })
			}()
		case ua.CallEvent:
			if ev.Info.State == ua.CallEnded {
				say("talked with", ev.Info.Remote.User, "-", ev.Info.Cause.Kind)
			}
		}
	}
	return <-ran
}

// The example runs the program against a server in this process and calls it.
func Example_answeringCalls() {
	srv := siptest.NewServer()
	defer srv.Close()
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	done, talked := make(chan error), make(chan bool)
	go func() {
		done <- answer(ctx, ua.Config{
			Account: ua.Account{AOR: "sip:1002@" + srv.Domain, Password: srv.Password("1002"), DisplayName: "Answering program"},
			Servers: []string{srv.URL},
		}, 10*time.Millisecond, func(words ...any) (int, error) {
			if words[0] == "talked with" {
				defer close(talked)
			}
			if words[0] != ua.Unregistering && words[0] != ua.Unregistered {
				return fmt.Println(words...)
			}
			return 0, nil
		})
	}()
	if err := srv.WaitRegistered(ctx, "1002"); err != nil {
		log.Fatal(err)
	}
	agent := ready(srv, "1001")
	defer agent.Close()
	if _, err := agent.Invite(ctx, "1002", ua.InviteOptions{}); err != nil {
		log.Fatal(err)
	}
	<-talked
	stop()
	<-done
	// Output:
	// registering
	// registered
	// talked with 1001 - hung up here
}
