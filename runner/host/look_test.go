package host

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// canary puts a program into the project that would give itself away, and returns the file that it would write.
func (b *bench) canary(name string) (trace string) {
	b.t.Helper()
	trace = filepath.Join(b.t.TempDir(), "it ran")
	b.file(name, "#!/bin/sh\necho >> '"+trace+"'\necho Python 3.9.1\n")
	if err := os.Chmod(filepath.Join(b.root, name), 0o755); err != nil {
		b.t.Fatal(err)
	}
	return trace
}

// A look runs no program that the repository brings, wherever it is found first.
func TestALookRunsNothingOfTheProject(t *testing.T) {
	for name, prepare := range map[string]func(b *bench, s *runner.Step) (trace string){
		"in the environment of the step": func(b *bench, s *runner.Step) string {
			s.Plan.Path = []string{".venv/bin"}
			return b.canary(".venv/bin/python3")
		},
		"in the PATH of the caller": func(b *bench, s *runner.Step) string {
			b.env[0] = "PATH=" + filepath.Join(b.root, "tools") + ":" + b.bin
			return b.canary("tools/python3")
		},
		"in the PATH of the caller, above the project": func(b *bench, s *runner.Step) string {
			trace := b.canary("tools/python3")
			b.file(".git", "")
			b.env[0] = "PATH=" + filepath.Join(b.root, "tools") + ":" + b.bin
			b.root = filepath.Join(b.root, "part")
			b.file("x", "")
			return trace
		},
		"by a link in the PATH of the caller": func(b *bench, s *runner.Step) string {
			trace := b.canary("tools/python3")
			if err := os.Remove(filepath.Join(b.bin, "python3")); err != nil {
				b.t.Fatal(err)
			}
			b.program("python3", "->"+filepath.Join(b.root, "tools/python3"))
			return trace
		},
		"in a PATH of the plan": func(b *bench, s *runner.Step) string {
			s.Plan.Env = map[string]string{"PATH": filepath.Join(b.root, "tools")}
			return b.canary("tools/python3")
		},
		"in a folder for version managers of the plan": func(b *bench, s *runner.Step) string {
			s.Plan.Env = map[string]string{"PYENV_ROOT": b.root}
			return b.canary("versions/3.12.1/bin/python3")
		},
		"in a folder for version managers in the project": func(b *bench, s *runner.Step) string {
			b.env = append(b.env, "PYENV_ROOT="+b.root)
			return b.canary("versions/3.12.1/bin/python3")
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newRuntimeBench(t)
			b.program("python3", "Python 3.11.2")
			tool := pinned(python3, "3.12.1", ".python-version")
			s := runner.Step{ToolName: "python", Tool: &tool}
			trace := prepare(b, &s)
			_, _ = b.runner().Probe(t.Context(), s)
			if _, err := os.Stat(trace); err == nil {
				t.Error("it ran")
			}
		})
	}
}

// A program that is asked sees neither the files of the project nor what a plan sets, but what the project pins.
func TestAProgramIsAskedOutsideOfTheProject(t *testing.T) {
	b := newBench(t)
	b.tool("tool", `echo "1.$(pwd | wc -c | tr -d ' ').$NODE_OPTIONS$ASDF_TOOL_VERSION"; echo "${PATH%%:*} $PWD" >&2`)
	b.file(".tool-versions", "tool 7\n")
	b.env = append(b.env, "PATH="+b.root+":"+b.bin+":/bin:/usr/bin")
	s := runner.Step{ToolName: "tool", Tool: &plan.Tool{Check: tool.Check},
		Plan: plan.Step{Env: map[string]string{"NODE_OPTIONS": "--require ./x.js", "ASDF_TOOL_VERSION": "8"}}}
	found, err := b.runner().Probe(t.Context(), s)
	if err != nil || found.Version != "1.2.7" {
		t.Errorf("got %+v, %v", found, err)
	}
	env := b.runner().outside(s, pins{})
	if environ.Get(env, "PATH") != b.bin+":/bin:/usr/bin" || environ.Get(env, "PWD") != "/" {
		t.Errorf("got PATH %s, PWD %s", environ.Get(env, "PATH"), environ.Get(env, "PWD"))
	}
}

