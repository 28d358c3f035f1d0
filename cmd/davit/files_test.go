//go:build unix

package main_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/davit-dev/davit/plugins/pluginstest"
)

// noFiles make what is no file of a project at a path.
var noFiles = map[string]func(name string) error{
	"a FIFO":    func(name string) error { return syscall.Mkfifo(name, 0o644) },
	"/dev/zero": func(name string) error { return os.Symlink("/dev/zero", name) },
	"20 GB": func(name string) error {
		return errors.Join(os.WriteFile(name, nil, 0o644), os.Truncate(name, 20<<30))
	},
	"a link out": func(name string) error { return os.Symlink("/etc/hosts", name) },
	"a loop":     func(name string) error { return os.Symlink(filepath.Base(name), name) },
	"a folder":   func(name string) error { return os.Mkdir(name, 0o755) },
}

// refused are the files of davit's own, with what is called: each is an error that names it. A plugin to which a link
// out leads is left out instead.
var refused = map[string][]string{
	"project.toml": {"targets"}, "saved.plan": {"deploy", "--plan", "saved.plan"},
	"acme.wasm": {"targets"}, "secret.txt": {"needy"},
}

// others are files of stacks and tools: they may be left out, or make a plugin fail.
var others = strings.Fields("package.json package-lock.json tsconfig.json .nvmrc pnpm-workspace.yaml go.mod go.sum go.work " +
	"Cargo.toml Cargo.lock rust-toolchain.toml .cargo/config.toml pyproject.toml setup.py setup.cfg requirements.txt tox.ini " +
	".python-version Makefile Taskfile.yml justfile Dockerfile .dockerignore compose.yaml .gitignore .tool-versions mise.toml " +
	".pre-commit-config.yaml .github/workflows/ci.yml .gitlab-ci.yml .circleci/config.yml azure-pipelines.yml Jenkinsfile .env " +
	".venv/pyvenv.cfg .venv/bin/activate node_modules/.package-lock.json poetry.lock uv.lock yarn.lock")

const projectForFiles = `[plugins.acme]
from = "acme.wasm"
[secrets.text]
file = "secret.txt"
[targets.needy]
run = "true"
secrets = { TEXT = "text" }
`

func TestNoFileMakesDavitWait(t *testing.T) {
	bin, cache := filepath.Join(programs(t), "one"), t.TempDir()
	if _, err := pluginstest.Warm(filepath.Join(bin, "davit"), cache); err != nil {
		t.Fatal(err)
	}
	tried := 0
	for kind, create := range noFiles {
		for name, args := range refused {
			dir := projectWith(t, name, create)
			if name != "project.toml" {
				text := projectForFiles
				if name != "acme.wasm" {
					text = text[strings.Index(text, "[secrets"):]
				}
				write(t, filepath.Join(dir, "project.toml"), text)
			}
			out, code := callSoon(t, bin, cache, dir, args)
			tried++
			if (kind == "a link out" || kind == "/dev/zero") && name == "acme.wasm" {
				checkLeftOut(t, bin, cache, dir, out, code)
				continue
			}
			if missing := kind == "a link out" && name != "project.toml" || kind == "a loop"; code != 2 && !missing ||
				!missing && !strings.Contains(out, name) || strings.Contains(out, "goroutine ") {
				t.Errorf("%s is %s: exit code %d: %s", name, kind, code, out)
			}
		}
		if kind != "a FIFO" && kind != "20 GB" {
			continue // plugins see nothing else that is no file
		}
		for _, name := range others {
			dir := projectWith(t, name, create)
			for _, args := range [][]string{{"targets"}, {"explain", "check"}} {
				out, code := callSoon(t, bin, cache, dir, args)
				tried++
				if code < 0 || code > 2 || strings.Contains(out, "goroutine ") || strings.Contains(out, "is a bug in the plugin") {
					t.Errorf("%s is %s: davit %v: exit code %d: %s", name, kind, args, code, out)
				}
			}
		}
	}
	t.Logf("%d files tried, %d held", tried, tried)
}

// checkLeftOut checks that a plugin to which a link out leads is refused in one sentence, whatever the link leads to, and
// that davit goes on with the rest.
func checkLeftOut(t *testing.T, bin, cache, dir, out string, code int) {
	t.Helper()
	const want = `warning: plugin "acme" cannot be loaded: acme.wasm is a link that leads out of the project` + "\n"
	if code != 0 || strings.Count(out, want) != 1 || !strings.Contains(out, "\nown\n  needy") {
		t.Errorf("davit targets: exit code %d: %s", code, out)
	}
	write(t, filepath.Join(dir, "secret.txt"), "text")
	if out, code := callSoon(t, bin, cache, dir, []string{"needy"}); code != 0 || strings.Count(out, want) != 1 {
		t.Errorf("davit needy: exit code %d: %s", code, out)
	}
}

// projectWith returns a folder in which one path is no file.
func projectWith(t *testing.T, name string, create func(string) error) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := create(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// callSoon runs davit, and fails the test if it does not end.
func callSoon(t *testing.T, bin, cache, dir string, args []string) (out string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c := exec.CommandContext(ctx, filepath.Join(bin, "davit"), args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "DAVIT_CACHE="+cache)
	text, err := c.CombinedOutput()
	if ctx.Err() != nil {
		t.Fatalf("davit %s in %s does not end: %s", args, dir, text)
	}
	if exit, is := errors.AsType[*exec.ExitError](err); err != nil && !is {
		t.Fatal(err)
	} else if is {
		code = exit.ExitCode()
	}
	return string(text), code
}
