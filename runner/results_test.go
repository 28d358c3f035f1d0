package runner_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/runner"
)

// outside writes a file beside the project, and returns its path.
func (p *project) outside(name, text string) string {
	p.t.Helper()
	file := filepath.Join(filepath.Dir(p.dir), name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
	return file
}

// within moves the project into a folder of its own, so that a test may write beside it.
func (p *project) within() *project {
	p.t.Helper()
	p.dir = filepath.Join(p.dir, "project")
	if err := os.Mkdir(p.dir, 0o755); err != nil {
		p.t.Fatal(err)
	}
	return p
}

func (p *project) link(target, name string) {
	p.t.Helper()
	p.remove(name)
	if err := os.Symlink(target, p.path(name)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *project) commit(dir string) {
	p.t.Helper()
	for _, args := range [][]string{{"init", "-q"}, {"add", "."},
		{"-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-qm", "x"}} {
		p.runGit(dir, args...)
	}
}

func (p *project) runGit(dir string, args ...string) {
	p.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		p.t.Fatalf("%v\n%s", err, out)
	}
}

// Whatever a step may read on the host makes it run again when it changes, and only then.
func TestWhatDecidesAResult(t *testing.T) {
	noInputs, dependsOn := sh("test", "true"), sh("test", "true")
	dependsOn.DependsOn = []string{"../lib"}
	narrow := func(globs ...string) runner.Step {
		s := sh("test", "true", inputs(globs...))
		s.OwnInputs = true
		return s
	}
	settings := sh("test", "true", inputs("a"))
	settings.Plan.Settings = []string{"~/.toolrc", "$TOOL_HOME/config", "$TOOL_FILE", "../.tool/config"}
	for name, c := range map[string]struct {
		step   runner.Step
		before func(p *project)
		change func(p *project)
	}{
		"a file of a clone": {noInputs,
			func(p *project) { p.put("third/lib/x", "1"); p.commit(p.path("third/lib")) },
			func(p *project) { p.put("third/lib/x", "2") }},
		"a named file of a clone": {narrow("third/lib/**"),
			func(p *project) { p.put("third/lib/x", "1"); p.commit(p.path("third/lib")) },
			func(p *project) { p.put("third/lib/x", "2") }},
		"an ignored file": {noInputs,
			func(p *project) { p.put(".gitignore", "dist/\n"); p.put("dist/page", "1") },
			func(p *project) { p.put("dist/page", "2") }},
		"an ignored file that goes": {noInputs,
			func(p *project) { p.put(".gitignore", "dist/\n"); p.put("dist/page", "1") },
			func(p *project) { p.remove("dist/page") }},
		"an ignored file that comes": {noInputs,
			func(p *project) { p.put(".gitignore", "*.gen\n") },
			func(p *project) { p.put("x.gen", "1") }},
		"an ignored file of a glob": {narrow("ign/**"),
			func(p *project) { p.put(".gitignore", "ign/\n"); p.put("ign/x", "1") },
			func(p *project) { p.put("ign/x", "2") }},
		"a file of an ignored folder": {narrow("ign"),
			func(p *project) { p.put(".gitignore", "ign/\n"); p.put("ign/x", "1") },
			func(p *project) { p.put("ign/y", "2") }},
		"a new package of an environment": {noInputs,
			func(p *project) { p.put(".gitignore", "node_modules/\n"); p.put("node_modules/x/index.js", "1") },
			func(p *project) { p.put("node_modules/y/index.js", "1") }},
		"a linked package": {noInputs,
			func(p *project) {
				p.put(".gitignore", "node_modules\n")
				p.outside("ext/index.js", "1")
				p.put("node_modules/x/index.js", "1")
				p.link("../../ext", "node_modules/ext")
			},
			func(p *project) { p.outside("ext/index.js", "2") }},
		"what a link leads to": {narrow("config"),
			func(p *project) { p.put("conf/dev", "1"); p.link("conf/dev", "config") },
			func(p *project) { p.put("conf/dev", "2") }},
		"what a link to a folder leads to": {narrow("src"),
			func(p *project) { p.put("shared/x", "1"); p.link("shared", "src") },
			func(p *project) { p.put("shared/x", "2") }},
		"a link out of the project": {noInputs,
			func(p *project) { p.link(p.outside("x", "1"), "out") },
			func(p *project) { p.outside("x", "2") }},
		"a link to a folder outside": {noInputs,
			func(p *project) { p.outside("shared/x", "1"); p.link("../shared", "out") },
			func(p *project) { p.outside("shared/deep/y", "2") }},
		"code outside": {dependsOn,
			func(p *project) { p.outside("lib/x", "1") },
			func(p *project) { p.outside("lib/x", "2") }},
		"code outside of code outside": {dependsOn,
			func(p *project) {
				p.outside("lib/Cargo.toml", `far = { path = "../far" }`)
				p.outside("far/x", "1")
			},
			func(p *project) { p.outside("far/x", "2") }},
		"another module of a go.work above": {sh("test", "true", inputs("a"), func(s *runner.Step) {
			s.Plan.Settings = []string{"../go.work"}
		}),
			func(p *project) {
				p.outside("go.work", "use (\n\t./project\n\t./other\n)\n")
				p.outside("other/x", "1")
			},
			func(p *project) { p.outside("other/x", "2") }},
		"a name with brackets": {narrow("app/[id]/page"),
			func(p *project) { p.put("app/[id]/page", "1") },
			func(p *project) { p.put("app/[id]/page", "2") }},
		"the mode of a file": {noInputs, func(*project) {}, func(p *project) { _ = os.Chmod(p.path("a"), 0o600) }},
		"a setting at home": {settings,
			func(p *project) { p.env = append(p.env, "HOME="+filepath.Dir(p.outside("home/x", ""))) },
			func(p *project) { p.outside("home/.toolrc", "1") }},
		"a setting in a folder of a variable": {settings,
			func(p *project) { p.env = append(p.env, "TOOL_HOME="+filepath.Dir(p.outside("tool/config", "1"))) },
			func(p *project) { p.outside("tool/config", "2") }},
		"a setting that a variable names": {settings,
			func(p *project) { p.env = append(p.env, "TOOL_FILE="+p.outside("tool/config", "1")) },
			func(p *project) { p.outside("tool/config", "2") }},
		"a setting above": {settings,
			func(*project) {}, func(p *project) { p.outside(".tool/config", "1") }},
		"a program of a script": {sh("test", "true", func(s *runner.Step) {
			s.Plan.Op, s.Plan.Argv, s.Plan.Script = "shell", nil, "x=1; if true; then tool $x; fi"
		}),
			func(p *project) {
				file := p.outside("tools/tool", "#!/bin/sh\n")
				_ = os.Chmod(file, 0o755)
				p.env = append(p.env, "PATH="+filepath.Dir(file)+":"+os.Getenv("PATH"))
			},
			func(p *project) { p.outside("tools/tool", "#!/bin/sh\n# other\n") }},
		"a commit, for a script in a file that runs git": {sh("test", "", func(s *runner.Step) {
			s.Plan.Op, s.Plan.Argv, s.Plan.Script = "shell", nil, "sh ./version.sh"
			s.Plan.Inputs = []string{"version.sh"}
		}),
			func(p *project) { p.put("version.sh", "v=$(git describe --always)\n") },
			func(p *project) { p.put("new", ""); p.commit(p.dir) }},
		"a commit, for a script that runs git": {sh("test", "", func(s *runner.Step) {
			s.Plan.Op, s.Plan.Argv, s.Plan.Script, s.Plan.Inputs = "shell", nil, "git rev-parse HEAD", []string{"a"}
		}),
			func(*project) {}, func(p *project) { p.put("new", ""); p.commit(p.dir) }},
		"a staged file, for a script that runs git": {sh("test", "", func(s *runner.Step) {
			s.Plan.Op, s.Plan.Argv, s.Plan.Script = "shell", nil, "git describe --always --dirty"
		}),
			func(p *project) { p.put("new", "") }, func(p *project) { p.runGit(p.dir, "add", "new") }},
		"a file elsewhere in the repository, for a script that runs git": {sh("test", "", func(s *runner.Step) {
			s.Plan.Op, s.Plan.Argv, s.Plan.Script = "shell", nil, "git describe --always --dirty"
		}),
			func(p *project) {
				p.remove(".git")
				p.outside("far", "1")
				p.commit(filepath.Dir(p.dir))
			},
			func(p *project) { p.outside("far", "2") }},
		"a program in a folder of PATH that is overwritten": {noInputs,
			func(p *project) {
				p.env = append(p.env, "PATH="+filepath.Dir(p.outside("tools/x", "1"))+":"+os.Getenv("PATH"))
			},
			func(p *project) { p.outside("tools/x", "two") }},
		"a credential that comes": {noInputs, func(*project) {},
			func(p *project) { p.env = append(p.env, "X_TOKEN=1") }},
		"arguments that are not UTF-8": {noInputs, func(*project) {}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t).within()
			p.put("a", "a")
			p.commit(p.dir)
			c.before(p)
			s := c.step
			s.Args = []string{"\xff"}
			check(t, "first", p.run(s).status(), "test=ok")
			check(t, "second", p.run(s).status(), "test=cached")
			if c.change != nil {
				c.change(p)
			} else {
				s.Args = []string{"\xfe"}
			}
			check(t, "changed", p.run(s).status(), "test=ok")
			check(t, "as it is now", p.run(s).status(), "test=cached")
		})
	}
}

