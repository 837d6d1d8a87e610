package screen

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// TestWindowHoldsWhatIsSeen draws lists of any length, scrolled anywhere, in windows of any height.
func TestWindowHoldsWhatIsSeen(t *testing.T) {
	for seed := range uint64(5000) {
		rnd := rand.New(rand.NewPCG(seed, 157))
		p := ContactsPane{Found: rnd.IntN(300), First: rnd.IntN(320) - 10, Height: rnd.IntN(4000),
			Row: []int{0, 40, 64, 90}[rnd.IntN(4)], Total: 300}
		from, to := p.Window()
		if from < 0 || to > p.Found || from > to {
			t.Fatalf("seed %d: %+v draws %d to %d", seed, p, from, to)
		}
		row := choose(p.Row > 0, p.Row, rowHeight)
		if p.RowHeight() != row {
			t.Fatalf("seed %d: rows of %d pixels, want %d", seed, p.RowHeight(), row)
		}
		first := min(max(0, p.First), max(0, p.Found-1))
		for at := first; at < min(p.Found, first+p.Height/row+1); at++ {
			if scrolled := at >= from && at < to; !scrolled && first+p.Height/row+1 <= p.Found {
				t.Fatalf("seed %d: %+v draws %d to %d, but row %d is seen", seed, p, from, to, at)
			}
		}
		most := max(rowsSeen, p.Height/row+2) + 2*rowsAround
		if to-from > most {
			t.Fatalf("seed %d: %+v draws %d rows", seed, p, to-from)
		}
		if spare := p.Spare(); spare < 0 || to-from+spare < min(p.Total, max(rowsSeen, p.Height/row+2)+rowStep) {
			t.Fatalf("seed %d: %+v keeps %d rows beside %d", seed, p, spare, to-from)
		}
		for _, by := range []int{-rowStep, 1 - rowStep, 0, rowStep - 1, rowStep} {
			if near := by > -rowStep && by < rowStep; p.Near(p.First+by) != near {
				t.Fatalf("seed %d: %d rows on is near: %t", seed, by, !near)
			}
		}
	}
}

// TestListsAtTheirEdges pins where the window of rows begins and ends.
func TestListsAtTheirEdges(t *testing.T) {
	for _, c := range []struct{ found, first, height, from, to int }{
		{0, 0, 0, 0, 0}, {5, 0, 0, 0, 5}, {28, 0, 0, 0, 28}, {29, 0, 0, 0, 28}, {100, 0, 0, 0, 28}, {100, -5, 0, 0, 28},
		{100, 1, 0, 0, 35}, {100, 14, 0, 0, 48}, {100, 15, 0, 1, 49}, {100, 50, 0, 36, 84}, {100, 80, 0, 66, 100},
		{100, 99, 0, 66, 100}, {100, 500, 0, 66, 100},
		{20, 3, 0, 0, 20}, {100, 0, 64 * 18, 0, 28}, {100, 0, 64 * 19, 0, 29}, {100, 0, 64 * 200, 0, 100},
	} {
		p := ContactsPane{Found: c.found, First: c.first, Height: c.height}
		if from, to := p.Window(); from != c.from || to != c.to {
			t.Errorf("%d found, row %d in %d pixels: %d to %d, want %d to %d", c.found, c.first, c.height, from, to, c.from, c.to)
		}
	}
}

// TestInitialsAreLettersOfTheName takes names by chance.
func TestInitialsAreLettersOfTheName(t *testing.T) {
	parts := []string{"ann", "Lee", "Ünal", "مكتب", "山田", "(desk)", "12", "-", "o'neill", "é́", "\u200d", "ß", "de", "", "\xff",
		"3com"}
	for seed := range uint64(3000) {
		rnd := rand.New(rand.NewPCG(seed, 163))
		var words []string
		for range rnd.IntN(5) {
			words = append(words, parts[rnd.IntN(len(parts))])
		}
		name := strings.Join(words, []string{" ", "  ", "\t"}[rnd.IntN(3)])
		got := Initials(name)
		if n := utf8.RuneCountInString(got); n > 2 || !utf8.ValidString(got) {
			t.Fatalf("%q has the initials %q", name, got)
		}
		for _, r := range got {
			if !unicode.IsLetter(r) || !strings.ContainsRune(strings.ToUpper(name), r) && !strings.ContainsRune(name, r) {
				t.Fatalf("%q has the initials %q", name, got)
			}
		}
		if letters := strings.ContainsFunc(name, unicode.IsLetter); letters != (got != "") {
			t.Fatalf("%q has letters %t and the initials %q", name, letters, got)
		}
	}
	for name, want := range map[string]string{"Ann": "A", "Ann Lee": "AL", "Ann Marie Lee": "AL", "a": "A", "1 2": "",
		"(Ann) [Lee]": "AL", "Ann 12": "A", "12 Ann": "A"} {
		if got := Initials(name); got != want {
			t.Errorf("%q has the initials %q, want %q", name, got, want)
		}
	}
}

