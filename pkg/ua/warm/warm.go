// Package warm plays a call before the first one, so that the functions of a user agent in a browser are compiled by then: call
// [Up] once while nobody waits.
//
// Limits: it warms what signals. The media engine is made ready by itself where it is a media.Preparer.
package warm

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/transport"
	"github.com/gowebphone/webphone/pkg/ua"
)

// pause leaves the browser room between the messages of a warm-up, for what a person does meanwhile.
const pause = time.Millisecond

// Up registers two user agents in memory and plays one short call between them: no message leaves, no microphone
// opens. A browser compiles each function of a WebAssembly program when it is first called, which makes the first login
// and the first call of a page some 50 ms slower each than the second: call Up once, while somebody types a password, or
// when the registration is up. It takes 0.1 to 0.2 s in small steps, and returns when it is over.
func Up(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	near, proxyNear := transport.Pipe()
	far, proxyFar := transport.Pipe()
	caller, err := agent("near", near)
	if err != nil {
		return err
	}
	callee, err := agent("far", far)
	if err != nil {
		return err
	}
	defer caller.Close() // at once, without a goodbye
	defer callee.Close()
	news, calls := caller.Events(ctx), callee.Events(ctx)
	wg.Go(func() { caller.Run(ctx) })
	wg.Go(func() { callee.Run(ctx) })
	wg.Go(func() { carry(ctx, proxyNear, proxyFar) })
	wg.Go(func() { carry(ctx, proxyFar, proxyNear) })
	wg.Go(func() {
		for ev := range calls {
			if in, ok := ev.(ua.IncomingCallEvent); ok {
				in.Call.Accept(ctx)
			}
		}
	})
	for ev := range news {
		if r, ok := ev.(ua.RegistrationEvent); ok && r.State == ua.Registered {
			return call(ctx, caller)
		}
	}
	return ctx.Err()
}

func call(ctx context.Context, caller *ua.UserAgent) error {
	call, err := caller.Invite(ctx, "far", ua.InviteOptions{})
	if err != nil {
		return err
	}
	if err := call.Wait(ctx); err != nil {
		return err
	}
	return call.Hangup(ctx)
}

func agent(user string, conn transport.Conn) (*ua.UserAgent, error) {
	return ua.New(ua.Config{
		Account:     ua.Account{AOR: "sip:" + user + "@warm.invalid", Password: "warm", DisplayName: "Warm-up"},
		Servers:     []string{"wss://warm.invalid"},
		MediaEngine: engine{},
		Dial:        func(context.Context, string) (transport.Conn, error) { return conn, nil },
	})
}

// carry hands messages on until either end is closed. Like a server it registers, and asks for credentials.
func carry(ctx context.Context, from, to transport.Conn) {
	for {
		msg, err := from.Recv(ctx)
		if err != nil {
			return
		}
		if reply := proxyReply(string(msg)); reply != "" {
			err = from.Send([]byte(reply))
		} else {
			err = to.Send(msg)
		}
		if err != nil {
			return
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}

// proxyReply is what the proxy itself says to a request, "" when it hands the message on.
func proxyReply(request string) string {
	const challenge = "-Authenticate: Digest realm=\"warm.invalid\", nonce=\"d2FybQ\", algorithm=MD5, qop=\"auth\"\r\n"
	authorized := strings.Contains(request, "uthorization: Digest ")
	switch method, _, _ := strings.Cut(request, " "); {
	case method == "REGISTER" && !authorized:
		return response(request, "401 Unauthorized", "WWW"+challenge)
	case method == "REGISTER":
		return response(request, "200 OK", "")
	case method == "INVITE" && !authorized:
		return response(request, "407 Proxy Authentication Required", "Proxy"+challenge)
	}
	return ""
}

// response answers a request as the user agent writes it.
func response(request, status, more string) string {
	response := "SIP/2.0 " + status + "\r\n" + more
	for line := range strings.SplitSeq(request, "\r\n") {
		switch name, _, _ := strings.Cut(line, ":"); name {
		case "Via", "From", "Call-ID", "CSeq", "Contact":
			response += line + "\r\n"
		case "To":
			response += line + ";tag=proxy\r\n"
		case "":
			return response + "Content-Length: 0\r\n\r\n"
		}
	}
	return response
}

// engine makes sessions without audio that describe themselves as a browser does.
type engine struct{}

func (engine) NewSession(context.Context, media.Config) (media.Session, error) {
	states := make(chan media.State)
	return &session{states: states, closed: sync.OnceFunc(func() { close(states) })}, nil
}

type session struct {
	states chan media.State
	closed func()
}

func (s *session) description(dir media.Direction) []byte {
	return []byte(fmt.Sprintf(sdp, dir))
}

func (s *session) Offer(_ context.Context, dir media.Direction) ([]byte, error) {
	return s.description(dir), nil
}

func (s *session) Answer(_ context.Context, _ []byte, dir media.Direction) ([]byte, error) {
	return s.description(dir), nil
}

func (*session) SetAnswer(context.Context, []byte) error    { return nil }
func (*session) Rollback(context.Context) error             { return nil }
func (*session) SetMuted(bool)                              {}
func (*session) SendDTMF(string) error                      { return nil }
func (*session) Stats(context.Context) (media.Stats, error) { return media.Stats{}, nil }
func (s *session) States() <-chan media.State               { return s.states }
func (s *session) Close()                                   { s.closed() }

const sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n" +
	"m=audio 9 UDP/TLS/RTP/SAVPF 111 0 8 126\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n" +
	"a=candidate:1 1 udp 2122194687 192.0.2.1 40000 typ host generation 0 network-id 1\r\n" +
	"a=ice-ufrag:warm\r\na=ice-pwd:warmwarmwarmwarmwarmwarm\r\na=ice-options:trickle\r\n" +
	"a=fingerprint:sha-256 00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00\r\n" +
	"a=setup:actpass\r\na=mid:0\r\na=%s\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n" +
	"a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:126 telephone-event/8000\r\n"
