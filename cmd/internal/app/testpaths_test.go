package app

import (
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/runner"
)

func TestATestRunnerRunsTheSameTestsOrOthers(t *testing.T) {
	files := fstest.MapFS{}
	for _, name := range []string{"test/a.test.js", "test/deep/b.test.js", "e2e/c.test.js", "more/d.js", "setup.js"} {
		files[name] = &fstest.MapFile{}
	}
	for _, c := range []struct {
		ran, asked string
		want       bool
	}{
		{"node --test test e2e", "node --test e2e/", true},
		{"node --test test/", "node --test e2e/", false},
		{"node --test test/ && node --test e2e", "node --test test e2e", true},
		{"node --test test && node --test e2e", "node --test", true},
		{"node --test test", "node --test", false},
		{"node --test", "node --test e2e", true},
		{"node --test", "node --test more", false},
		{"node --test 'test/*.js'", "node --test test", false},
		{"node --test 'test/**/*.js'", "node --test test/deep", true},
		{"node --import ./setup.js --test", "node --test test", true},
		{"c8 node --test e2e", "node --test e2e", true},
		{"vitest run", "npx vitest run e2e", true},
		{"vitest run test", "npx vitest run e2e", false},
		{"jest test", "jest", false},
		{"mocha test", "mocha", true},
		{"pytest", "pytest test", true},
		{"pytest test", "pytest e2e", false},
		{"pytest", "pytest -m slow", true},
		{"python3 -m pytest -m 'not slow'", "pytest -m slow", false},
		{"python3 -m pytest -m 'not slow'", "pytest -m 'not slow'", true},
		{"pytest -m 'not slow' && pytest -m slow", "pytest -m 'not quick'", true},
		{"pytest -m 'not slow' && pytest -m slow", "pytest", true},
		{"pytest -mquick", "pytest -m slow", false},
	} {
		project := &sdk.Project{FS: files}
		d := newDone(project, []runner.Step{{Plan: plan.Step{Op: plan.OpShell, Script: c.ran}}})
		if _, got := d.step(pipelines.Follow(project, ".", c.asked)[0]); got != c.want {
			t.Errorf("%q after %q: got %t", c.asked, c.ran, got)
		}
	}
}
