package moduletest

import (
	"encoding/binary"
	"strconv"
	"strings"
)

const huge = 1<<31 - 1

// nothing is a program that does nothing.
var nothing = []string{body(nil, "")}

// Attacks returns functions that make modules, by what these do. Declared are those that declare more than they
// have, or than any program has, and that are refused before they are decoded. The others are well-formed.
func Attacks() (declared, running map[string]func() []byte) { return declarations(), programs() }

// declarations are modules that are wrong where only who believes them finds out.
func declarations() map[string]func() []byte {
	all := map[string]func() []byte{
		"no bytes": func() []byte { return nil },
		"a header": func() []byte { return []byte(header[:6]) },
		"100,000,000 locals": func() []byte {
			return program{bodies: []string{body([]string{locals(1e8)}, "")}}.bytes()
		},
		"49,000 locals, recursion": func() []byte {
			return program{bodies: []string{body([]string{locals(49_000)}, "\x10\x01")}}.bytes()
		},
		"locals in many groups": func() []byte {
			return program{bodies: []string{
				body([]string{locals(4000), locals(4000), locals(huge)}, "")}}.bytes()
		},
		"many functions with locals": func() []byte {
			return program{bodies: times(1000, body([]string{locals(4000)}, ""))}.bytes()
		},
		"a branch table without end": func() []byte {
			return program{bodies: []string{
				body(nil, constant(0)+"\x0e"+number(huge)+"\x00")}}.bytes()
		},
		"a million nested blocks": func() []byte {
			return program{bodies: []string{
				body(nil, strings.Repeat("\x02\x40", 1e6)+strings.Repeat("\x0b", 1e6))}}.bytes()
		},
		"a million operands": func() []byte {
			return program{bodies: []string{
				body(nil, strings.Repeat(constant(1), 1e6)+strings.Repeat("\x1a", 1e6))}}.bytes()
		},
		"operands of calls": func() []byte {
			return program{types: []string{"\x60\x00" + vector(times(200, "\x7e")...)},
				functions: []string{"\x00", "\x02"}, bodies: []string{
					body(nil, strings.Repeat("\x10\x02", 1e5)+strings.Repeat("\x1a", 2e7)),
					body(nil, "\x00")}}.bytes()
		},
		"a large memory": func() []byte {
			return program{memory: []string{"\x00" + number(65536)}, bodies: nothing}.bytes()
		},
		"large tables": func() []byte {
			return program{tables: times(100, "\x70\x00"+number(1<<20)),
				bodies: nothing}.bytes()
		},
		"a function of another module": func() []byte {
			return program{imports: []string{
				named("env") + named("f") + "\x00\x00"}, bodies: nothing}.bytes()
		},
		"an import of memory": func() []byte {
			return program{imports: []string{
				named("wasi_snapshot_preview1") + named("fd_write") + "\x02\x00\x01"},
				bodies: nothing}.bytes()
		},
		"many results": func() []byte {
			return program{types: []string{"\x60\x00" + vector(times(1e5, "\x7e")...)},
				bodies: nothing}.bytes()
		},
		"a section twice":   func() []byte { return append(Good(), section(10, vector(body(nil, "")))...) },
		"half a section":    func() []byte { return append(Good(), "\x00\x7f\x04name"...) },
		"a section of tags": func() []byte { return []byte(header + section(13, number(huge)+"\x00\x00")) },
	}
	for id := range byte(13) {
		all["a count in section "+strconv.Itoa(int(id))] = func() []byte {
			return []byte(header + section(id, number(huge)+strings.Repeat("\x00", 100)))
		}
	}
	return all
}

func times(n int, item string) (all []string) {
	for range n {
		all = append(all, item)
	}
	return all
}

