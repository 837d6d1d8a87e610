package build

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"
)

// code joins instructions, each its bytes.
func code(instructions ...[]byte) []byte { return slices.Concat(instructions...) }

func in(bytes ...byte) []byte { return bytes }

// wide is a function's stack pointer with something added, as Go reckons it.
func wide(add byte) []byte {
	return in(opLocalGet, localStack, opI64Extend, opI64Const, add, opI64Add, opI32Wrap)
}

func TestCodeIsShortenedWithTheSameEffect(t *testing.T) {
	exit := in(opEnd, opI32Const, 1, opEnd)
	leave := in(opIf, noResult, opI32Const, 1, opReturn, opEnd)
	call := in(opCall, 7, opGlobalGet, 0, opLocalSet, localStack)
	storePlace := func(place ...byte) []byte {
		return code(in(opLocalGet, localStack), place, in(opI64Store, aligned8, 0, opI32Const, 0))
	}
	tests := []struct {
		name     string
		in, want []byte
	}{
		{"an address in 64 bits", code(wide(8), in(opDrop, opEnd)), in(opLocalGet, 1, opI32Const, 8, opI32Add, opDrop, opEnd)},
		{"nothing added", code(wide(0), in(opDrop, opEnd)), in(opLocalGet, 1, opDrop, opEnd)},
		{"more than 32 bits added", in(opLocalGet, 1, opI64Extend, opI64Const, 0x85, 0x80, 0x80, 0x80, 0x10, opI64Add, opI32Wrap,
			opDrop, opEnd),
			in(opLocalGet, 1, opI32Const, 5, opI32Add, opDrop, opEnd)},
		{"a cut of what was widened", in(opLocalGet, 1, opI64Extend, opI32Wrap, opDrop, opEnd), in(opLocalGet, 1, opDrop, opEnd)},
		{"a test of a test", in(opLocalGet, 2, opI64Eqz, opI64Extend, opI64Eqz, opDrop, opEnd),
			in(opLocalGet, 2, opI64Eqz, opI32Eqz, opDrop, opEnd)},
		{"an address that is loaded from", code(wide(8), in(opI64Load, aligned8, 16, opLocalSet, 2, opEnd)),
			in(opLocalGet, 1, opI64Load, aligned8, 24, opLocalSet, 2, opEnd)},
		{"one that is stored to, with another within",
			code(wide(8), wide(16), in(opI64Load, aligned8, 0, opI64Store, aligned8, 1, opEnd)),
			in(opLocalGet, 1, opLocalGet, 1, opI64Load, aligned8, 16, opI64Store, aligned8, 9, opEnd)},
		{"one that is stored", code(in(opLocalGet, 1), wide(8), in(opI32Store, aligned4, 0, opEnd)),
			in(opLocalGet, 1, opLocalGet, 1, opI32Const, 8, opI32Add, opI32Store, aligned4, 0, opEnd)},
		{"one that is reckoned on with", code(wide(8), in(opI32Const, 4, opI32Add, opI64Load, aligned8, 0, opDrop, opEnd)),
			in(opLocalGet, 1, opI32Const, 8, opI32Add, opI32Const, 4, opI32Add, opI64Load, aligned8, 0, opDrop, opEnd)},
		{"something taken away", code(wide(0x78), in(opI64Load, aligned8, 0, opDrop, opEnd)),
			in(opLocalGet, 1, opI32Const, 0x78, opI32Add, opI64Load, aligned8, 0, opDrop, opEnd)},
		{"an address of another local", in(opLocalGet, 0, opI32Const, 8, opI32Add, opI64Load, aligned8, 0, opDrop, opEnd),
			in(opLocalGet, 0, opI32Const, 8, opI32Add, opI64Load, aligned8, 0, opDrop, opEnd)},
		{"a call within the value", code(wide(8), in(opI32Const, 0, opCall, 3, opI64Extend, opI64Store, aligned8, 0, opEnd)),
			in(opLocalGet, 1, opI32Const, 8, opI32Add, opI32Const, 0, opCall, 3, opI64Extend, opI64Store, aligned8, 0, opEnd)},
		{"a branch after a call", code(in(opBlock, noResult, opLoop, noResult), call, in(opBranchIf, 1, opEnd), exit),
			code(in(opBlock, noResult, opLoop, noResult), call, leave, in(opEnd), exit)},
		{"one to a nearer block", code(in(opBlock, noResult, opLoop, noResult), call, in(opBranchIf, 0, opEnd), exit),
			code(in(opBlock, noResult, opLoop, noResult), call, in(opBranchIf, 0, opEnd), exit)},
		{"one to a block before the last", code(in(opBlock, noResult), call, in(opBranchIf, 0, opEnd, opBlock, noResult), exit),
			code(in(opBlock, noResult), call, in(opBranchIf, 0, opEnd, opBlock, noResult), exit)},
		{"one that is not after a call", code(in(opBlock, noResult, opLocalGet, 0, opBranchIf, 0), exit),
			code(in(opBlock, noResult, opLocalGet, 0, opBranchIf, 0), exit)},
		{"one where 0 is returned", code(in(opBlock, noResult), call, in(opBranchIf, 0, opEnd, opI32Const, 0, opEnd)),
			code(in(opBlock, noResult), call, in(opBranchIf, 0, opEnd, opI32Const, 0, opEnd))},
		{"places that are returned to", code(storePlace(opI64Const, 0x81, 0x80, 0x0c), in(opCall, 7), in(opLocalSet, 2),
			storePlace(opI64Const, 0x82, 0x80, 0x0c), in(opCall, 8, opLocalTee, 3, opEnd)),
			code(in(opI64Const, 0x80, 0x80, 0x0c, opLocalSet, 2), storePlace(opLocalGet, 2, opI64Const, 1, opI64Or),
				in(opCall, 7, opLocalSet, 3),
				storePlace(opLocalGet, 2, opI64Const, 2, opI64Or), in(opCall, 8, opLocalTee, 4, opEnd))},
		{"one of another function", code(storePlace(opI64Const, 0x81, 0x80, 0x0c), in(opCall, 7),
			storePlace(opI64Const, 0x81, 0x80, 0x10), in(opEnd)),
			code(in(opI64Const, 0x80, 0x80, 0x0c, opLocalSet, 2), storePlace(opLocalGet, 2, opI64Const, 1, opI64Or),
				in(opCall, 7),
				storePlace(opI64Const, 0x81, 0x80, 0x10), in(opEnd))},
	}
	for _, test := range tests {
		f, err := readFunction(append([]byte{2, 1, i32Type, 2, i64Type}, test.in...))
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		f.shorten(true)
		locals := []byte{2, 1, i32Type, 2, i64Type}
		if bytes.Contains(test.want, []byte{opI64Or}) {
			locals = []byte{3, 1, i32Type, 1, i64Type, 2, i64Type}
		}
		if got, want := f.bytes(), append(locals, test.want...); !bytes.Equal(got, want) {
			t.Errorf("%s: got\n%x, want\n%x", test.name, got, want)
		}
	}
}

