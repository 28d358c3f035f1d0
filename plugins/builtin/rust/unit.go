package rust

import (
	"fmt"
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A unit is a folder to run Cargo in: a workspace or a single package.
type unit struct {
	dir       string
	workspace bool
	members   []*crate // the root package first, if there is one
	defaults  []*crate // those that Cargo builds by default
	target    string   // the folder in the project that Cargo builds in, or that its programs are copied to
	debug     string   // the folder of the programs in it; "" if there may be several
	outside   bool     // Cargo's configuration in the project names a folder outside of it
	shared    bool     // the folder is that of the root, since git would not ignore one of its own
	manifest  map[string]any

	build, test, clippy selection
	runs                pipelineRuns
	embeds              []string // the files and folders that its programs have inside, as far as others may make them
}

// built returns the packages that "cargo build" covers.
func (u *unit) built() []*crate { return u.build.covers(u) }

// open reads the Cargo.toml of a folder and those of its workspace members.
func (r *repo) open(dir string) (*unit, error) {
	u := &unit{dir: dir}
	var err error
	if u.manifest, err = r.manifest(dir); err != nil {
		return nil, err
	}
	u.workspace = toml.Has(u.manifest, "workspace")
	if toml.Has(u.manifest, "package") {
		u.members = append(u.members, r.crate(u, dir, u.manifest))
	}
	for _, member := range r.memberDirs(u) {
		m, err := r.manifest(member)
		if err != nil {
			return nil, err
		}
		u.members = append(u.members, r.crate(u, member, m))
	}
	if len(u.members) == 0 {
		return nil, fmt.Errorf("%s has neither a package nor members of a workspace",
			path.Join(dir, "Cargo.toml"))
	}
	u.defaults = r.defaultMembers(u)
	u.embeds = r.embeds(u)
	r.choose(u)
	r.findTarget(u)
	return u, nil
}

func (r *repo) manifest(dir string) (map[string]any, error) {
	name := path.Join(dir, "Cargo.toml")
	text, _ := r.project.Read(name)
	m, err := toml.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if sdk.IsTemplate(toml.String(m, "package", "name")) {
		return nil, fmt.Errorf("%s is a template", name)
	}
	return m, nil
}

// findTarget sets the folder that Cargo builds in, and the folder in it with the programs of "cargo build".
// Cargo's configuration, in the package's folder or above it, can change both; the nearest one counts.
func (r *repo) findTarget(u *unit) {
	u.target = path.Join(u.dir, "target")
	triples, moved := []string(nil), false
	for dir := u.dir; ; dir = path.Dir(dir) {
		m := r.cargoConfig(dir)
		if to := toml.String(m, "build", "target-dir"); to != "" && !moved {
			u.moveTarget(projectPath(dir, to))
			moved = true
		}
		if triples == nil {
			triples = configuredTargets(m)
		}
		if dir == "." {
			break
		}
	}
	if root := r.unitOf("."); !moved && root != nil && !r.ignored(u.target+"/") && r.ignored(root.target+"/") {
		u.target, u.shared = root.target, true
	}
	if len(triples) <= 1 {
		u.debug = path.Join(u.target, folderOf(triples), "debug")
	}
}

// unitOf returns the unit of a folder, or nil.
func (r *repo) unitOf(dir string) *unit {
	for _, u := range r.units {
		if u.dir == dir {
			return u
		}
	}
	return nil
}

// moveTarget sets the folder that Cargo builds in. A folder outside of the project is "", and the default one
// then has copies of the programs.
func (u *unit) moveTarget(to string) {
	if u.outside = to == ""; !u.outside {
		u.target = to
	}
}

// configuredTargets returns the targets that a configuration of Cargo compiles for, which is one or a list.
func configuredTargets(m map[string]any) []string {
	if one := toml.String(m, "build", "target"); one != "" {
		return []string{one}
	}
	return toml.Strings(m, "build", "target")
}

// folderOf returns the folder of a target below the one that Cargo builds in. For a target of a file, which
// has a name that no plan could have, the programs are copied to where they are without a target.
func folderOf(triples []string) string {
	if len(triples) == 0 || strings.ContainsAny(triples[0], "/.") || !sdk.ValidInPlan(triples[0]) {
		return ""
	}
	return triples[0]
}

// cargoConfig returns Cargo's configuration in a folder. Cargo itself reports faults in it.
func (r *repo) cargoConfig(dir string) map[string]any {
	for _, name := range []string{".cargo/config", ".cargo/config.toml"} {
		if text, ok := r.project.Read(path.Join(dir, name)); ok {
			m, _ := toml.Parse(text)
			return m
		}
	}
	return nil
}

// projectPath returns a path as seen from a folder, or "" if it is outside of the project or invalid in a
// plan.
func projectPath(dir, to string) string {
	full := path.Join(dir, to)
	if path.IsAbs(to) || full == ".." || strings.HasPrefix(full, "../") || !sdk.ValidInPlan(full) {
		return ""
	}
	return full
}
