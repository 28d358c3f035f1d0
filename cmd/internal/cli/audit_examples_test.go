package cli_test

import (
	"encoding/json"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/cmd/internal/app"
)

// TestExamplesAreCovered audits the examples: the keys of their steps cover what these read, and their
// outputs what they write, without any exception, or their results are not kept.
func TestExamplesAreCovered(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux can trace")
	}
	for _, name := range []string{"go-service", "node-app", "python-lib", "rust-cli", "polyglot"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			needTools(t, name)
			dir := checkout(t, name)
			targets := []string{"build", "test", "style"}
			if name == "python-lib" { // which has no linter
				targets = targets[:2]
			}
			for _, target := range targets {
				for _, s := range auditOf(t, dir, target).Steps {
					for _, f := range slices.Concat(s.Read, s.Written) {
						if s.NotKept == "" {
							t.Errorf("%s: %s %s by %s: %s", s.ID, f.Kind, f.Path, f.Program, f.Why)
						}
					}
				}
			}
		})
	}
}

// auditOf audits a target, which may have findings.
func auditOf(t *testing.T, dir, target string) (a app.Audit) {
	t.Helper()
	out, stderr, code := call(dir, "--json", "audit", target)
	if code > 1 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	if err := json.NewDecoder(strings.NewReader(out)).Decode(&a); err != nil {
		t.Fatalf("%v in %q, %s", err, out, stderr)
	}
	return a
}
