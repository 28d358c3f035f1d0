package scan

// A body is the code of a function, as far as it was read.
type body struct {
	*reader
	*module
	blocks []block
	height int // of the operand stack
}

// A block is one that is open.
type block struct {
	base int // height of the stack below its parameters
	signature
}

// readBody reads a function.
func (m *module) readBody(r *reader) {
	at := m.imported + m.bodies
	if at >= len(m.functions) {
		r.fail("it has more functions than it declares")
		return
	}
	m.bodies++
	size := r.u32()
	if size > maxBody {
		r.fail("it has a function of %d bytes, more than %d", size, maxBody)
		return
	}
	b := body{reader: &reader{rest: r.take(size, "a function")}, module: m}
	b.readLocals()
	results := m.types[m.functions[at]].results
	b.blocks = append(b.blocks, block{signature: signature{results: results}})
	for b.err == nil && len(b.blocks) > 0 {
		b.instruction()
	}
	if b.err == nil && len(b.rest) > 0 {
		b.fail("it has code after the end of a function")
	}
	r.stop(b.err)
}

// readLocals reads how many local variables of which type there are.
func (b *body) readLocals() {
	var sum uint64
	b.each("groups of locals", maxLocals, 2, func() {
		sum += uint64(b.u32())
		b.valueType()
	})
	if sum > maxLocals {
		b.fail("it declares %d locals in a function, more than %d", sum, maxLocals)
	}
	if b.locals += int(min(sum, maxLocals)); b.locals > maxAllLocals {
		b.fail("it declares more than %d locals", maxAllLocals)
	}
}

// instruction reads an instruction.
func (b *body) instruction() {
	op := b.byte()
	switch op {
	case opBlock, opLoop, opIf:
		b.open(op)
	case opElse:
		b.enterElse()
	case opEnd:
		b.close()
	case opCall:
		b.call(b.functionType())
	case opCallIndirect:
		b.pop(1)
		b.call(b.typeAt(b.u32()))
		b.u32()
	case opVector:
		b.vector()
	case opMisc:
		b.misc()
	default:
		b.simple(op)
	}
}

// simple reads an instruction that needs no more than a table.
func (b *body) simple(op byte) {
	effect := b.effects[op]
	if !effect.known {
		b.fail("it has an instruction that davit does not support, %#x", op)
		return
	}
	b.immediates(op)
	b.pop(int(effect.pops))
	b.push(int(effect.pushes))
	if effect.leaves {
		b.height = b.top().base
	}
}

func (b *body) top() *block { return &b.blocks[len(b.blocks)-1] }

// pop lowers the stack. Code that cannot be reached may pop what is not there.
func (b *body) pop(n int) { b.height = max(b.top().base, b.height-n) }

func (b *body) push(n int) {
	if b.height += n; b.height > maxHeight {
		b.fail("it has a function with more than %d operands at once", maxHeight)
	}
}

func (b *body) call(s signature) {
	b.pop(int(s.params))
	b.push(int(s.results))
}

func (b *body) open(op byte) {
	if op == opIf {
		b.pop(1)
	}
	s := b.blockType()
	b.pop(int(s.params))
	b.blocks = append(b.blocks, block{b.height, s})
	b.push(int(s.params))
	if len(b.blocks) > maxDepth {
		b.fail("it has a function with more than %d nested blocks", maxDepth)
	}
}

func (b *body) enterElse() {
	b.height = b.top().base
	b.push(int(b.top().params))
}

func (b *body) close() {
	ended := *b.top()
	b.blocks = b.blocks[:len(b.blocks)-1]
	b.height = ended.base
	b.push(int(ended.results))
}

// blockType reads the parameters and results of a block.
func (b *body) blockType() signature {
	if len(b.rest) == 0 {
		b.stop(errCut)
		return signature{}
	}
	switch first := b.rest[0]; {
	case first == 0x40:
		b.byte()
		return signature{}
	case isValue(first):
		b.byte()
		return signature{results: 1}
	case first&0xc0 == 0x40:
		b.fail("it has a block of an unknown type, %#x", first)
		return signature{}
	}
	return b.typeAt(b.u32())
}

// functionType reads the index of a function and returns its type.
func (b *body) functionType() signature {
	f := b.u32()
	if uint64(f) >= uint64(len(b.functions)) {
		b.fail("it calls a function that it does not have")
		return signature{}
	}
	return b.types[b.functions[f]]
}

func (b *body) typeAt(index uint32) signature {
	if uint64(index) >= uint64(len(b.types)) {
		b.fail("it has code of a type that it does not declare")
		return signature{}
	}
	return b.types[index]
}
