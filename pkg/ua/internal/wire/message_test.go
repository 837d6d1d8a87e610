package wire

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"pgregory.net/rapid"
)

// The functions below read what a Head holds once more out of the headers of a message, each for itself: what Parse has made of
// them while it read the frame must be the same.

func Contacts(msg sip.Message) (list []Contact, err error) {
	for h := range named(msg, "Contact") {
		more, e := parseContacts(nil, h.Value())
		if e != nil {
			err = bad("Contact", e)
		}
		list = append(list, more...)
	}
	if len(list) > 0 {
		return list, nil
	}
	return nil, err
}

func SessionExpires(msg sip.Message) (SessionTimer, error) {
	return readOne(msg, "Session-Expires", parseTimer)
}

func Expires(msg sip.Message) (time.Duration, error) { return readOne(msg, "Expires", delta) }

func HasToken(msg sip.Message, header, token string) bool {
	return slices.ContainsFunc(Tokens(msg, header), func(v string) bool { return strings.EqualFold(v, token) })
}

func BodySDP(msg sip.Message) []byte {
	kind := ""
	if h := first(msg, "Content-Type"); h != nil {
		kind = h.Value()
	}
	return findSDP(kind, msg.Body(), 2)
}

// failer is what a *testing.T and a *rapid.T have in common here.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
}

// wantHead compares what Parse has read of a message with what the functions for one header make of it.
func wantHead(t failer, msg Message) {
	t.Helper()
	h := msg.Typed()
	want := func(name string, got, want any, errs ...error) {
		t.Helper()
		if !reflect.DeepEqual(got, want) || len(errs) == 2 && fmt.Sprint(errs[0]) != fmt.Sprint(errs[1]) {
			t.Errorf("%s is %v %v, want %v\n%s", name, got, errs, want, msg)
		}
	}
	from, _ := Param(msg.From().Params, "tag")
	to, _ := Param(msg.To().Params, "tag")
	want("FromTag", h.FromTag, from)
	want("ToTag", h.ToTag, to)
	want("NoTo", h.NoTo, unreadable(msg.To().Address))
	want("NoVia", h.NoVia, msg.Via().Host == nowhere)
	contacts, err := Contacts(msg)
	want("Contacts", h.Contacts, upToMost(contacts), h.ContactErr, err)
	routes, _ := Routes(msg, "Record-Route")
	want("RecordRoute", fmt.Sprint(h.RecordRoute), fmt.Sprint(upToMost(uris(routes))))
	want("Require", fmt.Sprint(h.Require), fmt.Sprint(upToMost(Tokens(msg, "Require"))))
	want("Supported", fmt.Sprint(h.Supported), fmt.Sprint(upToMost(Tokens(msg, "Supported"))))
	want("Allow", fmt.Sprint(h.Allow), fmt.Sprint(upToMost(Tokens(msg, "Allow"))))
	want("that there is Allow", h.Allow != nil, first(msg, "Allow") != nil)
	timer, err := SessionExpires(msg)
	want("Timer", h.Timer, timer, h.TimerErr, err)
	expires, err := Expires(msg)
	want("Expires", h.Expires, expires, h.ExpiresErr, err)
	want("SDP", string(h.SDP), string(BodySDP(msg)))
}

// upToMost is how far the lists of a Head go.
func upToMost[T any](list []T) []T { return list[:min(len(list), MaxHeaders)] }

func uris(list []Address) (out []any) {
	for _, a := range list {
		out = append(out, a.URI)
	}
	return out
}

// TestHeadOfTheCorpus reads each message of the corpus and of the products whole, cut off at each line, and with each line twice.
func TestHeadOfTheCorpus(t *testing.T) {
	var all [][]byte
	for _, c := range corpus(t) {
		all = append(all, c.data)
	}
	for _, c := range products {
		all = append(all, []byte(strings.ReplaceAll(strings.TrimPrefix(c.text, "\n"), "\n", "\r\n")))
	}
	for _, data := range all {
		lines := strings.SplitAfter(string(data), "\r\n")
		for i, line := range lines {
			for _, text := range []string{string(data), strings.Join(lines[:i], ""),
				strings.Join(lines[:i], "") + line + strings.Join(lines[i:], "")} {
				if msg, _ := Parse([]byte(text)); msg != nil {
					wantHead(t, msg)
				}
			}
		}
	}
}

// TestHeadOfAnyLines reads any number of the headers that Head holds, in any order, with values good and bad.
func TestHeadOfAnyLines(t *testing.T) {
	names := []string{"Contact", "m", "Record-Route", "Require", "Supported", "k", "Allow", "Session-Expires", "x", "Expires",
		"Content-Type", "c", "From", "To", "Via", "CSeq", "Call-ID", "Content-Length"}
	values := []string{"", " ", "*", "<sip:a@b>", "<sip:a@b;lr>, <sip:c@d>;expires=5", "<sip:a@b>;expires=soon, <",
		"sip:a@b;tag=1", "<", ",,", "timer, 100rel", "(x), timer", "90;refresher=uas", "90", "90 x", "soon", "1800;refresher=UAC",
		"60", "application/sdp", "text/plain", ";;", "multipart/mixed;boundary=b",
		"SIP/2.0/WSS y;branch=z9hG4bK2", "3 INVITE", "1"}
	rapid.Check(t, func(t *rapid.T) {
		var extra []string
		for range rapid.IntRange(0, 8).Draw(t, "lines") {
			extra = append(extra, rapid.SampledFrom(names).Draw(t, "name")+": "+rapid.SampledFrom(values).Draw(t, "value"))
		}
		body := rapid.SampledFrom([]string{"", "v=0\r\n", "hello",
			"--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b--"}).Draw(t, "body")
		data := string(invite(extra...)) + body
		if rapid.Bool().Draw(t, "response") {
			_, rest, _ := strings.Cut(data, "\r\n")
			data = "SIP/2.0 200 OK\r\n" + rest
		}
		msg, _ := Parse([]byte(data))
		wantHead(t, msg)
	})
}

// TestHeadIsBounded: a stranger chooses how much is in a list, and what a transaction keeps of it must not multiply.
func TestHeadIsBounded(t *testing.T) {
	for name, member := range map[string]string{"Contact": "a:b,", "Record-Route": "a:b,", "Require": "a,", "Supported": "a,",
		"Allow": "a,"} {
		var lines []string
		for range 20 {
			lines = append(lines, name+": "+strings.Repeat(member, 3000/len(member)))
		}
		h := mustParse(t, invite(lines...)).Typed()
		n := map[string]int{"Contact": len(h.Contacts), "Record-Route": len(h.RecordRoute), "Require": len(h.Require),
			"Supported": len(h.Supported), "Allow": len(h.Allow)}[name]
		if n != MaxHeaders {
			t.Errorf("%s has %d members, want %d", name, n, MaxHeaders)
		}
	}
}
