package main

import (
	"path"
	"slices"

	"github.com/davit-dev/davit/plugins/plan"
)

// fetch downloads the dependencies. They are stored outside of the project, where davit cannot see whether
// all are there, so the step always runs Cargo.
func (b *builder) fetch(u *unit) {
	if !slices.ContainsFunc(u.members, func(c *crate) bool { return c.fetches }) {
		return
	}
	s := command(append([]string{"cargo", "fetch"}, b.pinned(u)...)...)
	s.NoCache = true
	b.add(u, "init", "fetch", s)
}

// build runs "cargo build". A step with programs also copies each to the folder that the plan names, if Cargo
// builds elsewhere.
func (b *builder) build(u *unit) {
	s := b.cargo("build")
	if u.debug == "" {
		s.NoCache, s.NoCacheWhy = true, "Cargo's configuration compiles for several targets"
	}
	if programs := b.repo.outputs(u); len(programs) > 0 {
		s = plan.Step{Script: b.repo.buildScript(u, s.Argv, programs), Outputs: programs}
	}
	if b.repo.ignores(u) {
		s.Outputs = append(s.Outputs, path.Join(u.target, ".gitignore"))
	}
	b.add(u, "build", "build", s)
	if covered := len(u.built(b.repo.config)); covered < len(u.members) {
		b.repo.decisions.Add(
			"Cargo by itself covers %d of the %d packages of the workspace; workspace = true in the configuration covers all",
			covered, len(u.members))
	}
}

// test runs all tests. Cargo's integration tests (tests/) are part of them, because most need no services.
func (b *builder) test(u *unit) {
	if b.repo.config.Nextest {
		s := b.subcommand("nextest", b.check(u, "nextest", "run"))
		doc := b.check(u, "test", "--doc")
		doc.Reports = []plan.Report{{Format: "libtest", Stdout: true}}
		s.TestRunner = plan.RunnerNextest
		b.add(u, "test-unit", "doctest", doc)
		b.add(u, "test-unit", "test-unit", s)
		return
	}
	if b.repo.project.Exists(path.Join(u.dir, ".config/nextest.toml")) {
		b.repo.decisions.Add(
			"cargo test runs the tests, examples in comments too; nextest = true in the configuration takes cargo-nextest")
	}
	s := b.check(u, "test")
	s.Reports = []plan.Report{{Format: "libtest", Stdout: true}}
	b.add(u, "test-unit", "test-unit", s)
}

// style checks the format and runs clippy, in parallel.
func (b *builder) style(u *unit) {
	b.add(u, "style", "format-check", b.subcommand("fmt", command("cargo", "fmt", "--check")))
	b.add(u, "style", "clippy", b.subcommand("clippy", b.check(u, "clippy", "--all-targets")))
	b.add(u, "format", "format", b.subcommand("fmt", command("cargo", "fmt")))
}

func (b *builder) maintain(u *unit) {
	b.clean(u)
	b.add(u, "upgrade", "upgrade", command("cargo", "update"))
}
