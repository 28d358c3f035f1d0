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
// aggregate under its own name provides its own share, and the parts of the other stacks are added. To an
// aggregate that collects, a target of its name is added, without the parts that this target runs by itself.
// A target without any use is absent.
//
// A target that was asked for from one provider alone has the uses of that provider, and no parts are
// skipped.
func (r *Resolution) Expand(t Resolved) (uses []Use, skipped []Skip) {
	uses = t.uses()
	if t.Whole() {
		return slices.Concat(uses, r.besideWhole(t), t.Joined, r.added(t)), nil
	}
	own := slices.Clone(uses)
	for _, name := range t.AllOf {
		part, _ := r.Find(name)
		part = part.only(t.Only)
		more, missing := r.Expand(part)
		if len(more) == 0 && (len(own) == 0 || t.Collects) && len(part.AllOf) == 0 && t.Only == "" {
			missing = append(missing, Skip{Target: name, Why: part.AbsentBecause()})
		}
		missing = slices.DeleteFunc(missing, func(s Skip) bool { return s.Target == name && part.within(uses) })
		skipped = append(skipped, missing...)
		for _, u := range more {
			if !slices.ContainsFunc(own, func(o Use) bool { return o.includes(u, t.Collects) }) {
				uses = append(uses, u)
			}
		}
	}
	return uses, skipped
}

// added returns the uses of the parts that project.toml adds to a target.
func (r *Resolution) added(t Resolved) (uses []Use) {
	for _, name := range t.Added {
		part, _ := r.Find(name)
		more, _ := r.Expand(part)
		uses = append(uses, more...)
	}
	return uses
}

// within reports whether every provider that says why it does not offer a target runs what it stands for by another
// target, which is used.
func (t Resolved) within(uses []Use) bool {
	return len(t.Why) > 0 && !slices.ContainsFunc(t.Why, func(why string) bool {
		return !slices.ContainsFunc(uses, func(u Use) bool {
			return strings.HasPrefix(why, u.Provider+": ") && slices.Contains(u.About.Includes, t.Name)
		})
	})
}

// Whole reports whether the providers of an aggregate stand for all of its parts.
func (t Resolved) Whole() bool {
	if len(t.Winners) == 0 {
		return false
	}
	by := t.Winners[0].Authority
	return by == Project || by == Explicit && !t.Collects
}

// includes reports whether the use of an aggregate does what the use of a part would do.
func (u Use) includes(part Use, collects bool) bool {
	return u.Provider == part.Provider && (!collects || slices.Contains(u.About.Includes, part.As))
}

func (t Resolved) uses() (out []Use) {
	for _, c := range t.Winners {
		out = append(out, Use{Target: t, Candidate: c})
	}
	return out
}

// only returns the target with one provider alone, whether it won or not; with all, if the provider is "".
// Its own target of the name is then the whole.
func (t Resolved) only(provider string) Resolved {
	if provider == "" {
		return t
	}
	all := append(slices.Clone(t.Winners), t.Losers...)
	t.Only, t.Winners, t.Losers, t.Joined, t.Added = provider, nil, nil, nil, nil
	for _, c := range all {
		if c.Provider == provider {
			c.Rejected = ""
			t.Winners = append(t.Winners, c)
		}
	}
	t.Collects = t.Collects && len(t.Winners) == 0
	t.Why = slices.DeleteFunc(slices.Clone(t.Why),
		func(why string) bool { return !strings.HasPrefix(why, provider+": ") })
	return t
}

// String returns the name by which a user asks for the target: "test", or "go:test" of one provider alone.
func (t Resolved) String() string {
	if t.Only == "" {
		return t.Name
	}
	return t.Only + ":" + t.Name
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

// ScopedNames returns the names of all targets with a provider before them: "go:test".
func (r *Resolution) ScopedNames() (names []string) {
	for _, provider := range r.providers {
		for _, t := range r.Targets {
			if uses, _ := r.Expand(t.only(provider)); len(uses) > 0 {
				names = append(names, provider+":"+t.Name)
			}
		}
	}
	return names
}
