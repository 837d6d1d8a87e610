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

// The page that carried the audio is gone, and Config.MediaEngine makes its sessions in another one: see package remote.
func ExampleUserAgent_RenewMedia() {
	srv := siptest.NewServer()
	defer srv.Close()
	agent := ready(srv, "1001")
	defer agent.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	call := talk(ctx, agent, "600")

	agent.RenewMedia()
	for heard := false; !heard; {
		stats, err := call.Stats(ctx) // of the new session
		if err != nil {
			log.Fatal(err)
		}
		heard = stats.PacketsReceived > 0
	}
	fmt.Println(call.Info().State)
	// Output: established
}

// What can be done during a call.
func ExampleCall() {
	srv := siptest.NewServer()
	defer srv.Close()
	agent := ready(srv, "1001")
	defer agent.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	call := talk(ctx, agent, "600")

	fmt.Println(call.Mute(true), call.Info().Muted) // said to nobody
	fmt.Println(call.Hold(ctx), call.Info().HeldLocal)
	fmt.Println(call.Resume(ctx), call.Info().HeldLocal)
	if err := call.SendInfoDTMF(ctx, "1"); err != nil {
		log.Fatal(err)
	}
	if err := call.SendDTMF(ctx, "2#"); err != nil { // in the audio, where the other side takes that
		log.Fatal(err)
	}
	for len(srv.DTMF()) < 3 {
		if stats, err := call.Stats(ctx); err != nil {
			log.Fatal(err, stats)
		}
	}
	for _, tone := range srv.DTMF() {
		fmt.Println(tone.Digit, tone.Source)
	}
	fmt.Println(agent.Call(call.ID()) == call)
	// Output:
	// <nil> true
	// <nil> true
	// <nil> false
	// 1 info
	// 2 rtp
	// # rtp
	// true
}

func ExampleCall_Reject() {
	srv := siptest.NewServer()
	defer srv.Close()
	caller, callee := ready(srv, "1001"), ready(srv, "1002")
	defer caller.Close()
	defer callee.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	events := callee.Events(ctx)
	call, err := caller.Invite(ctx, "1002", ua.InviteOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for ev := range events {
		if in, ok := ev.(ua.IncomingCallEvent); ok {
			if err := in.Call.Reject(ctx, 486, ua.RejectOptions{}); err != nil {
				log.Fatal(err)
			}
			break
		}
	}
	fmt.Println(call.Wait(ctx))
	// Output: INVITE refused: 486 Busy Here
}

// An announcement before the answer: the caller hears us while the call still rings.
func ExampleCall_Progress() {
	srv := siptest.NewServer()
	defer srv.Close()
	caller, callee := ready(srv, "1001"), ready(srv, "1002")
	defer caller.Close()
	defer callee.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	incoming, outgoing := callee.Events(ctx), caller.Events(ctx)
	if _, err := caller.Invite(ctx, "1002", ua.InviteOptions{}); err != nil {
		log.Fatal(err)
	}
	for ev := range incoming {
		if in, ok := ev.(ua.IncomingCallEvent); ok {
			if err := in.Call.Progress(ctx); err != nil {
				log.Fatal(err)
			}
			break
		}
	}
	for ev := range outgoing {
		if c, ok := ev.(ua.CallEvent); ok && c.Info.EarlyMedia {
			fmt.Println("early media while", c.Info.State)
			break
		}
	}
	// Output: early media while ringing
}
