package uatrace_test

import (
	"fmt"

	"github.com/gowebphone/webphone/pkg/ua/uatrace"
)

func ExampleMask() {
	fmt.Printf("%s\n", uatrace.Mask([]byte(`Authorization: Digest username="1001", nonce="abc", response="0123"`)))
	// Output:
	// Authorization: Digest username="1001", nonce="***", response="****"
}
