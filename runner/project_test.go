package runner_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/host"
)

// project is a folder with files in which real steps run, each time as by a new davit.
type project struct {
	t      *testing.T
	dir    string
	cache  string
	env    []string
	force  bool
	locked bool
	limit  int64 // of outputs
	jobs   int
	warns  []string // of the store

	ignore []string // globs of project.toml
	replay bool
	since  time.Time // for Explain
}

func newProject(t *testing.T, files ...string) *project {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the commands are those of Unix")
	}
	p := &project{t: t, dir: t.TempDir(), cache: t.TempDir(), env: os.Environ(), jobs: 4}
	for _, name := range files {
		p.put(name, name+"\n")
	}
	return p
}

func (p *project) path(name string) string { return filepath.Join(p.dir, filepath.FromSlash(name)) }

func (p *project) put(name, text string) {
	p.t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(p.path(name)), 0o755),
		os.WriteFile(p.path(name), []byte(text), 0o644)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *project) get(name string) string {
	data, err := os.ReadFile(p.path(name))
	if err != nil {
		return "none"
	}
	return string(data)
}

func (p *project) remove(name string) {
	p.t.Helper()
	if err := os.RemoveAll(p.path(name)); err != nil {
		p.t.Fatal(err)
	}
}

// git makes the project a repository that tracks all its files.
func (p *project) git() *project {
	p.t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		p.t.Skip("git is not installed")
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = p.dir
		if out, err := cmd.CombinedOutput(); err != nil {
			p.t.Fatalf("%v\n%s", err, out)
		}
	}
	return p
}

// ran is what came of a run.
type ran struct {
	runner.Summary
	mu     sync.Mutex
	events []ui.Event
}

func (r *ran) event(e ui.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

// status of each step: "a=ok b=cached".
func (r *ran) status() string {
	var all []string
	for _, e := range r.Steps {
		all = append(all, e.ID+"="+e.Status)
	}
	return strings.Join(all, " ")
}

func (r *ran) warnings() (all []string) {
	for _, e := range r.events {
		if e.Type == ui.EventWarning {
			all = append(all, e.Step+": "+e.Text)
		}
	}
	return all
}

// parts are what a davit is made of.
func (p *project) parts() (*runner.Cache, func()) {
	p.t.Helper()
	return p.partsIn(func(host runner.Runner) runner.Runner { return host })
}

// partsIn are the same, with other places than the host.
func (p *project) partsIn(places func(host runner.Runner) runner.Runner) (*runner.Cache, func()) {
	p.t.Helper()
	t, err := tree.Open(p.dir)
	if err != nil {
		p.t.Fatal(err)
	}
	store := cache.Open(p.cache, cache.Options{Warn: func(text string) { p.warns = append(p.warns, text) }})
	files := runner.NewFiles(t, store.File("index", cache.Key(p.dir)), time.Now)
	h := host.New(host.Options{Root: p.dir, Env: p.env, Store: store, Force: p.force, Locked: p.locked})
	c := runner.Cached(runner.Guarded(places(h), files, filepath.Join(p.cache, "kept"), time.Now), files, store,
		runner.CacheOptions{Project: p.dir, Env: p.env, Force: p.force, Locked: p.locked, Programs: h.Programs, Installed: h.Installed, Version: h.Version,
			Ignore: p.ignore, Replay: p.replay})
	if p.limit > 0 {
		c.LimitOutputs(p.limit)
	}
	return c, func() {
		_ = files.Close()
		store.Close()
		t.Close()
	}
}

func (p *project) graph(steps []runner.Step) *runner.Graph {
	p.t.Helper()
	g, err := runner.NewGraph(steps)
	if err != nil {
		p.t.Fatal(err)
	}
	return g
}

func (p *project) run(steps ...runner.Step) *ran {
	p.t.Helper()
	return p.runIn(context.Background(), steps...)
}

// runIn runs steps until they or the context end.
func (p *project) runIn(ctx context.Context, steps ...runner.Step) *ran {
	p.t.Helper()
	c, closeAll := p.parts()
	defer closeAll()
	r := &ran{}
	r.Summary = runner.Run(ctx, p.graph(steps), c,
		runner.Options{Jobs: p.jobs, Events: r.event})
	c.Finish(context.Background())
	if r.Err != nil {
		p.t.Fatal(r.Err)
	}
	return r
}

func (p *project) why(steps ...runner.Step) map[string]runner.Explanation {
	p.t.Helper()
	c, closeAll := p.parts()
	defer closeAll()
	g := p.graph(steps)
	if _, err := c.Prepare(context.Background(), g.Steps()); err != nil {
		p.t.Fatal(err)
	}
	found, err := c.Explain(context.Background(), g, p.since)
	if err != nil {
		p.t.Fatal(err)
	}
	return found
}

// sh is a step that runs a script.
func sh(id, script string, change ...func(*runner.Step)) runner.Step {
	s := runner.Step{ID: id, Effect: runner.Reads, Cacheable: true,
		Plan: plan.Step{Op: plan.OpExec, Argv: []string{"sh", "-ec", script, "sh"}}}
	for _, f := range change {
		f(&s)
	}
	return s
}

func effect(e runner.Effect) func(*runner.Step) { return func(s *runner.Step) { s.Effect = e } }
func needs(ids ...string) func(*runner.Step)    { return func(s *runner.Step) { s.Plan.Needs = ids } }
func inputs(globs ...string) func(*runner.Step) {
	return func(s *runner.Step) { s.Plan.Inputs = globs }
}

// builds is the effect, and what it makes.
func builds(outputs ...string) func(*runner.Step) {
	return func(s *runner.Step) { s.Effect, s.Plan.Outputs = runner.Builds, outputs }
}

func provides(dir string, check ...string) func(*runner.Step) {
	return func(s *runner.Step) { s.Plan.Provides = &plan.Provides{Dir: dir, Check: check} }
}

func check(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %q, wanted %q", what, got, want)
	}
}
