package rust

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A source is a file of Rust, with what it says of features.
type source struct {
	name  string
	whole []predicate // of the file: #![cfg(…)]
	// modules are the modules that are files of their own, with the conditions before them.
	modules map[string][]predicate
	// tests are the conditions before tests, and before modules with tests, in the file.
	tests [][]predicate
	// hasTests means that the file has a test.
	hasTests bool
	// refuses are the conditions under which the file refuses to compile: compile_error! behind cfg.
	refuses [][]predicate
}

var (
	cfgAttribute = compiled(`^#(!?)\[cfg\((.*)\)\]\s*(.*)$`)
	fileModule   = compiled(`^(?:pub(?:\([^)]*\))?\s+)?mod\s+(?:r#)?(\w+)\s*(;|\{)`)
)

// parseSource reads the attributes of a file line by line. It knows items as rustfmt writes them.
func parseSource(name, text string) *source {
	s := &source{name: name, modules: map[string][]predicate{}}
	if !strings.Contains(text, "feature") {
		return s
	}
	s.hasTests = hasTest(text)
	var pending []predicate
	var isTest bool
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		for strings.HasPrefix(line, "#") && strings.Count(line, "[") > strings.Count(line, "]") && i+1 < len(lines) && len(line) < maxAttribute {
			i++
			line += " " + strings.TrimSpace(lines[i])
		}
		if m := conditionOf(line); m != nil {
			p := parsePredicate(m[2])
			if m[1] == "!" {
				s.whole = append(s.whole, p)
				continue
			}
			if pending = append(pending, p); m[3] == "" {
				continue
			}
			line = m[3] // the item is on the same line
		}
		switch {
		case line == "" || strings.HasPrefix(line, "//"):
			continue
		case strings.HasPrefix(line, "#"):
			isTest = isTest || hasTest(line)
			continue
		case len(pending) > 0:
			s.item(line, lines[i:], pending, isTest)
		}
		pending, isTest = nil, false
	}
	return s
}

// testMarks are what a test begins with, and an example in a comment that is run as one.
var testMarks = []string{"#[test]", "::test]", "::test(", "#[rstest", "#[test_case", "#[wasm_bindgen_test", "#[quickcheck]", "proptest!",
	"quickcheck!", "/// ```\n", "//! ```\n", "/// ```rust\n", "//! ```rust\n"}

func hasTest(text string) bool {
	if !strings.Contains(text, "test") && !strings.Contains(text, "```") && !strings.Contains(text, "quickcheck") {
		return false
	}
	return slices.ContainsFunc(testMarks, func(mark string) bool { return strings.Contains(text, mark) })
}

// conditionOf returns the parts of an attribute cfg: "!" for one of the file, the condition, and what is behind it.
func conditionOf(line string) []string {
	if len(line) > 2*maxAttribute || !strings.HasPrefix(line, "#[cfg(") && !strings.HasPrefix(line, "#![cfg(") {
		return nil
	}
	return cfgAttribute().FindStringSubmatch(line)
}

// maxAttribute is the length of the longest attribute that is read.
const maxAttribute = 4096

// item records the item behind conditions, if it is a test, a module or a refusal to compile.
func (s *source) item(line string, rest []string, conditions []predicate, isTest bool) {
	m := fileModule().FindStringSubmatch(line)
	switch {
	case m != nil && m[2] == ";":
		s.modules[m[1]] = conditions
	case m != nil && hasTest(block(rest)), isTest:
		s.tests = append(s.tests, conditions)
	case strings.HasPrefix(line, "compile_error!") || strings.Contains(line, "::compile_error!"):
		s.refuses = append(s.refuses, conditions)
	}
}

// block returns the lines of a block, up to the first one that closes a brace as far left as it begins.
func block(lines []string) string {
	indent := lines[0][:len(lines[0])-len(strings.TrimLeft(lines[0], " \t"))]
	for i, line := range lines[1:] {
		if strings.HasPrefix(line, indent+"}") {
			return strings.Join(lines[:i+1], "\n") + "\n"
		}
	}
	return strings.Join(lines, "\n")
}

// moduleFolder returns the folder of the modules that a file declares.
func moduleFolder(file string) string {
	switch path.Base(file) {
	case "lib.rs", "main.rs", "mod.rs":
		return path.Dir(file)
	}
	return strings.TrimSuffix(file, ".rs")
}

// compiled returns a function that compiles an expression when it is called first: most projects need none.
func compiled(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
