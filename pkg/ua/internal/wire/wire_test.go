package wire

import (
	"reflect"
	"testing"

	"github.com/emiago/sipgo/sip"
)

func fieldsOf(msg sip.Message) []sip.Header {
	return headers(msg)
}

// wantSame compares two messages field by field. Content-Length and escapes in URIs may have been put right.
func wantSame(t testing.TB, why string, got, want sip.Message) {
	t.Helper()
	a, b := fieldsOf(got), fieldsOf(want)
	drop := func(list []sip.Header) (out []sip.Header) {
		for _, h := range list {
			if _, ok := h.(*sip.ContentLengthHeader); !ok {
				out = append(out, h)
			}
		}
		return out
	}
	a, b = drop(a), drop(b)
	if len(a) != len(b) {
		t.Fatalf("%s: %d headers, want %d", why, len(a), len(b))
	}
	for i := range a {
		if !reflect.DeepEqual(a[i], b[i]) {
			t.Errorf("%s: header %d is %#v, want %#v", why, i, a[i], b[i])
		}
	}
	if string(got.Body()) != string(want.Body()) {
		t.Errorf("%s: body %q, want %q", why, got.Body(), want.Body())
	}
}
