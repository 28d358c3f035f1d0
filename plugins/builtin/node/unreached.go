package node

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/taskname"
)

// omitMembers names the scripts of members for a target that those of the root do not run, or may not.
func (u *unit) omitMembers(target string, found []script) {
	if len(u.members) == 0 || len(found) == 0 || slices.ContainsFunc(found, func(s script) bool { return s.inMembers }) {
		return
	}
	u.omitAs(target, found, u.unreached(target, found))
}

// unreached returns the folders of the members whose scripts for a target are not run, by the name of the script and what
// is known of it.
func (u *unit) unreached(target string, found []script) [reached]map[string][]string {
	dirs := [reached]map[string][]string{{}, {}}
	for _, m := range u.members {
		for _, w := range u.wantedOf(target, m) {
			name := w.name
			if target != "style" {
				name = found[0].name
			}
			if v := w.doneBy(found); v != reached && !slices.Contains(dirs[v][name], m.Dir) {
				dirs[v][name] = append(dirs[v][name], m.Dir)
			}
		}
	}
	return dirs
}

// wantedOf returns the scripts of a member that a target should run: all that check, the one that tests or, without it,
// those for the parts of the tests.
func (u *unit) wantedOf(target string, m *manifest) (all []wanted) {
	if target == "style" {
		return u.checksOf(m)
	}
	for _, part := range append([]string{target}, parts...) {
		at := slices.IndexFunc(names[part], func(name string) bool { return m.Scripts[name] != "" && !placeholder(m.Scripts[name]) })
		if at >= 0 {
			all = append(all, u.wants(m, names[part][at], true))
		}
		if target != "test" || part == "test" && at >= 0 {
			break
		}
	}
	return all
}

// checksOf returns the scripts of a member that check its sources, without those that others of them call.
func (u *unit) checksOf(m *manifest) []wanted {
	var all []wanted
	for name := range m.Scripts {
		if named := slices.Contains(names["style"], name); m.hook(name) || !named && !taskname.MayCheck(name) {
			continue
		} else if w := u.wants(m, name, false); named && !strings.HasPrefix(name, "test:") || w.all(func(c command) bool { return c.checks() && !u.emits(m, c) }) {
			all = append(all, w)
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(w wanted) bool {
		return w.all(command.doesNothing) || slices.ContainsFunc(all, func(other wanted) bool { return other.includes(w.script) && !w.includes(other.script) })
	})
}

// omitAs names the members with scripts that are not run.
func (u *unit) omitAs(target string, found []script, dirs [reached]map[string][]string) {
	for v, byName := range dirs {
		for _, name := range slices.Sorted(maps.Keys(byName)) {
			part := "the tests"
			if target == "style" {
				part = fmt.Sprintf("the checks %q", name)
			}
			u.Omit(fmt.Sprintf("%s of %s (%s)", part, few(byName[name]), u.whyNot(verdict(v), name, found)), "", target)
		}
	}
}

// whyNot returns why the scripts of members with a name are not known to run.
func (u *unit) whyNot(v verdict, name string, found []script) string {
	by, not := "a script of "+u.root.file(), "no script of "+u.root.file()+" runs them"
	if slices.ContainsFunc(found, func(s script) bool { return s.name == name }) {
		by = fmt.Sprintf("script %q of %s", name, u.root.file())
		not = by + " does not run them"
	}
	if v == unclear {
		return "unless " + by + " runs them, which davit cannot tell"
	}
	return not
}
