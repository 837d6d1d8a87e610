package recording

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/transport"
)

func TestErrorsAreToldApartAfterReading(t *testing.T) {
	all := maps.Clone(knownErrors)
	maps.Copy(all, closerErrors)
	for _, known := range all {
		if got := NoteError(fmt.Errorf("wrapped: %w", known)).Err(); !errors.Is(got, known) {
			t.Errorf("%v became %v", known, got)
		}
	}
	var dial *transport.DialError
	if got := NoteError(fmt.Errorf("x: %w", &transport.DialError{Kind: transport.DialHTTPStatus,
		Status: 404})).Err(); !errors.As(got, &dial) ||
		dial.Kind != transport.DialHTTPStatus || dial.Status != 404 {
		t.Errorf("got %#v", got)
	}
	var ended *transport.CloseError
	if got := NoteError(&transport.CloseError{Code: 1006, Reason: "r"}).Err(); !errors.As(got, &ended) ||
		*ended != (transport.CloseError{Code: 1006, Reason: "r"}) {
		t.Errorf("got %#v", got)
	}
	if NoteError(nil).Err() != nil {
		t.Error("no error became one")
	}
	if NoteError(errors.New("another")).Err() == nil {
		t.Error("an error was lost")
	}
}

func TestTextAndBytes(t *testing.T) {
	for _, data := range []string{"", "text", "grüß", "\xff\x00"} {
		e := Entry{}.WithText([]byte(data))
		if string(e.Data()) != data || (e.Bytes != nil) != (data == "\xff\x00") {
			t.Errorf("%q became %q", data, e.Data())
		}
	}
	if !(Entry{In: Tones}).Answers() || !(Entry{In: Proof}).Answers() || (Entry{In: Tick}).Answers() {
		t.Error("what the core was told is no input")
	}
}

func TestPlainURLHasNoSecrets(t *testing.T) {
	for in, want := range map[string]string{"wss://u:p@a.example/ws?t=x#f": "wss://a.example/ws",
		"wss://a b/?t=x": "wss://unreadable.invalid"} {
		if got := PlainURL(in); got != want {
			t.Errorf("%s became %s", in, got)
		}
	}
}

func TestRead(t *testing.T) {
	entries, err := Read(strings.NewReader(`{"t":1,"in":"setup","setup":{"Version":2}}` + "\n" + `{"t":2,"in":"tick"}`))
	if err != nil || len(entries) != 2 || entries[1].In != Tick || entries[1].At != 2 {
		t.Errorf("%+v, %v", entries, err)
	}
	for _, bad := range []string{"", "x", `{"in":"tick"}`, `{"in":"setup"}`, `{"in":"setup","setup":{"Version":1}}`} {
		if _, err := Read(strings.NewReader(bad)); err == nil {
			t.Errorf("read %s", bad)
		}
	}
}

func TestWorldWaitsForTheEnd(t *testing.T) {
	done := make(chan struct{})
	w := &World{Done: done}
	outcome := make(chan error, 3)
	go func() { _, err := w.Dial(context.Background(), ""); outcome <- err }()
	go func() { _, err := w.NewSession(context.Background(), media.Config{}); outcome <- err }()
	go func() { _, err := Preparer{w}.Prepare(context.Background(), media.Config{}); outcome <- err }()
	Preparer{w}.Warm(context.Background(), media.Config{})
	close(done)
	for range 3 {
		if err := <-outcome; !errors.Is(err, ErrOver) {
			t.Errorf("got %v", err)
		}
	}
}
