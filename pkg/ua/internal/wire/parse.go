package wire

import (
	"bytes"
	"errors"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Parse reads one WebSocket frame as a user agent has to (RFC 3261, RFC 7118). The error is always an *Error.
//
// Needed is what no message can do without: the start line, the top Via, the tags of From and To, Call-ID, CSeq, the length of
// the body, and the Contact of a request that is about it. All else may be as it likes: what Head has a place for is read as far
// as it can be, the rest stays as it came; no fault there is one here, nor is a line without colon or with a name that is none.
// With an error there may be a message nevertheless,
// in which each of these headers stands, be it with the little that could be read: who finds the dialog or transaction it
// belongs to goes on with it (see Error.Usable).
//
// Content-Length may be missing; octets behind the length it gives are ignored (RFC 3261 section 18.3). What can be read
// without doubt is accepted, also where it breaks the grammar (RFC 4475 leaves the choice for several such messages):
// semicolons with nothing between, an empty port, white space around a URI in angle brackets, octets of a URI that should be
// escaped, an underscore in a host name. Control characters and broken UTF-8 become U+FFFD.
func Parse(data []byte) (Message, error) {
	// RFC 3261 section 7.5: CRLF before the start line is ignored.
	for len(data) >= 2 && data[0] == '\r' && data[1] == '\n' {
		data = data[2:]
	}
	tooLarge := len(data) > MaxMessage
	head := data[:min(len(data), MaxMessage)]
	end := bytes.Index(head, []byte("\r\n\r\n"))
	body := head[len(head):]
	if end >= 0 {
		body, head = head[end+4:], head[:end]
	}
	start, fields, _ := strings.Cut(string(head), "\r\n")
	m, err := startLine(start)
	if err != nil {
		return nil, err
	}
	switch {
	case tooLarge:
		m.fail(sip.StatusMessageTooLarge, "message too large")
		body = nil
	case end < 0:
		m.fail(sip.StatusBadRequest, "header block does not end")
	}
	m.fields(fields)
	m.finish()
	m.check()
	m.msg.PrependHeader(m.list...)
	m.readBody(body)
	return m.result()
}

// parsed is a message while it is read. The first fault wins; reading goes on after it, so that it can be answered or used
// all the same.
type parsed struct {
	msg     Message
	head    *Head    // of msg
	request *Request // nil for a response
	list    []sip.Header
	space   [24]sip.Header // for list
	counts  [numSingle]int
	headers int
	pool    []field
	length  int // Content-Length, -1 without
	fault   *Error
	lame    bool // something that every message needs could not be read

	timer, expires single
	hasType        bool
	contentType    string // of the first Content-Type
}

// version is that of the only SIP there is.
const version = "SIP/2.0"

// Headers of which a message must not have more than one.
const (
	oneFrom = iota
	oneTo
	oneCallID
	oneCSeq
	oneVia // of the others there may be more; they are for those on the way
	numSingle
)

var singleNames = [numSingle]string{"From", "To", "Call-ID", "CSeq", "Via"}

func (m *parsed) fail(code int, reason string) {
	if m.fault == nil {
		m.fault = &Error{Code: code, Reason: reason}
	}
}

func (m *parsed) badHeader(name string, err error) {
	m.fail(sip.StatusBadRequest, "bad "+name+": "+err.Error())
}

// needed is badHeader for what no message can do without.
func (m *parsed) needed(name string, err error) {
	m.badHeader(name, err)
	m.lame = true
}

// result decides between a message, an error to answer and an error to be silent about. A fault in a response or in an ACK
// is never answered, nor is one in a request without Via.
func (m *parsed) result() (Message, error) {
	if m.fault == nil {
		return m.msg, nil
	}
	m.fault.Usable = !m.lame && m.fault.Code == sip.StatusBadRequest
	if m.request == nil || m.request.Method == sip.ACK || m.counts[oneVia] == 0 {
		m.fault.Code = 0
	} else {
		m.fault.Request = m.request
		m.fault.head = ResponseHead(m.request, statelessTag(m.request), false)
	}
	m.standIn()
	return m.msg, m.fault
}

// startLine reads the request line or status line. An error here is final: such a frame is not SIP.
func startLine(line string) (*parsed, error) {
	m := &parsed{length: -1}
	m.list = m.space[:0]
	if len(line) >= 4 && strings.EqualFold(line[:4], "SIP/") {
		return m, m.statusLine(line)
	}
	method, rest, ok := strings.Cut(line, " ")
	last := strings.LastIndex(strings.TrimRight(rest, " \t"), " ")
	if !ok || !isToken(method) || last < 0 {
		return nil, &Error{Reason: "not a SIP message"}
	}
	target, protocol := rest[:last], rest[last+1:]
	if len(protocol) < 4 || !strings.EqualFold(protocol[:4], "SIP/") {
		return nil, &Error{Reason: "not a SIP message"}
	}
	m.requestLine(method, target, protocol)
	return m, nil
}

func (m *parsed) requestLine(method, target, protocol string) {
	uri, err := ParseURI(target)
	m.request = newRequest(sip.RequestMethod(method), uri)
	m.msg, m.head = m.request, &m.request.Head
	switch {
	case !strings.EqualFold(trim(protocol), version):
		m.fail(sip.StatusVersionNotSupported, "Version Not Supported")
	case err != nil || len(protocol) != len(version):
		m.fail(sip.StatusBadRequest, "bad request line")
	case len(uri.Headers) > 0:
		// RFC 3261 section 19.1.1: a Request-URI has no headers.
		m.fail(sip.StatusBadRequest, "headers in the Request-URI")
	}
}

func (m *parsed) statusLine(line string) error {
	protocol, rest, _ := strings.Cut(line, " ")
	code, reason, _ := strings.Cut(rest, " ")
	n, err := number(code, 699)
	if err != nil || n < 100 || len(code) != 3 || !strings.EqualFold(protocol, version) || badText(reason) == errControl {
		return &Error{Reason: "bad status line"}
	}
	res := newResponse(int(n), cleanText(reason))
	m.msg, m.head = res, &res.Head
	return nil
}

var errMany = errors.New("too many header fields")

// fields reads the header block. Beyond the largest number of fields only those that are needed count.
func (m *parsed) fields(block string) {
	for block != "" {
		var line string
		line, block, _ = strings.Cut(block, "\r\n")
		line = cleanLine(line)
		if isFold(block) {
			line, block = unfold(line, block)
		}
		if m.headers++; m.headers == MaxHeaders+1 {
			m.fail(sip.StatusBadRequest, errMany.Error())
		}
		m.field(line)
	}
}

// isFold tells whether block starts with a continuation line.
func isFold(block string) bool { return block != "" && isSpace(block[0]) }

// unfold joins continuation lines by one space each (RFC 3261 section 7.3.1).
func unfold(line, block string) (string, string) {
	var b strings.Builder
	b.WriteString(strings.TrimRight(line, " \t"))
	for isFold(block) {
		var more string
		more, block, _ = strings.Cut(block, "\r\n")
		b.WriteByte(' ')
		b.WriteString(trim(cleanLine(more)))
	}
	return b.String(), block
}

// cleanLine replaces what could harm those who show or send the text again: control characters, a line break alone among
// them, and broken UTF-8.
func cleanLine(s string) string {
	if badText(s) == nil {
		return s
	}
	parts := strings.Split(s, "\t")
	for i, part := range parts {
		parts[i] = cleanText(part)
	}
	return strings.Join(parts, "\t")
}

// field reads one unfolded header line. What is no header is passed over.
func (m *parsed) field(line string) {
	name, value, ok := strings.Cut(line, ":")
	name = strings.TrimRight(name, " \t")
	if !ok || !isToken(name) {
		return
	}
	m.typed(headerName(name), trim(value))
}
