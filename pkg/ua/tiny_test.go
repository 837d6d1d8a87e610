package ua_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/gowebphone/webphone/pkg/transport"
)

// tiny is a SIP server of a few lines for examples and benchmarks, in both builds: it registers everybody who answers its
// challenge, keeps what is published, and tells watchers what docs says about a package.
type tiny struct{ docs map[string]string } // by event package

// dial is for Config.Dial.
func (s tiny) dial(context.Context, string) (transport.Conn, error) {
	here, there := transport.Pipe()
	go s.serve(there)
	return here, nil
}

func (s tiny) serve(conn transport.Conn) {
	defer conn.Abandon()
	for n := 1; ; n++ {
		data, err := conn.Recv(context.Background())
		if err != nil {
			return
		}
		text := string(data)
		switch {
		case text == "\r\n\r\n":
			conn.Send([]byte("\r\n"))
		case strings.HasPrefix(text, "SIP/2.0 "), strings.HasPrefix(text, "ACK "):
		default:
			for _, m := range s.answers(text, n) {
				conn.Send([]byte(m))
			}
		}
	}
}

// field is a header of a message.
func field(msg, name string) string {
	for line := range strings.SplitSeq(msg, "\r\n") {
		if value, ok := strings.CutPrefix(line, name+": "); ok {
			return value
		}
	}
	return ""
}

// answers are the response to a request, and what follows it.
func (s tiny) answers(req string, n int) []string {
	method, _, _ := strings.Cut(req, " ")
	reply := func(status string, more ...string) string {
		lines := []string{"SIP/2.0 " + status}
		for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
			lines = append(lines, name+": "+field(req, name))
		}
		if !strings.Contains(lines[3], ";tag=") {
			lines[3] += ";tag=tiny"
		}
		return strings.Join(append(lines, append(more, "Content-Length: 0", "", "")...), "\r\n")
	}
	switch method {
	case "REGISTER":
		if field(req, "Authorization") == "" {
			return []string{reply("401 Unauthorized",
				`WWW-Authenticate: Digest realm="example.com", nonce="tiny", algorithm=SHA-256, qop="auth"`)}
		}
		return []string{reply("200 OK", "Contact: "+field(req, "Contact"))}
	case "SUBSCRIBE":
		state := "active;expires=" + field(req, "Expires")
		if field(req, "Expires") == "0" {
			state = "terminated;reason=timeout"
		}
		return []string{reply("200 OK", "Expires: "+field(req, "Expires"), "Contact: <sip:tiny.example.com>"),
			s.notify(req, state, n)}
	case "PUBLISH":
		return []string{reply("200 OK", "Expires: "+field(req, "Expires"), fmt.Sprintf("SIP-ETag: e%d", n))}
	}
	return []string{reply("200 OK")}
}

// notify tells the sender of a SUBSCRIBE what it asked for.
func (s tiny) notify(req, state string, n int) string {
	event := field(req, "Event")
	from := field(req, "To")
	if !strings.Contains(from, ";tag=") {
		from += ";tag=tiny"
	}
	target, _, _ := strings.Cut(strings.TrimPrefix(field(req, "Contact"), "<"), ">")
	kind, _, _ := strings.Cut(field(req, "Accept"), ",")
	return fmt.Sprintf("NOTIFY %s SIP/2.0\r\nVia: SIP/2.0/WSS tiny.example.com;branch=z9hG4bK%d\r\nMax-Forwards: 70\r\nFrom: "+
		"%s\r\nTo: %s\r\nCall-ID: %s\r\n"+
		"CSeq: %d NOTIFY\r\nContact: <sip:tiny.example.com>\r\nEvent: %s\r\nSubscription-State: %s\r\nContent-Type: %s\r\n"+
		"Content-Length: %d\r\n\r\n%s",
		target, n, from, field(req, "From"), field(req, "Call-ID"), n, event, state, kind, len(s.docs[event]), s.docs[event])
}