// programs are modules that can be decoded, and use up what they get.
func programs() map[string]func() []byte {
	vectors := strings.Repeat(string(binary.LittleEndian.AppendUint32(
		binary.LittleEndian.AppendUint32(nil, 0), 65536)), 8)
	start := func(locals []string, code string) []byte {
		return program{bodies: []string{body(locals, code)}}.bytes()
	}
	counter := []string{"\x01\x7f"}
	fill := constant(0) + constant(7) + constant(256<<20) + "\xfc\x0b\x00"
	rand := []string{imported("fd_write", 1), imported("random_get", 2)}
	return map[string]func() []byte{
		"a loop":                func() []byte { return start(nil, forever("")) },
		"recursion":             func() []byte { return start(nil, "\x10\x01") },
		"recursion with locals": func() []byte { return start([]string{locals(4096)}, "\x10\x01") },
		"recursion with operands": func() []byte {
			return start(nil, strings.Repeat(constant(1), 4000)+"\x10\x01"+strings.Repeat("\x1a", 4000))
		},
		"a flood of output": func() []byte {
			return program{bodies: []string{body(nil, forever(write(8)+"\x1a"))},
				data: []string{datum(0, vectors)}}.bytes()
		},
		"output of vectors without end": func() []byte {
			return start(counter, repeat(1000, write(huge)+"\x1a"))
		},
		"events without end": func() []byte {
			return program{imports: []string{imported("fd_write", 1), imported("poll_oneoff", 1)},
				bodies: []string{body(counter, repeat(1000,
					constant(0)+constant(0)+constant(huge)+constant(0)+"\x10\x01\x1a"))}}.bytes()
		},
		"memory that grows": func() []byte {
			return start(counter, repeat(5000, constant(1)+"\x40\x00\x1a"))
		},
		"all memory, again and again": func() []byte {
			return program{memory: []string{"\x00" + number(4096)},
				bodies: []string{body(counter, repeat(50, fill))}}.bytes()
		},
		"random memory": func() []byte {
			return program{types: []string{"\x60\x02\x7f\x7f\x01\x7f"}, imports: rand,
				memory: []string{"\x00" + number(4096)},
				bodies: []string{body(counter, repeat(4,
					constant(0)+constant(256<<20)+"\x10\x01\x1a"))}}.bytes()
		},
		"a table that grows": func() []byte {
			return program{tables: []string{"\x70\x01\x01" + number(1<<20)}, bodies: []string{
				body(counter, repeat(100, "\xd0\x70"+constant(1<<18)+"\xfc\x0f\x00\x1a"))}}.bytes()
		},
		"a table without end that grows": func() []byte {
			return program{tables: []string{"\x70\x00\x01"}, bodies: []string{
				body(counter, repeat(100, "\xd0\x70"+constant(1<<24)+"\xfc\x0f\x00\x1a"))}}.bytes()
		},
		"ten thousand nested blocks": func() []byte {
			return start(nil, strings.Repeat("\x02\x40", 1e4)+strings.Repeat("\x0b", 1e4))
		},
		"branch tables": func() []byte {
			table := constant(0) + "\x0e" + number(60_000) + strings.Repeat("\x00", 60_001)
			return start(nil, "\x02\x40"+strings.Repeat(table, 100)+"\x0b")
		},
		"a body of 8 MB": func() []byte { return start(nil, strings.Repeat("\x01", 8<<20-10)) },
		"bodies of 60 MB": func() []byte {
			return program{bodies: times(10, body(nil, strings.Repeat(constant(1)+"\x1a", 2e6)))}.bytes()
		},
		"bodies of 60 MB that call": func() []byte {
			return program{bodies: times(10, body(nil, strings.Repeat("\x10\x01", 3e6)))}.bytes()
		},
		"large bodies that are compiled": func() []byte {
			return program{bodies: append([]string{body(nil, forever("\x01"))},
				times(4, body(counter, strings.Repeat("\x20\x00\x20\x00\x6a\x21\x00", 1e6)))...)}.bytes()
		},
		"a large body with branches": func() []byte {
			return program{bodies: []string{body(nil, forever("\x01")),
				body([]string{"\x40\x7f"},
					strings.Repeat("\x02\x40\x20\x01\x0d\x00\x20\x02\x21\x03\x0b", 5e5))}}.bytes()
		},
		"200,000 functions": func() []byte { return program{bodies: times(2e5, body(nil, ""))}.bytes() },
		"16,000 large types": func() []byte {
			return program{types: times(16_000, "\x60"+strings.Repeat(vector(times(255, "\x7e")...), 2)),
				bodies: nothing}.bytes()
		},
		"100,000 data segments": func() []byte {
			return program{bodies: []string{body(nil, "")}, data: times(1e5, datum(0, "x"))}.bytes()
		},
		"a million elements": func() []byte {
			return program{tables: []string{"\x70\x01" + number(1<<20) + number(1<<20)},
				elements: []string{"\x00" + constant(0) + "\x0b" + vector(times(1e6, "\x01")...)},
				bodies:   nothing}.bytes()
		},
		"calls with many parameters": func() []byte {
			return program{types: []string{"\x60" + vector(times(250, "\x7e")...) + "\x00"},
				functions: []string{"\x00", "\x02"},
				bodies: []string{body(counter, repeat(10_000,
					strings.Repeat("\x42\x00", 250)+"\x10\x02")), body(nil, "")}}.bytes()
		},
		"a name section that lies": func() []byte {
			return append(start(nil, ""), section(0, named("name")+"\x01\x06"+number(huge)+"\x00")...)
		},
		"local names that lie": func() []byte {
			return append(start(nil, ""), section(0, named("name")+"\x02\x08\x01\x00"+number(huge)+"\x00")...)
		},
		"a name section of 60 MB": func() []byte {
			return append(start(nil, ""), section(0,
				named("name")+"\x00\x05\x04"+strings.Repeat("n", 60<<20))...)
		},
		"a custom section of 60 MB": func() []byte {
			return append(start(nil, ""), section(0, named(".debug_info")+strings.Repeat("n", 60<<20))...)
		},
		"60,000 exports": func() []byte {
			return program{bodies: []string{body(nil, "")}, exports: unique(60_000)}.bytes()
		},
	}
}

// unique returns exports of memory under as many names.
func unique(n int) (all []string) {
	for i := range n {
		all = append(all, named(strconv.Itoa(i))+"\x02\x00")
	}
	return all
}
