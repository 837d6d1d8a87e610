package ua

import (
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// allowed are the methods we accept, for Allow (RFC 3261 section 20.5). A MESSAGE is one where somebody reads it.
func allowed(cfg *Config) string {
	list := "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, NOTIFY"
	if len(cfg.MessageTypes) > 0 {
		list += ", MESSAGE"
	}
	return list
}

// supported are the option tags we know, for Supported, and what Require may ask of us.
func (c *core) supported() []string {
	tags := []string{"timer", "replaces", "norefersub", "outbound", "path", "gruu"}
	if c.cfg.Reliable1xx != ReliableOff {
		tags = append([]string{"100rel"}, tags...)
	}
	return tags
}

func (c *core) supportedHeader() sip.Header {
	return sip.NewHeader("Supported", strings.Join(c.supported(), ", "))
}

const (
	sdpType   = "application/sdp"
	relayType = "application/dtmf-relay"
	dtmfType  = "application/dtmf"
)

// newRequest makes a request outside a dialog or the base of one inside, without body.
func (f *flow) newRequest(method sip.RequestMethod, target sip.Uri, routes []sip.Uri, from *sip.FromHeader, to *sip.ToHeader,
	callID string, seq uint32) *sip.Request {
	req := sip.NewRequest(method, target)
	req.SetTransport(f.transportName())
	req.AppendHeader(f.newVia())
	for _, uri := range routes {
		req.AppendHeader(&sip.RouteHeader{Address: uri})
	}
	forwards := sip.MaxForwardsHeader(70)
	req.AppendHeader(&forwards)
	req.AppendHeader(from)
	req.AppendHeader(to)
	id := sip.CallIDHeader(callID)
	req.AppendHeader(&id)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: seq, MethodName: method})
	return req
}

func (f *flow) newVia() *sip.ViaHeader {
	return &sip.ViaHeader{ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: f.transportName(), Host: f.host,
		Params: sip.HeaderParams{{K: "branch", V: "z9hG4bK" + f.c.rnd.token(18)}}}
}

// transportName is the protocol in Via: WSS over TLS, else WS (RFC 7118 section 5.1).
func (f *flow) transportName() string {
	if strings.HasPrefix(f.conn.info.Server, "ws:") {
		return "WS"
	}
	return "WSS"
}

// finish adds what every request of ours ends with.
func (c *core) finish(req *sip.Request, contentType string, body []byte) *sip.Request {
	req.AppendHeader(sip.NewHeader("User-Agent", c.cfg.UserAgent))
	if contentType != "" {
		ct := sip.ContentTypeHeader(contentType)
		req.AppendHeader(&ct)
	}
	if len(body) > 0 {
		req.SetBody(body)
	}
	return req
}

// newAccountFrom makes From with our display name and number, and a fresh tag.
func (c *core) newAccountFrom(user string) *sip.FromHeader {
	uri := c.aor
	uri.User = user
	return &sip.FromHeader{DisplayName: c.cfg.Account.DisplayName, Address: uri,
		Params: sip.HeaderParams{{K: "tag", V: c.rnd.token(10)}}}
}

// contactURI is where requests in a dialog reach us: the GRUU when the registrar gave one (RFC 5627), else our
// ".invalid" address, which the proxy of this flow knows (RFC 7118 section 5.2.3).
func (f *flow) contactURI() sip.Uri {
	if f.reg.gruu != nil {
		return *f.reg.gruu.Clone()
	}
	uri := sip.Uri{Scheme: "sip", User: f.c.local.user, Host: f.host, UriParams: sip.HeaderParams{{K: "transport", V: "ws"}}}
	if f.reg.outbound {
		uri.UriParams = append(uri.UriParams, sip.HeaderKV{K: "ob"})
	}
	return uri
}

func (f *flow) contact() *sip.ContactHeader { return &sip.ContactHeader{Address: f.contactURI()} }

// respond makes a response (RFC 3261 section 8.2.6). tag is our To tag, used unless the request already has one.
func (c *core) response(req *wire.Request, code int, reason, tag string) *sip.Response {
	if reason == "" {
		reason = phrase(code)
	}
	res := sip.NewResponse(code, reason)
	res.SetSource(req.Source())
	if code > 100 && tag == "" && req.ToTag == "" {
		tag = c.rnd.token(10)
	}
	if code == 100 {
		tag = ""
	}
	for _, h := range wire.ResponseHead(req, tag, code > 100 && code < 300) {
		res.AppendHeader(h)
	}
	if code == 100 {
		for _, h := range req.GetHeaders("Timestamp") {
			res.AppendHeader(sip.HeaderClone(h))
		}
	}
	return res
}

// reply answers a request that needs nothing but a status.
func (c *core) reply(now time.Time, s *txn.Server, code int, headers ...sip.Header) {
	res := c.response(s.Request(), code, "", "")
	for _, h := range headers {
		res.AppendHeader(h)
	}
	c.txns.Respond(now, s, res)
}
