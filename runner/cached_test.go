package runner_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

func TestASuccessIsNotRunAgain(t *testing.T) {
	p := newProject(t, "a").git()
	s := sh("test", "echo ran")
	check(t, "first", p.run(s).status(), "test=ok")
	second := p.run(s)
	check(t, "second", second.status(), "test=cached")
	if n := len(second.events); n != 3 {
		t.Errorf("a cached step says more than its status: %+v", second.events)
	}
	p.force = true
	check(t, "forced", p.run(s).status(), "test=ok")
}

func TestAFailureIsRunAgain(t *testing.T) {
	p := newProject(t, "a")
	s := sh("test", "exit 1")
	for range 2 {
		check(t, "status", p.run(s).status(), "test=failed")
	}
}

// Each thing that the result depends on makes the step run again, and putting it back finds the first result.
func TestEachPartOfTheKeyCounts(t *testing.T) {
	for name, change := range map[string]func(p *project, s *runner.Step){
		"the argv":            func(_ *project, s *runner.Step) { s.Plan.Argv = []string{"sh", "-c", ":"} },
		"the arguments":       func(_ *project, s *runner.Step) { s.Args = []string{"x"} },
		"the folder":          func(_ *project, s *runner.Step) { s.Plan.Dir = "sub" },
		"the folders of PATH": func(_ *project, s *runner.Step) { s.Plan.Path = []string{"sub"} },
		"a variable":          func(_ *project, s *runner.Step) { s.Plan.Env = map[string]string{"A": "2"} },
		"a passed variable":   func(p *project, _ *runner.Step) { p.env = append(p.env, "B=2") },
		"an input":            func(p *project, _ *runner.Step) { p.put("a", "changed\n") },
		"an input's mode":     func(p *project, _ *runner.Step) { _ = os.Chmod(p.path("a"), 0o755) },
		"a new input":         func(p *project, _ *runner.Step) { p.put("new", "") },
		"an input less":       func(p *project, _ *runner.Step) { p.remove("sub/b") },
		"what it makes": func(_ *project, s *runner.Step) {
			s.Effect, s.Plan.Outputs = runner.Builds,
				[]string{"a"}
		},
		"the globs":          func(_ *project, s *runner.Step) { s.Plan.Inputs = []string{"a"} },
		"the tool's version": func(p *project, _ *runner.Step) { p.put("../version", "2.0") },
		"the kind": func(_ *project, s *runner.Step) {
			s.Plan.Op, s.Plan.Argv,
				s.Plan.Script = plan.OpShell, nil, "true"
		},
		"the step it needs":                 nil,
		"nothing":                           nil,
		"a variable of the caller":          func(p *project, _ *runner.Step) { p.env = append(p.env, "C=2") },
		"a variable that changes by itself": func(p *project, _ *runner.Step) { p.env = append(p.env, "SHLVL=7") },
		"the time of an input": func(p *project,
			_ *runner.Step) {
			_ = os.Chtimes(p.path("a"), time.Time{}, time.Unix(1, 0))
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t, "a", "sub/b")
			p.dir = filepath.Join(p.dir, "project")
			p.put("a", "a")
			p.put("sub/b", "b")
			p.put("../version", "1.0")
			s := sh("test", "true", needs("deps"))
			s.Plan.Env, s.Plan.PassEnv = map[string]string{"A": "1"}, []string{"B"}
			s.ToolName, s.Tool = "tool", &plan.Tool{Check: []string{"cat", p.path("../version")}}
			deps := sh("deps", "true", inputs("none"))
			check(t, "first", p.run(s, deps).status(), "deps=ok test=ok")
			check(t, "second", p.run(s, deps).status(), "deps=cached test=cached")
			want := "deps=cached test=ok"
			// so that the probe, which has a cache of its own, asks again
			p.force = name == "the tool's version"
			switch name {
			case "nothing", "a variable that changes by itself", "the time of an input":
				want = "deps=cached test=cached"
			case "a variable of the caller", "a passed variable":
				want = "deps=ok test=ok"
			case "the tool's version":
				want = "deps=ok test=ok"
			case "the step it needs":
				deps.Args, want = []string{"x"}, "deps=ok test=ok"
			}
			if change != nil {
				change(p, &s)
			}
			check(t, "changed", p.run(s, deps).status(), want)
		})
	}
}

