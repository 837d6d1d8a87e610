package phone

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/screen"
)

// TestOnlyARefusalTakesTheKeptObjectAway asks an operator who is busy, broken, or done with this user.
func TestOnlyARefusalTakesTheKeptObjectAway(t *testing.T) {
	for _, test := range []struct {
		err  error
		kept bool
	}{
		{fetch.StatusError(400), false}, {fetch.StatusError(401), false}, {fetch.StatusError(403), false},
		{fetch.StatusError(404), false},
		{fetch.StatusError(410), false},
		{fetch.StatusError(408), true}, {fetch.StatusError(429), true}, {fetch.StatusError(500), true},
		{fetch.StatusError(502), true},
		{fetch.StatusError(503), true},
		{fetch.StatusError(302), true}, {errors.New("offline"), true},
	} {
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t, givenObject)
			o.visit(t, (*harness).stay)
			o.err = test.err
			o.visit(t, func(h *harness) {
				s := h.now()
				opens := s.Screen == screen.ScreenPhone || s.Login.Busy
				if opens != test.kept || !test.kept && s.Login.Error.Empty() {
					t.Errorf("%v: screen %v, login %+v; the object of the last time is to count: %v", test.err, s.Screen, s.Login,
						test.kept)
				}
				if data, err := h.opts.Store.Load(t.Context(), "provisioning"); (err == nil) != test.kept {
					t.Errorf("%v: stored is %q, %v; it is to stay: %v", test.err, data, err, test.kept)
				}
			})
		})
	}
}
