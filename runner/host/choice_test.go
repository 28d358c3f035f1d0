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

// home puts programs that print a version into the user's home, by their paths there.
func (b *bench) home(programs map[string]string) {
	b.t.Helper()
	for name, answer := range programs {
		file := filepath.Join(environ.Get(b.env, "HOME"), filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755),
			os.WriteFile(file, []byte("#!/bin/sh\necho '"+answer+"'\n"), 0o755)); err != nil {
			b.t.Fatal(err)
		}
	}
}

var (
	python3 = plan.Tool{Check: []string{"python3", "--version"}, Runtime: plan.RuntimePython}
	node    = plan.Tool{Check: []string{"node", "--version"}, Runtime: plan.RuntimeNode}
	cargo   = plan.Tool{Check: []string{"cargo", "--version"}, Runtime: plan.RuntimeRust}
)

func pinned(t plan.Tool, pin, by string) plan.Tool {
	t.Pin, t.PinnedBy = pin, by
	return t
}

// newRuntimeBench is a bench whose PATH has no programs but those of the test and of the system's sh.
func newRuntimeBench(t *testing.T) *bench {
	b := newBench(t)
	b.env[0] = "PATH=" + b.bin
	return b
}

func TestTheRuntimeOfATool(t *testing.T) {
	for name, c := range map[string]struct {
		tool plan.Tool
		path map[string]string // programs in PATH, by name
		home map[string]string // programs in the user's home, by path
		env  []string
		want string // the path of the program, BIN and HOME; and the mismatch
	}{
		"PATH has it": {
			pinned(python3, "3.12", ".python-version"), map[string]string{"python3": "Python 3.12.3"},
			map[string]string{".pyenv/versions/3.12.9/bin/python3": "Python 3.12.9"}, nil, "BIN/python3 3.12.3"},
		"pyenv": {
			pinned(python3, "3.12", ".python-version"), map[string]string{"python3": "Python 3.11.2"},
			map[string]string{".pyenv/versions/3.12.1/bin/python3": "Python 3.12.1",
				".pyenv/versions/3.12.9/bin/python3":   "Python 3.12.9",
				".pyenv/versions/3.13.0/bin/python3":   "Python 3.13.0",
				".pyenv/versions/3.12.10t/bin/python3": "Python 3.12.10"}, nil,
			"HOME/.pyenv/versions/3.12.9/bin/python3 3.12.9"},
		"pyenv in its own root": {
			pinned(python3, "3.12.1", ".python-version"), nil,
			map[string]string{"here/versions/3.12.1/bin/python3": "Python 3.12.1"}, []string{"PYENV_ROOT=HOME/here"},
			"HOME/here/versions/3.12.1/bin/python3 3.12.1"},
		"uv": {
			pinned(python3, "3.12.4", ".python-version"), map[string]string{"python3": "Python 3.12.1"},
			map[string]string{".local/share/uv/python/cpython-3.12.4-linux-x86_64-gnu/bin/python3": "Python 3.12.4",
				".local/share/uv/python/cpython-3.12.4+freethreaded-linux-x86_64-gnu/bin/python3": "Python 3.12.4"},
			nil, "HOME/.local/share/uv/python/cpython-3.12.4-linux-x86_64-gnu/bin/python3 3.12.4"},
		"uv by minor version": {
			pinned(python3, "3.12", ".python-version"), map[string]string{"python3": "Python 3.11.2"},
			map[string]string{"uv/cpython-3.12-linux-x86_64-gnu/bin/python3": "Python 3.12.4"},
			[]string{"UV_PYTHON_INSTALL_DIR=HOME/uv"}, "HOME/uv/cpython-3.12-linux-x86_64-gnu/bin/python3 3.12.4"},
		"another patch in PATH": {
			pinned(python3, "3.12.4", ".python-version"), map[string]string{"python3": "Python 3.12.3"},
			map[string]string{".pyenv/versions/3.12.1/bin/python3": "Python 3.12.1"}, nil,
			"BIN/python3 3.12.3: python 3.12.3 is here, and .python-version pins 3.12.4 (pyenv install 3.12.4)"},
		"another patch of pyenv": {
			pinned(python3, "3.12.4", ".python-version"), map[string]string{"python3": "Python 3.11.2"},
			map[string]string{".pyenv/versions/3.12.1/bin/python3": "Python 3.12.1"}, nil,
			"HOME/.pyenv/versions/3.12.1/bin/python3 3.12.1: python 3.12.1 is here, and .python-version pins 3.12.4" +
				" (pyenv install 3.12.4)"},
		"excluded": {
			pinned(python3, "3.14", ".python-version"), map[string]string{"python3": "Python 3.11.2"},
			map[string]string{".pyenv/versions/3.13.0/bin/python3": "Python 3.13.0"}, nil,
			"BIN/python3 3.11.2: python 3.11.2 is here, and .python-version pins 3.14 (pyenv install 3.14), excluded"},
		"excluded, without a manager": {
			pinned(python3, "3.14", ".python-version"), map[string]string{"python3": "Python 3.11.2"}, nil, nil,
			"BIN/python3 3.11.2: python 3.11.2 is here, and .python-version pins 3.14 (pyenv install 3.14, with pyenv from https://github.com/pyenv/pyenv), excluded"},
		"the caller chose": {
			pinned(python3, "3.12", ".python-version"), map[string]string{"python3": "Python 3.11.2"},
			map[string]string{".pyenv/versions/3.12.1/bin/python3": "Python 3.12.1"}, []string{"PYENV_VERSION=3.11.2"},
			"BIN/python3 3.11.2: python 3.11.2 is here, as PYENV_VERSION says, and .python-version pins 3.12" +
				" (pyenv install 3.12), excluded"},
		"a shim that refuses": {
			pinned(python3, "3.12", ".tool-versions"), map[string]string{"python3": ""},
			map[string]string{".asdf/installs/python/3.12.1/bin/python3": "Python 3.12.1"}, nil,
			"HOME/.asdf/installs/python/3.12.1/bin/python3 3.12.1"},
		"nothing at all": {
			pinned(python3, "3.12", ".python-version"), nil, map[string]string{".pyenv/version": ""}, nil,
			"python3 3.12 is needed, and is not in PATH: pyenv install 3.12"},
		"a constraint": {
			plan.Tool{Check: python3.Check, Runtime: plan.RuntimePython, Version: ">=3.13"},
			map[string]string{"python3": "Python 3.11.2"},
			map[string]string{".pyenv/versions/3.12.1/bin/python3": "Python 3.12.1",
				".local/share/mise/installs/python/3.13.2/bin/python3": "Python 3.13.2"}, nil,
			"HOME/.local/share/mise/installs/python/3.13.2/bin/python3 3.13.2"},
		"a constraint that nothing meets": {
			plan.Tool{Check: python3.Check, Runtime: plan.RuntimePython, Version: ">=3.13"},
			map[string]string{"python3": "Python 3.11.2"}, nil, nil,
			"python3 >=3.13 is needed, and BIN/python3 is 3.11.2: get it"},
		"a broken version": {
			pinned(python3, "3.12", ".python-version"), map[string]string{"python3": "Python 3.11.2"},
			map[string]string{".pyenv/versions/3.12.9/bin/python3": "it is broken",
				".pyenv/versions/3.12.1/bin/python3": "Python 3.12.1"}, nil,
			"HOME/.pyenv/versions/3.12.1/bin/python3 3.12.1"},
		"nvm": {
			pinned(node, "22", ".nvmrc"), map[string]string{"node": "v20.20.2"},
			map[string]string{".nvm/versions/node/v22.9.0/bin/node": "v22.9.0",
				".nvm/versions/node/v22.13.0/bin/node": "v22.13.0"}, nil,
			"HOME/.nvm/versions/node/v22.13.0/bin/node 22.13.0"},
		"fnm": {
			pinned(node, "22.13.0", ".nvmrc"), nil,
			map[string]string{"fnm/node-versions/v22.13.0/installation/bin/node": "v22.13.0"},
			[]string{"FNM_DIR=HOME/fnm"}, "HOME/fnm/node-versions/v22.13.0/installation/bin/node 22.13.0"},
		"volta, which is not asked": {
			pinned(node, "22.13.0", "package.json"), map[string]string{"node": "->volta-shim", "volta-shim": "v22.13.0"},
			map[string]string{".volta/tools/image/node/20.1.0/bin/node": "v20.1.0"}, nil,
			"HOME/.volta/tools/image/node/20.1.0/bin/node 20.1.0: node 20.1.0 is here, and package.json pins 22.13.0" +
				" (volta fetch node@22.13.0), excluded"},
		"engines": {
			pinned(node, ">=22", "package.json"), map[string]string{"node": "v20.20.2"},
			map[string]string{".nvm/versions/node/v18.1.0/bin/node": "v18.1.0"}, nil,
			"BIN/node 20.20.2: node 20.20.2 is here, and package.json asks for >=22 (get it), excluded"},
		"rustup obeys": {
			pinned(cargo, "nightly-2026-01-01", "rust-toolchain.toml"),
			map[string]string{"cargo": "cargo 1.94.0-nightly (5d1f98451 2025-12-31)", "rustup": ""}, nil, nil,
			"BIN/cargo 1.94.0-nightly 2025-12-31"},
		"rustup does not read the file": {
			pinned(cargo, "1.90", "mise.toml"), map[string]string{"cargo": "cargo 1.95.0 (f2d3ce0bd 2026-03-21)", "rustup": ""},
			map[string]string{".rustup/toolchains/1.90-x86_64-unknown-linux-gnu/bin/cargo": "cargo 1.90.0"}, nil,
			"HOME/.rustup/toolchains/1.90-x86_64-unknown-linux-gnu/bin/cargo 1.90.0"},
		"a cargo that is not rustup's": {
			pinned(cargo, "nightly-2026-01-01", "rust-toolchain"), map[string]string{"cargo": "cargo 1.63.0"},
			map[string]string{".rustup/toolchains/nightly-2026-01-01-x86_64-unknown-linux-gnu/bin/cargo": "cargo 1.94.0-nightly",
				".rustup/toolchains/nightly-x86_64-unknown-linux-gnu/bin/cargo": "cargo 1.97.0-nightly"}, nil,
			"HOME/.rustup/toolchains/nightly-2026-01-01-x86_64-unknown-linux-gnu/bin/cargo 1.94.0-nightly"},
		"rustup refuses": {
			pinned(cargo, "1.90", "rust-toolchain"), map[string]string{"cargo": "", "rustup": ""},
			map[string]string{".rustup/toolchains/nightly-x86_64-unknown-linux-gnu/bin/cargo": "cargo 1.97.0-nightly",
				".rustup/toolchains/stable-x86_64-unknown-linux-gnu/bin/cargo": "cargo 1.95.0"}, nil,
			"HOME/.rustup/toolchains/stable-x86_64-unknown-linux-gnu/bin/cargo 1.95.0: " +
				"rust 1.95.0 is here, and rust-toolchain pins 1.90 (rustup toolchain install 1.90), excluded"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newRuntimeBench(t)
			home := environ.Get(b.env, "HOME")
			for name, answer := range c.path {
				b.program(name, answer)
			}
			b.home(c.home)
			for _, pair := range c.env {
				b.env = append(b.env, strings.ReplaceAll(pair, "HOME/", home+"/"))
			}
			c.tool.Install = "get it"
			if got := strings.NewReplacer(b.bin, "BIN", home, "HOME").Replace(b.describe(c.tool)); got != c.want {
				t.Errorf("got %s\nwanted %s", got, c.want)
			}
		})
	}
}

