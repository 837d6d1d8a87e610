package ua

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/transport"
)

func TestRegisterBindsTheInstance(t *testing.T) {
	play(t, func(c *Config) { c.InstanceID = "urn:uuid:00000000-0000-4000-8000-000000000001" }, func(h *harness) {
		h.begin()
		req := h.wantRequest("connecting is followed by a REGISTER", sip.REGISTER)
		h.wantEvent("it says what it does", "connecting", "connected", "registering")
		head := h.readBack(req)
		if len(head.Contacts) != 1 {
			t.Fatalf("Contact: %v, %v", head.Contacts, head.ContactErr)
		}
		got := head.Contacts[0]
		if got.Instance != "urn:uuid:00000000-0000-4000-8000-000000000001" || got.RegID != 1 {
			t.Errorf("Contact %+v, want our instance with reg-id 1 (RFC 5626)", got)
		}
		if !strings.HasSuffix(got.URI.Host, ".invalid") ||
			got.URI.String() != "sip:"+got.URI.User+"@"+got.URI.Host+";transport=ws" {
			t.Errorf("Contact %s, want a random .invalid host with transport=ws (RFC 7118)", got.URI.String())
		}
		for _, tag := range []string{"outbound", "path", "gruu"} {
			if !names(head.Supported, tag) {
				t.Errorf("Supported lacks %s", tag)
			}
		}
		if via := req.Via(); via.Transport != "WSS" || via.Host != got.URI.Host {
			t.Errorf("Via %s, want WSS and the host of Contact", via.Value())
		}
		h.grant(req, 600)
		ev := h.wantEvent("200 registers", "registered")[0].(RegistrationEvent)
		if want := time.Now().Add(600 * time.Second); !ev.Expires.Equal(want) {
			t.Errorf("binding until %v, want %v", ev.Expires, want)
		}
	})
}

func TestRegisterAnswersAChallenge(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.begin()
		first := h.wantRequest("first without credentials", sip.REGISTER)
		if first.GetHeader("Authorization") != nil {
			t.Error("credentials before a challenge")
		}
		h.respond(first, 401, challenge("n1"))
		second := h.wantRequest("then with credentials", sip.REGISTER)
		checkRetry(t, first, second)
		if auth := second.GetHeader("Authorization"); auth == nil || !strings.Contains(auth.Value(), `username="1001"`) {
			t.Errorf("Authorization %v, want the user of the AOR", auth)
		}
		h.grant(second, 600)
		h.wantEvent("registered", "connecting", "connected", "registering", "registered")
	})
}

func challenge(nonce string, more ...string) string {
	return fmt.Sprintf(`WWW-Authenticate: Digest realm="example.com", nonce="%s", algorithm=SHA-256, qop="auth"%s`,
		nonce, strings.Join(more, ""))
}

// checkRetry compares a request with the one sent again after a challenge (RFC 3261 section 22.2).
func checkRetry(t *testing.T, first, second *sip.Request) {
	t.Helper()
	if *first.CallID() != *second.CallID() {
		t.Error("another Call-ID")
	}
	if second.CSeq().SeqNo != first.CSeq().SeqNo+1 {
		t.Errorf("CSeq %d after %d", second.CSeq().SeqNo, first.CSeq().SeqNo)
	}
	if a, b := first.Via().Params.GetOr("branch", ""), second.Via().Params.GetOr("branch", ""); a == b {
		t.Error("same branch")
	}
	if n := len(second.GetHeaders("Via")); n != 1 {
		t.Errorf("%d Via", n)
	}
}

