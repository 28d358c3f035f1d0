package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/davit-dev/davit/cmd/internal/cli"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/pluginstest"
	"github.com/davit-dev/davit/runner/trace"
)

const examples = "../../../examples"

// TestPlansOfTheExamples compares the plan of every example, with all of its targets, with its golden file
// examples/NAME.plan.json.
func TestPlansOfTheExamples(t *testing.T) {
	for _, name := range exampleNames(t) {
		t.Run(name, func(t *testing.T) {
			dir := checkout(t, name)
			golden := filepath.Join(examples, name+".plan.json")
			got := planOf(t, run(t, dir, 0, append(offered(t, dir), "--dry-run", "--json", "--on",
				"host")...))
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs; go test ./cmd/internal/cli -update writes it\ngot:\n%s", golden, got)
			}
		})
	}
}

// planOf returns the plan in the output of a dry run, without the places of steps, which depend on the
// machine.
func planOf(t *testing.T, dry string) string {
	t.Helper()
	var p plan.Plan
	if err := json.Unmarshal([]byte(dry), &p); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(p); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestExamplesBuildAndTest builds and tests every example on the host with the tools of its stack, twice, and runs its
// pipelines. Where davit can trace, the first run of some is an audit.
func TestExamplesBuildAndTest(t *testing.T) {
	t.Parallel()
	for _, name := range exampleNames(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			needTools(t, name)
			dir := checkout(t, name)
			tests := "test"
			if name == "shop" { // the others use services, which need an engine: cmd/davit-engine runs them
				tests = "test-unit"
			}
			if targets := audited[name]; targets != nil && trace.Supported() == nil {
				expectCovered(t, dir, targets)
			} else {
				run(t, dir, 0, "build", tests)
			}
			run(t, dir, 0, "build", tests)
			if tests == "test" {
				runPipelines(t, dir)
			} else {
				runPipelines(t, dir, "test")
			}
			if out, err := exec.Command("git", "-C", dir, "status", "--porcelain").Output(); err != nil ||
				len(out) > 0 {
				t.Errorf("the run left changes: %s %v", out, err)
			}
		})
	}
}

// TestTheDryPlanIsWhatRuns checks that a run has the steps and commands that --dry-run --json prints.
func TestTheDryPlanIsWhatRuns(t *testing.T) {
	dir := checkout(t, "gazr-makefile")
	var p struct {
		Steps map[string]struct{ Argv []string }
	}
	if err := json.Unmarshal([]byte(run(t, dir, 0, "test", "--dry-run", "--json")), &p); err != nil {
		t.Fatal(err)
	}
	ran := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(run(t, dir, 0, "test", "--json")), "\n") {
		var e ui.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%q is not an event: %v", line, err)
		}
		if e.Type == ui.EventStep && e.Status == ui.StatusRunning {
			ran[e.Step] = e.Command
		}
	}
	if len(ran) == 0 || len(ran) != len(p.Steps) {
		t.Errorf("ran %v, planned %v", ran, p.Steps)
	}
	for id, s := range p.Steps {
		if ran[id] != strings.Join(s.Argv, " ") {
			t.Errorf("%s ran %q, planned %q", id, ran[id], s.Argv)
		}
	}
}

// exampleNames returns the names of the projects among the examples.
func exampleNames(t *testing.T) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(examples)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && e.Name() != "plugins" {
			names = append(names, e.Name())
		}
	}
	return names
}

// tools lists the tools that the examples need.
var tools = map[string][]string{
	"go-service": {"go"}, "node-app": {"node", "npm"}, "python-lib": {"python3"}, "rust-cli": {"cargo"},
	"polyglot":      {"go", "node", "npm"},
	"gazr-makefile": {"make"}, "shop": {"go", "node", "npm", "python3"},
}

// needTools skips a test if a tool is missing; with CI=true it fails the test.
func needTools(t *testing.T, example string) {
	t.Helper()
	for _, tool := range tools[example] {
		if _, err := exec.LookPath(tool); err == nil {
			continue
		}
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s needs %s, which is not on PATH", example, tool)
		}
		t.Skipf("%s needs %s, which is not on PATH", example, tool)
	}
}

// checkout copies an example into a new git repository, beside which there is a cache with the compiled plugins.
func checkout(t *testing.T, name string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	linkPlugins(t, cacheOf(dir))
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(examples, name))); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"},
		{"-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "-qm", "begin"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	return dir
}

func cacheOf(dir string) string { return filepath.Join(filepath.Dir(dir), ".cache") }

// linkPlugins puts the compiled plugins into a new cache.
func linkPlugins(t *testing.T, cache string) {
	t.Helper()
	if err := pluginstest.Link(cache); err != nil {
		t.Fatal(err)
	}
}

// closeCache replaces a cache by a file, so that it stays removed: davit may still be compiling a plugin for
// it, since the process of a test continues.
func closeCache(dir string) {
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		if os.RemoveAll(dir) == nil && os.WriteFile(dir, nil, 0o444) == nil {
			return
		}
	}
}

// offered returns the targets that a project offers.
func offered(t *testing.T, dir string) (names []string) {
	t.Helper()
	var l struct {
		Targets []struct{ Name, Absent string }
	}
	if err := json.Unmarshal([]byte(run(t, dir, 0, "targets", "--json")), &l); err != nil {
		t.Fatal(err)
	}
	for _, target := range l.Targets {
		if target.Absent == "" {
			names = append(names, target.Name)
		}
	}
	if len(names) == 0 {
		t.Fatal("no target is offered")
	}
	return names
}

// run runs davit in a folder with a cache of its own, and returns the output.
func run(t *testing.T, dir string, code int, args ...string) string {
	t.Helper()
	out, errs, got := call(dir, args...)
	if got != code {
		t.Fatalf("davit %v: %v\n%s%s", args, errors.New(strings.TrimSpace(errs)), out, errs)
	}
	return out
}

// call runs davit as run does, and returns all that it says.
func call(dir string, args ...string) (stdout, stderr string, code int) {
	var out, errs bytes.Buffer
	code = cli.Main(cli.Process{
		Name: os.Args[0], Args: args, Dir: dir, Environ: os.Environ(), Cache: cacheOf(dir), Signals: signals,
		Streams: ui.NewStreams(strings.NewReader(""), &out, &errs, func(string) string { return "" },
			time.Now),
	})
	return out.String(), errs.String(), code
}