// Variables of the caller that name code in the project are not there for a program that is asked, and others are.
func TestAProgramIsAskedWithoutTheCodeThatVariablesName(t *testing.T) {
	b := newBench(t)
	canary := b.canary("code/x")
	tried := 0
	for _, name := range slices.Concat(startupFiles, codePaths) {
		for _, value := range []string{"%", "--require %", "--require=%", "/usr/lib" + string(os.PathListSeparator) + "%", "-I%"} {
			tried++
			value = strings.ReplaceAll(value, "%", filepath.Join(b.root, "code", "x"))
			b.env = append(slices.Clone(b.env), name+"="+value)
			if env := b.runner().outside(runner.Step{}, pins{}); environ.Get(env, name) != "" {
				t.Errorf("%s is %q", name, environ.Get(env, name))
			}
		}
	}
	b.env = append(b.env, "NODE_OPTIONS=--max-old-space-size=4096", "LD_LIBRARY_PATH=/opt/lib", "OTHER="+b.root)
	env := b.runner().outside(runner.Step{}, pins{})
	for _, name := range []string{"NODE_OPTIONS", "LD_LIBRARY_PATH", "OTHER"} {
		if environ.Get(env, name) == "" {
			t.Errorf("%s is lost", name)
		}
	}
	b.tool("tool", "echo 1.2.3")
	b.env = append(b.env, "BASH_ENV="+filepath.Join(b.root, "code", "x"), "ENV="+filepath.Join(b.root, "code", "x"))
	bash := "#!/bin/bash\necho 1.2.3\n"
	if err := os.WriteFile(filepath.Join(b.bin, "tool"), []byte(bash), 0o700); err != nil {
		t.Fatal(err)
	}
	s := runner.Step{ToolName: "tool", Tool: &plan.Tool{Check: tool.Check}}
	if _, err := b.runner().Probe(t.Context(), s); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(canary); err == nil {
		t.Error("the startup file of a shell ran")
	}
	t.Logf("%d variables tried, %d held", tried, tried)
}

// The version of a program in the project is not known before it runs, and is no fault.
func TestAProgramOfTheProjectHasNoVersionBeforeItRuns(t *testing.T) {
	b := newBench(t)
	b.canary("env/bin/tool")
	s := runner.Step{ToolName: "tool", Tool: &tool, Plan: plan.Step{Path: []string{"env/bin"}}}
	found, err := b.runner().Probe(t.Context(), s)
	if err != nil || found.Path != filepath.Join(b.root, "env/bin/tool") || found.Version != "" {
		t.Errorf("got %+v, %v", found, err)
	}
}

// A toolchain that a file names by its folder is not asked, and another one in its place is another version. One that the
// user has chosen for a folder is.
func TestToolchainsOfRustByFolder(t *testing.T) {
	b := newBench(t)
	b.tool("cargo", `echo "cargo 1.${RUSTUP_TOOLCHAIN:-0}.0"`)
	s := runner.Step{ID: "s", ToolName: "cargo", Tool: &cargo, Plan: plan.Step{Op: plan.OpExec, Argv: []string{"cargo"}}}
	version := func() string {
		versions, err := b.runner().Prepare(t.Context(), []runner.Step{s})
		if err != nil {
			t.Fatal(err)
		}
		return versions["s"]
	}
	home := filepath.Join(environ.Get(b.env, "HOME"), ".rustup")
	if err := errors.Join(os.MkdirAll(home, 0o755), os.WriteFile(filepath.Join(home, "settings.toml"),
		[]byte("[overrides]\n'"+b.root+"' = '90'\n"), 0o644)); err != nil {
		t.Fatal(err)
	}
	if got := version(); got != "1.90.0" {
		t.Errorf("the override: got %s", got)
	}
	b.file("rust-toolchain.toml", "[toolchain]\npath = 'mine'\n")
	trace := b.canary("mine/bin/cargo")
	first := version()
	if err := os.WriteFile(filepath.Join(b.root, "mine/bin/cargo"), []byte("another"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(trace); err == nil || version() == first {
		t.Errorf("it ran, or counts as the one before: %s", first)
	}
}

func TestAGoThatFetchesWhatGoModAsksFor(t *testing.T) {
	for setting, fetches := range map[string]bool{"auto": true, "go1.24.1+auto": true, "local": false, "path": true, "go1.24.1+path": true, "go1.24.1": false} {
		b := newBench(t)
		b.tool("go", `case $1 in version) echo go version go1.24.1 linux/amd64 ;; env) echo `+setting+` ;; esac`)
		s := runner.Step{ToolName: "go", Tool: &plan.Tool{Version: ">=1.99", Check: []string{"go", "version"}}}
		found, err := b.runner().Probe(t.Context(), s)
		if fetches != (err == nil) || found.Version != "1.24.1" {
			t.Errorf("%s: got %+v, %v", setting, found, err)
		}
	}
}