func TestAProgramByItsAbsolutePathCounts(t *testing.T) {
	p := newProject(t).within()
	p.put("a", "a")
	tool := p.outside("tool", "#!/bin/sh\n")
	s := sh("test", "", func(s *runner.Step) {
		s.Plan.Op, s.Plan.Argv, s.Plan.Script = "shell", nil, "sh "+tool+"; "+tool+" || true"
	})
	check(t, "first", p.run(s).status(), "test=ok")
	check(t, "second", p.run(s).status(), "test=cached")
	p.outside("tool", "#!/bin/sh\n# other\n")
	check(t, "changed", p.run(s).status(), "test=ok")
}

// Settings that a step changes, or somebody while it runs, are those of the next.
func TestASettingThatChangesWhileAStepRunsIsNoticed(t *testing.T) {
	p := newProject(t).within()
	p.put("a", "a")
	p.outside(".tool", "1")
	s := sh("test", "echo 2 > ../.tool", inputs("a"))
	s.Plan.Settings = []string{"../.tool"}
	check(t, "first", p.run(s).status(), "test=ok")
	p.outside(".tool", "1")
	check(t, "back", p.run(s).status(), "test=ok")
}

// A project in a folder of the system, as pipelines have it, is not the system's, nor is what is beside it.
func TestWhatIsBesideAProjectInAFolderOfTheSystem(t *testing.T) {
	p := newProject(t).within()
	system := runner.SystemFolders
	runner.SystemFolders = append(slices.Clone(system), filepath.Dir(p.dir))
	defer func() { runner.SystemFolders = system }()
	p.put("a", "a")
	p.outside("lib/x", "1")
	s := sh("test", "true")
	s.DependsOn = []string{"../lib"}
	check(t, "first", p.run(s).status(), "test=ok")
	p.outside("lib/x", "2")
	check(t, "changed", p.run(s).status(), "test=ok")
}

