package provision

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

const address = "https://user:hunter1@office.example/ann.json?key=hunter2#hunter3"

// answer is a server that sends a body, or fails, after a while.
func answer(body string, err error, after time.Duration) fetch.Func {
	return func(ctx context.Context, _, _ string) (fetch.Document, error) {
		select {
		case <-time.After(after):
			return fetch.Document{Data: []byte(body)}, err
		case <-ctx.Done():
			return fetch.Document{}, ctx.Err()
		}
	}
}

// TestEveryAnswerThatBringsNoObject has a sentence for the user, a line without a secret for who looks after the phone, and only
// an operator who refuses takes the kept object away.
func TestEveryAnswerThatBringsNoObject(t *testing.T) {
	for _, test := range []struct {
		name, body string
		err        error
		why        text.Key
		reason     string
		refused    bool
	}{
		{"bad request", "", fetch.StatusError(400), text.ProvisionRefused, "status 400", true},
		{"not logged in", "", fetch.StatusError(401), text.ProvisionRefused, "status 401", true},
		{"forbidden", "", fetch.StatusError(403), text.ProvisionRefused, "status 403", true},
		{"not there", "", fetch.StatusError(404), text.ProvisionMissing, "status 404", true},
		{"too late", "", fetch.StatusError(408), text.ProvisionBusy, "status 408", false},
		{"gone", "", fetch.StatusError(410), text.ProvisionMissing, "status 410", true},
		{"too often", "", fetch.StatusError(429), text.ProvisionBusy, "status 429", false},
		{"fault", "", fetch.StatusError(500), text.ProvisionFault, "status 500", false},
		{"no room", "", fetch.StatusError(503), text.ProvisionBusy, "status 503", false},
		{"captive portal", "\n <!doctype html><title>Hotel</title>", nil, text.ProvisionPage, "a web page came", false},
		{"broken", `{"brandName":`, nil, text.ProvisionUnreadable, "is no JSON object, see line 1", false},
		{"empty", "", nil, text.ProvisionUnreadable, "is no JSON object", false},
		{"too large", strings.Repeat(" ", config.MaxInput+1), nil, text.ProvisionTooLarge, "larger than 1 MB", false},
		{"blocked", "", fmt.Errorf("%w: no CORS headers", fetch.ErrBlocked), text.ProvisionBlocked, "no CORS headers", false},
		{"redirect", "", fetch.ErrRedirected, text.ProvisionRedirected, "sends on", false},
		{"a browser that quotes", "", errors.New(address), text.ProvisionUnreachable, "cannot be reached", false},
	} {
		_, err := Get(answer(test.body, test.err, 0), address, func() { t.Errorf("%s: slow", test.name) })
		if got := Why(err).Key; got != test.why {
			t.Errorf("%s: %s, want %s", test.name, got, test.why)
		}
		if Refused(err) != test.refused {
			t.Errorf("%s: refused %v, want %v", test.name, Refused(err), test.refused)
		}
		if line := Report(address, err); !strings.HasPrefix(line, "provisioning https://office.example/ann.json?...: ") ||
			!strings.Contains(line, test.reason) || strings.Contains(line, "hunter") {
			t.Errorf("%s: %q, want the address without its secrets, and %q", test.name, line, test.reason)
		}
		if before := Before(Why(err)); before.Key != text.ProvisionedBefore || text.English.Tell(before) == "" ||
			!strings.HasPrefix(text.English.Tell(before), text.English.Tell(Why(err))) {
			t.Errorf("%s: %q, want to hear first why", test.name, text.English.Tell(before))
		}
	}
	if line := Report("%", ErrSlow); strings.Contains(line, "%") || !strings.Contains(line, "within 2 seconds") {
		t.Errorf("%q of an address that is none", line)
	}
}

func TestObjectIsRead(t *testing.T) {
	object, err := Get(answer(`{"brandName":"Example","username":7}`, nil, 0), address, nil)
	if err != nil || object.Layer.BrandName != "Example" || len(object.Faults) != 1 ||
		!bytes.Contains(object.Data, []byte("Example")) {
		t.Errorf("%+v, %v; want the name, and the value that cannot be used told", object, err)
	}
}

