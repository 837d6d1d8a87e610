package wire

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// maxDelta is the largest delta-seconds (RFC 3261 section 20.19).
const maxDelta = 1<<32 - 1

// one returns the value of a header that stands at most once.
func one(msg sip.Message, name string) (string, error) {
	list := msg.GetHeaders(name)
	switch len(list) {
	case 0:
		return "", ErrAbsent
	case 1:
		return list[0].Value(), nil
	}
	return "", bad(name, errTwice)
}

func bad(name string, err error) error { return fmt.Errorf("wire: bad %s: %w", name, err) }

// each runs f over the comma-separated values of all fields of a header.
func each(msg sip.Message, name string, f func(value string) error) error {
	for _, h := range msg.GetHeaders(name) {
		values, err := splitList(h.Value())
		if err != nil {
			return bad(name, err)
		}
		for _, v := range values {
			if err := f(v); err != nil {
				return bad(name, err)
			}
		}
	}
	return nil
}

// head reads a token and its parameters, the shape of many headers: "active;expires=60".
func head(value string, bits uint16) (string, sip.HeaderParams, error) {
	p := scanner{s: value}
	p.space()
	word := p.run(bits)
	if word == "" {
		return "", nil, errToken
	}
	params, err := p.params()
	if err == nil && !p.done() {
		err = errRest
	}
	return word, params, err
}

// seconds reads delta-seconds. RFC 3261 section 20.19 bounds them; a larger number counts as the bound.
func seconds(s string) (time.Duration, error) {
	if !all(s, clsDigit) {
		return 0, errNumber
	}
	n, err := number(s, maxDelta)
	if err != nil {
		n = maxDelta
	}
	return time.Duration(n) * time.Second, nil
}

// secondsParam reads an optional parameter of delta-seconds; nil when it is not there.
func secondsParam(params sip.HeaderParams, name string) (*time.Duration, error) {
	v, ok := Param(params, name)
	if !ok {
		return nil, nil
	}
	d, err := seconds(v)
	if err != nil {
		return nil, err
	}
	return &d, nil
}

func oneSeconds(msg sip.Message, name string) (time.Duration, error) {
	v, err := one(msg, name)
	if err != nil {
		return 0, err
	}
	d, err := seconds(trim(v))
	if err != nil {
		return 0, bad(name, err)
	}
	return d, nil
}

// MinExpires reads Min-Expires of a 423.
func MinExpires(msg sip.Message) (time.Duration, error) { return oneSeconds(msg, "Min-Expires") }

// Expires reads Expires.
func Expires(msg sip.Message) (time.Duration, error) { return oneSeconds(msg, "Expires") }

// FlowTimer reads Flow-Timer (RFC 5626 section 4.4).
func FlowTimer(msg sip.Message) (time.Duration, error) { return oneSeconds(msg, "Flow-Timer") }

// SessionTimer is the value of Session-Expires (RFC 4028 section 4).
type SessionTimer struct {
	Interval  time.Duration
	Refresher string // "uac", "uas" or empty
}

// SessionExpires reads Session-Expires.
func SessionExpires(msg sip.Message) (SessionTimer, error) {
	const name = "Session-Expires"
	v, err := one(msg, name)
	if err != nil {
		return SessionTimer{}, err
	}
	word, params, err := head(v, clsDigit)
	if err != nil {
		return SessionTimer{}, bad(name, err)
	}
	d, _ := seconds(word)
	refresher, _ := Param(params, "refresher")
	refresher = strings.ToLower(refresher)
	if refresher != "" && refresher != "uac" && refresher != "uas" {
		return SessionTimer{}, bad(name, errParam)
	}
	return SessionTimer{Interval: d, Refresher: refresher}, nil
}

// MinSE reads Min-SE (RFC 4028 section 5).
func MinSE(msg sip.Message) (time.Duration, error) {
	v, err := one(msg, "Min-SE")
	if err != nil {
		return 0, err
	}
	word, _, err := head(v, clsDigit)
	if err != nil {
		return 0, bad("Min-SE", err)
	}
	return seconds(word)
}

