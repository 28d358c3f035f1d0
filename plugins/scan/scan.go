// Package scan looks through the bytes of a WebAssembly module before anything decodes them.
//
// Decoders and compilers believe what a module says: a hundred bytes can declare 10⁸ locals or 2³¹ functions,
// and they are allocated. Module reads the whole format once, in time that is linear in the size of the
// module and with memory for its types and function indices alone. It refuses counts that the bytes cannot
// hold, and sizes that no program has. It does not validate: what it accepts may still be wrong, but is not
// much larger than it looks.
//
// It knows WebAssembly 2.0 and nothing that came later.
package scan

import (
	"bytes"
	"errors"
	"fmt"
)

// The limits of a module. Some have the most that the built-in plugins, and a few modules of Rust, Zig, TinyGo
// and C, have of it.
const (
	maxModule    = 64 << 20 // bytes; 7 MB
	maxSections  = 1 << 10
	maxName      = 1 << 10 // bytes of the name of an import, export or custom section
	maxTypes     = 1 << 14 // 38
	maxArity     = 1 << 8  // parameters or results of a function or block; 11
	maxImports   = 1 << 10
	maxFunctions = 1 << 18 // 3,500
	maxTables    = 1 << 4
	maxTable     = 1 << 20 // entries of all tables
	maxPages     = 1 << 12 // of 64 KiB, at the start
	maxGlobals   = 1 << 14
	maxExports   = 1 << 16
	maxSegments  = 1 << 17
	maxElements  = 1 << 20 // of all segments
	maxBody      = 8 << 20 // bytes of a function
	maxLocals    = 1 << 12 // of a function
	maxAllLocals = 1 << 20 // 16,700
	maxDepth     = 1 << 14 // of nested blocks
	maxHeight    = 1 << 12 // of the operand stack of a function
	maxBranches  = 1 << 16 // of one br_table
)

var header = []byte("\x00asm\x01\x00\x00\x00")

// The ids of sections.
const (
	customSection = iota
	typeSection
	importSection
	functionSection
	tableSection
	memorySection
	globalSection
	exportSection
	startSection
	elementSection
	codeSection
	dataSection
	dataCountSection
)

// A module is what is known of a module so far.
type module struct {
	types     []signature
	functions []uint32 // the types of all functions, imported ones first
	imported  int
	bodies    int
	locals    int
	elements  int
	table     uint64 // entries
	effects   *[256]effect
	from      Import
	last      int // place of the last section
}

// A signature is the number of parameters and results of a function.
type signature struct{ params, results uint16 }

// An Import is what a module may import: functions of one module.
type Import struct {
	From    string
	Offered func(name string) bool
}

// Module returns what of a module may be decoded: all but its custom sections, which are for others and have
// counts of their own. The error is half a sentence ("it declares 100000000 locals in a function, more than
// 4096") and says why it must not be decoded.
func Module(data []byte, from Import) ([]byte, error) {
	rest, ok := bytes.CutPrefix(data, header)
	switch {
	case len(data) > maxModule:
		return nil, fmt.Errorf("it is larger than %d MiB", maxModule>>20)
	case !ok:
		return nil, errors.New("it is not a WebAssembly module")
	}
	m, r := &module{effects: effects(), from: from}, &reader{rest: rest}
	kept := append(make([]byte, 0, len(data)), header...)
	for n := 0; len(r.rest) > 0 && r.err == nil; n++ {
		before := r.rest
		if id := m.next(r, n); id != customSection && r.err == nil {
			kept = append(kept, before[:len(before)-len(r.rest)]...)
		}
	}
	if r.err == nil && m.bodies != len(m.functions)-m.imported {
		r.fail("it declares %d functions and has %d", len(m.functions)-m.imported, m.bodies)
	}
	return kept, r.err
}

// next scans the next section, which is the nth, and returns its id.
func (m *module) next(r *reader, n int) (id byte) {
	id = r.byte()
	body := &reader{rest: r.take(r.u32(), "a section")}
	switch place := order(id); {
	case r.err != nil:
	case n >= maxSections:
		r.fail("it has more than %d sections", maxSections)
	case id == customSection:
		r.stop(body.skipName("a section"))
	case place <= m.last:
		r.fail("its section %d is unknown, twice there or in the wrong place", id)
	default:
		m.last = place
		r.stop(m.section(id, body))
	}
	return id
}

// order returns the place of a section among those that are not custom, 0 for one that is unknown.
func order(id byte) int {
	switch {
	case id == dataCountSection:
		return 2*elementSection + 1
	case id < dataCountSection:
		return 2 * int(id)
	}
	return 0
}

// section scans one section, to its end.
func (m *module) section(id byte, r *reader) error {
	switch id {
	case typeSection:
		m.readTypes(r)
	case importSection:
		m.readImports(r)
	case functionSection:
		m.readFunctions(r)
	case tableSection:
		r.each("tables", maxTables, 3, func() { m.readTable(r) })
	case memorySection:
		r.each("memories", 1, 2, func() { readMemory(r) })
	case globalSection:
		r.each("globals", maxGlobals, 4, func() { readGlobal(r) })
	case exportSection:
		r.each("exports", maxExports, 3, func() { readExport(r) })
	case elementSection:
		r.each("element segments", maxSegments, 3, func() { m.readElements(r) })
	case codeSection:
		r.each("functions", maxFunctions, 3, func() { m.readBody(r) })
	case dataSection:
		r.each("data segments", maxSegments, 2, func() { readData(r) })
	default: // the start function, the number of data segments
		r.u32()
	}
	if r.err == nil && len(r.rest) > 0 {
		r.fail("its section %d has bytes that belong to nothing", id)
	}
	return r.err
}
