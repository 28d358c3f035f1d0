package runner_test

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/runner"
)

// docs/results.md prints the places outside of the project that do not count, and no other.
func TestTheDocsNameThePlacesThatDoNotCount(t *testing.T) {
	named := quoted(t, "<!-- The test in runner/locations_test.go", "\n\nOther files")
	wanted := slices.Clone(runner.SystemFolders)
	for _, f := range runner.ToolFolders {
		base := f.Default
		if !path.IsAbs(base) {
			base = path.Join("~", base)
		}
		for _, name := range f.Below {
			wanted = append(wanted, path.Join(base, name))
		}
		if len(f.Below) == 0 {
			wanted = append(wanted, base)
		}
	}
	compare(t, slices.DeleteFunc(named, func(name string) bool { return !strings.Contains(name, "/") }), wanted)
}

// docs/results.md prints the names of files and folders of the project that do not count, and no other.
func TestTheDocsNameTheStateOfToolsThatDoesNotCount(t *testing.T) {
	named := quoted(t, "These do not count, in any folder:", "\n\nIf git ignores more than")
	conditions := []string{"Cargo.toml", "pom.xml", "build.sbt", "project.clj"}
	compare(t, slices.DeleteFunc(named, func(name string) bool { return slices.Contains(conditions, name) }),
		tree.StateNames())
}

// quoted returns the code in docs/results.md between two texts.
func quoted(t *testing.T, from, to string) (named []string) {
	t.Helper()
	data, err := os.ReadFile("../docs/results.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(string(data), from)
	text, _, ended := strings.Cut(text, to)
	if !found || !ended {
		t.Fatalf("docs/results.md has no text between %q and %q", from, to)
	}
	for _, found := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(text, -1) {
		named = append(named, found[1])
	}
	return named
}

// compare reports names that only one of two lists has.
func compare(t *testing.T, named, wanted []string) {
	t.Helper()
	for _, name := range wanted {
		if !slices.Contains(named, name) {
			t.Errorf("%s does not count, and docs/results.md does not say so", name)
		}
	}
	for _, name := range named {
		if !slices.Contains(wanted, name) {
			t.Errorf("docs/results.md says that %s does not count, and it does", name)
		}
	}
}
