package buildkit

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// engines runs a test against each engine of this machine.
func engines(t *testing.T, test func(t *testing.T, e runner.Engine)) {
	t.Helper()
	enginetest.Each(t, func(t *testing.T, address string) {
		test(t, New(runner.EngineRequest{Address: address, Env: os.Environ()}))
	})
}

// folder is a project in a temporary folder.
type folder struct {
	t   *testing.T
	dir string
	env []string
	o   runner.ContainerOptions
	// store is the folder of kept results; empty for none.
	store string
}

func newFolder(t *testing.T, files ...string) *folder {
	f := &folder{t: t, dir: t.TempDir()}
	for i := 0; i < len(files); i += 2 {
		f.put(files[i], files[i+1])
	}
	return f
}

func (f *folder) put(name, text string) {
	f.t.Helper()
	full := filepath.Join(f.dir, name)
	if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o666); err != nil {
		f.t.Fatal(err)
	}
}

func (f *folder) get(name string) string {
	data, err := os.ReadFile(filepath.Join(f.dir, name))
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func (f *folder) git() *folder {
	f.t.Helper()
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"},
		{"-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"}} {
		if out, err := exec.Command("git", append([]string{"-C", f.dir},
			args...)...).CombinedOutput(); err != nil {
			f.t.Fatalf("%v: %s", err, out)
		}
	}
	return f
}

// outcome is how a run ended.
type outcome struct {
	runner.Summary
	mu     sync.Mutex
	events []ui.Event
}

func (o *outcome) status() string {
	var all []string
	for _, s := range o.Steps {
		all = append(all, s.ID+"="+s.Status)
	}
	return strings.Join(all, " ")
}

func (o *outcome) printed(step string) string {
	var b strings.Builder
	for _, e := range o.events {
		if e.Type == ui.EventOutput && e.Step == step {
			b.WriteString(e.Text)
		}
	}
	return b.String()
}

func (f *folder) run(e runner.Engine, steps ...runner.Step) *outcome {
	return f.runIn(f.t.Context(), e, steps...)
}

func (f *folder) runIn(ctx context.Context, e runner.Engine, steps ...runner.Step) *outcome {
	f.t.Helper()
	project, err := tree.Open(f.dir)
	if err != nil {
		f.t.Fatal(err)
	}
	defer project.Close()
	o := f.o
	o.Root, o.Name, o.Files, o.Env = f.dir, "test", runner.NewFiles(project, "",
		time.Now), append(os.Environ(), f.env...)
	g, err := runner.NewGraph(steps)
	if err != nil {
		f.t.Fatal(err)
	}
	c := e.Containers(o)
	var r runner.Runner = c
	if f.store != "" {
		r = runner.Cached(c, o.Files, cache.Open(f.store, cache.Options{}),
			runner.CacheOptions{Project: f.dir, Env: o.Env, Images: c})
	}
	out := &outcome{}
	out.Summary = runner.Run(ctx, g, r, runner.Options{Jobs: 4, Now: time.Now, Events: func(e ui.Event) {
		out.mu.Lock()
		defer out.mu.Unlock()
		out.events = append(out.events, e)
	}})
	begun := time.Now()
	if err := c.Close(); err != nil {
		f.t.Errorf("closing: %v", err)
	}
	if took := time.Since(begun); took > 2*time.Second {
		f.t.Errorf("closing took %v", took)
	}
	if out.Err != nil {
		f.t.Logf("error: %v", out.Err)
	}
	for _, s := range out.Steps {
		if s.Reason != "" {
			f.t.Logf("%s: %s", s.ID, s.Reason)
		}
	}
	return out
}

// sh returns a step that runs a script in a small image.
func sh(id, script string, more ...func(*runner.Step)) runner.Step {
	s := runner.Step{
		ID: id, Effect: runner.Builds, Cacheable: true, Where: runner.InContainer, ToolName: "sh",
		Tool: &plan.Tool{Image: "busybox:1.36"},
		Plan: plan.Step{Op: plan.OpShell, Script: script},
	}
	for _, change := range more {
		change(&s)
	}
	return s
}

func needs(ids ...string) func(*runner.Step) { return func(s *runner.Step) { s.Plan.Needs = ids } }

func inputs(globs ...string) func(*runner.Step) {
	return func(s *runner.Step) { s.Plan.Inputs = globs }
}

func outputs(names ...string) func(*runner.Step) {
	return func(s *runner.Step) { s.Plan.Outputs = names }
}

func reads(s *runner.Step) { s.Effect = runner.Reads }

func stays(s *runner.Step) { s.Inside = true }

func check(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %q, wanted %q", what, got, want)
	}
}

// unique keeps results that an engine has from earlier runs out of a test.
func unique() string { return time.Now().Format(time.RFC3339Nano) }