// What is on the closed list of things that do not count makes nothing run again.
func TestWhatDoesNotDecideAResult(t *testing.T) {
	for name, change := range map[string]func(p *project){
		"a variable that changes by itself": func(p *project) { p.env = append(p.env, "TERM=other", "SSH_TTY=/dev/x") },
		"the value of a credential":         func(p *project) { p.env = append(p.env, "X_TOKEN=2") },
		"the user of an address":            func(p *project) { p.env = append(p.env, "INDEX=https://a:2@example.com/x") },
		"the state of a tool":               func(p *project) { p.put(".pytest_cache/x", "2") },
		"a backup of an editor":             func(p *project) { p.put("a~", "2") },
		"a file that project.toml ignores":  func(p *project) { p.put("x.log", "2") },
		"a file that comes and goes in a folder of PATH": func(p *project) {
			p.outside("tools/tool", "#!/bin/sh\n")
			p.remove("../tools/tool")
		},
		"a folder of PATH that is twice": func(p *project) {
			p.env = append(p.env, "PATH="+filepath.Dir(p.dir)+"/tools:"+os.Getenv("PATH")+":/usr/bin")
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t).within()
			p.put("a", "a")
			p.git()
			p.outside("tools/other", "#!/bin/sh\n")
			p.env = append(p.env, "PATH="+filepath.Dir(p.dir)+"/tools:"+os.Getenv("PATH"))
			p.put(".gitignore", ".pytest_cache/\n*~\n")
			p.ignore = []string{"*.log"}
			p.env = append(p.env, "X_TOKEN=1", "INDEX=https://a:1@example.com/x")
			s := sh("test", "true")
			check(t, "first", p.run(s).status(), "test=ok")
			change(p)
			check(t, "changed", p.run(s).status(), "test=cached")
		})
	}
}

