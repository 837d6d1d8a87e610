//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pkg/siptest"
)

func TestDeniedMicrophoneIsSaidBeforeTheCall(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), denied)
	p.Dial("600")
	t.Log(p.WaitSentence(`(?i)microphone`))
	if got := d.requests("INVITE"); len(got) != 0 {
		t.Errorf("%d INVITE left the phone, want none before there is a microphone", len(got))
	}
}

func TestDeniedMicrophoneKeepsACallRinging(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{})
	b := logIn(t, d.URL, d.account(2), denied)
	a.Dial(user(2))
	b.WaitText(saysIncoming)
	b.Click("Answer")
	b.WaitText(`(?i)microphone`)
	a.WaitText(saysRinging)
	a.Click("Hang up")
	a.WaitIdle()
	b.WaitNoText(saysIncoming)
}

func TestSecretsStayOutOfTheConsole(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{})
	if lines, _ := p.Console(0); strings.Contains(strings.Join(lines, "\n"), "SIP/2.0") {
		t.Error("SIP on the console before *#0*#")
	}
	p.Dial("*#0*#")
	p.WaitText(`(?i)debug`)
	d.sip.DropConnections("")
	p.waitConsole("REGISTER sip:")
	p.WaitRegistered()
	p.Dial("600")
	p.WaitOnCall()
	p.waitConsole("INVITE sip:")
	p.Click("Hang up")
	p.WaitIdle()
	p.waitConsole("BYE sip:")
	lines, seen := p.Console(0)
	p.wantNoSecrets(d.account(1).password, lines)

	p.Dial("*#0*#")
	p.WaitNoButton("Hang up")
	p.Dial("600")
	p.WaitOnCall()
	p.Click("Hang up")
	p.WaitIdle()
	lines, _ = p.Console(seen)
	for _, l := range lines {
		if strings.Contains(l, "SIP/2.0") {
			t.Errorf("after switching off: %s", l)
		}
	}
}

func TestMalformedMessagesAreSurvived(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{})
	p.Dial("600")
	p.WaitOnCall()
	for _, bad := range [][]byte{
		[]byte("hello"),
		[]byte("\x00\xff\xfe\r\n\r\n"),
		[]byte("INVITE sip:1001@x SIP/2.0\r\n\r\n"),
		[]byte("SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n\r\n"),
		[]byte("BYE sip:1001@x SIP/2.0\r\nVia: SIP/2.0/WS x;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\n" +
			"Call-ID: nobody\r\nCSeq: 1 BYE\r\nContent-Length: 99999\r\n\r\n"),
		[]byte("OPTIONS sip:1001@x SIP/2.0\r\nVia: " + strings.Repeat("x", 60<<10) + "\r\n\r\n"),
		[]byte(strings.Repeat("A", 200<<10)),
	} {
		if err := d.sip.InjectRaw(user(1), bad); err != nil {
			t.Fatal(err)
		}
	}
	p.WaitAudio()
	p.Click("Hang up")
	p.WaitIdle()
	p.WaitRegistered()
	p.Dial("600")
	p.WaitOnCall()
	p.Click("Hang up")
	p.WaitIdle()
}

func TestLostConnectionIsRegisteredAgain(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{})
	before := len(d.requests("REGISTER"))
	d.sip.DropConnections("")
	p.until("register again", func() error { return d.moreRequests("REGISTER", before) })
	p.WaitRegistered()
	p.Dial("600")
	p.WaitOnCall()
	p.WaitAudio()
	p.Click("Hang up")
	p.WaitIdle()
}

// TestCallOutlivesTheConnectionWithEveryPeer: with those too that take no new ICE credentials and no offer without candidates.
func TestCallOutlivesTheConnectionWithEveryPeer(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{})
	for _, number := range []string{"606", "607", "608"} {
		p.Dial(number)
		p.WaitOnCall()
		p.WaitAudio()
		for range 2 {
			before := len(d.requests("INVITE"))
			d.sip.DropConnections("")
			p.until("repair the call with "+number, func() error { return d.moreRequests("INVITE", before) })
			p.WaitAudio()
		}
		for _, call := range d.sip.Calls() {
			if call.Number == number && call.State != siptest.CallConfirmed {
				t.Errorf("%s: the call is %+v", number, call)
			}
		}
		p.Click("Hang up")
		p.WaitIdle()
	}
}

func TestCallOutlivesTheConnection(t *testing.T) {
	t.Parallel()
	d, a, b := pair(t)
	connect(a, b, user(2))
	before := len(d.requests("REGISTER"))
	d.sip.DropConnections("")
	a.until("register again", func() error { return d.moreRequests("REGISTER", before+1) })
	a.WaitAudio()
	b.WaitAudio()
}
