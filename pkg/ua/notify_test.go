package ua

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
	"github.com/gowebphone/webphone/pkg/ua/notification"
)

func TestForkedSubscriptionHasALegForEachNotifier(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		outcome := h.subscribe(SubscribeOptions{Event: "dialog"})
		req := h.wantRequest("asked", sip.SUBSCRIBE)
		h.respond(req, 200, "tag=a", "Expires: 3600")
		a, b, late := h.notifier(req, "a"), h.notifier(req, "b"), h.notifier(req, "late")
		a.notify("active;expires=3600")
		b.notify("pending;expires=3600")
		h.wantSent("both are taken", "200 NOTIFY", "200 NOTIFY")
		events := h.wantEvent("two tell", "subscription trying", "notify active", "subscription active", "notify pending")
		if x, y := events[1].(NotifyEvent), events[3].(NotifyEvent); x.Notifier == y.Notifier {
			t.Error("the notifiers cannot be told apart")
		}
		h.advance(timerN + time.Second)
		late.notify("active")
		h.wantResponse("after timer N no other is taken", "481 NOTIFY")
		a.notify("terminated;reason=deactivated")
		h.wantResponse("one goes", "200 NOTIFY")
		h.wantEvent("the other stays", "notify terminated deactivated", "subscription pending")
		s, _ := outcome()
		done := h.async(func() error { return s.Unsubscribe(h.t.Context()) })
		leave := h.wantRequest("left", sip.SUBSCRIBE)
		if tagOf(leave.To().Params) != "b" {
			t.Error("not at the one that is there")
		}
		h.respond(leave, 481)
		h.wantErr("gone already", done(), nil)
		h.wantEvent("over", "subscription terminated")
	})
}

func TestPackageWithASingleDialogTakesOneNotifier(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.subscribe(SubscribeOptions{Event: "presence"})
		req := h.wantRequest("asked", sip.SUBSCRIBE)
		h.notifier(req, "a").notify("active")
		h.wantResponse("the first is taken", "200 NOTIFY")
		h.notifier(req, "b").notify("active")
		h.wantResponse("no other (RFC 3856 section 6.9)", "481 NOTIFY")
		h.forget()
	})
}

func TestUnsolicitedNotify(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p := h.caller("n1")
		p.send("NOTIFY", okContact, "Event: message-summary", "Subscription-State: active")
		h.wantResponse("nobody asked", "481 NOTIFY")
		p.send("NOTIFY", okContact, "Event: unheard-of", "Subscription-State: active")
		if res := h.wantResponse("not known at all", "489 NOTIFY"); res.GetHeader("Allow-Events") == nil {
			t.Error("489 has to say what is known (RFC 6665 section 8.3.2)")
		}
		p.send("NOTIFY", okContact, "Subscription-State: active")
		h.wantResponse("without Event", "400 NOTIFY")
		far, _ := h.watch("dialog")
		far.extra = []string{okContact, "Event: presence"}
		far.notify("active")
		h.wantResponse("of another package than asked", "481 NOTIFY")
		far.extra = []string{okContact, "Event: dialog;id=7"}
		far.notify("active")
		h.wantResponse("with an id nobody gave", "481 NOTIFY")
		far.extra = []string{okContact, "Event: dialog"}
		far.send("NOTIFY", far.extra...)
		h.wantResponse("without state", "400 NOTIFY")
		far.notify("active", "Content-Type: text/html", "body=x")
		if res := h.wantResponse("content we did not ask for",
			"415 NOTIFY"); res.GetHeader("Accept").Value() != "application/dialog-info+xml" {
			t.Error("415 has to say what is taken")
		}
		far.notify("active")
		h.wantResponse("all right", "200 NOTIFY")
		h.recv(far.text("NOTIFY", 2, append(far.extra, "Subscription-State: active")...))
		h.wantResponse("out of order", "500 NOTIFY")
		h.wantEvent("one was told", "notify active")
	})
}

func TestPartialDialogInfoIsPutTogether(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.watch("dialog")
		refreshes := 0
		tell := func(version int, state, dialogs string) *notification.DialogInfo {
			h.t.Helper()
			p.notify("active;expires=3600", "Content-Type: application/dialog-info+xml", fmt.Sprintf(
				`body=<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="%d" state="%s" `+
					`entity="sip:1002@example.com">%s</dialog-info>`, version, state, dialogs))
			for _, m := range h.wantSent("told",
				append([]string{"200 NOTIFY"}, slices.Repeat([]string{"SUBSCRIBE"}, refreshes)...)...)[1:] {
				h.respond(m.(*sip.Request), 200, "Expires: 3600")
			}
			ev := h.wantEvent("told", "notify active")[0].(NotifyEvent)
			if ev.Err != nil {
				h.t.Fatal(ev.Err)
			}
			return ev.Value.(*notification.DialogInfo)
		}
		d := tell(0, "full", `<dialog id="a" direction="recipient"><state>early</state></dialog>`)
		if !d.Busy() || d.Ringing() == nil {
			t.Errorf("%+v", d)
		}
		d = tell(1, "partial", `<dialog id="b" direction="initiator"><state>confirmed</state></dialog>`)
		if len(d.Dialogs) != 2 || d.Dialogs[0].ID != "a" {
			t.Errorf("%+v", d)
		}
		d = tell(1, "partial", `<dialog id="b"><state>terminated</state></dialog>`)
		if len(d.Dialogs) != 2 || d.Dialogs[1].State != "confirmed" {
			t.Errorf("a change that was seen before counts: %+v", d)
		}
		refreshes = 1 // one is missing: ask for the whole state (RFC 4235 section 4.3)
		tell(3, "partial", `<dialog id="b"><state event="local-bye">terminated</state></dialog>`)
		refreshes = 0
		d = tell(4, "full", ``)
		if d.Busy() {
			t.Errorf("%+v", d)
		}
		h.wantIdle("nothing is missing now")
	})
}