// program puts a program that prints a line into PATH: one that fails if the line is empty, or a link.
func (b *bench) program(name, answer string) {
	b.t.Helper()
	if to, link := strings.CutPrefix(answer, "->"); link {
		if err := os.Symlink(to, filepath.Join(b.bin, name)); err != nil {
			b.t.Fatal(err)
		}
		return
	}
	script := "#!/bin/sh\necho '" + answer + "'\n"
	if answer == "" {
		script = "#!/bin/sh\necho 'it is not installed'\nexit 1\n"
	}
	if err := os.WriteFile(filepath.Join(b.bin, name), []byte(script), 0o755); err != nil {
		b.t.Fatal(err)
	}
}

// describe returns the program of a tool, its version and its mismatch, or the error.
func (b *bench) describe(tool plan.Tool) string {
	found, err := b.runner().Probe(b.t.Context(), runner.Step{ToolName: tool.Check[0], Tool: &tool})
	if err != nil {
		fault, _ := errors.AsType[*ToolError](err)
		return fault.Error() + ": " + fault.Hint()
	}
	text := found.Path + " " + found.Version
	if m := found.Mismatch; m != nil {
		if text += ": " + m.Text + " (" + m.Hint + ")"; m.Excluded {
			text += ", excluded"
		}
	}
	return text
}

