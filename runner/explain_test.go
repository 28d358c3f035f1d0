package runner_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

func TestWhyNamesWhatChanged(t *testing.T) {
	for want, change := range map[string]func(p *project, s, deps *runner.Step){
		"changed: a": func(p *project, _, _ *runner.Step) { p.put("a", "x") },
		"added: z":   func(p *project, _, _ *runner.Step) { p.put("z", "x") },
		"removed: a": func(p *project, _, _ *runner.Step) { p.remove("a") },
		"variable changed: A": func(_ *project, s,
			_ *runner.Step) {
			s.Plan.Env = map[string]string{"A": "2"}
		},
		"variable changed: B": func(p *project, _,
			_ *runner.Step) {
			p.env = append(p.env, "B=2")
		},
		"folder is sub, was nothing": func(_ *project, s,
			_ *runner.Step) {
			s.Plan.Dir = "sub"
		},
		"needed step changed: deps": func(_ *project, _,
			deps *runner.Step) {
			deps.Args = []string{"x"}
		},
		"argument list is x, was nothing": func(_ *project, s,
			_ *runner.Step) {
			s.Args = []string{"x"}
		},
		"tool is cat 2.0, was cat 1.0": func(p *project, s,
			_ *runner.Step) {
			s.Tool.Check = []string{"echo", "2.0"}
		},
		"changed: a; added: b1, b2, b3, b4, b5 and 3 more": func(p *project, _, _ *runner.Step) { many(p) },
	} {
		t.Run(want, func(t *testing.T) {
			p := newProject(t, "a", "sub/x")
			s := sh("test", "true", needs("deps"))
			s.Plan.Env, s.Plan.PassEnv = map[string]string{"A": "1"}, []string{"B"}
			s.ToolName, s.Tool = "cat", &plan.Tool{Check: []string{"echo", "1.0"}}
			deps := sh("deps", "true", inputs("sub/x"))
			check(t, "before", strings.Join(p.why(s, deps)["test"].Reasons, "; "),
				"it has not been run here before")
			before := time.Now()
			p.run(s, deps)
			if why := p.why(s, deps)["test"]; !why.Fresh || !why.Cacheable || len(why.Reasons) > 0 ||
				why.Run.Before(before) {
				t.Errorf("after: %+v", why)
			}
			change(p, &s, &deps)
			why := p.why(s, deps)["test"]
			check(t, "why", strings.Join(why.Reasons, "; "), want)
			if why.Fresh || why.Run.Before(before) {
				t.Errorf("got %+v", why)
			}
		})
	}
}

func many(p *project) {
	p.put("a", "x")
	for _, n := range strings.Split("12345678", "") {
		p.put("b"+n, "")
	}
}

func TestWhyAResultThatWasThereDoesNotStand(t *testing.T) {
	p := newProject(t, "a")
	s := sh("build", "[ ! -e fail ]; echo made > out", builds("out"), inputs("a"))
	why := func() string { return strings.Join(p.why(s)["build"].Reasons, "; ") }
	p.run(s)
	p.remove("out")
	check(t, "stored", why(), "")
	blobs, _ := filepath.Glob(filepath.Join(p.cache, "blobs", "*", "*"))
	for _, file := range blobs {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	check(t, "pruned", why(), "its outputs are neither in place nor stored any more")
	p.put("fail", "")
	p.run(s)
	p.put("a", "new")
	check(t, "failed", why(), "it failed; changed: a")
	p.remove("fail")
	d := sh("deps", "mkdir env", builds("env/"), provides("env/"), inputs("a"))
	p.run(d)
	p.put("env/x", "else")
	check(t, "stamp", strings.Join(p.why(d)["deps"].Reasons, "; "), "what is installed in env has changed since it ran")
	p.remove("env")
	check(t, "gone", strings.Join(p.why(d)["deps"].Reasons, "; "), "env is not there any more")
}

// In a graph of many layers there are 2^layers ways to the first one. Every step is looked at once, not once
// on each way: else this would not end.
func TestWhyDoesNotFollowEveryWayThroughTheGraph(t *testing.T) {
	for name, first := range map[string]runner.Step{
		"":          sh("0a", "true", inputs("a")),
		"untracked": sh("0a", "true", builds(), func(s *runner.Step) { s.Cacheable = false }),
	} {
		p := newProject(t, "a")
		steps := []runner.Step{first, sh("0b", "true", inputs("a"))}
		const layers = 40
		for i := 1; i < layers; i++ {
			below := needs(fmt.Sprintf("%da", i-1), fmt.Sprintf("%db", i-1))
			steps = append(steps, sh(fmt.Sprintf("%da", i), "true", inputs("a"), below),
				sh(fmt.Sprintf("%db", i), "true", inputs("a"), below))
		}
		done := make(chan map[string]runner.Explanation, 1)
		go func() { done <- p.why(steps...) }()
		select {
		case found := <-done:
			last := found[fmt.Sprintf("%da", layers-1)]
			want := "it has not been run here before"
			if name != "" {
				want = fmt.Sprintf("it needs %da, whose outputs are unknown", layers-2)
			}
			check(t, "why", strings.Join(last.Reasons, "; "), want)
		case <-time.After(time.Minute):
			t.Fatal("it follows every way through the graph")
		}
	}
}
