package app

import (
	"cmp"
	"maps"
	"slices"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
	"github.com/davit-dev/davit/runner"
)

// ownProvider is the name under which project.toml offers its targets.
const ownProvider = "project"

// ownOffer returns the offer of project.toml: a step of the same name for each target that runs something. Personal targets
// are in another file.
func ownOffer(c *project.Project, personal map[string]string) conventions.Offer {
	p := &plan.Plan{
		API: plan.API, Match: true, Stack: ownProvider,
		Steps: map[string]plan.Step{}, Targets: map[string][]string{}, About: map[string]plan.About{},
	}
	for name, t := range c.Targets {
		if s, ok := t.Step(); ok {
			s.TestRunner = cmp.Or(s.TestRunner, runnerOf(s))
			if s.TestRunner == "" && len(s.Reports) == 0 && testedBy(s) == "cargo test" {
				s.Reports = []plan.Report{{Format: plan.FormatLibtest, Stdout: true}}
			}
			p.Steps[name] = s
			p.Targets[name] = []string{name}
			source := cmp.Or(personal[name], project.File)
			p.About[name] = plan.About{Summary: t.Summary, Source: source, Why: source + " says so"}
		}
	}
	var sources []string
	for _, about := range p.About {
		sources = appendNew(sources, about.Source)
	}
	slices.Sort(sources)
	p.Summary = text.And(sources)
	return conventions.Offer{Provider: ownProvider, Authority: conventions.Project, Plan: p}
}

// runnerOf returns the test runner whose totals count the tests of a target; "" if there is none.
func runnerOf(s plan.Step) string { return pipelines.TestRunner(commandsOf(s)) }

// testedBy returns what the only command of a target does that tests; "" if there is none.
func testedBy(s plan.Step) string { return pipelines.TestedBy(commandsOf(s)) }

func commandsOf(s plan.Step) []recipes.Command {
	if s.Op == plan.OpExec {
		return recipes.Commands(".", runner.Quote(s.Argv))
	}
	return recipes.Commands(".", s.Script)
}

// applyConfig adds to the resolution what only project.toml knows: effects, and targets that stand for their
// needs.
func applyConfig(r *conventions.Resolution, c *project.Project) {
	for _, name := range slices.Sorted(maps.Keys(c.Targets)) {
		t := c.Targets[name]
		if t.Run == nil {
			r.DefineAggregate(name, t.Summary, t.Needs)
		}
		if r.AddParts(name, t.Parts); t.Run == nil {
			continue
		}
		found, _ := r.Find(name) // by an alias, if no other provider offers the target
		resolved, _ := r.At(found.Name)
		if e := effectOf(t, resolved); e != resolved.Effect {
			resolved.Effect = e
			resolved.Cache = e == conventions.Builds || e == conventions.Reads
		}
	}
}

// effectOf returns the effect that project.toml gives to a target, else what its outputs imply, else that of
// the convention.
func effectOf(t project.Target, r *conventions.Resolved) conventions.Effect {
	switch {
	case t.Effect != "":
		return conventions.Effect(t.Effect)
	case r.Own && len(t.Outputs) > 0:
		return conventions.Builds
	}
	return r.Effect
}
