package ua

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/transport"
)

func TestGrantedTimeIsFoundWhereverItStands(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(contact string) []string
		want   time.Duration // 0: no binding
	}{
		"parameter of our Contact": {func(ct string) []string {
			return []string{"Contact: <sip:other@192.0.2.7>;expires=9, " + ct + ";expires=300"}
		}, 300 * time.Second},
		"Contact that was rewritten": {func(ct string) []string {
			_, params, _ := strings.Cut(ct, ">")
			return []string{"Contact: <sip:rewritten@192.0.2.8>" + params + ";expires=120"}
		}, 120 * time.Second},
		"Expires": {func(ct string) []string { return []string{"Contact: " + ct, "Expires: 200"} },
			200 * time.Second},
		"nothing said":                  {func(ct string) []string { return []string{"Contact: " + ct} }, 600 * time.Second},
		"no Contact at all":             {func(string) []string { return nil }, 0},
		"our Contact expires right now": {func(ct string) []string { return []string{"Contact: " + ct + ";expires=0"} }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.begin()
				req := h.wantRequest("first", sip.REGISTER)
				contact, _, _ := strings.Cut(header(req, "Contact"), ";expires=")
				began := time.Now()
				h.respond(req, 200, c.answer(contact)...)
				h.collect()
				st := h.agent.State().Registration
				if c.want == 0 {
					if st.State != Unregistered || st.Cause.Kind != CauseProtocol {
						t.Errorf("%+v, want no registration by a registrar that keeps no binding", st)
					}
				} else if st.State != Registered || st.Expires.Sub(began) != c.want {
					t.Errorf("%v for %v, want %v", st.State, st.Expires.Sub(began), c.want)
				}
				h.forget()
			})
		})
	}
}

func TestFlowTimerIsObeyed(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.begin()
		h.grant(h.wantRequest("first", sip.REGISTER), 600, "Require: outbound", "Flow-Timer: 10")
		h.forget()
		before := h.pings
		h.advance(30 * time.Second)
		if n := h.pings - before; n < 3 || n > 4 {
			t.Errorf("%d keep-alives in 30 s, want one after four fifths of the ten seconds each (RFC 5626 section 4.4.1)", n)
		}
		h.forget()
		h.dialTo("1002")
		if got := h.wantRequest("calling", sip.INVITE).Contact().Address.String(); !strings.HasSuffix(got, ";ob") {
			t.Errorf("Contact %s, want ob of a registrar that does outbound (RFC 5626 section 4.3)", got)
		}
		h.forget()
	})
}

func TestIntervalTooBriefThatIsNoneEndsTheTries(t *testing.T) {
	for _, min := range []string{"Min-Expires: 60", "X-None: 1"} {
		play(t, nil, func(h *harness) {
			h.begin()
			h.respond(h.wantRequest("first", sip.REGISTER), 423, min)
			h.wantSent("asking for less than was too brief, or for nothing, would not end")
			if st := h.agent.State().Registration; st.State != RegistrationFailed || st.Cause.Code != 423 {
				t.Errorf("%s: %+v", min, st)
			}
			h.forget()
		})
	}
}

func TestBindingExpiresWhileItsRefreshIsUnanswered(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.begin()
		h.grant(h.wantRequest("first", sip.REGISTER), 30)
		h.forget()
		h.advance(23 * time.Second)
		refresh := h.wantRequest("refreshed in time", sip.REGISTER)
		h.wantEvent("nothing is wrong yet")
		h.advance(8 * time.Second)
		h.wantEvent("nobody can reach us any more", "unregistered")
		if why := h.agent.State().Registration.Cause; why.Kind != CauseTimeout {
			t.Errorf("%+v", why)
		}
		h.grant(refresh, 30)
		h.wantEvent("the late answer still counts", "registered")
	})
}

