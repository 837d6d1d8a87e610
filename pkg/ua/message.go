package ua

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// MessageOptions shape one message.
type MessageOptions struct {
	ContentType string   // default "text/plain;charset=UTF-8"
	Body        []byte   // UTF-8 where the content type is text
	DisplayName string   // of the recipient, for the To header
	Headers     []Header // extra headers of the MESSAGE
}

// MessageEvent tells a text message that came in (RFC 3428); none does without Config.MessageTypes. Body is valid UTF-8 where
// ContentType is text. It is never markup to be trusted.
type MessageEvent struct {
	From, To    Address
	ContentType string
	Body        []byte
	CallID      string
	Headers     []Header // all headers of the MESSAGE in order
	Call        *Call    // the call it was sent in; nil outside of a call
}

func (MessageEvent) event() {}

// Text types, and how much a message may hold.
const (
	textType = "text/plain"
	// messageLimit is the size of a whole MESSAGE in bytes that fits a path of which nothing is known (RFC 3428 section 8).
	messageLimit = 1300
	// credentialSize is set aside for an Authorization header that a challenge may ask for.
	credentialSize = 400
)

// Message sends a text message to target (RFC 3428) and waits for the outcome: 200 when it was delivered, 202 when a server
// keeps it for later, or a *ResponseError. A message longer than Config.MaxMessage is ErrTooLarge.
func (a *UserAgent) Message(ctx context.Context, target string, opts MessageOptions) (int, error) {
	code, err := a.ask(ctx, &act{deed: messageDeed, Target: target, Message: opts})
	if err != nil {
		return 0, fmt.Errorf("message: %w", err)
	}
	return code.(int), nil
}

// message sends a MESSAGE outside a dialog. done is called once.
func (c *core) message(now time.Time, target string, opts MessageOptions, done func(code int, err error)) {
	uri, err := wire.Target(target, c.aor.Host)
	switch {
	case err != nil:
		err = fmt.Errorf("%w: %w", ErrBadTarget, err)
	case !c.lead().up() || c.stopped != nil:
		err = ErrNotConnected
	default:
		err = checkMessage(&opts)
	}
	if err != nil {
		done(0, err)
		return
	}
	to := &sip.ToHeader{DisplayName: opts.DisplayName, Address: uri}
	to.Address.UriParams = nil
	f := c.lead()
	req := f.newRequest(sip.MESSAGE, uri, f.reg.serviceRoute, c.newAccountFrom(c.cfg.Account.CLI), to, c.rnd.token(22), 1)
	appendHeaders(req, opts.Headers)
	c.finish(req, opts.ContentType, opts.Body)
	if err := c.fits(req); err != nil {
		done(0, err)
		return
	}
	seq := uint32(1)
	c.transact(now, req, &exchange{seq: func() uint32 {
		seq++
		return seq
	}, done: func(_ time.Time, res *wire.Response, err error) {
		switch {
		case err != nil:
			done(0, txnError(err))
		case res.StatusCode >= 300:
			done(0, c.refusedBy(sip.MESSAGE, res))
		case res.StatusCode >= 200:
			done(res.StatusCode, nil)
		}
	}})
}

// checkMessage completes the options and refuses what cannot be sent.
func checkMessage(opts *MessageOptions) error {
	if opts.ContentType == "" {
		opts.ContentType = textType + ";charset=UTF-8"
	}
	switch {
	case strings.ContainsAny(opts.DisplayName+opts.ContentType, "\r\n\x00"):
		return fmt.Errorf("%w: a line break in a header", ErrBadConfig)
	case !strings.Contains(opts.ContentType, "/"):
		return fmt.Errorf("%w: content type %q", ErrBadConfig, opts.ContentType)
	case isText(opts.ContentType) && !utf8.Valid(opts.Body):
		return fmt.Errorf("%w: text that is not UTF-8", ErrBadConfig)
	}
	return checkHeaders(opts.Headers)
}

func appendHeaders(req *sip.Request, headers []Header) {
	for _, h := range headers {
		req.AppendHeader(sip.NewHeader(h.Name, h.Value))
	}
}

// fits refuses a message that some hop might have to fragment. The room for credentials counts until they are known.
func (c *core) fits(req *sip.Request) error {
	data, err := wire.Serialize(req)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBadConfig, err)
	}
	if size := len(data) + credentialSize; size > c.cfg.MaxMessage {
		return fmt.Errorf("%w: %d bytes with its headers, %d are allowed", ErrTooLarge, size, c.cfg.MaxMessage)
	}
	return nil
}

