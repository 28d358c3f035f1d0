package main

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A unit is a folder to run Cargo in: a workspace or a single package.
type unit struct {
	dir       string
	workspace bool
	members   []*crate // the root package first, if there is one
	defaults  []*crate // those that Cargo builds by default
	target    string   // the folder that Cargo builds in; "" if it is not in the project
	debug     string   // the folder of the programs in it; "" if it is not known
	manifest  map[string]any
}

// built returns the packages that a command covers.
func (u *unit) built(c *config) []*crate {
	if c.Workspace {
		return u.members
	}
	return u.defaults
}

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
	u.target, u.debug = r.targetDir(dir)
	return u, nil
}

func (r *repo) manifest(dir string) (map[string]any, error) {
	name := path.Join(dir, "Cargo.toml")
	text, _ := r.project.Read(name)
	m, err := toml.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

// memberDirs returns the folders of a workspace's members, without the root.
func (r *repo) memberDirs(u *unit) (dirs []string) {
	exclude := toml.Strings(u.manifest, "workspace", "exclude")
	for _, glob := range toml.Strings(u.manifest, "workspace", "members") {
		for _, dir := range r.expand(u.dir, glob) {
			excluded := slices.ContainsFunc(exclude,
				func(e string) bool { return path.Join(u.dir, e) == dir })
			if !excluded && dir != u.dir && !slices.Contains(dirs, dir) {
				dirs = append(dirs, dir)
			}
		}
	}
	return dirs
}

// expand returns the folders with a Cargo.toml that match a glob such as "crates/*".
func (r *repo) expand(dir, glob string) []string {
	dirs := []string{dir}
	if projectPath(dir, glob) == "" {
		return nil
	}
	for part := range strings.SplitSeq(path.Clean(glob), "/") {
		var next []string
		for _, d := range dirs {
			next = append(next, r.matching(d, part)...)
		}
		dirs = next
	}
	return slices.DeleteFunc(dirs, func(d string) bool {
		return projectPath(".", d) == "" || !r.project.Exists(path.Join(d, "Cargo.toml"))
	})
}

func (r *repo) matching(dir, part string) (dirs []string) {
	if !strings.ContainsAny(part, `*?[`) {
		return []string{path.Join(dir, part)}
	}
	for _, name := range r.project.List(dir) {
		folder, ok := strings.CutSuffix(name, "/")
		if hit, _ := path.Match(part, folder); ok && hit {
			dirs = append(dirs, path.Join(dir, folder))
		}
	}
	return dirs
}

// defaultMembers returns the members that "default-members" lists, else the root package, else all.
func (r *repo) defaultMembers(u *unit) []*crate {
	var dirs []string
	for _, glob := range toml.Strings(u.manifest, "workspace", "default-members") {
		dirs = append(dirs, r.expand(u.dir, glob)...)
	}
	if len(dirs) == 0 && toml.Has(u.manifest, "package") {
		dirs = []string{u.dir}
	}
	var out []*crate
	for _, c := range u.members {
		if len(dirs) == 0 || slices.Contains(dirs, c.dir) {
			out = append(out, c)
		}
	}
	return out
}

// targetDir returns the folder that Cargo builds in, and the folder in it with the programs of "cargo build".
// Cargo's configuration, in the package's folder or above it, can change both; the nearest one counts.
func (r *repo) targetDir(unit string) (target, debug string) {
	target, triple := path.Join(unit, "target"), ""
	var moved, crossed bool
	for dir := unit; ; dir = path.Dir(dir) {
		m := r.cargoConfig(dir)
		if to := toml.String(m, "build", "target-dir"); to != "" && !moved {
			target, moved = projectPath(dir, to), true
		}
		if toml.Has(m, "build", "target") && !crossed {
			triple, crossed = toml.String(m, "build", "target"), true
		}
		if dir == "." {
			break
		}
	}
	if target == "" || crossed && (triple == "" || strings.ContainsAny(triple, "/.") ||
		invalidInPlan(triple)) {
		return target, ""
	}
	return target, path.Join(target, triple, "debug")
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
	if path.IsAbs(to) || full == ".." || strings.HasPrefix(full, "../") || invalidInPlan(full) {
		return ""
	}
	return full
}

// invalidInPlan reports whether a name has what no path of a plan may have: a drive, a backslash or a control
// character.
func invalidInPlan(name string) bool {
	return strings.ContainsAny(name, `\:`) || strings.ContainsFunc(name, unicode.IsControl)
}
