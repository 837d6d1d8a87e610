package wire

import (
	"strings"
	"testing"
)

// registered are the names of header fields as the RFCs write them, with the form of one letter where there is one.
const registered = `
Accept Accept-Contact=a Accept-Encoding Accept-Language Alert-Info Allow Allow-Events=u Authentication-Info Authorization
Call-ID=i Call-Info Contact=m Content-Disposition Content-Encoding=e Content-ID Content-Length=l Content-Type=c CSeq Date
Diversion Error-Info Event=o Expires Flow-Timer From=f History-Info Identity=y Identity-Info=n Info-Package Max-Forwards
Min-Expires Min-SE Organization P-Asserted-Identity P-Associated-URI P-Preferred-Identity Path Privacy Proxy-Authenticate
Proxy-Authentication-Info Proxy-Authorization Proxy-Require RAck Reason Record-Route Recv-Info Refer-To=r Referred-By=b
Reject-Contact=j Remote-Party-ID Replaces Request-Disposition=d Require Retry-After Route RSeq Server Service-Route
Session-Expires=x SIP-ETag SIP-If-Match Subject=s Subscription-State Supported=k Target-Dialog Timestamp To=t Unsupported
User-Agent Via=v Warning WWW-Authenticate`

func TestSpellingOfHeaderNames(t *testing.T) {
	short := 0
	for _, entry := range strings.Fields(registered) {
		want, letter, has := strings.Cut(entry, "=")
		forms := []string{want, strings.ToLower(want), strings.ToUpper(want)}
		if has {
			short++
			forms = append(forms, letter, strings.ToUpper(letter))
		}
		for _, form := range forms {
			if got := headerName(form); got != want {
				t.Errorf("%s is called %s, want %s", form, got, want)
			}
		}
	}
	known := 0
	for _, name := range compact {
		if name != "" {
			known++
		}
	}
	if short != known {
		t.Errorf("%d forms of one letter, %d of them are listed here", known, short)
	}
	for octet := range 256 {
		s := string([]byte{byte(octet)})
		lower := byte(octet) | 0x20
		letter := 'a' <= lower && lower <= 'z' && (octet < 0x80)
		if got := headerName(s); got != s && (!letter || compact[lower] == "") {
			t.Errorf("%q is called %s", s, got)
		}
	}
	for _, name := range []string{"v1", "Vi", "Contacts", "X-Via", "Call-Id ", ""} {
		if got := headerName(name); got != name {
			t.Errorf("%q is called %q: it is another header", name, got)
		}
	}
}
