package runner_test

import (
	"strings"
	"testing"

	"github.com/davit-dev/davit/runner"
)

// prepares is an install that also makes what a script of the project writes into dist.
func prepares(script string) runner.Step {
	s := install("env", disposable)
	s.Plan.Inputs = nil
	s.Plan.Argv[2] = "mkdir -p dist; " + script + "; " + strings.Replace(s.Plan.Argv[2], "echo >> log; ", "", 1)
	return s
}

// TestWhatAnInstallWrites is about files that git ignores, outside of the environment: gone or changed, the install runs
// again, as it would in a clean clone.
func TestWhatAnInstallWrites(t *testing.T) {
	for name, test := range map[string]struct {
		script, hand string // how the install writes, and how somebody changes what it wrote
		status, left string
	}{
		"nothing changed":        {"echo new > dist/x", "true", "cached", "new"},
		"gone":                   {"echo new > dist/x", "rm dist/x", "ok", "new"},
		"by hand":                {"echo new > dist/x", "echo mine > dist/x", "ok", "new"},
		"somebody else's file":   {"echo new > dist/x", "echo mine > dist/y", "cached", "new"},
		"it was there":           {"echo old > dist/x", "rm dist/x", "ok", "old"},
		"a setting that is kept": {"[ -e dist/z ] || echo new > dist/z", "echo mine > dist/z", "ok", "old"},
		"another step makes it":  {"echo new > dist/x", "echo built > dist/x", "ok", "new"},
		"a file that git lists":  {"echo new > dist/x", "echo more > src", "ok", "new"},
		"a file of a step that runs at the same time": {"echo new > dist/x", "echo more > out/o", "cached", "new"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.put("lock", "a")
			p.put(".gitignore", "dist/\nenv/\nout/\n")
			p.put("dist/x", "old\n")
			p.git()
			deps, other := prepares(test.script), sh("other", "mkdir -p out; echo o > out/o", builds("out/"), inputs("lock"))
			p.run(deps, other)
			check(t, "again", p.run(deps).status(), "deps=cached")
			p.run(sh("hand", test.hand, func(s *runner.Step) { s.Effect = runner.Writes }))
			check(t, "after the change", p.run(deps).status(), "deps="+test.status)
			check(t, "dist/x", strings.TrimSpace(p.get("dist/x")), test.left)
			check(t, "at last", p.run(deps).status(), "deps=cached")
		})
	}
}

// TestWhatAnotherStepMakesOfTheSame is about a build that writes what the install wrote: what the run left is accepted.
func TestWhatAnotherStepMakesOfTheSame(t *testing.T) {
	p := newProject(t)
	p.put("lock", "a")
	p.put(".gitignore", "dist/\nenv/\n")
	p.git()
	deps := prepares("echo new > dist/x")
	build := sh("build", "echo built > dist/x", builds("dist/"), inputs("lock"), needs("deps"))
	check(t, "first", p.run(deps, build).status(), "deps=ok build=ok")
	check(t, "second", p.run(deps, build).status(), "deps=cached build=cached")
}
