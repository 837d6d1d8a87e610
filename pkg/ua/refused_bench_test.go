package ua

import (
	"fmt"
	"testing"
)

// refusedInvite is the n-th INVITE of a stranger that is refused at once; its ACK never comes.
func refusedInvite(n int) []byte {
	return fmt.Appendf(nil, "INVITE sip:1001@example.com SIP/2.0\r\nVia: SIP/2.0/WSS a.example;branch=z9hG4bKflood%d\r\n"+
		"Max-Forwards: 70\r\n"+
		"From: <sip:9@example.net>;tag=t%d\r\nTo: <sip:1001@example.com>\r\nCall-ID: flood-%d\r\nCSeq: 1 INVITE\r\n"+
		"Contact: <sip:9@192.0.2.9;transport=ws>\r\nRequire: nothing\r\nContent-Length: 0\r\n\r\n", n, n, n)
}

// BenchmarkRefusedInvite shows that an INVITE that is refused costs the same however many were refused before.
func BenchmarkRefusedInvite(b *testing.B) {
	for _, before := range []int{0, 100, 10000} {
		b.Run(fmt.Sprint("after ", before), func(b *testing.B) {
			r := newRig(b)
			defer close(r.done)
			for n := range before {
				r.recv(refusedInvite(n))
			}
			n := before
			for b.Loop() {
				r.sent = r.sent[:0]
				r.recv(refusedInvite(n))
				n++
			}
		})
	}
}