// refusedBy is refused with what the digest says about a challenge that could not be answered.
func (c *core) refusedBy(method sip.RequestMethod, res *wire.Response) error {
	return &ResponseError{Method: string(method), Code: res.StatusCode, Reason: res.Reason, Cause: c.refusal(method, res)}
}

// mediaType returns the type of a Content-Type value in lower case, without parameters.
func mediaType(value string) string {
	kind, _, _ := strings.Cut(value, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

func isText(contentType string) bool { return strings.HasPrefix(mediaType(contentType), "text/") }

func contentType(req *wire.Request) string {
	if h := req.GetHeaders("Content-Type"); len(h) > 0 {
		return h[0].Value()
	}
	return ""
}

// recvMessage takes a MESSAGE (RFC 3428 section 7), outside a dialog or inside the one of a call.
func (c *core) recvMessage(now time.Time, stx *txn.Server, call *Call) {
	req := stx.Request()
	kind := contentType(req)
	switch {
	case c.stopped != nil:
		c.reply(now, stx, sip.StatusTemporarilyUnavailable)
		return
	case len(req.Body()) > 0 && encoded(req):
		c.reply(now, stx, sip.StatusUnsupportedMediaType, sip.NewHeader("Accept-Encoding", "identity"))
		return
	case len(req.Body()) > 0 && !c.takesMessage(kind) && !optionalBody(req):
		c.reply(now, stx, sip.StatusUnsupportedMediaType, sip.NewHeader("Accept", strings.Join(c.cfg.MessageTypes, ", ")))
		return
	}
	c.reply(now, stx, sip.StatusOK)
	if c.recent.seen(now, req) {
		return // the same message by another way, or again after our 200 was lost
	}
	from, to, body := req.From(), req.To(), req.Body()
	if isText(kind) || kind == "" {
		body = []byte(strings.ToValidUTF8(string(body), "\uFFFD"))
	}
	c.emit(MessageEvent{From: addressOf(from.DisplayName, from.Address), To: addressOf(to.DisplayName, to.Address),
		ContentType: kind, Body: body, CallID: req.CallID().Value(), Headers: headersOf(req), Call: call})
}

func encoded(req *wire.Request) bool {
	enc := req.GetHeader("Content-Encoding")
	return enc != nil && !strings.EqualFold(enc.Value(), "identity")
}

// takesMessage checks a content type against Config.MessageTypes and its charset against UTF-8.
func (c *core) takesMessage(value string) bool {
	kind := mediaType(value)
	if kind == "" {
		kind = textType
	}
	return accepts(c.cfg.MessageTypes, kind) && (!isText(kind) || knownCharset(value))
}

// accepts tells whether a list of media ranges holds a type.
func accepts(ranges []string, kind string) bool {
	for _, r := range ranges {
		r = mediaType(r)
		if r == kind || r == "*/*" {
			return true
		}
		if base, any := strings.CutSuffix(r, "/*"); any && strings.HasPrefix(kind, base+"/") {
			return true
		}
	}
	return false
}

// knownCharset reports whether the text is UTF-8 by its own account; RFC 3261 section 7.4.1 makes that the default.
func knownCharset(value string) bool {
	for part := range strings.SplitSeq(strings.ToLower(value), ";") {
		if set, ok := strings.CutPrefix(strings.TrimSpace(part), "charset="); ok {
			set = strings.Trim(set, `"`)
			return set == "utf-8" || set == "us-ascii"
		}
	}
	return true
}

// recentMessages remembers what was delivered, because a repetition that comes after our 200 finds no transaction. It keeps a
// hash of each, which nobody outside can aim at.
type recentMessages struct {
	seed maphash.Seed
	list []recentMessage // oldest first
}

type recentMessage struct {
	hash uint64
	at   time.Time
}

const (
	recentLimit = 256
	recentTime  = 2 * txn.Timeout
)

// seen reports whether the same message came before, and remembers it: one with its Call-ID, From tag and CSeq.
func (r *recentMessages) seen(now time.Time, req *wire.Request) bool {
	if r.list == nil {
		r.seed = maphash.MakeSeed()
	}
	hash := maphash.String(r.seed, req.CallID().Value()+"\n"+req.FromTag+"\n"+req.CSeq().Value())
	r.list = slices.DeleteFunc(r.list, func(m recentMessage) bool { return now.Sub(m.at) > recentTime })
	if slices.ContainsFunc(r.list, func(m recentMessage) bool { return m.hash == hash }) {
		return true
	}
	if len(r.list) >= recentLimit {
		r.list = slices.Delete(r.list, 0, 1)
	}
	r.list = append(r.list, recentMessage{hash, now})
	return false
}
