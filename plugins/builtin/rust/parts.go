package rust

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A leftPackage is a package of the project that no unit covers.
type leftPackage struct {
	dir, what string
	usable    bool // Cargo could run there
	input     bool // of a test, or a template: no part of the project
}

// leave records a package that is left out.
func (r *repo) leave(dir, format string, args ...any) {
	r.left = append(r.left, leftPackage{dir: dir, what: fmt.Sprintf(format, args...)})
}

// leaveUsable records a package that is left out and that "crates" could name.
func (r *repo) leaveUsable(dir, why string) {
	r.left = append(r.left, leftPackage{dir: dir, what: dir + " (" + why + ")", usable: true})
}

// depth is how many folders down packages are looked for.
const depth = 5

// manifestDirs returns the folders with a Cargo.toml, upper ones first.
func (r *repo) manifestDirs() (dirs []string) {
	for _, file := range r.project.Find(depth, func(name string) bool { return path.Base(name) == "Cargo.toml" }) {
		if dir := path.Dir(file); sdk.ValidInPlan(dir) {
			dirs = append(dirs, dir)
		}
	}
	slices.SortStableFunc(dirs, func(a, b string) int { return sdk.Level(a) - sdk.Level(b) })
	return dirs
}

// excluded are the folders, besides examples and benchmarks, whose packages are not taken for the project
// itself.
var excluded = []string{"bench", "benches", "fuzz"}

// inputs are the folders whose packages are read by tests, or copied.
var inputs = []string{"test", "tests", "test-data", "test_data", "testsuite", "fixtures", "template", "templates", "snapshots", "corpus"}

// isPart reports whether the package of a folder makes a unit: it is no member of another one, and it is a part of the
// project that the project itself compiles. Without a pipeline that checks the project, that is any but examples,
// benchmarks, fuzz targets and the inputs of tests.
func (r *repo) isPart(dir string) bool {
	switch above := r.unitAbove(dir); {
	case r.isMember(dir):
		return false
	case r.enters(dir):
		return true
	case within(dir, inputs):
		r.left = append(r.left, leftPackage{dir: dir, usable: true, input: true})
		return false
	case sdk.Auxiliary(dir, excluded...):
		r.leaveUsable(dir, auxiliaryKind(dir))
		return false
	case above != nil && !r.standsAlone(above, dir):
		r.leave(dir, "%s (no member of the workspace, so that Cargo refuses it)", dir)
		return false
	case above != nil && r.checksRust():
		r.leaveUsable(dir, "a package of its own, which the pipeline does not compile")
		return false
	}
	return true
}

func within(dir string, names []string) bool {
	return slices.ContainsFunc(strings.Split(dir, "/"), func(name string) bool { return slices.Contains(names, name) })
}

// auxiliaryKind says what a package that is not the project itself is for.
func auxiliaryKind(dir string) string {
	switch {
	case within(dir, []string{"fuzz"}):
		return "fuzz targets, which need a nightly Rust"
	case within(dir, []string{"example", "examples"}):
		return "an example"
	}
	return "benchmarks"
}

// unitAbove returns the unit that the folder of a package is in, or nil.
func (r *repo) unitAbove(dir string) (found *unit) {
	for _, u := range r.units {
		if sdk.Inside(dir, u.dir) {
			found = u
		}
	}
	return found
}

func (r *repo) isMember(dir string) bool {
	return slices.ContainsFunc(r.units, func(u *unit) bool {
		return slices.ContainsFunc(u.members, func(c *crate) bool { return c.dir == dir })
	})
}

// isMemberOfOther reports whether another unit, whose members may be beside it, has the package of a unit.
func (r *repo) isMemberOfOther(u *unit) bool {
	return slices.ContainsFunc(r.units, func(o *unit) bool {
		return o != u && o.dir != u.dir && slices.ContainsFunc(o.members, func(c *crate) bool { return c.dir == u.dir })
	})
}

// standsAlone reports whether Cargo takes a package below a unit for one of its own: it has a workspace itself, or the
// one above excludes it, or is none.
func (r *repo) standsAlone(above *unit, dir string) bool {
	m, err := r.manifest(dir)
	return err != nil || toml.Has(m, "workspace") || !above.workspace || above.excludes(dir)
}

// takeAuxiliary opens the examples, benchmarks and fuzz targets of a repository that has nothing else.
func (r *repo) takeAuxiliary() {
	if len(r.units) > 0 {
		return
	}
	left := r.left
	r.left = nil
	for _, l := range left {
		if !l.usable || r.isMember(l.dir) {
			r.left = append(r.left, l)
			continue
		}
		u, err := r.open(l.dir)
		if err != nil {
			r.leave(l.dir, "%s (%v)", l.dir, err)
			continue
		}
		r.units = append(r.units, u)
	}
}