// The version that is chosen comes first in PATH, behind the environment of the project, and counts for the tool
// that runs with it.
func TestAStepRunsWithItsRuntime(t *testing.T) {
	b := newBench(t)
	b.tool("poetry", "echo poetry 2.1.0")
	b.tool("python3", "echo Python 3.11.2")
	b.home(map[string]string{".pyenv/versions/3.12.1/bin/python3": "Python 3.12.1"})
	tool := plan.Tool{Check: []string{"poetry", "--version"}, Runtime: plan.RuntimePython, Pin: "3.12",
		PinnedBy: ".python-version"}
	s := sh("command -v python3; python3 --version")
	s.ToolName, s.Tool, s.Plan.Path = "poetry", &tool, []string{"env/bin"}
	r := b.runner()
	found, err := r.FindTool(t.Context(), s)
	if err != nil || found.Version != "2.1.0" || found.Runtime != "python 3.12.1 is here, as .python-version pins 3.12" {
		t.Fatalf("got %+v, %v", found, err)
	}
	s.ToolDir = found.Dir
	if _, l := do(t, r, s); !strings.HasSuffix(l.text("stdout"), "/3.12.1/bin/python3\nPython 3.12.1\n") {
		t.Errorf("got %q", l.text("stdout"))
	}
	versions, err := r.Prepare(t.Context(), []runner.Step{s})
	if err != nil || versions["sh"] != "2.1.0 with python 3.12.1" {
		t.Errorf("got %v, %v", versions, err)
	}
	b.file("env/bin/x", "")
	put(t, r, "env/bin/python3", "#!/bin/sh\necho Python 3.10.1\n", 0o755)
	if _, l := do(t, r, s); !strings.HasSuffix(l.text("stdout"), "Python 3.10.1\n") {
		t.Errorf("with an environment: %q", l.text("stdout"))
	}
}