// An ignored file counts as the step found it, or as the run left it.
func TestAnIgnoredFileMayBeAsFoundOrAsLeft(t *testing.T) {
	p := newProject(t, "a").git()
	p.put(".gitignore", "*.out\n")
	p.put("cover.out", "0")
	s := sh("test", "echo 1 > cover.out")
	check(t, "first", p.run(s).status(), "test=ok")
	check(t, "as left", p.run(s).status(), "test=cached")
	p.put("cover.out", "0")
	check(t, "as found", p.run(s).status(), "test=cached")
	p.put("cover.out", "2")
	check(t, "else", p.run(s).status(), "test=ok")
}

// A step that builds and does not say what must leave it again if it is gone.
func TestWhatABuildLeavesWithoutSayingSo(t *testing.T) {
	p := newProject(t, "a").git()
	p.put(".gitignore", "app\n")
	s := sh("build", "cp a app", builds())
	check(t, "first", p.run(s).status(), "build=ok")
	check(t, "second", p.run(s).status(), "build=cached")
	p.remove("app")
	check(t, "gone", p.run(s).status(), "build=ok")
	check(t, "what it makes", p.get("app"), "a\n")
}

func TestAResultOfWhichNotAllIsKnownIsNotKept(t *testing.T) {
	for want, before := range map[string]func(p *project, s *runner.Step){
		`inputs: "nope/**" matches no file`: func(_ *project, s *runner.Step) {
			s.Plan.Inputs, s.OwnInputs = []string{"nope/**", "a"}, true
		},
		`git ignores more than 5000 files or 200 MB, many of them in "many"`: func(p *project, _ *runner.Step) {
			p.put(".gitignore", "many/\n")
			for i := range 5001 {
				p.put("many/"+strings.Repeat("x", i%100+1)+"/"+strings.Repeat("y", i/100+1), "")
			}
		},
	} {
		p := newProject(t, "a").git()
		s := sh("test", "true")
		before(p, &s)
		for range 2 {
			check(t, want, p.run(s).status(), "test=ok")
		}
		if why := p.why(s)["test"]; why.Cacheable || !strings.Contains(strings.Join(why.Reasons, "; "), want) {
			t.Errorf("got %+v, wanted %q", why, want)
		}
	}
}

// A run in a folder that is not empty cannot tell what is left of runs before, so that is never stored.
func TestLeftoversAreNotRestored(t *testing.T) {
	p := newProject(t, "in/a", "in/b").git()
	gen := sh("gen", "mkdir -p gen; cp in/* gen", builds("gen/"), inputs("in/**"))
	check(t, "first", p.run(gen).status(), "gen=ok")
	p.remove("in/b")
	check(t, "one less", p.run(gen).status(), "gen=ok")
	check(t, "in place", p.run(gen).status(), "gen=cached")
	q := newProject(t, "in/a").git()
	q.cache = p.cache
	check(t, "another checkout", q.run(gen).status(), "gen=ok")
	check(t, "leftover", q.get("gen/b"), "none")
	p.put("in/b", "in/b\n")
	p.remove("gen/a")
	check(t, "back", p.run(gen).status(), "gen=cached")
	p.remove("in/b")
	check(t, "less again, by the clean run of the other", p.run(gen).status(), "gen=cached")
	check(t, "leftover", p.get("gen/b"), "none")
}

func TestAnInputThatChangesWhileAStepRunsIsNoticed(t *testing.T) {
	for name, script := range map[string]string{
		"and changes back": "cp a ../kept; echo x > a; cp a out; cp ../kept a",
		"a new file":       "cp a out; echo x > new",
		"behind a link":    "cp a out; echo x >> ../far",
	} {
		p := newProject(t).within()
		p.put("a", "a")
		p.outside("far", "")
		p.link("../far", "link")
		p.commit(p.dir)
		s := sh("build", script, builds("out"))
		check(t, name, p.run(s).status(), "build=ok")
		p.remove("new")
		check(t, name+", again", p.run(s).status(), "build=ok")
	}
}

// A file of variables is an input, even if it is edited while a step runs.
func TestAnEnvFileCountsByItsContent(t *testing.T) {
	p := newProject(t, "a").git()
	p.put(".gitignore", ".env\n")
	p.put(".env", "A=1")
	s := sh("test", "[ -e .edited ] || { echo A=2 > .env; : > .edited; }")
	check(t, "edited while it runs", p.run(s).status(), "test=ok")
	check(t, "again", p.run(s).status(), "test=ok")
	check(t, "as it is", p.run(s).status(), "test=cached")
}