// TestCodecsOfferedStayAllThere chooses codecs by chance: each that the operator leaves stands there once, in the user's order
// first, and one of them is on.
func TestCodecsOfferedStayAllThere(t *testing.T) {
	names := []string{"opus", "G722", "PCMU", "PCMA"}
	for seed := range uint64(3000) {
		rnd := rand.New(rand.NewPCG(seed, 167))
		var s Settings
		for _, i := range rnd.Perm(4)[:rnd.IntN(5)] {
			s.Offered = append(s.Offered, names[i])
		}
		var chosen []string
		for range rnd.IntN(7) {
			chosen = append(chosen, []string{"", "-"}[rnd.IntN(2)]+append(names, "G729", "-", "")[rnd.IntN(7)])
		}
		s.Codecs = strings.Join(chosen, " ")
		list := s.CodecList()
		var got []string
		on := 0
		for _, c := range list {
			got = append(got, c.Name)
			on += choose(c.Off, 0, 1)
			if first := slices.IndexFunc(chosen, func(n string) bool {
				return strings.TrimPrefix(n,
					"-") == c.Name
			}); first < 0 && c.Off {
				t.Fatalf("seed %d: %q is off, and nobody chose that: %q", seed, c.Name, s.Codecs)
			}
		}
		sorted, offered := slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(s.Offered))
		if !slices.Equal(sorted, offered) || len(list) > 0 && on == 0 {
			t.Fatalf("seed %d: of %q with %q there are %+v", seed, s.Offered, s.Codecs, list)
		}
		again := s
		again.Codecs = ""
		for _, c := range list {
			again.Codecs += choose(c.Off, " -", " ") + c.Name
		}
		if !slices.Equal(again.CodecList(), list) {
			t.Fatalf("seed %d: chosen as they stand there they become %+v, not %+v", seed, again.CodecList(), list)
		}
	}
}

// TestDevicesArePluggedByKind looks for a device among those of its kind.
func TestDevicesArePluggedByKind(t *testing.T) {
	mic, other, speaker, nameless := Device{ID: "m", Kind: Microphone}, Device{ID: "m2", Kind: Microphone},
		Device{ID: "s", Kind: Speaker}, Device{Kind: Microphone}
	for name, c := range map[string]struct {
		devices []Device
		want    Audio
	}{
		"both there":          {[]Device{mic, speaker}, Audio{DeviceID: "m", SpeakerID: "s"}},
		"none known":          {nil, Audio{DeviceID: "m", SpeakerID: "s"}},
		"without names":       {[]Device{nameless, {Kind: Speaker}}, Audio{DeviceID: "m", SpeakerID: "s"}},
		"another microphone":  {[]Device{other, speaker}, Audio{SpeakerID: "s"}},
		"no speaker known":    {[]Device{mic}, Audio{DeviceID: "m", SpeakerID: "s"}},
		"the ID of a speaker": {[]Device{other, {ID: "m", Kind: Speaker}}, Audio{}},
	} {
		s := Settings{Devices: c.devices}
		s.Choice.Microphone, s.Choice.Speaker, s.Ringer = "m", "s", "s"
		if got := s.Audio(); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
		if got := OutputsOf(Snapshot{Shared: Shared{Settings: s}}); got.Ringer != c.want.SpeakerID ||
			got.Speaker != c.want.SpeakerID {
			t.Errorf("%s: what rings goes to %+v", name, got)
		}
	}
	s := Settings{}
	s.NoEcho, s.NoNoise, s.NoGain = true, false, true
	if got := s.Audio(); !got.NoEchoCancellation || got.NoNoiseSuppression || !got.NoAutoGainControl {
		t.Errorf("%+v", got)
	}
}
