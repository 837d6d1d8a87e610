package screen_test

import (
	"fmt"

	"github.com/gowebphone/webphone/pwa/screen"
)

func Example() {
	var before screen.Snapshot
	before.Screen, before.Brand = screen.ScreenPhone, "Desk phone"

	after := before
	after.All = []screen.Line{{Call: screen.Call{ID: "1", Direction: screen.Incoming, State: screen.CallRinging,
		Remote: screen.Address{User: "1002"}}}}
	for _, effect := range screen.Effects(before, after) {
		fmt.Printf("%T\n", effect)
	}

	event, ok := screen.Shortcut(after, screen.Key{Code: "KeyA", Alt: true})
	fmt.Printf("%T%v %v\n", event, event, ok)
	// Output:
	// screen.Play
	// screen.Title
	// screen.Notify
	// screen.Answer{1} true
}
