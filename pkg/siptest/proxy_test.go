//go:build !js

package siptest

import (
	"strings"
	"testing"
	"time"
)

func TestCallBetweenTwoUsers(t *testing.T) {
	srv := newServer(t)
	alice, bob := login(t, srv, "1001"), login(t, srv, "1002")
	sent := alice.invite("sip:1002@sip.test", "v=0\r\n")

	invite := bob.want("the INVITE is forwarded", "INVITE")
	if invite.get("Proxy-Authorization") != "" {
		t.Error("credentials for the proxy must not reach the other user")
	}
	if got := invite.get("Max-Forwards"); got != "69" {
		t.Errorf("Max-Forwards: got %s, want 69", got)
	}
	if invite.uri != "sip:1002@"+bob.host+";transport=ws" {
		t.Errorf("Request-URI: got %s, want the registered Contact", invite.uri)
	}
	if string(invite.body) != "v=0\r\n" {
		t.Errorf("body: got %q", invite.body)
	}
	bob.reply(invite, 180, "bob1")
	alice.want("ringing comes back", "180")
	answer := bob.reply(invite, 200, "bob1")
	ok := alice.want("the answer comes back", "200")
	if vias := ok.all("Via"); len(vias) != 1 || !strings.Contains(vias[0], "received=127.0.0.1;") && !strings.HasSuffix(vias[0],
		"received=127.0.0.1") {
		t.Errorf("Via of the answer: got %q, want the caller's with received", vias)
	}
	alice.send(alice.inDialog("ACK", sent, ok))
	if ack := bob.want("the ACK takes the recorded route", "ACK"); ack.get("Route") != "" {
		t.Errorf("ACK: got Route %q, want none left", ack.get("Route"))
	}
	alice.send(alice.inDialog("INFO", sent, ok))
	bob.reply(bob.want("INFO is forwarded inside the dialog", "INFO"), 200, "")
	alice.want("and answered", "200")
	bob.send(bob.inDialogBack("BYE", invite, answer))
	alice.reply(alice.want("the called side can end the call", "BYE"), 200, "")
	bob.want("and is answered", "200")
	alice.wantIdle("nothing else was sent to the caller")
	bob.wantIdle("nothing else was sent to the called side")
}

func TestRefusals(t *testing.T) {
	srv := newServer(t, Options{MinSE: 90 * time.Second, Users: map[string]string{"1001": "", "1002": ""}})
	c := login(t, srv, "1001")
	for _, v := range []struct {
		why, uri string
		change   func(m *message)
		want     int
	}{
		{"unknown user", "sip:4711@sip.test", nil, 404},
		{"unknown domain", "sip:1002@elsewhere.example", nil, 404},
		{"not registered", "sip:1002@sip.test", nil, 480},
		{"not a SIP URI", "tel:+4930123456", nil, 416},
		{"no hops left", "sip:1002@sip.test", func(m *message) { m.set("Max-Forwards", "0") }, 483},
		{"an extension of proxies", "sip:1002@sip.test", func(m *message) { m.add("Proxy-Require", "foo") }, 420},
		{"session interval", "sip:1002@sip.test", func(m *message) { m.add("Session-Expires", "30") }, 422},
		{"the server itself", "sip:sip.test", nil, 405},
		{"a number requires", "sip:600@sip.test", func(m *message) { m.add("Require", "replaces, 100rel") }, 420},
	} {
		t.Run(v.why, func(t *testing.T) {
			c.t = t
			m := c.request("INVITE", v.uri)
			if v.change != nil {
				v.change(m)
			}
			c.send(m)
			resp := c.next("a refusal")
			if resp.code == 407 {
				c.send(c.ackFailure(m, resp))
				c.send(c.authorize(m, resp))
				resp = c.next("a refusal")
			}
			if resp.code != v.want {
				t.Errorf("got %d, want %d", resp.code, v.want)
			}
			if v.want == 422 && resp.get("Min-SE") != "90" {
				t.Errorf("Min-SE: got %q", resp.get("Min-SE"))
			}
			if v.want == 420 && resp.get("Unsupported") != "foo" && resp.get("Unsupported") != "replaces" {
				t.Errorf("Unsupported: got %q", resp.get("Unsupported"))
			}
		})
	}
}

func TestOptionsOfTheServer(t *testing.T) {
	c := login(t, newServer(t), "1001")
	c.challenged(c.request("OPTIONS", "sip:sip.test"))
	if got := c.want("the server answers", "200").get("Allow"); !strings.Contains(got, "REGISTER") {
		t.Errorf("Allow: got %q", got)
	}
}

func TestRequestsOutsideDialogsAreForwarded(t *testing.T) {
	srv := newServer(t)
	alice, bob := login(t, srv, "1001"), login(t, srv, "1002")
	for _, method := range []string{"MESSAGE", "SUBSCRIBE", "NOTIFY", "REFER", "OPTIONS", "INFO", "PUBLISH"} {
		m := alice.request(method, "sip:1002@sip.test")
		m.add("X-Own", "kept  as it is")
		m.body = []byte("hello")
		alice.challenged(m)
		got := bob.want("forwarded", method)
		if got.get("X-Own") != "kept  as it is" || string(got.body) != "hello" {
			t.Errorf("%s: changed on the way:\n%s", method, got.bytes())
		}
		if recorded := got.get("Record-Route") != ""; recorded != formsDialog(method) {
			t.Errorf("%s: Record-Route %v", method, recorded)
		}
		bob.reply(got, 202, "b")
		alice.want("and answered", "202")
	}
}