func TestWrongPasswordIsTriedTwiceAtMost(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.begin()
		outcome := h.async(func() error { return h.agent.Register(h.t.Context()) })
		h.respond(h.wantRequest("first", sip.REGISTER), 401, challenge("n1"))
		h.respond(h.wantRequest("with credentials", sip.REGISTER), 401, challenge("n2"))
		h.wantSent("no third try")
		events := h.wantEvent("refused", "connecting", "connected", "registering", "registration failed")
		why := events[3].(RegistrationEvent).Cause
		if why.Kind != CauseAuth || why.Code != 401 || why.Explanation == "" {
			t.Errorf("cause %+v, want wrong credentials with a sentence", why)
		}
		var refused *ResponseError
		if err := outcome(); !errors.As(err, &refused) || refused.Code != 401 {
			t.Errorf("Register returned %v, want the 401", err)
		}
		h.advance(time.Hour)
		h.wantIdle("no retry storm")
	})
}

func TestStaleNonceIsNoWrongPassword(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.begin()
		h.respond(h.wantRequest("first", sip.REGISTER), 401, challenge("n1"))
		h.grant(h.wantRequest("with credentials", sip.REGISTER), 60)
		h.forget()
		h.advance(46 * time.Second)
		refresh := h.wantRequest("refreshed", sip.REGISTER)
		if refresh.GetHeader("Authorization") == nil {
			t.Error("the refresh does without the known nonce and costs another round trip")
		}
		h.respond(refresh, 401, challenge("n2", ", stale=true"))
		h.grant(h.wantRequest("again with the new nonce", sip.REGISTER), 60)
		h.wantEvent("still registered", "registered")
	})
}

func TestRefreshBetweenHalfAndThreeQuarters(t *testing.T) {
	play(t, func(c *Config) { c.Account.Password = "" }, func(h *harness) {
		h.begin()
		req := h.wantRequest("first", sip.REGISTER)
		h.grant(req, 100, "Expires: 3600")
		h.forget()
		h.advance(49 * time.Second)
		h.wantSent("the binding is fresh; our Contact's expires counts, not Expires")
		h.advance(27 * time.Second)
		again := h.wantRequest("refreshed before three quarters", sip.REGISTER)
		if *again.CallID() != *req.CallID() || again.CSeq().SeqNo <= req.CSeq().SeqNo {
			t.Error("a refresh has the same Call-ID and a higher CSeq (RFC 3261 section 10.2)")
		}
		h.grant(again, 100)
		h.wantEvent("registered anew", "registered")
	})
}

func TestIntervalTooBriefIsRaised(t *testing.T) {
	play(t, func(c *Config) { c.Expires = time.Minute }, func(h *harness) {
		h.begin()
		h.respond(h.wantRequest("first", sip.REGISTER), 423, "Min-Expires: 1800")
		req := h.wantRequest("raised", sip.REGISTER)
		if got := req.GetHeader("Expires").Value(); got != "1800" {
			t.Errorf("Expires %s, want 1800", got)
		}
		h.respond(req, 423, "Min-Expires: 3600")
		h.wantSent("a second 423 is not followed")
		h.wantEvent("refused", "connecting", "connected", "registering", "registration failed")
	})
}

func TestServiceUnavailableWaitsAsAsked(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.begin()
		h.respond(h.wantRequest("first", sip.REGISTER), 503, "Retry-After: 20")
		ev := h.wantEvent("it says why", "connecting", "connected", "registering", "unregistered")[3].(RegistrationEvent)
		if ev.Cause.Kind != CauseServer || ev.Cause.Code != 503 {
			t.Errorf("cause %+v", ev.Cause)
		}
		h.advance(19 * time.Second)
		h.wantSent("Retry-After is respected")
		h.advance(time.Second)
		h.grant(h.wantRequest("tried again", sip.REGISTER), 600)
		h.wantEvent("registered", "registering", "registered")
	})
}

func TestBusyServerLeadsToTheNext(t *testing.T) {
	play(t, twoServers, func(h *harness) {
		h.begin()
		h.respond(h.wantRequest("first server", sip.REGISTER), 503, "Retry-After: 120")
		h.advance(time.Second)
		h.grant(h.wantRequest("second server", sip.REGISTER), 600)
		if got := strings.Join(h.dials, " "); got != "wss://a.example/ws wss://b.example/ws" {
			t.Errorf("dialled %s", got)
		}
		h.wantEvent("moved over", "connecting", "connected", "registering", "unregistered", "disconnected",
			"connecting", "connected", "registering", "registered")
	})
}

