package wire

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"
)

var (
	errNoHost   = errors.New("no host")
	errNoUser   = errors.New("password without a user")
	errNilField = errors.New("nil")
	errMsgSize  = errors.New("wire: message too large")
)

// Serialize writes a message for the wire. It never lets a line break, another control character or broken UTF-8 from any
// field into the header block: the error then names the header. Display names are quoted; a parameter value that is neither a
// quoted-string nor plain is quoted; octets that a URI part may not hold are percent-escaped; headers and the method
// parameter of a Request-URI are left out (RFC 3261 section 19.1.1). Content-Length is always that of the body.
func Serialize(msg sip.Message) ([]byte, error) {
	var w writer
	switch m := msg.(type) {
	case *sip.Request:
		w.requestLine(m)
	case *sip.Response:
		w.statusLine(m)
	case *Request:
		w.requestLine(&m.Request)
	case *Response:
		w.statusLine(&m.Response)
	default:
		return nil, fmt.Errorf("wire: cannot serialize %T", msg)
	}
	w.length = len(msg.Body())
	for _, h := range headers(msg) {
		w.header(h)
	}
	if !w.lengthDone {
		w.lengthField()
	}
	if w.err != nil {
		return nil, w.err
	}
	if w.b.Len()+2+w.length > MaxMessage {
		return nil, errMsgSize
	}
	w.b.WriteString("\r\n")
	w.b.Write(msg.Body())
	return w.b.Bytes(), nil
}

// writer builds the header block; the first error stays.
type writer struct {
	b          bytes.Buffer
	name       string // header being written, for errors
	length     int
	lengthDone bool
	err        error
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = fmt.Errorf("wire: cannot write %s: %w", w.name, err)
	}
}

func (w *writer) requestLine(m *sip.Request) {
	w.b.Grow(1024)
	w.name = "request line"
	w.token(string(m.Method))
	w.b.WriteByte(' ')
	w.requestURI(m)
	w.b.WriteString(" SIP/2.0\r\n")
}

// requestURI leaves out what a Request-URI must not hold: headers, and the method parameter.
func (w *writer) requestURI(m *sip.Request) {
	target := m.Recipient
	target.Headers = nil
	target.UriParams = withoutParam(target.UriParams, "method")
	w.uri(&target)
}

// withoutParam returns params without a name, whatever its case; params itself stays.
func withoutParam(params sip.HeaderParams, name string) sip.HeaderParams {
	if _, ok := Param(params, name); !ok {
		return params
	}
	return slices.DeleteFunc(slices.Clone(params), func(kv sip.HeaderKV) bool { return strings.EqualFold(kv.K, name) })
}

func (w *writer) statusLine(m *sip.Response) {
	w.b.Grow(1024)
	w.name = "status line"
	if m.StatusCode < 100 || m.StatusCode > 699 {
		w.fail(errNumber)
	}
	w.b.WriteString("SIP/2.0 ")
	w.b.WriteString(strconv.Itoa(m.StatusCode))
	w.b.WriteByte(' ')
	w.text(m.Reason)
	w.b.WriteString("\r\n")
}

func (w *writer) lengthField() {
	w.lengthDone = true
	w.b.WriteString("Content-Length: ")
	w.b.WriteString(strconv.Itoa(w.length))
	w.b.WriteString("\r\n")
}

func (w *writer) token(s string) {
	if !isToken(s) {
		w.fail(errToken)
		return
	}
	w.b.WriteString(s)
}

func (w *writer) text(s string) {
	if err := badText(s); err != nil {
		w.fail(err)
		return
	}
	w.b.WriteString(s)
}

// header writes one line.
func (w *writer) header(h sip.Header) {
	w.name = "header"
	switch h := h.(type) {
	case nil:
		w.fail(errNilField)
		return
	case original: // written is what was made of it
		return
	case *sip.ContentLengthHeader:
		if !w.lengthDone {
			w.lengthField()
		}
		return
	case *sip.ViaHeader:
		if w.start("Via", h == nil) {
			w.via(h)
		}
	case *sip.FromHeader:
		if w.start("From", h == nil) {
			w.address(h.DisplayName, &h.Address, h.Params)
		}
	case *sip.ToHeader:
		if w.start("To", h == nil) {
			w.address(h.DisplayName, &h.Address, h.Params)
		}
	case *sip.ContactHeader:
		if w.start("Contact", h == nil) {
			w.contact(h)
		}
	case *sip.ReferredByHeader:
		if w.start("Referred-By", h == nil) {
			w.address(h.DisplayName, &h.Address, h.Params)
		}
	case *sip.RouteHeader:
		if w.start("Route", h == nil) {
			w.address("", &h.Address, nil)
		}
	case *sip.RecordRouteHeader:
		if w.start("Record-Route", h == nil) {
			w.address("", &h.Address, nil)
		}
	case *sip.ReferToHeader:
		if w.start("Refer-To", h == nil) {
			w.address("", &h.Address, nil)
		}
	default:
		w.generic(h)
	}
	w.b.WriteString("\r\n")
}

func (w *writer) start(name string, isNil bool) bool {
	w.name = name
	if isNil {
		w.fail(errNilField)
		return false
	}
	w.b.WriteString(name)
	w.b.WriteString(": ")
	return true
}

