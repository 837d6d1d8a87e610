package wire

import (
	"time"

	"github.com/emiago/sipgo/sip"
)

// Message is a message as Parse has read it: a *Request or a *Response.
type Message interface {
	sip.Message
	// Typed returns what was read of the header.
	Typed() *Head
}

// Request is a request that was received.
type Request struct {
	sip.Request
	Head
}

// Response is a response that was received.
type Response struct {
	sip.Response
	Head
}

// Head is what those ask for who handle a message, whatever it is about: dialogs, transactions, sessions and bindings. Parse
// has read it once, so that nobody reads it again. What cannot be read of a header is left out and never costs the message: of a
// list the member, of a member the parameter. A list holds MaxHeaders members at most. The lists are not to be changed.
type Head struct {
	FromTag, ToTag string // empty without
	NoTo, NoVia    bool   // what stands there for To, or for the top Via, could not be read

	Contacts    []Contact // "Contact: *" is one with URI.Wildcard
	ContactErr  error     // there is Contact, and no value that can be read
	RecordRoute []sip.Uri // in their order

	Require, Supported []string
	Allow              []string // nil without the header

	Timer      SessionTimer  // of Session-Expires
	TimerErr   error         // ErrAbsent without
	Expires    time.Duration // of Expires
	ExpiresErr error         // ErrAbsent without

	SDP []byte // the session description, also of a multipart body; nil without

	basics basics
}

// Typed returns the Head itself.
func (h *Head) Typed() *Head { return h }

// basics holds the headers that every message has, made together with it.
type basics struct {
	via    sip.ViaHeader
	from   sip.FromHeader
	to     sip.ToHeader
	callID sip.CallIDHeader
	cseq   sip.CSeqHeader
	length sip.ContentLengthHeader
}

func newRequest(method sip.RequestMethod, uri sip.Uri) *Request {
	req := &Request{}
	req.SipVersion, req.Method, req.Recipient = version, method, uri
	return req
}

func newResponse(code int, reason string) *Response {
	res := &Response{}
	res.SipVersion, res.StatusCode, res.Reason = version, code, reason
	return res
}

// read takes a header that Head has a place for.
func (m *parsed) read(name, value string) {
	h := m.head
	switch name {
	case "Contact":
		m.contacts(value)
	case "Record-Route":
		h.RecordRoute, _ = parseList(h.RecordRoute, value, parseRoute)
	case "Require":
		h.Require = appendTokens(h.Require, value)
	case "Supported":
		h.Supported = appendTokens(h.Supported, value)
	case "Allow":
		h.Allow = appendTokens(h.Allow, value)
	case "Session-Expires":
		m.timer.add(value)
	case "Expires":
		m.expires.add(value)
	case "Content-Type":
		if !m.hasType {
			m.hasType, m.contentType = true, value
		}
	}
}

// contacts adds the values of one field.
func (m *parsed) contacts(value string) {
	h := m.head
	var err error
	if h.Contacts, err = parseContacts(h.Contacts, value); err != nil {
		h.ContactErr = bad("Contact", err)
	}
}

// finish reads what takes all fields to be known: headers that stand once, and the body.
func (m *parsed) finish() {
	h := m.head
	if len(h.Contacts) > 0 {
		h.ContactErr = nil
	}
	h.Timer, h.TimerErr = readSingle(&m.timer, "Session-Expires", parseTimer)
	h.Expires, h.ExpiresErr = readSingle(&m.expires, "Expires", delta)
}

// single gathers the fields of a header that stands at most once. Where several say different things nobody knows which holds.
type single struct {
	value        string
	there, twice bool
}

func (s *single) add(value string) {
	switch {
	case !s.there || s.value == "":
		s.there, s.value = true, value
	case value != "" && value != s.value:
		s.twice = true
	}
}

// readSingle reads what was gathered.
func readSingle[T any](s *single, name string, parse func(value string) (T, error)) (v T, err error) {
	switch {
	case !s.there:
		return v, ErrAbsent
	case s.twice:
		return v, bad(name, errTwice)
	}
	if v, err = parse(s.value); err != nil {
		var none T
		return none, bad(name, err)
	}
	return v, nil
}

func parseRoute(value string) (sip.Uri, error) {
	a, err := ParseAddress(value)
	return a.URI, err
}
