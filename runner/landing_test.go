//go:build unix

package runner

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLanding(t *testing.T) {
	up := t.TempDir()
	dir := filepath.Join(up, "project")
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, ".git", "hooks"), 0o755), os.MkdirAll(filepath.Join(dir, "real"), 0o755),
		os.Mkdir(filepath.Join(up, "outside"), 0o755),
		os.Mkdir(filepath.Join(dir, "tools"), 0o755), os.Mkdir(filepath.Join(dir, ".github"), 0o755)); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"out": "../outside", "abs": up, "git": ".git", "hooks": "real/../.git/hooks",
		"twice": "git/hooks", "in": "real", "dangling": "nowhere", "loop": "loop", "into": "real", "gh": ".github", "tl": "tools", "abs-in": filepath.Join(dir, "real")} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	reserved := Reserved{Paths: map[string]string{"tools/acme.wasm": "is a plugin of the project"}, Pipelines: true}
	tried := 0
	for name, want := range map[string]string{"a": "", "real/a": "", "in/a": "", "in/new/a": "", "new/folder/a": "", "out": "",
		"abs-in/a": "", "out/a": "out of the project", "out/new/a": "out of the project", "abs/a": "out of the project",
		"git/config": "git's own", "hooks/pre-commit": "git's own", "twice/x/y": "git's own", "dangling/a": "does not exist",
		"loop/a": "cannot be followed", "into/project.toml": "says what davit does", "project.toml": "says what davit does", "gh/workflows/a.yml": "runs in pipelines",
		"tl/acme.wasm": "is a plugin of the project", "tl/other.wasm": "", "TOOLS/Acme.wasm": "is a plugin of the project",
		".github/workflows/a.yml": "runs in pipelines", "sub/.git/hooks/x": "git's own"} {
		err := Landing(dir, &reserved, name)
		tried++
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, wanted %q", name, err, want)
		}
	}
	for name, want := range map[string]string{".": "", "real": "", "in": "", "none": "", "out": "out of the project",
		"git": "git's own", "twice": "git's own"} {
		err := FolderLanding(dir, name)
		tried++
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("the folder %s: got %v, wanted %q", name, err, want)
		}
	}
	// A command of the user may write what says what davit does, and pipelines; not git's own.
	for name, want := range map[string]bool{"project.toml": true, "gh/workflows/a.yml": true, "git/config": false, "a/.git/x": false,
		".git/project.toml": false} {
		tried++
		if err := Landing(dir, nil, name); (err == nil) != want {
			t.Errorf("the user's %s: got %v", name, err)
		}
	}
	t.Logf("%d paths tried", tried)
}
