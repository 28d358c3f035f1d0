package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// An environmentTest is a folder in which the script of an environment runs. Its pip is one that only fails
// for "no-such-package", which is quick.
type environmentTest struct {
	*testing.T
	dir, python string
}

func newEnvironmentTest(t *testing.T) environmentTest {
	t.Helper()
	found, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("there is no python3 here")
	}
	e := environmentTest{t, t.TempDir(), strings.TrimSpace(string(found))}
	e.write("path/python3", `#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then
	`+e.python+` -m venv --without-pip "$3"
	[ ! -e ../kill ] || { rm ../kill; kill -KILL $PPID; }
	exit
fi
exec `+e.python+` "$@"
`)
	e.Setenv("PATH", filepath.Join(e.dir, "path")+string(os.PathListSeparator)+os.Getenv("PATH"))
	e.write("modules/pip.py", "import sys; sys.exit('no-such-package' in sys.argv)")
	e.Setenv("PYTHONPATH", filepath.Join(e.dir, "modules"))
	e.write("project/x", "")
	return e
}

func (e environmentTest) write(name, text string) {
	e.Helper()
	full := filepath.Join(e.dir, name)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		e.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o755); err != nil {
		e.Fatal(err)
	}
}

func (e environmentTest) read(name string) string {
	text, err := os.ReadFile(filepath.Join(e.dir, name))
	if err != nil {
		return "-"
	}
	return strings.TrimSpace(string(text))
}

// run runs the script that fills project/.venv, in which pip has the arguments, and reports whether it ended
// well.
func (e environmentTest) run(args ...string) bool {
	e.Helper()
	script := pip{dir: ".venv", lines: [][]string{args}}.script()
	cmd := exec.Command("sh", "-ec", script)
	cmd.Dir = filepath.Join(e.dir, "project")
	out, err := cmd.CombinedOutput()
	if err != nil {
		e.Logf("%v: %s", err, out)
	}
	return err == nil
}

// made reports whether the environment has the mark of a complete one.
func (e environmentTest) made() bool { return strings.HasPrefix(e.read(mark), "made ") }

func (e environmentTest) venv() {
	e.Helper()
	cmd := exec.Command("python3", "-m", "venv", ".venv")
	cmd.Dir = filepath.Join(e.dir, "project")
	if out, err := cmd.CombinedOutput(); err != nil {
		e.Fatalf("%v: %s", err, out)
	}
	e.write("project/.venv/own", "")
}

const mark, own = "project/.venv/.davit", "project/.venv/own"

func TestEnvironmentIsMadeAnewAfterAnInterruption(t *testing.T) {
	e := newEnvironmentTest(t)
	e.write("kill", "")
	if e.run("package") || e.read(mark) != "unfinished" || e.read("project/.venv/.gitignore") != "*" {
		t.Fatalf("the mark is %q after an interruption", e.read(mark))
	}
	e.write(own, "")
	if !e.run("package") || !e.made() || e.read(own) != "-" {
		t.Errorf("the mark is %q, and the half-made one is still there", e.read(mark))
	}
	e.write(own, "")
	if !e.run("package") || !e.made() || e.read(own) == "-" {
		t.Errorf("the mark is %q, and a complete one was made anew", e.read(mark))
	}
}

func TestEnvironmentOfTheUserIsKept(t *testing.T) {
	e := newEnvironmentTest(t)
	e.venv()
	for range 2 {
		if !e.run("package") || e.read(mark) != "-" || e.read(own) == "-" {
			t.Fatalf("the mark is %q", e.read(mark))
		}
	}
	if e.run("no-such-package") || e.read(mark) != "-" || e.read(own) == "-" {
		t.Errorf("the mark is %q after a failure", e.read(mark))
	}
	os.RemoveAll(filepath.Join(e.dir, "project", ".venv"))
	e.write("kill", "")
	e.run("package")
	os.RemoveAll(filepath.Join(e.dir, "project", ".venv"))
	e.venv() // in place of what an interruption left
	if !e.run("package") || e.read(own) == "-" {
		t.Error("the user's is gone")
	}
}

func TestEnvironmentAfterAFailure(t *testing.T) {
	e := newEnvironmentTest(t)
	if e.run("no-such-package") || e.read("project/.venv/pyvenv.cfg") != "-" {
		t.Error("a new one is still there")
	}
	if !e.run("package") || e.run("package", "no-such-package") || e.read(mark) != "-" {
		t.Errorf("the mark of one for other packages is %q", e.read(mark))
	}
}