func TestOnlyOutputsAreExported(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "a.txt", "a\n", "sub/b.txt", "b\n").git()
		out := f.run(e,
			sh("build",
				`mkdir -p bin/deep; cp a.txt bin/deep/a; ln -s deep/a bin/link; chmod +x bin/deep/a; cat sub/b.txt > other; echo x > one; echo `+unique(),
				outputs("bin/", "one", "gone")))
		check(t, "status", out.status(), "build=ok")
		check(t, "file", f.get("bin/link"), "a\n")
		check(t, "one", f.get("one"), "x\n")
		if _, err := os.Stat(filepath.Join(f.dir, "other")); err == nil {
			t.Error("what is no output came out too")
		}
		if info, err := os.Stat(filepath.Join(f.dir, "bin/deep/a")); err != nil || info.Mode()&0o100 == 0 {
			t.Errorf("got %v, %v", info, err)
		}
		warned := false
		for _, e := range out.events {
			warned = warned || e.Type == ui.EventWarning && strings.Contains(e.Text, `"gone"`)
		}
		if !warned {
			t.Errorf("no warning of the missing output: %+v", out.events)
		}
	})
}

func TestAStepStartsFromWhatItNeeds(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "manifest", "m\n", "src/main", "s\n").git()
		out := f.run(e,
			sh("deps", "ls > seen; mkdir deps; cp manifest deps/; echo tool > /tool; echo "+unique(),
				inputs("manifest"), outputs("deps/"), stays),
			sh("gen", "mkdir gen; cp src/main gen/; echo "+unique(), outputs("gen/", "not-made", ".neither"),
				stays),
			sh("anything", "echo 1 > nobody-knows; echo "+unique(), stays),
			sh("build", "cat deps/manifest gen/main nobody-knows src/main /tool; test ! -e seen-not; ls",
				needs("deps", "gen", "anything"), outputs("out")),
		)
		check(t, "status", out.status(), "deps=ok gen=ok anything=ok build=ok")
		if got := out.printed("build"); !strings.HasPrefix(got, "m\ns\n1\ns\ntool\n") {
			t.Errorf("got %q", got)
		}
		if _, err := os.Stat(filepath.Join(f.dir, "deps")); err == nil {
			t.Error("what is to stay inside came out")
		}
	})
}

func TestAFailureHasItsExitCodeAndOutput(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		out := newFolder(t, "a", "").run(e, sh("test", "echo out; echo err >&2; exit 7; echo "+unique(), reads),
			sh("after", "true", needs("test")))
		check(t, "status", out.status(), "test=failed after=not-run")
		if end := out.Steps[0]; end.Exit != 7 || end.Reason != "exit status 7" {
			t.Errorf("got %+v", end)
		}
		if got := out.printed("test"); !strings.Contains(got, "out\n") || !strings.Contains(got, "err\n") {
			t.Errorf("got %q", got)
		}
	})
}

func TestAStepThatReadsMayNotChangeASource(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "a.txt", "one\n", "b.txt", "x\n", "c.txt", "same\n", "sub/d.txt", "d\n").git()
		u := unique()
		check(t, "kept", f.run(e, sh("test", "cat a.txt; echo new > new; cp c.txt c2; cat c2 > c.txt; echo "+
			u, reads)).status(), "test=ok")
		out := f.run(e, sh("test", "echo two > a.txt; chmod +x b.txt; rm sub/d.txt; echo "+u, reads))
		check(t, "changed", out.status(), "test=failed")
		check(t, "reason", out.Steps[0].Reason, "it must only read, and changed a.txt, b.txt, sub/d.txt")
		check(t, "the file itself", f.get("a.txt"), "one\n")
	})
}

func TestChangesOfAWritingStepAreApplied(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "a.txt", "one\n", "sub/b.txt", "b\n", "gone", "x", ".gitignore", "*.log\n").git()
		out := f.run(e, sh("format", "echo two > a.txt; echo new > sub/new; echo log > x.log; rm gone; echo "+
			unique(), func(s *runner.Step) { s.Effect = runner.Writes }))
		check(t, "status", out.status(), "format=ok")
		check(t, "changed", f.get("a.txt"), "two\n")
		check(t, "new", f.get("sub/new"), "new\n")
		for _, name := range []string{"gone", "x.log"} {
			if _, err := os.Stat(filepath.Join(f.dir, name)); err == nil {
				t.Errorf("%s is there", name)
			}
		}
	})
}

