package wire

import (
	"bytes"
	"cmp"
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
	errBranch    = errors.New("branch without a value of its own")
)

// typed appends the header: as sipgo's type where every message needs it, else as it came.
func (m *parsed) typed(name, value string) {
	switch name {
	case "Via":
		m.via(value)
	case "From", "To":
		m.person(name, value)
	case "Call-ID":
		m.callID(value)
	case "CSeq":
		m.cseq(value)
	case "Content-Length":
		m.contentLength(value)
	default:
		if m.headers <= MaxHeaders {
			m.append(m.newField(name, value))
			m.read(name, value)
		}
	}
}

func (m *parsed) append(h sip.Header) { m.list = append(m.list, h) }

// again counts a header and reports whether it was there before; then the first one counts.
func (m *parsed) again(which int) bool {
	m.counts[which]++
	return m.counts[which] > 1
}

// keep appends a header with its text, where that is another one than would be written.
func (m *parsed) keep(h sip.Header, name, text string) {
	m.list = append(m.list, h, original{sip.NewHeader(name, text)})
}

func (m *parsed) callID(value string) {
	if m.again(oneCallID) {
		return
	}
	if value == "" {
		m.needed("Call-ID", errEmpty)
	} else if strings.ContainsAny(value, " \t") {
		m.badHeader("Call-ID", errToken)
	}
	h := &m.head.basics.callID
	*h = sip.CallIDHeader(value)
	m.append(h)
}

// cseq reads number and method; what cannot be read of them is 0 and empty. Of several the first one that can be read counts.
func (m *parsed) cseq(value string) {
	read, err := parseCSeq(value)
	h := &m.head.basics.cseq
	if m.again(oneCSeq) {
		if err == nil && h.MethodName == "" {
			*h = read
		}
		return
	}
	*h = read
	if err == nil {
		m.append(h)
		return
	}
	m.badHeader("CSeq", err)
	m.lame = m.lame || h.SeqNo == 0
	m.keep(h, "CSeq", value)
}

func parseCSeq(value string) (h sip.CSeqHeader, err error) {
	p := scanner{s: value}
	n, err := number(p.run(clsDigit), maxCSeq)
	blank := isSpace(p.peek())
	p.space()
	h = sip.CSeqHeader{SeqNo: uint32(n), MethodName: sip.RequestMethod(p.run(clsToken))}
	if err != nil || !blank || h.MethodName == "" || !p.done() {
		return sip.CSeqHeader{SeqNo: h.SeqNo}, cmp.Or(err, errToken)
	}
	return h, nil
}

// contentLength takes the first one that can be read. Two that differ leave open what the body is (RFC 4475 section 3.3.9).
func (m *parsed) contentLength(value string) {
	n, err := number(beforeAny(value, " \t;,"), 1<<31-1)
	switch {
	case err != nil:
		m.badHeader("Content-Length", err)
	case m.length < 0:
		m.length = int(n)
		m.head.basics.length = sip.ContentLengthHeader(n)
		m.append(&m.head.basics.length)
	case m.length != int(n):
		m.badHeader("Content-Length", errTwice)
	}
}

// via reads the top value, which routes the response and names the transaction. The others are for those on the way and stay
// as they came.
func (m *parsed) via(value string) {
	if m.again(oneVia) {
		m.append(m.newField("Via", value))
		return
	}
	p := scanner{s: value}
	h := &m.head.basics.via
	if err := p.via(h); err != nil {
		m.needed("Via", err)
		branch, _, _ := strings.Cut(value, ",")
		*h, m.head.NoVia = viaOf(branch), true
		m.keep(h, "Via", value)
		return
	}
	if branch, _ := h.Params.Get("branch"); branch == sip.RFC3261BranchMagicCookie {
		// RFC 4475 section 3.2.1: the cookie alone identifies nothing.
		m.badHeader("Via", errBranch)
	}
	m.append(h)
	if rest := trim(strings.TrimLeft(p.s[p.i:], ", \t")); rest != "" {
		m.counts[oneVia]++
		m.append(m.newField("Via", rest))
		if strings.Trim(rest, ";, \t") == "" { // nothing but separators (RFC 4475 section 3.1.2.1)
			m.badHeader("Via", errVia)
		}
	}
}

// viaOf stands for a top Via that cannot be read. Its branch may still tell the transaction.
func viaOf(value string) sip.ViaHeader {
	h := sip.ViaHeader{ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: "WSS", Host: nowhere}
	if i := strings.IndexByte(value, ';'); i >= 0 {
		p := scanner{s: value, i: i}
		h.Params = p.params()
	}
	return h
}

