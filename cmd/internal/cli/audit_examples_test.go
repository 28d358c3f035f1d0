package cli_test

import (
	"encoding/json"
	"path"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/runner"
)

// unnamed are the last parts of paths that steps of the built-in plugins look at, and that no plan names yet:
// settings of tools, and folders that git ignores and that tools walk through.
var unnamed = []string{
	"env", "go.work", ".npmrc", "package.json", "sh", "node", ".gitconfig", "config", "config.toml", ".cargo",
	"rust-toolchain", "rust-toolchain.toml", "Cargo.toml", "rustfmt.toml", ".rustfmt.toml", "clippy.toml",
	".clippy.toml", ".python-version", "site-packages", "bin", "go.mod", "dist", "server.js", "slug.js",
	"index.html", "page.js", ".netrc", ".pydistutils.cfg",
}

// TestExamplesAreCovered audits the examples: the keys of their steps cover what these read, and their
// outputs what they write.
func TestExamplesAreCovered(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux can trace")
	}
	for _, name := range []string{"go-service", "node-app", "python-lib", "rust-cli", "polyglot"} {
		t.Run(name, func(t *testing.T) {
			needTools(t, name)
			dir := checkout(t, name)
			for _, target := range []string{"build", "test"} {
				for _, s := range auditOf(t, dir, target).Steps {
					for _, f := range slices.Concat(s.Read, s.Written) {
						if s.NotKept == "" && !isUnnamed(f) {
							t.Errorf("%s: %s %s by %s: %s", s.ID, f.Kind, f.Path, f.Program, f.Why)
						}
					}
				}
			}
		})
	}
}

// isUnnamed reports whether a finding is one that no plan names yet. A build with setuptools also keeps a
// folder in the source, and reads what an earlier one left there.
func isUnnamed(f runner.Finding) bool {
	return !f.Kind.Changes() && slices.Contains(unnamed, path.Base(f.Path)) ||
		strings.Contains(f.Path, ".egg-info")
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
