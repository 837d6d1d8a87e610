package media

import (
	"syscall/js"
	"testing"
)

// TestEndOfGatheringIsThatOfTheDescription restarts ICE in a connection that still tells the end of the gathering before it, as
// browsers do for a moment, under load for a long one.
func TestEndOfGatheringIsThatOfTheDescription(t *testing.T) {
	connection := js.Global().Get("Object").New()
	p := &browserPeer{v: connection, wakeup: make(chan struct{}, 1)}
	described := func(ufrag string) {
		sdp := "v=0\r\nm=audio 9 RTP 0\r\na=ice-ufrag:" + ufrag + "\r\na=mid:0\r\n"
		connection.Set("localDescription", map[string]any{"sdp": sdp})
	}
	tells := func(state string) {
		connection.Set("iceGatheringState", state)
		p.gathers()
	}
	want := func(why string, want bool) {
		t.Helper()
		if _, got := p.local(); got != want {
			t.Errorf("%s: complete is %v", why, got)
		}
	}
	want("no description", false)
	described("one")
	connection.Set("iceGatheringState", "new")
	want("the first description", false)
	tells("gathering")
	want("gathering", false)
	tells("complete")
	want("gathered", true)
	described("two")
	want("a restart", false)
	want("a restart, read again", false)
	tells("gathering")
	want("gathering again", false)
	tells("complete")
	want("gathered again", true)
	described("two")
	want("an offer without restart", true)
}
