package ua

import (
	"strings"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// contactUser is the user part of the address of record as it may stand in a URI.
func contactUser(aor sip.Uri) string {
	text, err := wire.URIString(&sip.Uri{Scheme: "sip", User: aor.User, Host: aor.Host})
	if err != nil {
		return aor.User // a request with it will be refused, and says why
	}
	user, _, _ := strings.Cut(strings.TrimPrefix(text, "sip:"), "@")
	return user
}

// contact is where requests of this call reach us. Of an anonymous call it says nothing about the account: it is a temporary GRUU
// where the registrar gave one (RFC 5627 section 3.1.2), which can be called from anywhere, else a name that only this flow
// knows.
func (s *session) contact() *sip.ContactHeader {
	if s.alias == nil {
		return s.flow.contact()
	}
	return &sip.ContactHeader{Address: *s.alias.Clone()}
}

// anonymous hides who calls (RFC 3323 section 4.1): the server knows it from P-Preferred-Identity (RFC 3325) and keeps it.
func (s *session) anonymous(from *sip.FromHeader) []Header {
	c := s.c
	identity := c.aor
	identity.User = c.cfg.Account.CLI
	s.alias = &sip.Uri{Scheme: "sip", User: c.rnd.token(8), Host: s.flow.host,
		UriParams: sip.HeaderParams{{K: "transport", V: "ws"}}}
	if temp := s.flow.reg.tempGRUU; temp != nil {
		s.alias = temp.Clone()
	}
	from.DisplayName = "Anonymous"
	from.Address = sip.Uri{Scheme: "sip", User: "anonymous", Host: "anonymous.invalid"}
	return []Header{{"Privacy", "id"}, {"P-Preferred-Identity", "<" + identity.String() + ">"}}
}
