package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// repo is what the plugin found: the places to run Cargo in, and what it decided.
type repo struct {
	project   *sdk.Project
	config    *config
	units     []*unit
	decisions sdk.Decisions
}

// depth is how many folders down a package is looked for, where the root has none.
const depth = 3

// findUnits finds the places to run Cargo in. The first fault in a Cargo.toml at the root is the user's; below, it may be a
// template, which is left out.
func (r *repo) findUnits() error {
	for _, dir := range r.unitDirs() {
		u, err := r.open(dir)
		if err != nil && (dir == "." || len(r.config.Crates) > 0) {
			return err
		}
		if err != nil {
			r.decisions.Add("%s is left out: %v", dir, err)
			continue
		}
		r.units = append(r.units, u)
	}
	if r.config.Bin != "" && len(r.programsWith(func(b bin) bool { return b.name == r.config.Bin })) == 0 {
		return fmt.Errorf("[plugins.rust] config: \"bin\" is %q, which no package makes", r.config.Bin)
	}
	return nil
}

// unitDirs are the configured folders, else the root, else the uppermost folders with a Cargo.toml.
func (r *repo) unitDirs() (dirs []string) {
	if len(r.config.Crates) > 0 {
		return r.config.Crates
	}
	if r.project.Exists("Cargo.toml") {
		return []string{"."}
	}
	found := r.project.Find(depth, func(name string) bool { return path.Base(name) == "Cargo.toml" })
	slices.SortStableFunc(found, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") })
	var skipped []string
	for _, file := range found {
		switch dir := path.Dir(file); {
		case invalidInPlan(dir), slices.ContainsFunc(dirs, func(up string) bool { return strings.HasPrefix(dir, up+"/") }):
		case sdk.Auxiliary(dir, excluded...):
			skipped = append(skipped, dir)
		default:
			dirs = append(dirs, dir)
		}
	}
	if len(dirs) == 0 {
		return skipped
	}
	if len(skipped) > 0 {
		r.decisions.Add("examples, benchmarks and fuzz targets are left out (%s); \"crates\" in the configuration names others", strings.Join(skipped, ", "))
	}
	return dirs
}

// excluded are the folders, besides examples and benchmarks, whose packages are not taken for the project itself.
var excluded = []string{"benches", "fuzz", "fixtures"}

func (r *repo) summary() string {
	if len(r.units) > 1 {
		return fmt.Sprintf("%d Rust packages", len(r.units))
	}
	u := r.units[0]
	if n := len(u.members); u.workspace && n != 1 {
		return fmt.Sprintf("Rust workspace of %d packages", n)
	}
	c := u.members[0]
	if c.edition == "" {
		return "Rust package " + c.name
	}
	return fmt.Sprintf("Rust package %s (edition %s)", c.name, c.edition)
}

// cargo is the tool that all steps but a few need. Cargo itself refuses a package that wants a newer Rust. The newest Rust builds
// what an older one did, so its image serves all but those that pin a toolchain.
func (r *repo) cargo() plan.Tool {
	t := plan.Tool{Check: []string{"cargo", "--version"}, Image: sdk.RustImage, Install: "see https://rustup.rs"}
	oldest := ""
	for _, u := range r.units {
		for _, c := range u.built(r.config) {
			if c.rust != "" && (oldest == "" || sdk.CompareVersions(c.rust, oldest) > 0) {
				oldest = c.rust
			}
		}
	}
	if oldest != "" {
		t.Version = ">=" + oldest
	}
	if image := r.toolchainImage(); image != "" {
		t.Image = image
	}
	if r.config.Image != "" {
		t.Image = r.config.Image
	}
	return t
}