// via reads one Via value.
func (p *scanner) via(h *sip.ViaHeader) error {
	p.space()
	h.ProtocolName = p.run(clsToken)
	slash := p.take('/')
	h.ProtocolVersion = p.run(clsToken)
	slash = slash && p.take('/')
	h.Transport = p.run(clsToken)
	if !slash || h.Transport == "" || !strings.EqualFold(h.ProtocolName, "SIP") || h.ProtocolVersion == "" {
		return errVia
	}
	if !isSpace(p.peek()) {
		return errVia
	}
	p.space()
	rest, err := hostPort(&h.Host, &h.Port, p.s[p.i:], false)
	if err != nil {
		return err
	}
	p.i = len(p.s) - len(rest)
	p.skip()
	h.Params = p.params()
	return nil
}

// person appends From or To. Of both only the tag is needed. A To that breaks the grammar is a fault (RFC 4475 sections
// 3.1.2.6 and 3.1.2.15), a From is not: people type the names and numbers of callers.
func (m *parsed) person(name, value string) {
	to := name == "To"
	which := oneFrom
	if to {
		which = oneTo
	}
	if m.again(which) {
		return
	}
	a, exact := party(value)
	tag, _ := Param(a.Params, "tag")
	var h sip.Header
	if to {
		m.head.ToTag, m.head.basics.to = tag, sip.ToHeader{DisplayName: a.DisplayName, Address: a.URI, Params: a.Params}
		m.head.NoTo, h = unreadable(a.URI), &m.head.basics.to
	} else {
		m.head.FromTag, m.head.basics.from = tag, sip.FromHeader{DisplayName: a.DisplayName, Address: a.URI, Params: a.Params}
		h = &m.head.basics.from
	}
	if exact {
		m.append(h)
		return
	}
	if to {
		m.badHeader(name, errBracket)
	}
	m.keep(h, name, value)
}

// check refuses what is well-formed line by line but not as a message (RFC 3261 sections 8.1.1, 8.2.2 and 8.1.3.3).
func (m *parsed) check() {
	for i, n := range m.counts {
		switch {
		case n == 0:
			m.needed(singleNames[i], errMissing)
		case n > 1 && i != oneVia:
			m.badHeader(singleNames[i], errTwice)
		case n > 1 && m.request == nil:
			// RFC 3261 section 8.1.3.3: such a response was misrouted.
			m.badHeader(singleNames[i], errTwice)
		}
	}
	if m.request != nil && m.counts[oneCSeq] > 0 && m.head.basics.cseq.MethodName != m.request.Method {
		m.badHeader("CSeq", errMethod)
	}
	m.checkContact()
}

// checkContact refuses requests that are about a Contact that cannot be read.
func (m *parsed) checkContact() {
	if m.request == nil || m.request.Method != sip.INVITE && m.request.Method != sip.REGISTER {
		return
	}
	if m.head.ContactErr != nil {
		m.badHeader("Contact", m.head.ContactErr)
	}
}

// standIn adds what is missing of the headers that every message has, so that nobody has to ask.
func (m *parsed) standIn() {
	unknown := sip.Uri{Scheme: "sip", Host: nowhere}
	p := &m.head.basics
	if m.counts[oneVia] == 0 {
		p.via, m.head.NoVia = viaOf(""), true
		m.msg.AppendHeader(&p.via)
	}
	if m.counts[oneFrom] == 0 {
		p.from.Address = unknown
		m.msg.AppendHeader(&p.from)
	}
	if m.counts[oneTo] == 0 {
		p.to.Address, m.head.NoTo = unknown, true
		m.msg.AppendHeader(&p.to)
	}
	if m.counts[oneCallID] == 0 {
		m.msg.AppendHeader(&p.callID)
	}
	if m.counts[oneCSeq] == 0 {
		m.msg.AppendHeader(&p.cseq)
	}
}

// readBody takes the body: up to Content-Length, or the rest of the frame (RFC 3261 section 18.3, RFC 7118 section 5).
func (m *parsed) readBody(rest []byte) {
	switch {
	case m.length > len(rest):
		m.badHeader("body", errTruncated)
	case m.length >= 0:
		rest = rest[:m.length]
	}
	if len(rest) > 0 {
		rest = bytes.Clone(rest)
		m.msg.SetBody(rest)
		m.head.SDP = findSDP(m.contentType, rest, 2)
	}
}