// A davit that was killed while it restored leaves a file, which is nobody's.
func TestAFileOfAKilledRestoreIsRemoved(t *testing.T) {
	p := newProject(t, "a").git()
	s := sh("build", "mkdir -p out; cp a out/x; cp a out/y", builds("out/"), inputs("a"))
	p.run(s)
	p.remove("out/y")
	p.put("out/.davit-y-123-18dfa0", "half")
	check(t, "restored", p.run(s).status(), "build=cached")
	check(t, "the file", p.get("out/.davit-y-123-18dfa0"), "none")
	check(t, "the output", p.get("out/y"), "a\n")
}

// A result with a name that JSON cannot hold is not kept, rather than restored under another name.
func TestAnOutputWhoseNameIsNotUTF8(t *testing.T) {
	p := newProject(t, "a").git()
	s := sh("build", `mkdir -p out; cp a "out/$(printf '\377')"`, builds("out/"), inputs("a"))
	for range 2 {
		check(t, "status", p.run(s).status(), "build=ok")
	}
	if names, _ := filepath.Glob(p.path("out/*")); len(names) != 1 {
		t.Errorf("got %q", names)
	}
}

func TestModesAndLinksAreRestored(t *testing.T) {
	p := newProject(t, "a").git()
	s := sh("build", "umask 0; mkdir -p out/private out/dir; echo k > out/private/key; echo x > out/dir/x; "+
		"echo r > out/read; ln -s dir out/current; chmod 700 out/private; chmod 600 out/private/key; chmod 444 out/read; "+
		"chmod 2775 out/dir", builds("out/"), inputs("a"))
	p.run(s)
	p.remove("out")
	check(t, "restored", p.run(s).status(), "build=cached")
	for name, want := range map[string]fs.FileMode{"out/private": fs.ModeDir | 0o700, "out/private/key": 0o600,
		"out/read": 0o444, "out/dir": fs.ModeDir | fs.ModeSetgid | 0o775} {
		if info, err := os.Lstat(p.path(name)); err != nil || info.Mode() != want {
			t.Errorf("%s: got %v, %v, wanted %v", name, info, err, want)
		}
	}
	if target, err := os.Readlink(p.path("out/current")); target != "dir" {
		t.Errorf("the link to a folder: %q, %v", target, err)
	}
}

// davit never replaces a file that git tracks or that somebody else wrote; then the step runs, and says why.
func TestWhatIsNotDavitsIsNotReplaced(t *testing.T) {
	p := newProject(t, "src/main.c").git()
	build := sh("build", "cp src/main.c src/main.o", builds("src/"))
	p.run(build)
	check(t, "in place", p.run(build).status(), "build=cached")
	p.put("src/main.c", "edited")
	ran := p.run(build)
	check(t, "an edit of a tracked file", ran.status(), "build=ok")
	check(t, "the edit", p.get("src/main.c"), "edited")
	check(t, "what it makes", p.get("src/main.o"), "edited")

	q := newProject(t, "a").git()
	s := sh("build", "mkdir -p out; [ -e out/mine ] || cp a out/x", builds("out/"), inputs("a"))
	q.run(s)
	q.put("out/x", "mine")
	ran = q.run(s)
	check(t, "an edit of an output", ran.status(), "build=ok")
	check(t, "why", strings.Join(ran.warnings(), "; "),
		`build: it runs, although a result is stored: "out/x" is not as davit left it`)
	q.put("out/mine", "mine")
	q.run(s)
	q.remove("out/x")
	check(t, "a file beside the outputs", q.run(s).status(), "build=ok")
	check(t, "that file", q.get("out/mine"), "mine")
}

func TestAReusedStepSaysAgainWhatItSaid(t *testing.T) {
	p := newProject(t, "a").git()
	s := sh("test", "echo out; echo err >&2")
	p.run(s)
	p.replay = true
	var said []string
	for _, e := range p.run(s).events {
		if e.Type == "output" {
			said = append(said, e.Stream+": "+e.Text)
		}
	}
	if got := strings.Join(said, ""); !strings.Contains(got, "stdout: out\n") ||
		!strings.Contains(got, "stderr: err\n") {
		t.Errorf("got %q", got)
	}
}
