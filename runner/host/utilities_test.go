package host

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"mvdan.cc/sh/moreinterp/coreutils"

	"github.com/davit-dev/davit/runner"
)

// asOnWindows makes a runner for a system without sh and without its programs.
func asOnWindows(t *testing.T) *Runner {
	r := withoutSh(newRunner(t))
	r.utilities = coreutils.ExecHandler
	r.o.Env = []string{"PATH=" + t.TempDir()}
	return r
}

func TestUtilitiesWithoutTheSystem(t *testing.T) {
	for script, want := range map[string]string{
		"mkdir -p a/b && mkdir -p a/b && echo x > a/b/f && cat a/b/f": "x\n",
		"cat":           "",
		"echo in | cat": "in\n",
		"touch a b; ls; rm a; rm -f a; mv b c; ls":                                   "a\nb\nc\n",
		"mkdir d; echo 1 > d/f; cp -r d e; cat e/f; rm -rf d; [ -d d ] || echo gone": "1\ngone\n",
		"cp no f || echo failed":                                                     "failed\n",
		"cat no\necho not reached":                                                   "",
		"cd \"$(mktemp -d)\" && touch f && ls":                                       "f\n",
		"mkdir d; (cd d && touch f && ls)":                                           "f\n",
		"ls() { echo mine; }; ls":                                                    "mine\n",
		"mkdir -p s/t; touch s/t/x.go; cp \"$(find s -name x.go)\" .; ls":            "s\nx.go\n",
		"mkdir d; touch d/f .h; ls; ls -A d .h; ls -d d .; ls -1 d/f":                "d\n.h\nd:\nf\nd\n.\nd/f\n",
		"ls no 2>&1 || echo $?":                                                      "ls: no: no such file or directory\n2\n",
		"ls -l 2>&1 || echo $?":                                                      "ls: the option -l needs sh, which this system does not have\n2\n",
		"echo aGk= > f; base64 -d < f":                                               "hi",
	} {
		r := asOnWindows(t)
		s := posix(script)
		if _, err := r.Prepare(context.Background(), []runner.Step{s}); err != nil {
			t.Errorf("%s: %v", script, err)
		}
		if result, l := do(t, r, s); l.text("stdout") != want {
			t.Errorf("%s: got %+v, %q, %q", script, result, l.text("stdout"), l.text("stderr"))
		}
	}
}

// TestUtilityNames: each name is one of the library's, with which the handler behind it is not asked.
func TestUtilityNames(t *testing.T) {
	r := asOnWindows(t)
	for _, name := range utilityNames {
		if _, l := do(t, r, posix(name+" --no-such-option || :")); l.text("stderr") == name+": not found\n" {
			t.Errorf("%s: not found", name)
		}
		if found := r.Programs(posix(name))[name]; found != "davit's own" {
			t.Errorf("%s: got %q", name, found)
		}
	}
}

func TestAProgramOfUnixThatIsMissingIsNamedBeforeAnythingRuns(t *testing.T) {
	r := asOnWindows(t)
	system := t.TempDir()
	for _, name := range []string{"sort.exe", "sort", "whoami", "whoami.exe"} {
		if err := os.WriteFile(filepath.Join(system, name), nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	r.o.Env = append(r.o.Env, "PATH="+system, "SystemRoot="+system)
	for script, want := range map[string]string{
		"echo a\necho b | cut -c1":    `step "posix": line 2, column 10 of its script: cut needs sh, which this system does not have`,
		"x=$(sed -n 1p f)":            `step "posix": line 1, column 5 of its script: sed needs sh, which this system does not have`,
		"sort < f":                    `step "posix": line 1, column 1 of its script: sort needs sh, which this system does not have`,
		"whoami":                      "",
		"grep() { :; }; grep a f":     "",
		"no-such-program; tool/sed a": "",
	} {
		_, err := r.Prepare(context.Background(), []runner.Step{posix(script)})
		got, refused := errors.AsType[*ScriptError](err)
		switch {
		case want == "" && err != nil, want != "" && (!refused || got.Error() != want || got.Hint() == ""):
			t.Errorf("%q: got %v, wanted %s", script, err, want)
		}
	}
}