// RSeq reads RSeq of a reliable provisional response (RFC 3262 section 7.1).
func RSeq(msg sip.Message) (uint32, error) {
	v, err := one(msg, "RSeq")
	if err != nil {
		return 0, err
	}
	n, err := number(trim(v), 1<<32-1)
	if err != nil || n == 0 {
		return 0, bad("RSeq", errNumber)
	}
	return uint32(n), nil
}

// Ack is the value of RAck (RFC 3262 section 7.2).
type Ack struct {
	RSeq   uint32
	CSeq   uint32
	Method string
}

// String returns the value as it stands in the header.
func (a Ack) String() string {
	return strconv.FormatUint(uint64(a.RSeq), 10) + " " + strconv.FormatUint(uint64(a.CSeq), 10) + " " + a.Method
}

// RAck reads RAck of a PRACK.
func RAck(msg sip.Message) (Ack, error) {
	v, err := one(msg, "RAck")
	if err != nil {
		return Ack{}, err
	}
	f := strings.Fields(v)
	if len(f) != 3 || !isToken(f[2]) {
		return Ack{}, bad("RAck", errToken)
	}
	rseq, err1 := number(f[0], 1<<32-1)
	cseq, err2 := number(f[1], maxCSeq)
	if err1 != nil || err2 != nil {
		return Ack{}, bad("RAck", errNumber)
	}
	return Ack{RSeq: uint32(rseq), CSeq: uint32(cseq), Method: f[2]}, nil
}

// EventType is the value of Event (RFC 6665 section 8.2.1).
type EventType struct {
	Package string // with its templates, "presence.winfo"; case matters
	ID      string
	Params  sip.HeaderParams
}

// Event reads Event.
func Event(msg sip.Message) (EventType, error) {
	v, err := one(msg, "Event")
	if err != nil {
		return EventType{}, err
	}
	e := EventType{}
	if e.Package, e.Params, err = head(v, clsToken); err != nil {
		return EventType{}, bad("Event", err)
	}
	e.ID, _ = Param(e.Params, "id")
	return e, nil
}

// SubState is the value of Subscription-State (RFC 6665 section 8.2.3).
type SubState struct {
	State      string         // "active", "pending", "terminated" or an extension, in lower case
	Reason     string         // in lower case
	Expires    *time.Duration // nil when not given
	RetryAfter *time.Duration // nil when not given
}

// SubscriptionState reads Subscription-State of a NOTIFY.
func SubscriptionState(msg sip.Message) (SubState, error) {
	const name = "Subscription-State"
	v, err := one(msg, name)
	if err != nil {
		return SubState{}, err
	}
	state, params, err := head(v, clsToken)
	if err != nil {
		return SubState{}, bad(name, err)
	}
	s := SubState{State: strings.ToLower(state)}
	s.Reason, _ = Param(params, "reason")
	s.Reason = strings.ToLower(s.Reason)
	if s.Expires, err = secondsParam(params, "expires"); err == nil {
		s.RetryAfter, err = secondsParam(params, "retry-after")
	}
	if err != nil {
		return SubState{}, bad(name, err)
	}
	return s, nil
}

// ReasonValue is one value of Reason (RFC 3326).
type ReasonValue struct {
	Protocol string // "SIP", "Q.850", in upper case
	Cause    int    // 0 when not given
	Text     string // safe to show
}

// Reasons reads Reason. Without the header it returns nothing.
func Reasons(msg sip.Message) ([]ReasonValue, error) {
	var list []ReasonValue
	err := each(msg, "Reason", func(v string) error {
		protocol, params, err := head(v, clsToken)
		if err != nil {
			return err
		}
		r := ReasonValue{Protocol: strings.ToUpper(protocol)}
		if cause, ok := Param(params, "cause"); ok {
			n, err := number(cause, 1<<31-1)
			if err != nil {
				return err
			}
			r.Cause = int(n)
		}
		text, _ := Param(params, "text")
		r.Text = cleanText(text)
		list = append(list, r)
		return nil
	})
	return list, err
}

