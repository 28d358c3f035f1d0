package runner

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
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
	outside := []string{"../lib/x.go", "../lib/.idea/x", "../lib/node_modules/x", "../../.toolrc"}
	for _, name := range slices.Concat(files, outside, []string{".gitignore"}) {
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

// TestCoverage judges single accesses: of a step without inputs, of a plugin's step with some, of a step for
// which the user wrote the same, and of one that fills an environment.
func TestCoverage(t *testing.T) {
	files := []string{"a.go", "b.txt", "src/c.go", "docs/d.md", "ign/e.go", "f.ign", "c.skip", "crate/Cargo.toml"}
	needed := Step{ID: "needed", Plan: plan.Step{Outputs: []string{"gen/"}}}
	all := Step{ID: "all", Plan: plan.Step{Needs: []string{"needed"}, Outputs: []string{"bin/"},
		Settings: []string{"~/.toolrc", "../.tool/config", "../node_modules/", ".git"}},
		DependsOn: []string{"../lib"}}
	some := Step{ID: "some", Plan: plan.Step{Inputs: []string{"**/*.go", "f.ign", "src/"}, Dir: "docs",
		Settings: []string{".git/info/exclude"}}}
	own := Step{ID: "own", OwnInputs: true, Plan: some.Plan}
	fill := Step{ID: "fill", Plan: plan.Step{Inputs: []string{"b.txt", "**/f.ign", "n.ign"},
		Outputs: []string{"node_modules/"}, Provides: &plan.Provides{Dir: "node_modules/"}}}
	c, home := coverageOf(t, files, needed, all, some, own, fill)
	for _, test := range []struct {
		kind    trace.Kind
		path    string // of the project, unless it starts with ~
		covered string // the steps for which it is covered: all, some, own, fill
	}{
		{trace.Read, "a.go", "all some own"},
		{trace.Read, "b.txt", "all fill"},
		{trace.Stat, "b.txt", "all fill"},
		{trace.Read, "f.ign", "all some own"},
		{trace.Read, "ign/e.go", "all some own"},
		{trace.Read, "c.skip", ""},
		{trace.Missing, "new.skip", ""},
		{trace.Read, ".git", "all"},
		{trace.Read, ".git/info/exclude", "all some own"},
		{trace.Stat, ".git", "all some own fill"},
		{trace.Missing, "new.go", "all some own"},
		{trace.Missing, "new.txt", "all"},
		{trace.Missing, "new.ign", "all"},
		{trace.Missing, "n.ign", "all fill"},
		{trace.Missing, "ign/new.go", "all some own"},
		{trace.List, ".", "all some own fill"},
		{trace.List, "src", "all some own fill"}, // f.ign may be there
		{trace.List, "ign", "all some own"},
		{trace.List, "docs", "all some own fill"},
		{trace.Stat, "src", "all some own fill"},
		{trace.Stat, "docs", "all some own fill"},
		{trace.Read, "gen/x", "all"},
		{trace.Read, "bin/x", "all"},
		{trace.Create, "bin/x", "all"},
		{trace.Create, "bin", "all"},
		{trace.Create, "b.txt", ""},
		{trace.Create, "f.ign", ""},
		{trace.Create, ".git", ""},
		{trace.Create, "src/__pycache__/x.pyc", "all some own fill"},
		{trace.Read, "docs/.idea/x", "all some own fill"},
		{trace.Read, "docs/.vscode/x", "all"}, // git does not ignore it
		{trace.Read, "web/node_modules/x/index.js", "all some"},
		{trace.Missing, "node_modules/x/index.js", "all some fill"},
		{trace.Read, "crate/target/debug/x", "all some own fill"},
		{trace.Missing, "target/debug/x", "all"}, // no Cargo.toml is beside it
		{trace.Read, "~/src/lib/x.go", "all"},
		{trace.Read, "~/src/lib/.idea/x", "all"},
		{trace.Read, "~/src/lib/node_modules/x", ""},
		{trace.List, "~/src/lib", "all"},
		{trace.Missing, "~/src/lib/new.go", "all"},
		{trace.Read, "~/other", ""},
		{trace.List, "~/src", ""},
		{trace.Stat, "~/src", "all some own fill"},
		{trace.Read, "~/.toolrc", "all"},
		{trace.Missing, "~/src/.tool/config", "all"},
		{trace.Missing, "~/.tool", "all"},
		{trace.List, "~/.tool", ""},
		{trace.Missing, "~/node_modules/.bin/sh", "all"},
		{trace.Missing, "~/src/.git", "all some own fill"},
		{trace.Read, "~/.cargo/registry/x", "all some own fill"},
		{trace.Read, "~/.cargo/config.toml", ""},
		{trace.Read, "~/.netrc", "all some own fill"},
		{trace.Create, "~/.cache/x", "all some own fill"},
		{trace.Create, "~/other", ""},
		{trace.Create, "~/tmp/x", "all some own fill"},
		{trace.Exec, "~/bin/tool", "all some own fill"},
		{trace.Read, "/usr/lib/x.so", "all some own fill"},
		{trace.Missing, "https:/example.com", "all some own fill"},
	} {
		path := test.path
		switch {
		case path[0] == '~':
			path = home + path[1:]
		case path[0] != '/':
			path = filepath.Join(home, "src", "project", path)
		}
		for _, step := range []Step{all, some, own, fill} {
			v, err := c.Judge(t.Context(), step, []trace.Access{{Path: path, Kind: test.kind}})
			if err != nil {
				t.Fatal(err)
			}
			wanted := slices.Contains(strings.Fields(test.covered), step.ID)
			if v[0].Covered != wanted || v[0].Why == "" {
				t.Errorf("step %s: %s %s: got %v (%s), wanted %v", step.ID, test.kind, test.path,
					v[0].Covered, v[0].Why, wanted)
			}
		}
	}
}

// TestCoverageOfInnerRepositories judges accesses in a submodule, of which git says nothing from outside.
func TestCoverageOfInnerRepositories(t *testing.T) {
	s := Step{ID: "all", Plan: plan.Step{Settings: []string{plan.SettingGit}}}
	c, home := coverageOf(t, []string{"a.go"}, s)
	inner := filepath.Join(home, "src", "project", "inner")
	if err := os.MkdirAll(filepath.Join(inner, "ign"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".gitignore", "ign/x", "y"} {
		if err := os.WriteFile(filepath.Join(inner, name), []byte("ign/\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("git", "-C", inner, "init", "-q").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	c.cache.files.Changed()
	for name, wanted := range map[string]bool{"ign/x": true, "y": true, "new": true, ".git/HEAD": false} {
		kind := trace.Read
		if name == "new" {
			kind = trace.Missing
		}
		v, err := c.Judge(t.Context(), s, []trace.Access{{Path: filepath.Join(inner, name), Kind: kind}})
		if err != nil {
			t.Fatal(err)
		}
		if v[0].Covered != wanted {
			t.Errorf("%s: got %v (%s)", name, v[0].Covered, v[0].Why)
		}
	}
}
