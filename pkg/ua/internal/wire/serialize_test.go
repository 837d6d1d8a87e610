package wire

import (
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
	"pgregory.net/rapid"
)

// hostile draws text with all that is dangerous in a header, often enough to matter.
func hostile(t *rapid.T, label string) string {
	switch rapid.IntRange(0, 3).Draw(t, label+" kind") {
	case 0:
		return rapid.StringMatching(`[a-zA-Z0-9]{1,12}`).Draw(t, label)
	case 1:
		return rapid.StringOfN(rapid.RuneFrom([]rune("a1 \t\"\\<>;,:@?&=%/[]()'~*#\u00e9\u4e2d")), 0, 12, -1).Draw(t, label)
	case 2:
		return rapid.StringOfN(rapid.RuneFrom([]rune("a\r\n\x00\x7f\x01:<>\" ")), 0, 8, -1).Draw(t, label)
	}
	return rapid.String().Draw(t, label)
}

func hostileParams(t *rapid.T, label string) sip.HeaderParams {
	var params sip.HeaderParams
	for range rapid.IntRange(0, 2).Draw(t, label+" count") {
		params = append(params, sip.HeaderKV{K: hostile(t, label+" name"), V: hostile(t, label+" value")})
	}
	return params
}

func hostileURI(t *rapid.T, label string) sip.Uri {
	return sip.Uri{
		Scheme: rapid.SampledFrom([]string{"", "sip", "sips", "sip\r\n"}).Draw(t, label+" scheme"),
		User:   hostile(t, label+" user"),
		Host: rapid.SampledFrom([]string{"example.com", "[2001:db8::1]", "2001:db8::1", "bad host", "a\r\nb", "",
			"a>b"}).Draw(t, label+" host"),
		Port:      rapid.SampledFrom([]int{0, 5060, 65535, 65536, -1}).Draw(t, label+" port"),
		UriParams: hostileParams(t, label+" uri param"),
	}
}

// wildFields lists the fields of hostileRequest. Each request has two that are drawn and the others tame, so that about half of
// the requests can be written.
var wildFields = []string{"method", "request", "transport", "sent-by", "via param", "from name", "from", "from param", "to name",
	"to", "to param", "call-id", "contact name", "contact", "contact param", "route", "header name", "header value"}

// fields draws the fields that are wild in one request.
type fields struct{ first, second string }

func wild[T any](t *rapid.T, f fields, label string, tame T, draw func(*rapid.T, string) T) T {
	if label != f.first && label != f.second {
		return tame
	}
	return draw(t, label)
}

func hostileRequest(t *rapid.T) *sip.Request {
	f := fields{rapid.SampledFrom(wildFields).Draw(t, "first"), rapid.SampledFrom(wildFields).Draw(t, "second")}
	uri := sip.Uri{Scheme: "sip", User: "1002", Host: "example.com"}
	token := func(t *rapid.T, label string) string { return hostile(t, label) }
	method := sip.RequestMethod(wild(t, f, "method", "INVITE", token))
	req := sip.NewRequest(method, wild(t, f, "request", uri, hostileURI))
	req.AppendHeader(&sip.ViaHeader{ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: wild(t, f, "transport", "WSS", token),
		Host: wild(t, f, "sent-by", "x.invalid", token), Params: wild(t, f, "via param", nil, hostileParams)})
	req.AppendHeader(&sip.FromHeader{DisplayName: wild(t, f, "from name", "Demo", token),
		Address: wild(t, f, "from", uri, hostileURI), Params: wild(t, f, "from param", nil, hostileParams)})
	req.AppendHeader(&sip.ToHeader{DisplayName: wild(t, f, "to name", "", token), Address: wild(t, f, "to", uri, hostileURI),
		Params: wild(t, f, "to param", nil, hostileParams)})
	id := sip.CallIDHeader(wild(t, f, "call-id", "c@x", func(t *rapid.T, l string) string {
		return strings.Trim(hostile(t, l), " \t") + "x"
	}))
	req.AppendHeader(&id)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: rapid.Uint32Max(maxCSeq).Draw(t, "cseq"), MethodName: method})
	req.AppendHeader(&sip.ContactHeader{DisplayName: wild(t, f, "contact name", "", token),
		Address: wild(t, f, "contact", uri, hostileURI), Params: wild(t, f, "contact param", nil, hostileParams)})
	req.AppendHeader(&sip.RouteHeader{Address: wild(t, f, "route", uri, hostileURI)})
	req.AppendHeader(sip.NewHeader("X-"+wild(t, f, "header name", "Demo", token), wild(t, f, "header value", "value", token)))
	req.SetBody([]byte(rapid.String().Draw(t, "body")))
	return req
}