func twoServers(c *Config) { c.Servers = []string{"wss://a.example/ws", "wss://b.example/ws"} }

func TestUnregisterAndRegisterAgain(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		left := h.async(func() error { return h.agent.Unregister(h.t.Context()) })
		req := h.wantRequest("a REGISTER that ends the binding", sip.REGISTER)
		contacts := h.readBack(req).Contacts
		if contacts[0].Expires == nil || *contacts[0].Expires != 0 {
			t.Errorf("Contact expires %v, want 0", contacts[0].Expires)
		}
		h.respond(req, 200)
		h.wantErr("unregistered", left(), nil)
		h.wantEvent("left", "unregistering", "unregistered")
		back := h.async(func() error { return h.agent.Register(h.t.Context()) })
		h.grant(h.wantRequest("registered on demand", sip.REGISTER), 600)
		h.wantErr("registered", back(), nil)
		h.wantEvent("back", "registering", "registered")
	})
}

func TestNoRegisterStaysQuiet(t *testing.T) {
	play(t, func(c *Config) { c.NoRegister = true }, func(h *harness) {
		h.begin()
		h.wantSent("nobody asked to register")
		h.wantEvent("connected only", "connecting", "connected")
		h.wantErr("nothing to remove", h.agent.Unregister(h.t.Context()), nil)
	})
}

func TestServiceRouteAndGRUUAreUsed(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.begin()
		req := h.wantRequest("first", sip.REGISTER)
		contact, _, _ := strings.Cut(req.GetHeader("Contact").Value(), ";expires=")
		h.respond(req, 200, "Contact: "+contact+`;pub-gruu="sip:1001@example.com;gr=urn:uuid:1";expires=600`,
			"Service-Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>")
		h.forget()
		h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		var routes []string
		for _, r := range invite.GetHeaders("Route") {
			routes = append(routes, r.Value())
		}
		if got := strings.Join(routes, " "); got != "<sip:p1.example.com;lr> <sip:p2.example.com;lr>" {
			t.Errorf("Route %s, want the Service-Route (RFC 3608)", got)
		}
		if got := invite.Contact().Address.String(); got != "sip:1001@example.com;gr=urn:uuid:1" {
			t.Errorf("Contact %s, want the GRUU (RFC 5627)", got)
		}
		h.forget()
	})
}

func TestFailOverInOrder(t *testing.T) {
	play(t, func(c *Config) {
		c.Servers = []string{"wss://a.example/ws", "wss://b.example/ws", "wss://c.example/ws"}
	}, func(h *harness) {
		h.dialWith(func(_ context.Context, url string) error {
			if url == "wss://c.example/ws" {
				return nil
			}
			return &transport.DialError{Kind: transport.DialUnreachable, URL: url}
		})
		h.begin()
		h.advance(time.Second)
		h.grant(h.wantRequest("the third server answers", sip.REGISTER), 600)
		if got := strings.Join(h.dials, " "); got != "wss://a.example/ws wss://b.example/ws wss://c.example/ws" {
			t.Errorf("dialled %s", got)
		}
		if st := h.agent.State(); st.Connection.Server != "wss://c.example/ws" || st.Registration.State != Registered {
			t.Errorf("state %+v", st)
		}
		h.forget()
	})
}