func TestNewFoldersOfAWritingStepAreApplied(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "a.txt", "one\n", ".gitignore", "kept/\n*.log\n").git()
		script := "mkdir -p new/deep/er kept/a new/kept; echo 1 > new/deep/er/f; echo 2 > new/g; echo no > new/x.log; echo no > kept/a/b; echo no > new/kept/c; echo "
		out := f.run(e, sh("format", script+unique(), func(s *runner.Step) { s.Effect = runner.Writes }))
		check(t, "status", out.status(), "format=ok")
		check(t, "deep", f.get("new/deep/er/f"), "1\n")
		check(t, "new", f.get("new/g"), "2\n")
		for _, name := range []string{"kept", "new/x.log", "new/kept"} {
			if _, err := os.Stat(filepath.Join(f.dir, name)); err == nil {
				t.Errorf("%s is there", name)
			}
		}
	})
}

// The content of a file with another time is compared, however large it is.
func TestALargeFileIsCompared(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "large", strings.Repeat("0123456789", 2<<20)).git()
		check(t, "touched", f.run(e, sh("test", "touch large; : "+unique(), reads)).status(), "test=ok")
		check(t, "changed", f.run(e, sh("test",
			"printf x | dd of=large bs=1 seek=20000000 conv=notrunc; : "+unique(), reads)).status(),
			"test=failed")
	})
}

func TestASecondRunIsCached(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "a", "1").git()
		s := sh("build", "cp a b; echo "+unique(), outputs("b"))
		check(t, "first", f.run(e, s).status(), "build=ok")
		check(t, "second", f.run(e, s).status(), "build=cached")
		f.o.Force = true
		check(t, "forced", f.run(e, s).status(), "build=ok")
		f.o.Force = false
		f.put("a", "2")
		check(t, "changed", f.run(e, s).status(), "build=ok")
		check(t, "output", f.get("b"), "2")
	})
}

func TestNothingRunsTwice(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "a", "1").git()
		f.o.Force = true
		u := unique()
		out := f.run(e,
			sh("deps", "mkdir -p deps; head -c 16 /dev/urandom | md5sum > deps/id; echo "+u, outputs("deps/"),
				stays),
			sh("a", "cat deps/id; echo "+u, needs("deps"), reads),
			sh("b", "cat deps/id; echo "+u, needs("deps"), reads),
		)
		check(t, "status", out.status(), "deps=ok a=ok b=ok")
		check(t, "one deps", out.printed("a"), out.printed("b"))
	})
}

func TestCheckOfAnEnvironment(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "a", "1").git()
		u := unique()
		unless := func(argv ...string) func(*runner.Step) {
			return func(s *runner.Step) { s.Plan.Provides = &plan.Provides{Dir: "made/", Check: argv} }
		}
		out := f.run(e, sh("deps", "mkdir -p made; echo made > made/a; echo "+u, unless("test", "-e", "a"), outputs("made/"), stays),
			sh("use", "ls; echo "+u, needs("deps"), reads))
		check(t, "not needed", out.status(), "deps=skipped use=ok")
		out = f.run(e, sh("deps", "mkdir -p made; echo made > made/a; echo "+u, unless("test", "-e", "b"), outputs("made/"), stays),
			sh("use", "cat made/a; echo "+u, needs("deps"), reads))
		check(t, "needed", out.status(), "deps=ok use=ok")
		said := []runner.Step{sh("deps", "exit 1", unless("sh", "-c", "echo all is there; echo more "+u),
			stays)}
		check(t, "reason", f.run(e, said...).Steps[0].Reason, "all is there")
		check(t, "reason of an earlier run", f.run(e, said...).Steps[0].Reason,
			"its check says that it is not needed")
	})
}

func TestEnvironmentCachesAndSecrets(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "a", "1", "tools/hello", "#!/bin/sh\necho hello\n").git()
		if err := os.Chmod(filepath.Join(f.dir, "tools/hello"), 0o777); err != nil {
			t.Fatal(err)
		}
		f.env, f.o.Secrets = []string{"PASSED=p",
			"HIDDEN=h"}, map[string][]byte{"token": []byte("s3cret-value")}
		out := f.run(e,
			sh("test",
				`echo "$A-$PASSED-$HIDDEN-$1"; hello; wc -c < "$TOKEN_FILE"; touch "$STORE/x"; ls "$STORE"; pwd; : `+unique(), reads, func(s *runner.Step) {
					s.Plan.Env, s.Plan.PassEnv, s.Plan.Path, s.Plan.Dir = map[string]string{"A": "1"}, []string{"PASSED"}, []string{"tools"}, "tools"
					s.Plan.Caches = []plan.Cache{{ID: "test", Env: "STORE"},
						{ID: "test-path", Path: ".cache"}}
					s.Plan.Secrets = []plan.Secret{{ID: "token", File: "TOKEN_FILE"}}
					s.Args = []string{"arg"}
				}))
		check(t, "status", out.status(), "test=ok")
		check(t, "output", out.printed("test"), "1-p--arg\nhello\n12\nx\n/src/tools\n")
	})
}