// TestSerializedHeaderBlockIsWhatWasMeant puts any text into any field. Either Serialize names the header that it cannot write,
// or there is one line for each header and they read back as the same values.
func TestSerializedHeaderBlockIsWhatWasMeant(t *testing.T) {
	written := 0
	checkUntil(t, &written, func(t *rapid.T) {
		req := hostileRequest(t)
		out, err := Serialize(req)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "wire: cannot write ") {
				t.Fatalf("an error that names no header: %v", err)
			}
			return
		}
		written++
		block, body, ok := strings.Cut(string(out), "\r\n\r\n")
		if !ok || body != string(req.Body()) {
			t.Fatalf("body %q, want %q", body, req.Body())
		}
		lines := strings.Split(block, "\r\n")
		if len(lines) != 1+len(req.Headers()) {
			t.Fatalf("%d lines for %d headers: %q", len(lines), len(req.Headers()), block)
		}
		for _, line := range lines {
			if strings.ContainsAny(line, "\r\n\x00") {
				t.Fatalf("line break inside a line: %q", line)
			}
		}
		wantReadsBack(t, out, req)
	})
}

// checkUntil checks a property until it has met something that can be written: a short run draws only 20 times.
func checkUntil(t *testing.T, written *int, property func(*rapid.T)) {
	for range 20 {
		if rapid.Check(t, property); *written > 0 {
			return
		}
	}
	t.Error("nothing was written: the generator is too wild")
}

func wantReadsBack(t *rapid.T, out []byte, req *sip.Request) {
	if strings.ContainsAny(req.CallID().Value(), " \t") {
		return // white space is a legal octet for Serialize, not a legal Call-ID
	}
	msg, err := Parse(out)
	if err != nil {
		t.Fatalf("what was written does not read: %v\n%q", err, out)
	}
	got := msg.(*Request)
	wantURI(t, "Request-URI", got.Recipient, req.Recipient, "method")
	if got.Method != req.Method || got.CSeq().SeqNo != req.CSeq().SeqNo || got.CallID().Value() != req.CallID().Value() {
		t.Fatalf("method, CSeq or Call-ID changed: %q", out)
	}
	wantParams(t, "Via", got.Via().Params, req.Via().Params)
	if got.Via().Host != strings.Trim(req.Via().Host, "[]") || got.Via().Transport != req.Via().Transport {
		t.Fatalf("Via %+v, want %+v", got.Via(), req.Via())
	}
	wantAddress(t, "From", Address{got.From().DisplayName, got.From().Address, got.From().Params},
		Address{req.From().DisplayName, req.From().Address, req.From().Params})
	wantAddress(t, "To", Address{got.To().DisplayName, got.To().Address, got.To().Params},
		Address{req.To().DisplayName, req.To().Address, req.To().Params})
	contacts, err := Contacts(got)
	if err != nil || len(contacts) != 1 {
		t.Fatalf("Contact %v, %v: %q", contacts, err, out)
	}
	wantAddress(t, "Contact", contacts[0].Address,
		Address{req.Contact().DisplayName, req.Contact().Address, req.Contact().Params})
	routes, err := Routes(got, "Route")
	if err != nil || len(routes) != 1 {
		t.Fatalf("Route %v, %v: %q", routes, err, out)
	}
	wantURI(t, "Route", routes[0].URI, req.Route().Address, "")
	a, b := got.Headers()[7], req.Headers()[7]
	if a.Name() != b.Name() || a.Value() != trim(b.Value()) {
		t.Fatalf("header %q: %q, want %q: %q", a.Name(), a.Value(), b.Name(), b.Value())
	}
}

func wantAddress(t *rapid.T, where string, got, want Address) {
	if got.DisplayName != want.DisplayName {
		t.Fatalf("%s: display name %q, want %q", where, got.DisplayName, want.DisplayName)
	}
	wantURI(t, where, got.URI, want.URI, "")
	wantParams(t, where, got.Params, want.Params)
}

func wantURI(t *rapid.T, where string, got, want sip.Uri, without string) {
	params := want.UriParams
	if without != "" {
		params = withoutParam(params, without)
	}
	if Unescape(got.User) != Unescape(want.User) || strings.Trim(got.Host, "[]") != strings.Trim(want.Host, "[]") ||
		got.Port != want.Port ||
		len(got.UriParams) != len(params) {
		t.Fatalf("%s: URI %+v, want %+v", where, got, want)
	}
	for i, kv := range params {
		if Unescape(got.UriParams[i].K) != Unescape(kv.K) || Unescape(got.UriParams[i].V) != Unescape(kv.V) {
			t.Fatalf("%s: URI parameter %q, want %q", where, got.UriParams[i], kv)
		}
	}
}

func wantParams(t *rapid.T, where string, got, want sip.HeaderParams) {
	if len(got) != len(want) {
		t.Fatalf("%s: parameters %q, want %q", where, got, want)
	}
	for i, kv := range want {
		value := kv.V
		if isQuoted(value) {
			value = unquote(value)
		}
		if got[i].K != strings.ToLower(kv.K) || unquote(got[i].V) != value {
			t.Fatalf("%s: parameter %q, want %q", where, got[i], kv)
		}
	}
}

