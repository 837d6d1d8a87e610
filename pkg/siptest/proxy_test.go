package siptest

import (
	"strings"
	"testing"
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
	if vias := ok.all("Via"); len(vias) != 1 || !strings.Contains(vias[0], "received=127.0.0.1;") && !strings.HasSuffix(vias[0], "received=127.0.0.1") {
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