func TestUnregisterThatIsRefused(t *testing.T) {
	for code, want := range map[int]string{403: "403", 0: ErrTimeout.Error()} {
		play(t, nil, func(h *harness) {
			h.start()
			left := h.async(func() error { return h.agent.Unregister(h.t.Context()) })
			req := h.wantRequest("a REGISTER that ends the binding", sip.REGISTER)
			if code > 0 {
				h.respond(req, code)
			} else {
				h.advance(33 * time.Second)
			}
			err := left()
			var refused *ResponseError
			if err == nil || !strings.Contains(fmt.Sprint(err), want) || errors.As(err, &refused) != (code > 0) {
				t.Errorf("error %v, want %s", err, want)
			}
			if st := h.agent.State().Registration.State; st != Unregistered {
				t.Errorf("registration %v: what is left expires", st)
			}
			h.forget()
		})
	}
}

// earlier is a binding of an earlier run of ours, whose instance it shares.
func earlier(contact string, expires int) string {
	_, params, _ := strings.Cut(contact, ">")
	return fmt.Sprintf("<sip:1001@earlier.invalid;transport=ws>%s;expires=%d", params, expires)
}

// TestOwnBindingIsToldFromAnEarlierOne: the very Contact counts, wherever it stands, and of those that only look like ours the
// one that ends first.
func TestOwnBindingIsToldFromAnEarlierOne(t *testing.T) {
	for name, c := range map[string]struct {
		list func(own string) string
		want time.Duration
	}{
		"before ours": {func(own string) string { return earlier(own, 3000) + ", " + own + ";expires=10" },
			10 * time.Second},
		"behind ours": {func(own string) string { return own + ";expires=10, " + earlier(own, 3000) },
			10 * time.Second},
		"ours lasts longer": {func(own string) string { return earlier(own, 5) + ", " + own + ";expires=600" },
			600 * time.Second},
		"ours twice": {func(own string) string { return own + ";expires=600, " + own + ";expires=20" },
			20 * time.Second},
		"two that look like it": {func(own string) string { return earlier(own, 3000) + ", " + earlier(own, 30) },
			30 * time.Second},
		"our host in upper case": {func(own string) string { return earlier(own, 9) + ", " + upperHost(own) + ";expires=40" },
			40 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.begin()
				req := h.wantRequest("first", sip.REGISTER)
				own, _, _ := strings.Cut(header(req, "Contact"), ";expires=")
				began := time.Now()
				h.respond(req, 200, "Contact: "+c.list(own))
				h.collect()
				if got := h.agent.State().Registration.Expires.Sub(began); got != c.want {
					t.Errorf("registered for %v, want %v", got, c.want)
				}
				h.sent = nil
				if h.await("refreshed", sip.REGISTER, c.want); time.Since(began) < c.want/2 {
					t.Errorf("refreshed after %v of %v", time.Since(began), c.want)
				}
				h.forget()
			})
		})
	}
}

func upperHost(contact string) string {
	user, rest, _ := strings.Cut(contact, "@")
	host, rest, _ := strings.Cut(rest, ";")
	return user + "@" + strings.ToUpper(host) + ";" + rest
}

// TestRefreshThatListsOthersOnly: a registrar that has listed our binding and does not any more has lost it, however it says 200.
func TestRefreshThatListsOthersOnly(t *testing.T) {
	for name, list := range map[string][]string{
		"others":  {"Contact: <sip:other@192.0.2.7>;expires=600", "Expires: 600"},
		"nothing": {"Expires: 600"},
	} {
		for _, servers := range []func(*Config){nil, twoServers} {
			t.Run(name, func(t *testing.T) {
				play(t, servers, func(h *harness) {
					h.begin()
					h.grant(h.wantRequest("first", sip.REGISTER), 60)
					h.forget()
					h.advance(46 * time.Second)
					h.respond(h.wantRequest("refreshed", sip.REGISTER), 200, list...)
					ev := h.wantEvent("nobody reaches us", "unregistered")[0].(RegistrationEvent)
					if ev.RetryAt.IsZero() || ev.Cause.Kind != CauseProtocol {
						t.Errorf("%+v", ev)
					}
					h.advance(2 * time.Second)
					h.grant(h.wantRequest("registered anew, over the same connection", sip.REGISTER), 60)
					h.wantEvent("back", "registering", "registered")
				})
			})
		}
	}
	t.Run("never ours", func(t *testing.T) { // some list what they like
		play(t, nil, func(h *harness) {
			h.begin()
			for range 2 {
				h.respond(h.newest(sip.REGISTER), 200, "Contact: <sip:other@192.0.2.7>;expires=9", "Expires: 60")
				if st := h.agent.State().Registration; st.State != Registered {
					t.Errorf("%+v", st)
				}
				h.forget()
				h.advance(46 * time.Second)
			}
			h.forget()
		})
	})
}

