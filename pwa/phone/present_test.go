package phone

import (
	"cmp"
	"strings"
	"testing"
	"unicode"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/number"
)

// hostile are texts as an attacker writes them, and what may be left of them.
var hostile = []struct{ text, shown string }{
	{`<img src=x onerror=alert(1)>`, `<img src=x onerror=alert(1)>`}, // text, and shown as such
	{"\u202egro.knab\u202c \u2066x", "gro.knab x"},
	{"Bank\r\nVerified: yes\x00\x1b[2J", "Bank Verified: yes [2J"},
	{"\u2028\ufeffA\u200b\u00adB\U000e0041", "AB"},
	{strings.Repeat("W", 64<<10), strings.Repeat("W", maxShownName)},
	{strings.Repeat("\U0001F468\u200d", 64<<10), strings.Repeat("\U0001F468\u200d", maxShownName/2)},
}

func TestTextsOfStrangersAreCutAndCleaned(t *testing.T) {
	for _, c := range hostile {
		story(t, oneServerConfig(), func(h *harness) {
			h.login()
			bad := func(i *ua.CallInfo) {
				i.Remote.DisplayName, i.Remote.User, i.Remote.URI, i.AlertInfo, i.DivertedFrom.DisplayName = c.text, c.text,
					c.text, c.text, c.text
				i.ReferredBy = i.Remote
			}
			h.call("1", true, "", ua.CallRinging, bad)
			line := h.now().Calls.All[0]
			if line.Name() != c.shown || line.DivertedFrom.DisplayName != c.shown || line.ReferredBy.DisplayName != c.shown {
				h.Errorf("%.30q is shown as %.60q, want %.60q", c.text, line.Name(), c.shown)
			}
			h.call("1", true, "", ua.CallEnded, bad, because(ua.CauseCancelled, 487),
				func(i *ua.CallInfo) { i.Cause.Reason = c.text })
			s := h.now()
			seen := append([]string{lines(s)}, s.Live.Args...)
			for _, text := range seen {
				if len([]rune(text)) > 2*maxShownNumber+maxShownName || strings.ContainsFunc(text, func(r rune) bool {
					return unicode.IsControl(r) || (unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar) && r != 0x200d
				}) {
					h.Errorf("%.30q comes through in %.80q", c.text, text)
				}
			}
		})
	}
}

func TestReasonsOfServersAreCutAndCleaned(t *testing.T) {
	for _, c := range hostile {
		for _, e := range []ua.Event{
			ua.ConnectionEvent{ConnectionInfo: ua.ConnectionInfo{Cause: ua.Cause{Reason: c.text}}},
			ua.RegistrationEvent{RegistrationInfo: ua.RegistrationInfo{Cause: ua.Cause{Reason: c.text}}},
			ua.CallEvent{Info: ua.CallInfo{Cause: ua.Cause{Reason: c.text}}},
			ua.CallEvent{Info: ua.CallInfo{Cause: ua.Cause{Reason: c.text}, Trouble: ua.Cause{Reason: c.text}}},
		} {
			var got string
			switch e := presentable(e).(type) {
			case ua.ConnectionEvent:
				got = e.Cause.Reason
			case ua.RegistrationEvent:
				got = e.Cause.Reason
			case ua.CallEvent:
				got = cmp.Or(e.Info.Trouble.Reason, e.Info.Cause.Reason)
			}
			if want := number.OneLine(c.text, maxShownReason); got != want || strings.ContainsAny(got, "\r\n\x00\u202e\u2066") {
				t.Errorf("%T: %.60q, want %.60q", e, got, want)
			}
		}
	}
}
