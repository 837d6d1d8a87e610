package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

var cells = []string{"a", "Müller", "+44 20 7946 0000", `5" pipe`, "two\nlines", "a,b", "a;b", "a|b", "tab\there", `""`, "山田",
	"0123", "x=1", "-", "", "", "long " + strings.Repeat("word ", 50)}

func rowsByChance(rnd *rand.Rand) [][]string {
	rows := make([][]string, 1+rnd.IntN(12))
	width := 2 + rnd.IntN(6)
	for i := range rows {
		rows[i] = make([]string, width)
		for j := range rows[i] {
			rows[i][j] = strings.TrimSpace(cells[rnd.IntN(len(cells))])
		}
	}
	rows[0][0] = "head" // a first row of nothing says nothing about the delimiter
	return rows
}

// TestTablesOfAnyShapeAreRead writes tables by chance as another program does, and reads them: every cell is where it was, and
// each row tells the line it begins at.
func TestTablesOfAnyShapeAreRead(t *testing.T) {
	for seed := range uint64(400) {
		rnd := rand.New(rand.NewPCG(seed, 83))
		want, delimiter := rowsByChance(rnd), []rune(",;\t|")[rnd.IntN(4)]
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Comma = delimiter
		if err := w.WriteAll(want); err != nil {
			t.Fatal(err)
		}
		text := "sep=" + string(delimiter) + "\n" + b.String()
		r, err := NewReader([]byte(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		at := 2
		for i := 0; ; i++ {
			row, line, err := r.Next()
			if errors.Is(err, io.EOF) {
				if i != len(want) {
					t.Fatalf("seed %d: %d rows of %d in %q", seed, i, len(want), text)
				}
				break
			}
			if err != nil || i >= len(want) || !slices.Equal(row, want[i]) || line != at {
				t.Fatalf("seed %d: row %d at line %d: %q, %v; want %q at line %d in %q", seed, i, line, row, err, want[i], at,
					text)
			}
			at += 1 + strings.Count(strings.Join(row, ""), "\n")
		}
	}
}

// TestNothingThatIsWrittenRuns writes what a spreadsheet would run in any cell, and reads it back as it was.
func TestNothingThatIsWrittenRuns(t *testing.T) {
	var want [][]string
	for _, start := range []string{"=", "+", "-", "@", "|", "%"} {
		for _, rest := range []string{"", "1", "cmd", "1+1", "SUM(A1)", " 1", "44 20 7946 0000", "=1", `"x"`} {
			want = append(want, []string{start + rest, "between", strings.TrimSpace(rest + start)})
		}
	}
	data, err := Write([]string{"a", "b", "c"}, len(want), func(i int) []string { return slices.Clone(want[i]) })
	if err != nil {
		t.Fatal(err)
	}
	raw, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(raw) != len(want)+1 {
		t.Fatalf("%d rows, %v", len(raw), err)
	}
	got, err := ReadAll(data)
	if err != nil || len(got) != len(want)+1 {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	for i, row := range want {
		for j, cell := range raw[i+1] {
			if Runs(cell) {
				t.Errorf("%q is written as %q, which runs", row[j], cell)
			}
		}
		if !slices.Equal(got[i+1], row) {
			t.Errorf("got %q, want %q", got[i+1], row)
		}
	}
	const number = "+44 20 7946 0000"
	if raw[1+slices.IndexFunc(want, func(r []string) bool { return r[0] == number })][0] != number {
		t.Error("a plain number is guarded")
	}
}

// TestDelimiterIsGuessed reads tables without a word about their delimiter, with the other ones inside quotation marks.
func TestDelimiterIsGuessed(t *testing.T) {
	for _, delimiter := range ",;\t|" {
		for _, inside := range ",;\t|" {
			d := string(delimiter)
			quoted := `"` + strings.Repeat(string(inside), 9) + `"`
			text := "a" + d + "b" + d + quoted + "\n" + strings.Repeat("c"+d+"d"+d+quoted+"\n", 30)
			r, err := NewReader([]byte(text), nil)
			if err != nil || r.Delimiter != delimiter {
				t.Errorf("with %q in quotation marks: %q, %v; want %q", inside, r.Delimiter, err, delimiter)
			}
		}
	}
}
