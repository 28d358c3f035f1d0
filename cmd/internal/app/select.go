package app

import (
	"fmt"
	"slices"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/suggest"
)

// A Selection is the targets of a run, their providers, and the parts of aggregates that are not offered.
type Selection struct {
	Targets []string
	Uses    []conventions.Use
	Skipped []conventions.Skip
}

// Select returns the targets of some names. A name that the project does not offer is an error.
func (p *Project) Select(names []string) (*Selection, error) {
	s := &Selection{}
	for _, name := range names {
		t, ok := p.Resolution.Find(name)
		if !ok {
			return nil, p.unknown(name)
		}
		if err := p.checkComplete(t); err != nil {
			return nil, err
		}
		uses, skipped := p.Resolution.Expand(t)
		if len(uses) == 0 {
			return nil, p.absent(t)
		}
		s.Targets = append(s.Targets, t.Name)
		s.Uses = append(s.Uses, uses...)
		for _, skip := range skipped {
			if !slices.Contains(s.Skipped, skip) {
				s.Skipped = append(s.Skipped, skip)
			}
		}
	}
	p.WarnFailures()
	return s, nil
}

// unknown returns the error about a name that is no target. A plugin that failed may know it.
func (p *Project) unknown(name string) error {
	if len(p.Failures) > 0 {
		return incomplete(fmt.Sprintf("%q", name), p.Failures)
	}
	var all []string
	for _, t := range p.Resolution.Targets {
		all = append(all, t.Name)
		all = append(all, t.Aliases...)
	}
	hint := "davit targets lists what there is"
	if near := suggest.Nearest(name, all); len(near) > 0 {
		hint = fmt.Sprintf("did you mean %s?", suggest.Quoted(near))
	}
	return usage(hint, "unknown target %q", name)
}

func (p *Project) absent(t conventions.Resolved) error {
	return usage("davit targets lists what there is; [targets."+t.Name+"] in project.toml adds one",
		"this project has no %q: %s", t.Name, t.AbsentBecause())
}
