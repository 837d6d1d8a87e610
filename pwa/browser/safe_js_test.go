package browser

import (
	"errors"
	"fmt"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/store"
)

// TestSafeIsTakenOnce keeps twice, looks as often as anybody likes, and takes once.
func TestSafeIsTakenOnce(t *testing.T) {
	fake := medium(t)
	stored = database{}
	s, v := Safe(), Vault()
	if _, _, err := s.Look(t.Context()); !errors.Is(err, store.ErrNotStored) {
		t.Errorf("an empty safe: %v", err)
	}
	if err := v.Lock(t.Context(), store.Secret{User: "1001"}); err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{"one", "two"} {
		if err := s.Keep(t.Context(), token, []byte("secret of "+token)); err != nil {
			t.Fatal(err)
		}
		stored = database{} // another page
		if got, data, err := s.Look(t.Context()); got != token || string(data) != "secret of "+token || err != nil {
			t.Errorf("%q has %q, %v", got, data, err)
		}
	}
	for _, part := range safeBox.names() {
		if value := kept(fake).Call("get", part); value.InstanceOf(js.Global().Get("Uint8Array")) &&
			strings.Contains(string(bytesOf(value)), "secret") {
			t.Errorf("%s can be read where it lies", part)
		}
	}
	if kept(fake).Call("get", safeBox.key).Get("extractable").Bool() {
		t.Error("the key is given out")
	}
	if err := v.Empty(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, try := range []struct {
		token string
		free  bool
	}{{"one", false}, {"two", true}, {"two", false}, {"", false}} {
		if free, err := s.Take(t.Context(), try.token); free != try.free || err != nil {
			t.Errorf("take %q: %t, %v, want %t", try.token, free, err, try.free)
		}
	}
	if _, _, err := s.Look(t.Context()); !errors.Is(err, store.ErrNotStored) {
		t.Errorf("a safe that was taken out: %v", err)
	}
	if got := kept(fake).Call("get", safeTaken).String(); got != "two" || kept(fake).Get("size").Int() != 1 {
		t.Errorf("%q was taken and %d things are left", got, kept(fake).Get("size").Int())
	}
}

func TestWhatIsDroppedLeavesNothing(t *testing.T) {
	fake := medium(t)
	stored = database{}
	s := Safe()
	if err := s.Keep(t.Context(), "one", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := s.Drop(t.Context()); err != nil || kept(fake).Get("size").Int() != 0 {
		t.Errorf("%d things are left, %v", kept(fake).Get("size").Int(), err)
	}
}

// TestFarewellOfEachPageIsTaken: pages that are left soon after each other wait for their farewells at the same time.
func TestFarewellOfEachPageIsTaken(t *testing.T) {
	fake := medium(t)
	stored = database{}
	s := Safe()
	for i := range 20 {
		token := fmt.Sprint("token", i)
		if err := s.Keep(t.Context(), token, []byte("x")); err != nil {
			t.Fatal(err)
		}
		if free, err := s.Take(t.Context(), token); !free || err != nil {
			t.Fatalf("%s: %t, %v", token, free, err)
		}
	}
	got := strings.Fields(kept(fake).Call("get", safeTaken).String())
	if len(got) != maxTaken || got[0] != "token4" || got[maxTaken-1] != "token19" {
		t.Errorf("taken: %q", got)
	}
}

// TestWhatIsSaidIsNotTaken: the service worker was first.
func TestWhatIsSaidIsNotTaken(t *testing.T) {
	fake := medium(t)
	stored = database{}
	s := Safe()
	if err := s.Keep(t.Context(), "one", []byte("x")); err != nil {
		t.Fatal(err)
	}
	kept(fake).Call("set", safeSaid, "one")
	if free, err := s.Take(t.Context(), "one"); free || err != nil {
		t.Errorf("%t, %v", free, err)
	}
	if _, _, err := s.Look(t.Context()); !errors.Is(err, store.ErrNotStored) {
		t.Errorf("it lies there on: %v", err)
	}
}

func TestWhatCannotBeTakenIsNotFree(t *testing.T) {
	fake := medium(t)
	stored = database{}
	s := Safe()
	if err := s.Keep(t.Context(), "one", []byte("x")); err != nil {
		t.Fatal(err)
	}
	fake.Set("fails", "commit")
	if free, err := s.Take(t.Context(), "one"); free || err == nil {
		t.Errorf("%t, %v: two could have it", free, err)
	}
}

// TestFarewellReachesTheWorker hands messages over that are no text.
func TestFarewellReachesTheWorker(t *testing.T) {
	words := []ua.Farewell{{Server: "wss://a.example/ws", Calls: [][]byte{[]byte("BYE \xff"), []byte("BYE 2")},
		Binding: []byte("REG")}, {Server: "wss://b.example/ws", Calls: [][]byte{[]byte("BYE 3")}}}
	if Outlive("one", words, time.Second) {
		t.Error("there is no loader, and nobody to say it")
	}
	var got js.Value
	for _, active := range []bool{true, false} {
		give(t, "webphoneFarewell", function(t, func(args []js.Value) any {
			got = js.ValueOf([]any{args[0], args[1], args[2]})
			return active
		}))
		if Outlive("one", words, 12*time.Second) != active {
			t.Errorf("active %t", active)
		}
	}
	list := got.Index(2)
	if got.Index(0).String() != "one" || got.Index(1).Int() != 12000 || list.Length() != 2 ||
		list.Index(0).Get("calls").Length() != 2 || list.Index(0).Get("binding").Length() != 1 ||
		list.Index(1).Get("calls").Length() != 1 || list.Index(1).Get("binding").Length() != 0 {
		t.Fatalf("%v", js.Global().Get("JSON").Call("stringify", got))
	}
	if m := bytesOf(list.Index(0).Get("calls").Index(0)); string(m) != "BYE \xff" ||
		list.Index(1).Get("server").String() != "wss://b.example/ws" {
		t.Errorf("%q", m)
	}
}
