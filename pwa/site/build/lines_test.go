package build

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const tracePackage = "./pwa/site/build/testdata/trace"

// run runs a program under Node.js and returns what it writes on its error output.
func run(t *testing.T, program string) string {
	t.Helper()
	goroot, err := goCommand(t.Context(), "", nil, "env", "GOROOT")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(strings.TrimSpace(string(goroot)), "lib", "wasm", "go_js_wasm_exec"),
		program)
	var output bytes.Buffer
	cmd.Stderr = &output
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, output.Bytes())
	}
	return output.String()
}

func TestTraceOfThePublishedProgramGetsItsLinesBack(t *testing.T) {
	root, err := moduleRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "trace.wasm")
	if _, err := CompileWasm(t.Context(), root, tracePackage, path); err != nil {
		t.Fatal(err)
	}
	trace := run(t, path)
	if strings.Contains(trace, ".go:") || !strings.Contains(trace, "main.deep(") {
		t.Errorf("want the functions without lines:\n%.600s", trace)
	}
	whole, err := Lines(t.Context(), Options{Main: tracePackage, Work: t.TempDir()}, trace)
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("testdata/trace/main.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"return none[count]", "return deep(&own", "deep(nil, 500)", "debug.Stack()"} {
		above, _, _ := bytes.Cut(source, []byte(code))
		if want := fmt.Sprintf("trace/main.go:%d +0x", 1+bytes.Count(above, []byte("\n"))); !strings.Contains(whole, want) {
			t.Errorf("%s is not at %s:\n%.900s", code, want, whole)
		}
	}
	if rest := strings.Count(whole, "?:0"); rest > 0 {
		t.Errorf("%d calls without a line:\n%.900s", rest, whole)
	}
}

func TestTraceOfAnotherProgramStaysAsItIs(t *testing.T) {
	trace := "goroutine 7 [running]:\nother.f(...)\n\t?:0 +0x12\nmain.main()\n\t?:0 +0xg\nmain.main()\n\tmain.go:7 +0x1f\n?:0 " +
		"+0x1"
	got, err := Lines(t.Context(), Options{Main: tracePackage, Work: t.TempDir()}, trace)
	if err != nil || got != trace {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestLinesAreNotDroppedFromWhatCannotBeRead(t *testing.T) {
	number := binary.LittleEndian.AppendUint64
	table := func(count, units, values, entries uint64, rest string) []byte {
		out := []byte(tableMark)
		for _, n := range []uint64{count, 0, 0, tableHead, units, units, values, entries} {
			out = number(out, n)
		}
		return append(out, rest...)
	}
	entry := strings.Repeat("\x01\x00\x00\x00", entryHead/4-1) + "\x00\x00\x00\x00"
	good := "nnnnuuuuxvvv" + "\x00\x00\x00\x00\x08\x00\x00\x00" + strings.ReplaceAll(entry, "\x01", "\x00")
	if err := dropLines(table(1, 76, 80, 84, good)); err != nil {
		t.Fatalf("what can be read: %v", err)
	}
	for name, program := range map[string][]byte{
		"no table":                 []byte("no table"),
		"two tables":               append(table(1, 76, 80, 84, good), tableMark...),
		"a head cut short":         table(1, 76, 80, 84, good)[:60],
		"parts in another order":   table(1, 80, 76, 84, good),
		"entries behind the end":   table(1, 76, 80, 8400, good),
		"more functions than fit":  table(1<<31, 76, 80, 84, good),
		"an entry behind the end":  table(1, 76, 80, 84, "nnnnuuuuxvvv\x00\x00\x00\x00\xff\x00\x00\x00"+entry),
		"an entry within the list": table(1, 76, 80, 84, "nnnnuuuuxvvv\x00\x00\x00\x00\x00\x00\x00\x00"+entry),
		"values without an end":    table(1, 76, 80, 84, "nnnnuuuuxvvv\x00\x00\x00\x00\x08\x00\x00\x00"+entry+"\x00\x00\x00\x00"),
		"further values that do not fit": table(1, 76, 80, 84, "nnnnuuuuxvvv\x00\x00\x00\x00\x08\x00\x00\x00"+
			strings.Repeat("\x00", entryCount)+"\xff\xff\xff\xff"+strings.Repeat("\x00", 12)),
	} {
		if err := dropLines(program); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
