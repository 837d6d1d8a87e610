//go:build !js

package siptest

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// reRegister sends an authorized REGISTER after change has made it what the test wants.
func (c *client) reRegister(change func(m *message)) {
	c.t.Helper()
	m := c.registerRequest()
	change(m)
	c.challenged(m)
}

func TestRegistrationLifeCycle(t *testing.T) {
	srv := newServer(t)
	desk := dial(t, srv, "1001")
	ok := desk.register()
	if got := ok.get("Contact"); !strings.HasPrefix(got, "<sip:1001@"+desk.host+";transport=ws>;expires=600") {
		t.Errorf("Contact: got %s, want ours with the default expiry", got)
	}
	if err := srv.WaitRegistered(testContext(t), "1001"); err != nil {
		t.Error(err)
	}
	mobile := dial(t, srv, "1001")
	if got := mobile.register().all("Contact"); len(got) != 2 {
		t.Errorf("got %q, want the bindings of both clients", got)
	}
	desk.reRegister(func(m *message) { m.set("Contact", desk.contact()+";expires=0") })
	if got := desk.want("one contact is removed", "200").all("Contact"); len(got) != 1 || !strings.Contains(got[0], mobile.host) {
		t.Errorf("got %q, want the other client's binding", got)
	}
	desk.reRegister(func(m *message) { m.remove("Contact") })
	if got := desk.want("a REGISTER without Contact asks", "200").all("Contact"); len(got) != 1 {
		t.Errorf("got %q, want the one binding there is", got)
	}
	desk.reRegister(func(m *message) { m.set("Contact", "*"); m.add("Expires", "60") })
	desk.want("Contact: * is only for removal", "400")
	desk.reRegister(func(m *message) { m.set("Contact", "*"); m.add("Expires", "0") })
	if got := desk.want("all contacts are removed", "200").get("Contact"); got != "" {
		t.Errorf("got %s, want none", got)
	}
	if len(srv.Bindings("1001")) != 0 {
		t.Error("bindings left")
	}
}

func TestSeveralContactsInOneRegister(t *testing.T) {
	srv := newServer(t)
	c := dial(t, srv, "1001")
	c.reRegister(func(m *message) {
		m.set("Contact", `"A, B" <sip:a@one.invalid>;expires=100, <sip:b@two.invalid;x="1,2">;q=0.5`)
		m.add("Expires", "200")
	})
	got := c.want("both are taken", "200").all("Contact")
	if len(got) != 2 || got[0] != `"A, B" <sip:a@one.invalid>;expires=100` || !strings.HasSuffix(got[1], ";q=0.5;expires=200") {
		t.Errorf("got %q, want each with its own expiry", got)
	}
}

func TestRegisterRefusals(t *testing.T) {
	srv := newServer(t, Options{MinExpires: time.Minute, MaxExpires: 2 * time.Minute})
	c := login(t, srv, "1001")
	c.reRegister(func(m *message) { m.add("Expires", "30") })
	if got := c.want("too brief", "423").get("Min-Expires"); got != "60" {
		t.Errorf("Min-Expires: got %q, want 60", got)
	}
	c.reRegister(func(m *message) { m.add("Expires", "9000") })
	if got := c.want("too long is cut", "200").get("Contact"); !strings.HasSuffix(got, "expires=120") {
		t.Errorf("got %s, want the longest time allowed", got)
	}
	c.reRegister(func(m *message) { m.set("To", "<sip:1002@sip.test>") })
	c.want("a user may register only itself", "403")
	c.reRegister(func(m *message) { m.set("To", "<sip:1001@elsewhere.example>") })
	c.want("another domain", "404")
	c.reRegister(func(m *message) { m.set("Contact", "<sip:@>") })
	c.want("a Contact that is no URI", "400")

	first := c.registerRequest()
	sent := c.challenged(first)
	c.want("a first REGISTER of this Call-ID", "200")
	late := c.again(sent)
	late.remove("Authorization")
	c.send(late)
	late = c.authorize(late, c.want("challenge", "401"))
	late.set("CSeq", "1 REGISTER")
	c.send(late)
	c.want("a REGISTER that was overtaken changes nothing", "500")
}

func TestOutboundReplacesTheSameInstance(t *testing.T) {
	srv := newServer(t, Options{FlowTimer: 25 * time.Second, ServiceRoute: true})
	before := dial(t, srv, "1001")
	before.instance = "urn:uuid:00000000-0000-4000-8000-000000000001"
	ok := before.register()
	if ok.get("Require") != "outbound" || ok.get("Flow-Timer") != "25" ||
		ok.get("Service-Route") != "<sip:sip.test;transport=ws;lr>" {
		t.Errorf("got %s, want outbound with its flow timer, and a service route", ok.bytes())
	}
	if want := `pub-gruu="sip:1001@sip.test;gr=urn:uuid:00000000-0000-4000-8000-000000000001"`; !strings.Contains(ok.get("Contact"), want) {
		t.Errorf("got %s, want %s", ok.get("Contact"), want)
	}
	after := dial(t, srv, "1001")
	after.instance = before.instance
	if got := after.register().all("Contact"); len(got) != 1 || !strings.Contains(got[0], after.host) {
		t.Errorf("got %q, want the new Contact in place of the old one", got)
	}
	if got := srv.Bindings("1001")[0]; got.Instance != before.instance || got.RegID != "1" || !got.Alive {
		t.Errorf("got %+v", got)
	}
}

func TestBindingExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := New(Options{DefaultExpires: time.Minute})
		defer srv.Close()
		attach(t, srv, "1001")
		time.Sleep(59 * time.Second)
		if len(srv.Bindings("1001")) != 1 {
			t.Error("gone too early")
		}
		time.Sleep(2 * time.Second)
		if len(srv.Bindings("1001")) != 0 {
			t.Error("still there")
		}
	})
}

func TestBindingsAndTheirSocket(t *testing.T) {
	for _, die := range []bool{false, true} {
		srv := newServer(t, Options{BindingsDieWithSocket: die})
		c := login(t, srv, "1001")
		srv.DropConnections("1001")
		for range c.in {
		}
		if err := srv.wait(testContext(t), func() bool { return len(srv.conns) == 0 }); err != nil {
			t.Fatal(err)
		}
		want := 1
		if die {
			want = 0
		}
		if got := srv.Bindings("1001"); len(got) != want || (want == 1 && got[0].Alive) {
			t.Errorf("BindingsDieWithSocket %v: got %+v, want %d, not alive", die, got, want)
		}
		caller := login(t, srv, "1002")
		caller.challenged(caller.request("INVITE", "sip:1001@sip.test"))
		caller.want("a user without a connection cannot be called", "480")
	}
}