// The environment of the project is what it is, and davit says so.
func TestAnEnvironmentOfAnotherVersionIsSaid(t *testing.T) {
	b := newBench(t)
	b.home(map[string]string{".pyenv/versions/3.12.1/bin/python3": "Python 3.12.1"})
	r := b.runner()
	put(t, r, ".venv/bin/python3", "#!/bin/sh\necho Python 3.9.9\n", 0o755)
	put(t, r, ".venv/pyvenv.cfg", "home = /usr/bin\nversion_info = 3.10.1.final.0\n", 0o644)
	tool := pinned(python3, "3.12", ".python-version")
	s := runner.Step{ToolName: "python", Tool: &tool, Plan: plan.Step{Path: []string{".venv/bin"}}}
	found, err := r.Probe(t.Context(), s)
	want := Mismatch{Text: "python 3.10.1 is in .venv, and .python-version pins 3.12",
		Hint: "remove .venv: the next run makes it anew", Excluded: true, Environment: ".venv"}
	if err != nil || found.Dir != "" || found.Mismatch == nil || *found.Mismatch != want {
		t.Errorf("got %+v %+v, %v", found, found.Mismatch, err)
	}
	s.Plan.Provides = &plan.Provides{Dir: ".venv/"}
	if found, err := r.Probe(t.Context(), s); err != nil || found.Version != "3.12.1" || found.Mismatch != nil {
		t.Errorf("the step that fills it: got %+v, %v", found, err)
	}
}

// The interpreter of an environment is that of the machine, which may have been upgraded since the environment was made:
// its record counts for neither the version nor the key then.
func TestAnUpgradedInterpreterOfAnEnvironment(t *testing.T) {
	for name, inPath := range map[string]bool{"in PATH": true, "elsewhere": false} {
		t.Run(name, func(t *testing.T) {
			b := newRuntimeBench(t)
			if !inPath {
				b.env[0] = "PATH=" + t.TempDir()
			}
			b.file(".venv/pyvenv.cfg", "home = "+b.bin+"\nversion = 3.11.2\n")
			if err := os.MkdirAll(filepath.Join(b.root, ".venv/bin"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(filepath.Join(b.bin, "python3.11"), filepath.Join(b.root, ".venv/bin/python3")); err != nil {
				t.Fatal(err)
			}
			tool := python3
			s := runner.Step{ToolName: "python", Tool: &tool, Plan: plan.Step{Path: []string{".venv/bin"}}}
			var keys []string
			for _, version := range []string{"3.11.2", "3.11.12"} {
				b.program("python3.11", "Python "+version)
				found, err := b.runner().Probe(t.Context(), s)
				if keys = append(keys, found.identity()); err != nil || inPath && found.Version != version {
					t.Errorf("got %+v, %v", found, err)
				}
			}
			if keys[0] == keys[1] {
				t.Errorf("both have the key %q", keys[0])
			}
		})
	}
}

// Asking for a version must not install one.
func TestAskingInstallsNothing(t *testing.T) {
	b := newBench(t)
	b.tool("cargo", `echo "cargo 1.$RUSTUP_AUTO_INSTALL.$MISE_NOT_FOUND_AUTO_INSTALL"`)
	b.env = append(b.env, "RUSTUP_AUTO_INSTALL=1")
	if got := b.describe(cargo); !strings.HasSuffix(got, " 1.0.0") {
		t.Errorf("got %s", got)
	}
}

// Every runtime that a plan may name is known here.
func TestRuntimesAreThoseOfPlans(t *testing.T) {
	for _, name := range plan.Runtimes {
		if k, ok := runtimes[name]; !ok || len(k.check) == 0 || len(k.managers) == 0 {
			t.Errorf("%s is not known", name)
		}
	}
	for name := range runtimes {
		if !slices.Contains(plan.Runtimes, name) {
			t.Errorf("no plan may name %s", name)
		}
	}
}
