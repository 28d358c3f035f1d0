package node

import (
	"fmt"
	"slices"

	"github.com/davit-dev/davit/plugins/plan"
)

// chosen returns what a target with one script runs: the script of the root with the likeliest name, or, if the root
// has none, that of each member, whatever its author calls it.
func (u *unit) chosen(target string) []script {
	found := u.scripts(target)
	if len(found) == 0 || !found[0].inMembers {
		return found[:min(1, len(found))]
	}
	var out []script
	var done []*manifest
	for _, s := range found {
		rest := s.owned(func(m *manifest) bool { return !slices.Contains(done, m) })
		if len(rest.owners) > 0 {
			out = append(out, rest)
		}
		done = append(done, s.owners...)
	}
	return out
}

// memberScript returns the scripts of all members with a name as one script; it has no owner if there are none.
func (u *unit) memberScript(name string) script {
	return scriptOf(name, u.members, func(m *manifest) bool {
		return m.Scripts[name] != "" && !placeholder(m.Scripts[name])
	})
}

// scriptOf returns the scripts with a name of some members as one.
func scriptOf(name string, members []*manifest, has func(*manifest) bool) (out script) {
	out.name, out.inMembers = name, true
	for _, m := range members {
		if has(m) {
			s := m.script(name)
			out.text, out.owners = s.text, append(out.owners, m)
			out.commands = append(out.commands, s.commands...)
			out.calls = append(out.calls, s.calls...)
			out.whole += s.whole
		}
	}
	return out
}

// owned returns the script of those of its owners that are meant.
func (s script) owned(by func(*manifest) bool) script {
	if s.inMembers {
		return scriptOf(s.name, s.owners, by)
	}
	if !by(s.owners[0]) {
		return script{name: s.name}
	}
	return s
}

// separate returns a script without the packages in which one of its commands is meant, and one for each of these.
func (s script) separate(is func(command) bool) (plain script, others []script) {
	meant := func(m *manifest) bool { return m.script(s.name).any(is) }
	for _, m := range s.owners {
		if meant(m) {
			others = append(others, s.owned(func(one *manifest) bool { return one == m }))
		}
	}
	return s.owned(func(m *manifest) bool { return !meant(m) }), others
}

// stepName returns the name of the step of a script that is run for one member alone.
func (s script) stepName(u *unit) string {
	if !s.inMembers || len(s.owners) != 1 {
		return s.name
	}
	return s.name + " of " + u.relPath(s.owners[0].Dir)
}

// editedStep returns a step that runs a script of one package with other commands in place of some, and the text
// that it runs. It returns false if a command cannot be replaced where it stands.
func (u *unit) editedStep(s script, change func(command) (replacement, bool)) (step plan.Step, text string, ok bool) {
	e := &editor{of: s.owners[0], change: change}
	text = e.script(s.name)
	step = u.shell(s.owners[0], text+` "$@"`)
	step.Settings = s.toolSettings()
	return step, text, !e.failed
}

// shell returns a step that runs a script in the folder of a package, with the programs of its dependencies.
func (u *unit) shell(m *manifest, text string) plan.Step {
	s := plan.Step{Op: plan.OpShell, Tool: u.manager.tool(), Script: text}
	if u.manager.PnP {
		s = u.manager.command("exec", text)
	}
	s = u.inUnit(s)
	if m != u.root {
		s.Dir = m.Dir
		if u.install != "" {
			s.Path = append([]string{join(m.Dir, "node_modules/.bin")}, s.Path...)
		}
	}
	return s
}

// completeTest adds to "test" of members the parts of the tests of the packages without such a script.
func (u *unit) completeTest() {
	found := u.chosen("test")
	if len(found) == 0 || !found[0].inMembers || !u.Offers("test") {
		return
	}
	var tested []*manifest
	for _, s := range found {
		tested = append(tested, s.owners...)
	}
	about := u.About["test"]
	for _, part := range parts {
		for _, s := range u.chosen(part) {
			rest := s.owned(func(m *manifest) bool { return !slices.Contains(tested, m) })
			if len(rest.owners) > 0 {
				u.planTest("test", rest)
				about.Why += fmt.Sprintf(", and %q of those without it", s.name)
			}
		}
	}
	u.About["test"] = about
}
