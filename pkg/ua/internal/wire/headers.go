package wire

import (
	"bytes"
	"errors"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// maxCSeq is the largest CSeq number (RFC 3261 section 8.1.1.5).
const maxCSeq = 1<<31 - 1

var (
	errVia       = errors.New("malformed Via")
	errMissing   = errors.New("missing")
	errMethod    = errors.New("another method than the request")
	errTruncated = errors.New("shorter than Content-Length")
)

// typed appends the header as sipgo's type for it. When it returns an error it has appended nothing that is wrong.
func (m *parsed) typed(name, value string) error {
	switch name {
	case "Via":
		return m.via(value)
	case "From", "To", "Referred-By":
		return m.person(name, value)
	case "Contact":
		return m.contact(value)
	case "Route", "Record-Route", "Refer-To":
		return m.route(name, value)
	case "Call-ID":
		m.counts[oneCallID]++
		if value == "" || strings.ContainsAny(value, " \t") {
			return errToken
		}
		h := sip.CallIDHeader(value)
		m.msg.AppendHeader(&h)
	case "CSeq":
		return m.cseq(value)
	case "Max-Forwards":
		m.counts[oneMaxForwards]++
		n, err := number(value, 1<<32-1)
		if err != nil {
			return err
		}
		h := sip.MaxForwardsHeader(n)
		m.msg.AppendHeader(&h)
	case "Content-Length":
		m.counts[oneContentLength]++
		n, err := number(value, 1<<31-1)
		if err != nil {
			return err
		}
		m.length = int(n)
		h := sip.ContentLengthHeader(n)
		m.msg.AppendHeader(&h)
	case "Content-Type":
		m.counts[oneContentType]++
		if value == "" {
			return errEmpty
		}
		h := sip.ContentTypeHeader(value)
		m.msg.AppendHeader(&h)
	default:
		m.msg.AppendHeader(sip.NewHeader(name, value))
	}
	return nil
}

func (m *parsed) cseq(value string) error {
	m.counts[oneCSeq]++
	p := scanner{s: value}
	n, err := number(p.run(clsDigit), maxCSeq)
	if err != nil {
		return err
	}
	if p.space(); p.done() || !isSpace(p.s[p.i-1]) || !isToken(p.s[p.i:]) {
		return errToken
	}
	m.msg.AppendHeader(&sip.CSeqHeader{SeqNo: uint32(n), MethodName: sip.RequestMethod(p.s[p.i:])})
	return nil
}

// via appends every value that is well-formed, and of a malformed one what is usable: the top one routes the response.
func (m *parsed) via(value string) error {
	p := scanner{s: value}
	for {
		h, err := p.via()
		if h != nil {
			m.vias++
			m.msg.AppendHeader(h)
		}
		if err != nil {
			return err
		}
		if p.done() {
			return nil
		}
		if !p.take(',') {
			return errVia
		}
		if m.headers++; m.headers > MaxHeaders {
			return errMany
		}
	}
}

// via reads one Via value. With an error it may still return the part before the fault, when that has a host.
func (p *scanner) via() (*sip.ViaHeader, error) {
	var h sip.ViaHeader
	p.space()
	h.ProtocolName = p.run(clsToken)
	slash := p.take('/')
	h.ProtocolVersion = p.run(clsToken)
	slash = slash && p.take('/')
	h.Transport = p.run(clsToken)
	if !slash || h.Transport == "" || !strings.EqualFold(h.ProtocolName, "SIP") || h.ProtocolVersion == "" {
		return nil, errVia
	}
	if !isSpace(p.peek()) {
		return nil, errVia
	}
	p.space()
	rest, err := hostPort(&h.Host, &h.Port, p.s[p.i:], false)
	if err != nil {
		return nil, err
	}
	p.i = len(p.s) - len(rest)
	h.Params, err = p.params()
	if err == nil && !p.done() && p.peek() != ',' {
		err = errVia
	}
	if branch, ok := h.Params.Get("branch"); ok && branch == sip.RFC3261BranchMagicCookie && err == nil {
		// RFC 4475 section 3.2.1: the cookie alone identifies nothing.
		err = errVia
	}
	return &h, err
}

// person appends From, To or Referred-By.
func (m *parsed) person(name, value string) error {
	switch name {
	case "From":
		m.counts[oneFrom]++
	case "To":
		m.counts[oneTo]++
	}
	a, err := ParseAddress(value)
	if err != nil {
		return err
	}
	switch name {
	case "From":
		m.msg.AppendHeader(&sip.FromHeader{DisplayName: a.DisplayName, Address: a.URI, Params: a.Params})
	case "To":
		m.msg.AppendHeader(&sip.ToHeader{DisplayName: a.DisplayName, Address: a.URI, Params: a.Params})
	default:
		m.msg.AppendHeader(&sip.ReferredByHeader{DisplayName: a.DisplayName, Address: a.URI, Params: a.Params})
	}
	return nil
}

// contact appends every Contact; the first stays the one that sipgo's Contact method returns.
func (m *parsed) contact(value string) error {
	if value == "*" {
		m.msg.AppendHeader(&sip.ContactHeader{Address: sip.Uri{Host: "*", Wildcard: true}})
		return nil
	}
	list, err := ParseAddresses(value)
	if err != nil {
		return err
	}
	if m.headers += len(list) - 1; m.headers > MaxHeaders {
		return errMany
	}
	for _, a := range list {
		m.msg.AppendHeader(&sip.ContactHeader{DisplayName: a.DisplayName, Address: a.URI, Params: a.Params})
	}
	return nil
}

// route appends Route, Record-Route and Refer-To: as sipgo's type where it can hold the value, else as text.
func (m *parsed) route(name, value string) error {
	list, err := ParseAddresses(value)
	if err != nil {
		return err
	}
	if m.headers += len(list) - 1; m.headers > MaxHeaders {
		return errMany
	}
	texts, err := splitList(value)
	if err != nil || len(texts) != len(list) {
		return errRest
	}
	for i, a := range list {
		switch {
		case a.DisplayName != "" || len(a.Params) > 0:
			m.msg.AppendHeader(sip.NewHeader(name, texts[i]))
		case name == "Route":
			m.msg.AppendHeader(&sip.RouteHeader{Address: a.URI})
		case name == "Record-Route":
			m.msg.AppendHeader(&sip.RecordRouteHeader{Address: a.URI})
		default:
			m.msg.AppendHeader(&sip.ReferToHeader{Address: a.URI})
		}
	}
	return nil
}

// check refuses what is well-formed line by line but not as a message (RFC 3261 sections 8.1.1, 8.2.2 and 8.1.3.3).
func (m *parsed) check() {
	for i, n := range m.counts {
		switch {
		case n > 1:
			m.badHeader(singleNames[i], errTwice)
		case n == 0 && i <= oneCSeq:
			m.badHeader(singleNames[i], errMissing)
		}
	}
	if m.vias == 0 {
		m.badHeader("Via", errMissing)
	}
	if cseq := m.msg.CSeq(); m.request != nil && cseq != nil && cseq.MethodName != m.request.Method {
		m.badHeader("CSeq", errMethod)
	}
	if m.request == nil && m.vias > 1 {
		// RFC 3261 section 8.1.3.3: such a response was misrouted.
		m.badHeader("Via", errTwice)
	}
	m.checkStar()
}

func (m *parsed) checkStar() {
	contacts := m.msg.GetHeaders("Contact")
	for _, h := range contacts {
		if c, ok := h.(*sip.ContactHeader); ok && c.Address.Wildcard && len(contacts) > 1 {
			m.badHeader("Contact", errStar)
		}
	}
}

// readBody takes the body: up to Content-Length, or the rest of the frame (RFC 3261 section 18.3, RFC 7118 section 5).
func (m *parsed) readBody(rest []byte) {
	if m.fault != nil {
		return
	}
	if m.length > len(rest) {
		m.badHeader("body", errTruncated)
		return
	}
	if m.length >= 0 {
		rest = rest[:m.length]
	}
	if len(rest) > 0 {
		m.msg.SetBody(bytes.Clone(rest))
	}
}
