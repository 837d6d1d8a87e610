package phone

import (
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
	"github.com/gowebphone/webphone/pwa/text/texttest"
)

// TestDoneAtOnceIsOnlyPassedOn: FreeSWITCH reports every blind transfer as done as soon as it has taken it in hand.
func TestDoneAtOnceIsOnlyPassedOn(t *testing.T) {
	trying, rings := transferNews("1", ua.TransferTrying, ua.CauseNone, 100),
		transferNews("1", ua.TransferProgress, ua.CauseNone, 180)
	done, accepted := transferNews("1", ua.TransferSucceeded, ua.CauseNone, 200),
		transferNews("1", ua.TransferSucceeded, ua.CauseNone, 202)
	for _, c := range []struct {
		why    string
		from   screen.Snapshot
		events []Event
		want   text.Key
	}{
		{"at once", blind(), []Event{done}, text.PassedOn},
		{"tried only", blind(), []Event{trying, done}, text.PassedOn},
		{"it rang there", blind(), []Event{trying, rings, done}, text.Transferred},
		{"it rang, and is tried on", blind(), []Event{rings, trying, done}, text.Transferred},
		{"nobody will tell more", blind(), []Event{accepted}, text.PassedOn},
		{"asked first", attended(), []Event{done}, text.Transferred},
		{"asked first, and nobody will tell more", attended(), []Event{accepted}, text.PassedOn},
	} {
		s := then(c.from, c.events...)
		if got := s.Transfer.Done; got.Key != c.want || !s.Live.Equal(got) {
			t.Errorf("%s: %q, want %q", c.why, got.Key, c.want)
		}
		texttest.WantSentence(t, c.why, s.Transfer.Done)
	}
}

func counted(id string, packets uint64) Event {
	return Measured{ID: id, Stats: media.Stats{PacketsReceived: packets}}
}

// TestNobodyIsLeftAfterAFailedTransfer: Asterisk lets go of the other side when a blind transfer fails. The phone claims that
// somebody is on the line only as long as it hears them.
func TestNobodyIsLeftAfterAFailedTransfer(t *testing.T) {
	agreed, failed := transferNews("1", ua.TransferTrying, ua.CauseNone, 202),
		transferNews("1", ua.TransferFailed, ua.CauseServer, 503)
	later := func(seconds int) Event { return Tick{At: at(seconds)} }
	silent := []Event{agreed, failed, counted("1", 100), later(1), counted("1", 100), later(4), counted("1", 100)}
	for _, c := range []struct {
		why    string
		events []Event
		gone   bool
	}{
		{"silence", append(silent, later(5)), true},
		{"not yet", silent, false},
		{"they talk", append(silent, counted("1", 101), later(9)), false},
		{"the server ends the call", []Event{agreed, failed, out("1", ua.CallEnded, answered, because(ua.CauseHangupRemote, 0))},
			true},
		{"they talk, then hang up", append(silent, counted("1", 101),
			out("1", ua.CallEnded, answered, because(ua.CauseHangupRemote, 0))), false},
		{"the user hangs up", append(silent, out("1", ua.CallEnded, answered, because(ua.CauseHangupLocal, 0)), later(9)), false},
		{"the user holds the call", append(silent, out("1", ua.CallEstablished, held), later(9)), false},
		{"no counters", []Event{agreed, failed, later(3), later(9)}, false},
		{"the telephone refused", []Event{transferNews("1", ua.TransferFailed, ua.CauseRejected, 603), counted("1", 9), later(9)},
			false},
		{"another call is measured", []Event{agreed, failed, counted("2", 9), counted("2", 10), counted("1", 9), later(9)}, true},
	} {
		s := then(blind(), c.events...)
		if gone := s.Problem.Text.Key == text.TransferGone; gone != c.gone {
			t.Errorf("%s: problem %q", c.why, text.English.Tell(s.Problem.Text))
		}
	}
	for _, language := range text.Languages() {
		for _, key := range []text.Key{text.TransferNoAnswer, text.TransferDeclined, text.TransferUnknown, text.TransferFailed} {
			for _, claim := range []string{"on the line", "goes on", "in der Leitung", "geht weiter", "en línea", "sigue",
				"على الخط", "مستمرة"} {
				if said := language.Say(key); strings.Contains(said, claim) {
					t.Errorf("%s: %q claims that the call goes on", language, said)
				}
			}
		}
	}
	texttest.WantSentence(t, "gone", text.Say(text.TransferGone, "name", "a", "target", "b"))
}
