package make

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk/sdktest"
)

// What "check" of each kind of task file runs by itself, as far as the file offers it.
func TestCheckIncludesWhatItRuns(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"prerequisites": {"Makefile", "check: lint test\nlint:\n\tx\ntest: unit\n\tx\nunit:\n\tx\n",
			"lint test unit"},
		"a call":    {"Makefile", "check:\n\t$(MAKE) lint\nlint:\n\tx\n", "lint"},
		"of itself": {"Makefile", "check: a\n\tx\na: check\n\tx\n", "a test"},
		"nothing":   {"Makefile", "check:\n\tx\nlint:\n\tx\n", "test"},
		"the guessed test": {"Makefile", "check: prog\n\t./prog\nprog: prog.o\n\tcc -o prog prog.o\n",
			"prog test"},
		"just": {"justfile", "check: lint\n  just unit\nlint:\n  x\nunit:\n  x\n", "lint unit"},
		"task": {"Taskfile.yml", "tasks:\n  check:\n    deps: [lint]\n    cmds:\n      - task: unit\n" +
			"  lint: x\n  unit: x\n", "lint unit"},
	} {
		if got := strings.Join(planText(t, c.file, c.text).About["check"].Includes, " "); got != c.want {
			t.Errorf("%s: got %q, wanted %q", name, got, c.want)
		}
	}
}

// make is asked only about a check whose recipe it may leave out because of a file of that name.
func TestUpToDateIsAskedForChecks(t *testing.T) {
	for name, c := range map[string]struct{ target, text, want string }{
		"a recipe":           {"test", "test:\n\tx\n", "test"},
		"phony":              {"test", ".PHONY: test\ntest:\n\tx\n", ""},
		"an alias":           {"lint", "lint:\n\tx\n", "lint"},
		"a build":            {"build", "build:\n\tx\n", ""},
		"what it needs":      {"test", ".PHONY: test\ntest: unit\nunit:\n\tx\n", "unit"},
		"only a log":         {"test", "test: test.log\ntest.log:\n\tx\n", ""},
		"needs all phony":    {"check", ".PHONY: a\ncheck: a\na:\n\tx\n", ""},
		"two that it needs":  {"test", ".PHONY: test\ntest: a b\na:\n\tx\nb:\n\tx\n", "a b"},
		"no name of a file":  {"test", "test: a\\b\na\\b:\n\tx\n", ""},
		"tests that are two": {"test-api", "test-api:\n\tx\n", "test-api"},
	} {
		upToDate, got := planText(t, "Makefile", c.text).Steps[c.target].UpToDate, ""
		if upToDate != nil {
			_, got, _ = strings.Cut(upToDate.Hint, ".PHONY: ")
			got, _, _ = strings.Cut(got, `"`)
		}
		if got != c.want {
			t.Errorf("%s: got %q, wanted %q", name, got, c.want)
		}
	}
}

// planText returns the plan for a project of one task file.
func planText(t *testing.T, file, text string) *plan.Plan {
	t.Helper()
	p, err := sdktest.Plan(Read, fstest.MapFS{file: {Data: []byte(text)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
