package ua

import (
	"strings"
	"testing/synctest"

	"github.com/emiago/sipgo/sip"
)

// keyed lets a flow reload the page.
func keyed(c *Config) { c.StateKey = stateKey }

var presences = map[string]string{"open": open, "closed": closed}

// actOnState does what the user does besides calling.
func (f *ladder) actOnState(words []string) {
	h, ctx := f.h, f.h.t.Context()
	switch words[0] {
	case "message":
		h.text(words[1], MessageOptions{Body: []byte(strings.Join(words[2:], " "))})
	case "options":
		h.async(func() error { _, err := h.agent.Capabilities(ctx, words[1]); return err })
	case "subscribe":
		h.subscribe(SubscribeOptions{Event: words[2]})
	case "unsubscribe":
		h.async(func() error { return f.subscription.Unsubscribe(ctx) })
	case "publish":
		h.publish(presences[words[1]])
	case "update":
		h.async(func() error { return f.publication.Update(ctx, []byte(presences[words[1]])) })
	case "unpublish":
		h.async(func() error { return f.publication.Remove(ctx) })
	case "reload":
		f.reload()
	default:
		f.fail("unknown act")
	}
}

// reload goes on with a second user agent in the place of the first, which leaves without a word.
func (f *ladder) reload() {
	h := f.h
	state, err := h.agent.Export()
	f.check(err)
	h.agent.Close()
	h.forget()
	cfg := h.agent.cfg
	cfg.Restore, cfg.Record = state, nil
	h.agent, err = New(cfg)
	f.check(err)
	h.t.Cleanup(func() { h.agent.Close() })
	h.events = h.agent.events.add()
	go h.agent.Run(h.t.Context())
	synctest.Wait()
}

// meetNotifier makes the far end of a subscription known by the 2xx to its SUBSCRIBE.
func (f *ladder) meetNotifier(method string, req *sip.Request, tag string) {
	if method == "SUBSCRIBE" && (f.peer == nil || f.peer.callID != req.CallID().Value()) {
		f.peer = f.h.called(req, tag)
	}
}

// content makes header and body lines of a NOTIFY or MESSAGE.
func (f *ladder) content(word string) []string {
	name, value, _ := strings.Cut(word, "=")
	switch name {
	case "text":
		return []string{"Content-Type: text/plain", "body=" + value}
	case "count":
		return []string{"Content-Type: application/simple-message-summary",
			"body=Messages-Waiting: yes\r\nVoice-Message: " + value + "\r\n"}
	}
	event := "message-summary"
	if req := f.requests["SUBSCRIBE"]; req != nil {
		event = req.GetHeader("Event").Value()
	}
	return []string{"Event: " + event, okContact, "Subscription-State: " + value}
}
