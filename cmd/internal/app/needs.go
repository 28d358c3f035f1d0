package app

import (
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/conventions"
)

// checkCycles returns an error about a target that needs itself by project.toml. It runs before anything else
// follows needs.
func (l loader) checkCycles() error {
	done := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(l.Config.Targets)) {
		if t := l.Config.Targets[name]; len(t.Needs)+len(t.Parts) == 0 {
			continue // no cycle without a need of project.toml
		}
		if cycle := l.findCycle(name, nil, done); cycle != nil {
			return l.Config.Fault([]string{"targets", name, "needs"}, "", "target %q needs itself: %s",
				cycle[0], strings.Join(cycle, " → "))
		}
	}
	return nil
}

// checkParts returns an error about a part of a target that is no target.
func (l loader) checkParts() error {
	for _, name := range slices.Sorted(maps.Keys(l.Config.Targets)) {
		for _, part := range l.Config.Targets[name].Parts {
			if _, ok := l.Resolution.Find(part); !ok && l.Personal(name) == "" { // a user's own may fit other projects
				return l.Config.Fault([]string{"targets", name, "parts"}, l.meant(part, "[targets."+part+"] in project.toml adds it"),
					"target %q has the part %q, which is no target", name, part)
			}
		}
	}
	return nil
}

// findCycle returns the targets along one cycle, the first one again at the end, or nil. The trail is the
// targets on the way.
func (l loader) findCycle(name string, trail []string, done map[string]bool) []string {
	t, ok := l.Resolution.Find(name)
	if !ok || done[t.String()] {
		return nil
	}
	if i := slices.Index(trail, t.String()); i >= 0 {
		return append(slices.Clone(trail[i:]), t.String())
	}
	trail = append(trail, t.String())
	for _, need := range l.needsOf(t) {
		if found := l.findCycle(need, trail, done); found != nil {
			return found
		}
	}
	done[t.String()] = true
	return nil
}

// needsOf returns the targets that run before a target, and the parts of an aggregate.
func (l loader) needsOf(t conventions.Resolved) (needs []string) {
	if own := l.Config.Targets[t.Name]; t.Only == "" || t.Only == ownProvider || own.Run == nil {
		needs = slices.Clone(own.Needs) // else they are needs of what project.toml runs instead
	}
	for _, w := range t.Winners {
		if own := ownName(w, t.Name); own != t.Name {
			needs = append(needs, l.Config.Targets[own].Needs...)
		}
	}
	if t.Whole() {
		return append(needs, t.Added...)
	}
	for _, part := range t.AllOf {
		if t.Only != "" {
			part = t.Only + ":" + part
		}
		needs = append(needs, part)
	}
	return needs
}

// ownName returns the name of a target in project.toml: [targets.lint] provides "style", if no other table
// does.
func ownName(c conventions.Candidate, target string) string {
	if c.Provider == ownProvider {
		return c.As
	}
	return target
}
