package wire

import (
	"fmt"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

func TestPeople(t *testing.T) {
	for _, c := range []struct{ value, want, why string }{
		{`"Anna" <sip:1005@example.com>`, "Anna|sip:1005@example.com", "RFC 3325"},
		{`<tel:+15550100>, "Anna" <sip:1005@example.com>`, "|tel:+15550100 Anna|sip:1005@example.com",
			"the pair of RFC 3325 section 9.1"},
		{`sip:1005@example.com`, "|sip:1005@example.com", "addr-spec"},
		{`tel:+1-555-0100;ext=3`, "|tel:+1-555-0100", "addr-spec of tel, whose parameters are the header's without brackets"},
		{`"Outbound Call" <1005>`, "Outbound Call|sip:1005", "FreeSWITCH writes no URI"},
		{`"Outbound Call" <1005@192.0.2.1:5080>`, "Outbound Call|sip:1005@192.0.2.1:5080", "without scheme"},
		{`1005`, "|sip:1005", "a bare number"},
		{`Desk`, "", "a bare word is a name at most"},
		{`1005@example.com;party=calling`, "|sip:1005@example.com", "bare, with parameters"},
		{`"Anna" <sip:+1 (202) 555-0191@192.0.2.1>;party=calling`, "Anna|sip:+1%20(202)%20555-0191@192.0.2.1",
			"blanks in the user part"},
		{`Müller, Anna <sip:2001@192.0.2.1>`, "Müller, Anna|sip:2001@192.0.2.1", "a comma without quotes"},
		{`Müller, Anna <sip:2001@192.0.2.1>, <sip:2002@192.0.2.1>`, "Müller, Anna|sip:2001@192.0.2.1 |sip:2002@192.0.2.1",
			"and another member"},
		{`"Anna <sip:2001@192.0.2.1>`, "Anna|sip:2001@192.0.2.1", "a quote that is not closed"},
		{`"Anna" <sip:2001@192.0.2.1`, "", "a bracket that is not closed"},
		{`<sip:1@h>, <sip:@h>, <>, <sip:h>, <sip:2@h:99999>, <http://h/>;x, <sip:3@h>`, "|sip:1@h |http://h/ |sip:3@h",
			"each fault costs one member"},
		{"<sip:1\x01@h>", "", "a control character"},
		{"\"A\x01B\" <sip:1@h>", "A\uFFFDB|sip:1@h", "in a name"},
		{`<<sip:1@h>>`, "", "brackets twice"},
		{`,,,`, "", "empty members"},
		{strings.Repeat("<sip:1@h>,", 50) + "<sip:2@h>", strings.TrimSpace(strings.Repeat("|sip:1@h ", maxPeople)),
			"no end of members"},
	} {
		req := sip.NewRequest(sip.INVITE, sip.Uri{Scheme: "sip", Host: "h"})
		req.AppendHeader(sip.NewHeader("P-Asserted-Identity", c.value))
		var got []string
		for _, a := range People(req, "P-Asserted-Identity") {
			host := a.URI.String()
			if a.URI.Host == "" && a.URI.Scheme == "sip" {
				host = "sip:" + a.URI.User
			}
			got = append(got, a.DisplayName+"|"+host)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q read as %q, want %q", c.why, c.value, s, c.want)
		}
	}
}

func TestPeopleKeepParameters(t *testing.T) {
	for _, value := range []string{
		`"Anna" <sip:1005@example.com>;party=calling;privacy=full;screen=no`,
		`"Anna" <1005>;party=calling;privacy=full;screen=no`,
		`"Anna" <sip:10 05@example.com> ;party=calling;privacy="full";screen=no`,
	} {
		req := sip.NewRequest(sip.INVITE, sip.Uri{Scheme: "sip", Host: "h"})
		req.AppendHeader(sip.NewHeader("Remote-Party-ID", value))
		list := People(req, "Remote-Party-ID")
		if len(list) != 1 {
			t.Fatalf("%s: %d people", value, len(list))
		}
		var got []string
		for _, name := range []string{"party", "privacy", "screen"} {
			v, _ := Param(list[0].Params, name)
			got = append(got, v)
		}
		if s := fmt.Sprint(got); s != "[calling full no]" {
			t.Errorf("%s: %s", value, s)
		}
	}
}
