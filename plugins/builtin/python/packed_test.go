package python

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
)

// unpacked are the folders that hatchling never packs, in all of its versions (EXCLUDED_DIRECTORIES in its
// builders/constants.py). It packs all else that the .gitignore at the root does not name, also what a .gitignore
// further down does; so an environment anywhere else is in the archive of a package.
var unpacked = []string{".hatch", ".tox", ".nox"}

// TestEnvironmentsAreNotPacked reads the golden plans: each environment is that of the project, or where nothing is
// packed.
func TestEnvironmentsAreNotPacked(t *testing.T) {
	names, err := filepath.Glob("testdata/*/plan.json")
	if err != nil || len(names) < 20 {
		t.Fatalf("there are %d golden plans: %v", len(names), err)
	}
	for _, name := range names {
		var p plan.Plan
		if data, err := os.ReadFile(name); err != nil || json.Unmarshal(data, &p) != nil {
			t.Fatalf("%s cannot be read", name)
		}
		for id, s := range p.Steps {
			if s.Provides == nil {
				continue
			}
			parts := strings.Split(strings.Trim(s.Provides.Dir, "/"), "/")
			own := slices.Contains([]string{".venv", "venv", "env"}, parts[len(parts)-1])
			if !own && !slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(unpacked, part) }) {
				t.Errorf("%s: step %s has its environment in %s", name, id, s.Provides.Dir)
			}
		}
	}
}
