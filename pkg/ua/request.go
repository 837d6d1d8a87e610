package ua

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/digest"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// allowed are the methods we accept, for Allow (RFC 3261 section 20.5).
const allowed = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, MESSAGE, NOTIFY"

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
	req.SetBody(body)
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
func (c *core) response(req *sip.Request, code int, reason, tag string) *sip.Response {
	if reason == "" {
		reason = phrase(code)
	}
	res := sip.NewResponse(code, reason)
	res.SetSource(req.Source())
	for _, h := range req.GetHeaders("Via") {
		res.AppendHeader(sip.HeaderClone(h))
	}
	if code > 100 && code < 300 {
		for _, h := range req.GetHeaders("Record-Route") {
			res.AppendHeader(sip.HeaderClone(h))
		}
	}
	res.AppendHeader(sip.HeaderClone(req.From()))
	to := sip.HeaderClone(req.To()).(*sip.ToHeader)
	if code > 100 && !to.Params.Has("tag") {
		if tag == "" {
			tag = c.rnd.token(10)
		}
		to.Params = append(to.Params, sip.HeaderKV{K: "tag", V: tag})
	}
	res.AppendHeader(to)
	res.AppendHeader(sip.HeaderClone(req.CallID()))
	res.AppendHeader(sip.HeaderClone(req.CSeq()))
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
	res.SetBody(nil)
	c.txns.Respond(now, s, res)
}

// exchange is a request with its answers to challenges.
type exchange struct {
	seq     func() uint32     // next CSeq of the dialog or registration, for another try
	started func(*txn.Client) // told the transaction of each try; may be nil
	done    txn.Handler       // gets everything but challenges that were answered
	alive   func() bool       // false when no further try is wanted; nil means always
	tries   int
}

// transact sends a request and answers 401 and 407 (RFC 3261 section 22.2): same Call-ID, new branch, CSeq + 1.
func (c *core) transact(now time.Time, req *sip.Request, x *exchange) {
	c.authorize(now, req)
	tx := c.txns.Request(now, req, func(now time.Time, res *sip.Response, err error) {
		if err == nil {
			c.authInfo(now, res)
			if again := c.challenged(now, req, res, x); again != nil {
				c.transact(now, again, x)
				return
			}
		}
		x.done(now, res, err)
	})
	if x.started != nil {
		x.started(tx)
	}
}

// challenged returns the request to be sent again, or nil when the response is not a challenge we can answer.
func (c *core) challenged(now time.Time, req *sip.Request, res *sip.Response, x *exchange) *sip.Request {
	origin, header := digest.Server, "WWW-Authenticate"
	switch res.StatusCode {
	case sip.StatusUnauthorized:
		c.refused401[req.Method] = true
	case sip.StatusProxyAuthRequired:
		origin, header = digest.Proxy, "Proxy-Authenticate"
	default:
		return nil
	}
	if x.alive != nil && !x.alive() {
		return nil
	}
	var values []string
	for _, h := range res.GetHeaders(header) {
		values = append(values, h.Value())
	}
	if c.authErr = c.flowOf(req).auth.Challenged(origin, values, x.tries); c.authErr != nil {
		return nil
	}
	x.tries++
	again := req.Clone()
	f := c.flowOf(req)
	again.SetTransport(f.transportName())
	again.RemoveHeader("Authorization")
	again.RemoveHeader("Proxy-Authorization")
	again.ReplaceHeader(f.newVia())
	again.ReplaceHeader(&sip.CSeqHeader{SeqNo: x.seq(), MethodName: req.Method})
	return again
}

// authInfo takes the next nonce from a 2xx and checks that the server knows the password too (RFC 7616 section 3.5).
func (c *core) authInfo(now time.Time, res *sip.Response) {
	for origin, name := range []string{digest.Server: "Authentication-Info", digest.Proxy: "Proxy-Authentication-Info"} {
		if h := res.GetHeader(name); h != nil && res.StatusCode >= 200 && c.play.proof() {
			err := c.flowOf(res).auth.Info(digest.Origin(origin), h.Value(), res.Body())
			c.rec.proof(err)
			if err != nil {
				c.fault(now, fmt.Errorf("ua: %s: %w", name, err))
			}
		}
	}
}

// refusal is responseCause, with what the digest says about a challenge that could not be answered.
func (c *core) refusal(method sip.RequestMethod, res *sip.Response) Cause {
	why := responseCause(method, res)
	if why.Kind != CauseAuth || res.StatusCode == sip.StatusForbidden {
		return why
	}
	switch err := c.authErr; {
	case errors.Is(err, digest.ErrRefused) && c.cfg.Account.Token != "":
		why.Explanation = "The server refused the token; log in again to get a new one."
	case errors.Is(err, digest.ErrDowngrade):
		why.Explanation = "The server asks for a weaker password check than before, which may be an attack; tell its operator."
	case errors.Is(err, digest.ErrBearer):
		why.Explanation = "The server wants a token instead of a password; ask its operator for an account with a password."
	case errors.Is(err, digest.ErrRealm):
		why.Explanation = "The server asks for another realm than the one in the settings; correct or clear the realm."
	case errors.Is(err, digest.ErrCredentials):
		why.Explanation = "The server asks for a password and none is set; enter it and log in again."
	case errors.Is(err, digest.ErrUnsupported), errors.Is(err, digest.ErrMalformed):
		why.Explanation = "The server asks for a password in a way that is not known here; tell its operator."
	}
	return why
}

// authorize adds the credentials for every realm that has challenged us, so that most requests need one round trip.
// Those for a registrar or another far end (401) go only with methods that were challenged so: an INVITE must not carry
// the answer to a REGISTER's challenge to whoever is called, who could try passwords on it.
func (c *core) authorize(now time.Time, req *sip.Request) {
	if req.Method == sip.ACK || req.Method == sip.CANCEL {
		return
	}
	uri, err := wire.RequestURI(req)
	if err != nil {
		return // it will not be sent
	}
	fields, err := c.flowOf(req).auth.Authorize(string(req.Method), uri, req.Body())
	if err != nil {
		c.fault(now, err)
		return
	}
	for _, f := range fields {
		if f.Name == "Authorization" && !c.refused401[req.Method] {
			continue
		}
		req.AppendHeader(sip.NewHeader(f.Name, f.Value))
	}
}
