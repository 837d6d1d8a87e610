package wire

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// maxDelta is the largest delta-seconds (RFC 3261 section 20.19).
const maxDelta = 1<<32 - 1

// one returns the header that stands at most once, as single gathers it.
func one(msg sip.Message, name string) (only sip.Header, err error) {
	for h := range named(msg, name) {
		switch {
		case only == nil || only.Value() == "":
			only = h
		case h.Value() == "": // says nothing
		case h.Value() != only.Value():
			return nil, bad(name, errTwice)
		}
	}
	if only == nil {
		return nil, ErrAbsent
	}
	return only, nil
}

// readOne reads a header that stands at most once.
func readOne[T any](msg sip.Message, name string, parse func(value string) (T, error)) (v T, err error) {
	h, err := one(msg, name)
	if err != nil {
		return v, err
	}
	if v, err = once(h, parse); err != nil {
		var none T
		return none, bad(name, err)
	}
	return v, nil
}

func bad(name string, err error) error { return fmt.Errorf("wire: bad %s: %w", name, err) }

// each reads the comma-separated values of all fields of a header. One that cannot be read is left out; the error tells that
// there is the header and no value that can be read.
func each[T any](msg sip.Message, name string, parse func(value string) (T, error)) (list []T, err error) {
	for h := range named(msg, name) {
		more, e := once(h, func(value string) ([]T, error) { return parseList(nil, value, parse) })
		if e != nil {
			err = bad(name, e)
		}
		list = append(list, more...)
	}
	if len(list) > 0 {
		return list, nil
	}
	return nil, err
}

// parseList adds the members of a value that can be read to a list, up to MaxHeaders; the error is that of one that cannot.
func parseList[T any](list []T, value string, parse func(value string) (T, error)) (_ []T, err error) {
	for _, v := range splitList(value) {
		if len(list) == MaxHeaders {
			break
		}
		member, e := parse(v)
		if e != nil {
			err = e
			continue
		}
		list = append(list, member)
	}
	return list, err
}

