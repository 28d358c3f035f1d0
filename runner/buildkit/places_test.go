package buildkit

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/davit-dev/davit/runner"
)

// What a step made in a container comes to the project only where the step may write, whatever its outputs say and
// wherever links of the project lead. The scripts are tried as a step that builds and as one that writes.
func TestResultsStayWhereTheyBelong(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		tried := 0
		for script, output := range map[string]string{
			"mkdir -p .git/hooks; echo x > .git/hooks/post-merge":         ".git",
			"mkdir -p out/.git/hooks; echo x > out/.git/hooks/post-merge": "out/",
			"mkdir -p out/.GIT; echo x > out/.GIT/config":                 "out/",
			"mkdir -p out; echo x > out/project.toml":                     "out/",
			"echo x > project.toml":                                       "project.toml",
			"mkdir -p tools; echo x > tools/acme.wasm":                    "tools/",
			"mkdir -p gh/workflows; echo x > gh/workflows/a.yml":          "gh/workflows/a.yml",
			"rm -rf out; ln -s . out":                                     "out",
			"rm -rf out; ln -s /etc/passwd out":                           "out",
			"mkfifo out":                                                  "out",
		} {
			for _, effect := range []runner.Effect{runner.Builds, runner.Writes} {
				f := newFolder(t, "a.txt", "a", "project.toml", "", "tools/acme.wasm", "it", ".github/a", "").git()
				if err := os.Symlink(".github", filepath.Join(f.dir, "gh")); err != nil {
					t.Fatal(err)
				}
				s := sh("a", script+"; echo "+unique(), outputs(output))
				s.Effect, s.Reserved = effect, &runner.Reserved{Pipelines: true,
					Paths: map[string]string{"tools/acme.wasm": "is a plugin of the project"}}
				if f.run(e, s); f.changed() {
					t.Errorf("%s (%s): it was written", script, effect)
				}
				tried++
			}
		}
		t.Logf("%d tried", tried)
	})
}

// changed reports whether anything is in the project that a step of this test may not write.
func (f *folder) changed() bool {
	if f.get("project.toml") != "" || f.get("tools/acme.wasm") != "it" {
		return true
	}
	if info, err := os.Lstat(filepath.Join(f.dir, "out")); err == nil && !info.IsDir() {
		return true
	}
	for _, name := range []string{".git/hooks/post-merge", ".github/workflows/a.yml", "out/.git/hooks/post-merge",
		"out/.GIT/config", "out/project.toml"} {
		if _, err := os.Lstat(filepath.Join(f.dir, name)); err == nil {
			return true
		}
	}
	return false
}
