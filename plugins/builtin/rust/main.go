// The rust plugin knows Cargo: a package, a workspace, and packages in folders of a repository that is about more.
//
// It answers with what a Rust programmer would type, and so with Cargo's own verdict: "cargo build" and "cargo test" as they
// are, without --locked, --workspace or "-D warnings" that nobody asked for. Where the root has a Cargo.toml, Cargo is run
// there and nowhere else; packages below that are not of its workspace (fuzz targets, examples) are left alone.
//
// It reads Cargo.toml of the packages that a build covers, to know which programs it leaves in target/debug and whether
// anything has to be fetched. It never runs Cargo and does not resolve dependencies.
//
// Cargo fetches what a command needs by itself. So no step waits for "init", which fetches all.
//
// "package" is the one program, linked statically, alone on a base that has certificates and time zones and no shell. Where
// there are several programs, none is chosen: "bin" in the configuration does.
//
// Its configuration is {"bin": "shop", "ports": [8080], "base": "debian:12-slim", "image": "rust:1.90", "features": ["x"],
// "all-features": true, "workspace": true, "nextest": true, "crates": ["api"]}, each of them optional.
package main

import (
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

func main() { sdk.Main(read) }

func read(p *sdk.Project) (*plan.Plan, error) {
	c, err := configure(p)
	if err != nil {
		return nil, err
	}
	r := &repo{project: p, config: c}
	if err := r.findUnits(); err != nil || len(r.units) == 0 {
		return nil, err
	}
	return answer(r), nil
}

// answer builds the plan, one group of targets after the other.
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
	b.explain()
	b.Decisions = r.decisions
	return b.Plan
}
