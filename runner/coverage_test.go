package runner

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner/trace"
)

// idle is a Runner that runs nothing, since the steps of these tests are only judged.
type idle struct{}

func (idle) Prepare(context.Context, []Step) (Versions, error)    { return nil, nil }
func (idle) Run(context.Context, Step, func(ui.Event)) (r Result) { return r }

// coverageOf returns the Coverage of steps in a git repository with the named files, below a folder for what
// is outside of it, which is also the user's home.
func coverageOf(t *testing.T, files []string, steps ...Step) (c *Coverage, home string) {
	t.Helper()
	home, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(home, "src", "project")
	for _, name := range append(files, ".gitignore") {
		full := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte("ign/\n*.ign\n.venv\nnode_modules\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}} {
		if out, err := exec.Command("git", append([]string{"-C", root}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	all, err := tree.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { all.Close() })
	g, err := NewGraph(steps)
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"HOME=" + home, "TMPDIR=" + home + "/tmp", "PATH=" + home + "/bin"}
	store := cache.Open(t.TempDir(), cache.Options{Now: time.Now, Warn: func(string) {}})
	t.Cleanup(store.Close)
	cached := Cached(idle{}, NewFiles(all, "", time.Now), store, CacheOptions{Project: root, Env: env,
		Ignore: []string{"*.skip"}})
	if _, err := cached.Prepare(t.Context(), g.Steps()); err != nil {
		t.Fatal(err)
	}
	return NewCoverage(cached), home
}

// TestCoverage judges single accesses: of a step without inputs, and of one with some.
func TestCoverage(t *testing.T) {
	files := []string{"a.go", "b.txt", "src/c.go", "docs/d.md", "ign/e.go", "f.ign", "crate/Cargo.toml"}
	needed := Step{ID: "needed", Plan: plan.Step{Outputs: []string{"gen/"}}}
	all := Step{ID: "all", Plan: plan.Step{Needs: []string{"needed"}, Outputs: []string{"bin/"},
		Settings: []string{"~/.toolrc", "../.tool/config", "$CARGO_HOME/config.toml"}}}
	some := Step{ID: "some", Plan: plan.Step{Inputs: []string{"**/*.go", "f.ign", "src/"}, Dir: "docs"}}
	c, home := coverageOf(t, files, needed, all, some)
	for _, test := range []struct {
		kind      trace.Kind
		path      string // of the project, unless it starts with ~
		all, some bool
	}{
		{trace.Read, "a.go", true, true},
		{trace.Read, "b.txt", true, false},
		{trace.Stat, "b.txt", true, false},
		{trace.Read, "f.ign", false, true},
		{trace.Read, "ign/e.go", false, false},
		{trace.Read, ".git", false, false},
		{trace.Stat, ".git", true, true},
		{trace.Missing, "new.go", true, true},
		{trace.Missing, "new.txt", true, false},
		{trace.Missing, "new.ign", false, false},
		{trace.Missing, "ign/new.go", false, false},
		{trace.List, ".", true, true},
		{trace.List, "src", true, true},
		{trace.List, "ign", false, false},
		{trace.Stat, "src", true, true},
		{trace.Stat, "docs", true, true}, // some runs there
		{trace.Read, "gen/x", true, false},
		{trace.Read, "bin/x", true, false},
		{trace.Create, "bin/x", true, false},
		{trace.Create, "bin", true, false},
		{trace.Create, "b.txt", false, false},
		{trace.Create, "f.ign", false, false},
		{trace.Create, ".git", false, false},
		{trace.Create, "src/__pycache__/x.pyc", true, true},
		{trace.Read, "src/__pycache__/x.pyc", true, true},
		{trace.Read, "web/node_modules/x/index.js", true, true},
		{trace.Read, "crate/target/debug/x", true, true},
		{trace.Missing, "target/debug/x", true, false}, // no Cargo.toml is beside it
		{trace.Read, "~/other", false, false},
		{trace.List, "~/src", false, false},
		{trace.Stat, "~/src", true, true},
		{trace.Read, "~/.toolrc", true, false},
		{trace.Read, "~/.cargo/config.toml", true, false},
		{trace.Missing, "~/src/.tool/config", true, false},
		{trace.Missing, "~/.tool", true, false},
		{trace.Read, "~/.cargo/registry/x", true, true},
		{trace.Create, "~/.cache/x", true, true},
		{trace.Create, "~/other", false, false},
		{trace.Create, "~/tmp/x", true, true},
		{trace.Exec, "~/bin/tool", true, true},
		{trace.Read, "/usr/lib/x.so", true, true},
		{trace.Missing, "https:/example.com", true, true},
	} {
		path := test.path
		switch {
		case path[0] == '~':
			path = home + path[1:]
		case path[0] != '/':
			path = filepath.Join(home, "src", "project", path)
		}
		for _, of := range []struct {
			step Step
			want bool
		}{{all, test.all}, {some, test.some}} {
			v, err := c.Judge(t.Context(), of.step, []trace.Access{{Path: path, Kind: test.kind}})
			if err != nil {
				t.Fatal(err)
			}
			if v[0].Covered != of.want || v[0].Why == "" {
				t.Errorf("step %s: %s %s: got %v (%s), wanted %v", of.step.ID, test.kind, test.path,
					v[0].Covered, v[0].Why, of.want)
			}
		}
	}
}
