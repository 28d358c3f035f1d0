// Package moduletest makes WebAssembly modules by hand for tests: a small plugin that answers, and modules
// that no compiler makes, which attack whoever decodes, compiles or runs them.
package moduletest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

const header = "\x00asm\x01\x00\x00\x00"

// A program is a module with _start, its first function. Types 0 and 1 are () → () and that of fd_write,
// which is function 0 where imports is empty; memory has one page where it is empty.
type program struct {
	types, imports, functions, tables, memory, globals, exports, elements, bodies, data []string
}

// bytes returns the module.
func (p program) bytes() []byte {
	types := append([]string{"\x60\x00\x00", "\x60\x04\x7f\x7f\x7f\x7f\x01\x7f"}, p.types...)
	imports := p.imports
	if imports == nil {
		imports = []string{imported("fd_write", 1)}
	}
	functions := p.functions
	for len(functions) < len(p.bodies) {
		functions = append(functions, "\x00")
	}
	memory := p.memory
	if memory == nil {
		memory = []string{"\x00\x01"}
	}
	exports := append([]string{named("_start") + "\x00" + number(len(imports)), named("memory") + "\x02\x00"},
		p.exports...)
	out := []byte(header)
	for i, items := range [][]string{types, imports, functions, p.tables, memory, p.globals, exports, nil,
		p.elements, p.bodies, p.data} {
		if len(items) > 0 {
			out = append(out, section(byte(i+1), vector(items...))...)
		}
	}
	return out
}

// Good returns a plugin that answers with a plan for every project.
func Good() []byte {
	return Answering(`{"api":1,"match":true,"stack":"test","decisions":["good"]}` + "\n")
}

// Answering returns a plugin with the same answer, of at most 60,000 bytes, for every project.
func Answering(answer string) []byte {
	// one vector at 0, the text at 16, the number of bytes written at 8
	iovec := binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, 16), uint32(len(answer)))
	return program{
		bodies: []string{body(nil, write(1)+"\x1a")},
		data:   []string{datum(0, string(iovec)), datum(16, answer)},
	}.bytes()
}

// WithManifest returns a module as a plugin of a name, that is asked about every project with a file "x". The
// module may be damaged.
func WithManifest(module []byte, name string) []byte {
	text := fmt.Sprintf("name = %q\nversion = \"1\"\napi = 1\nsummary = \"s\"\ndetect = [\"x\"]\n"+
		"authority = \"inferred\"\n", name)
	return Packed(module, text)
}

// Packed returns a module with a manifest in it. Neither is checked.
func Packed(module []byte, manifest string) []byte {
	rest, _ := bytes.CutPrefix(module, []byte(header))
	return slices.Concat([]byte(header), []byte(section(0, named("davit.manifest")+manifest)), rest)
}

// number returns an unsigned number, in the encoding of WebAssembly.
func number(n int) string { return string(binary.AppendUvarint(nil, uint64(n))) }

func vector(items ...string) string { return number(len(items)) + strings.Join(items, "") }

func section(id byte, body string) string { return string(id) + number(len(body)) + body }

func named(name string) string { return number(len(name)) + name }

// imported returns an import of a function of WASI.
func imported(name string, typ int) string {
	return named("wasi_snapshot_preview1") + named(name) + "\x00" + number(typ)
}

// body returns a function. Locals are groups.
func body(locals []string, code string) string {
	return named(vector(locals...) + code + "\x0b")
}

// locals returns a group of local variables of 64 bits.
func locals(n int) string { return number(n) + "\x7e" }

// datum returns bytes that are in memory from the start.
func datum(at int, text string) string { return "\x00" + constant(at) + "\x0b" + named(text) }

// constant returns an instruction that pushes a number.
func constant(n int) string {
	out := []byte{0x41}
	for {
		b := byte(n & 0x7f)
		n >>= 7
		if n == 0 && b&0x40 == 0 || n == -1 && b&0x40 != 0 {
			return string(append(out, b))
		}
		out = append(out, b|0x80)
	}
}

// write returns code that writes what vectors at 0 say to a descriptor, and pushes the error.
func write(vectors int) string {
	return constant(1) + constant(0) + constant(vectors) + constant(8) + "\x10\x00"
}

// forever returns a loop without end.
func forever(code string) string { return "\x03\x40" + code + "\x0c\x00\x0b" }

// repeat returns a loop that runs some times. It counts in the first local.
func repeat(times int, code string) string {
	const next, less = "\x20\x00\x41\x01\x6a\x22\x00", "\x49"
	return "\x03\x40" + code + next + constant(times) + less + "\x0d\x00\x0b"
}
