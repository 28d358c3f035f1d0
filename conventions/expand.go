package conventions

import (
	"slices"
	"strings"
)

// A Use is one provider of a target, selected for a run.
type Use struct {
	Target Resolved
	Candidate
}

// A Skip is a part of an aggregate that the project does not offer.
type Skip struct {
	Target string `json:"target"`
	Why    string `json:"why"`
}

// Expand returns the providers of a target in this project or, for an aggregate, those of its parts.
//
// A provider with the project's own word for an aggregate provides all of it. A stack that offers an
// aggregate under its own name provides its own share, and the parts of the other stacks are added. A target
// without any use is absent.
func (r *Resolution) Expand(t Resolved) (uses []Use, skipped []Skip) {
	uses = t.uses(nil)
	if len(uses) > 0 && uses[0].Authority != Inferred {
		return uses, nil
	}
	whole := slices.Clone(uses)
	for _, name := range t.AllOf {
		part, _ := r.Find(name)
		more, missing := r.Expand(part)
		if len(more) == 0 && len(whole) == 0 && len(part.AllOf) == 0 {
			missing = append(missing, Skip{Target: name, Why: part.AbsentBecause()})
		}
		skipped = append(skipped, missing...)
		for _, u := range more {
			if !slices.ContainsFunc(whole, func(w Use) bool { return w.Provider == u.Provider }) {
				uses = append(uses, u)
			}
		}
	}
	return uses, skipped
}

func (t Resolved) uses(out []Use) []Use {
	for _, c := range t.Winners {
		out = append(out, Use{Target: t, Candidate: c})
	}
	return out
}

// AbsentBecause returns the reason why no provider offers the target.
func (t Resolved) AbsentBecause() string {
	switch {
	case len(t.Why) > 0:
		return strings.Join(t.Why, "; ")
	case len(t.AllOf) > 0:
		return "none of its parts is offered: " + strings.Join(t.AllOf, ", ")
	}
	return "nothing in the project implies it"
}

// Names returns the names of all targets that the project offers, including aggregates, for completion and
// suggestions.
func (r *Resolution) Names() (names []string) {
	for _, t := range r.Targets {
		if uses, _ := r.Expand(t); len(uses) > 0 {
			names = append(names, t.Name)
		}
	}
	return names
}