func TestOldResultsAreFoundAgain(t *testing.T) {
	p := newProject(t, "a")
	s := sh("build", "cp a out", builds("out"), inputs("a"))
	p.run(s)
	p.put("a", "two\n")
	check(t, "changed", p.run(s).status(), "build=ok")
	p.put("a", "a\n")
	check(t, "changed back", p.run(s).status(), "build=cached")
	check(t, "output", p.get("out"), "a\n")
}

func TestOutputsAreRestored(t *testing.T) {
	p := newProject(t, "a")
	s := sh("build",
		"mkdir -p bin/deep bin/empty; cp a bin/deep/x; chmod +x bin/deep/x; ln -sf deep/x bin/link; echo file > one",
		builds("bin/", "one"), inputs("a"))
	p.run(s)
	for name, c := range map[string]struct {
		change func()
		status string
	}{
		"in place":       {func() {}, "cached"},
		"missing":        {func() { p.remove("bin/deep"); p.remove("one") }, "cached"},
		"link missing":   {func() { p.remove("bin/link") }, "cached"},
		"folder missing": {func() { p.remove("bin/empty") }, "cached"},
		"all missing":    {func() { p.remove("bin"); p.remove("one") }, "cached"},
		"changed":        {func() { p.put("bin/deep/x", "else"); p.put("one", "else") }, "ok"},
		"link changed":   {func() { p.remove("bin/link"); _ = os.Symlink("else", p.path("bin/link")) }, "ok"},
		"mode changed":   {func() { _ = os.Chmod(p.path("bin/deep/x"), 0o644) }, "ok"},
	} {
		c.change()
		check(t, name, p.run(s).status(), "build="+c.status)
		info, err := os.Stat(p.path("bin/deep/x"))
		if err != nil || info.Mode()&0o111 == 0 || p.get("bin/deep/x") != "a\n" ||
			p.get("bin/link") != "a\n" || p.get("one") != "file\n" {
			t.Errorf("%s: %v, %q, %q, %q", name, err, p.get("bin/deep/x"), p.get("bin/link"), p.get("one"))
		}
		if _, err := os.Stat(p.path("bin/empty")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A link has no content of its own that could be compared: what it leads to may be anything at the next run.
func TestAFolderOfOutputsThatIsALinkHasNoResult(t *testing.T) {
	for _, output := range []string{"dist/", "dist/**"} {
		p := newProject(t, "a")
		if err := errors.Join(os.Mkdir(p.path("real"), 0o755), os.Symlink("real", p.path("dist"))); err != nil {
			t.Fatal(err)
		}
		s := sh("build", "cp a dist/o", builds(output), inputs("a"))
		p.run(s)
		p.put("real/o", "else")
		check(t, output, p.run(s).status(), "build=ok")
		check(t, "output", p.get("dist/o"), "a\n")
	}
}

// Two checkouts of one project share results.
func TestAnotherCheckoutHasTheResult(t *testing.T) {
	p, q := newProject(t, "a"), newProject(t, "a")
	q.cache = p.cache
	s := sh("build", "echo made > out", builds("out"), inputs("a"))
	p.run(s)
	check(t, "status", q.run(s).status(), "build=cached")
	check(t, "output", q.get("out"), "made\n")
}

func TestAnEnvironmentIsUpToDateWhileItSaysSo(t *testing.T) {
	p := newProject(t, "lock")
	s := sh("deps", "mkdir -p modules/x; date +%N > modules/.package-lock.json; echo x > modules/x/x",
		builds("modules/"), provides("modules/"), inputs("lock"))
	check(t, "first", p.run(s).status(), "deps=ok")
	check(t, "second", p.run(s).status(), "deps=cached")
	p.put("modules/x/x", "edited")
	p.put("modules/.cache/tool", "made by a tool")
	check(t, "an edit by hand is not seen", p.run(s).status(), "deps=cached")
	p.put("modules/.package-lock.json", "else")
	check(t, "another record", p.run(s).status(), "deps=ok")
	p.remove("modules/x")
	check(t, "a package is gone", p.run(s).status(), "deps=ok")
	p.put("modules/y/y", "by hand")
	check(t, "a package is new", p.run(s).status(), "deps=ok")
	p.remove("modules")
	check(t, "no environment", p.run(s).status(), "deps=ok")
	if blobs, _ := filepath.Glob(filepath.Join(p.cache, "blobs", "*", "*")); len(blobs) > 0 {
		t.Errorf("stored: %q", blobs)
	}
	old := p.get("lock")
	p.put("lock", "new")
	check(t, "another input", p.run(s).status(), "deps=ok")
	p.put("lock", old)
	check(t, "the folder is that of the other input", p.run(s).status(), "deps=ok")
	p.force = true
	s.Plan.Argv = []string{"sh", "-c", "exit 1"}
	p.run(s)
}

func TestAStampDoesNotOutliveARunThatFailed(t *testing.T) {
	p := newProject(t, "lock")
	s := sh("deps", "[ ! -e fail ]; mkdir -p env", builds("env/"), provides("env/"), inputs("lock"))
	p.run(s)
	p.put("fail", "")
	p.force = true
	check(t, "forced", p.run(s).status(), "deps=failed")
	p.force = false
	p.remove("fail")
	check(t, "afterwards", p.run(s).status(), "deps=ok")
}

func TestWhatIsNeverKept(t *testing.T) {
	for name, change := range map[string]func(s *runner.Step){
		"its effect is \"writes\"":                                         effect(runner.Writes),
		"its effect is \"runs\"":                                           effect(runner.Runs),
		"its effect is \"ships\"":                                          effect(runner.Ships),
		"results of its target are not kept":                               uncached,
		"its plan says that its result depends on more than davit can see": func(s *runner.Step) { s.Plan.NoCache = true },
		"it is interactive":                                                func(s *runner.Step) { s.Plan.Interactive = true },
		"its outputs are also those of other":                              builds("bin/x"),
		"it needs other, whose outputs are unknown":                        nil,
	} {
		p := newProject(t, "a")
		other := sh("other", "mkdir -p bin; touch bin/x bin/y", builds("bin/"), inputs("a"))
		s := sh("test", "true", inputs("a"), needs("other"))
		if change != nil {
			change(&s)
		} else {
			other.Plan.Outputs, other.Plan.NoCache = nil, true
		}
		for range 2 {
			if got := p.run(other, s).status(); !strings.HasSuffix(got, "test=ok") {
				t.Errorf("%s: got %q", name, got)
			}
		}
		why := p.why(other, s)["test"]
		want := strings.Replace(name, "what…", "what it makes", 1)
		if why.Cacheable || why.Fresh || len(why.Reasons) != 1 || why.Reasons[0] != want {
			t.Errorf("%s: got %+v", name, why)
		}
	}
}

func TestAStepThatChangesItsInputsIsNotKept(t *testing.T) {
	p := newProject(t, "a").git()
	p.put("state", "1") // not tracked, so that nobody minds
	s := sh("test", "echo 2 >> state")
	for range 2 {
		check(t, "status", p.run(s).status(), "test=ok")
	}
	check(t, "why", strings.Join(p.why(s)["test"].Reasons, "; "), "changed: state")
}

// What a step that always runs makes counts for those that need it.
func TestWhatANeededStepMakesCounts(t *testing.T) {
	p := newProject(t, "a", "source")
	gen := sh("gen", "mkdir -p gen; cp source gen/x", builds("gen/"), uncached)
	test := sh("test", "true", inputs("a"), needs("gen"))
	check(t, "first", p.run(gen, test).status(), "gen=ok test=ok")
	check(t, "second", p.run(gen, test).status(), "gen=ok test=cached")
	p.put("source", "new")
	check(t, "changed", p.run(gen, test).status(), "gen=ok test=ok")
}

func TestADamagedCacheIsAMiss(t *testing.T) {
	p := newProject(t, "a")
	s := sh("build", "echo made > out", builds("out"), inputs("a"))
	p.run(s)
	damage := func(kind string) {
		files, _ := filepath.Glob(filepath.Join(p.cache, kind, "*", "*"))
		if len(files) == 0 {
			t.Fatalf("there are no %s", kind)
		}
		for _, file := range files {
			if err := os.WriteFile(file, []byte("damage"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	damage("entries")
	check(t, "entries", p.run(s).status(), "build=ok")
	damage("blobs")
	p.remove("out")
	check(t, "blobs", p.run(s).status(), "build=ok")
	check(t, "output", p.get("out"), "made\n")
	index := filepath.Join(p.cache, "files", "index", cache.Key(p.dir))
	if err := errors.Join(os.MkdirAll(filepath.Dir(index), 0o700),
		os.WriteFile(index, []byte("damage"), 0o600)); err != nil {
		t.Fatal(err)
	}
	check(t, "index", p.run(s).status(), "build=cached")
}

func TestWithoutACacheAllRunsAndOneWarningIsGiven(t *testing.T) {
	p := newProject(t, "a")
	file := filepath.Join(p.cache, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p.cache = filepath.Join(file, "cache")
	for range 2 {
		p.warns = nil
		check(t, "status", p.run(sh("a", "echo > x", builds("x")), sh("b", "true")).status(), "a=ok b=ok")
		if len(p.warns) != 1 {
			t.Errorf("warned: %q", p.warns)
		}
	}
}

func TestTwoRunsAtOnceAreBothRight(t *testing.T) {
	p := newProject(t, "a")
	s := []runner.Step{
		sh("one", "mkdir -p one; seq 100 > one/x", builds("one/"), inputs("a")),
		sh("two", "cp one/x two", builds("two"), inputs("a"), needs("one")),
	}
	for range 5 {
		var wg sync.WaitGroup
		for range 3 {
			q := *p
			q.env = append([]string{}, p.env...)
			wg.Go(func() {
				if r := q.run(s...); r.Status != ui.StatusOK {
					t.Errorf("got %s: %+v", r.status(), r.Steps)
				}
			})
		}
		wg.Wait()
		if !strings.HasSuffix(p.get("two"), "99\n100\n") {
			t.Errorf("got %q", p.get("two"))
		}
		p.remove("one")
		p.remove("two")
	}
	if left, _ := filepath.Glob(filepath.Join(p.dir, "*", ".davit-*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestAnIgnoredFileCountsWhereItIsNamed(t *testing.T) {
	p := newProject(t, "a", "local.conf")
	p.put(".gitignore", "local.conf\n")
	p.git()
	s := sh("test", "true", inputs("a", "local.conf"))
	p.run(s)
	check(t, "second", p.run(s).status(), "test=cached")
	p.put("local.conf", "else")
	check(t, "changed", p.run(s).status(), "test=ok")
}

func TestWhatStepsMakeIsNoInputOfOthers(t *testing.T) {
	p := newProject(t, "a").git()
	all := []runner.Step{sh("build", "echo x > bin", builds("bin")), sh("test", "true"),
		sh("after", "true", needs("build"))}
	p.run(all...)
	check(t, "second", p.run(all...).status(), "build=cached test=cached after=cached")
}

// What a step made of which no result is kept stands in the keys of the steps that need it: all of it, also
// where one part is missing, is no file, or is too large to be kept.
func TestAllThatANeededStepMadeCounts(t *testing.T) {
	for name, script := range map[string]string{
		"whole":     "echo x > bin/x; echo x > bin/y",
		"missing":   ":",
		"no file":   "rm -f bin/x; mkfifo bin/x; echo x > bin/y",
		"too large": "echo 0123456789 > bin/y",
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t, "a")
			p.limit = 8
			p.dir = filepath.Join(p.dir, "project")
			p.put("a", "")
			deps := sh("deps", "mkdir -p bin; "+script+"; cp ../content bin/z",
				builds("bin/x", "bin/y", "bin/z"), inputs("a"))
			deps.Plan.NoCache = true
			s := sh("test", "true", needs("deps"))
			p.put("../content", "1")
			check(t, "first", p.run(deps, s).status(), "deps=ok test=ok")
			check(t, "again", p.run(deps, s).status(), "deps=ok test=cached")
			p.put("../content", "2")
			check(t, "changed", p.run(deps, s).status(), "deps=ok test=ok")
		})
	}
}
