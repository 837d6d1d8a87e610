package link

import (
	"fmt"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/screen"
)

var midday = time.Date(2026, 3, 2, 12, 0, 0, 123456789, time.Local)

// registered is a phone that waits for calls.
func registered() screen.Snapshot {
	s := phone.New(phone.Options{Config: config.Config{}, Version: "1.4.0", Now: func() time.Time { return midday }}).Begin()
	s.Screen = screen.ScreenPhone
	s.User, s.DisplayName, s.Server = "1001", "Anna Example", "sip.example.com"
	s.Connection = screen.Connection{State: screen.Connected, Server: "wss://sip.example.com/ws"}
	s.Registration = screen.Registration{State: screen.Registered}
	return s
}

// talking is a phone with three calls.
func talking() screen.Snapshot {
	s := registered()
	for i := range 3 {
		s.Calls.All = append(s.Calls.All, screen.Line{
			Call: screen.Call{ID: fmt.Sprint(i), CallID: "a84b4c76e66710pc33.example.com", State: screen.CallEstablished,
				Started: midday, Answered: midday.Add(3 * time.Second), Remote: screen.Address{DisplayName: "Berta Beispiel",
					URI: "sip:1002@sip.example.com", User: "1002", Host: "sip.example.com"}},
			Measured: true, Quality: screen.Quality{MOS: 4.4}, Stats: screen.Stats{Codec: "opus", PacketsReceived: 54321,
				TotalSamples: 52_000_000, Jitter: 3 * time.Millisecond, RoundTripTime: 41 * time.Millisecond}})
	}
	s.Active = "0"
	return s
}

// remembering is a phone that shows fifty calls of its history.
func remembering() screen.Snapshot {
	s := registered()
	day := screen.CallDay{Date: midday.Truncate(24 * time.Hour)}
	for i := range 50 {
		start := midday.Add(-time.Duration(i) * 17 * time.Minute)
		call := screen.PastCall{ID: fmt.Sprintf("c%d/a84b4c76e66710pc33.example.com", i), Name: "Berta Beispiel",
			Number: "+49301234567", URI: "sip:+49301234567@sip.example.com", Start: start,
			Answered: start.Add(4 * time.Second), Duration: time.Minute}
		day.Lines = append(day.Lines, screen.CallLine{Name: call.Name,
			CallGroup: screen.CallGroup{Entries: []screen.PastCall{call}}})
	}
	s.Page, s.List = screen.PageHistory, screen.PageHistory
	s.History = screen.HistoryPane{Days: []screen.CallDay{day}, Total: 500, More: true}
	return s
}

// measured is the snapshot a second later, with other counters of the call on the stage.
func measured(s screen.Snapshot) screen.Snapshot {
	s = s.AsOf(s.Now.Add(time.Second + 300*time.Microsecond))
	return s.WithLine("0", func(l *screen.Line) {
		l.Stats.PacketsReceived += 50
		l.Stats.TotalSamples += 48000
		l.Stats.Jitter += 40 * time.Microsecond
	})
}

func typed(s screen.Snapshot) screen.Snapshot {
	return phone.Reduce(s, screen.Press{Digit: "5"})
}

// TestSnapshotsAreShort bounds what crosses at the moments that matter.
func TestSnapshotsAreShort(t *testing.T) {
	tick := func(s screen.Snapshot) screen.Snapshot { return s.AsOf(s.Now.Add(time.Second + 300*time.Microsecond)) }
	none := screen.Snapshot{}
	for _, test := range []struct {
		what    string
		was, is screen.Snapshot
		most    int
	}{
		{"idle", none, registered(), 200},
		{"three calls", none, talking(), 400},
		{"fifty calls of the history", none, remembering(), 3000},
		{"a second", talking(), tick(talking()), 8},
		{"a second with the counters of one call of three", talking(), measured(talking()), 26},
		{"a key", registered(), typed(registered()), 12},
		{"a key after others", typed(registered()), typed(typed(registered())), 12},
		{"nothing", remembering(), remembering(), 1},
	} {
		if _, n := crossed(t, test.was, test.is, test.was); n > test.most {
			t.Errorf("%s: %d bytes, want %d at most", test.what, n, test.most)
		} else {
			t.Logf("%s: %d bytes", test.what, n)
		}
	}
	key := coder{writes: true}
	putEvent(&key, screen.Press{Digit: "5"})
	t.Logf("a key as an event: %d bytes", len(key.data))
	if len(key.data) > 4 {
		t.Errorf("a key is %d bytes", len(key.data))
	}
}

func BenchmarkSnapshot(b *testing.B) {
	none := screen.Snapshot{}
	for name, pair := range map[string][2]screen.Snapshot{
		"idle": {none, registered()}, "calls": {none, talking()}, "history": {none, remembering()},
		"tick": {talking(), measured(talking())}, "key": {registered(), typed(registered())},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				w := coder{writes: true}
				w.state(&pair[0], &pair[1])
				r := coder{data: w.data}
				r.readState(pair[0])
				n = len(w.data)
			}
			b.ReportMetric(float64(n), "bytes")
		})
	}
}