// TestSlowServerIsSaidOnce waits on for a server that takes longer than Patience, until Timeout.
func TestSlowServerIsSaidOnce(t *testing.T) {
	for _, test := range []struct {
		after time.Duration
		slow  int
		why   error
	}{
		{Patience - time.Millisecond, 0, nil},
		{Patience + time.Millisecond, 1, nil},
		{Timeout - time.Millisecond, 1, nil},
		{Timeout + time.Millisecond, 1, context.DeadlineExceeded},
	} {
		synctest.Test(t, func(t *testing.T) {
			slow, began := 0, time.Now()
			_, err := Get(answer("{}", nil, test.after), address, func() {
				if slow++; time.Since(began) != Patience {
					t.Errorf("slow after %v", time.Since(began))
				}
			})
			if slow != test.slow || !errors.Is(err, test.why) {
				t.Errorf("%v: slow %d times, %v; want %d and %v", test.after, slow, err, test.slow, test.why)
			}
		})
	}
	if Why(context.DeadlineExceeded).Key != text.ProvisionSlow || Why(ErrSlow).Key != text.ProvisionSlow {
		t.Error("a slow server is called something else")
	}
}

func layer(t *testing.T, object string) config.Config {
	t.Helper()
	l, _, err := config.Read(config.Provisioned, []byte(object))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestKeptObjectHasNoSecret(t *testing.T) {
	medium := &store.Memory{}
	kept := Kept{Address: address, Login: "mark", Account: "ann@example",
		Layer: layer(t, `{"brandName":"Example","sipUser":{"username":"ann","password":"hunter4"}}`)}
	if err := Keep(t.Context(), medium, kept); err != nil {
		t.Fatal(err)
	}
	for key, data := range medium.Data {
		if bytes.Contains(data, []byte("hunter4")) {
			t.Errorf("%s holds the password: %s", key, data)
		}
	}
	last := Last(t.Context(), medium, address, "mark")
	if last == nil || last.Layer.BrandName != "Example" || last.Layer.Password != "" || last.Account != "ann@example" ||
		!last.Secret {
		t.Fatalf("%+v, want the object, whose it was, and that a password came with it", last)
	}
	if !last.Withholds(true) || !last.Withholds(false) {
		t.Error("the password is missing, and nobody is told")
	}
	if other := Last(t.Context(), medium, address, "another"); other == nil || other.Account != "" || other.Withholds(false) {
		t.Errorf("another login gets %+v, want not whose books it was", other)
	}
	if Last(t.Context(), medium, address+"x", "mark") != nil {
		t.Error("the object of another address counts")
	}
	open := Kept{Address: address, Account: "ann@example", Layer: layer(t, `{"brandName":"Example"}`)}
	if err := Keep(t.Context(), medium, open); err != nil {
		t.Fatal(err)
	}
	if last := Last(t.Context(), medium, address, ""); last == nil || last.Secret || last.Withholds(true) {
		t.Errorf("%+v without a password withholds one", last)
	}
}

func TestDropForgetsOneAddress(t *testing.T) {
	medium := &store.Memory{}
	if err := Keep(t.Context(), medium, Kept{Address: address, Layer: layer(t, "{}")}); err != nil {
		t.Fatal(err)
	}
	if err := Drop(t.Context(), medium, address+"x"); err != nil || Last(t.Context(), medium, address, "") == nil {
		t.Errorf("the object of another user is gone, %v", err)
	}
	if err := Drop(t.Context(), medium, address); err != nil || Last(t.Context(), medium, address, "") != nil ||
		len(medium.Data) > 0 {
		t.Errorf("%d documents stay, %v", len(medium.Data), err)
	}
	if err := Drop(t.Context(), medium, address); err != nil {
		t.Errorf("nothing to forget: %v", err)
	}
}

type broken struct{ store.Memory }

func (*broken) Save(context.Context, string, []byte) error { return errors.New("full") }
func (*broken) Delete(context.Context, string) error       { return errors.New("locked") }

func TestWhatCannotBeKeptIsTold(t *testing.T) {
	medium := &broken{}
	if err := Keep(t.Context(), medium, Kept{Address: address, Layer: layer(t, "{}")}); err == nil {
		t.Error("nobody hears that the object is not kept")
	}
	if err := Keep(t.Context(), &medium.Memory, Kept{Address: address, Layer: layer(t, "{}")}); err != nil {
		t.Fatal(err)
	}
	if err := Drop(t.Context(), medium, address); err == nil {
		t.Error("nobody hears that the object is not forgotten")
	}
}
