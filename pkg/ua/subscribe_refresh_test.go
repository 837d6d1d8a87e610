package ua

import (
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

func TestRefreshThatFindsNothingStartsAnew(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.watch("presence")
		p.notify("active;expires=100")
		h.wantResponse("shortened", "200 NOTIFY")
		h.wantEvent("told", "notify active")
		h.advance(76 * time.Second)
		refresh := h.wantRequest("refreshed", sip.SUBSCRIBE)
		h.respond(refresh, 481)
		anew := h.wantRequest("asked anew", sip.SUBSCRIBE)
		if *anew.CallID() == *refresh.CallID() || tagOf(anew.To().Params) != "" {
			t.Error("in the old dialog")
		}
		h.wantEvent("told", "subscription waiting", "subscription trying")
		p.notify("active")
		h.wantResponse("the old dialog is gone", "481 NOTIFY")
	})
}

func TestRefreshThatFailsForAWhileKeepsTheSubscription(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.watch("presence")
		p.notify("active;expires=200")
		h.forget()
		h.respond(h.await("refreshed", sip.SUBSCRIBE, 151*time.Second), 503)
		p.notify("active")
		h.wantResponse("it is still there (RFC 6665 section 4.1.2.2)", "200 NOTIFY")
		h.wantEvent("told", "notify active")
		h.respond(h.await("tried once more before the end", sip.SUBSCRIBE, 50*time.Second), 200, "Expires: 200")
		h.wantIdle("saved")
	})
}

func TestRefreshIsNotRepeatedBeforeItsTime(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.watch("presence")
		p.notify("active;expires=100")
		h.forget()
		h.respond(h.await("refreshed", sip.SUBSCRIBE, 76*time.Second), 503, "Retry-After: 300")
		h.wantRenewal(299*time.Second, 302*time.Second)
		h.forget()
	})
}

func TestRefreshThatIsRefusedEndsTheSubscription(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, s := h.watch("presence")
		p.notify("active;expires=100")
		h.forget()
		h.advance(76 * time.Second)
		h.respond(h.wantRequest("refreshed", sip.SUBSCRIBE), 404)
		h.wantEvent("over", "subscription terminated")
		if why := s.Info().Cause; why.Kind != CauseNotFound || why.Explanation == "" {
			t.Errorf("%+v", why)
		}
	})
}

func TestRefreshWith423AsksForMore(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.watch("presence")
		p.notify("active;expires=100")
		h.forget()
		h.advance(76 * time.Second)
		h.respond(h.wantRequest("refreshed", sip.SUBSCRIBE), 423, "Min-Expires: 7200")
		again := h.wantRequest("with more", sip.SUBSCRIBE)
		if again.GetHeader("Expires").Value() != "7200" {
			t.Errorf("Expires %v", again.GetHeader("Expires"))
		}
		h.respond(again, 200, "Expires: 7200")
	})
}
