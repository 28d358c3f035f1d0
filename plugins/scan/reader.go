package scan

import (
	"errors"
	"fmt"
)

var errCut = errors.New("the module is truncated")

// A reader reads what is in a section. After the first fault it returns zeros and has nothing more to read.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) fail(format string, args ...any) { r.stop(fmt.Errorf(format, args...)) }

// stop ends the reading, if there is an error.
func (r *reader) stop(err error) {
	if r.err == nil {
		r.err = err
	}
	if r.err != nil {
		r.rest = nil
	}
}

func (r *reader) byte() byte {
	if len(r.rest) == 0 {
		r.stop(errCut)
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

// u32 reads an unsigned number of 32 bits.
func (r *reader) u32() (v uint32) {
	if len(r.rest) > 0 && r.rest[0] < 0x80 { // most are so small
		v = uint32(r.rest[0])
		r.rest = r.rest[1:]
		return v
	}
	for shift := 0; ; shift += 7 {
		b := r.byte()
		if shift == 28 && b > 0x0f {
			r.fail("it has a number of more than 32 bits")
			return 0
		}
		v |= uint32(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
}

// skipNumber reads a number of at most so many bytes.
func (r *reader) skipNumber(most int) {
	for range most {
		if r.byte() < 0x80 {
			return
		}
	}
	r.fail("it has a number of more than %d bytes", most)
}

// take reads n bytes of something.
func (r *reader) take(n uint32, what string) []byte {
	if uint64(n) > uint64(len(r.rest)) {
		if r.err == nil {
			r.fail("it is truncated: %s of %d bytes has %d", what, n, len(r.rest))
		}
		return nil
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

// count reads the number of items of a list, each of which has at least so many bytes.
func (r *reader) count(what string, most, least int) int {
	n := r.u32()
	switch {
	case uint64(n) > uint64(most):
		r.fail("it declares %d %s, more than %d", n, what, most)
	case uint64(n)*uint64(least) > uint64(len(r.rest)):
		r.fail("it declares %d %s in %d bytes", n, what, len(r.rest))
	}
	if r.err != nil {
		return 0
	}
	return int(n)
}

// each reads a list and returns the number of its items.
func (r *reader) each(what string, most, least int, read func()) (n int) {
	n = r.count(what, most, least)
	for i := 0; i < n && r.err == nil; i++ {
		read()
	}
	return n
}

// name reads the name of something.
func (r *reader) name(what string) []byte {
	n := r.u32()
	if n > maxName {
		r.fail("the name of %s has %d bytes, more than %d", what, n, maxName)
	}
	return r.take(n, "the name of "+what)
}

func (r *reader) skipName(what string) error {
	r.name(what)
	return r.err
}

// The types of values.
const (
	typeNumeric = 0x7c // and the three after it
	typeVector  = 0x7b
	typeFunc    = 0x70
	typeExtern  = 0x6f
)

func isReference(b byte) bool { return b == typeFunc || b == typeExtern }

func isValue(b byte) bool {
	return b >= typeNumeric && b < typeNumeric+4 || b == typeVector || isReference(b)
}

// valueType reads the type of a value.
func (r *reader) valueType() {
	if b := r.byte(); !isValue(b) {
		r.fail("it has a value of an unknown type, %#x", b)
	}
}

// referenceType reads the type of a reference.
func (r *reader) referenceType() {
	if b := r.byte(); !isReference(b) {
		r.fail("it has a reference of an unknown type, %#x", b)
	}
}

// constant reads an expression of which the value is known when the module is instantiated.
func (r *reader) constant() {
	for n := 0; r.err == nil; n++ {
		op := r.byte()
		switch {
		case op == opEnd:
			return
		case n > 0:
			r.fail("it has a constant of more than one instruction")
		case op == opGlobalGet, op == opI32Const, op == opI64Const, op == opF32Const, op == opF64Const,
			op == opRefNull, op == opRefFunc:
			r.immediates(op)
		case op == opVector && r.u32() == vectorConst:
			r.take(16, "a vector")
		default:
			r.fail("it has a constant with the instruction %#x", op)
		}
	}
}
