//go:build !js

package uatrace_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/gowebphone/webphone/pkg/siptest"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pkg/ua/uatrace"
)

func ExampleReplay() {
	srv := siptest.NewServer()
	defer srv.Close()
	var recording bytes.Buffer
	agent, err := ua.New(ua.Config{
		Account: ua.Account{AOR: "sip:1001@" + srv.Domain, Password: srv.Password("1001")},
		Servers: []string{srv.URL},
		Record:  &recording,
	})
	if err != nil {
		log.Fatal(err)
	}
	go agent.Run(context.Background())
	if err := agent.Register(context.Background()); err != nil {
		log.Fatal(err)
	}
	agent.Close()

	replayed, err := uatrace.Replay(&recording, ua.Config{Account: ua.Account{Password: "any"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(replayed.Sent > 0, len(replayed.Differences))
	// Output: true 0
}

func ExampleWriteTrace() {
	ctx := context.Background()
	srv := siptest.NewServer()
	defer srv.Close()
	agent, err := ua.New(ua.Config{
		Account: ua.Account{AOR: "sip:1001@" + srv.Domain, Password: srv.Password("1001")},
		Servers: []string{srv.URL},
	})
	if err != nil {
		log.Fatal(err)
	}
	trace := agent.Trace(ctx)
	go agent.Run(ctx)
	if err := agent.Register(ctx); err != nil {
		log.Fatal(err)
	}
	agent.Close() // ends the trace
	var file bytes.Buffer
	if err := uatrace.WriteTrace(&file, trace); err != nil {
		log.Fatal(err)
	}
	events, err := uatrace.ReadTrace(&file)
	if err != nil {
		log.Fatal(err)
	}
	for _, ev := range events[:3] {
		method, _, _ := strings.Cut(string(ev.Data), " sip:")
		line, _, _ := strings.Cut(method, "\r\n")
		fmt.Println(ev.Sent, line)
	}
	// Output:
	// true REGISTER
	// false SIP/2.0 401 Unauthorized
	// true REGISTER
}
