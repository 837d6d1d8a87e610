//go:build !js

package media_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
)

// Two sessions of one program call each other.
func ExampleDefault() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	caller, err := media.Default().NewSession(ctx, media.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer caller.Close()
	called, err := media.Default().NewSession(ctx, media.Config{CodecPriority: []string{"PCMA"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer called.Close()
	offer, _ := caller.Offer(ctx, media.SendRecv)
	answer, _ := called.Answer(ctx, offer, media.RecvOnly)
	fmt.Println(strings.Contains(string(answer), "a=recvonly"), caller.SetAnswer(ctx, answer))
	// Output: true <nil>
}
