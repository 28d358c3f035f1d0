// Package rust is the davit plugin for Cargo: a package, a workspace, and packages in folders of a larger
// repository.
//
// It plans the commands that a Rust programmer would type, over all packages of a workspace. Which features, packages
// and lints they have, and whether clippy is part of style, is what the pipelines of the project say; without one, it is
// Cargo's default. Checks have --locked if the project keeps its Cargo.lock, since they must not change it.
//
// A package that is no member of a workspace above it is a part of the project of its own. Examples, benchmarks that are
// packages, fuzz targets (which need a nightly Rust), packages that the pipeline does not compile, and tests, programs
// and examples behind features that are off, are named as left out. Packages below tests, fixtures and templates are read
// by tests, or copied.
//
// The programs of "cargo build" are left where the configuration of Cargo in the project says, or in
// target/debug. A plugin does not see variables such as CARGO_TARGET_DIR, nor configuration outside of the
// project, so the step copies each program there from where Cargo says that it is.
//
// The plugin reads the Cargo.toml of the packages, to find the programs in target/debug and whether there is anything to
// fetch, and the heads of crates and of files of tests, to find tests behind features. It never runs Cargo and does not resolve
// dependencies.
//
// Every cargo command fetches what it needs. So no step needs "init", which fetches all.
//
// "package" is the one program, linked statically, on a base that has only certificates and time zones. If
// there are several programs, "bin" in the configuration has to choose one.
//
// Its configuration is {"bin": "shop", "ports": [8080], "base": "debian:12-slim", "image": "rust:1.90",
// "features": ["x"], "all-features": true, "no-default-features": true, "workspace": true, "clippy": true, "nextest": true,
// "crates": ["api"]}, each of them optional.
package rust

import (
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// Read plans the packages of the project.
func Read(p *sdk.Project) (*plan.Plan, error) {
	c, err := configure(p)
	if err != nil {
		return nil, err
	}
	r := &repo{project: p, config: c, read: map[*crate][]*source{}}
	if err := r.findUnits(); err != nil || len(r.units) == 0 {
		return nil, err
	}
	return answer(r), nil
}

// answer returns the plan. It adds one group of targets after the other.
func answer(r *repo) *plan.Plan {
	b := &builder{repo: r, Builder: sdk.NewBuilder("rust", r.summary())}
	b.Tools["cargo"] = r.cargo()
	for _, u := range r.units {
		b.fetch(u)
		b.build(u)
		b.test(u)
		b.style(u)
		b.checks(u)
		b.maintain(u)
	}
	b.run()
	b.image()
	b.omit()
	b.explain()
	b.Decisions = r.decisions
	r.outside().Apply(b.Plan)
	return b.Plan
}
