package cli_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/ui"
)

// audited are the targets of examples that TestExamplesBuildAndTest audits. The example python-lib has no linter.
var audited = map[string][]string{
	"go-service": {"build", "test", "style"}, "node-app": {"build", "test", "style"}, "python-lib": {"build", "test"},
	"rust-cli": {"build", "test", "style"}, "polyglot": {"build", "test", "style"},
}

// expectCovered runs targets and audits them: the keys of their steps cover what these read, and their outputs
// what they write, without any exception, or their results are not kept.
func expectCovered(t *testing.T, dir string, targets []string) {
	t.Helper()
	for _, s := range auditOf(t, dir, targets).Steps {
		if s.Status != ui.StatusOK {
			t.Errorf("%s ended as %q", s.ID, s.Status)
		}
		if s.NotKept != "" {
			continue
		}
		for _, f := range slices.Concat(s.Read, s.Written) {
			t.Errorf("%s: %s %s by %s: %s", s.ID, f.Kind, f.Path, f.Program, f.Why)
		}
	}
}

// auditOf audits targets, which may have findings.
func auditOf(t *testing.T, dir string, targets []string) (a app.Audit) {
	t.Helper()
	out, stderr, code := call(dir, append([]string{"--json", "audit"}, targets...)...)
	if code > 1 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	if err := json.NewDecoder(strings.NewReader(out)).Decode(&a); err != nil {
		t.Fatalf("%v in %q, %s", err, out, stderr)
	}
	return a
}
