package runner_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/runner"
)

// docs/results.md prints the whole list of variables that do not count, and no other.
func TestTheDocsNameTheVariablesThatDoNotCount(t *testing.T) {
	named := quoted(t, "<!-- The test in runner/variables_test.go", "\n\nUnder npm")
	compare(t, named, runner.UncountedVariables)
	data, err := os.ReadFile("../docs/results.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Concat(runner.Credentials, runner.StrictVariables) {
		if !strings.Contains(string(data), "`"+strings.TrimPrefix(name, "*")+"`") {
			t.Errorf("docs/results.md does not name %s", name)
		}
	}
}