// TestGapsAreAskedAboutLessAndLess lets a notifier leave a gap in every notification, for a long time: what is asked stays
// little, and after a quiet time a gap is asked about at once again.
func TestGapsAreAskedAboutLessAndLess(t *testing.T) {
	gap := `<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="%d" state="partial" entity="sip:1002@example.com"/>`
	for name, tt := range map[string]struct{ event, kind, body string }{
		"a gap":                    {"dialog", "application/dialog-info+xml", gap},
		"an unreadable dialog":     {"dialog", "application/dialog-info+xml", "<%d"},
		"an unreadable reg":        {"reg", "application/reginfo+xml", "<%d"},
		"an unreadable conference": {"conference", "application/conference-info+xml", "<%d"},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				p, _ := h.watch(tt.event)
				asked, version := 0, 0
				flood := func(seconds int) {
					for range seconds * 100 {
						version += 2
						p.notify("active;expires=36000", "Content-Type: "+tt.kind, "body="+fmt.Sprintf(tt.body, version))
						time.Sleep(10 * time.Millisecond)
						asked += h.refreshed()
					}
				}
				if flood(5); asked < 1 || asked > 4 {
					t.Errorf("%d SUBSCRIBEs in 5 s", asked)
				}
				if flood(60); asked > 9 {
					t.Errorf("%d SUBSCRIBEs in 65 s", asked)
				}
				for range 2 * int(stillEnough/time.Second) { // quiet
					time.Sleep(time.Second)
					h.refreshed()
				}
				asked = 0
				if flood(1); asked != 1 {
					t.Errorf("%d SUBSCRIBEs after a quiet time", asked)
				}
				h.forget()
			})
		})
	}
}

// refreshed answers what was asked and counts the SUBSCRIBEs in it.
func (h *harness) refreshed() (n int) {
	h.collect()
	for _, m := range h.sent {
		switch req, ok := m.(*sip.Request); {
		case ok && req.Method == sip.SUBSCRIBE:
			n++
			h.respond(req, 200, "Expires: 36000")
		case ok && req.Method == sip.REGISTER:
			h.grant(req, 600)
		}
	}
	h.sent, h.seen = nil, nil
	return n
}

func TestNotifiersOfOneSubscriptionAreBounded(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.subscribe(SubscribeOptions{Event: "dialog"})
		req := h.wantRequest("asked", sip.SUBSCRIBE)
		for i := range 100 {
			h.notifier(req, fmt.Sprint("n", i)).notify("active;expires=3600")
			want := "200 NOTIFY"
			if i >= maxLegs {
				want = "481 NOTIFY"
			}
			h.wantSent("told", want)
		}
		h.forget()
	})
}

func TestContentThatCannotBeReadIsTold(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		p, _ := h.watch("presence")
		p.notify("active", "Content-Type: application/pidf+xml", "body=<presence")
		h.wantResponse("the NOTIFY itself is all right", "200 NOTIFY")
		ev := h.wantEvent("told", "notify active")[0].(NotifyEvent)
		if !errors.Is(ev.Err, notification.ErrBadContent) || ev.Value != nil || string(ev.Body) != "<presence" {
			t.Errorf("%+v", ev)
		}
	})
}

func TestUnknownPackageIsHandedOn(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		h.subscribe(SubscribeOptions{Event: "vendor-thing", Accept: []string{"application/json"}})
		req := h.wantRequest("asked", sip.SUBSCRIBE)
		h.notifier(req, "far").notify("active", "Content-Type: application/json", `body={"a":1}`)
		h.wantResponse("taken", "200 NOTIFY")
		ev := h.wantEvent("told", "subscription trying", "notify active", "subscription active")[1].(NotifyEvent)
		if string(ev.Body) != `{"a":1}` || ev.Value != nil || ev.Err != nil {
			t.Errorf("%+v", ev)
		}
		if state, err := wire.SubscriptionState(req); err == nil {
			t.Errorf("a SUBSCRIBE has no Subscription-State: %+v", state)
		}
	})
}

func TestStateIsAskedOnce(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		outcome := h.subscribe(SubscribeOptions{Event: "reg", Once: true})
		req := h.wantRequest("asked", sip.SUBSCRIBE)
		if req.GetHeader("Expires").Value() != "0" {
			t.Error("not a fetch (RFC 6665 section 4.4.3)")
		}
		h.respond(req, 200, "tag=far", "Expires: 0")
		h.notifier(req, "far").notify("terminated;reason=timeout", "Content-Type: application/reginfo+xml",
			`body=<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full"/>`)
		h.wantResponse("told", "200 NOTIFY")
		events := h.wantEvent("told once", "subscription trying", "notify terminated timeout", "subscription terminated")
		if reg, ok := events[1].(NotifyEvent).Value.(*notification.RegInfo); !ok || !reg.Full {
			t.Errorf("%+v", events[1])
		}
		if _, err := outcome(); err != nil {
			t.Error(err)
		}
	})
}
