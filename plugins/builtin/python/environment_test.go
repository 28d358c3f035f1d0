package python

import (
	"errors"
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
	return e.runs(pip{dir: ".venv", lines: [][]string{args}})
}

func (e environmentTest) runs(p pip) bool {
	e.Helper()
	return e.runsScript(p.script())
}

func (e environmentTest) runsScript(script string) bool {
	e.Helper()
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
}

func TestEarlierEnvironmentComesBack(t *testing.T) {
	e := newEnvironmentTest(t)
	e.run("package")
	e.write(own, "")
	before := e.read(mark)
	if e.run("package", "no-such-package") || e.read(mark) != before || e.read(own) == "-" {
		t.Errorf("the mark is %q after a failure", e.read(mark))
	}
	e.write("kill", "")
	if e.run("package", "more") || e.read(mark) != "unfinished" || e.read("project/.venv-old/.gitignore") != "*" {
		t.Errorf("the mark is %q after an interruption", e.read(mark))
	}
	if !e.run("package") || e.read(mark) != before || e.read(own) == "-" || e.hasOld() {
		t.Errorf("the mark is %q, and the earlier one is lost", e.read(mark))
	}
	if !e.run("package", "more") || !e.made() || e.read(own) != "-" || e.hasOld() {
		t.Errorf("the mark is %q, and the earlier one is still there", e.read(mark))
	}
}

func TestFolderOfTheUserIsNoEarlierEnvironment(t *testing.T) {
	e := newEnvironmentTest(t)
	e.write("project/.venv-old/own", "")
	if e.run("no-such-package") || !e.run("package") || !e.run("more") || !e.made() || !e.hasOld() {
		t.Errorf("the mark is %q, and the folder of the user is there: %t", e.read(mark), e.hasOld())
	}
}

func (e environmentTest) hasOld() bool {
	_, err := os.Stat(filepath.Join(e.dir, "project", ".venv-old"))
	return err == nil
}

func TestEnvironmentIsMadeAnewForOtherRequirements(t *testing.T) {
	e := newEnvironmentTest(t)
	e.run("package", "more")
	e.write(own, "")
	if !e.run("package", "more") || e.read(own) == "-" {
		t.Error("one for the same requirements is made anew")
	}
	if !e.run("package") || e.read(own) != "-" {
		t.Error("one for other requirements is kept")
	}
}

func TestEnvironmentWhoseInterpreterIsGoneIsMadeAnew(t *testing.T) {
	e := newEnvironmentTest(t)
	e.venv()
	python := filepath.Join(e.dir, "project", ".venv", "bin", "python")
	if err := errors.Join(os.Remove(python), os.Symlink("/nonexistent/python3", python)); err != nil {
		t.Fatal(err)
	}
	if !e.run("package") || e.read(own) != "-" || !e.made() {
		t.Errorf("the mark is %q", e.read(mark))
	}
}

func TestEnvironmentOfTheUserWithAnotherPythonIsRefused(t *testing.T) {
	e := newEnvironmentTest(t)
	e.Setenv("PYTHONPATH", "") // the real pip
	e.venv()
	for accepted, want := range map[string]bool{"<3": false, ">=3.6": true} {
		if got := e.runs(pip{dir: ".venv", python: accepted, lines: [][]string{{"pip", "--no-index"}}}); got != want {
			t.Errorf("%s: it is filled: %t", accepted, got)
		}
	}
}

// TestCheckAsksPip asks the real pip, which is installed.
func TestEnvironmentOfTheUserWithAnotherPythonIsSetAside(t *testing.T) {
	e := newEnvironmentTest(t)
	script := environmentScript{dir: ".venv", made: "'made -'", create: "python3 -m venv .venv && begin", repair: "begin",
		fill: []string{"touch .venv/filled"}, python: e.version()}
	older := "#!/bin/sh\nexec " + e.python + " -c 'import sys; sys.version = \"2.7.18 (main)\"; exec(sys.argv[2])' \"$@\"\n"
	fits := "#!/bin/sh\nexec " + e.python + " \"$@\"\n"
	e.write("project/.venv/bin/python", fits)
	e.write("project/.venv/own", "of the user")
	if !e.runsScript(script.String()) || e.made() || e.read("project/.venv/own") != "of the user" {
		t.Error("one with the right Python is not kept")
	}

	e.write("project/.venv/bin/python", older)
	if !e.runsScript(script.String()) || !e.made() || e.read("project/.venv/own") != "-" ||
		e.read("project/.venv/filled") != "" {
		t.Error("one with another Python is not made anew")
	}
	if e.read("project/.venv-old/own") != "of the user" || e.read("project/.venv-old/.gitignore") != "*" {
		t.Error("the one of the user is not kept, or git does not ignore it")
	}

	if !e.runsScript("rm -r .venv") {
		t.Fatal("it cannot be removed")
	}
	e.write("project/.venv/bin/python", older)
	if e.runsScript(script.String()) || e.read("project/.venv/bin/python") != strings.TrimSpace(older) ||
		e.read("project/.venv-old/own") != "of the user" {
		t.Error("a second one of the user is not refused")
	}
}

