package wire

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/emiago/sipgo/sip"
)

// Parse reads one WebSocket frame as a user agent has to (RFC 3261, RFC 7118). The error is always an *Error.
//
// Content-Length may be missing; octets behind the length it gives are ignored (RFC 3261 section 18.3). What can be read without
// doubt is accepted, also where it breaks the grammar (RFC 4475 leaves the choice for several such messages): white space
// around a URI in angle brackets, octets of a URI that should be escaped, an underscore in a host name, an unknown
// Date. A control character behind a backslash, and broken UTF-8, become U+FFFD.
func Parse(data []byte) (sip.Message, error) {
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
	case end < 0:
		m.fail(sip.StatusBadRequest, "header block does not end")
	}
	m.fields(fields)
	m.check()
	m.readBody(body)
	return m.result()
}

// parsed is a message while it is read. The first fault wins; reading goes on after it, so that a response can be sent.
type parsed struct {
	msg     sip.Message
	request *sip.Request // nil for a response
	counts  [numSingle]int
	vias    int
	headers int
	length  int // Content-Length, -1 without
	fault   *Error
}

// Headers of which a message must not have more than one.
const (
	oneFrom = iota
	oneTo
	oneCallID
	oneCSeq
	oneMaxForwards
	oneContentLength
	oneContentType
	numSingle
)

var singleNames = [numSingle]string{"From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Length", "Content-Type"}

func (m *parsed) fail(code int, reason string) {
	if m.fault == nil {
		m.fault = &Error{Code: code, Reason: reason}
	}
}

func (m *parsed) badHeader(name string, err error) {
	m.fail(sip.StatusBadRequest, "bad "+name+": "+err.Error())
}

// result decides between a message, an error to answer and an error to be silent about. A fault in a response or in an ACK
// is never answered, nor is one in a request without a usable Via.
func (m *parsed) result() (sip.Message, error) {
	if m.fault == nil {
		return m.msg, nil
	}
	if m.request == nil || m.request.Method == sip.ACK || m.vias == 0 {
		return nil, &Error{Reason: m.fault.Reason}
	}
	m.fault.Request = m.request
	return nil, m.fault
}

// startLine reads the request line or status line. An error here is final: such a frame is not SIP.
func startLine(line string) (*parsed, error) {
	m := &parsed{length: -1}
	if len(line) >= 4 && strings.EqualFold(line[:4], "SIP/") {
		return m, m.statusLine(line)
	}
	method, rest, ok := strings.Cut(line, " ")
	last := strings.LastIndex(strings.TrimRight(rest, " \t"), " ")
	if !ok || !isToken(method) || last < 0 {
		return nil, &Error{Reason: "not a SIP message"}
	}
	target, version := rest[:last], rest[last+1:]
	if len(version) < 4 || !strings.EqualFold(version[:4], "SIP/") {
		return nil, &Error{Reason: "not a SIP message"}
	}
	m.requestLine(method, target, version)
	return m, nil
}

func (m *parsed) requestLine(method, target, version string) {
	uri, err := ParseURI(target)
	m.request = sip.NewRequest(sip.RequestMethod(method), uri)
	m.msg = m.request
	switch {
	case !strings.EqualFold(trim(version), "SIP/2.0"):
		m.fail(sip.StatusVersionNotSupported, "Version Not Supported")
	case err != nil || len(version) != len("SIP/2.0"):
		m.fail(sip.StatusBadRequest, "bad request line")
	case len(uri.Headers) > 0:
		// RFC 3261 section 19.1.1: a Request-URI has no headers.
		m.fail(sip.StatusBadRequest, "headers in the Request-URI")
	}
}

func (m *parsed) statusLine(line string) error {
	version, rest, _ := strings.Cut(line, " ")
	code, reason, _ := strings.Cut(rest, " ")
	n, err := number(code, 699)
	if err != nil || n < 100 || len(code) != 3 || !strings.EqualFold(version, "SIP/2.0") || badText(reason) == errControl {
		return &Error{Reason: "bad status line"}
	}
	m.msg = sip.NewResponse(int(n), cleanText(reason))
	return nil
}

var (
	errLine   = errors.New("header line without a name and a colon")
	errBreak  = errors.New("line break that is not CRLF")
	errMany   = errors.New("too many header fields")
	errOrphan = errors.New("continuation without a header")
)

// fields reads the header block.
func (m *parsed) fields(block string) {
	for block != "" {
		var line string
		line, block, _ = strings.Cut(block, "\r\n")
		line, err := cleanLine(line)
		if isFold(block) {
			line, block, err = unfold(line, block, err)
		}
		if m.headers++; m.headers > MaxHeaders {
			err = errMany
			block = ""
		}
		if err == nil {
			err = m.field(line)
		}
		if err != nil {
			m.fail(sip.StatusBadRequest, err.Error())
		}
	}
}

// isFold tells whether block starts with a continuation line.
func isFold(block string) bool { return block != "" && isSpace(block[0]) }

// unfold joins continuation lines by one space each (RFC 3261 section 7.3.1).
func unfold(line, block string, err error) (string, string, error) {
	var b strings.Builder
	b.WriteString(strings.TrimRight(line, " \t"))
	for isFold(block) {
		var more string
		more, block, _ = strings.Cut(block, "\r\n")
		more, e := cleanLine(more)
		if e != nil {
			err = e
		}
		b.WriteByte(' ')
		b.WriteString(trim(more))
	}
	return b.String(), block, err
}

// cleanLine refuses bare control characters and replaces what could harm those who show or send the text again.
func cleanLine(s string) (string, error) {
	ok := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\t' || c >= 0x7f {
			ok = false
			break
		}
	}
	if ok || badText(s) == nil {
		return s, nil
	}
	var b strings.Builder
	for i, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case r == '\r' || r == '\n':
			return "", errBreak
		case r < ' ' && r != '\t' || r == 0x7f:
			if i == 0 || !strings.HasSuffix(b.String(), `\`) {
				return "", errControl
			}
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), nil
}

// field reads one unfolded header line.
func (m *parsed) field(line string) error {
	if isFold(line) {
		return errOrphan
	}
	name, value, ok := strings.Cut(line, ":")
	name = strings.TrimRight(name, " \t")
	if !ok || !isToken(name) {
		return errLine
	}
	name = headerName(name)
	if err := m.typed(name, trim(value)); err != nil {
		m.badHeader(name, err)
		if name != "Via" {
			m.msg.AppendHeader(sip.NewHeader(name, trim(value)))
		}
	}
	return nil
}
