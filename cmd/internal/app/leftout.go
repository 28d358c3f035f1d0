package app

import (
	"fmt"
	"slices"

	"github.com/davit-dev/davit/conventions"
)

// leftOut returns the parts of the project that the targets of a run leave out, a sentence for each.
func (p *Project) leftOut(s *Selection) (all []string) {
	for _, u := range s.Uses {
		for _, text := range p.leftOutBy(u.Candidate) {
			if !slices.Contains(all, text) {
				all = append(all, text)
			}
		}
	}
	for _, r := range s.requests {
		all = append(all, p.leftOutOf(r)...)
	}
	return append(all, p.unknownParts(s)...)
}

// leftOutOf returns what the task file that provides a target leaves out, of what stacks would do.
func (p *Project) leftOutOf(r request) (all []string) {
	for _, u := range p.Resolution.LeftOut(r.target) {
		all = append(all, fmt.Sprintf("%s of %s does not do what %s would; davit %s:%s does that", r.target.Name,
			r.target.Winners[0].Provider, u.Provider, u.Provider, u.Target.Name))
	}
	return all
}

// leftOutBy returns what one provider of a target leaves out.
func (p *Project) leftOutBy(c conventions.Candidate) (all []string) {
	for _, l := range p.planOf(c.Provider).LeftOut {
		if !slices.Contains(l.Targets, c.As) {
			continue
		}
		text := fmt.Sprintf("%s leaves out %s", c.Provider, l.What)
		if l.Hint != "" {
			text += "; " + l.Hint
		}
		all = append(all, text)
	}
	return all
}
