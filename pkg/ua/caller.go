package ua

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// learnCaller reads from an INVITE what helps to decide about the call.
func (s *session) learnCaller(req *wire.Request) {
	from := req.From()
	s.info.Remote = addressOf(from.DisplayName, from.Address)
	s.learnIdentity(req)
	s.learnMethods(&req.Head)
	s.info.DivertedFrom, s.info.ReferredBy = s.c.divertedFrom(req), s.c.referredBy(req)
	s.info.AlertInfo, s.info.AutoAnswer, s.info.AnswerAfter = alertInfo(req)
}

// divertedFrom is who was called before the call was sent on to us: the newest Diversion (RFC 5806), else the last but one
// entry of History-Info (RFC 7044), whose last is ourselves. Who does not want to be known is not named.
func (c *core) divertedFrom(req *wire.Request) Address {
	if list := people(req, "Diversion"); len(list) > 0 {
		if privacy, _ := wire.Param(list[0].Params, "privacy"); privacy == "" || strings.EqualFold(privacy, "off") {
			return c.identityOf(list[0])
		}
		return Address{}
	}
	list := people(req, "History-Info")
	if len(list) < 2 {
		return Address{}
	}
	a := list[len(list)-2]
	if slices.ContainsFunc(a.URI.Headers, func(h sip.HeaderKV) bool { return strings.EqualFold(h.K, "Privacy") }) {
		return Address{}
	}
	return c.identityOf(a)
}

// alertInfo reads how the call asks to be presented: a ring style, and whether it wants to be answered by itself, as
// intercoms and "click to dial" do. Call-Info says that as answer-after=0, Alert-Info as info=alert-autoanswer;delay=0 or as
// words ("Auto Answer"), Answer-Mode and Priv-Answer-Mode as Auto (RFC 5373).
func alertInfo(req *wire.Request) (style string, auto bool, after time.Duration) {
	infos, _ := wire.Infos(req, "Alert-Info")
	for _, i := range infos {
		info, named := wire.Param(i.Params, "info")
		switch {
		case wantsAnswer(i.URI, info, i.Params):
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
	for _, name := range []string{"Answer-Mode", "Priv-Answer-Mode"} {
		for _, h := range req.GetHeaders(name) {
			mode, _, _ := strings.Cut(h.Value(), ";")
			auto = auto || strings.EqualFold(strings.TrimSpace(mode), "Auto")
		}
	}
	return style, auto, after
}

// wantsAnswer tells whether an Alert-Info asks for an answer without the user: by its parameters, or by a word in the place of
// the URI.
func wantsAnswer(uri, info string, params sip.HeaderParams) bool {
	if strings.Contains(strings.ToLower(info), "auto") {
		return true
	}
	if v, ok := wire.Param(params, "intercom"); ok && !strings.EqualFold(v, "false") {
		return true
	}
	plain := strings.NewReplacer(" ", "", "-", "", "_", "")
	for _, word := range []string{"autoanswer", "ringanswer", "intercom"} {
		if said := plain.Replace(strings.ToLower(uri)); said == word || plain.Replace(strings.ToLower(info)) == word {
			return true
		}
	}
	return false
}

func delay(params sip.HeaderParams, name string) time.Duration {
	value, _ := wire.Param(params, name)
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 || n > 3600 {
		return 0
	}
	return time.Duration(n) * time.Second
}
