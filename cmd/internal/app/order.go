package app

import (
	"slices"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// An ordering makes the targets of task files run one after the other. Its targets come in the order in which
// they were asked for, each behind those that it needs by project.toml.
type ordering struct {
	*merger
	seen  map[string]bool
	lines map[[2]string]line // by provider and folder
}

// A line is the steps of one task file in one folder: for each target those that no target before it has.
type line [][]*runner.Step

// order sets after which steps each step starts: that of task files, then what their plans say, as far as it
// does not contradict the former.
func (m *merger) order() {
	o := &ordering{merger: m, seen: map[string]bool{}, lines: map[[2]string]line{}}
	declared := map[string][]string{}
	for id, s := range m.steps {
		declared[id], s.Plan.After = s.Plan.After, nil
	}
	for _, u := range m.uses {
		o.append(u)
	}
	for _, id := range m.ids {
		s := m.steps[id]
		for _, first := range declared[id] {
			if full := s.Plugin + ":" + first; m.steps[full] != nil && !m.follows(full, id) {
				addAfter(s, full)
			}
		}
	}
}

// append puts the steps of a target, with what they need, behind those of the targets before it.
func (o *ordering) append(u conventions.Use) {
	groups := map[[2]string][]*runner.Step{}
	for _, s := range o.unseen(u) {
		if key := [2]string{s.Plugin, s.Plan.Dir}; s.Plugin == u.Provider && o.project.sequential(s.Plugin) {
			groups[key] = append(groups[key], s)
		}
	}
	for key, steps := range groups {
		for _, s := range steps {
			o.precede(o.lines[key], s)
		}
		o.lines[key] = append(o.lines[key], steps)
	}
}

// unseen returns the steps of a target and all that they need, without those that it has returned before. An
// image and what it is made of are not among them: they are made in containers, from the files as they are.
func (o *ordering) unseen(u conventions.Use) (steps []*runner.Step) {
	var visit func(id string)
	visit = func(id string) {
		if o.seen[id] || !isCommand(o.steps[id].Plan) {
			return
		}
		o.seen[id] = true
		steps = append(steps, o.steps[id])
		for _, need := range o.steps[id].Plan.Needs {
			visit(need)
		}
	}
	for _, id := range u.Steps {
		visit(u.Provider + ":" + id)
	}
	return steps
}

// precede makes a step start behind a line, and only if what it may rely on succeeded. Servers run side by
// side, so they do not wait for each other; nor can a step wait for one that needs it for an image.
func (o *ordering) precede(l line, s *runner.Step) {
	waits := false
	for _, target := range slices.Backward(l) {
		for _, first := range target {
			if first.Effect == runner.Runs && s.Effect == runner.Runs || o.follows(first.ID, s.ID) {
				continue
			}
			if !waits { // the earlier ones come before these
				addAfter(s, first.ID)
			}
			if first.Effect != runner.Reads || s.Effect != runner.Reads {
				s.Follows = append(s.Follows, first.ID)
			}
		}
		waits = waits || len(s.Plan.After) > 0
	}
}

func addAfter(s *runner.Step, id string) {
	if !slices.Contains(s.Plan.After, id) {
		s.Plan.After = append(s.Plan.After, id)
	}
}

// follows reports whether a step needs another, or comes after it, directly or through others. Steps that a plan names in After
// may not be in the graph.
func (m *merger) follows(id, other string) bool {
	seen := map[string]bool{}
	var visit func(id string) bool
	visit = func(id string) bool {
		if id == other {
			return true
		}
		if seen[id] {
			return false
		}
		seen[id] = true
		s := m.steps[id]
		return s != nil && (slices.ContainsFunc(s.Plan.Needs, visit) || slices.ContainsFunc(s.Plan.After, visit))
	}
	return visit(id)
}

// sequential reports whether the targets of a provider run one after the other.
func (p *Project) sequential(provider string) bool {
	switch p.planOf(provider).Order {
	case plan.Sequential:
		return true
	case plan.Parallel:
		return false
	}
	return slices.ContainsFunc(p.Offers, func(o conventions.Offer) bool {
		return o.Provider == provider && o.Authority == conventions.Explicit
	})
}
