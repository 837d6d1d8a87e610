//go:build e2e

package e2e

import (
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
)

// reportPath is where browsers report what a policy refused, in pages and in workers.
const reportPath = "/refused-by-the-policy"

// reports are the violations that browsers have reported to one server.
type reports struct {
	mu   sync.Mutex // guards list
	list []string
}

// watched asks for reports in every policy that a handler sends, and fails the test for each that comes.
func watched(t *testing.T, h http.Handler) http.Handler {
	r := &reports{}
	t.Cleanup(func() {
		for _, report := range r.all() {
			t.Errorf("refused by the policy: %s", report)
		}
	})
	return r.around(h)
}

func (r *reports) around(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if request.URL.Path != reportPath {
			h.ServeHTTP(&asking{ResponseWriter: w}, request)
			return
		}
		body, err := io.ReadAll(io.LimitReader(request.Body, 16<<10))
		if err != nil {
			body = []byte("a report that broke off: " + err.Error())
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.list = append(r.list, string(body))
	})
}

func (r *reports) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.list)
}

func (r *reports) forgive() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = nil
}

// asking puts the address for reports into the policy just before the headers leave.
type asking struct {
	http.ResponseWriter
	sent bool
}

func (a *asking) WriteHeader(status int) {
	if policy := a.Header().Get("Content-Security-Policy"); policy != "" && !a.sent {
		a.Header().Set("Content-Security-Policy", policy+"; report-uri "+reportPath)
	}
	a.sent = true
	a.ResponseWriter.WriteHeader(status)
}

func (a *asking) Write(p []byte) (int, error) {
	if !a.sent {
		a.WriteHeader(http.StatusOK)
	}
	return a.ResponseWriter.Write(p)
}
