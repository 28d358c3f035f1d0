package tree

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// evil is a repository whose own configuration names programs that give themselves away, in all places that git knows
// for what davit asks it, and in a submodule too. It returns the file that they write.
func evil(t *testing.T) (dir, trace string) {
	t.Helper()
	dir, trace = t.TempDir(), filepath.Join(t.TempDir(), "it ran")
	program := filepath.Join(t.TempDir(), "canary")
	write(t, program, "#!/bin/sh\necho $0 $* >> '"+trace+"'\ncat\n", 0o755)
	lib := t.TempDir()
	for _, root := range []string{lib, dir} {
		write(t, filepath.Join(root, "a"), "a\n", 0o644)
		write(t, filepath.Join(root, "b"), "b\n", 0o644)
		write(t, filepath.Join(root, ".gitattributes"), "* filter=x diff=x\nb filter=y=z.clean\n", 0o644)
		git(t, root, "init", "-q")
		git(t, root, "add", ".")
		git(t, root, "commit", "-qm", "x")
	}
	git(t, dir, "submodule", "--quiet", "add", lib, "sub")
	git(t, dir, "commit", "-qm", "y")
	for _, root := range []string{dir, filepath.Join(dir, "sub")} {
		for key, value := range map[string]string{"core.fsmonitor": program, "core.hooksPath": filepath.Dir(program),
			"filter.x.clean": program, "filter.y=z.clean.clean": program, "filter.x.process": program, "filter.x.required": "true", "diff.x.textconv": program,
			"diff.external": program, "core.sshCommand": program, "gpg.program": program, "log.showSignature": "true"} {
			git(t, root, "config", key, value)
		}
		later := time.Now().Add(-time.Hour) // git has to read it
		for _, name := range []string{"a", "b"} {
			if err := os.Chtimes(filepath.Join(root, name), later, later); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, hook := range []string{"post-index-change", "reference-transaction", "fsmonitor-watchman"} {
		write(t, filepath.Join(filepath.Dir(program), hook), "#!/bin/sh\necho hook >> '"+trace+"'\n", 0o755)
	}
	return dir, trace
}

func write(t *testing.T, file, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// git itself is not one that the repository brings, nor one above the project in the work tree.
func TestGitIsNotThatOfTheRepository(t *testing.T) {
	dir := t.TempDir()
	git(t, dir, "init", "-q")
	for _, bin := range []string{"bin", "part/bin"} {
		if err := os.MkdirAll(filepath.Join(dir, bin), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, bin, "git"), "#!/bin/sh\n", 0o755)
	}
	link := filepath.Join(t.TempDir(), "git")
	if err := os.Symlink(filepath.Join(dir, "bin/git"), link); err != nil {
		t.Fatal(err)
	}
	real, err := exec.LookPath("git")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", strings.Join([]string{"bin", filepath.Join(dir, "bin"), filepath.Join(dir, "part/bin"), filepath.Dir(link),
		filepath.Dir(real)}, ":"))
	if got, err := Git(filepath.Join(dir, "part")); err != nil || got != real {
		t.Errorf("got %s, %v", got, err)
	}
	t.Setenv("PATH", filepath.Join(dir, "bin"))
	if got, err := Git(filepath.Join(dir, "part")); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("got %s, %v", got, err)
	}
}

// A repository of the user's home is nobody else's.
func TestWorkTree(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	for _, dir := range []string{".git", "shop/.git", "shop/part", "notes"} {
		if err := os.MkdirAll(filepath.Join(home, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for dir, want := range map[string]string{"shop/part": "shop", "shop": "shop", "notes": "notes", ".": "."} {
		if got := WorkTree(filepath.Join(home, dir)); got != filepath.Join(home, want) {
			t.Errorf("%s: got %s", dir, got)
		}
	}
}

// A question to git runs no program that the repository chooses.
func TestAQuestionToGitRunsNothingOfTheRepository(t *testing.T) {
	dir, trace := evil(t)
	tr, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	part, err := Open(filepath.Join(dir, "sub"))
	if err != nil {
		t.Fatal(err)
	}
	defer part.Close()
	_, filesErr := tr.Files(t.Context())
	_, _, commitErr := tr.Commit(t.Context())
	_, unstagedErr := tr.Unstaged(t.Context())
	_, stagedErr := tr.Staged(t.Context())
	_, ignoredErr := tr.Ignored(t.Context(), []string{"b"})
	_, elsewhereErr := part.Elsewhere(t.Context())
	for _, err := range []error{filesErr, commitErr, unstagedErr, stagedErr, ignoredErr, elsewhereErr} {
		if err != nil {
			t.Error(err)
		}
	}
	if text, err := os.ReadFile(trace); err == nil {
		t.Errorf("it ran: %s", text)
	}
}

// A change in a submodule makes the project differ from its commit.
func TestAChangeInASubmoduleIsSeen(t *testing.T) {
	lib, dir := t.TempDir(), t.TempDir()
	for _, root := range []string{lib, dir} {
		write(t, filepath.Join(root, "a"), "a\n", 0o644)
		git(t, root, "init", "-q")
		git(t, root, "add", ".")
		git(t, root, "commit", "-qm", "x")
	}
	git(t, dir, "submodule", "--quiet", "add", lib, "sub")
	git(t, dir, "commit", "-qm", "y")
	tr, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	for text, want := range map[string]bool{"a\n": false, "b\n": true} {
		write(t, filepath.Join(dir, "sub", "a"), text, 0o644)
		if c, _, err := tr.Commit(t.Context()); err != nil || c.Dirty != want {
			t.Errorf("%q: got %+v, %v", text, c, err)
		}
	}
}

func TestOwnFilters(t *testing.T) {
	records := "global\x00filter.lfs.clean\ngit-lfs clean -- %f\x00global\x00filter.lfs.required\ntrue\x00" +
		"local\x00filter.lfs.clean\nevil\x00local\x00filter.x.clean\nevil\x00worktree\x00filter.x.required\ntrue\x00"
	want := map[string]string{"filter.lfs.clean": "git-lfs clean -- %f", "filter.x.clean": "", "filter.x.required": "false"}
	got := ownFilters(records)
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
	for key, value := range want {
		if got[key] != value {
			t.Errorf("%s: got %q", key, got[key])
		}
	}
}

// git refuses a repository of another user, and its refusal is passed on.
func TestARepositoryOfAnotherUser(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give a folder to another user")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a"), "a\n", 0o644)
	git(t, dir, "init", "-q")
	for _, name := range []string{dir, filepath.Join(dir, ".git")} {
		if err := os.Chown(name, 65534, 65534); err != nil {
			t.Fatal(err)
		}
	}
	tr, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	entries, err := tr.Files(t.Context())
	if err != nil || len(entries) != 1 || entries[0].Tracked {
		t.Errorf("got %v, %v", entries, err)
	}
	want := "git does not read " + dir + ", which belongs to another user"
	if refused := tr.Refused(); refused == nil || refused.Error() != want {
		t.Errorf("got %v", refused)
	}
	if _, _, err := tr.Commit(t.Context()); err == nil || err.Error() != want {
		t.Errorf("the commit: %v", err)
	}
	if _, err := tr.Staged(t.Context()); err != nil {
		t.Errorf("what is staged: %v", err)
	}
}
