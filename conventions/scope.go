package conventions

import (
	"path"
	"slices"

	"github.com/davit-dev/davit/plugins/plan"
)

// scope returns the part of the project that the task file which provides a target works on; nil if it is all, or if
// the target does not promise all.
func (t Resolved) scope() *plan.Scope {
	if len(t.Winners) == 0 || t.Winners[0].Authority != Explicit || t.Effect != Reads && t.Name != "build" {
		return nil
	}
	return t.Winners[0].About.Scope
}

// shareFolders makes stacks winners for the folders that a task file does not enter.
func (t *Resolved) shareFolders() {
	scope := t.scope()
	for _, l := range slices.Clone(t.Losers) {
		if beside, ok := l.notEntered(scope); ok {
			t.Winners = append(t.Winners, beside)
		}
	}
}

// notEntered returns the candidate with its steps in the folders that a task file does not enter. One that calls the
// tool of a stack at the root may well reach its folders, so only what is certain counts.
func (c Candidate) notEntered(scope *plan.Scope) (Candidate, bool) {
	if scope == nil || len(scope.Stacks) > 0 || c.Authority != Inferred {
		return c, false
	}
	c.Steps, c.Rejected = slices.DeleteFunc(c.omitted(scope), func(id string) bool { return c.dir(id) == "." }), ""
	return c, len(c.Steps) > 0
}

// omitted returns the steps that are not in a scope.
func (c Candidate) omitted(scope *plan.Scope) (ids []string) {
	for _, id := range c.Steps {
		if !scope.Covers(c.plan.Stack, c.dir(id)) {
			ids = append(ids, id)
		}
	}
	return ids
}

// dir returns the folder of a step; "." is the root.
func (c Candidate) dir(id string) string { return path.Clean("./" + c.plan.Steps[id].Dir) }

// besideWhole returns the uses of the parts of an aggregate in folders that the task file which provides it does not
// enter. A stack that offers the aggregate itself has its winner already.
func (r *Resolution) besideWhole(t Resolved) (uses []Use) {
	scope := t.scope()
	if scope == nil || t.Only != "" {
		return nil
	}
	for _, u := range r.partsOf(t) {
		if beside, ok := u.notEntered(scope); ok && !t.has(u.Provider) {
			uses = append(uses, Use{Target: u.Target, Candidate: beside})
		}
	}
	return uses
}

// partsOf returns what every provider has for the parts of an aggregate, whether it won or not.
func (r *Resolution) partsOf(t Resolved) (uses []Use) {
	for _, name := range t.AllOf {
		part, ok := r.Find(name)
		for _, c := range slices.Concat(part.Winners, part.Losers) {
			if ok && !slices.ContainsFunc(uses, func(u Use) bool { return u.Provider == c.Provider && u.As == c.As }) {
				uses = append(uses, Use{part, c})
			}
		}
	}
	return uses
}

// has reports whether a provider offers the target.
func (t Resolved) has(provider string) bool {
	return slices.ContainsFunc(slices.Concat(t.Winners, t.Losers), func(c Candidate) bool { return c.Provider == provider })
}

// Omitted returns what stacks would do for a target, or for the parts of an aggregate, and what the task file that
// provides it is known not to do.
func (r *Resolution) Omitted(t Resolved) (uses []Use) {
	scope := t.scope()
	if scope == nil {
		return nil
	}
	for _, u := range r.Beaten(t) {
		if u.Steps = slices.DeleteFunc(u.omitted(scope), func(id string) bool { return !slices.Contains(u.Steps, id) }); len(u.Steps) > 0 {
			uses = append(uses, u)
		}
	}
	return uses
}

// Beaten returns what stacks would do for a target, or for the parts of an aggregate, and do not since a task file provides
// it.
func (r *Resolution) Beaten(t Resolved) (uses []Use) {
	if len(t.Winners) == 0 || t.Winners[0].Authority != Explicit || t.Only != "" {
		return nil
	}
	all := []Use{}
	for _, l := range t.Losers {
		all = append(all, Use{t, l})
	}
	for _, u := range r.partsOf(t) {
		if !t.has(u.Provider) {
			all = append(all, u)
		}
	}
	done, _ := r.Expand(t)
	for _, u := range all {
		if u.Steps = without(slices.Clone(u.Steps), done, u.Provider); len(u.Steps) > 0 && u.Authority == Inferred {
			u.Rejected = ""
			uses = append(uses, u)
		}
	}
	return uses
}

// without returns the steps of a provider that none of the uses has.
func without(ids []string, uses []Use, provider string) []string {
	return slices.DeleteFunc(ids, func(id string) bool {
		return slices.ContainsFunc(uses, func(u Use) bool { return u.Provider == provider && slices.Contains(u.Steps, id) })
	})
}
