package app

import (
	"slices"
	"testing"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// TestAddConsumed: each step of Go reads one path; what it needs then, and what that step makes.
func TestAddConsumed(t *testing.T) {
	exec := func(dir string, outputs ...string) plan.Step {
		return plan.Step{Op: plan.OpExec, Argv: []string{"x"}, Dir: dir, Outputs: outputs}
	}
	installs := exec("web", "web/node_modules/")
	installs.Provides = &plan.Provides{Dir: "web/node_modules/"}
	node := &plan.Plan{Stack: "node", Targets: map[string][]string{"build": {"root", "web", "said"}},
		Steps: map[string]plan.Step{"root": exec(""), "web": exec("web"), "said": exec("said", "said/dist/", "said/app.js"),
			"deps": installs}}
	for consumes, want := range map[string]string{
		"web/dist/":          "node:web",
		"web/dist/page.txt":  "node:web",
		"said/dist/":         "node:said",
		"said/dist/page.txt": "node:said",
		"said/":              "node:said",
		"said/app.js":        "node:said",
		"said/other.js":      "node:root",
		"other/dist/":        "node:root",
		"webs/dist/":         "node:root",
		"web/page.html":      "", // git tracks it
		"web/static/":        "", // git tracks a file of it
	} {
		t.Run(consumes, func(t *testing.T) {
			app := exec("", "bin/")
			app.Consumes = []string{consumes}
			p := &Project{Config: &project.Project{}, Resolution: &conventions.Resolution{},
				files: []string{"web/page.html", "web/static/a.css"},
				Offers: []conventions.Offer{{Provider: "node", Plan: node}, {Provider: "go", Plan: &plan.Plan{
					Stack: "go", Targets: map[string][]string{"build": {"app"}}, Steps: map[string]plan.Step{"app": app}}}}}
			m := &merger{project: p, steps: map[string]*runner.Step{}, consumed: map[string][]string{}}
			m.add("go", "app")
			m.addConsumed()
			needs := m.steps["go:app"].Plan.Needs
			if want == "" && len(needs) == 0 {
				return
			}
			if !slices.Equal(needs, []string{want}) {
				t.Fatalf("it needs %v, want %s", needs, want)
			}
			if made := m.steps[want].Plan; !makes(made, consumes) {
				t.Errorf("%s makes %v", want, made.Outputs)
			}
			if len(node.Steps["web"].Outputs)+len(node.Steps["root"].Outputs) > 0 {
				t.Error("the plan of the plugin was changed")
			}
		})
	}
}

func TestWhatNoStepMakesIsSaid(t *testing.T) {
	for consumes, want := range map[string]bool{"gen/api.txt": true, "web/": false, "web/*.html": false, "web/*.css": true} {
		app := plan.Step{Op: plan.OpExec, Argv: []string{"x"}, Consumes: []string{consumes}}
		p := &Project{Config: &project.Project{}, Resolution: &conventions.Resolution{}, files: []string{"web/page.html"},
			Offers: []conventions.Offer{{Provider: "go", Plan: &plan.Plan{Stack: "go", Steps: map[string]plan.Step{"app": app}}}}}
		m := &merger{project: p, steps: map[string]*runner.Step{}, consumed: map[string][]string{}}
		m.add("go", "app")
		m.addConsumed()
		if got := len(m.unmet) > 0; got != want || want && m.unmet[0].Step != "go:app" {
			t.Errorf("%s: got %v", consumes, m.unmet)
		}
	}
}

func TestAStepThatComesAfterOneOutsideOfTheGraphFollowsNoOther(t *testing.T) {
	m := &merger{steps: map[string]*runner.Step{"cmake:build": {Plan: plan.Step{After: []string{"format"}}}}}
	if m.follows("cmake:build", "python:build") {
		t.Error("cmake:build does not follow python:build")
	}
}
