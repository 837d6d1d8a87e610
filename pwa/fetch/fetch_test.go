package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pwa/fetch"
)

// shelf is where documents lie, by address; its tag is their text.
type shelf map[string]string

func (s shelf) get(_ context.Context, url, etag string) (fetch.Document, error) {
	text, ok := s[url]
	switch {
	case strings.HasPrefix(url, "https://"):
		return fetch.Document{}, fmt.Errorf("%w: %s sends no CORS headers", fetch.ErrBlocked, "office.example")
	case !ok:
		return fetch.Document{}, fetch.StatusError(404)
	case text == etag:
		return fetch.Document{ETag: etag, Same: true}, nil
	}
	return fetch.Document{Data: []byte(text), ETag: text}, nil
}

// A Func brings what has changed. Who asks keeps the tag for the next time.
func ExampleFunc() {
	documents := shelf{"/phonebook.json": "v1"}
	var get fetch.Func = documents.get
	etag := ""
	for _, url := range []string{"/phonebook.json", "/phonebook.json", "/nothing.json", "https://office.example/a.json"} {
		document, err := get(context.Background(), url, etag)
		var status fetch.StatusError
		switch {
		case errors.As(err, &status):
			fmt.Println("there is none:", int(status))
		case errors.Is(err, fetch.ErrBlocked):
			fmt.Println(err)
		case document.Same:
			fmt.Println("the one of the last time")
		default:
			etag = document.ETag
			fmt.Println(string(document.Data))
		}
	}
	// Output:
	// v1
	// the one of the last time
	// there is none: 404
	// the browser may not read it: office.example sends no CORS headers
}

// TestReasonsAreToldApart: each reason is itself and no other, however it is wrapped, and says something else.
func TestReasonsAreToldApart(t *testing.T) {
	reasons := []error{fetch.ErrBlocked, fetch.ErrRedirected, fetch.ErrUnreachable, fetch.StatusError(404),
		fetch.StatusError(500)}
	said := map[string]bool{}
	for i, reason := range reasons {
		wrapped := fmt.Errorf("phonebook: %w", fmt.Errorf("%w: more", reason))
		for j, other := range reasons {
			if errors.Is(wrapped, other) != (i == j) {
				t.Errorf("%v is %v: %v", reason, other, i != j)
			}
		}
		var status fetch.StatusError
		if isStatus := errors.As(wrapped, &status); isStatus != (i > 2) || isStatus && status != reason {
			t.Errorf("%v as a status: %v, %d", reason, isStatus, status)
		}
		if said[reason.Error()] || reason.Error() == "" {
			t.Errorf("%q is said of another", reason)
		}
		said[reason.Error()] = true
	}
	if got := fetch.StatusError(503).Error(); got != "status 503" {
		t.Errorf("%q", got)
	}
}
