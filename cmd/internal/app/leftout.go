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
	return append(all, p.unknownParts(s)...)
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
