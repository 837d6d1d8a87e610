package ua_test

import (
	"context"
	"fmt"

	"github.com/gowebphone/webphone/pkg/ua"
)

func ExampleWarmUp() {
	// A page does this once, after its first RegistrationEvent of state Registered.
	fmt.Println(ua.WarmUp(context.Background()))
	// Output: <nil>
}
