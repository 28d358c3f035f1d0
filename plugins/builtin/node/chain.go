package node

import (
	"fmt"
	"slices"
	"strings"
)

// withoutFormat returns the scripts that a test calls one after the other, without those that rewrite files,
// since a test must not change any. It returns nil if no script rewrites files, or if the test is more than a
// chain of calls.
func (u *unit) withoutFormat(s script) (kept []script) {
	if !s.any(command.rewrites) || s.inMembers || u.root.Scripts["pre"+s.name]+
		u.root.Scripts["post"+s.name] != "" {
		return nil
	}
	if strings.ContainsAny(strings.ReplaceAll(s.text, "&&", ""), ";|&()\n") {
		return nil
	}
	for _, c := range split(s.text) {
		called := u.root.called(c)
		if len(called) != 1 || c.rewrites() {
			return nil
		}
		if next := u.root.script(called[0]); !next.any(command.rewrites) {
			kept = append(kept, next)
		}
	}
	if !slices.ContainsFunc(kept, func(s script) bool { return s.name != u.build }) {
		return nil
	}
	return kept
}

// addTests adds the scripts of a chain, each after the one before. If the first one is the build, the step
// that builds takes its place.
func (u *unit) addTests(target string, s script, kept []script) {
	var last string
	var names []string
	for _, next := range kept {
		names = append(names, fmt.Sprintf("%q", next.name))
		if next.name == u.build && !u.Offers(target) {
			last = u.id("build")
			continue
		}
		step := u.testStep(next, u.scriptStep(next))
		if last != "" && !slices.Contains(step.Needs, last) {
			step.Needs = append(step.Needs, last)
		}
		last = u.add(target, next.name, step)
	}
	u.used[s.name] = true
	why := fmt.Sprintf("script %q rewrites files (%s), so %s runs what else it calls: %s", s.name, s.text,
		target, strings.Join(names, ", "))
	u.note("%s", why)
	u.explain(target, s, why)
}
