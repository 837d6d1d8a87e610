package wire_test

import (
	"errors"
	"fmt"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

func ExampleParse() {
	frame := "OPTIONS sip:1001@x.invalid SIP/2.0\r\nv: SIP/2.0/WSS y.invalid;branch=z9hG4bK1\r\nf: " +
		"<sip:1002@example.com>;tag=1\r\n" +
		"t: <sip:1001@example.com>\r\ni: c1\r\nCSeq: 7 OPTIONS\r\nk: timer, path\r\n\r\n"
	msg, err := wire.Parse([]byte(frame))
	var bad *wire.Error
	if errors.As(err, &bad) {
		fmt.Println("answer with", bad.Response())
		return
	}
	req := msg.(*wire.Request)
	fmt.Println(req.Method, req.CSeq().SeqNo, req.FromTag, req.Supported)
	fmt.Println(errors.Is(req.TimerErr, wire.ErrAbsent))
	_, err = wire.Event(req)
	fmt.Println(errors.Is(err, wire.ErrAbsent))
	// Output:
	// OPTIONS 7 1 [timer path]
	// true
	// true
}

func ExampleSerialize() {
	req := sip.NewRequest(sip.OPTIONS, sip.Uri{User: "*0#", Host: "example.com"})
	out, err := wire.Serialize(req)
	fmt.Printf("%q %v\n", out, err)
	req.AppendHeader(sip.NewHeader("Subject", "a\r\nEvil: 1"))
	_, err = wire.Serialize(req)
	fmt.Println(err)
	// Output:
	// "OPTIONS sip:*0%23@example.com SIP/2.0\r\nContent-Length: 0\r\n\r\n" <nil>
	// wire: cannot write Subject: control character
}

func ExampleTarget() {
	for _, dialled := range []string{"+44 (0)20 7946-0347", "*0#", "1003@example.net", "http://example.net"} {
		u, err := wire.Target(dialled, "example.com")
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(u.String())
	}
	// Output:
	// sip:+442079460347@example.com
	// sip:*0%23@example.com
	// sip:1003@example.net
	// cannot call this: only sip:, sips: and tel: addresses can be called
}

func ExampleMask() {
	fmt.Printf("%s\n", wire.Mask([]byte(`Authorization: Digest username="1001", nonce="abc", response="0123"`)))
	// Output:
	// Authorization: Digest username="1001", nonce="***", response="****"
}
