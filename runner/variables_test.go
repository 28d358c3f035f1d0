package runner_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/runner"
)

// docs/results.md prints the whole list of variables that do not count, and no other.
func TestTheDocsNameTheVariablesThatDoNotCount(t *testing.T) {
	data, err := os.ReadFile("../docs/results.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(data), "<!-- The test in runner/variables_test.go")
	text, _, _ = strings.Cut(text, "\n\nUnder npm")
	_, text, _ = strings.Cut(text, "-->")
	var named []string
	for _, found := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(text, -1) {
		named = append(named, found[1])
	}
	for _, name := range runner.UncountedVariables {
		if !slices.Contains(named, name) {
			t.Errorf("%s does not count, and docs/results.md does not say so", name)
		}
	}
	for _, name := range named {
		if !slices.Contains(runner.UncountedVariables, name) {
			t.Errorf("docs/results.md says that %s does not count, and it does", name)
		}
	}
	for _, name := range slices.Concat(runner.Credentials, runner.StrictVariables) {
		if !strings.Contains(string(data), "`"+strings.TrimPrefix(name, "*")+"`") {
			t.Errorf("docs/results.md does not name %s", name)
		}
	}
}