func TestCheckAsksPip(t *testing.T) {
	e := newEnvironmentTest(t)
	e.Setenv("PYTHONPATH", "")
	p := pip{dir: ".venv", lines: [][]string{{"pip>=1"}}}
	if !e.check(p) {
		t.Skip("pip is older than 22.2")
	}
	fits := "made " + p.made() + " " + e.version()
	for name, test := range map[string]struct {
		p    pip
		mark string
		want bool
	}{
		"another version":                      {pip{dir: ".venv", lines: [][]string{{"pip>=999"}}}, "", false},
		"what is not there":                    {pip{dir: ".venv", lines: [][]string{{"pip"}, {"no-such-package-at-all"}}}, "", false},
		"another Python":                       {pip{dir: ".venv", python: "<3", lines: p.lines}, "", false},
		"not in place":                         {pip{dir: ".venv", own: "pip", asked: p.lines}, "", false},
		"not made by davit":                    {pip{dir: ".venv", own: "pip", asked: p.lines, marked: true}, "", false},
		"unfinished":                           {p, "unfinished", false},
		"other requirements":                   {p, "made 0 " + e.version(), false},
		"an older Python":                      {p, "made " + p.made() + " 2.7", false},
		"as davit made it":                     {p, fits, true},
		"as davit made it, in spite of hashes": {pip{dir: ".venv", lines: p.lines, marked: true}, fits, true},
		"hashes, not made by davit":            {pip{dir: ".venv", lines: p.lines, marked: true}, "", false},
		"a mark of long ago":                   {p, "filled", true},
		"the user's, as ever":                  {p, "", true},
	} {
		e.write(mark, test.mark)
		if got := e.check(test.p); got != test.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}

// check reports whether the check of an environment ends well.
func (e environmentTest) check(p pip) bool {
	cmd := exec.Command(e.python, p.check("a test")[1:]...)
	cmd.Dir = filepath.Join(e.dir, "project")
	return cmd.Run() == nil
}

// version returns the version of the interpreter as a mark has it.
func (e environmentTest) version() string {
	out, err := exec.Command("python3", "-c", `import sys; print("%d.%d" % sys.version_info[:2])`).Output()
	if err != nil {
		e.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// An environment of the user's own may have a package that was taken out of the requirements.
func TestCheckNamesWhatNobodyAsksFor(t *testing.T) {
	e := newEnvironmentTest(t)
	e.Setenv("PYTHONPATH", "")
	if out, err := exec.Command(e.python, "-m", "venv", filepath.Join(e.dir, "project/.venv")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	sites, err := filepath.Glob(filepath.Join(e.dir, "project/.venv/lib/python3*/site-packages"))
	if err != nil || len(sites) != 1 {
		t.Fatalf("got %v, %v", sites, err)
	}
	site, _ := filepath.Rel(e.dir, sites[0])
	for name, needs := range map[string]string{"Asked": "Requires-Dist: needed.by-it>=1\n", "needed_by_it": "", "Taken_Out": "", "listed": ""} {
		e.write(site+"/"+name+"-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: "+name+"\nVersion: 1.0\n"+needs)
	}
	e.write("project/requirements.txt", "asked==1.0\n-r more.txt\n")
	e.write("project/more.txt", "listed\n")
	p := pip{dir: ".venv", lines: [][]string{{"-r", "requirements.txt"}}}
	cmd := exec.Command(filepath.Join(e.dir, "project/.venv/bin/python"), p.check("requirements.txt")[1:]...)
	cmd.Dir = filepath.Join(e.dir, "project")
	out, err := cmd.CombinedOutput()
	if want := "has what requirements.txt asks for, and also Taken_Out, which a new one would not have\n"; err != nil || !strings.HasSuffix(string(out), want) {
		t.Errorf("got %q, %v", out, err)
	}
}