// TestUnregisterWithoutConnection: the next connection removes the binding, unless that has ended by then or is wanted again.
func TestUnregisterWithoutConnection(t *testing.T) {
	for name, c := range map[string]struct {
		expires int
		again   bool
		want    string
	}{
		"still there": {600, false, "0"},
		"ended":       {20, false, ""},
		"wanted":      {600, true, "600"},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.begin()
				h.grant(h.wantRequest("first", sip.REGISTER), c.expires)
				h.forget()
				h.dialWith(func(context.Context, string) error { return &transport.DialError{Kind: transport.DialUnreachable} })
				h.lose()
				h.wantErr("noted", h.agent.Unregister(h.t.Context()), nil)
				h.advance(30 * time.Second)
				h.forget()
				if c.again {
					h.async(func() error { return h.agent.Register(h.t.Context()) })
				}
				h.dialWith(nil)
				h.advance(40 * time.Second)
				got := ""
				for _, m := range h.sent {
					got = header(m, "Expires")
					h.respond(m.(*sip.Request), 200)
				}
				if h.collect(); got != c.want {
					t.Errorf("Expires %q, want %q", got, c.want)
				}
				if st := h.agent.State().Registration.State; !c.again && st != Unregistered {
					t.Errorf("registration %v", st)
				}
				h.forget()
				h.lose()
				h.advance(40 * time.Second)
				if !c.again {
					h.wantSent("it is removed once")
				}
				h.forget()
			})
		})
	}
}

// TestOneRegisterAtATime: whatever is wished for while a REGISTER is unanswered waits for its answer (RFC 3261 section 10.2), and
// the newest wish counts.
func TestOneRegisterAtATime(t *testing.T) {
	wishes := map[string]func(h *harness) func() error{
		"R": func(h *harness) func() error { return h.async(func() error { return h.agent.Register(h.t.Context()) }) },
		"U": func(h *harness) func() error {
			return h.async(func() error { return h.agent.Unregister(h.t.Context()) })
		},
	}
	for _, during := range []string{"first", "refresh", "removal"} {
		for _, wished := range []string{"R", "U", "RU", "UR", "RUR", "URU", "UU", "RR"} {
			for _, code := range []int{200, 503, 401} {
				t.Run(fmt.Sprint(during, " ", wished, " ", code), func(t *testing.T) {
					play(t, nil, func(h *harness) {
						h.registerAsIn(during, wishes["U"])
						open := h.wantRequest("under way", sip.REGISTER)
						var outcome func() error
						for _, w := range wished {
							outcome = wishes[string(w)](h)
							h.wantSent("it waits for its turn")
						}
						h.forget()
						wanted := strings.HasSuffix(wished, "R")
						if code == 200 && header(open, "Expires") != "0" {
							h.grant(open, 600)
						} else {
							h.respond(open, code, challenge("n"))
						}
						for range 40 {
							h.advance(time.Second)
							if len(h.sent) > 1 {
								t.Fatalf("%d REGISTERs at a time", len(h.sent))
							}
							for _, m := range h.sent {
								if h.sent = nil; header(m, "Expires") == "0" {
									h.respond(m.(*sip.Request), 200)
								} else {
									h.grant(m.(*sip.Request), 600)
								}
							}
						}
						if st := h.agent.State().Registration.State; (st == Registered) != wanted ||
							!wanted && st != Unregistered {
							t.Errorf("%v, want registered %v", st, wanted)
						}
						if err := outcome(); err != nil && !(during == "removal" && !wanted && code == 503) {
							t.Errorf("the newest wish: %v", err)
						}
						h.forget()
					})
				})
			}
		}
	}
}

