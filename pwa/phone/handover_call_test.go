//go:build !js

package phone

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/siptest"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/handover"
)

// switchboard is a server with a call of a user agent, whose other side can hand the user over.
type switchboard struct {
	*testing.T
	ctx    context.Context // of the test
	srv    *siptest.Server
	invite siptest.Message // that began the call
	tag    string          // of the other side
	refers int
}

// onTheEcho runs a user agent that asks accept about transfers, in a call.
func onTheEcho(t *testing.T, accept func(context.Context, ua.ReferRequest) bool) *switchboard {
	t.Helper()
	b := &switchboard{T: t, srv: siptest.NewServer()}
	t.Cleanup(b.srv.Close)
	agent, err := ua.New(ua.Config{Account: ua.Account{AOR: "sip:1001@" + b.srv.Domain, Password: b.srv.Password("1001")},
		Servers: []string{b.srv.URL}, AcceptRefer: accept})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { agent.Close() })
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	b.ctx = ctx
	go agent.Run(ctx)
	if err := agent.Register(ctx); err != nil {
		t.Fatal(err)
	}
	call, err := agent.Invite(ctx, "600", ua.InviteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := call.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	ok := b.message(func(m siptest.Message) bool { return m.Code() == 200 && m.Method() == "INVITE" })
	_, b.tag, _ = strings.Cut(ok.Header("To"), ";tag=")
	b.invite = b.message(func(m siptest.Message) bool { return m.Code() == 0 && m.Method() == "INVITE" })
	return b
}

// message waits for a message.
func (b *switchboard) message(is func(siptest.Message) bool) siptest.Message {
	b.Helper()
	m, err := b.srv.WaitMessage(b.ctx, is)
	if err != nil {
		b.Fatal(err)
	}
	return m
}

// hands sends the user agent to a target from inside the call.
func (b *switchboard) hands(target string) {
	b.Helper()
	b.refers++
	_, contact, _ := strings.Cut(b.invite.Header("Contact"), "<")
	contact, _, _ = strings.Cut(contact, ">")
	if err := b.srv.InjectRaw("1001", fmt.Appendf(nil,
		"REFER %s SIP/2.0\r\nVia: SIP/2.0/WS r.invalid;branch=z9hG4bKr%d\r\nMax-Forwards: 70\r\n"+
			"From: <sip:600@%s>;tag=%s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d REFER\r\nContact: <sip:600@%s>\r\nRefer-To: <%s>\r\n"+
			"Referred-By: <sip:r%d@%s>\r\nContent-Length: 0\r\n\r\n", contact, b.refers, b.srv.Domain, b.tag,
		b.invite.Header("From"),
		b.invite.Header("Call-ID"), 1000+b.refers, b.srv.Domain, target, b.refers, b.srv.Domain)); err != nil {
		b.Fatal(err)
	}
}

// called is the Request-URI of the INVITE that the last REFER led to, once it is over.
func (b *switchboard) called() string {
	b.Helper()
	by := fmt.Sprintf("<sip:r%d@%s>", b.refers, b.srv.Domain)
	invite := b.message(func(m siptest.Message) bool {
		return m.Method() == "INVITE" && m.Code() == 0 && m.Header("Referred-By") == by
	})
	b.message(func(m siptest.Message) bool {
		return m.Method() == "NOTIFY" && strings.Contains(m.Header("Subscription-State"), "terminated") &&
			strings.HasSuffix(m.Header("Event"), eventID(b.refers))
	})
	return strings.Fields(invite.StartLine())[1]
}

// eventID is in the Event of a REFER but the first (RFC 3515 section 2.4.6).
func eventID(n int) string {
	if n == 1 {
		return "refer"
	}
	return fmt.Sprintf("id=%d", 1000+n)
}