// head reads a token and its parameters, the shape of many headers: "active;expires=60".
func head(value string, bits uint16) (string, sip.HeaderParams, error) {
	p := scanner{s: value}
	p.space()
	word := p.run(bits)
	if word == "" {
		return "", nil, errToken
	}
	p.skip()
	return word, p.params(), nil
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

// delta reads delta-seconds; what stands behind the number does not count.
func delta(value string) (time.Duration, error) {
	word, _, err := head(value, clsDigit)
	if err != nil {
		return 0, errNumber
	}
	return seconds(word)
}

// MinExpires reads Min-Expires of a 423.
func MinExpires(msg sip.Message) (time.Duration, error) { return readOne(msg, "Min-Expires", delta) }

// FlowTimer reads Flow-Timer (RFC 5626 section 4.4).
func FlowTimer(msg sip.Message) (time.Duration, error) { return readOne(msg, "Flow-Timer", delta) }

// MinSE reads Min-SE (RFC 4028 section 5).
func MinSE(msg sip.Message) (time.Duration, error) { return readOne(msg, "Min-SE", delta) }

// SessionTimer is the value of Session-Expires (RFC 4028 section 4).
type SessionTimer struct {
	Interval  time.Duration
	Refresher string // "uac", "uas" or empty
}

func parseTimer(value string) (t SessionTimer, err error) {
	word, params, err := head(value, clsDigit)
	if err != nil {
		return t, err
	}
	t.Interval, _ = seconds(word)
	if refresher, _ := Param(params, "refresher"); strings.EqualFold(refresher, "uac") || strings.EqualFold(refresher, "uas") {
		t.Refresher = strings.ToLower(refresher)
	}
	return t, nil
}

// RSeq reads RSeq of a reliable provisional response (RFC 3262 section 7.1).
func RSeq(msg sip.Message) (uint32, error) {
	return readOne(msg, "RSeq", func(value string) (uint32, error) {
		n, err := number(trim(value), 1<<32-1)
		if n == 0 {
			err = errNumber
		}
		return uint32(n), err
	})
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
func RAck(msg sip.Message) (Ack, error) { return readOne(msg, "RAck", parseAck) }

func parseAck(value string) (Ack, error) {
	f := strings.Fields(value)
	if len(f) != 3 || !isToken(f[2]) {
		return Ack{}, errToken
	}
	rseq, err1 := number(f[0], 1<<32-1)
	cseq, err2 := number(f[1], maxCSeq)
	return Ack{RSeq: uint32(rseq), CSeq: uint32(cseq), Method: f[2]}, cmp.Or(err1, err2)
}

// EventType is the value of Event (RFC 6665 section 8.2.1).
type EventType struct {
	Package string // with its templates, "presence.winfo"; case matters
	ID      string
	Params  sip.HeaderParams
}

// Event reads Event.
func Event(msg sip.Message) (EventType, error) { return readOne(msg, "Event", parseEvent) }

func parseEvent(value string) (e EventType, err error) {
	e.Package, e.Params, err = head(value, clsToken)
	e.ID, _ = Param(e.Params, "id")
	return e, err
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
	return readOne(msg, "Subscription-State", parseSubState)
}

func parseSubState(value string) (s SubState, err error) {
	state, params, err := head(value, clsToken)
	s.State = strings.ToLower(state)
	reason, _ := Param(params, "reason")
	s.Reason = strings.ToLower(reason)
	s.Expires, _ = secondsParam(params, "expires")
	s.RetryAfter, _ = secondsParam(params, "retry-after")
	return s, err
}

// ReasonValue is one value of Reason (RFC 3326).
type ReasonValue struct {
	Protocol string // "SIP", "Q.850", in upper case
	Cause    int    // 0 when not given
	Text     string // safe to show
}

// Reasons reads Reason. Without the header it returns nothing.
func Reasons(msg sip.Message) ([]ReasonValue, error) { return each(msg, "Reason", parseReason) }

func parseReason(value string) (r ReasonValue, err error) {
	protocol, params, err := head(value, clsToken)
	r.Protocol = strings.ToUpper(protocol)
	if cause, ok := Param(params, "cause"); ok {
		n, _ := number(cause, 1<<31-1)
		r.Cause = int(n)
	}
	text, _ := Param(params, "text")
	r.Text = cleanText(text)
	return r, err
}

// Retry is the value of Retry-After (RFC 3261 section 20.33).
type Retry struct {
	After    time.Duration
	Duration time.Duration // how long it will be reachable then; 0 when not given
	Comment  string
}

// RetryAfter reads Retry-After.
func RetryAfter(msg sip.Message) (Retry, error) { return readOne(msg, "Retry-After", parseRetry) }

func parseRetry(value string) (r Retry, err error) {
	p := scanner{s: value}
	p.space()
	if r.After, err = seconds(p.run(clsDigit)); err != nil {
		return r, err
	}
	if p.space(); p.peek() == '(' {
		r.Comment = cleanText(p.comment())
	}
	p.skip()
	if d, _ := secondsParam(p.params(), "duration"); d != nil {
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
// Allow-Events. Without the header, and for values that are no tokens, it returns nothing. The list is not to be changed.
func Tokens(msg sip.Message, header string) (list []string) {
	for h := range named(msg, header) {
		more, _ := once(h, parseTokens)
		if list == nil {
			list = more[:len(more):len(more)]
			continue
		}
		list = append(list, more...)
	}
	return list
}

func parseTokens(value string) ([]string, error) { return appendTokens(nil, value), nil }

// appendTokens adds the tokens of a value to a list, up to MaxHeaders. The outcome is not nil, also where there is none.
func appendTokens(list []string, value string) []string {
	list = slices.Grow(list, min(strings.Count(value, ",")+1, MaxHeaders))
	for v := range strings.SplitSeq(value, ",") {
		if v = trim(v); isToken(v) && len(list) < MaxHeaders {
			list = append(list, v)
		}
	}
	return list
}

// Privacy reads Privacy (RFC 3323 section 4.2), in lower case.
func Privacy(msg sip.Message) []string {
	var list []string
	for h := range named(msg, "Privacy") {
		for v := range strings.FieldsFuncSeq(h.Value(), func(r rune) bool {
			return r == ';' || r == ',' || r == ' ' || r == '\t'
		}) {
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
	if first(msg, "Accept") == nil {
		return nil, ErrAbsent
	}
	return each(msg, "Accept", func(v string) (MediaRange, error) {
		kind, params, err := mediaType(v)
		return MediaRange{Type: kind, Q: qvalue(params), Params: params}, err
	})
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
	p.skip()
	return strings.ToLower(kind + "/" + sub), p.params(), nil
}

// qvalue reads the q parameter; one that is malformed or out of range counts as not given.
func qvalue(params sip.HeaderParams) float64 {
	v, ok := Param(params, "q")
	if !ok {
		return 1
	}
	q, err := strconv.ParseFloat(v, 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 1
	}
	return q
}
