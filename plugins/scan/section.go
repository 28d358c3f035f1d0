package scan

// readTypes reads the types of functions.
func (m *module) readTypes(r *reader) {
	r.each("types", maxTypes, 3, func() {
		if form := r.byte(); form != 0x60 {
			r.fail("it has a type of an unknown form, %#x", form)
		}
		var s signature
		s.params = r.values("parameters")
		s.results = r.values("results")
		m.types = append(m.types, s)
	})
}

// values reads the types of parameters or results.
func (r *reader) values(what string) uint16 {
	n := r.count(what+" of a function", maxArity, 1)
	for range n {
		r.valueType()
	}
	return uint16(n)
}

// readImports reads what the module imports: functions that the host offers.
func (m *module) readImports(r *reader) {
	r.each("imports", maxImports, 4, func() {
		origin, name := string(r.name("an import")), string(r.name("an import"))
		switch kind := r.byte(); {
		case r.err != nil:
		case kind != 0:
			r.fail("it imports %q, which is not a function", name)
		case origin != m.from.From || !m.from.Offered(name):
			r.fail("it imports %q of %q, which davit does not offer", name, origin)
		default:
			m.addFunction(r)
			m.imported++
		}
	})
}

func (m *module) readFunctions(r *reader) {
	n := r.count("functions", maxFunctions, 1)
	m.functions = append(make([]uint32, 0, n+len(m.functions)), m.functions...)
	for range n {
		m.addFunction(r)
	}
}

func (m *module) addFunction(r *reader) {
	t := r.u32()
	if uint64(t) >= uint64(len(m.types)) {
		r.fail("it has a function of a type that it does not declare")
		return
	}
	m.functions = append(m.functions, t)
}

// readTable reads the size of a table. How large it may become is not looked at here: without a limit no
// instruction that makes it larger is let in.
func (m *module) readTable(r *reader) {
	r.referenceType()
	if m.table += uint64(limits(r)); m.table > maxTable {
		r.fail("it has tables of %d entries, more than %d", m.table, maxTable)
	}
}

func readMemory(r *reader) {
	if least := limits(r); least > maxPages {
		r.fail("it begins with %d MiB of memory, more than %d", uint64(least)>>4, maxPages>>4)
	}
}

// limits reads the smallest and the largest size of a table or memory and returns the former.
func limits(r *reader) (least uint32) {
	flag := r.byte()
	least = r.u32()
	switch flag {
	case 0:
	case 1:
		r.u32()
	default:
		r.fail("it has a table or memory of an unknown kind, %#x", flag)
	}
	return least
}

func readGlobal(r *reader) {
	r.valueType()
	if r.byte() > 1 {
		r.fail("it has a global of an unknown kind")
	}
	r.constant()
}

func readExport(r *reader) {
	r.name("an export")
	if kind := r.byte(); kind > 3 {
		r.fail("it has an export of an unknown kind, %#x", kind)
	}
	r.u32()
}

// The bits of the kind of an element segment.
const (
	elementPassive  = 1 // or declarative
	elementExplicit = 2 // names its table, or is declarative
	elementConstant = 4 // its elements are expressions
)

// readElements reads a segment for tables.
func (m *module) readElements(r *reader) {
	kind := r.u32()
	if kind > 7 {
		r.fail("it has an element segment of an unknown kind")
	}
	if kind&elementPassive == 0 {
		if kind&elementExplicit != 0 {
			r.u32()
		}
		r.constant()
	}
	if kind&(elementPassive|elementExplicit) != 0 {
		r.elementType(kind)
	}
	read := func() { r.u32() }
	if kind&elementConstant != 0 {
		read = r.constant
	}
	m.elements += r.each("elements", maxElements-m.elements, 1, read)
}

func (r *reader) elementType(kind uint32) {
	if kind&elementConstant != 0 {
		r.referenceType()
	} else if r.byte() != 0 {
		r.fail("it has elements of an unknown kind")
	}
}

func readData(r *reader) {
	switch kind := r.u32(); kind {
	case 0:
		r.constant()
	case 1:
	case 2:
		r.u32()
		r.constant()
	default:
		r.fail("it has a data segment of an unknown kind")
	}
	r.take(r.u32(), "a data segment")
}
