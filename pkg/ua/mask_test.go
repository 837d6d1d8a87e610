package ua_test

import (
	"fmt"

	"github.com/gowebphone/webphone/pkg/ua"
)

func ExampleMask() {
	fmt.Printf("%s\n", ua.Mask([]byte(`Authorization: Digest username="1001", nonce="abc", response="0123"`)))
	// Output:
	// Authorization: Digest username="1001", nonce="***", response="****"
}
