package wire

import (
	"cmp"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Routes reads every value of a header of addresses in order: Route, Record-Route, Path, Service-Route, P-Asserted-Identity,
// P-Preferred-Identity, P-Associated-URI. A value that cannot be read is left out; the error tells that there is the header
// and no value that can be read. Without the header it returns nothing.
func Routes(msg sip.Message, header string) (list []Address, err error) {
	for h := range named(msg, header) {
		more, e := addressesOf(h)
		if e != nil {
			err = bad(header, e)
		}
		list = append(list, more...)
	}
	if len(list) > 0 {
		return list, nil
	}
	return nil, err
}

func addressesOf(h sip.Header) ([]Address, error) {
	switch h := h.(type) {
	case *sip.RouteHeader:
		return []Address{{URI: h.Address}}, nil
	case *sip.RecordRouteHeader:
		return []Address{{URI: h.Address}}, nil
	case *sip.ReferToHeader:
		return []Address{{URI: h.Address}}, nil
	case *sip.FromHeader:
		return []Address{{DisplayName: h.DisplayName, URI: h.Address, Params: h.Params}}, nil
	case *sip.ToHeader:
		return []Address{{DisplayName: h.DisplayName, URI: h.Address, Params: h.Params}}, nil
	case *sip.ReferredByHeader:
		return []Address{{DisplayName: h.DisplayName, URI: h.Address, Params: h.Params}}, nil
	}
	return once(h, ParseAddresses)
}

// Contact is one value of Contact.
type Contact struct {
	Address
	Expires  *time.Duration // nil when not given
	Q        float64        // 1 when not given
	Instance string         // +sip.instance without quotes and angle brackets: "urn:uuid:..." (RFC 5626)
	RegID    int            // reg-id, 0 when not given
	PubGRUU  string         // RFC 5627
	TempGRUU string
}

// parseContacts adds the values that can be read; the error tells that there is none.
func parseContacts(list []Contact, value string) ([]Contact, error) {
	if value == "*" {
		return append(list, Contact{Address: Address{URI: sip.Uri{Host: "*", Wildcard: true}}, Q: 1}), nil
	}
	had := len(list)
	list, err := parseList(list, value, func(v string) (Contact, error) {
		a, err := ParseAddress(v)
		return contact(a), err
	})
	if len(list) > had {
		return list, nil
	}
	return list, cmp.Or(err, errEmpty)
}

// contact reads the parameters of a Contact. A malformed one counts as not given, but expires as 3600 (RFC 3261 section 10.3).
func contact(a Address) Contact {
	c := Contact{Address: a, Q: qvalue(a.Params)}
	var err error
	if c.Expires, err = secondsParam(a.Params, "expires"); err != nil {
		hour := time.Hour
		c.Expires = &hour
	}
	instance, _ := Param(a.Params, "+sip.instance")
	c.Instance = strings.TrimSuffix(strings.TrimPrefix(instance, "<"), ">")
	c.PubGRUU, _ = Param(a.Params, "pub-gruu")
	c.TempGRUU, _ = Param(a.Params, "temp-gruu")
	if v, ok := Param(a.Params, "reg-id"); ok {
		n, _ := number(v, 1<<31-1)
		c.RegID = int(n)
	}
	return c
}

// DialogID names a dialog as Replaces does (RFC 3891): tags as seen by the receiver of the header.
type DialogID struct {
	CallID    string
	ToTag     string
	FromTag   string
	EarlyOnly bool
}

// String returns the value as it stands in the header.
func (d DialogID) String() string {
	s := d.CallID + ";to-tag=" + d.ToTag + ";from-tag=" + d.FromTag
	if d.EarlyOnly {
		s += ";early-only"
	}
	return s
}

// Replaces reads Replaces of an INVITE. More than one is an error.
func Replaces(msg sip.Message) (DialogID, error) {
	fields := 0
	for range named(msg, "Replaces") {
		fields++
	}
	if fields > 1 { // also the same twice (RFC 3891 section 3)
		return DialogID{}, bad("Replaces", errTwice)
	}
	return readOne(msg, "Replaces", ParseReplaces)
}

// ParseReplaces reads the value of a Replaces header.
func ParseReplaces(value string) (DialogID, error) {
	p := scanner{s: value}
	p.space()
	start := p.i
	for !p.done() && p.peek() != ';' && p.peek() != ',' && !isSpace(p.peek()) {
		p.i++
	}
	d := DialogID{CallID: value[start:p.i]}
	params := p.params()
	if !p.done() || d.CallID == "" {
		return DialogID{}, errParam
	}
	var to, from bool
	d.ToTag, to = Param(params, "to-tag")
	d.FromTag, from = Param(params, "from-tag")
	_, d.EarlyOnly = Param(params, "early-only")
	if !to || !from || d.ToTag == "" || d.FromTag == "" {
		return DialogID{}, errMissing
	}
	return d, nil
}

// Referral is the value of Refer-To (RFC 3515) with what its URI asks for.
type Referral struct {
	Address  Address   // URI without its method parameter and headers
	Method   string    // method to use, "INVITE" when not given
	Replaces *DialogID // from the URI's headers; nil when there is none
	Headers  []Field   // the URI's other headers, unescaped: choose which to honour (RFC 3261 section 19.1.5)
}

// Field is one header field.
type Field struct{ Name, Value string }

// ReferTo reads Refer-To. More than one is an error.
func ReferTo(msg sip.Message) (Referral, error) {
	const name = "Refer-To"
	list, err := Routes(msg, name)
	switch {
	case err != nil:
		return Referral{}, err
	case len(list) == 0:
		return Referral{}, ErrAbsent
	case len(list) > 1:
		return Referral{}, bad(name, errTwice)
	}
	r, err := referral(list[0])
	if err != nil {
		return Referral{}, bad(name, err)
	}
	return r, nil
}

// referral takes apart the URI of Refer-To: its method, and the headers it wants in the request (RFC 3261 section 19.1.1). What
// is left is a URI that can be called.
func referral(a Address) (Referral, error) {
	r := Referral{Address: a, Method: "INVITE"}
	r.Address.URI = *a.URI.Clone()
	u := &r.Address.URI
	if m, ok := Param(u.UriParams, "method"); ok {
		if r.Method = Unescape(m); !isToken(r.Method) {
			return r, errToken
		}
		u.UriParams = withoutParam(u.UriParams, "method")
	}
	fields, err := cutHeaders(u)
	if err != nil {
		return r, err
	}
	for _, kv := range fields {
		f := Field{Name: headerName(Unescape(kv.K)), Value: trim(Unescape(kv.V))}
		if !isToken(f.Name) || badText(f.Value) != nil {
			return r, errControl
		}
		if f.Name != "Replaces" {
			r.Headers = append(r.Headers, f)
			continue
		}
		if r.Replaces != nil {
			return r, errTwice
		}
		d, err := ParseReplaces(f.Value)
		if err != nil {
			return r, err
		}
		r.Replaces = &d
	}
	return r, nil
}

// cutHeaders takes the headers from a URI. A tel: URI has none by RFC 3966, but in Refer-To it stands where a sip: URI would, and
// is written like one.
func cutHeaders(u *sip.Uri) (fields sip.HeaderParams, err error) {
	if u.Scheme != "tel" {
		fields, u.Headers = u.Headers, nil
		return fields, nil
	}
	number, headers, _ := strings.Cut(u.Raw(), "?")
	if *u, err = opaqueURI("tel", number); err != nil {
		return nil, err
	}
	return uriFields(headers, "&", true)
}

// Info is one value of Alert-Info, Call-Info or Error-Info.
type Info struct {
	URI    string // as received, of any scheme; never load it unasked
	Params sip.HeaderParams
}

// Infos reads Alert-Info, Call-Info or Error-Info. Without the header it returns nothing. Many servers write no URI, or a word in
// its place: ";answer-after=0", "answer-after=0", "Auto Answer".
func Infos(msg sip.Message, header string) ([]Info, error) { return each(msg, header, parseInfo) }

func parseInfo(value string) (Info, error) {
	p := scanner{s: value}
	if p.peek() != '<' {
		return looseInfo(value), nil
	}
	end := strings.IndexByte(value, '>')
	if end < 0 {
		return Info{}, errBracket
	}
	p.i = end + 1
	return Info{URI: cleanText(trim(value[1:end])), Params: p.params()}, nil
}

// looseInfo reads what has no angle brackets: a word, then parameters whose values may hold blanks.
func looseInfo(value string) (info Info) {
	for i, part := range strings.Split(value, ";") {
		name, v, has := strings.Cut(part, "=")
		switch name = strings.ToLower(trim(name)); {
		case i == 0 && !has:
			info.URI = cleanText(trim(part))
		case name != "":
			info.Params = append(info.Params, sip.HeaderKV{K: name, V: cleanText(trim(v))})
		}
	}
	return info
}
