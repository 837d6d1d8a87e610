package ua

import (
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// learnIdentity takes the identity a trusted server vouches for: of the caller, or of who was connected later. It reports whether
// that is somebody else than the call shows.
func (s *session) learnIdentity(m wire.Message) bool {
	if !s.c.cfg.TrustAssertedIdentity || s.info.State == CallEnded {
		return false
	}
	who, hidden, ok := s.asserted(m)
	if !ok {
		return false
	}
	remote := s.c.identityOf(who)
	known := s.info.Remote
	_, request := m.(*wire.Request)
	switch {
	case s.incoming != m && remote.User == known.User && (remote.DisplayName == "" || remote.DisplayName == known.DisplayName):
		return false // and the name stays; that in From of the INVITE, though, nobody vouches for
	case hidden && request && s.info.State >= CallConnecting:
		remote = withheld // somebody else than before, who does not want to be known
	case hidden:
		return false // From, or who was called, says what may be known
	}
	if s.info.Remote == remote || !hidden && s.hearsay(m, who) {
		return false
	}
	s.info.Remote, s.info.Asserted = remote, true
	return true
}

// followIdentity is learnIdentity for a message inside the call, which nothing else tells of.
func (s *session) followIdentity(m wire.Message) {
	if s.learnIdentity(m) && !s.over() {
		s.changed()
	}
}

// withheld is who does not want to be known (RFC 3323 section 4.1.1.3).
var withheld = Address{DisplayName: "Anonymous", URI: "sip:anonymous@anonymous.invalid", User: "anonymous",
	Host: "anonymous.invalid"}

// asserted is the other side as the server names it: by P-Asserted-Identity (RFC 3325), else by Remote-Party-ID. hidden tells
// that it may not be shown: RFC 3325 section 9.3, or the parameter privacy.
func (s *session) asserted(m wire.Message) (who wire.Address, hidden, ok bool) {
	hides := func(v string) bool { return v == "id" || v == "user" || v == "full" || v == "uri" }
	hidden = slices.ContainsFunc(wire.Privacy(m), hides)
	list := people(m, "P-Asserted-Identity")
	if len(list) == 0 {
		list = slices.DeleteFunc(people(m, "Remote-Party-ID"), func(a wire.Address) bool { return !s.isTheirs(m, a) })
	}
	if len(list) == 0 {
		return wire.Address{}, false, false
	}
	who = list[0] // a sip: one says more than a tel: one; there are at most these two
	for _, a := range list {
		if isSIP(a.URI) {
			who = a
			break
		}
	}
	privacy, _ := wire.Param(who.Params, "privacy")
	for word := range strings.FieldsFuncSeq(strings.ToLower(privacy), func(r rune) bool {
		return r == ',' || r == ';' || r == ' '
	}) {
		hidden = hidden || hides(word)
		if word == "name" {
			who.DisplayName = ""
		}
	}
	return who, hidden, true
}

// people are those in a header who can be called: an address of another kind than sip: and tel: is of no use to anybody.
func people(m wire.Message, header string) []wire.Address {
	return slices.DeleteFunc(wire.People(m, header), func(a wire.Address) bool { return !isSIP(a.URI) && a.URI.Scheme != "tel" })
}

func isSIP(uri sip.Uri) bool { return sip.UriIsSIP(uri.Scheme) || sip.UriIsSIPS(uri.Scheme) }

// isTheirs tells whether a Remote-Party-ID is about the other side and not about us. The party of a call is calling or called;
// some servers call whoever sends a request calling.
func (s *session) isTheirs(m wire.Message, a wire.Address) bool {
	party, given := wire.Param(a.Params, "party")
	_, request := m.(*wire.Request)
	switch strings.ToLower(party) {
	case "calling":
		return request
	case "called":
		return s.info.Direction == Outgoing
	}
	return !given
}

// identityOf shows what a server asserts. An identity without host is of our own domain.
func (c *core) identityOf(a wire.Address) Address {
	if isSIP(a.URI) && a.URI.Host == "" {
		a.URI.Host, a.URI.Port = c.aor.Host, c.aor.Port
	}
	return addressOf(nameOf(a), plain(a.URI))
}

// nameOf is the name in an identity: not its number over again, and not what FreeSWITCH calls everybody who was called.
func nameOf(a wire.Address) string {
	number, _ := wire.Number(a.URI.User)
	if a.DisplayName == number || a.DisplayName == a.URI.User || a.DisplayName == "Outbound Call" {
		return ""
	}
	return a.DisplayName
}

// hearsay tells of an identity that is only the user part of a Contact, as a server shows it that knows nothing better:
// FreeSWITCH tells the caller so who was called. It is no number, and many user agents make it up.
func (s *session) hearsay(m wire.Message, a wire.Address) bool {
	user, host := a.URI.User, strings.ToLower(a.URI.Host)
	if strings.HasSuffix(host, ".invalid") && user != "anonymous" && user != "unavailable" {
		return true // an address of RFC 7118 section 5.2, which only its server can call
	}
	if s.incoming == m || nameOf(a) != "" || !isSIP(a.URI) {
		return false
	}
	if user == s.contact().Address.User || madeUp(user) {
		return true
	}
	uris := []sip.Uri{}
	for _, c := range m.Typed().Contacts {
		uris = append(uris, c.URI)
	}
	if s.dlg != nil {
		uris = append(uris, s.dlg.target)
	}
	return slices.ContainsFunc(uris, func(u sip.Uri) bool {
		return u.User == user && (host == "" || strings.EqualFold(u.Host, host))
	})
}

// madeUp tells a random word from a name and a number: eight characters or more, in which letters and digits alternate.
func madeUp(user string) bool {
	if len(user) < 8 || strings.Trim(user, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return false
	}
	changes := 0
	for i := 1; i < len(user); i++ {
		if (user[i] <= '9') != (user[i-1] <= '9') {
			changes++
		}
	}
	return changes >= 2
}
