package golang

import (
	"path"
	"slices"

	"github.com/davit-dev/davit/plugins/plan"
)

// jsonReport is the output of "go test -json". Flags may follow the packages.
var jsonReport = []plan.Report{{Format: "go-test-json", Stdout: true, Args: []string{"-json"}}}

// tests offers the tests of a module: those without build tags, and those that the tag "integration" adds.
func (b *builder) tests(m *module) {
	if m.tests {
		b.add(m, "test-unit", "test-unit", b.testStep(m, []string{"./..."}))
	}
	if m.integration {
		s := b.testStep(m, m.integrationPackages(), "integration")
		s.NoCache = true
		b.add(m, "test-integration", "test-integration", s)
	}
}

// integrationPackages returns the packages with tests that the tag "integration" adds: all, if there are many.
func (m *module) integrationPackages() []string {
	dirs := []string{}
	for _, file := range m.integrationFiles {
		if dir := relPath(path.Dir(file), m.dir); !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	if len(dirs) == 0 || len(dirs) > maxPackages {
		return []string{"./..."}
	}
	return dirs
}

// maxPackages is how many packages a command names.
const maxPackages = 12

// testStep returns a step that tests some packages, with more build tags.
func (b *builder) testStep(m *module, packages []string, tags ...string) plan.Step {
	argv := append(append([]string{"test"}, b.repo.config.flags(tags...)...), b.repo.testFlags...)
	s := b.goStep(m, append(argv, packages...)...)
	s.Inputs = nil // all files: tests may read and start anything
	s.Reports = jsonReport
	s.NoCache = b.repo.generated(m) != ""
	return s
}
