package ua

import "testing"

// TestUserPartParametersAreNotTheNumber: what an exchange hangs on the number of the caller (RFC 4694 and the like) is neither shown nor
// called back.
func TestUserPartParametersAreNotTheNumber(t *testing.T) {
	for from, want := range map[string]Address{
		"<sip:+12025550191;npdi;rn=+12025550100@192.0.2.1;user=phone>": {URI: "sip:+12025550191@192.0.2.1;user=phone", User: "+12025550191", Host: "192.0.2.1"},
		"<sip:+12025550191;cpc=ordinary@192.0.2.1>":                    {URI: "sip:+12025550191@192.0.2.1", User: "+12025550191", Host: "192.0.2.1"},
		`"*" <sip:*97%23;cpc=ordinary@192.0.2.1>`:                      {DisplayName: "*", URI: "sip:*97%23@192.0.2.1", User: "*97#", Host: "192.0.2.1"},
		"<sip:user;par=u%40example.net@192.0.2.1>":                     {URI: "sip:user;par=u%40example.net@192.0.2.1", User: "user;par=u@example.net", Host: "192.0.2.1"},
	} {
		play(t, nil, func(h *harness) {
			h.start()
			p := h.caller("number")
			p.local = from + ";tag=far"
			p.send("INVITE", sdp("in"))
			ev := h.wantEvent(from, "incoming")[0].(IncomingCallEvent)
			if ev.Info.Remote != want {
				t.Errorf("%s is shown as %+v, want %+v", from, ev.Info.Remote, want)
			}
		})
	}
}
