package wire

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

const corpusDir = "../../../../testdata/sip"

// testCase is one file of the corpus: a header of "name: value" lines, an empty line, and the message octet by octet.
type testCase struct {
	name   string
	expect string // "accept", "reject CODE" or "drop"
	why    string
	data   []byte
}

func corpus(t testing.TB) []testCase {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(corpusDir, "*", "*.sip"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus in %s: %v", corpusDir, err)
	}
	var cases []testCase
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, data, ok := bytes.Cut(raw, []byte("\n\n"))
		if !ok {
			t.Fatalf("%s: no header", file)
		}
		c := testCase{name: filepath.Base(filepath.Dir(file)) + "/" + strings.TrimSuffix(filepath.Base(file), ".sip"), data: data}
		for line := range strings.SplitSeq(string(head), "\n") {
			switch name, value, _ := strings.Cut(line, ": "); name {
			case "expect":
				c.expect = value
			case "why":
				c.why = value
			}
		}
		if c.expect == "" || c.why == "" {
			t.Fatalf("%s: no expect or why", file)
		}
		cases = append(cases, c)
	}
	return cases
}

// verdict says what Parse decided, in the words of the corpus.
func verdict(msg sip.Message, err error) string {
	if err == nil {
		return "accept"
	}
	var e *Error
	switch {
	case !errors.As(err, &e):
		return "not an *Error: " + err.Error()
	case e.Code == 0 && e.Request != nil:
		return "dropped, but with a request"
	case e.Code == 0:
		return "drop"
	case e.Request == nil:
		return "refused, but without a request"
	}
	return fmt.Sprintf("reject %d", e.Code)
}

func TestCorpus(t *testing.T) {
	cases := corpus(t)
	if len(cases) < 61 {
		t.Errorf("%d messages in the corpus, want the 49 of RFC 4475 and the 12 of RFC 5118 at least", len(cases))
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			msg, err := Parse(c.data)
			if got := verdict(msg, err); got != c.expect {
				t.Fatalf("got %s (%v), want %s: %s", got, err, c.expect, c.why)
			}
			if err != nil {
				return
			}
			out, err := Serialize(msg)
			if err != nil {
				t.Fatalf("what was accepted must go out again: %v", err)
			}
			again, err := Parse(out)
			if err != nil {
				t.Fatalf("what was written must be read again: %v\n%s", err, out)
			}
			wantSame(t, "after writing and reading", again, msg)
		})
	}
}
