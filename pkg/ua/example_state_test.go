//go:build !js

package ua_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log"
	"strings"

	"github.com/gowebphone/webphone/pkg/siptest"
	"github.com/gowebphone/webphone/pkg/transport"
	"github.com/gowebphone/webphone/pkg/ua"
)

func ExampleUserAgent_Message() {
	srv := siptest.NewServer()
	defer srv.Close()
	ctx := context.Background()
	first, second := ready(srv, "1001"), ready(srv, "1002")
	defer first.Close()
	defer second.Close()
	events := second.Events(ctx)

	code, err := first.Message(ctx, "1002", ua.MessageOptions{Body: []byte("hello")})
	fmt.Println(code, err)
	for ev := range events {
		if m, ok := ev.(ua.MessageEvent); ok {
			fmt.Printf("%s: %s\n", m.From.User, m.Body)
			break
		}
	}

	_, err = first.Message(ctx, "1009", ua.MessageOptions{Body: []byte("hello")})
	var refused *ua.ResponseError
	if errors.As(err, &refused) {
		fmt.Println("not delivered:", refused.Cause.Kind)
	}
	// Output:
	// 200 <nil>
	// 1001: hello
	// not delivered: not found
}

func ExampleUserAgent_Capabilities() {
	srv := siptest.NewServer()
	defer srv.Close()
	first, second := ready(srv, "1001"), ready(srv, "1002")
	defer first.Close()
	defer second.Close()
	can, err := first.Capabilities(context.Background(), "1002")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(can.Code, can.Events)
	// Output: 200 [conference dialog message-summary presence reg]
}

func ExampleUserAgent_Export() {
	key := make([]byte, 32) // kept where a reload finds it again and others do not
	rand.Read(key)
	cfg := ua.Config{
		Account:  ua.Account{AOR: "sip:1001@example.com", Password: "secret"},
		Servers:  []string{"wss://a.example.com/ws"},
		StateKey: key,
	}
	agent, err := ua.New(cfg)
	if err != nil {
		log.Fatal(err)
	}
	saved, err := agent.Export() // after every CallEvent
	if err != nil {
		log.Fatal(err)
	}
	agent.Close()

	cfg.Restore = saved
	agent, err = ua.New(cfg)
	if errors.Is(err, ua.ErrBadState) {
		cfg.Restore = nil // too old: begin anew
		agent, err = ua.New(cfg)
	}
	if err != nil {
		log.Fatal(err)
	}
	defer agent.Close()
	fmt.Println(len(agent.State().Calls))
	// Output: 0
}

func ExampleUserAgent_Farewell() {
	srv := siptest.NewServer()
	defer srv.Close()
	ctx := context.Background()
	agent := ready(srv, "1001")
	call, err := agent.Invite(ctx, "600", ua.InviteOptions{})
	if err != nil {
		log.Fatal(err)
	}
	if err := call.Wait(ctx); err != nil {
		log.Fatal(err)
	}
	words, err := agent.Farewell()
	if err != nil {
		log.Fatal(err)
	}
	agent.Close() // the page is gone, and nobody has come to restore its calls

	for _, w := range words {
		conn, err := transport.Dial(ctx, w.Server)
		if err != nil {
			log.Fatal(err)
		}
		for _, message := range append(w.Calls, w.Binding) {
			conn.Send(message)
			answer, err := conn.Recv(ctx)
			if err != nil {
				log.Fatal(err)
			}
			method, _, _ := strings.Cut(string(message), " ")
			status, _, _ := strings.Cut(string(answer), "\r\n")
			fmt.Println(method, status)
		}
		conn.Close(1000, "")
	}
	// Output:
	// BYE SIP/2.0 200 OK
	// REGISTER SIP/2.0 200 OK
}
