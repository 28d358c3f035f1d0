package rust

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// memberDirs returns the folders of a workspace's members, without the root, as cargo metadata finds them: those that
// "members" names, and the packages inside of the workspace that members take from a folder, and so on.
// https://doc.rust-lang.org/cargo/reference/workspaces.html#the-members-and-exclude-fields
func (r *repo) memberDirs(u *unit) (dirs []string) {
	var queue []string
	for _, glob := range toml.Strings(u.manifest, "workspace", "members") {
		queue = append(queue, r.expand(u.dir, glob)...)
	}
	if u.workspace && toml.Has(u.manifest, "package") {
		queue = append(queue, r.pathDependencies(u, u.dir, u.manifest)...)
	}
	for seen := map[string]bool{u.dir: true}; len(queue) > 0; queue = queue[1:] {
		dir := queue[0]
		if seen[dir] || u.excludes(dir) {
			continue
		}
		seen[dir] = true
		dirs = append(dirs, dir)
		if m, err := r.manifest(dir); err == nil {
			queue = append(queue, r.pathDependencies(u, dir, m)...)
		}
	}
	return dirs
}

// excludes reports whether "exclude" of a workspace names a folder or one above it, and "members" does not name it
// itself.
func (u *unit) excludes(dir string) bool {
	covers := func(name string) bool { return sdk.Inside(dir, path.Join(u.dir, name)) }
	return slices.ContainsFunc(toml.Strings(u.manifest, "workspace", "exclude"), covers) &&
		!slices.ContainsFunc(toml.Strings(u.manifest, "workspace", "members"), covers)
}

// pathDependencies returns the folders inside of a workspace that a package takes others from.
func (r *repo) pathDependencies(u *unit, dir string, m map[string]any) (dirs []string) {
	for _, table := range dependencies(m) {
		for _, name := range slices.Sorted(maps.Keys(table)) {
			from, to := dir, toml.String(table, name, "path")
			if toml.Bool(table, name, "workspace") {
				from, to = u.dir, toml.String(u.manifest, "workspace", "dependencies", name, "path")
			}
			full := projectPath(from, to)
			if to != "" && full != "" && sdk.Inside(full, u.dir) && r.project.Exists(path.Join(full, "Cargo.toml")) &&
				!strings.HasPrefix(full, path.Join(u.dir, "target")+"/") {
				dirs = append(dirs, full)
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
		slices.Sort(next) // "**/**" finds a folder more than once
		dirs = slices.Compact(next)
	}
	return slices.DeleteFunc(dirs, func(d string) bool {
		return projectPath(".", d) == "" || !r.project.Exists(path.Join(d, "Cargo.toml"))
	})
}

func (r *repo) matching(dir, part string) (dirs []string) {
	if part == "**" {
		return r.below(dir, maxBelow)
	}
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

// maxBelow is how many folders down "**" looks.
const maxBelow = 6

// below returns a folder and those below it, without hidden and foreign ones.
func (r *repo) below(dir string, depth int) (dirs []string) {
	dirs = append(dirs, dir)
	for _, name := range r.project.List(dir) {
		if folder, ok := strings.CutSuffix(name, "/"); ok && depth > 0 && !sdk.Foreign(folder) {
			dirs = append(dirs, r.below(path.Join(dir, folder), depth-1)...)
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

// hasDefaultMembers reports whether a workspace says itself what Cargo covers.
func (u *unit) hasDefaultMembers() bool { return toml.Has(u.manifest, "workspace", "default-members") }
