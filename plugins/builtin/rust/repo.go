package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// A repo is a repository with the units to run Cargo in, and the decisions that led to them.
type repo struct {
	project   *sdk.Project
	config    *config
	units     []*unit
	decisions sdk.Decisions
	chosen    *toolchain // that all units pin; nil before it is looked for
}

// depth is how many folders down packages are looked for if the root has none.
const depth = 3

// findUnits finds the folders to run Cargo in. A fault in the Cargo.toml of the root is an error. One below
// may be a template and is skipped.
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

// unitDirs returns the configured folders, else the root, else the uppermost folders with a Cargo.toml.
func (r *repo) unitDirs() (dirs []string) {
	if len(r.config.Crates) > 0 {
		return r.config.Crates
	}
	if r.project.Exists("Cargo.toml") {
		return []string{"."}
	}
	found := r.project.Find(depth, func(name string) bool { return path.Base(name) == "Cargo.toml" })
	slices.SortStableFunc(found, func(a, b string) int {
		return strings.Count(a, "/") - strings.Count(b,
			"/")
	})
	var skipped []string
	for _, file := range found {
		switch dir := path.Dir(file); {
		case invalidInPlan(dir), slices.ContainsFunc(dirs,
			func(up string) bool { return strings.HasPrefix(dir, up+"/") }):
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
		r.decisions.Add(
			"examples, benchmarks and fuzz targets are left out (%s); \"crates\" in the configuration names others",
			strings.Join(skipped, ", "))
	}
	return dirs
}

// excluded are the folders, besides examples and benchmarks, whose packages are not taken for the project
// itself.
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

// cargo returns the tool of most steps. Cargo itself refuses a package that requires a newer Rust. The newest
// Rust builds older packages, so one image serves all but those that pin a toolchain.
func (r *repo) cargo() plan.Tool {
	t := r.pinTool(plan.Tool{Check: []string{"cargo", "--version"}, Image: sdk.RustImage,
		Install: "see https://rustup.rs"})
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