// registerAsIn brings up a REGISTER of that kind.
func (h *harness) registerAsIn(kind string, leave func(*harness) func() error) {
	h.t.Helper()
	h.begin()
	if kind == "first" {
		return
	}
	h.grant(h.wantRequest("first", sip.REGISTER), 60)
	h.forget()
	if kind == "removal" {
		leave(h)
		return
	}
	h.advance(46 * time.Second)
}

// TestRetryAfterHasAnEnd: a lone server is left alone for half a minute at most, and not by all its users until the same moment;
// Wake does not wait at all.
func TestRetryAfterHasAnEnd(t *testing.T) {
	waits := map[time.Duration]bool{}
	for seed := range 8 {
		for _, asked := range []string{"300", "4294967295", "31"} {
			play(t, func(c *Config) { c.Rand = newSeeded(byte(seed)) }, func(h *harness) {
				h.begin()
				h.respond(h.wantRequest("first", sip.REGISTER), 503, "Retry-After: "+asked)
				st := h.agent.State().Registration
				wait := time.Until(st.RetryAt)
				if wait < 20*time.Second || wait > 30*time.Second || st.Cause.Code != 503 {
					t.Errorf("%s: the next try in %v: %+v", asked, wait, st)
				}
				waits[wait] = true
				h.forget()
				h.advance(wait - time.Second)
				h.wantSent("not before it was said")
				h.advance(2 * time.Second)
				h.respond(h.wantRequest("tried again", sip.REGISTER), 503, "Retry-After: "+asked)
				h.advance(time.Second)
				h.agent.Wake()
				h.grant(h.wantRequest("somebody wants it now", sip.REGISTER), 600)
				if st := h.agent.State().Registration; st.State != Registered || !st.RetryAt.IsZero() {
					t.Errorf("%+v", st)
				}
				h.forget()
			})
		}
	}
	if len(waits) < 8 {
		t.Errorf("%d different waits of 8 users, want them to come back at times of their own", len(waits))
	}
}

// TestAllServersAreBusy: where each of two asks for hours, both are tried within half a minute; where one serves, the other is
// left alone.
func TestAllServersAreBusy(t *testing.T) {
	play(t, twoServers, func(h *harness) {
		h.begin()
		h.respond(h.wantRequest("first server", sip.REGISTER), 503, "Retry-After: 36000")
		h.advance(time.Second)
		h.respond(h.wantRequest("the second at once", sip.REGISTER), 503, "Retry-After: 36000")
		h.advance(31 * time.Second)
		h.respond(h.wantRequest("again", sip.REGISTER), 503, "Retry-After: 36000")
		h.advance(31 * time.Second)
		h.grant(h.wantRequest("and again", sip.REGISTER), 7200)
		at := h.serverInUse()
		h.forget()
		h.advance(25 * time.Minute)
		if got := h.serverInUse(); got != at {
			t.Errorf("at %s, want to leave a server alone that has asked for hours", got)
		}
		h.forget()
	})
}

func TestExpiresBelowASecond(t *testing.T) {
	good := Config{Account: Account{AOR: "sip:1001@example.com"}, Servers: []string{"wss://a.example"},
		MediaEngine: &fakeEngine{}}
	for d, want := range map[time.Duration]error{time.Second: nil, 0: nil, time.Second - 1: ErrBadConfig,
		time.Millisecond: ErrBadConfig, -time.Hour: ErrBadConfig} {
		cfg := good
		cfg.Expires = d
		a, err := New(cfg)
		if !errors.Is(err, want) {
			t.Errorf("%v: %v, want %v", d, err, want)
		}
		if a != nil {
			a.Close()
		}
	}
	play(t, nil, func(h *harness) {
		h.start()
		for _, d := range []time.Duration{time.Millisecond, -time.Second} {
			_, err := h.agent.Subscribe(h.t.Context(), "1002", SubscribeOptions{Event: "presence", Expires: d})
			h.wantErr("a SUBSCRIBE with Expires: 0 would end what it begins", err, ErrBadConfig)
			_, err = h.agent.Publish(h.t.Context(), PublishOptions{Body: []byte(open), Expires: d})
			h.wantErr("a PUBLISH with Expires: 0 removes", err, ErrBadConfig)
		}
		h.wantIdle("nothing left")
	})
}
