package main

import "github.com/davit-dev/davit/plugins/plan"

// jsonReport is the output of "go test -json". Flags may follow the packages.
var jsonReport = []plan.Report{{Format: "go-test-json", Stdout: true, Args: []string{"-json"}}}

// tests offers the tests of a module: those without build tags, and those that the tag "integration" adds.
func (b *builder) tests(m *module) {
	if m.tests {
		b.add(m, "test-unit", "test-unit", b.testStep(m))
	}
	if m.integration {
		s := b.testStep(m, "integration")
		s.NoCache = true
		b.add(m, "test-integration", "test-integration", s)
	}
}

func (b *builder) testStep(m *module, tags ...string) plan.Step {
	argv := append([]string{"test"}, b.repo.config.flags(tags...)...)
	s := b.goStep(m, append(argv, "./...")...)
	s.Inputs = nil // all files: tests may read and start anything
	s.Reports = jsonReport
	s.NoCache = b.repo.generated(m) != ""
	return s
}
