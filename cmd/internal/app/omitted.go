package app

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/runner"
)

// omittedBySteps returns a function that returns what the steps of a run leave out: what is known of its targets, and what
// pipelines check besides.
func (p *Project) omittedBySteps(s *Selection, steps []runner.Step) func() []string {
	return sync.OnceValue(func() []string {
		all := p.omitted(s)
		return append(all, p.uncalled(s, steps, all)...)
	})
}

// omitted returns the parts of the project that the targets of a run leave out, a sentence for each.
func (p *Project) omitted(s *Selection) (all []string) {
	for _, u := range s.Uses {
		all = union(all, p.omittedBy(u.Candidate))
	}
	for _, r := range p.withParts(s.requests) {
		all = union(all, slices.Concat(p.omittedOf(r), p.omittedModules(r), p.omittedMembers(r), p.omittedElsewhere(r), p.omittedByTasks(r)))
	}
	return append(all, p.unknownParts(s)...)
}

// withParts returns requests, each followed by those of the parts that it collects: check leaves out what test does.
func (p *Project) withParts(requests []request) (all []request) {
	for _, r := range requests {
		all = append(all, r)
		if r.target.Whole() || r.target.Only != "" {
			continue
		}
		for _, name := range r.target.AllOf {
			part, _ := p.Resolution.Find(name)
			if uses, _ := p.Resolution.Expand(part); len(uses) > 0 {
				all = append(all, p.withParts([]request{{part, uses}})...)
			}
		}
	}
	return all
}

// omittedOf returns what the task file that provides a target leaves out, of what stacks would do.
func (p *Project) omittedOf(r request) (all []string) {
	for _, u := range p.Resolution.Omitted(r.target) {
		all = append(all, fmt.Sprintf("%s of %s does not do what %s would; davit %s:%s does that", r.target.Name,
			r.target.Winners[0].Provider, u.Provider, u.Provider, u.Target.Name))
	}
	return all
}

// omittedByTasks returns what the task file that provides a target leaves out as the stack would whose tool it calls for
// all of the code, or in the folders that it enters: tests behind a build tag that it does not have.
func (p *Project) omittedByTasks(r request) (all []string) {
	if len(r.target.Winners) == 0 || r.target.Winners[0].Authority != conventions.Explicit || r.target.Winners[0].About.Scope == nil {
		return nil
	}
	winner := r.target.Winners[0]
	calls := sync.OnceValue(func() []pipelines.Call { return p.callsBy(winner) }) // few plans need them
	for _, o := range p.Offers {
		runs := slices.ContainsFunc(r.uses, func(u conventions.Use) bool { return u.Provider == o.Provider })
		if o.Authority == conventions.Explicit || runs { // what runs names itself what it leaves out
			continue
		}
		for _, l := range o.Plan.Omitted {
			meant := slices.ContainsFunc(l.Targets, func(name string) bool { return name == r.target.Name || slices.Contains(r.target.AllOf, name) })
			if meant && len(l.Words) > 0 && worksOn(o.Plan.Stack, winner.About.Scope, calls()) && !takesIn(calls(), l.Words) {
				all = append(all, omittedText(winner.Provider, plan.Omission{Part: l.Part}))
			}
		}
	}
	return all
}

// worksOn reports whether a task file calls the tool of a stack, at the root or in a folder that it enters.
func worksOn(stack string, scope *plan.Scope, calls []pipelines.Call) bool {
	return slices.Contains(scope.Stacks, stack) || slices.ContainsFunc(calls, func(c pipelines.Call) bool { return c.Stack() == stack })
}

// callsBy returns the commands that a task file runs for a target, also by way of other tasks and scripts.
func (p *Project) callsBy(c conventions.Candidate) (calls []pipelines.Call) {
	root, err := os.OpenRoot(p.Root.Dir)
	if err != nil {
		return nil
	}
	defer root.Close()
	for _, id := range c.Steps {
		calls = append(calls, callsOf(&sdk.Project{FS: regular.FS(root)}, runner.Step{Plan: p.planOf(c.Provider).Steps[id]})...)
	}
	return calls
}

// takesIn reports whether commands have one of some words, or work in a folder of that name.
func takesIn(calls []pipelines.Call, words []string) bool {
	lines := ""
	for _, c := range calls {
		lines += c.Dir + " " + strings.Join(c.Words, " ") + "\n"
	}
	return slices.ContainsFunc(strings.FieldsFunc(lines, func(r rune) bool { return strings.ContainsRune(" ,=/\n\"'", r) }),
		func(word string) bool { return slices.Contains(words, word) })
}

// omittedElsewhere returns what stacks leave out that do nothing else for a target, which others offer.
func (p *Project) omittedElsewhere(r request) (all []string) {
	if r.target.Only != "" || r.target.Whole() {
		return nil
	}
	asked := func(name string) bool {
		return slices.ContainsFunc(r.uses, func(u conventions.Use) bool { return u.Target.Name == name })
	}
	for _, o := range p.Offers {
		offered := func(name string) bool { return len(o.Plan.Targets[name]) > 0 }
		for _, l := range o.Plan.Omitted {
			if len(l.Words) == 0 && slices.ContainsFunc(l.Targets, asked) && !slices.ContainsFunc(l.Targets, offered) {
				all = append(all, omittedText(o.Provider, l))
			}
		}
	}
	return all
}

// omittedBy returns what one provider of a target leaves out.
func (p *Project) omittedBy(c conventions.Candidate) (all []string) {
	for _, l := range p.planOf(c.Provider).Omitted {
		if slices.Contains(l.Targets, c.As) {
			all = append(all, omittedText(c.Provider, l))
		}
	}
	return all
}

func omittedText(provider string, l plan.Omission) string {
	text := fmt.Sprintf("%s leaves out %s", provider, l.Part)
	if l.Hint != "" {
		text += "; " + l.Hint
	}
	return text
}
