package app

import (
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/report"
	"github.com/davit-dev/davit/runner"
)

// testFile returns the file of a test case, from the root of the repository, or "" if that is not known: the one that a failure
// names, the one with the function of a test of Go, or the module of a test of Python.
func (p *places) testFile(s runner.Step, c report.Case) string {
	scanner := p.scanner(s)
	scanner.Add(c.Text + "\n")
	for _, found := range scanner.Findings() {
		found.Package = c.Class
		if files := p.of(s, found); len(files) == 1 && !found.Warning {
			return p.inRepository(files[0])
		}
	}
	if file := p.goTestFile(s, c); file != "" {
		return p.inRepository(file)
	}
	if file := p.pythonTestFile(s, c); file != "" {
		return p.inRepository(file)
	}
	return ""
}

// goTestFile returns the file with the function of a test in the package that is the class of a case.
func (p *places) goTestFile(s runner.Step, c report.Case) (file string) {
	name, _, _ := strings.Cut(c.Name, "/")
	best := -1
	for _, candidate := range p.goTests()[name] {
		if !strings.HasPrefix(candidate, s.Plan.Dir) {
			continue
		}
		switch n := common(path.Dir(candidate), c.Class); {
		case n == best:
			file = "" // nobody knows which
		case n > best:
			file, best = candidate, n
		}
	}
	return file
}

var goTest = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^func ((?:Test|Benchmark|Fuzz|Example)\w*)\(`)
})

// goTests returns the files with each test of Go.
func (p *places) goTests() map[string][]string {
	p.testsOnce.Do(func() {
		p.tests = map[string][]string{}
		for _, file := range p.project.files {
			if !strings.HasSuffix(file, "_test.go") {
				continue
			}
			data, _ := regular.Read(filepath.Join(p.project.Root.Dir, filepath.FromSlash(file)), regular.Lock) // one that cannot be read has none
			for _, m := range goTest().FindAllSubmatch(data, -1) {
				p.tests[string(m[1])] = append(p.tests[string(m[1])], file)
			}
		}
	})
	return p.tests
}

// pythonTestFile returns the module of a class such as tests.test_shop.TestPrices.
func (p *places) pythonTestFile(s runner.Step, c report.Case) string {
	p.once.Do(p.read)
	for module := c.Class; module != ""; module = module[:max(strings.LastIndexByte(module, '.'), 0)] {
		if files := p.named(path.Join(s.Plan.Dir, strings.ReplaceAll(module, ".", "/")+".py")); len(files) == 1 {
			return files[0]
		}
	}
	return ""
}
