package history

import (
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/number"
)

// TestOnePartyHasOneLine calls one party in all the ways in which its address may be written.
func TestOnePartyHasOneLine(t *testing.T) {
	for want, spellings := range map[string][]string{
		"1002": {"1002", "sip:1002@sip.example.com", "1002@sip.example.com", "SIP:1002@SIP.example.com",
			"sips:1002@sip.example.com",
			"sip:1002@sip.example.com;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "sip:1002@sip.example.com;transport=ws",
			"<sip:1002@sip.example.com>", "sip:1002@sip.example.com?Subject=x", "sip:1002;phone-context=x@sip.example.com"},
		"anna": {"anna", "sip:anna@sip.example.com", "anna@sip.example.com", "sip:anna@sip.example.com;gr"},
		"front.desk@example.org": {"sip:front.desk@example.org", "front.desk@example.org",
			"sip:front.desk@example.org;gr=urn:uuid:1",
			"<sip:front.desk@example.org;transport=tcp>"},
		"+442079460347": {"+442079460347", "tel:+442079460347", "sip:+442079460347@sip.example.com;user=phone"},
		"example.org":   {"sip:example.org", "sip:example.org;transport=ws"},
	} {
		h := New()
		at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
		for i, dialled := range spellings {
			e := Of(ua.CallInfo{ID: dialled, Direction: ua.Outgoing, Dialled: dialled,
				Started: at.Add(time.Duration(i) * time.Minute)}, config.Numbering{})
			h.Add(e)
		}
		h.Spell("sip.example.com")
		days := Days(h.Entries(), time.UTC, config.Numbering{})
		if len(days) != 1 || len(days[0].Groups) != 1 || len(days[0].Groups[0].Entries) != len(spellings) {
			t.Errorf("%s: %+v, want one line", want, days)
			continue
		}
		for _, e := range h.Entries() {
			if e.Number != want {
				t.Errorf("%q is spelt %q, want %q", e.ID, e.Number, want)
			}
			if _, err := number.Dialable(e.Number); err != nil {
				t.Errorf("%q cannot be called again", e.Number)
			}
		}
	}
}

// TestSpellingIsTheSameTwice: and what is no address stays as it was typed.
func TestSpellingIsTheSameTwice(t *testing.T) {
	for _, text := range []string{"", "+44 20 7946 0347", "020 7946 0347 ext. 12", "*98", "Anna", "a@b@c", "sip:", "sip:@",
		"tel:", "@", ";gr", "sip:a@[2001:db8::1]:5060;gr"} {
		for _, home := range []string{"", "sip.example.com", "b"} {
			once := number.Spelt(text, home)
			if twice := number.Spelt(once, home); twice != once {
				t.Errorf("%q: %q, then %q", text, once, twice)
			}
		}
	}
	if got := number.Spelt("+44 20 7946 0347", "x"); got != "+44 20 7946 0347" {
		t.Errorf("%q", got)
	}
}

// TestWithheldNumberHasNoName: what servers write in the place of a name is none; a name that was given stays.
func TestWithheldNumberHasNoName(t *testing.T) {
	for _, c := range []struct {
		from       ua.Address
		name, call string
	}{
		{ua.Address{DisplayName: "Anonymous", User: "anonymous", Host: "anonymous.invalid"}, "", ""},
		{ua.Address{DisplayName: "anonymous", User: "Anonymous", Host: "sip.example.com"}, "", ""},
		{ua.Address{User: "anonymous", Host: "sip.example.com"}, "", ""},
		{ua.Address{DisplayName: "Restricted", User: "c8oqz84zk7z", Host: "anonymous.invalid"}, "", ""},
		{ua.Address{DisplayName: "Priya Nair", User: "anonymous", Host: "anonymous.invalid"}, "Priya Nair", ""},
		{ua.Address{DisplayName: "Anonymous Records Ltd", User: "1002", Host: "sip.example.com"}, "Anonymous Records Ltd",
			"1002"},
		{ua.Address{DisplayName: "Anonymous", User: "1002", Host: "sip.example.com"}, "Anonymous", "1002"},
	} {
		e := Of(ua.CallInfo{Direction: ua.Incoming, Remote: c.from}, config.Numbering{})
		if e.Name != c.name || e.Number != c.call {
			t.Errorf("%+v: name %q, number %q, want %q and %q", c.from, e.Name, e.Number, c.name, c.call)
		}
	}
}
