package node

import (
	"slices"

	"github.com/davit-dev/davit/plugins/sdk"
)

// shared are the targets of which each package of a project has its share. Of others, such as run, a package has its own
// only if the one above it has none.
var shared = append([]string{"init", "build", "test", "style", "format", "clean", "complexity", "check", "security",
	"security-sast", "security-dependency-scan", "upgrade", "package"}, parts...)

// isCovered reports whether a package above runs a script of this one for a target, as "cd client && npm run build"
// does. It is not run a second time then.
func (u *unit) isCovered(target, name string) bool {
	by, s := u.coveredBy(target, name)
	if by == nil {
		return false
	}
	u.used[name] = true
	if !u.covered[target] {
		u.covered[target] = true
		u.note("script %q of %s runs %q, for %s", s.name, by.root.file(), name, target)
	}
	return true
}

// coveredBy returns the package above that runs a script of this one for a target, and its script, or nil.
func (u *unit) coveredBy(target, name string) (*unit, script) {
	targets := []string{target}
	if slices.Contains(parts, target) {
		targets = append(targets, "test")
	}
	for by := u.parent; by != nil; by = by.parent {
		for _, of := range targets {
			for _, s := range by.runs[of] {
				if slices.Contains(s.delegates, delegate{relative(by.root.Dir, u.root.Dir), name}) {
					return by, s
				}
			}
		}
	}
	return nil, script{}
}

// hidden reports whether a package above has a target that a project has once.
func (u *unit) hidden(target string) bool {
	for by := u.parent; by != nil; by = by.parent {
		if by.Offers(target) && !slices.Contains(shared, target) {
			return true
		}
	}
	return false
}

// connect makes the scripts of packages above that enter the folder of this one need its install, and the install
// wait for theirs.
func (u *unit) connect(out *sdk.Builder) {
	if u.install == "" {
		return
	}
	for by := u.parent; by != nil; by = by.parent {
		dir := relative(by.root.Dir, u.root.Dir)
		if by.install != "" && slices.ContainsFunc(installHooks, func(hook string) bool { return by.root.script(hook).enters(dir) }) {
			s := out.Steps[u.install]
			s.After = append(s.After, by.install)
			out.Steps[u.install] = s
		}
		for target, scripts := range by.runs {
			if slices.ContainsFunc(scripts, func(s script) bool { return s.enters(dir) }) {
				needInstall(out, by.Targets[target], u.install)
			}
		}
	}
}

// needInstall makes steps need another one.
func needInstall(out *sdk.Builder, ids []string, install string) {
	for _, id := range ids {
		if s := out.Steps[id]; !slices.Contains(s.Needs, install) {
			s.Needs = append(slices.Clone(s.Needs), install)
			out.Steps[id] = s
		}
	}
}

// enters reports whether a script runs commands in a folder.
func (s script) enters(dir string) bool { return slices.Contains(s.dirs, dir) }

// commonIncludes leaves to the targets that stand for others only what they include of every package.
func commonIncludes(out *sdk.Builder, units []*unit) {
	for _, name := range []string{"check", "security"} {
		a, ok := out.About[name]
		if !ok || len(units) == 1 {
			continue
		}
		a.Includes = slices.DeleteFunc(slices.Clone(a.Includes), func(target string) bool {
			return slices.ContainsFunc(units, func(u *unit) bool {
				return u.Offers(target) && !slices.Contains(u.About[name].Includes, target)
			})
		})
		out.About[name] = a
	}
}

// others returns the folders of the packages below the unit that are planned by themselves.
func (u *unit) others() (dirs []string) {
	for _, other := range u.inner {
		dirs = append(dirs, other.root.Dir)
	}
	return dirs
}

// mine reports whether a file is in the unit, and not in a package below it.
func (u *unit) mine(name string) bool {
	return sdk.Inside(name, u.root.Dir) &&
		!slices.ContainsFunc(u.others(), func(dir string) bool { return sdk.Inside(name, dir) })
}
