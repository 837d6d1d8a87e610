package phone

import (
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

func anonymous(name string) func(*ua.CallInfo) {
	return func(c *ua.CallInfo) {
		c.Remote = ua.Address{DisplayName: name, User: "anonymous", Host: "anonymous.invalid",
			URI: "sip:anonymous@anonymous.invalid"}
	}
}

// TestWithheldNumberIsSaidInTheUsersLanguage: wherever somebody is named, in every state of the call; and nobody is called who is
// not known.
func TestWithheldNumberIsSaidInTheUsersLanguage(t *testing.T) {
	for _, language := range text.Languages() {
		want := language.Say(text.Hidden)
		for given, shown := range map[string]string{"Anonymous": want, "": want, "Priya Nair": "Priya Nair"} {
			begin := idle()
			begin.Language = language
			rings := then(begin, in("9", ua.CallRinging, anonymous(given)))
			talks := then(rings, screen.Answer{ID: "9"}, in("9", ua.CallEstablished, anonymous(given)))
			for _, s := range []screen.Snapshot{rings, talks} {
				if l := s.Calls.All[0]; l.Name() != shown || l.Number() != want {
					t.Errorf("%s, %q: name %q, number %q, want %q and %q", language, given, l.Name(), l.Number(), shown, want)
				}
			}
			over := then(talks, in("9", ua.CallEnded, anonymous(given), answered, because(ua.CauseConnectionLost, 0)))
			if over.Ended == nil || over.Ended.Again() != "" || over.Dial != "" {
				t.Errorf("%s, %q: ended %+v, the field holds %q", language, given, over.Ended, over.Dial)
			}
		}
	}
	later := then(idle(), in("9", ua.CallRinging, anonymous("")), in("9", ua.CallEstablished))
	if l := later.Calls.All[0]; l.Name() != "Caller 9" || l.Number() != "209" {
		t.Errorf("%q, %q, want who is on the line after a transfer", l.Name(), l.Number())
	}
}
