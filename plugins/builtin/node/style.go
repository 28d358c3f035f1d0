package node

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// planStyle plans every script that checks sources as a step of its own, so that they run in parallel.
func (u *unit) planStyle() {
	checks, writing := u.styleScripts()
	var why []string
	for _, s := range outermost(checks) {
		u.add("style", s.name, u.scriptStep(s))
		why = append(why, fmt.Sprintf("%q", s.name))
		u.explain("style", s, "")
	}
	for _, s := range checks {
		u.used[s.name] = u.used[s.name] || !s.inMembers
	}
	for _, s := range outermost(writing) {
		u.styleReadOnly(s, checks)
	}
	if len(why) > 1 {
		u.About["style"] = plan.About{Why: "scripts " + strings.Join(why, ", "),
			Source: u.About["style"].Source}
	}
	u.planPipelineStyle()
	if !u.Offers("style") && !u.covered["style"] {
		u.inferStyle()
	}
	u.absent("style",
		"no script checks sources, and there is no configuration of a linter that is a dependency")
	u.omitMembers("style", u.runs["style"])
}

// styleScripts returns the scripts that check sources, and those of one package each with such a name that write
// files. A "format" script that only checks is included.
func (u *unit) styleScripts() (checks, writing []script) {
	for _, s := range u.scripts("style") {
		plain, others := u.separateWriting(s)
		if len(plain.owners) > 0 && (!strings.HasPrefix(s.name, "test:") || s.all(command.checks)) {
			checks = append(checks, plain)
		}
		writing = append(writing, others...)
	}
	for _, name := range []string{"format", "fmt", "prettier"} {
		if s := u.root.script(name); s.text != "" && s.all(command.checks) {
			checks = append(checks, s)
		}
	}
	return checks, writing
}

// separateWriting returns a script without the packages in which it writes files, and one for each of these.
func (u *unit) separateWriting(s script) (plain script, writing []script) {
	writes := func(m *manifest) bool {
		one := m.script(s.name)
		return one.any(u.reader(one, nil).writes)
	}
	for _, m := range s.owners {
		if writes(m) {
			writing = append(writing, s.owned(func(other *manifest) bool { return other == m }))
		}
	}
	return s.owned(func(m *manifest) bool { return !writes(m) }), writing
}

// outermost returns the scripts without the packages in which another one of the list calls them.
func outermost(all []script) (out []script) {
	for _, s := range all {
		rest := s.owned(func(m *manifest) bool {
			return !slices.ContainsFunc(all, func(other script) bool { return other.callsIn(m, s) && !s.callsIn(m, other) })
		})
		if len(rest.owners) > 0 {
			out = append(out, rest)
		}
	}
	return out
}

// callsIn reports whether the script calls another one in a package.
func (s script) callsIn(m *manifest, other script) bool {
	return slices.Contains(s.owners, m) && m.script(s.name).includes(other)
}

// styleReadOnly handles a "lint" that writes files, which style must not do: style runs it with each of its commands
// called so that it only checks. Those that cannot be called so, or that another script calls so, are left out.
func (u *unit) styleReadOnly(s script, checks []script) {
	why := fmt.Sprintf("script %q would write or watch files (%s)", s.name, s.text)
	if s.any(command.rewrites) {
		why = fmt.Sprintf("script %q rewrites files (%s), so it is part of format", s.name, s.text)
	}
	r := u.reader(s, checks)
	step, text, ok := u.editedStep(s, r.read)
	if !ok || r.kept == 0 {
		u.note("%s and not of style", why)
		return
	}
	if words, plain := oneCommand(text); plain && !s.inMembers {
		step, text = u.program(words...), strings.Join(words, " ")
	}
	u.note("%s; style runs %q", why, text)
	u.add("style", s.stepName(u)+"-check", step)
	u.explain("style", s, why+"; style runs it so that it only checks")
}

// oneCommand returns the words of a script that is one simple command, and whether it is.
func oneCommand(text string) (command, bool) {
	all := scan(text)
	if len(all) != 1 || strings.ContainsAny(text, "$`<>()&|;=") {
		return nil, false
	}
	words := all[0].words.unwrapped()
	return words, len(words) == len(all[0].words)
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
		u.runs["format"] = append(u.runs["format"], s)
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

// rewritingStyle returns the scripts that are named like checks and rewrite files.
func (u *unit) rewritingStyle() (out []script) {
	for _, s := range u.scripts("style") {
		if s.any(command.rewrites) {
			out = append(out, s)
		}
	}
	return out
}
