package rust

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// compiling are the targets that compile all packages.
var compiling = []string{"build", "test-unit", "style"}

// omit names what the targets leave out: packages, and tests and programs behind features.
func (b *builder) omit() {
	b.leaveOutPackages()
	for _, u := range b.repo.units {
		b.leaveOutMembers(u)
		b.leaveOutGated(u)
	}
}

// maxNamed is how many parts one sentence names.
const maxNamed = 5

func named(names []string) string { return sdk.Listed(names, maxNamed) }

// leaveOutPackages names the packages that are in no unit.
func (b *builder) leaveOutPackages() {
	var usable, others, dirs []string
	for _, u := range b.repo.units {
		dirs = append(dirs, u.dir)
	}
	for _, l := range b.repo.left {
		switch {
		case l.input, b.repo.isMember(l.dir): // the unit may have been found later
		case l.usable:
			usable, dirs = append(usable, l.what), append(dirs, l.dir)
		default:
			others = append(others, l.what)
		}
	}
	if len(usable) > 0 {
		b.Omit(named(usable), setting("crates", "the folders to run Cargo in", dirs), compiling...)
	}
	if len(others) > 0 {
		b.Omit(named(others), "", compiling...)
	}
}

// setting returns the hint of a setting with a list.
func setting(key, what string, values []string) string {
	if len(values) > maxNamed {
		return fmt.Sprintf("%q in [plugins.rust] config names %s", key, what)
	}
	return fmt.Sprintf("[plugins.rust] config = { %s = [%s] }", key, quoted(values))
}

func quoted(values []string) string {
	return `"` + strings.Join(values, `", "`) + `"`
}

// leaveOutMembers names the members of a workspace that the commands do not cover.
func (b *builder) leaveOutMembers(u *unit) {
	covered := u.test.covers(u)
	var names []string
	for _, c := range u.members {
		if !slices.Contains(covered, c) {
			names = append(names, c.name)
		}
	}
	if len(names) == 0 {
		return
	}
	why := "members of the workspace that Cargo by itself leaves out"
	if len(u.runs.test) > 0 {
		why = "members of the workspace that the pipeline leaves out"
	}
	b.Omit(named(names)+" ("+why+")", "[plugins.rust] config = { workspace = true }", compiling...)
}

// leaveOutGated names tests, programs and examples behind features that are off.
func (b *builder) leaveOutGated(u *unit) {
	var tests, programs, examples []gated
	for _, c := range u.members {
		if slices.Contains(u.test.covers(u), c) {
			on := u.test.enabled(u, c)
			tests = append(tests, b.repo.gatedTests(u, c)...)
			examples = append(examples, gatedTargets(c, "example", "example", on)...)
		}
		if slices.Contains(u.built(), c) {
			programs = append(programs, gatedTargets(c, "bin", "program", u.build.enabled(u, c))...)
		}
	}
	b.leaveOutList(u, tests, "test-unit", "tests in ")
	b.leaveOutList(u, examples, "test-unit", "")
	b.leaveOutList(u, programs, "build", "")
}

// leaveOutList names what features leave out of a target.
func (b *builder) leaveOutList(u *unit, list []gated, target, prefix string) {
	var names, features []string
	for _, g := range list {
		names, features = append(names, g.name+g.why()), append(features, g.needs...)
	}
	if len(names) == 0 {
		return
	}
	slices.Sort(features)
	features = slices.Compact(features)
	hint := ""
	switch {
	case len(features) > maxNamed:
		hint = "[plugins.rust] config = { all-features = true }"
	case len(features) > 0:
		hint = setting("features", "features", features)
	}
	b.Omit(prefix+named(names), hint, target)
}

// why returns the reason in parentheses.
func (g gated) why() string {
	switch len(g.needs) {
	case 0:
		return " (needs a feature to be off)"
	case 1:
		return " (needs the feature " + g.needs[0] + ")"
	}
	return " (needs the features " + strings.Join(g.needs, ", ") + ")"
}

// compileHint returns what may help a command of a unit that does not compile, or "": the features that its packages
// refuse to compile without, or all that are off where none is on by default.
func (b *builder) compileHint(u *unit, s selection) string {
	var names []string
	for _, c := range s.covers(u) {
		on := s.enabled(u, c)
		if len(c.features) == 0 {
			continue
		}
		found := b.repo.refusal(c, on)
		if len(found) == 0 && len(on) == 0 {
			found = c.optional(on)
		}
		names = append(names, found...)
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return "if it does not compile without features that are off (" + named(names) + "): features = [\"…\"] or all-features = true in [plugins.rust] config"
}