// generic writes a header that sipgo keeps as one text. Content-Length given that way is replaced too.
func (w *writer) generic(h sip.Header) {
	if isNilText(h) {
		w.fail(errNilField)
		return
	}
	name := h.Name()
	if !isToken(name) {
		w.name = "header " + strconv.Quote(name)
		w.fail(errToken)
		return
	}
	w.start(name, false)
	if headerName(name) == "Content-Length" {
		w.b.WriteString(strconv.Itoa(w.length))
		w.lengthDone = true
		return
	}
	w.text(h.Value())
}

// isNilText tells whether h is a nil pointer to one of sipgo's header types that are a text or a number; so is what its getters
// return for a header that a message does not have.
func isNilText(h sip.Header) bool {
	switch h := h.(type) {
	case *sip.CallIDHeader:
		return h == nil
	case *sip.CSeqHeader:
		return h == nil
	case *sip.MaxForwardsHeader:
		return h == nil
	case *sip.ContentTypeHeader:
		return h == nil
	case *sip.ExpiresHeader:
		return h == nil
	}
	return false
}

func (w *writer) via(h *sip.ViaHeader) {
	w.token(h.ProtocolName)
	w.b.WriteByte('/')
	w.token(h.ProtocolVersion)
	w.b.WriteByte('/')
	w.token(h.Transport)
	w.b.WriteByte(' ')
	w.host(h.Host, h.Port)
	w.params(h.Params)
}

func (w *writer) contact(h *sip.ContactHeader) {
	if h.Address.Wildcard {
		w.b.WriteByte('*')
		return
	}
	w.address(h.DisplayName, &h.Address, h.Params)
}

func (w *writer) address(name string, u *sip.Uri, params sip.HeaderParams) {
	if name != "" {
		if err := badText(name); err != nil {
			w.fail(err)
			return
		}
		w.b.WriteString(quote(name))
		w.b.WriteByte(' ')
	}
	w.b.WriteByte('<')
	w.uri(u)
	w.b.WriteByte('>')
	w.params(params)
}

// params writes header parameters: a quoted-string as it is, a plain value as it is, all else quoted.
func (w *writer) params(params sip.HeaderParams) {
	for _, kv := range params {
		w.b.WriteByte(';')
		w.token(kv.K)
		if kv.V == "" {
			continue
		}
		w.b.WriteByte('=')
		switch err := badText(kv.V); {
		case err != nil:
			w.fail(err)
		case all(kv.V, clsPlain) || isQuoted(kv.V):
			w.b.WriteString(kv.V)
		default:
			w.b.WriteString(quote(kv.V))
		}
	}
}

// URIString writes a URI as Serialize does.
func URIString(u *sip.Uri) (string, error) {
	w := writer{name: "URI"}
	w.uri(u)
	return w.b.String(), w.err
}

// uri writes a URI, with everything escaped that may not stand in its part. What is no URI of RFC 3261 (tel:, urn:) is written as
// it came, if that cannot end the header.
func (w *writer) uri(u *sip.Uri) {
	scheme := u.Scheme
	if scheme == "" {
		scheme = "sip"
	}
	if !isScheme(scheme) {
		w.fail(errScheme)
		return
	}
	w.b.WriteString(scheme)
	w.b.WriteByte(':')
	if raw := u.Raw(); raw != "" {
		if !opaque(raw) {
			w.fail(errURI)
			return
		}
		w.b.WriteString(raw)
		return
	}
	if u.User != "" {
		w.part(u.User, clsUser)
		if u.Password != "" {
			w.b.WriteByte(':')
			w.part(u.Password, clsPass)
		}
		w.b.WriteByte('@')
	} else if u.Password != "" {
		w.fail(errNoUser)
	}
	w.host(u.Host, u.Port)
	w.fields(';', ';', u.UriParams, clsParam)
	w.fields('?', '&', u.Headers, clsHdr)
}

// part writes a URI part with escapes. Control characters are refused: escaped or not, they have no business there.
func (w *writer) part(s string, bits uint16) {
	if err := badText(s); err != nil {
		w.fail(err)
		return
	}
	escape(&w.b, s, bits)
}

func (w *writer) fields(first, next byte, fields sip.HeaderParams, bits uint16) {
	sep := first
	for _, kv := range fields {
		w.b.WriteByte(sep)
		sep = next
		if kv.K == "" {
			w.fail(errParam)
		}
		w.part(kv.K, bits)
		if kv.V != "" || next == '&' {
			w.b.WriteByte('=')
			w.part(kv.V, bits)
		}
	}
}

// host writes a host and port. Nothing in it can be escaped, so what is no host name or address is refused.
func (w *writer) host(host string, port int) {
	bare := strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	switch {
	case host == "":
		w.fail(errNoHost)
	case all(host, clsHost):
		w.b.WriteString(host)
	case isIPv6(bare) && (len(bare) == len(host) || len(bare)+2 == len(host)):
		w.b.WriteByte('[')
		w.b.WriteString(bare)
		w.b.WriteByte(']')
	default:
		w.fail(errHost)
	}
	if port < 0 || port > 65535 {
		w.fail(errPort)
	}
	if port > 0 {
		w.b.WriteByte(':')
		w.b.WriteString(strconv.Itoa(port))
	}
}