// TestQuestionNamesWhatIsCalled: whatever hangs on a number, and however it is written, the user reads all of what the INVITE
// calls, or is not asked. What is followed unasked calls nothing but what it seems to.
func TestQuestionNamesWhatIsCalled(t *testing.T) {
	asked := make(chan ua.ReferRequest, 1)
	b := onTheEcho(t, func(_ context.Context, r ua.ReferRequest) bool { asked <- r; return true })
	home := b.srv.Domain
	for _, target := range []string{"sip:1003@", "sip:2%30%30@", "sip:anna@", "sip:1003@;user=phone", "sip:1003@;transport=ws",
		"sip:1003;rn=+499005550123@", "sip:1003;npdi;rn=+49900@;user=phone", "sip:1003;postd=pp900@", "sip:1003;cic=+1900@",
		"sip:1003;tgrp=out;trunk-context=+1900@", "sip:1003;ext=900@", "sip:1003;isub=900@", "sip:1003;cpc=ordinary@",
		"sip:1003%3brn=+49900@",
		"sip:1003;%72n=+49900@", "sip:1003;phone-context=+1900@", "sip:1003%3bphone-context=%2B1900@",
		"sip:1003;phone%2Dcontext=+1900@",
		"sip:1003;Phone-Context=+1900;rn=+49@", "sip:1003;rn=+49;phone-context=@", "sip:1003@;rn=+49900",
		"sip:1003@;maddr=192.0.2.7", "sip:1003@:5080",
		"sip:10%2003@", "sip:1003,900@", "sip:anna;rn=+49@", "sip:anna;x=y@", "sip:1-0-0-3@", "sip:(0)1003@", "sip:%2B49900@",
		"tel:+49305550101",
		"tel:+49305550101;rn=+49900", "tel:1003;phone-context=+1900", "tel:1003;phone-context=+1900;postd=900", "tel:1003",
		"tel:+49-30-555",
		"tel:1003;phone%2Dcontext=+1900", "tel:1003;tgrp=x"} {
		if scheme, user, _ := strings.Cut(target, ":"); scheme == "sip" {
			target = strings.Replace("sip:"+user, "@", "@"+home, 1)
		}
		b.hands(target)
		r := <-asked
		invite := b.called()
		shown, whole := handover.To(r.Target, home)
		if !whole {
			t.Errorf("%s is not asked about", target)
		}
		if missing := unsaid(invite, shown, home); missing != "" {
			t.Errorf("%s: the user reads %q, called is %s with %q", target, shown, invite, missing)
		}
		plain := invite == "sip:"+r.Target.User+"@"+home || invite == "sip:"+r.Target.User+"@"+home+";user=phone"
		if handover.Inside(r.Target, home) && !plain && target != "sip:2%30%30@"+home &&
			!strings.HasSuffix(target, ";transport=ws") {
			t.Errorf("%s is followed unasked and calls %s", target, invite)
		}
	}
}

// unsaid is what a Request-URI holds beyond a text, "" for nothing. The host and the context of the own domain need not be read.
func unsaid(uri, text, home string) string {
	user, place, _ := strings.Cut(strings.TrimPrefix(uri, "sip:"), "@")
	user, _ = url.PathUnescape(user)
	parts := strings.Split(user, ";")
	parts[0] = strings.Map(func(r rune) rune {
		if strings.ContainsRune("-() ", r) {
			return -1
		}
		return r
	}, parts[0])
	text = strings.NewReplacer("-", "", "(0)", "0", " ", "").Replace(text)
	host, params, _ := strings.Cut(place, ";")
	if host != home {
		parts = append(parts, host)
	}
	for p := range strings.SplitSeq(params, ";") {
		if p != "user=phone" && !strings.HasPrefix(p, "transport=") {
			parts = append(parts, p)
		}
	}
	for _, p := range parts {
		name, value, _ := strings.Cut(p, "=")
		if strings.EqualFold(name, "phone-context") && len(value) > 0 {
			p = value
		}
		if p != home && !strings.Contains(text, strings.ReplaceAll(p, "-", "")) {
			return p
		}
	}
	return ""
}