func TestBackOffGrowsAndNeverGivesUp(t *testing.T) {
	play(t, nil, func(h *harness) {
		var at []time.Time
		h.dialWith(func(context.Context, string) error {
			at = append(at, time.Now())
			return &transport.DialError{Kind: transport.DialUnreachable}
		})
		h.begin()
		h.advance(10 * time.Minute)
		for i, want := range []time.Duration{1, 2, 4, 8, 16, 30, 30, 30} {
			got := at[i+1].Sub(at[i])
			if got < want*time.Second*3/4 || got > want*time.Second*5/4 {
				t.Errorf("wait %d is %v, want %d s and a quarter more or less", i, got, want)
			}
		}
		if len(at) < 20 {
			t.Errorf("%d tries in ten minutes", len(at))
		}
		if why := h.agent.State().Connection; why.Cause.Kind != CauseUnreachable || why.RetryAt.IsZero() {
			t.Errorf("state %+v, want unreachable with the time of the next try", why)
		}
		h.forget()
	})
}

func TestWrongServerIsNotStormed(t *testing.T) {
	for _, kind := range []transport.DialErrorKind{transport.DialNoSubprotocol, transport.DialHTTPStatus, transport.DialBadURL} {
		play(t, nil, func(h *harness) {
			h.dialWith(func(context.Context, string) error { return &transport.DialError{Kind: kind} })
			h.begin()
			h.advance(5 * time.Minute)
			if len(h.dials) > 15 {
				t.Errorf("%v: %d tries in five minutes", kind, len(h.dials))
			}
			h.forget()
		})
	}
}

// TestHopelessServerIsAskedTwiceAMinute: what cannot work without a change of configuration is not tried as other failures are,
// at first every second or two.
func TestHopelessServerIsAskedTwiceAMinute(t *testing.T) {
	for _, kind := range []transport.DialErrorKind{transport.DialNoSubprotocol, transport.DialHTTPStatus, transport.DialBadURL} {
		for _, servers := range []func(*Config){nil, twoServers} {
			play(t, servers, func(h *harness) {
				var at []time.Duration
				began := time.Now()
				h.dialWith(func(context.Context, string) error {
					at = append(at, time.Since(began))
					return &transport.DialError{Kind: kind}
				})
				h.begin()
				h.advance(time.Minute)
				first := len(h.agent.cfg.Servers)
				if n := len(at); n < first+1 || n > first+2 || at[first] < 20*time.Second {
					t.Errorf("%v, %d servers: tried at %v in the first minute", kind, first, at)
				}
				h.dialWith(nil)
				h.agent.Wake()
				h.grant(h.wantRequest("mended", sip.REGISTER), 600)
				h.forget()
			})
		}
	}
}

// TestServerBehindAGatewayIsTriedLikeOneThatIsDown: a web server in front of it answers, while it starts anew or has too much
// to do.
func TestServerBehindAGatewayIsTriedLikeOneThatIsDown(t *testing.T) {
	for status, hopeless := range map[int]bool{408: false, 429: false, 500: false, 502: false, 503: false, 504: false,
		0: true, 401: true, 403: true, 404: true} {
		play(t, nil, func(h *harness) {
			tries := 0
			h.dialWith(func(context.Context, string) error {
				tries++
				return &transport.DialError{Kind: transport.DialHTTPStatus, Status: status}
			})
			h.begin()
			h.advance(20 * time.Second)
			if (tries == 1) != hopeless {
				t.Errorf("status %d: %d tries in 20 s", status, tries)
			}
			why := h.agent.State().Connection.Cause
			if (why.Kind == CauseNoWebSocket) != hopeless || why.Code != status {
				t.Errorf("status %d: told as %v, %d", status, why.Kind, why.Code)
			}
			h.forget()
		})
	}
}

// TestEach423IsFollowedOnce: the registrar may raise its minimum again between two refreshes.
func TestEach423IsFollowedOnce(t *testing.T) {
	play(t, func(c *Config) { c.Expires = time.Minute }, func(h *harness) {
		h.begin()
		for _, least := range []int{120, 300, 900} {
			h.respond(h.await("registers", sip.REGISTER, 15*time.Minute), 423, fmt.Sprint("Min-Expires: ", least))
			req := h.wantRequest("raised", sip.REGISTER)
			if got := header(req, "Expires"); got != fmt.Sprint(least) {
				t.Errorf("Expires %s, want %d", got, least)
			}
			h.grant(req, least)
			h.forget()
		}
	})
}

