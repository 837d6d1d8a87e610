package build

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// atStart instantiates a program and writes a part of its memory before anything of it is called.
const atStart = `
const [path, from, size] = process.argv.slice(1);
const none = { gojs: new Proxy({}, { get: () => () => { throw new Error("called"); } }) };
WebAssembly.instantiate(require("fs").readFileSync(path), none).then(({ instance }) => {
	process.stdout.write(Buffer.from(instance.exports.mem.buffer, Number(from), Number(size)));
});`

func TestDifferencesAreSumsAgainBeforeTheProgramRuns(t *testing.T) {
	root, err := moduleRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "trace.wasm")
	program, err := joined(t, root, path)
	if err != nil {
		t.Fatal(err)
	}
	want := memory(t, program)
	changed, err := addDifferences(bytes.Clone(program))
	if err != nil {
		t.Fatal(err)
	}
	if written := memory(t, changed); written.at != want.at || bytes.Equal(written.content, want.content) {
		t.Error("no differences are written")
	}
	if err := os.WriteFile(path, changed, 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := exec.CommandContext(t.Context(), "node", "-e", atStart, path, fmt.Sprint(want.at), fmt.Sprint(len(want.content))).
		Output()
	if err != nil || !bytes.Equal(got, want.content) {
		t.Errorf("the memory at the start is not that of the program: %d of %d bytes, %v", len(got), len(want.content), err)
	}
}

// TestProgramIsTheSameAgain compiles over what lies there already, as every build but the first does.
func TestProgramIsTheSameAgain(t *testing.T) {
	root, err := moduleRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "trace.wasm")
	var first []byte
	for i := range 3 {
		program, err := CompileWasm(t.Context(), root, tracePackage, path)
		if err != nil {
			t.Fatalf("compiled %d times already: %v", i, err)
		}
		if first == nil {
			first = program
		}
		if written, err := os.ReadFile(path); err != nil || !bytes.Equal(program, first) || !bytes.Equal(written, first) {
			t.Errorf("compiled %d times already: %d bytes and %d in the file, want the same %d", i, len(program), len(written),
				len(first))
		}
	}
}

// memory returns the data of a joined program.
func memory(t *testing.T, program []byte) segment {
	t.Helper()
	sections, err := readSections(program)
	if err != nil {
		t.Fatal(err)
	}
	for _, each := range sections {
		if each.id == dataSection {
			r := reader{each.body[1:]}
			s, err := r.segment()
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	}
	t.Fatal("no data")
	return segment{}
}

func TestStartIsNotAddedToWhatCannotBeRead(t *testing.T) {
	types, imports := section{typeSection, []byte{0}}, section{importSection, []byte{1, 1, 'a', 1, 'b', 0, 0}}
	functions, elements := section{functionSection, []byte{1, 0}}, section{elementSection, []byte{0}}
	code := section{codeSection, []byte{1, 2, 0, opEnd}}
	got, err := withStart(writeSections([]section{types, imports, functions, elements, code}), []byte{0, opEnd})
	want := writeSections([]section{{typeSection, []byte{1, functionType, 0, 0}}, imports, {functionSection, []byte{2, 0, 0}},
		{startSection, []byte{2}}, elements, {codeSection, []byte{2, 2, 0, opEnd, 2, 0, opEnd}}})
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("got %x, %v; want %x", got, err, want)
	}
	for name, sections := range map[string][]section{
		"a start":              {types, imports, functions, {startSection, []byte{0}}, elements, code},
		"no elements":          {types, imports, functions, code},
		"no functions":         {types, imports, elements, code},
		"types without number": {{typeSection, nil}, imports, functions, elements, code},
		"an imported memory":   {types, {importSection, []byte{1, 1, 'a', 1, 'b', 2, 0}}, functions, elements, code},
		"imports cut short":    {types, {importSection, []byte{1, 1, 'a', 1}}, functions, elements, code},
	} {
		if _, err := withStart(writeSections(sections), []byte{0, opEnd}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := addDifferences(writeSections([]section{types, imports, functions, elements, code})); err == nil {
		t.Error("a program without a table of functions: no error")
	}
}

// joined returns the program that traces itself with its data in one place.
func joined(t *testing.T, root, path string) ([]byte, error) {
	t.Helper()
	program, err := compileTrimmed(t.Context(), root, tracePackage, path)
	if err != nil {
		return nil, err
	}
	return joinData(program)
}