func TestFunctionsOfOtherTypesKeepTheirLocalsAndBranches(t *testing.T) {
	body := code(in(1, 1, i32Type, opBlock, noResult, opLocalGet, 1, opI64Const, 0x81, 0x80, 0x0c, opI64Store, aligned8, 0,
		opI32Const, 0,
		opCall, 7, opGlobalGet, 0, opLocalSet, 1, opBranchIf, 0, opEnd, opI32Const, 1, opEnd))
	f, err := readFunction(body)
	if err != nil {
		t.Fatal(err)
	}
	if f.shorten(false); !bytes.Equal(f.bytes(), body) {
		t.Errorf("got %x, want %x", f.bytes(), body)
	}
}

// Each function of a real program is read and written as it was.
func TestInstructionsComeBack(t *testing.T) {
	root, err := moduleRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	program, err := joined(t, root, filepath.Join(t.TempDir(), "trace.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	sections, err := readSections(program)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(sections, func(s section) bool { return s.id == codeSection })
	r := reader{sections[at].body}
	count, _ := r.unsigned()
	for range count {
		body, err := r.sized()
		if err != nil {
			t.Fatal(err)
		}
		f, err := readFunction(body)
		if err != nil || !bytes.Equal(f.bytes(), body) {
			t.Fatalf("a function of %d bytes does not come back: %v", len(body), err)
		}
	}
	if count < 1000 {
		t.Errorf("%d functions", count)
	}
}

func TestCodeThatCannotBeReadIsNotShortened(t *testing.T) {
	types, functions := section{typeSection, append([]byte{1}, goFunction...)}, section{functionSection, []byte{1, 0}}
	body := func(b ...byte) section { return section{codeSection, append([]byte{1, byte(len(b))}, b...)} }
	if _, err := shortenCode(writeSections([]section{types, functions, body(0, opI32Const, 1, opEnd)})); err != nil {
		t.Fatal(err)
	}
	for name, sections := range map[string][]section{
		"an instruction Go does not write": {types, functions, body(0, 0x1f, opEnd)},
		"a further one":                    {types, functions, body(0, opMore, 9, opEnd)},
		"a vector":                         {types, functions, body(0, 0xfd, 0, opEnd)},
		"a constant cut short":             {types, functions, body(0, opI32Const)},
		"a number cut short":               {types, functions, body(0, opF64Const, 0)},
		"locals cut short":                 {types, functions, body(2, 1)},
		"a table cut short":                {types, functions, body(0, opBranchTable, 9, 0)},
		"fewer bodies than functions":      {types, {functionSection, []byte{2, 0, 0}}, body(0, opEnd)},
		"a type there is not":              {types, {functionSection, []byte{1, 7}}, body(0, opEnd)},
		"types cut short":                  {{typeSection, []byte{1, functionType, 9}}, functions, body(0, opEnd)},
		"what is no type of a function":    {{typeSection, []byte{1, 0x5f, 0, 0}}, functions, body(0, opEnd)},
	} {
		if _, err := shortenCode(writeSections(sections)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
