package rust

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A gated is something of a package that Cargo leaves out because of features.
type gated struct {
	name  string   // "tests/tide.rs", "the program tide"
	needs []string // the features that are off; none: it is compiled without a feature only
}

// missing returns those of the required features of a target that are off. One of a dependency counts as on.
func missing(required []string, c *crate, on map[string]bool) (names []string) {
	for _, name := range required {
		if _, known := c.features[name]; known && !on[name] {
			names = append(names, name)
		}
	}
	return names
}

// gatedTests returns the tests of a package that its features leave out of a test of the unit.
func (r *repo) gatedTests(u *unit, c *crate) (all []gated) {
	on := u.test.enabled(u, c)
	if len(c.features) == 0 {
		return nil
	}
	listed := map[string]bool{}
	for _, t := range toml.Tables(c.manifest, "test") {
		file := c.file(toml.String(t, "path"), path.Join("tests", toml.String(t, "name")+".rs"))
		if needs := missing(toml.Strings(t, "required-features"), c, on); len(needs) > 0 {
			all, listed[file] = append(all, gated{file, needs}), true
		}
	}
	roots := r.roots(c)
	conditions := moduleConditions(roots)
	for _, s := range slices.Concat(roots, r.testFiles(c), r.modulesOff(conditions, on)) {
		if needs, out := s.omitted(conditions, on); out && !listed[s.name] {
			all = append(all, gated{s.name, needs})
		}
	}
	return all
}

// file returns the path in the project of a file of a package: the one that the manifest names, or the usual one.
func (c *crate) file(named, usual string) string {
	if named == "" {
		named = usual
	}
	return path.Join(c.dir, named)
}

// gatedTargets returns the targets of a kind, "bin" or "example", that features leave out.
func gatedTargets(c *crate, kind, word string, on map[string]bool) (all []gated) {
	for _, t := range toml.Tables(c.manifest, kind) {
		if needs := missing(toml.Strings(t, "required-features"), c, on); len(needs) > 0 {
			all = append(all, gated{"the " + word + " " + toml.String(t, "name"), needs})
		}
	}
	return all
}

// rootHead is how many bytes of a crate's root are read: its modules and what it refuses stand at its beginning. Each
// byte that is read makes an edit plan anew, and takes its time without a compiler.
const rootHead = 16 << 10

// roots returns the roots of the crates of a package, as far as they are read.
func (r *repo) roots(c *crate) []*source {
	if known, ok := r.read[c]; ok {
		return known
	}
	var all []*source
	for _, name := range []string{"src/lib.rs", "src/main.rs"} {
		if text := r.project.Head(path.Join(c.dir, name), rootHead); text != "" {
			all = append(all, parseSource(path.Join(c.dir, name), text))
		}
	}
	r.read[c] = all
	return all
}

// testHead is how many bytes of a file of tests are read, for the condition of all of it: #![cfg(…)].
const testHead = 4 << 10

// maxTestFiles is how many files of tests are read, in all packages of a project.
const maxTestFiles = 300

// testFiles returns the files of tests of a package, with the conditions of the whole files.
func (r *repo) testFiles(c *crate) (all []*source) {
	dir := path.Join(c.dir, "tests")
	for _, name := range r.project.List(dir) {
		file := path.Join(dir, name)
		if strings.HasSuffix(name, "/") {
			file = path.Join(file, "main.rs")
		}
		if !strings.HasSuffix(file, ".rs") {
			continue
		}
		if r.testsRead++; r.testsRead > maxTestFiles {
			break
		}
		if text := r.project.Head(file, testHead); strings.Contains(text, "#![cfg(") {
			s := parseSource(file, text)
			all = append(all, &source{name: s.name, whole: s.whole, hasTests: true})
		}
	}
	return all
}

// modulesOff returns the files of the modules that are off, to see whether they have tests.
func (r *repo) modulesOff(modules map[string][]predicate, on map[string]bool) (all []*source) {
	for _, module := range slices.Sorted(maps.Keys(modules)) {
		if (predicate{op: "all", operands: modules[module]}).eval(on) != off {
			continue
		}
		names := []string{module + ".rs"}
		for _, dir := range r.below(module, maxBelow) {
			for _, name := range r.project.List(dir) {
				names = append(names, path.Join(dir, name))
			}
		}
		for _, name := range names {
			if text, ok := r.project.Read(name); ok && strings.HasSuffix(name, ".rs") && hasTest(text) {
				all = append(all, &source{name: name, hasTests: true})
			}
		}
	}
	return all
}

// moduleConditions returns the conditions of modules that are files, by their path without ".rs".
func moduleConditions(sources []*source) map[string][]predicate {
	all := map[string][]predicate{}
	for _, s := range sources {
		for name, conditions := range s.modules {
			all[path.Join(moduleFolder(s.name), name)] = conditions
		}
	}
	return all
}

// omitted reports whether features leave out the tests of a file, or some of them, and which features they need.
func (s *source) omitted(modules map[string][]predicate, on map[string]bool) (needs []string, out bool) {
	if !s.hasTests {
		return nil, false
	}
	above := slices.Clone(s.whole)
	for module, conditions := range modules {
		if sdk.Inside(strings.TrimSuffix(s.name, ".rs"), module) {
			above = append(above, conditions...)
		}
	}
	for _, conditions := range append([][]predicate{above}, s.tests...) {
		if v := (predicate{op: "all", operands: append(slices.Clone(conditions), above...)}); v.eval(on) == off {
			needs, out = append(needs, v.wanted(on)...), true
		}
	}
	slices.Sort(needs)
	return slices.Compact(needs), out
}

// refusal returns the features of which a package needs one in order to compile, as its compile_error! says.
func (r *repo) refusal(c *crate, on map[string]bool) (names []string) {
	for _, s := range r.roots(c) {
		for _, conditions := range s.refuses {
			if (predicate{op: "all", operands: conditions}).eval(on) == holds {
				for _, p := range conditions {
					names = append(names, p.negative()...)
				}
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// negative returns the features that a condition names behind "not".
func (p predicate) negative() (names []string) {
	if p.op == "not" {
		for _, o := range p.operands {
			names = append(names, o.wanted(nil)...)
		}
		return names
	}
	for _, o := range p.operands {
		names = append(names, o.negative()...)
	}
	return names
}

// optional returns the features of a package that are off, sorted.
func (c *crate) optional(on map[string]bool) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(c.features)) {
		if !on[name] && name != "default" {
			names = append(names, name)
		}
	}
	return names
}
