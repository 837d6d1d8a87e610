package ua_test

import (
	"context"
	"fmt"
	"log"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pkg/ua/notification"
)

const lamp = `<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="0" state="full" entity="sip:1002@example.com">` +
	`<dialog id="1" direction="recipient"><state>confirmed</state></dialog></dialog-info>`

// registered makes and runs a user agent at a server in memory, and returns it registered.
func registered(ctx context.Context, srv tiny) *ua.UserAgent {
	agent, err := ua.New(ua.Config{
		Account: ua.Account{AOR: "sip:1001@example.com", Password: "secret"},
		Servers: []string{"wss://a.example.com/ws"},
		Dial:    srv.dial,
	})
	if err != nil {
		log.Fatal(err)
	}
	go agent.Run(ctx)
	if err := agent.Register(ctx); err != nil {
		log.Fatal(err)
	}
	return agent
}

// A busy lamp: the calls of 1002, as its server tells them.
func ExampleUserAgent_Subscribe() {
	ctx := context.Background()
	agent := registered(ctx, tiny{map[string]string{"dialog": lamp}})
	defer agent.Close()
	events := agent.Events(ctx)
	watched, err := agent.Subscribe(ctx, "1002", ua.SubscribeOptions{Event: "dialog"})
	if err != nil {
		log.Fatal(err) // *ua.ResponseError when refused
	}
	for ev := range events {
		if n, ok := ev.(ua.NotifyEvent); ok && n.Subscription == watched {
			fmt.Println("busy:", n.Value.(*notification.DialogInfo).Busy())
			break
		}
	}
	fmt.Println(watched.Info().State)
	fmt.Println(watched.Unsubscribe(ctx))
	// Output:
	// busy: true
	// active
	// <nil>
}

func ExampleUserAgent_Publish() {
	ctx := context.Background()
	agent := registered(ctx, tiny{})
	defer agent.Close()
	const pidf = `<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:1001@example.com">` +
		`<tuple id="phone"><status><basic>%s</basic></status></tuple></presence>`
	state, err := agent.Publish(ctx, ua.PublishOptions{Body: fmt.Appendf(nil, pidf, "open")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(state.Info().State)
	if err := state.Update(ctx, fmt.Appendf(nil, pidf, "closed")); err != nil {
		log.Fatal(err)
	}
	fmt.Println(state.Remove(ctx), state.Info().State)
	// Output:
	// published
	// <nil> unpublished
}

func ExampleUserAgent_Unregister() {
	ctx := context.Background()
	agent := registered(ctx, tiny{})
	defer agent.Close()
	agent.Wake() // the network may have changed: is the connection alive?
	if err := agent.Unregister(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(agent.State().Registration.State, agent.State().Connection.State)
	// Output: unregistered connected
}

func ExampleUserAgent_SetToken() {
	agent, err := ua.New(ua.Config{
		Account: ua.Account{AOR: "sip:1001@example.com", Token: "first"},
		Servers: []string{"wss://a.example.com/ws"},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer agent.Close()
	fmt.Println(agent.SetToken("second"), agent.SetToken("no token") != nil)
	// Output: <nil> true
}