func TestBackOffEndsOnlyWithABindingThatHolds(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.begin()
		for range 5 { // a server that opens and then closes
			h.sent = nil
			h.lose()
			h.advance(40 * time.Second)
		}
		if tries := look(h, func(c *core) int { return c.flows[0].conn.tries }); tries < 5 {
			t.Errorf("%d tries counted, want them to add up until a 200", tries)
		}
		h.grant(h.wantRequest("at last", sip.REGISTER), 600)
		if tries := look(h, func(c *core) int { return c.flows[0].conn.tries }); tries < 5 {
			t.Errorf("%d tries counted after a 200, want as many as before until that has held", tries)
		}
		h.advance(10 * time.Second)
		if tries := look(h, func(c *core) int { return c.flows[0].conn.tries }); tries != 0 {
			t.Errorf("%d tries counted 10 s after a 200, want 0", tries)
		}
		h.forget()
	})
}

func TestDialTimesOut(t *testing.T) {
	play(t, twoServers, func(h *harness) {
		h.dialWith(func(ctx context.Context, url string) error {
			if url == "wss://b.example/ws" {
				return nil
			}
			<-ctx.Done()
			return &transport.DialError{Kind: transport.DialTimeout, Err: ctx.Err()}
		})
		h.begin()
		h.advance(3 * time.Second)
		h.accept()
		if got := len(h.dials); got != 2 {
			t.Errorf("%d dials", got)
		}
	})
}

func TestRunWindsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, nil)
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error, 1)
		go func() { result <- h.agent.Run(ctx) }()
		h.accept()
		h.talkOut()
		cancel()
		msgs := h.wantSent("the call is ended and the binding removed", "BYE", "REGISTER")
		h.respond(msgs[0].(*sip.Request), 200)
		h.respond(msgs[1].(*sip.Request), 200)
		if err := <-result; err != nil {
			t.Errorf("Run returned %v", err)
		}
		h.wantEvent("all is told", "ending", "unregistering", "ended hung up here", "unregistered", "disconnected")
		h.finish()
	})
}

func TestRunWindsUpWithoutAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, nil)
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error, 1)
		go func() { result <- h.agent.Run(ctx) }()
		h.accept()
		cancel()
		begun := time.Now()
		if err := <-result; err != nil {
			t.Errorf("Run returned %v", err)
		}
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("winding up took %v, want 2 s at most", took)
		}
		h.finish()
	})
}

func TestClosedAgentSaysSo(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.agent.Close()
		_, err := h.agent.Invite(h.t.Context(), "1002", InviteOptions{})
		h.wantErr("closed", err, ErrClosed)
		h.wantErr("closed", h.agent.Register(h.t.Context()), ErrClosed)
		h.wantErr("closed", h.agent.Run(h.t.Context()), ErrState)
		for range h.agent.Events(h.t.Context()) {
			t.Error("an event of a closed agent")
		}
	})
}

func TestConfigIsChecked(t *testing.T) {
	good := Config{Account: Account{AOR: "sip:1001@example.com"}, Servers: []string{"wss://a.example"},
		MediaEngine: &fakeEngine{}}
	for name, spoil := range map[string]func(*Config){
		"no AOR":        func(c *Config) { c.Account.AOR = "" },
		"AOR of a host": func(c *Config) { c.Account.AOR = "sip:example.com" },
		"AOR of tel":    func(c *Config) { c.Account.AOR = "tel:1001" },
		"no server":     func(c *Config) { c.Servers = nil },
		"https server":  func(c *Config) { c.Servers = []string{"https://a.example"} },
		"line break":    func(c *Config) { c.Account.DisplayName = "a\r\nb" },
	} {
		cfg := good
		spoil(&cfg)
		if _, err := New(cfg); !errors.Is(err, ErrBadConfig) {
			t.Errorf("%s: error %v, want ErrBadConfig", name, err)
		}
	}
}
