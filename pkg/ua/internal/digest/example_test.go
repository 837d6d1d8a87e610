package digest_test

import (
	"fmt"
	"strings"

	"github.com/gowebphone/webphone/pkg/ua/internal/digest"
)

func ExampleClient() {
	client := digest.New(digest.Config{Username: "1001", Password: "demo", Rand: strings.NewReader(strings.Repeat("0", 64))})
	// A 401 with two challenges: the stronger one is answered.
	err := client.Challenged(digest.Challenge{From: digest.Server, Method: "REGISTER", Values: []string{
		`Digest realm="example.com", nonce="n1", algorithm=MD5, qop="auth"`,
		`Digest realm="example.com", nonce="n2", algorithm=SHA-256, qop="auth"`,
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fields, err := client.Authorize("REGISTER", "sip:example.com", nil)
	for _, h := range fields {
		fmt.Println(h.Name, strings.Contains(h.Value, "algorithm=SHA-256"), err)
	}
	// Output:
	// Authorization true <nil>
}
