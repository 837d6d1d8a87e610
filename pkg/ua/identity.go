package ua

import (
	"strconv"
	"strings"
	"time"

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
// where the registrar gave one (RFC 5627 section 3.1.2), which can be called from anywhere, else a name that only this flow knows.
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
	s.alias = &sip.Uri{Scheme: "sip", User: c.rnd.token(8), Host: s.flow.host, UriParams: sip.HeaderParams{{K: "transport", V: "ws"}}}
	if temp := s.flow.reg.tempGRUU; temp != nil {
		s.alias = temp.Clone()
	}
	from.DisplayName = "Anonymous"
	from.Address = sip.Uri{Scheme: "sip", User: "anonymous", Host: "anonymous.invalid"}
	return []Header{{"Privacy", "id"}, {"P-Preferred-Identity", "<" + identity.String() + ">"}}
}

// learnIdentity takes the identity a trusted server vouches for: of the caller, or of who was connected later.
func (s *session) learnIdentity(m sip.Message) {
	if !s.c.cfg.TrustAssertedIdentity {
		return
	}
	list, err := wire.Routes(m, "P-Asserted-Identity")
	if err != nil || len(list) == 0 {
		return
	}
	best := list[0] // a sip: one says more than a tel: one; there are at most these two
	for _, a := range list {
		if sip.UriIsSIP(a.URI.Scheme) || sip.UriIsSIPS(a.URI.Scheme) {
			best = a
			break
		}
	}
	remote := addressOf(best.DisplayName, best.URI)
	if !sip.UriIsSIP(best.URI.Scheme) && !sip.UriIsSIPS(best.URI.Scheme) {
		remote.User = strings.TrimPrefix(remote.URI, best.URI.Scheme+":")
	}
	if remote == s.info.Remote {
		return
	}
	s.info.Remote = remote
	if s.info.State >= CallConnecting && !s.over() {
		s.changed()
	}
}

// learnCaller reads from an INVITE what helps to decide about the call.
func (s *session) learnCaller(req *sip.Request) {
	from := req.From()
	s.info.Remote = addressOf(from.DisplayName, from.Address)
	s.learnIdentity(req)
	s.learnMethods(req)
	s.info.DivertedFrom = divertedFrom(req)
	s.info.AlertInfo, s.info.AutoAnswer, s.info.AnswerAfter = alertInfo(req)
}

// divertedFrom is who was called before the call was sent on to us: the newest Diversion (RFC 5806), else the last but one
// entry of History-Info (RFC 7044), whose last is ourselves.
func divertedFrom(req *sip.Request) Address {
	if list, err := wire.Diversions(req); err == nil && len(list) > 0 {
		return addressOf(list[0].DisplayName, list[0].URI)
	}
	if list, err := wire.Routes(req, "History-Info"); err == nil && len(list) > 1 {
		a := list[len(list)-2]
		return addressOf(a.DisplayName, plain(a.URI))
	}
	return Address{}
}

// alertInfo reads how the call asks to be presented: a ring style, and whether it wants to be answered by itself, as
// intercoms and "click to dial" do. Call-Info says that as answer-after=0, Alert-Info as info=alert-autoanswer;delay=0,
// Answer-Mode as Auto (RFC 5373).
func alertInfo(req *sip.Request) (style string, auto bool, after time.Duration) {
	infos, _ := wire.Infos(req, "Alert-Info")
	for _, i := range infos {
		info, named := wire.Param(i.Params, "info")
		switch {
		case strings.Contains(strings.ToLower(info), "auto"):
			auto, after = true, delay(i.Params, "delay")
		case style != "":
		case named:
			style = info
		default:
			style = i.URI
		}
	}
	infos, _ = wire.Infos(req, "Call-Info")
	for _, i := range infos {
		if _, ok := wire.Param(i.Params, "answer-after"); ok {
			auto, after = true, delay(i.Params, "answer-after")
		}
	}
	if wire.HasToken(req, "Answer-Mode", "Auto") {
		auto = true
	}
	return style, auto, after
}

func delay(params sip.HeaderParams, name string) time.Duration {
	value, _ := wire.Param(params, name)
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 || n > 3600 {
		return 0
	}
	return time.Duration(n) * time.Second
}
