package ua

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// Capabilities is what the other side says it can do (RFC 3261 section 11.2). What it does not say is empty.
type Capabilities struct {
	Code      int      // status: 200, or 486 when a call would find it busy, ...
	Methods   []string // Allow
	Types     []string // Accept
	Supported []string // option tags
	Events    []string // event packages (Allow-Events)
	Languages []string // Accept-Language
	Software  string   // User-Agent or Server
}

// Capabilities asks target by OPTIONS what it can do (RFC 3261 section 11). A refusal is no error: see Code.
func (a *UserAgent) Capabilities(ctx context.Context, target string) (Capabilities, error) {
	can, err := a.ask(ctx, &act{deed: capabilitiesDeed, Target: target})
	if err != nil {
		return Capabilities{}, fmt.Errorf("options: %w", err)
	}
	return can.(Capabilities), nil
}

// Capabilities asks the other side of an answered call by OPTIONS in the dialog what it can do.
func (c *Call) Capabilities(ctx context.Context) (Capabilities, error) {
	can, err := c.ask(ctx, act{deed: optionsDeed})
	if err != nil {
		return Capabilities{}, err
	}
	return can.(Capabilities), nil
}

// query sends OPTIONS outside a dialog.
func (c *core) query(now time.Time, target string, done func(Capabilities, error)) {
	uri, err := wire.Target(target, c.aor.Host)
	switch {
	case err != nil:
		done(Capabilities{}, fmt.Errorf("%w: %w", ErrBadTarget, err))
		return
	case !c.lead().up():
		done(Capabilities{}, ErrNotConnected)
		return
	}
	to := &sip.ToHeader{Address: uri}
	to.Address.UriParams = nil
	f := c.lead()
	req := f.newRequest(sip.OPTIONS, uri, f.reg.serviceRoute, c.newAccountFrom(c.cfg.Account.CLI), to, c.rnd.token(22), 1)
	c.describeQuery(req, f.contact())
	seq := uint32(1)
	c.transact(now, req, &exchange{seq: func() uint32 {
		seq++
		return seq
	}, done: func(_ time.Time, res *wire.Response, err error) {
		if err != nil || res.StatusCode >= 200 {
			queried(res, err, done)
		}
	}})
}

// query sends OPTIONS in the dialog.
func (s *session) query(now time.Time, done func(Capabilities, error)) {
	if s.dlg == nil || s.info.State != CallEstablished {
		done(Capabilities{}, ErrState)
		return
	}
	req := s.c.dialogRequest(s.dlg, sip.OPTIONS, s.dlg.next())
	s.c.describeQuery(req, s.contact())
	s.c.inDialog(now, s.dlg, req, func(_ time.Time, res *wire.Response, err error) { queried(res, err, done) })
}

func (c *core) describeQuery(req *sip.Request, contact sip.Header) {
	req.AppendHeader(contact)
	req.AppendHeader(sip.NewHeader("Accept", sdpType))
	req.AppendHeader(sip.NewHeader("Allow", c.allow))
	req.AppendHeader(c.supportedHeader())
	c.finish(req, "", nil)
}

// queried reads the answer to OPTIONS. A refusal is an answer too; a header that cannot be read counts as not there.
func queried(res *wire.Response, err error, done func(Capabilities, error)) {
	if err != nil {
		done(Capabilities{}, txnError(err))
		return
	}
	can := Capabilities{Code: res.StatusCode, Methods: res.Allow, Supported: res.Supported,
		Events: wire.Tokens(res, "Allow-Events")}
	if list, err := wire.Accept(res); err == nil {
		for _, r := range list {
			can.Types = append(can.Types, r.Type)
		}
	}
	for _, h := range res.GetHeaders("Accept-Language") {
		for tag := range strings.SplitSeq(h.Value(), ",") {
			tag, _, _ = strings.Cut(tag, ";")
			can.Languages = append(can.Languages, strings.TrimSpace(tag))
		}
	}
	for _, name := range []string{"Server", "User-Agent"} {
		if h := res.GetHeader(name); h != nil {
			can.Software = h.Value()
		}
	}
	done(can, nil)
}

// options says what we can (RFC 3261 section 11.2). Outside a dialog the status is that of an INVITE.
func (c *core) options(now time.Time, stx *txn.Server, contact sip.Header) {
	code := sip.StatusOK
	if stx.Request().ToTag == "" && c.full() {
		code = sip.StatusBusyHere
	}
	types := append([]string{sdpType, relayType, dtmfType}, c.cfg.MessageTypes...)
	c.reply(now, stx, code, contact, sip.NewHeader("Allow", c.allow), sip.NewHeader("Accept", strings.Join(types, ", ")),
		sip.NewHeader("Accept-Encoding", "identity"), sip.NewHeader("Accept-Language", "en"), c.supportedHeader(),
		c.allowEvents())
}
