//go:build !js

package siptest_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/gowebphone/webphone/pkg/siptest"
	"nhooyr.io/websocket"
)

// A client asks the server what it can do, and is asked for its password first.
func ExampleNewServer() {
	srv := siptest.NewServer(siptest.Options{Users: map[string]string{"1001": "secret"},
		Algorithms: []siptest.Algorithm{siptest.SHA256}})
	defer srv.Close()

	ctx := context.Background()
	client, _, err := websocket.Dial(ctx, srv.URL, &websocket.DialOptions{Subprotocols: []string{"sip"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseNow()
	request := strings.Join([]string{
		"OPTIONS sip:" + srv.Domain + " SIP/2.0",
		"Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1",
		"From: <sip:1001@" + srv.Domain + ">;tag=1",
		"To: <sip:" + srv.Domain + ">",
		"Call-ID: 1",
		"CSeq: 1 OPTIONS",
		"", "",
	}, "\r\n")
	if err := client.Write(ctx, websocket.MessageText, []byte(request)); err != nil {
		fmt.Println(err)
		return
	}
	answer, err := srv.WaitMessage(ctx, func(m siptest.Message) bool { return m.Direction == siptest.Sent })
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(answer.StartLine())
	fmt.Println(answer.Header("Proxy-Authenticate"))
	// Output:
	// SIP/2.0 407 Proxy Authentication Required
	// Digest realm="sip.test", nonce="***", algorithm=SHA-256, qop="auth"
}
