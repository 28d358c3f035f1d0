package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// planStyle plans every script that checks sources as a step of its own, so that they run in parallel.
func (u *unit) planStyle() {
	checks, rewriting := u.styleScripts()
	var why []string
	for _, s := range outermost(checks) {
		u.add("style", s.name, u.scriptStep(s))
		why = append(why, fmt.Sprintf("%q", s.name))
		u.explain("style", s, "")
	}
	for _, s := range checks {
		u.used[s.name] = u.used[s.name] || !s.inMembers
	}
	for _, s := range rewriting {
		u.styleWithoutFix(s, checks)
	}
	if len(why) > 1 {
		u.About["style"] = plan.About{Why: "scripts " + strings.Join(why, ", "),
			Source: u.About["style"].Source}
	}
	if !u.Offers("style") {
		u.inferStyle()
	}
	u.absent("style",
		"no script checks sources, and there is no configuration of a linter that is a dependency")
}

// styleScripts returns the scripts that check sources, and those with such a name that rewrite them. A
// "format" or "check" script that only checks is included.
func (u *unit) styleScripts() (checks, rewriting []script) {
	for _, s := range u.scripts("style") {
		switch {
		case s.any(command.rewrites):
			rewriting = append(rewriting, s)
		case !strings.HasPrefix(s.name, "test:") || s.all(command.checks):
			checks = append(checks, s)
		}
	}
	for _, name := range []string{"format", "fmt", "prettier", "check"} {
		if s := u.root.script(name); s.text != "" && s.all(command.checks) {
			checks = append(checks, s)
		}
	}
	return checks, rewriting
}

// outermost returns the scripts that no other script of the list calls.
func outermost(all []script) (out []script) {
	for _, s := range all {
		inner := slices.ContainsFunc(all, func(other script) bool {
			return other.includes(s) &&
				!s.includes(other)
		})
		if !inner {
			out = append(out, s)
		}
	}
	return out
}

// styleWithoutFix handles a "lint" that rewrites files, which style must not do. If it is one simple command,
// and no other script is the same check, style runs the command without the flag.
func (u *unit) styleWithoutFix(s script, checks []script) {
	why := fmt.Sprintf("script %q rewrites files (%s), so it is part of format", s.name, s.text)
	if s.inMembers || len(s.commands) != 1 {
		u.note("%s and not of style", why)
		return
	}
	words, ok := s.commands[0].readOnly()
	same := func(c command) bool { return ok && c[0] == words[0] }
	if !ok || slices.ContainsFunc(checks, func(other script) bool { return other.any(same) }) {
		u.note("%s and not of style", why)
		return
	}
	u.note("%s; style runs %q", why, strings.Join(words, " "))
	u.add("style", s.name+"-check", u.program(words...))
	u.explain("style", s, why+"; style runs it without the flag")
}

// planFormat plans the scripts that rewrite sources, one after the other, since they would write the same
// files.
func (u *unit) planFormat() {
	var found []script
	for _, s := range append(u.scripts("format"), u.rewritingStyle()...) {
		if !s.all(command.checks) && !u.used[s.name] && !u.planned(found, s.name) {
			found = append(found, s)
		}
	}
	last := ""
	for _, s := range outermost(found) {
		step := u.scriptStep(s)
		if last != "" {
			step.Needs = append(step.Needs, last)
		}
		last = u.add("format", s.name, step)
		if len(u.Targets["format"]) == 1 {
			u.explain("format", s, "")
		}
	}
	for _, s := range found {
		u.used[s.name] = u.used[s.name] || !s.inMembers
	}
	if len(found) == 0 {
		u.inferFormat()
	}
	u.absent("format",
		"no script rewrites sources, and there is no configuration of a formatter that is a dependency")
}

func (u *unit) planned(found []script, name string) bool {
	return slices.ContainsFunc(found, func(s script) bool { return s.name == name })
}

func (u *unit) rewritingStyle() []script {
	_, rewriting := u.styleScripts()
	return rewriting
}
