package ua

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
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
		"Expires":                       {func(ct string) []string { return []string{"Contact: " + ct, "Expires: 200"} }, 200 * time.Second},
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
