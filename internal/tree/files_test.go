package tree

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// plant writes files, by slash path, below a new folder and opens it.
func plant(t testing.TB, files map[string]string) *Tree {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		put(t, dir, name, text)
	}
	tr, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tr.Close() })
	return tr
}

func put(t testing.TB, dir, name, text string) {
	t.Helper()
	full := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com",
		"-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"}, args...)...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func list(t *testing.T, tr *Tree) (tracked, others []string) {
	t.Helper()
	entries, err := tr.Files(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Tracked {
			tracked = append(tracked, e.Path)
		} else {
			others = append(others, e.Path)
		}
	}
	return tracked, others
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, wanted %q", what, got, want)
	}
}

func TestGitTellsTrackedFromUntrackedAndLeavesOutIgnored(t *testing.T) {
	tr := plant(t, map[string]string{".gitignore": "bin/\n", "a b.go": "", "dir/é.go": "", "bin/x": "",
		"gone.go": ""})
	git(t, tr.Dir(), "init", "-q")
	git(t, tr.Dir(), "add", ".")
	put(t, tr.Dir(), "new.go", "")
	if err := os.Remove(filepath.Join(tr.Dir(), "gone.go")); err != nil {
		t.Fatal(err)
	}
	tracked, others := list(t, tr)
	same(t, "tracked", tracked, ".gitignore", "a b.go", "dir/é.go")
	same(t, "others", others, "new.go")
}

func TestTheFilesOfASubmoduleAndOfAnInnerRepositoryAreFiles(t *testing.T) {
	lib := plant(t, map[string]string{"lib.go": ""})
	git(t, lib.Dir(), "init", "-q")
	git(t, lib.Dir(), "add", ".")
	git(t, lib.Dir(), "commit", "-qm", "x")
	tr := plant(t, map[string]string{"a.go": "", "inner/b.go": ""})
	git(t, tr.Dir(), "init", "-q")
	git(t, tr.Dir(), "submodule", "--quiet", "add", lib.Dir(), "sub")
	git(t, filepath.Join(tr.Dir(), "inner"), "init", "-q")
	git(t, tr.Dir(), "add", "a.go")
	tracked, others := list(t, tr)
	same(t, "tracked", tracked, ".gitmodules", "a.go", "sub/lib.go")
	same(t, "others", others, "inner/b.go")
}

func TestAFolderOfARepositoryListsItsOwnFiles(t *testing.T) {
	outer := plant(t, map[string]string{"top.go": "", "svc/main.go": ""})
	git(t, outer.Dir(), "init", "-q")
	git(t, outer.Dir(), "add", ".")
	tr, err := Open(filepath.Join(outer.Dir(), "svc"))
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	tracked, _ := list(t, tr)
	same(t, "tracked", tracked, "main.go")
}

func TestAHookOfGitDoesNotRedirectTheList(t *testing.T) {
	tr := plant(t, map[string]string{"a.go": ""})
	git(t, tr.Dir(), "init", "-q")
	git(t, tr.Dir(), "add", ".")
	t.Setenv("GIT_INDEX_FILE", filepath.Join(t.TempDir(), "none"))
	tracked, _ := list(t, tr)
	same(t, "tracked", tracked, "a.go")
}

func TestAProjectThatAnOuterRepositoryIgnoresIsWalked(t *testing.T) {
	outer := plant(t, map[string]string{".gitignore": "tmp/\n", "tmp/p/main.go": ""})
	git(t, outer.Dir(), "init", "-q")
	tr, err := Open(filepath.Join(outer.Dir(), "tmp", "p"))
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	_, others := list(t, tr)
	same(t, "others", others, "main.go")
}

func TestWithoutGitToolFoldersAndIgnoredFilesAreLeftOut(t *testing.T) {
	files := map[string]string{
		"a.go": "", "sub/b.go": "", "node_modules/x/y.js": "", ".venv/bin/python": "",
		"sub/__pycache__/b.pyc": "",
		".gitignore":            "*.log\n/dist/\n!keep.log\ndoc/*.html\n# no\n\nw{x}\n", "x.log": "",
		"sub/y.log": "", "keep.log": "",
		"dist/a": "", "sub/dist/a": "", "doc/a.html": "", "doc/b/c.html": "", "wx": "", "w{x}": "",
		"sub/.gitignore": "local\n", "sub/local": "", "local": "", ".coverage": "",
	}
	tr := plant(t, files)
	_, others := list(t, tr)
	same(t, "others", others, ".gitignore", "a.go", "doc/b/c.html", "keep.log", "local", "sub/.gitignore",
		"sub/b.go",
		"sub/dist/a", "wx")
	t.Setenv("PATH", t.TempDir())
	put(t, tr.Dir(), ".git/HEAD", "") // a repository, and no git to ask
	_, others = list(t, tr)
	if len(others) != 9 {
		t.Errorf("without the git program: got %q", others)
	}
}

func TestACancelledListIsAnError(t *testing.T) {
	tr := plant(t, map[string]string{"a.go": ""})
	git(t, tr.Dir(), "init", "-q")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := tr.Files(ctx); err == nil {
		t.Error("wanted an error")
	}
}

func TestASparseCheckoutHasTheFilesThatAreThere(t *testing.T) {
	tr := plant(t, map[string]string{"here.go": "", "left-out.go": "", "other.go": ""})
	git(t, tr.Dir(), "init", "-q")
	git(t, tr.Dir(), "add", ".")
	git(t, tr.Dir(), "update-index", "--skip-worktree", "here.go", "left-out.go")
	if err := os.Remove(filepath.Join(tr.Dir(), "left-out.go")); err != nil {
		t.Fatal(err)
	}
	tracked, _ := list(t, tr)
	same(t, "tracked", tracked, "here.go", "other.go")
}
