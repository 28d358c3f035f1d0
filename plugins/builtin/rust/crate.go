package rust

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A crate is one package.
type crate struct {
	dir     string
	name    string
	edition string
	rust    string // the oldest Rust that can build it
	bins    []bin
	start   string // default-run
	fetches bool   // it has a dependency outside of the repository
	// features are those of the package, each with those that it enables; optional dependencies are among them.
	features map[string][]string
	// asks are the features that it asks for of the packages that it depends on.
	asks     map[string][]string
	manifest map[string]any
}

// A bin is a program of a package.
type bin struct {
	crate *crate
	name  string
	needs []string // features
}

func (r *repo) crate(u *unit, dir string, m map[string]any) *crate {
	c := &crate{dir: dir, name: toml.String(m, "package", "name"), start: toml.String(m, "package", "default-run"),
		features: map[string][]string{}, asks: map[string][]string{}, manifest: m}
	c.edition = inherited(u, m, "edition")
	if c.rust = inherited(u, m, "rust-version"); c.rust == "" {
		c.rust = editions[c.edition]
	}
	needs := map[string][]string{}
	for _, t := range toml.Tables(m, "bin") {
		needs[toml.String(t, "name")] = toml.Strings(t, "required-features")
	}
	for _, name := range r.bins(dir, c.name, m) {
		c.bins = append(c.bins, bin{c, name, needs[name]})
	}
	for name := range toml.Table(m, "features") {
		c.features[name] = toml.Strings(m, "features", name)
	}
	for _, deps := range dependencies(m) {
		c.addDependencies(u, deps)
	}
	return c
}

// inherited returns a string of [package], or of [workspace.package] if the package inherits it.
func inherited(u *unit, m map[string]any, key string) string {
	if toml.Bool(m, "package", key, "workspace") {
		return toml.String(u.manifest, "workspace", "package", key)
	}
	return toml.String(m, "package", key)
}

// dependencies returns the dependency tables of a manifest.
func dependencies(m map[string]any) (tables []map[string]any) {
	kinds := []string{"dependencies", "dev-dependencies", "dev_dependencies", "build-dependencies",
		"build_dependencies"}
	for _, kind := range kinds {
		tables = append(tables, toml.Table(m, kind))
		for _, target := range slices.Sorted(maps.Keys(toml.Table(m, "target"))) {
			tables = append(tables, toml.Table(m, "target", target, kind))
		}
	}
	return tables
}

// addDependencies records the dependencies of one table.
func (c *crate) addDependencies(u *unit, deps map[string]any) {
	for name := range deps {
		from := deps
		if toml.Bool(deps, name, "workspace") {
			from = toml.Table(u.manifest, "workspace", "dependencies")
		}
		c.fetches = c.fetches || toml.String(from, name, "path") == ""
		if toml.Bool(deps, name, "optional") {
			if _, named := c.features[name]; !named {
				c.features[name] = nil
			}
			continue
		}
		of := cmp.Or(toml.String(from, name, "package"), name)
		c.asks[of] = slices.Concat(c.asks[of], toml.Strings(deps, name, "features"), toml.Strings(from, name, "features"))
		if defaults, set := toml.Table(deps, name)["default-features"].(bool); !set || defaults {
			c.asks[of] = append(c.asks[of], "default")
		}
	}
}

// bins returns the names of a package's programs: those in [[bin]], and those that Cargo finds.
func (r *repo) bins(dir, pkg string, m map[string]any) (names []string) {
	found := map[string]string{} // path → name
	if auto, ok := toml.Table(m, "package")["autobins"].(bool); !ok || auto {
		found = r.autoBins(dir, pkg)
	}
	for _, t := range toml.Tables(m, "bin") {
		name, at := toml.String(t, "name"), path.Clean(toml.String(t, "path"))
		maps.DeleteFunc(found, func(file, auto string) bool { return auto == name || file == at })
		names = append(names, name)
	}
	for _, name := range found {
		names = append(names, name)
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		return name == "" || name == ".." || strings.Contains(name, "/") || !sdk.ValidInPlan(name)
	})
	slices.Sort(names)
	return slices.Compact(names)
}

// autoBins returns the programs that Cargo finds: src/main.rs, src/bin/NAME.rs and src/bin/NAME/main.rs.
func (r *repo) autoBins(dir, pkg string) map[string]string {
	found := map[string]string{}
	src := r.project.List(path.Join(dir, "src"))
	if slices.Contains(src, "main.rs") {
		found["src/main.rs"] = pkg
	}
	if !slices.Contains(src, "bin/") {
		return found
	}
	for _, name := range r.project.List(path.Join(dir, "src/bin")) {
		if stem, ok := strings.CutSuffix(name, ".rs"); ok {
			found["src/bin/"+name] = stem
		} else if stem, ok := strings.CutSuffix(name, "/"); ok &&
			r.project.Exists(path.Join(dir, "src/bin", stem, "main.rs")) {
			found["src/bin/"+name+"main.rs"] = stem
		}
	}
	return found
}
