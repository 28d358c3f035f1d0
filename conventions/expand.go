package conventions

import (
	"slices"
	"strings"
)

// Use is one winner of a target that a run takes in.
type Use struct {
	Target Resolved
	Candidate
}

// Skip is a part of an aggregate that the project does not offer.
type Skip struct {
	Target string `json:"target"`
	Why    string `json:"why"`
}

// Expand returns what a target stands for in this project: its own winners or, for an aggregate, what its parts stand for.
//
// A provider that is the project's word for an aggregate makes all of it. A stack that offers an aggregate as such is taken
// whole for its own share, and the parts of the others are added. Without a single use the target is absent.
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

// AbsentBecause says why nobody offers the target.
func (t Resolved) AbsentBecause() string {
	switch {
	case len(t.Why) > 0:
		return strings.Join(t.Why, "; ")
	case len(t.AllOf) > 0:
		return "none of its parts is offered: " + strings.Join(t.AllOf, ", ")
	}
	return "nothing in the project implies it"
}

// Names returns the names of all targets that the project offers, aggregates included, for completion and suggestions.
func (r *Resolution) Names() (names []string) {
	for _, t := range r.Targets {
		if uses, _ := r.Expand(t); len(uses) > 0 {
			names = append(names, t.Name)
		}
	}
	return names
}
