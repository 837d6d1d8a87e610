package warm_test

import (
	"context"
	"fmt"

	"github.com/gowebphone/webphone/pkg/ua/warm"
)

func ExampleUp() {
	// A page does this once, after its first RegistrationEvent of state Registered.
	fmt.Println(warm.Up(context.Background()))
	// Output: <nil>
}
