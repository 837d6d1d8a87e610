package sheet

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestRuns(t *testing.T) {
	for cell, want := range map[string]bool{
		"": false, "a": false, " =1": false, "1+1": false, "a=1": false, "'=1": false, "(=1)": false,
		"=": true, "=1": true, "-": true, "-1": true, "@": true, "@x": true, "|": true, "%": true, "\t1": true, "\r1": true,
		"+": true, "+a": true, "+1a": true, "+1+1": true, "+1(2)": true, "+1-2": true, "+-1": true, "++1": true,
		"+1": false, "+44 20": false, "+0": false, "+9": false, "+ 1": false,
	} {
		if got := Runs(cell); got != want {
			t.Errorf("%q: %t, want %t", cell, got, want)
		}
	}
}

func TestWrittenBytes(t *testing.T) {
	rows := [][]string{{"Müller, A.", "+4420"}, {"=1", "two\nlines"}, {"'=1", "'x"}, {"", `5"`}}
	data, err := Write([]string{"Name", "Number"}, len(rows), func(i int) []string { return rows[i] })
	want := "Name,Number\r\n\"Müller, A.\",+4420\r\n'=1,\"two\r\nlines\"\r\n''=1,'x\r\n,\"5\"\"\"\r\n"
	if string(data) != want || err != nil {
		t.Errorf("%q, %v; want %q", data, err, want)
	}
}

// TestWhatIsWrittenIsReadBack makes cells of the signs that mean something to somebody on the way: to a spreadsheet, to CSV, or
// to the guess at delimiter and encoding.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	signs := []string{"=", "+", "-", "@", "|", "%", "'", `"`, ",", ";", "\t", "\r\n", " ", "1", "a", "ü", "€", "𝟏", "sep=;", `="`}
	for seed := range uint64(2000) {
		rnd := rand.New(rand.NewPCG(seed, 89))
		want := [][]string{{"Name", "Number", "Note"}}
		for range 1 + rnd.IntN(8) {
			row := make([]string, 3)
			for i := range row {
				var cell strings.Builder
				for range rnd.IntN(6) {
					cell.WriteString(signs[rnd.IntN(len(signs))])
				}
				row[i] = strings.TrimSpace(cell.String())
			}
			want = append(want, row)
		}
		data, err := Write(want[0], len(want)-1, func(i int) []string { return slices.Clone(want[i+1]) })
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ReadAll(data); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d: got %q, %v; want %q, written as %q", seed, got, err, want, data)
		}
	}
}

// TestOddCells reads cells that nearly are something else.
func TestOddCells(t *testing.T) {
	for cell, want := range map[string]string{
		`="`: `="`, `=""`: "", `="1"`: "1", `="1`: `="1`, `=1"`: `=1"`, `=x"`: `=x"`, "=": "=", "'": "'", "'x": "'x", "'=": "=",
		"'+4": "+4",
		"''":  "''", "''=1": "'=1", "''x": "''x", "'''=1": "''=1",
	} {
		rows, err := ReadAll([]byte("a," + cell + "\n"))
		if err != nil || len(rows) != 1 || rows[0][1] != want {
			t.Errorf("%q is read as %q, %v; want %q", cell, rows, err, want)
		}
	}
	for text, want := range map[string]int{"a\nb\n": 2, "\"\"\na\n": 1, ",\n": 1, " \n": 0, "\"\n\"\na": 1} {
		if rows, err := ReadAll([]byte(text)); len(rows) != want || err != nil {
			t.Errorf("%q has rows %q, %v; want %d", text, rows, err, want)
		}
	}
}
