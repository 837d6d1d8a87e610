package phone

import (
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
)

// TestProvisioningBringsTheCustomerPage: the page about who is on the line comes from the object too, in the place of the one of
// config.json, and one that may not be opened from neither.
func TestProvisioningBringsTheCustomerPage(t *testing.T) {
	const ours = `{"wsServers":"sip.example.com","provisioning":"/provision","screenPop":{"url":"https://old.example/{number}"}}`
	for object, want := range map[string]screen.Pop{
		`{}`: {URL: "https://old.example/3001", Framed: true},
		`{"screenPop":{"url":"https://crm.example.com/{number}/{user}"}}`: {URL: "https://crm.example.com/3001/1001",
			Framed: true},
		`{"screenPop":{"url":"https://crm.example.com/{number}","target":"link"}}`: {URL: "https://crm.example.com/3001"},
		`{"screenPop":{"on":"answer"}}`:                                            {},
		`{"screenPop":{"url":""}}`:                                                 {},
		`{"screenPop":{"url":"javascript:alert({number})"}}`: {URL: "https://old.example/3001",
			Framed: true},
	} {
		o := &operator{object: object}
		storyWith(t, Options{Config: parsed(t, ours), Fetch: o.fetch}, func(h *harness) {
			h.login()
			h.call("1", true, "3001", ua.CallRinging)
			if got := h.now().Caller.Pop; got != want {
				h.Errorf("%s: the page is %+v, want %+v", object, got, want)
			}
		})
	}
}
