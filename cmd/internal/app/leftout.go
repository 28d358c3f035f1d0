package app

import (
	"fmt"
	"slices"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/plugins/plan"
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
		all = append(append(all, p.leftOutOf(r)...), p.leftOutElsewhere(r)...)
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

// leftOutElsewhere returns what stacks leave out that do nothing else for a target, which others offer.
func (p *Project) leftOutElsewhere(r request) (all []string) {
	if r.target.Only != "" || r.target.Whole() {
		return nil
	}
	asked := func(name string) bool {
		return slices.ContainsFunc(r.uses, func(u conventions.Use) bool { return u.Target.Name == name })
	}
	for _, o := range p.Offers {
		offered := func(name string) bool { return len(o.Plan.Targets[name]) > 0 }
		for _, l := range o.Plan.LeftOut {
			if slices.ContainsFunc(l.Targets, asked) && !slices.ContainsFunc(l.Targets, offered) {
				all = append(all, leftOutText(o.Provider, l))
			}
		}
	}
	return all
}

// leftOutBy returns what one provider of a target leaves out.
func (p *Project) leftOutBy(c conventions.Candidate) (all []string) {
	for _, l := range p.planOf(c.Provider).LeftOut {
		if slices.Contains(l.Targets, c.As) {
			all = append(all, leftOutText(c.Provider, l))
		}
	}
	return all
}

func leftOutText(provider string, l plan.LeftOut) string {
	text := fmt.Sprintf("%s leaves out %s", provider, l.What)
	if l.Hint != "" {
		text += "; " + l.Hint
	}
	return text
}
