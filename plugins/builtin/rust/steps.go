package main

import (
	"path"
	"slices"

	"github.com/davit-dev/davit/plugins/plan"
)

// fetch gets the dependencies. They go to a folder outside of the project, where davit cannot see whether all are there, so
// Cargo is asked each time.
func (b *builder) fetch(u *unit) {
	if !slices.ContainsFunc(u.members, func(c *crate) bool { return c.fetches }) {
		return
	}
	s := bare("cargo", "fetch")
	s.NoCache = true
	b.add(u, "init", "fetch", s)
}

func (b *builder) build(u *unit) {
	s := b.cargo("build")
	for _, c := range u.built(b.repo.config) {
		for _, bin := range c.bins {
			s.Outputs = append(s.Outputs, path.Join(u.debug, bin.name))
		}
	}
	if u.debug == "" {
		s.Outputs, s.NoCache = nil, true
		b.repo.decide("build always asks Cargo, since its configuration keeps what it builds out of the project")
	}
	b.add(u, "build", "build", s)
	if covered := len(u.built(b.repo.config)); covered < len(u.members) {
		b.repo.decide("Cargo by itself covers %d of the %d packages of the workspace; workspace = true in the configuration covers all",
			covered, len(u.members))
	}
}

// test runs all tests. Cargo's integration tests (tests/) are not told apart: they need no services more often than not.
func (b *builder) test(u *unit) {
	if b.repo.config.Nextest {
		s := b.cargo("nextest", "run")
		s.Tool = b.subcommand("nextest", "cargo install --locked cargo-nextest")
		b.add(u, "test-unit", "doctest", b.cargo("test", "--doc"))
		b.add(u, "test-unit", "test-unit", s)
		return
	}
	if b.repo.project.Exists(path.Join(u.dir, ".config/nextest.toml")) {
		b.repo.decide("cargo test runs the tests, examples in comments too; nextest = true in the configuration takes cargo-nextest")
	}
	s := b.cargo("test")
	s.Reports = []plan.Report{{Format: "libtest", Stdout: true}}
	b.add(u, "test-unit", "test-unit", s)
}

// subcommand adds a tool that is a command of Cargo, and returns its name.
func (b *builder) subcommand(name, install string) string {
	full := "cargo-" + name
	b.plan.Tools[full] = plan.Tool{Check: []string{"cargo", name, "--version"}, Install: install}
	return full
}

// style checks the format and runs clippy, side by side.
func (b *builder) style(u *unit) {
	check, format := bare("cargo", "fmt", "--check"), bare("cargo", "fmt")
	check.Tool = b.subcommand("fmt", "rustup component add rustfmt")
	format.Tool = check.Tool
	clippy := b.cargo("clippy", "--all-targets")
	clippy.Tool = b.clippy()
	b.add(u, "style", "format-check", check)
	b.add(u, "style", "clippy", clippy)
	b.add(u, "format", "format", format)
}

func (b *builder) clippy() string { return b.subcommand("clippy", "rustup component add clippy") }

func (b *builder) keep(u *unit) {
	clean := bare("cargo", "clean")
	clean.NoCache = true
	b.add(u, "clean", "clean", clean)
	b.add(u, "upgrade", "upgrade", bare("cargo", "update"))
}
