package rust

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// An outside collects what manifests name outside of the project, from one package of the project to the
// next.
type outside struct {
	sdk.Outside
	repo  *repo
	seen  map[string]bool // folders of packages and of Cargo's configuration
	names map[string]bool // of the packages that manifests name
	// unnamed is how many folders outside hold packages of which the project does not know the name.
	unnamed int
}

// outside returns the folders outside of the project that its packages are built from.
func (r *repo) outside() *sdk.Outside {
	o := &outside{repo: r, seen: map[string]bool{}, names: map[string]bool{}}
	for _, u := range r.units {
		o.addPackage(u.dir)
		for _, c := range u.members {
			o.addPackage(c.dir)
		}
		for dir := u.dir; ; dir = path.Dir(dir) {
			o.addConfig(dir)
			if dir == "." {
				break
			}
		}
	}
	if o.HasFolders() {
		for _, u := range r.units {
			o.checkLock(path.Join(u.dir, "Cargo.lock"))
		}
	}
	return &o.Outside
}

// addPackage records what the Cargo.toml of a folder names, and follows it to other packages of the project.
func (o *outside) addPackage(dir string) {
	if o.seen[dir] {
		return
	}
	o.seen[dir] = true
	m, err := o.repo.manifest(dir)
	if err != nil {
		return // Cargo itself reports it
	}
	file := path.Join(dir, "Cargo.toml")
	o.names[toml.String(m, "package", "name")] = true
	for _, table := range append(dependencies(m), toml.Table(m, "workspace", "dependencies"),
		toml.Table(m, "replace")) {
		o.addPaths(file, dir, table)
	}
	o.addPatches(file, dir, m)
	o.addSources(file, dir, m)
	for _, glob := range toml.Strings(m, "workspace", "members") {
		o.addMember(file, dir, glob)
	}
	if root := toml.String(m, "package", "workspace"); root != "" && projectPath(dir, root) == "" {
		o.Untracked("%s belongs to the workspace %s", file, root)
	}
}

// addPaths records the folders in a table of dependencies. One without a version may still have been read
// from a registry, so only "path" counts.
func (o *outside) addPaths(file, dir string, table map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(table)) {
		to := toml.String(table, name, "path")
		if to == "" {
			continue
		}
		if renamed := toml.String(table, name, "package"); renamed != "" {
			o.names[renamed] = true
		}
		o.names[name] = true
		o.follow(o.Folder(dir, to, fmt.Sprintf("%s takes %s from %s", file, name, to)))
	}
}

func (o *outside) addPatches(file, dir string, m map[string]any) {
	for _, registry := range slices.Sorted(maps.Keys(toml.Table(m, "patch"))) {
		o.addPaths(file, dir, toml.Table(m, "patch", registry))
	}
}

// follow reads the package of another folder of the project. It may use folders outside in turn.
func (o *outside) follow(dir string) {
	if dir != "" && o.repo.project.Exists(path.Join(dir, "Cargo.toml")) {
		o.addPackage(dir)
	}
}

// addSources records the folders of source files that are not below the package.
func (o *outside) addSources(file, dir string, m map[string]any) {
	sources := []string{toml.String(m, "package", "build"), toml.String(m, "lib", "path")}
	for _, kind := range []string{"bin", "example", "test", "bench"} {
		for _, t := range toml.Tables(m, kind) {
			sources = append(sources, toml.String(t, "path"))
		}
	}
	for _, name := range sources {
		if name != "" {
			o.Folder(dir, path.Dir(name), fmt.Sprintf("%s builds %s", file, name))
		}
	}
}

// addMember records a member of the workspace. Of a glob, the folder before it covers all members.
func (o *outside) addMember(file, dir, glob string) {
	base := glob
	for strings.ContainsAny(base, "*?[") {
		base = path.Dir(base)
	}
	if projectPath(dir, base) == "" {
		o.unnamed++
		o.Folder(dir, base, fmt.Sprintf("%s has the member %s", file, glob))
	}
}

// addConfig records the folders that Cargo's configuration in a folder names. Cargo reads paths in it as seen
// from the folder that holds ".cargo".
func (o *outside) addConfig(dir string) {
	m, file := o.repo.cargoConfig(dir), path.Join(dir, ".cargo/config.toml")
	if m == nil || o.seen[file] {
		return
	}
	o.seen[file] = true
	for _, to := range toml.Strings(m, "paths") {
		o.unnamed++
		o.Folder(dir, to, fmt.Sprintf("%s overrides packages by %s", file, to))
	}
	for _, source := range slices.Sorted(maps.Keys(toml.Table(m, "source"))) {
		for _, key := range []string{"directory", "local-registry"} {
			if to := toml.String(m, "source", source, key); to != "" {
				o.Folder(dir, to, fmt.Sprintf("%s takes packages from %s", file, to))
			}
		}
	}
	for _, to := range toml.Strings(m, "include") {
		o.File(path.Join(dir, ".cargo"), to, fmt.Sprintf("%s includes %s", file, to))
	}
	o.addPatches(file, dir, m)
}

// checkLock looks for packages in folders that no manifest of the project names, but a package outside of it
// does: davit cannot read the manifest there. Cargo.lock has no "source" for a package of a folder.
func (o *outside) checkLock(file string) {
	text, ok := o.repo.project.Read(file)
	if !ok {
		o.Untracked("without a %s, packages outside of the project may use others there", file)
		return
	}
	unknown := slices.DeleteFunc(lockedFolders(text), func(name string) bool { return o.names[name] })
	if len(unknown) > o.unnamed {
		o.Untracked("%s has %s, which packages outside of the project bring", file, strings.Join(unknown, ", "))
	}
}

// lockedFolders returns the names of the packages in a Cargo.lock that come from folders.
func lockedFolders(text string) (names []string) {
	for _, block := range strings.Split(text, "[[package]]")[1:] {
		if strings.Contains(block, "\nsource = ") {
			continue
		}
		_, name, _ := strings.Cut(block, "name = \"")
		name, _, _ = strings.Cut(name, `"`)
		names = append(names, name)
	}
	return names
}
