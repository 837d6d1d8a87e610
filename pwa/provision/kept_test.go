package provision

import (
	"context"
	"testing"

	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/store"
)

// TestWithholdsThePasswordFromWhoNeedsIt goes through all that decides: without the password nobody can log in, but who neither
// types nor had books here needs none.
func TestWithholdsThePasswordFromWhoNeedsIt(t *testing.T) {
	for bits := range 8 {
		secret, typed, books := bits&1 > 0, bits&2 > 0, bits&4 > 0
		k := Kept{Secret: secret}
		if books {
			k.Account = "ann@example"
		}
		if got := k.Withholds(typed); got != (secret && (typed || books)) {
			t.Errorf("password %v, typed %v, books %v: withholds %v", secret, typed, books, got)
		}
	}
}

// TestDamagedKeepsakesCountForNothing reads what an older version, a newer one, or nobody in his right mind has written. Nothing
// of it is used, and nothing is lost that belongs to somebody else.
func TestDamagedKeepsakesCountForNothing(t *testing.T) {
	for name, doc := range map[string]string{
		"no document":         `{`,
		"another kind":        `{"kind":"history","version":1,"data":{"url":"` + address + `","object":{}}}`,
		"a newer version":     `{"kind":"provisioning","version":9,"data":{"url":"` + address + `","object":{}}}`,
		"an object of digits": `{"kind":"provisioning","version":1,"data":{"url":"` + address + `","object":7}}`,
		"no object":           `{"kind":"provisioning","version":1,"data":{"url":"` + address + `"}}`,
		"nothing in it":       `{"kind":"provisioning","version":1,"data":{}}`,
	} {
		medium := &store.Memory{Data: map[string][]byte{document: []byte(doc)}}
		if last := Last(t.Context(), medium, address, ""); last != nil {
			t.Errorf("%s: %+v is used", name, last)
		}
		if err := Drop(t.Context(), medium, address+"x"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := Keep(t.Context(), medium, Kept{Address: address, Layer: layer(t, `{"brandName":"Example"}`)}); err != nil {
			t.Errorf("%s: nothing can be kept in its place: %v", name, err)
		}
		if last := Last(t.Context(), medium, address, ""); last == nil || last.Layer.BrandName != "Example" {
			t.Errorf("%s: then %+v, want what was kept in its place", name, last)
		}
	}
}

// TestGetLeavesNothingBehind: whatever comes, what was asked of the network has ended when Get has.
func TestGetLeavesNothingBehind(t *testing.T) {
	for name, body := range map[string]string{"an object": "{}", "a page": "<html>", "nonsense": "["} {
		var asked context.Context
		_, _ = Get(func(ctx context.Context, url, etag string) (fetch.Document, error) {
			if asked = ctx; url != address || etag != "" {
				t.Errorf("%s: asked for %q with %q, want the object whether or not it has changed", name, url, etag)
			}
			return fetch.Document{Data: []byte(body)}, nil
		}, address, nil)
		if asked.Err() == nil {
			t.Errorf("%s: what was asked goes on", name)
		}
	}
}

// TestReportTellsOfAnAddressWhatIsNoKey writes addresses of all forms.
func TestReportTellsOfAnAddressWhatIsNoKey(t *testing.T) {
	for address, want := range map[string]string{
		"https://office.example/ann.json":         "https://office.example/ann.json",
		"https://office.example/ann.json?":        "https://office.example/ann.json?",
		"https://ann@office.example/a?b=c&d=e":    "https://office.example/a?...",
		"https://ann:b@office.example:8443/a#key": "https://office.example:8443/a",
		"/provision?user=ann":                     "/provision?...",
		"https://[::1":                            "(address not readable)",
	} {
		want = "provisioning " + want + ": the server has not answered within 15 seconds"
		if got := Report(address, context.DeadlineExceeded); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestOnlyARefusalIsOne: an answer that says nothing about who asks takes nothing away from him.
func TestOnlyARefusalIsOne(t *testing.T) {
	for status := range 700 {
		want := status >= 400 && status < 500 && status != 408 && status != 429
		if got := Refused(fetch.StatusError(status)); got != want {
			t.Errorf("status %d: refused %v", status, got)
		}
	}
}
