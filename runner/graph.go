package runner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/tree"
)

// A Graph is the steps of a run, in an order in which each comes behind the steps that it needs and those
// that it is to follow.
type Graph struct {
	steps []Step
	index map[string]int
}

// NewGraph orders steps by what they need, and keeps their order otherwise. A duplicate id, a need that is
// not among the steps, a cycle and an input that is not a glob are errors, of type *GraphError.
func NewGraph(steps []Step) (*Graph, error) {
	b := builder{byID: map[string]Step{}, g: &Graph{index: map[string]int{}}}
	for _, s := range steps {
		if _, twice := b.byID[s.ID]; twice {
			return nil, &GraphError{fmt.Sprintf("step %q is defined twice", s.ID)}
		}
		if fault := tree.GlobsFault(s.Plan.Inputs); fault != "" {
			return nil, &GraphError{fmt.Sprintf("step %q: inputs: %s", s.ID, fault)}
		}
		b.byID[s.ID] = s
	}
	for _, s := range steps {
		if err := b.add(s, nil); err != nil {
			return nil, err
		}
	}
	return b.g, nil
}

type builder struct {
	byID map[string]Step
	g    *Graph
}

// add appends a step behind the steps that it needs. The trail is the path that led to it.
func (b *builder) add(s Step, trail []string) error {
	if _, done := b.g.index[s.ID]; done {
		return nil
	}
	if i := slices.Index(trail, s.ID); i >= 0 {
		return &GraphError{fmt.Sprintf("step %q needs itself: %s", s.ID,
			strings.Join(append(trail[i:], s.ID), " → "))}
	}
	trail = append(trail, s.ID)
	for _, need := range slices.Concat(s.Plan.Needs, s.Plan.After) {
		n, ok := b.byID[need]
		if !ok {
			return &GraphError{fmt.Sprintf("step %q needs %q, which is not a step of this run", s.ID, need)}
		}
		if err := b.add(n, trail); err != nil {
			return err
		}
	}
	b.g.index[s.ID] = len(b.g.steps)
	b.g.steps = append(b.g.steps, s)
	return nil
}

// Steps returns all steps, each behind those that it needs.
func (g *Graph) Steps() []Step { return slices.Clone(g.steps) }

// Step returns the step of an id.
func (g *Graph) Step(id string) (Step, bool) {
	i, ok := g.index[id]
	if !ok {
		return Step{}, false
	}
	return g.steps[i], true
}

// Len returns the number of steps.
func (g *Graph) Len() int { return len(g.steps) }
