package node

import (
	"reflect"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// orderOf returns the order of the targets of some units. Scripts do not say what they read and write, so
// they run one after the other, as they were asked for.
func orderOf(units []*unit) plan.Order {
	for _, u := range units {
		for _, m := range append([]*manifest{u.root}, u.members...) {
			if len(m.Scripts) > 0 {
				return plan.Sequential
			}
		}
	}
	return ""
}

// runInMembers returns a step that runs a script in each member of the workspace that has it, or in those of them
// that are its owners. A member comes behind those that it depends on. npm and yarn 1 do not do so by themselves.
func (u *unit) runInMembers(s script) plan.Step {
	if len(s.owners) < len(u.memberScript(s.name).owners) {
		owners, _ := byDependencies(s.owners)
		return u.runInSome(s.name, owners)
	}
	members, depend := byDependencies(u.members)
	if u.manager.Name != "npm" || !depend {
		return u.manager.runInMembers(s.name, members)
	}
	return u.npmRun(s.name, members, "--if-present")
}

// npmRun returns a step that runs a script with npm in some members, in their order.
func (u *unit) npmRun(name string, members []*manifest, flags ...string) plan.Step {
	words := []string{"run", name}
	for _, m := range members {
		words = append(words, "--workspace="+u.workspace(m))
	}
	return u.manager.command(append(append(words, flags...), "--")...)
}

// runInSome returns a step that runs a script in some of the members that have it.
func (u *unit) runInSome(name string, members []*manifest) plan.Step {
	g := u.manager
	var words []string
	switch {
	case g.Name == "npm":
		return u.npmRun(name, members)
	case g.Name == "yarn" && !g.Berry:
		return g.runInEach(name, members)
	case g.Name == "pnpm":
		words = []string{"--recursive"}
	case g.Name == "bun":
		words = []string{"run"}
	case before(g.Version, ".") < "4":
		words = []string{"workspaces", "foreach", "--topological-dev"}
	default:
		words = []string{"workspaces", "foreach", "--all", "--topological-dev"}
	}
	for _, m := range members {
		flag, value := "--filter", "./"+u.relPath(m.Dir)
		if g.Berry {
			flag, value = "--include", u.workspace(m)
		}
		words = append(words, flag, value)
	}
	if g.Name == "bun" {
		return g.command(append(words, name)...)
	}
	return g.command(append(words, "run", name)...)
}

// workspace returns what npm calls a member: its name or, without one, its folder.
func (u *unit) workspace(m *manifest) string {
	if m.Name != "" {
		return m.Name
	}
	return strings.TrimPrefix(m.Dir, u.root.Dir+"/")
}

// byDependencies returns members with each behind those that it depends on, else in the given order, and
// whether any depends on another. A cycle is cut at the first member of it.
func byDependencies(members []*manifest) (sorted []*manifest, depend bool) {
	byName := map[string]*manifest{}
	for _, m := range members {
		byName[m.Name] = m
	}
	seen := map[*manifest]bool{}
	var visit func(m *manifest)
	visit = func(m *manifest) {
		if seen[m] {
			return
		}
		seen[m] = true
		for _, other := range m.dependencies(byName) {
			depend = true
			visit(other)
		}
		sorted = append(sorted, m)
	}
	for _, m := range members {
		visit(m)
	}
	return sorted, depend
}

// dependencies returns the members that a member depends on, in the order of their folders.
func (m *manifest) dependencies(byName map[string]*manifest) (found []*manifest) {
	for _, section := range sections {
		for name := range m.Sections[section] {
			if other := byName[name]; other != nil && other != m && !slices.Contains(found, other) {
				found = append(found, other)
			}
		}
	}
	slices.SortFunc(found, func(a, b *manifest) int { return strings.Compare(a.Dir, b.Dir) })
	return found
}

// markIncludes records which targets the scripts "check" and "security" run by themselves: those whose steps
// are scripts that they call.
func (u *unit) markIncludes() {
	for _, name := range []string{"check", "security"} {
		if a := u.About[name]; u.Offers(name) {
			a.Includes = u.included(u.root.script(name))
			u.About[name] = a
		}
	}
}

func (u *unit) included(s script) (targets []string) {
	var called []plan.Step
	for _, name := range s.calls {
		if name != s.name {
			called = append(called, u.manager.run(name))
		}
	}
	for target, ids := range u.Targets {
		covered := !slices.ContainsFunc(ids, func(id string) bool {
			return !slices.ContainsFunc(called, func(c plan.Step) bool { return sameCommand(c, u.Steps[id]) })
		})
		if covered && target != s.name {
			targets = append(targets, target)
		}
	}
	slices.Sort(targets)
	return targets
}

func sameCommand(a, b plan.Step) bool {
	return a.Script == b.Script && reflect.DeepEqual(a.Argv, b.Argv)
}