func TestRetransmissionIsAnsweredAgain(t *testing.T) {
	srv := newServer(t)
	alice, bob := login(t, srv, "1001"), login(t, srv, "1002")
	sent := alice.invite("sip:1002@sip.test", "")
	bob.reply(bob.want("call", "INVITE"), 180, "b")
	alice.want("ringing", "180")
	alice.send(sent)
	alice.want("the same request gets the last response again", "180")
	bob.wantIdle("and is not forwarded again")
}

func TestWithoutRecordRoute(t *testing.T) {
	srv := newServer(t, Options{NoRecordRoute: true})
	alice, bob := login(t, srv, "1001"), login(t, srv, "1002")
	sent := alice.invite("sip:1002@sip.test", "")
	invite := bob.want("call", "INVITE")
	if invite.get("Record-Route") != "" {
		t.Error("the server must stay out of the route set")
	}
	bob.reply(invite, 200, "b")
	ok := alice.want("answer", "200")
	alice.send(alice.inDialog("ACK", sent, ok))
	bob.want("ACK by Request-URI alone", "ACK")
	alice.send(alice.inDialog("BYE", sent, ok))
	bob.want("BYE by Request-URI alone", "BYE")
}

func TestMissingRouteSetIsRefused(t *testing.T) {
	srv := newServer(t)
	alice, bob := login(t, srv, "1001"), login(t, srv, "1002")
	sent := alice.invite("sip:1002@sip.test", "")
	bob.reply(bob.want("call", "INVITE"), 200, "b")
	ok := alice.want("answer", "200")
	bye := alice.inDialog("BYE", sent, ok)
	bye.remove("Route")
	alice.send(bye)
	alice.want("a client that forgot the recorded route must notice", "404")
}

func TestDialogFollowsAClientThatComesBack(t *testing.T) {
	srv := newServer(t)
	alice, bob := dial(t, srv, "1001"), login(t, srv, "1002")
	alice.instance = "urn:uuid:00000000-0000-4000-8000-000000000001"
	alice.register()
	alice.invite("sip:1002@sip.test", "")
	invite := bob.want("call", "INVITE")
	answer := bob.reply(invite, 200, "b")
	alice.want("answer", "200")

	srv.DropConnections("1001")
	bob.send(bob.inDialogBack("INFO", invite, answer))
	bob.want("nobody there at the moment", "480")
	again := dial(t, srv, "1001")
	again.instance = alice.instance
	again.register()
	bob.send(bob.inDialogBack("INFO", invite, answer))
	info := again.want("the same instance is found at its new connection", "INFO")
	if info.uri != parseAddr(invite.get("Contact")).uri {
		t.Errorf("Request-URI: got %s, want the one of the dialog", info.uri)
	}
	again.reply(info, 200, "")
	bob.want("answered", "200")
}

func TestGRUUReachesTheInstance(t *testing.T) {
	srv := newServer(t)
	alice, one, two := login(t, srv, "1001"), dial(t, srv, "1002"), login(t, srv, "1002")
	one.instance = "urn:uuid:00000000-0000-4000-8000-000000000001"
	one.register()
	alice.challenged(alice.request("OPTIONS", "sip:1002@sip.test;gr="+one.instance))
	if got := one.want("the GRUU means this client", "OPTIONS"); got.uri != "sip:1002@"+one.host+";transport=ws;ob" {
		t.Errorf("Request-URI: got %s, want the Contact", got.uri)
	}
	two.wantIdle("and no other of the user")
}

func TestAnyDomain(t *testing.T) {
	srv := newServer(t, Options{AnyDomain: true})
	srv.Domain = "localhost" // what the clients of this test use
	alice, bob := login(t, srv, "1001"), login(t, srv, "1002")
	m := alice.request("MESSAGE", "sip:1002@localhost")
	alice.send(m)
	challenge := alice.want("challenge", "407")
	if realm := parseCredentials(challenge.get("Proxy-Authenticate"))["realm"]; realm != "localhost" {
		t.Errorf("realm: got %s, want the client's domain", realm)
	}
	alice.send(alice.authorize(m, challenge))
	bob.want("forwarded", "MESSAGE")
}

func TestMalformedMessagesAreDropped(t *testing.T) {
	c := login(t, newServer(t), "1001")
	for _, text := range []string{"x", "INVITE sip:600@sip.test SIP/2.0\r\n\r\n", "OPTIONS  SIP/2.0\r\nVia: x\r\n\r\n",
		"OPTIONS sip:sip.test SIP/2.0\r\nVia: SIP/2.0/WS a;branch=b\r\nFrom: <sip:a@b>\r\nTo: <sip:a@b>\r\nCall-ID: c\r\n" +
			"CSeq: 1 INVITE\r\n\r\n"} {
		c.sendRaw(text)
		c.wantIdle("nothing can be said to a message that is none")
	}
}
