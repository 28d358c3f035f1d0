package scan

import (
	"strings"
	"sync"
)

// The instructions that are not like others.
const (
	opBlock        = 0x02
	opLoop         = 0x03
	opIf           = 0x04
	opElse         = 0x05
	opEnd          = 0x0b
	opBrTable      = 0x0e
	opCall         = 0x10
	opCallIndirect = 0x11
	opSelectTyped  = 0x1c
	opGlobalGet    = 0x23
	opI32Const     = 0x41
	opI64Const     = 0x42
	opF32Const     = 0x43
	opF64Const     = 0x44
	opRefNull      = 0xd0
	opRefFunc      = 0xd2
	opMisc         = 0xfc
	opVector       = 0xfd
)

// An effect is what an instruction does to the stack.
type effect struct {
	pops, pushes  int8
	known, leaves bool // after one that leaves nothing is reached
}

// effects returns those of the instructions of one byte. They are made when the first module is scanned,
// because most runs of davit scan none.
var effects = sync.OnceValue(func() *[256]effect {
	var all [256]effect
	set := func(from, to int, pops, pushes int8) {
		for op := from; op <= to; op++ {
			all[op] = effect{known: true, pops: pops, pushes: pushes}
		}
	}
	set(0x00, 0x01, 0, 0) // unreachable, nop
	set(0x0c, 0x0c, 0, 0) // br
	set(0x0d, 0x0e, 1, 0) // br_if, br_table
	set(0x0f, 0x0f, 0, 0) // return
	set(0x1a, 0x1a, 1, 0) // drop
	set(0x1b, 0x1c, 3, 1) // select
	set(0x20, 0x20, 0, 1) // local.get
	set(0x21, 0x21, 1, 0) // local.set
	set(0x22, 0x22, 1, 1) // local.tee
	set(0x23, 0x23, 0, 1) // global.get
	set(0x24, 0x24, 1, 0) // global.set
	set(0x25, 0x25, 1, 1) // table.get
	set(0x26, 0x26, 2, 0) // table.set
	set(0x28, 0x35, 1, 1) // loads
	set(0x36, 0x3e, 2, 0) // stores
	set(0x3f, 0x3f, 0, 1) // memory.size
	set(0x40, 0x40, 1, 1) // memory.grow
	set(0x41, 0x44, 0, 1) // constants
	set(0x45, 0xa6, 2, 1) // comparisons and arithmetic
	for _, unary := range [][2]int{{0x45, 0x45}, {0x50, 0x50}, {0x67, 0x69}, {0x79, 0x7b}, {0x8b, 0x91},
		{0x99, 0x9f}, {0xa7, 0xc4}} {
		set(unary[0], unary[1], 1, 1)
	}
	set(0xd0, 0xd0, 0, 1) // ref.null
	set(0xd1, 0xd1, 1, 1) // ref.is_null
	set(0xd2, 0xd2, 0, 1) // ref.func
	for _, op := range []int{0x00, 0x0c, 0x0e, 0x0f} {
		all[op].leaves = true
	}
	return &all
})

// immediates reads what comes after an instruction of one byte.
func (r *reader) immediates(op byte) {
	switch {
	case op == opBrTable:
		r.each("branches", maxBranches, 1, func() { r.u32() })
		r.u32()
	case op == opSelectTyped:
		r.each("types of one select", 1, 1, r.valueType)
	case op == 0x0c, op == 0x0d, op >= 0x20 && op <= 0x26, op == opRefFunc:
		r.u32()
	case op >= 0x28 && op <= 0x3e:
		r.memoryArgument()
	case op == 0x3f, op == 0x40:
		r.byte()
	case op == opI32Const:
		r.skipNumber(5)
	case op == opI64Const:
		r.skipNumber(10)
	case op == opF32Const:
		r.take(4, "a number")
	case op == opF64Const:
		r.take(8, "a number")
	case op == opRefNull:
		r.referenceType()
	}
}

// memoryArgument reads the alignment and the offset of a load or store.
func (r *reader) memoryArgument() {
	r.u32()
	r.u32()
}

// misc reads an instruction after the prefix 0xfc.
func (b *body) misc() {
	op := b.u32()
	switch {
	case op <= 7: // conversions
		return
	case op == 9, op == 13: // data.drop, elem.drop
		b.u32()
	case op == 15: // table.grow
		b.u32()
		b.pop(1)
	case op == 16: // table.size
		b.u32()
		b.push(1)
	case op == 11, op == 17: // fill
		b.u32()
		b.pop(3)
	case op <= 14: // init, copy
		b.u32()
		b.u32()
		b.pop(3)
	default:
		b.fail("it has an instruction that davit does not support, %#x %d", opMisc, op)
	}
}

// The instructions after the prefix 0xfd that are not like others.
const (
	vectorConst   = 12
	vectorShuffle = 13
	vectorSelect  = 82
)

// vectorUnary are the instructions after the prefix 0xfd, from 0x4d, that take one operand.
const vectorUnary = "\x4d\x53\x5e\x5f\x60\x61\x62\x63\x64\x67\x68\x69\x6a\x74\x75\x7a\x7c\x7d\x7e\x7f\x80\x81" +
	"\x83\x84\x87\x88\x89\x8a\x94\xa0\xa1\xa3\xa4\xa7\xa8\xa9\xaa\xc0\xc1\xc3\xc4\xc7\xc8\xc9\xca\xe0" +
	"\xe1\xe3\xec\xed\xef\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xff"

// vector reads an instruction after the prefix 0xfd.
func (b *body) vector() {
	op := b.u32()
	switch {
	case op > 0xff:
		b.fail("it has an instruction that davit does not support, %#x %d", opVector, op)
	case op <= 11, op >= 84 && op <= 93:
		b.vectorMemory(op)
	case op == vectorConst:
		b.take(16, "a vector")
		b.push(1)
	case op == vectorShuffle:
		b.take(16, "a vector")
		b.pop(1)
	case op == vectorSelect:
		b.pop(2)
	case op >= 21 && op <= 34:
		b.lane(op)
	case op >= 15 && op <= 20, strings.IndexByte(vectorUnary, byte(op)) >= 0: // splats
	default:
		b.pop(1)
	}
}

// vectorMemory reads a load or store of a vector, or of one lane.
func (b *body) vectorMemory(op uint32) {
	b.memoryArgument()
	lane := op >= 84 && op <= 91
	if lane {
		b.byte()
	}
	switch {
	case op == 11, op >= 88 && op <= 91: // stores
		b.pop(2)
	case lane:
		b.pop(1)
	}
}

// lane reads an instruction that reads or replaces one lane.
func (b *body) lane(op uint32) {
	b.byte()
	switch op {
	case 23, 26, 28, 30, 32, 34: // replace
		b.pop(1)
	}
}