func TestReportsOfAFailure(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "a", "1").git()
		report := filepath.Join(t.TempDir(), "test.raw")
		out := f.run(e, sh("test", `echo "<x/>" > "$1"; exit 3`, reads,
			func(s *runner.Step) { s.Report, s.Args = report, []string{"{report}"} }))
		check(t, "status", out.status(), "test=failed")
		check(t, "reason", out.Steps[0].Reason, "exit status 3")
		if data, err := os.ReadFile(report); err != nil || string(data) != "<x/>\n" {
			t.Errorf("got %q, %v", data, err)
		}
	})
}

// The step prints more than an engine passes on.
func TestAPrintedReportIsWhole(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "a", "1").git()
		report := filepath.Join(t.TempDir(), "test.raw")
		out := f.run(e, sh("test", `yes 0123456789 | head -n 300000; echo last; exit 3`, reads,
			func(s *runner.Step) {
				s.Report, s.Plan.Reports = report, []plan.Report{{Format: "tap", Stdout: true}}
			}))
		check(t, "reason", out.Steps[0].Reason, "exit status 3")
		if !slices.ContainsFunc(out.events, func(e ui.Event) bool {
			return e.Type == ui.EventWarning &&
				strings.Contains(e.Text, "drops")
		}) {
			t.Error("nobody says that the engine dropped something")
		}
		if data, err := os.ReadFile(report); err != nil || len(data) != 300000*11+5 ||
			!strings.HasSuffix(string(data), "\nlast\n") {
			t.Errorf("got %d bytes, %v", len(data), err)
		}
	})
}

func TestCtrlCEndsTheCommand(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		begun := time.Now()
		out := newFolder(t, "a", "").runIn(ctx, e, sh("slow", "sleep 60; echo "+unique(), reads))
		check(t, "status", out.status(), "slow=cancelled")
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestACacheIsKept(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f, id := newFolder(t, "a", "1").git(), "test-"+unique()
		keeps := func(s *runner.Step) {
			s.Plan.Caches = []plan.Cache{{ID: id, Env: "STORE"}, {ID: id + "p", Path: "kept"}}
			s.Plan.NoCache = true
		}
		check(t, "first", f.run(e, sh("a", `echo x > "$STORE/x"; echo y > kept/y`, keeps)).status(), "a=ok")
		check(t, "second", f.run(e, sh("b", `cat "$STORE/x" kept/y`, keeps)).status(), "b=ok")
	})
}

func TestUnknownOutputs(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "a", "1").git()
		opaque := func(s *runner.Step) { s.Plan.NoCache = true }
		build, use := sh("build", "echo x > made; echo "+unique(), opaque), sh("test",
			"cat made; echo "+unique(), needs("build"), reads)
		out := f.run(e, build, use)
		check(t, "first", out.status(), "build=ok test=ok")
		if i := slices.IndexFunc(out.events,
			func(e ui.Event) bool { return e.Type == ui.EventWarning }); i < 0 ||
			out.events[i].Step != "build" {
			t.Errorf("no warning: %+v", out.events)
		}
		check(t, "second", f.run(e, build, use).status(), "build=cached test=cached")
	})
}

func TestAProgramRunsInAContainer(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		runs := func(s *runner.Step) {
			s.Effect, s.Plan.Interactive, s.Args = runner.Runs, true,
				[]string{"12"}
		}
		f := newFolder(t, "a", "1").git()
		for range 2 { // it runs each time
			out := f.run(e, sh("run", `cat a; echo "$1"`, runs))
			check(t, "status", out.status(), "run=ok")
			check(t, "output", out.printed("run"), "112\n")
		}
		check(t, "failing", f.run(e, sh("run", "exit 4", runs)).status(), "run=failed")
	})
}

func TestAnUpToDateOutputIsNotExportedAgain(t *testing.T) {
	engines(t, func(t *testing.T, e runner.Engine) {
		f := newFolder(t, "a", "1").git()
		s := sh("build",
			"echo made > out; chmod +x out; echo same > old; touch -d '1985-10-26 08:15:00' old; echo "+
				unique(), outputs("out", "old"))
		f.run(e, s)
		at := func(name string) os.FileInfo {
			info, err := os.Stat(filepath.Join(f.dir, name))
			if err != nil {
				t.Fatal(err)
			}
			return info
		}
		out, old := at("out"), at("old")
		f.run(e, s)
		if !os.SameFile(out, at("out")) || os.SameFile(old, at("old")) {
			t.Errorf("out is fetched again: %v; old, whose time says nothing, is: %v",
				!os.SameFile(out, at("out")), !os.SameFile(old, at("old")))
		}
		f.put("out", "else")
		f.run(e, s)
		check(t, "changed", f.get("out"), "made\n")
	})
}