func TestSerializeErrorsNameTheHeader(t *testing.T) {
	for _, c := range []struct {
		change func(*sip.Request)
		want   string
	}{
		{func(r *sip.Request) { r.Method = "INVITE x" }, "request line"},
		{func(r *sip.Request) { r.Recipient.Host = "" }, "request line"},
		{func(r *sip.Request) { r.From().DisplayName = "a\r\nEvil: 1" }, "From"},
		{func(r *sip.Request) { r.To().Address.User = "a\nb" }, "To"},
		{func(r *sip.Request) { r.Via().Params.Add("x", "\x00") }, "Via"},
		{func(r *sip.Request) { r.Via().Params.Add("a b", "c") }, "Via"},
		{func(r *sip.Request) { r.AppendHeader(sip.NewHeader("Subject", "a\rb")) }, "Subject"},
		{func(r *sip.Request) { r.AppendHeader(sip.NewHeader("Subject", "\xff")) }, "Subject"},
		{func(r *sip.Request) { r.AppendHeader(sip.NewHeader("Sub ject", "a")) }, `header "Sub ject"`},
		{func(r *sip.Request) { r.AppendHeader((*sip.ReferToHeader)(nil)) }, "Refer-To"},
		{func(r *sip.Request) { r.AppendHeader(nil) }, "header"},
		{func(r *sip.Request) { r.AppendHeader((*sip.CallIDHeader)(nil)) }, "header"},
		{func(r *sip.Request) { r.AppendHeader((*sip.CSeqHeader)(nil)) }, "header"},
		{func(r *sip.Request) { r.AppendHeader((*sip.MaxForwardsHeader)(nil)) }, "header"},
		{func(r *sip.Request) { r.AppendHeader((*sip.ContentTypeHeader)(nil)) }, "header"},
		{func(r *sip.Request) { r.AppendHeader((*sip.ExpiresHeader)(nil)) }, "header"},
	} {
		req := plainRequest()
		c.change(req)
		out, err := Serialize(req)
		if err == nil || !strings.HasPrefix(err.Error(), "wire: cannot write "+c.want+": ") {
			t.Errorf("got %q, %v, want an error about %s", out, err, c.want)
		}
	}
	big := plainRequest()
	big.SetBody(make([]byte, MaxMessage))
	if _, err := Serialize(big); err == nil {
		t.Error("a message over MaxMessage must be refused")
	}
	if _, err := Serialize(nil); err == nil {
		t.Error("nil must be refused")
	}
	if _, err := Serialize(sip.NewResponse(42, "Odd")); err == nil {
		t.Error("status code 42 must be refused")
	}
}

func plainRequest() *sip.Request {
	uri := sip.Uri{Scheme: "sip", User: "1002", Host: "example.com"}
	req := sip.NewRequest(sip.INVITE, uri)
	req.AppendHeader(&sip.ViaHeader{ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: "WSS", Host: "x.invalid",
		Params: sip.HeaderParams{{K: "branch", V: "z9hG4bKabc"}}})
	req.AppendHeader(&sip.FromHeader{Address: uri, Params: sip.HeaderParams{{K: "tag", V: "1"}}})
	req.AppendHeader(&sip.ToHeader{Address: uri})
	id := sip.CallIDHeader("c@x")
	req.AppendHeader(&id)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: 1, MethodName: sip.INVITE})
	return req
}

func TestSerializeExactly(t *testing.T) {
	req := plainRequest()
	req.Recipient.Headers = sip.HeaderParams{{K: "Route", V: "x"}}
	req.Recipient.UriParams = sip.HeaderParams{{K: "Method", V: "BYE"}, {K: "lr"}, {K: "x", V: "a b"}}
	req.From().DisplayName = `say "hi" \ now`
	req.From().Params.Add("x", "two words")
	req.From().Params.Add("y", `"quoted, already"`)
	req.AppendHeader(&sip.ContactHeader{Address: sip.Uri{User: "*0#", Host: "2001:db8::1", Port: 5060},
		Params: sip.HeaderParams{{K: "+sip.instance", V: "<urn:uuid:1>"}}})
	req.AppendHeader(&sip.ContactHeader{Address: sip.Uri{Wildcard: true, Host: "*"}})
	stale := sip.ContentLengthHeader(99)
	req.AppendHeader(&stale)
	want := strings.Join([]string{
		"INVITE sip:1002@example.com;lr;x=a%20b SIP/2.0",
		"Via: SIP/2.0/WSS x.invalid;branch=z9hG4bKabc",
		`From: "say \"hi\" \\ now" <sip:1002@example.com>;tag=1;x="two words";y="quoted, already"`,
		"To: <sip:1002@example.com>",
		"Call-ID: c@x",
		"CSeq: 1 INVITE",
		`Contact: <sip:*0%23@[2001:db8::1]:5060>;+sip.instance="<urn:uuid:1>"`,
		"Contact: *",
		"Content-Length: 0", "", ""}, "\r\n")
	got, err := Serialize(req)
	if err != nil || string(got) != want {
		t.Errorf("%v\ngot  %q\nwant %q", err, got, want)
	}
	uri, err := RequestURI(req)
	if err != nil || uri != "sip:1002@example.com;lr;x=a%20b" {
		t.Errorf("RequestURI %q, %v, want what stands in the request line", uri, err)
	}
	if len(req.Recipient.UriParams) != 3 || len(req.Recipient.Headers) != 1 {
		t.Error("Serialize must not change the request")
	}
}