// Retry is the value of Retry-After (RFC 3261 section 20.33).
type Retry struct {
	After    time.Duration
	Duration time.Duration // how long it will be reachable then; 0 when not given
	Comment  string
}

// RetryAfter reads Retry-After.
func RetryAfter(msg sip.Message) (Retry, error) {
	const name = "Retry-After"
	v, err := one(msg, name)
	if err != nil {
		return Retry{}, err
	}
	p := scanner{s: v}
	p.space()
	var r Retry
	if r.After, err = seconds(p.run(clsDigit)); err != nil {
		return Retry{}, bad(name, err)
	}
	if p.space(); p.peek() == '(' {
		r.Comment = cleanText(p.comment())
	}
	params, err := p.params()
	if err != nil || !p.done() {
		return Retry{}, bad(name, errRest)
	}
	d, err := secondsParam(params, "duration")
	if err != nil {
		return Retry{}, bad(name, err)
	}
	if d != nil {
		r.Duration = *d
	}
	return r, nil
}

// comment consumes a comment with nested ones and returns its text.
func (p *scanner) comment() string {
	start, depth := p.i, 0
	for ; !p.done(); p.i++ {
		switch p.peek() {
		case '\\':
			p.i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				p.i++
				return p.s[start+1 : p.i-1]
			}
		}
	}
	p.i = len(p.s)
	return p.s[start+1:]
}

// Tokens reads a header that is a list of tokens, in all its fields: Require, Supported, Unsupported, Proxy-Require, Allow,
// Allow-Events. Without the header, and for values that are no tokens, it returns nothing.
func Tokens(msg sip.Message, header string) []string {
	var list []string
	for _, h := range msg.GetHeaders(header) {
		for v := range strings.SplitSeq(h.Value(), ",") {
			if v = trim(v); isToken(v) {
				list = append(list, v)
			}
		}
	}
	return list
}

// HasToken tells whether Tokens holds token, whatever its case.
func HasToken(msg sip.Message, header, token string) bool {
	for _, v := range Tokens(msg, header) {
		if strings.EqualFold(v, token) {
			return true
		}
	}
	return false
}

// Privacy reads Privacy (RFC 3323 section 4.2), in lower case.
func Privacy(msg sip.Message) []string {
	var list []string
	for _, h := range msg.GetHeaders("Privacy") {
		for v := range strings.FieldsFuncSeq(h.Value(), func(r rune) bool { return r == ';' || r == ',' || r == ' ' || r == '\t' }) {
			list = append(list, strings.ToLower(v))
		}
	}
	return list
}

// MediaRange is one value of Accept.
type MediaRange struct {
	Type   string  // "application/sdp", "*/*", in lower case
	Q      float64 // 1 when not given
	Params sip.HeaderParams
}

// Accept reads Accept. Without the header it returns ErrAbsent: then application/sdp is meant (RFC 3261 section 20.1); an empty
// header means that nothing is acceptable.
func Accept(msg sip.Message) ([]MediaRange, error) {
	if len(msg.GetHeaders("Accept")) == 0 {
		return nil, ErrAbsent
	}
	var list []MediaRange
	err := each(msg, "Accept", func(v string) error {
		kind, params, err := mediaType(v)
		if err != nil {
			return err
		}
		q, err := qvalue(params)
		list = append(list, MediaRange{Type: kind, Q: q, Params: params})
		return err
	})
	return list, err
}

// mediaType reads type/subtype with its parameters, as in Content-Type.
func mediaType(v string) (string, sip.HeaderParams, error) {
	p := scanner{s: v}
	p.space()
	kind := p.run(clsToken)
	slash := p.take('/')
	sub := p.run(clsToken)
	if kind == "" || !slash || sub == "" {
		return "", nil, errToken
	}
	params, err := p.params()
	if err == nil && !p.done() {
		err = errRest
	}
	return strings.ToLower(kind + "/" + sub), params, err
}

// qvalue reads the q parameter.
func qvalue(params sip.HeaderParams) (float64, error) {
	v, ok := Param(params, "q")
	if !ok {
		return 1, nil
	}
	q, err := strconv.ParseFloat(v, 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 0, errNumber
	}
	return q, nil
}
