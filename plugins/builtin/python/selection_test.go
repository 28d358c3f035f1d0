package python

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/sdk/precommit"
)

// TestSelection calls the script with a program that prints its arguments, in a project in a folder of a
// repository, and where there is no git.
func TestSelection(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("there is no python3 here")
	}
	root := t.TempDir()
	for name, text := range map[string]string{
		"app/.gitignore": "ignored.py\n", "app/a.py": "", "app/b.pyi": "", "app/c.txt": "", "app/ignored.py": "",
		"app/docs/d.py": "", "app/it's a.py": "", "app/run": "#!/usr/bin/env python3\n", "app/shell": "#!/bin/sh\n",
		"other/e.py": "",
	} {
		full := filepath.Join(root, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte(text), 0o755)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("a.py", filepath.Join(root, "app/link.py")); err != nil {
		t.Skip("there are no links here")
	}
	for _, c := range []struct {
		name string
		hook precommit.Hook
		want string
	}{
		{"all", precommit.Hook{}, "a.py|b.pyi|docs/d.py|it's a.py|run"},
		{"types", precommit.Hook{Types: []string{"python"}}, "a.py|docs/d.py|it's a.py|run"},
		{"exclude", precommit.Hook{Exclude: []string{"(?x)^(\n  app/docs/ | # the guide\n  app/run\n)", "it's"}}, "a.py|b.pyi"},
		{"files", precommit.Hook{Files: []string{"^app/", `(?<!b)\.pyi?$`}}, "a.py|docs/d.py|it's a.py"},
		{"none", precommit.Hook{Files: []string{"^docs/"}}, ""},
	} {
		s := selection{&c.hook, []string{".py", ".pyi"}}
		script := s.script("app", []string{"sh", "-c", `printf '%s|' "$@"; exit 3`, "sh"})
		for _, hasGit := range []bool{true, false} {
			if got, code := selected(t, filepath.Join(root, "app"), script, hasGit); got != c.want {
				t.Errorf("%s (git: %v): got %q, wanted %q", c.name, hasGit, got, c.want)
			} else if (code == 3) != (c.want != "") {
				t.Errorf("%s (git: %v): exits %d", c.name, hasGit, code)
			}
		}
	}
}

// selected returns the arguments that a script passes to its program, and its exit code.
func selected(t *testing.T, dir, script string, hasGit bool) (string, int) {
	t.Helper()
	git, ignored := filepath.Join(dir, "..", ".git"), filepath.Join(dir, "ignored.py")
	if hasGit {
		c := exec.Command("git", "init", "-q")
		c.Dir = filepath.Dir(git)
		if err := errors.Join(c.Run(), os.WriteFile(ignored, nil, 0o644)); err != nil {
			t.Fatal(err)
		}
	} else if err := errors.Join(os.RemoveAll(git), os.Remove(ignored)); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("sh", "-e", "-c", script)
	c.Dir, c.Stderr = dir, os.Stderr
	out, err := c.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	text := strings.TrimSuffix(string(out), "|")
	if strings.TrimSpace(text) == "there is no file to check" {
		text = ""
	}
	return text, c.ProcessState.ExitCode()
}
