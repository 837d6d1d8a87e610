package sheet

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// TestHugeRowsCostLittle holds what somebody may send to be read, not to be finished: there is a pause between any two pieces
// of the file, and a row of 32 MB is refused as fast as one of 4 MB. Times are compared with each other, the best of as many as
// it takes, so that a busy machine changes nothing.
func TestHugeRowsCostLittle(t *testing.T) {
	size := 32 << 20
	if testing.Short() {
		size /= 2
	}
	for _, part := range []string{",", "\"\"", "x", " ", "\"", ";,", "\"\","} {
		small, large := hugeRow(t, part, size/8), hugeRow(t, part, size)
		leastSmall, leastLarge := time.Hour, time.Hour
		for n := 0; n < 5 || n < 100 && leastLarge > 4*leastSmall+100*time.Microsecond; n++ {
			leastSmall, leastLarge = min(leastSmall, refused(t, small)), min(leastLarge, refused(t, large))
		}
		if leastLarge > 4*leastSmall+100*time.Microsecond {
			t.Errorf("%q: %d MB are refused in %v, an eighth in %v", part, size>>20, leastLarge, leastSmall)
		}
	}
}

// hugeRow begins to read a row of so many bytes.
func hugeRow(t *testing.T, part string, size int) Reader {
	t.Helper()
	pauses := 0
	r, err := NewReader([]byte(strings.Repeat(part, size/len(part))), func() { pauses++ })
	if err != nil {
		t.Fatal(err)
	}
	if want := size/piece - 1; pauses < want {
		t.Errorf("%q: %d pauses in %d MB, want %d", part, pauses, size>>20, want)
	}
	return *r
}

// refused is how long it takes to refuse a row.
func refused(t *testing.T, r Reader) time.Duration {
	t.Helper()
	begin := time.Now()
	row, _, err := r.Next()
	took := time.Since(begin)
	if err == nil || errors.Is(err, io.EOF) {
		t.Fatalf("a row of %d cells is taken", len(row))
	}
	return took
}

// TestRowsOfTheGreatestLength are one byte away from being refused.
func TestRowsOfTheGreatestLength(t *testing.T) {
	for _, c := range []struct {
		bytes int
		taken bool
	}{{MaxRow - 1, true}, {MaxRow, true}, {MaxRow + 1, false}, {MaxRow + 2, false}} {
		for _, cell := range []string{"x,", "xyz,"} {
			row := strings.Repeat(cell, c.bytes/len(cell))
			row += strings.Repeat("x", c.bytes-len(row))
			rows, err := ReadAll([]byte(row))
			if (err == nil) != c.taken {
				t.Errorf("a row of %d bytes: %d rows, %v; want taken %t", c.bytes, len(rows), err, c.taken)
			}
		}
	}
}

// TestFaultsNameTheirLine counts the ends of lines of each system in front of what is no text, and of what does not end.
func TestFaultsNameTheirLine(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", "\r"} {
		for _, before := range []int{0, 1, 2, 7} {
			for name, c := range map[string]string{"zero": "\x00", "open": "\"a"} {
				text := strings.Repeat("a,b"+end, before) + c
				_, err := ReadAll([]byte(text))
				var fault *Error
				if !errors.As(err, &fault) || fault.Line != before+1 ||
					!strings.Contains(err.Error(), fmt.Sprint("line ", before+1)) {
					t.Errorf("%s in %q: %v, want line %d", name, text, err, before+1)
				}
			}
		}
	}
	if _, err := ReadAll([]byte("%PDF-")); err == nil || err.Error() != "sheet: the file is a PDF" {
		t.Errorf("%v, want the whole file to be named", err)
	}
}

// TestLinesOfCellsAreCounted puts ends of lines of all systems into one cell.
func TestLinesOfCellsAreCounted(t *testing.T) {
	for cell, want := range map[string]int{"a": 2, "a\nb": 3, "a\rb": 3, "a\r\nb": 3, "a\rb\nc": 4, "a\r\nb\nc": 4, "\n\r\n\r": 5,
		"\r\r\n": 4} {
		r, err := NewReader([]byte("\"x\""+",\""+cell+"\"\nnext,row\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, line, err := r.Next(); line != 1 || err != nil {
			t.Fatal(line, err)
		}
		if _, line, err := r.Next(); line != want || err != nil {
			t.Errorf("behind %q comes line %d, %v; want %d", cell, line, err, want)
		}
	}
}
