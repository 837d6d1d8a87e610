package ua

import (
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/digest"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// exchange is a request with its answers to challenges.
type exchange struct {
	seq     func() uint32     // next CSeq of the dialog or registration, for another try
	started func(*txn.Client) // told the transaction of each try; may be nil
	done    txn.Handler       // gets everything but challenges that were answered
	auth    *digest.Client    // answers them; nil: that of the flow
	alive   func() bool       // false when no further try is wanted; nil means always
	tries   int
}

// transact sends a request and answers 401 and 407 (RFC 3261 section 22.2): same Call-ID, new branch, CSeq + 1.
func (c *core) transact(now time.Time, req *sip.Request, x *exchange) {
	if x.auth == nil {
		x.auth = c.flowOf(req).auth
	}
	c.authorize(now, req, x.auth)
	tx := c.txns.Request(now, req, func(now time.Time, res *wire.Response, err error) {
		if err == nil {
			c.authInfo(now, req, res, x.auth)
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

// challenged returns the request to be sent again, or nil when the response is not a challenge we answer. A challenge in the name
// of a stranger is reported: somebody is after the password, or the realm in the configuration is wrong.
func (c *core) challenged(now time.Time, req *sip.Request, res *wire.Response, x *exchange) *sip.Request {
	origin, header := digest.Server, "WWW-Authenticate"
	switch res.StatusCode {
	case sip.StatusUnauthorized:
	case sip.StatusProxyAuthRequired:
		origin, header = digest.Proxy, "Proxy-Authenticate"
	default:
		return nil
	}
	c.authErr = nil
	if x.alive != nil && !x.alive() {
		return nil
	}
	var values []string
	for _, h := range res.GetHeaders(header) {
		values = append(values, h.Value())
	}
	c.authErr = x.auth.Challenged(digest.Challenge{From: origin, Values: values, Method: string(req.Method), Tried: x.tries})
	if errors.Is(c.authErr, digest.ErrRealm) {
		c.fault(now, fmt.Errorf("ua: %d to %s is not answered: %w", res.StatusCode, req.Method, c.authErr))
	}
	if c.authErr != nil {
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

// authInfo takes the next nonce from a 2xx and checks that the server knows the password too (RFC 7616 section 3.5). It is the
// answer to credentials: without them in the request a stranger has written it, who has nothing to say about our server's nonces.
func (c *core) authInfo(now time.Time, req *sip.Request, res *wire.Response, auth *digest.Client) {
	for origin, name := range []string{digest.Server: "Authentication-Info", digest.Proxy: "Proxy-Authentication-Info"} {
		credentials := req.GetHeader([]string{digest.Server: "Authorization", digest.Proxy: "Proxy-Authorization"}[origin])
		if credentials == nil {
			continue
		}
		if h := res.GetHeader(name); h != nil && res.StatusCode >= 200 && (c.proved == nil || c.proved()) {
			err := auth.Info(digest.Origin(origin), h.Value(), res.Body())
			c.rec.proof(err)
			if err != nil {
				c.fault(now, fmt.Errorf("ua: %s: %w", name, err))
			}
		}
	}
}

// refusal is responseCause, with what the digest says about a challenge that could not be answered.
func (c *core) refusal(method sip.RequestMethod, res *wire.Response) Cause {
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
	case errors.Is(err, digest.ErrRealm) && c.cfg.Account.Realm != "":
		why.Explanation = "A password was asked for in another realm than the one in the settings, and was not given; " +
			"if it was your own server, correct or clear the realm."
	case errors.Is(err, digest.ErrRealm):
		why.Explanation = "A password was asked for in a realm that is not known as that of your server, and was not given; " +
			"if it was your own server, enter its realm in the settings."
	case errors.Is(err, digest.ErrCredentials):
		why.Explanation = "The server asks for a password and none is set; enter it and log in again."
	case errors.Is(err, digest.ErrUnsupported), errors.Is(err, digest.ErrMalformed):
		why.Explanation = "The server asks for a password in a way that is not known here; tell its operator."
	}
	return why
}

// authorize adds the credentials for every realm that has challenged, so that most requests need one round trip.
func (c *core) authorize(now time.Time, req *sip.Request, auth *digest.Client) {
	if req.Method == sip.ACK || req.Method == sip.CANCEL {
		return
	}
	uri, err := wire.RequestURI(req)
	if err != nil {
		return // it will not be sent
	}
	fields, err := auth.Authorize(string(req.Method), uri, req.Body())
	if err != nil {
		c.fault(now, err)
		return
	}
	for _, f := range fields {
		req.AppendHeader(sip.NewHeader(f.Name, f.Value))
	}
}
