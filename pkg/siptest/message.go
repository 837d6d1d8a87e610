//go:build !js

package siptest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// field is one header field. Fields that are lists and that a proxy changes hold one entry each.
type field struct{ name, value string }

// message is a request or response with its header fields as they came, so that forwarding changes nothing by accident.
type message struct {
	method, uri string // request
	version     string
	code        int // response
	reason      string
	fields      []field
	body        []byte
}

// opaqueFields parses start line and folding but leaves the header fields as text.
var opaqueFields = sip.NewParser(sip.WithHeadersParsers(sip.HeadersParser{}))

var errMalformed = errors.New("siptest: malformed message")

// parseMessage reads one WebSocket frame: the body ends with the frame (RFC 7118 section 5.3).
func parseMessage(data []byte) (*message, error) {
	parsed, err := opaqueFields.ParseSIP(bytes.TrimLeft(data, "\r\n"))
	if err != nil {
		return nil, errors.Join(errMalformed, err)
	}
	m := &message{body: parsed.Body()}
	var headers []sip.Header
	switch p := parsed.(type) {
	case *sip.Request:
		m.method, m.uri, m.version, headers = string(p.Method), requestURI(data), p.SipVersion, p.Headers()
	case *sip.Response:
		m.code, m.reason, m.version, headers = p.StatusCode, p.Reason, p.SipVersion, p.Headers()
	}
	for _, h := range headers {
		m.addParsed(fieldName(h.Name()), h.Value())
	}
	return m, m.check()
}

// requestURI is the Request-URI as it came.
func requestURI(data []byte) string {
	line, _, _ := bytes.Cut(bytes.TrimLeft(data, "\r\n"), []byte("\r\n"))
	return string(bytes.Split(line, []byte(" "))[1])
}

// lists are the header fields that are taken apart at commas.
var lists = []string{"Via", "Route", "Record-Route", "Contact"}

func (m *message) addParsed(name, value string) {
	if name == "Content-Length" {
		return // set anew when the message is sent
	}
	if !slices.Contains(lists, name) {
		m.add(name, value)
		return
	}
	for _, entry := range splitOutside(value, ',') {
		m.add(name, entry)
	}
}

// check says whether the message has what every message must have (RFC 3261 section 8.1.1).
func (m *message) check() error {
	for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
		if m.get(name) == "" {
			return fmt.Errorf("%w: no %s", errMalformed, name)
		}
	}
	if _, method := m.cseq(); method == "" || (m.isRequest() && method != m.method) {
		return fmt.Errorf("%w: CSeq %q", errMalformed, m.get("CSeq"))
	}
	return nil
}

// fieldName brings a name into the form it has in RFC 3261, compact names included.
func fieldName(name string) string {
	lower := strings.ToLower(name)
	if long, ok := compactNames[lower]; ok {
		return long
	}
	if known, ok := knownNames[lower]; ok {
		return known
	}
	return name
}

var compactNames = map[string]string{
	"a": "Accept-Contact", "b": "Referred-By", "c": "Content-Type", "e": "Content-Encoding", "f": "From", "i": "Call-ID",
	"k": "Supported", "l": "Content-Length", "m": "Contact", "o": "Event", "r": "Refer-To", "s": "Subject", "t": "To",
	"u": "Allow-Events", "v": "Via", "x": "Session-Expires",
}

var knownNames = func() map[string]string {
	names := map[string]string{}
	for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq", "Contact", "Route", "Record-Route", "Max-Forwards",
		"Authorization", "Proxy-Authorization", "Expires", "Require", "Proxy-Require", "Supported", "Content-Type",
		"Content-Length", "Session-Expires", "Min-SE", "Reason", "RSeq", "RAck", "Event"} {
		names[strings.ToLower(name)] = name
	}
	return names
}()

func (m *message) isRequest() bool { return m.method != "" }

// get is the first value of a field, "" without one.
func (m *message) get(name string) string {
	for _, f := range m.fields {
		if strings.EqualFold(f.name, name) {
			return f.value
		}
	}
	return ""
}

func (m *message) all(name string) (values []string) {
	for _, f := range m.fields {
		if strings.EqualFold(f.name, name) {
			values = append(values, f.value)
		}
	}
	return values
}

func (m *message) add(name, value string) { m.fields = append(m.fields, field{name, value}) }
func (m *message) prepend(name, value string) {
	m.fields = slices.Insert(m.fields, 0, field{name, value})
}

// set replaces the first field of that name, or adds it.
func (m *message) set(name, value string) {
	for i := range m.fields {
		if strings.EqualFold(m.fields[i].name, name) {
			m.fields[i].value = value
			return
		}
	}
	m.add(name, value)
}

// removeFirst takes the topmost field of that name away.
func (m *message) removeFirst(name string) {
	i := slices.IndexFunc(m.fields, func(f field) bool { return strings.EqualFold(f.name, name) })
	if i >= 0 {
		m.fields = slices.Delete(m.fields, i, i+1)
	}
}

func (m *message) remove(name string) {
	m.fields = slices.DeleteFunc(m.fields, func(f field) bool { return strings.EqualFold(f.name, name) })
}

// hasToken says whether a comma list, as of Supported or Require, names the token.
func (m *message) hasToken(name, token string) bool {
	for _, value := range m.all(name) {
		for entry := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.TrimSpace(entry), token) {
				return true
			}
		}
	}
	return false
}

func (m *message) clone() *message {
	c := *m
	c.fields = slices.Clone(m.fields)
	return &c
}

func (m *message) callID() string  { return m.get("Call-ID") }
func (m *message) fromTag() string { return parseAddr(m.get("From")).param("tag") }
func (m *message) toTag() string   { return parseAddr(m.get("To")).param("tag") }

func (m *message) cseq() (number uint32, method string) {
	parts := strings.Fields(m.get("CSeq"))
	if len(parts) != 2 {
		return 0, ""
	}
	n, err := strconv.ParseUint(parts[0], 10, 31)
	if err != nil {
		return 0, ""
	}
	return uint32(n), parts[1]
}

// seconds reads a field that holds a number of seconds, parameters aside.
func (m *message) seconds(name string) (n int, ok bool) {
	value, _, _ := strings.Cut(m.get(name), ";")
	n, err := strconv.Atoi(strings.TrimSpace(value))
	return n, err == nil && n >= 0
}

func (m *message) bytes() []byte {
	var b bytes.Buffer
	if m.isRequest() {
		fmt.Fprintf(&b, "%s %s SIP/2.0\r\n", m.method, m.uri)
	} else {
		fmt.Fprintf(&b, "SIP/2.0 %d %s\r\n", m.code, m.reason)
	}
	for _, f := range m.fields {
		fmt.Fprintf(&b, "%s: %s\r\n", f.name, f.value)
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n", len(m.body))
	b.Write(m.body)
	return b.Bytes()
}

// response answers a request: the fields that RFC 3261 section 8.2.6 copies, and toTag when the request has none.
func (m *message) response(code int, reason, toTag string) *message {
	r := &message{code: code, reason: reason, version: "SIP/2.0"}
	if reason == "" {
		r.reason = reasonPhrase(code)
	}
	for _, f := range m.fields {
		switch f.name {
		case "Via", "From", "Call-ID", "CSeq":
			r.fields = append(r.fields, f)
		case "To":
			if m.toTag() == "" && code > 100 {
				f.value += ";tag=" + toTag
			}
			r.fields = append(r.fields, f)
		case "Record-Route":
			if code > 100 && code < 300 {
				r.fields = append(r.fields, f)
			}
		}
	}
	return r
}
